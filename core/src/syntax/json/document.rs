//! The one value of a text, and what may stand around it: a code fence, a shell command, another format.

use super::super::problems::shown;
use super::super::recover::foreign;
use super::super::{Dialect, Map, MapStyle, Node, Value};
use super::JsonReader;
use super::bracket::OpenBracket;
use super::word::is_literal;
use crate::fix::{Applicability, Edit, Fix};
use crate::text::Span;

impl<'a> JsonReader<'a> {
    pub(super) fn document(&mut self) -> Node<'a> {
        let (start, mark) = super::super::byte_order_mark(self.text);
        self.dialects.extend(mark);
        self.at = start;
        if self.html() {
            return Node::missing(self.at);
        }
        let fenced = self.fence();
        self.blanks();
        if self.at_end() {
            return Node::missing(self.at);
        }
        let root = self.root();
        self.blanks();
        if fenced && self.rest(self.at).trim_end() == "```" {
            self.give_up();
        }
        if self.at_end() { root } else { self.trailing(root) }
    }

    fn root(&mut self) -> Node<'a> {
        if let Some(what) = self.foreign() {
            return self.not_json(what);
        }
        if self.pair_at(self.at) {
            return self.members();
        }
        if matches!(self.peek(), Some(b'{' | b'[')) || self.at_quote() || self.at_literal() {
            return self.value();
        }
        self.leading_text()
    }

    /// Where the text starts but for blanks.
    fn first(&self) -> usize {
        self.text.len() - self.rest(self.at).trim_start().len()
    }

    fn html(&mut self) -> bool {
        let start = self.first();
        let is = |tag: &str| self.text.get(start..start + tag.len()).is_some_and(|t| t.eq_ignore_ascii_case(tag));
        if !is("<!doctype") && !is("<html") && !is("<?xml") {
            return false;
        }
        let span = Span::new(start, start + self.line(start).len());
        self.report("html", span, "this is a web page, not JSON").help(
            "this is what a download of the wrong address gives, such as the page of the file instead of its raw text",
        );
        true
    }

    /// Skips the "```json" of a Markdown code block that was copied along.
    fn fence(&mut self) -> bool {
        let start = self.first();
        if !self.rest(start).starts_with("```") {
            return false;
        }
        let end = self.line_end(start);
        let mut removed = vec![Edit::removal(Span::new(start, (end + 1).min(self.text.len())))];
        let kept = self.end;
        if kept >= end + 3 && self.slice(kept - 3, kept) == "```" {
            removed.push(Edit::removal(Span::new(kept - 3, kept)));
        }
        self.problems
            .add(foreign::fence(Span::new(start, start + 3)))
            .help("copy only what stands between the fences")
            .fix(Fix::new(Applicability::Safe, "Remove the code fence", removed));
        self.at = end;
        true
    }

    /// Which other format the text looks like.
    fn foreign(&self) -> Option<&'static str> {
        let line = self.line(self.at);
        if line == "---" || line.starts_with("--- ") || line.starts_with("- ") {
            return Some("YAML");
        }
        let name = line.len() - line.trim_start_matches(|c: char| c.is_alphanumeric() || "_-./".contains(c)).len();
        let after = line.get(name..).unwrap_or("").trim_start();
        if name > 0 && (after == ":" || after.starts_with(": ")) {
            return Some("YAML");
        }
        if name > 0 && after.starts_with('=') && !line.ends_with('{') {
            return Some("TOML");
        }
        let header = line.strip_prefix('[')?.strip_suffix(']')?;
        let header = header.trim_start_matches('[').trim_end_matches(']');
        let bare =
            header.starts_with(|c: char| c.is_alphabetic()) && !header.contains([',', '{']) && !is_literal(header);
        bare.then_some("TOML")
    }

    fn not_json(&mut self, what: &str) -> Node<'a> {
        let start = self.at;
        let span = Span::new(start, start + self.line(start).len());
        self.report("not-json", span, format!("this looks like {what}, not JSON"));
        self.give_up();
        Node::missing(start)
    }

    /// Text where the first value should be. A shell line such as `cat > daemon.json <<EOF` is skipped.
    fn leading_text(&mut self) -> Node<'a> {
        let start = self.at;
        let mut line = start;
        while line < self.text.len() {
            let next = self.line_end(line) + 1;
            let first = self.past_spaces(next);
            if matches!(self.byte(first), Some(b'{' | b'[')) {
                return self.after_leading_text(start, first);
            }
            line = next;
        }
        let line = self.line(start);
        self.report("not-json", Span::new(start, start + line.len()), format!("{} is not JSON", shown(line)))
            .help("JSON configuration starts with `{`");
        self.give_up();
        Node::missing(start)
    }

    fn after_leading_text(&mut self, start: usize, first: usize) -> Node<'a> {
        let text = self.slice(start, first).trim_end();
        self.at = first;
        let root = self.value();
        let mut removed = vec![Edit::removal(Span::new(start, first))];
        // The `EOF` below belongs to the same copied command.
        if self.at < self.end {
            removed.push(Edit::removal(Span::new(self.at, self.end)));
        }
        self.give_up();
        let message = format!("{} stands before the first bracket", shown(text));
        self.report("leading-text", Span::new(start, start + text.len()), message)
            .help("the file must start with `{`")
            .fix(Fix::new(Applicability::Unsafe, "Remove the text around the object", removed));
        root
    }

    /// Members without the braces around them.
    fn members(&mut self) -> Node<'a> {
        let start = self.at;
        let body = self.body(OpenBracket { at: start, close: b'}', written: false });
        let first = body.entries.first().map_or(Span::empty(start), |e| e.key_span);
        let mut changes = vec![Edit::new(Span::empty(start), "{\n")];
        let message = if body.frame.close.is_some() {
            "the opening `{` is missing"
        } else {
            changes.extend(body.frame.commas.iter().map(|c| Edit::removal(*c)));
            changes.push(Edit::new(Span::empty(self.prev.max(start)), "\n}"));
            "the braces around the keys are missing"
        };
        self.report("missing-braces", first, message)
            .help("put `{` before the first key and `}` behind the last value")
            .fix(Fix::new(Applicability::Safe, "Add the braces", changes));
        Node {
            span: Span::new(start, body.end(start)),
            value: Value::Map(Map::new(body.entries, MapStyle::Root, Vec::new())),
        }
    }

    /// Text after the first value. Docker 20.10 ignores it; later releases and the kubelet do not.
    fn trailing(&mut self, mut root: Node<'a>) -> Node<'a> {
        let start = self.at;
        let text = self.rest(start).trim_end();
        let span = Span::new(start, start + text.len());
        self.dialects.push((Dialect::TrailingText, span));
        let next = self.past_commas(start);
        if self.pair_at(next) && matches!(root.value, Value::Map(_)) {
            self.closed_too_early(span, next, &mut root);
            return root;
        }
        if text.starts_with(['{', '[']) {
            self.report("second-document", span, "a second value follows the first one")
                .related(root.span, "the first one")
                .help("a file holds one value: merge the two");
        } else {
            self.trailing_text(span, text);
        }
        self.give_up();
        root
    }

    fn trailing_text(&mut self, span: Span, text: &str) {
        let closers = text.chars().all(|c| "}]".contains(c) || c.is_whitespace());
        let noise = closers || matches!(text, "," | ";" | "EOF" | "EOL" | "END" | "```");
        // Brackets may be too many because of another fault.
        let trust = if closers && !self.problems.is_empty() { Applicability::Unsafe } else { Applicability::Safe };
        let what = if closers { "closes nothing" } else { "stands after the end of the value" };
        self.report("trailing-text", span, format!("{} {what}", shown(text)))
            .help("nothing may follow the last bracket")
            .maybe_fix(noise.then(|| Fix::edit(trust, "Remove what follows the value", span, "")));
    }

    /// `{ "a": {} }, "b": 1 }`: one closing bracket too many, so the keys after it belong to the object too.
    fn closed_too_early(&mut self, rest: Span, next: usize, root: &mut Node<'a>) {
        let end = root.span.end as usize;
        let closed = matches!(self.byte(end.wrapping_sub(1)), Some(b'}' | b']'));
        let brace = if closed { Span::new(end - 1, end) } else { root.span };
        let key = self.slice(next, self.line_end(next));
        let key = key.split(':').next().unwrap_or("");
        self.report("trailing-text", rest, format!("{} stands after the end of the object", shown(key)))
            .related(brace, "closed here")
            .help("remove the bracket that is too many above, or merge the two objects");
        self.at = next;
        let body = self.body(OpenBracket { at: next, close: b'}', written: false });
        self.blanks();
        self.give_up();
        let end = body.inner_end(next);
        if let Value::Map(map) = &mut root.value {
            map.entries.extend(body.entries);
            root.span.end = root.span.end.max(Span::empty(end).end);
        }
    }

    fn past_commas(&self, from: usize) -> usize {
        let rest = self.bytes.get(from..).unwrap_or(&[]);
        let skipped = |b: &u8| !matches!(b, b' ' | b'\t' | b'\r' | b'\n' | b',');
        from + rest.iter().position(skipped).unwrap_or(rest.len())
    }
}

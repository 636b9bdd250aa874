//! Files that are templates of YAML: Jinja, Go templates, `%%NAME%%`, `${NAME}`. One problem reports it; the rest is
//! read as if the markers were values.

use std::ops::Range;

use super::diagnose::FailureContext;
use super::draft::Draft;
use super::line;
use super::repair::{RepairScope, YamlRepair};
use crate::fix::Edit;
use crate::syntax::recover::template;

/// Whether the parser gave up at a template's marker.
pub(super) fn find(context: FailureContext<'_, '_>) -> Option<YamlRepair> {
    let draft = context.draft;
    let mut lines = context.first_line()..=context.line();
    let at_flow = context.failure.flow.map(|open| draft.line_at(open));
    let here = lines.any(|i| breaks(draft.content(i)));
    let opening = at_flow.is_some_and(|i| breaks(draft.content(i)));
    (here || opening).then(|| repair(draft)).flatten()
}

/// Whether a line may break YAML, being one of a template.
pub(super) fn breaks(content: &str) -> bool {
    if content.starts_with('#') {
        return false;
    }
    let content = content.get(..line::uncommented(content)).unwrap_or(content);
    let rest = content.get(line::dashes(content)..).unwrap_or(content);
    let value = line::key_line(content).and_then(|k| content.get(k.value));
    has_marker(rest) || starts(rest) || value.is_some_and(starts)
}

fn has_marker(text: &str) -> bool {
    template::find(text).is_some()
}

/// `%%NAME%%`, `@@NAME@@`, `${NAME}` and the like at the start.
fn starts(text: &str) -> bool {
    let paired = |sign: &str| {
        text.strip_prefix(sign).and_then(|t| t.split_once(sign)).is_some_and(|(name, _)| line::is_word(name))
    };
    text.starts_with("${") || text.starts_with("$(") || paired("%%") || paired("%") || paired("@@") || paired("@")
}

/// Reads the whole text as a template from now on.
pub(super) fn repair(draft: &Draft<'_>) -> Option<YamlRepair> {
    let mut rewrite = TemplateRewrite { draft, edits: vec![], until: None, block: None, first: None };
    for i in 0..draft.len() {
        rewrite.line(i);
    }
    let first = rewrite.first?;
    let repair = YamlRepair::of(template::problem(draft.source, draft.span(first))).continue_with(rewrite.edits);
    Some(YamlRepair { scope: RepairScope::Template, ..repair })
}

struct TemplateRewrite<'s, 'a> {
    draft: &'s Draft<'a>,
    edits: Vec<Edit>,
    /// The close of a marker that goes on over several lines.
    until: Option<&'static str>,
    /// The indentation of the key of a block scalar.
    block: Option<usize>,
    first: Option<Range<usize>>,
}

impl<'s> TemplateRewrite<'s, '_> {
    fn line(&mut self, i: usize) {
        let content = self.draft.content(i);
        if let Some(close) = self.until {
            self.clear_lines(i);
            if content.contains(close) {
                self.until = None;
            }
            return;
        }
        if content.is_empty() {
            return;
        }
        let indent = self.draft.line(i).indent;
        if self.block.is_some_and(|b| indent > b) {
            return;
        }
        self.block = None;
        if !content.starts_with('#') && breaks(content) {
            self.marked(i, content);
        } else if line::key_line(content).and_then(|k| content.get(k.value)).is_some_and(line::is_block_header) {
            self.block = Some(indent);
        }
    }

    fn marked(&mut self, i: usize, content: &str) {
        let at = self.draft.content_at(i);
        let dashes = line::dashes(content);
        let rest = content.get(dashes..).unwrap_or("");
        let statement = template::at(rest).filter(|marker| marker.open != "{{");
        if let Some(marker) = statement {
            self.statement(i, marker.close, at + dashes..at + content.len());
        } else if rest.starts_with("{{") {
            self.expression(i, at + dashes..at + content.len(), dashes > 0);
        } else if let Some(key) = line::key_line(content) {
            let end = content.len();
            self.value(at + key.value.start..at + end);
        } else if dashes > 0 {
            self.value(at + dashes..at + content.len());
        } else {
            self.found(at..at + content.len());
            self.clear_lines(i);
        }
    }

    fn text(&self, range: Range<usize>) -> &'s str {
        self.draft.text.get(range).unwrap_or("")
    }

    fn found(&mut self, range: Range<usize>) {
        let text = self.text(range.clone());
        let at = template::find(text).unwrap_or(0);
        let rest = text.get(at..).unwrap_or("");
        let len = template::len(rest).unwrap_or_else(|| rest.trim_end().len());
        self.first.get_or_insert(range.start + at..range.start + at + len);
    }

    fn clear_lines(&mut self, i: usize) {
        self.edits.extend(self.draft.clear_lines(i..i + 1));
    }

    /// `{% if x %}`, with or without something behind.
    fn statement(&mut self, i: usize, close: &'static str, range: Range<usize>) {
        self.found(range.clone());
        let text = self.text(range.clone());
        match text.find(close) {
            None => {
                self.until = Some(close);
                self.clear_lines(i);
            }
            Some(end) => {
                let rest = text.get(end + close.len()..).unwrap_or("");
                if line::key_line(rest).is_none() || has_marker(rest.trim()) {
                    self.clear_lines(i);
                } else {
                    let edit = self.draft.edit(range.start..range.end - rest.len(), "");
                    self.edits.push(edit);
                }
            }
        }
    }

    /// `{{ x }}` at the start of a line or an item: a key, an item or a line of its own.
    fn expression(&mut self, i: usize, range: Range<usize>, item: bool) {
        self.found(range.clone());
        let text = self.text(range.clone());
        let Some(close) = text.find("}}") else {
            self.until = Some("}}");
            self.clear_lines(i);
            return;
        };
        let after = text.get(close + 2..).unwrap_or("");
        match line::separator(after) {
            Some(colon) => {
                let end = range.start + close + 2 + colon;
                let value = end + 1..range.end;
                self.replace(range.start..end, self.text(range.start..end));
                let blanks = self.text(value.clone()).len() - self.text(value.clone()).trim_start().len();
                self.value(value.start + blanks..value.end);
            }
            None if item => self.value(range),
            None => self.clear_lines(i),
        }
    }

    /// A value that holds markers becomes one text.
    fn value(&mut self, range: Range<usize>) {
        let text = self.text(range.clone());
        let (kept, comment) = text.split_at_checked(line::uncommented(text)).unwrap_or((text, ""));
        if !has_marker(kept) && !starts(kept) {
            return;
        }
        // A `#` may be part of a marker that is still open.
        let open = kept.matches("{{").count() > kept.matches("}}").count();
        let within = comment.rfind("}}").filter(|_| open).map(|i| kept.len() + i);
        let tail = within.unwrap_or(kept.len());
        let rest = text.get(tail..).unwrap_or("");
        let len = tail + rest.find(" #").map_or(rest.len(), |i| i);
        let text = text.get(..len).unwrap_or(text).trim_end();
        let range = range.start..range.start + text.len();
        if text.starts_with('[') || (text.starts_with('{') && !text.starts_with("{{") && !text.starts_with("{%")) {
            self.in_brackets(range);
            return;
        }
        let inner = ['"', '\''].into_iter().find_map(|q| text.strip_prefix(q)?.strip_suffix(q).map(|t| (q, t)));
        match inner {
            // Legal as it is.
            Some((quote, inner)) if !inner.contains([quote, '\\']) => {}
            Some((_, inner)) => {
                self.found(range.clone());
                self.replace(range, inner);
            }
            // Plain text with markers inside is legal, too.
            None if !text.starts_with(['{', '"', '\'', '%', '@', '<'])
                && line::separator(text).is_none()
                && !text.contains(" #") => {}
            None => {
                self.found(range.clone());
                self.replace(range, text);
            }
        }
    }

    fn replace(&mut self, range: Range<usize>, text: &str) {
        let edit = self.draft.edit(range, format!("'{}'", text.replace('\'', "''")));
        self.edits.push(edit);
    }

    /// `[{{ a }}, {{ b }}]`
    fn in_brackets(&mut self, range: Range<usize>) {
        let text = self.text(range.clone());
        let mut at = 0;
        while let Some(rest) = text.get(at..).filter(|t| !t.is_empty()) {
            if let Some(len) = line::quoted(rest) {
                at += len;
                continue;
            }
            if rest.starts_with("{{")
                && let Some(close) = rest.find("}}")
            {
                let after = rest.get(close + 2..).unwrap_or("");
                let more = after.find([',', ']', '}', ' ', ':']).unwrap_or(after.len());
                let len = close + 2 + more;
                let here = range.start + at..range.start + at + len;
                self.found(here.clone());
                self.replace(here, rest.get(..len).unwrap_or(""));
                at += len;
                continue;
            }
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
}

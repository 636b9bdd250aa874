//! Secrets by their place in a tree: what the key tables mark, and unknown names that look like one.

use super::names::{self, Likeness};
use super::url;
use crate::keys::{Item, Place, Type, drivers};
use crate::kind::File;
use crate::syntax::{Entry, Format, Node, Scalar, ScalarKind, Style, Value};
use crate::text::Span;

/// What is found in a tree.
#[derive(Default)]
pub(super) struct TreeSecrets {
    /// The places of secrets.
    pub(super) spans: Vec<Span>,
    /// Secrets as daemons read them, where that differs from what is written.
    pub(super) decoded: Vec<String>,
    /// Keys all of whose value is secret.
    pub(super) keys: Vec<Span>,
    /// Where names begin that look like those of secrets and are judged.
    pub(super) judged: Vec<u32>,
}

/// What holds below a table.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Below {
    /// Nothing.
    Open,
    /// Values are secret, but for those of known keys and of names that are plainly none.
    Secret,
    /// All values are secret.
    All,
}

pub(super) struct Walk<'f, 'a> {
    file: &'f File<'a>,
    /// Where a secret may be near, in order.
    hits: &'f [u32],
    /// The configurations that are still to come.
    bodies: Vec<&'f Node<'a>>,
    pub(super) found: TreeSecrets,
}

impl<'f, 'a> Walk<'f, 'a> {
    pub(super) fn new(file: &'f File<'a>, hits: &'f [u32]) -> Self {
        let mut bodies = file.bodies();
        bodies.reverse();
        Self { file, hits, bodies, found: TreeSecrets::default() }
    }

    pub(super) fn run(mut self) -> TreeSecrets {
        let doc = &self.file.doc;
        for root in std::iter::once(&doc.root).chain(&doc.more) {
            self.node(root, None, Below::Open, None);
        }
        self.found
    }

    fn written(&self, span: Span) -> &'a str {
        span.of(self.file.doc.text)
    }

    fn node(&mut self, node: &'f Node<'a>, place: Option<Place>, below: Below, likeness: Option<Likeness>) {
        // Those before this place were passed over.
        while self.bodies.pop_if(|body| body.span.start < node.span.start && !std::ptr::eq(*body, node)).is_some() {}
        let place = match self.bodies.last() {
            Some(body) if std::ptr::eq(*body, node) => {
                self.bodies.pop();
                (self.file.kind.table)(node).map(|table| table.root())
            }
            _ => place,
        };
        match &node.value {
            Value::Map(map) => {
                for entry in &map.entries {
                    self.entry(entry, place, below);
                }
                self.named_value(&map.entries);
            }
            Value::Seq(items) => {
                let item = place.and_then(Place::item);
                for one in items {
                    self.node(one, item, below, likeness);
                }
                // The words of a command line are not such a list.
                if below == Below::Open && !matches!(self.file.doc.format, Format::Unit | Format::Env | Format::Args) {
                    self.bare_items(items);
                }
            }
            Value::Scalar(scalar) if below == Below::Open => self.text(node, scalar),
            Value::Scalar(scalar) => self.secret(node, scalar, likeness),
            Value::Missing => {}
        }
    }

    fn entry(&mut self, entry: &'f Entry<'a>, within: Option<Place>, below: Below) {
        let name = entry.key.as_ref();
        let is_broken = !self.file.doc.problems.is_empty();
        if below == Below::Open && !is_broken && !self.is_near(entry.key_span.to(entry.value.span)) {
            return;
        }
        let lookup = self.file.kind.lookup.any_case;
        let place = within.and_then(|w| if lookup(w) { w.child_any_case(name) } else { w.child(name) });
        let key = place.and_then(Place::key);
        let is_named = place.is_some_and(|place| place.name() != "*");
        let option =
            within.and_then(Place::key).filter(|key| key.path() == "log-opts").and_then(|_| drivers::is_secret(name));
        let is_scalar = matches!(entry.value.value, Value::Scalar(_) | Value::Missing);
        let (next, likeness) = if key.is_some_and(|key| key.is_secret()) {
            // A table of known keys has others beside the secrets; a map has values alone.
            (if key.is_some_and(|key| has_fields(key.ty())) { Below::Secret } else { Below::All }, None)
        } else if below == Below::All && names::is_public_header(name) {
            (Below::Open, None)
        } else if below == Below::All || option == Some(true) {
            (Below::All, None)
        } else if is_named || option == Some(false) {
            // A known key that is not secret, unless its value is not what it must be.
            let is_lost = below == Below::Secret && !is_scalar;
            (if is_lost { Below::All } else { Below::Open }, None)
        } else if below == Below::Secret && !(names::is_plain(name) && entry.value.as_map().is_none()) {
            (Below::Secret, Some(Likeness::Sure))
        } else {
            match names::likeness(name) {
                Some(Likeness::Headers) => (Below::All, None),
                // `authorization` is also a table of modes.
                Some(_)
                    if !is_scalar
                        && name.to_ascii_lowercase().starts_with("authori")
                        && entry.value.as_map().is_some() =>
                {
                    (Below::Open, None)
                }
                Some(likeness) => (Below::Secret, Some(likeness)),
                None => (Below::Open, None),
            }
        };
        if next == Below::Open || !is_broken {
            self.judge(entry.key_span);
        }
        let before = self.found.spans.len();
        let is_list = key.is_some_and(|key| matches!(key.ty(), Type::List(_)));
        match &entry.value.value {
            // `NAME=value` in a list of variables.
            Value::Seq(items) if next == Below::All && is_list => {
                for item in items {
                    self.variable(item);
                }
            }
            _ => self.node(&entry.value, place, next, likeness),
        }
        if next != Below::Open && self.found.spans.len() > before {
            self.found.keys.push(entry.key_span);
        }
    }

    /// Whether a secret may be in a part of the text.
    fn is_near(&self, part: Span) -> bool {
        let next = self.hits.partition_point(|hit| *hit < part.start);
        self.hits.get(next).is_some_and(|hit| *hit < part.end)
    }

    /// The names in a key that the scan for words need not look at.
    fn judge(&mut self, key: Span) {
        if self.is_near(key) {
            let written = self.written(key);
            let quotes = written.len() - written.trim_start_matches(['"', '\'']).len();
            self.found.judged.push(key.start + quotes as u32);
        }
    }

    /// `name: TOKEN` beside `value: x`.
    fn named_value(&mut self, entries: &'f [Entry<'a>]) {
        let [first, ..] = entries else { return };
        if entries.len() > 4 || first.key.len() > 5 {
            return;
        }
        let find = |name: &str| entries.iter().find(|entry| entry.key.eq_ignore_ascii_case(name));
        let name =
            find("name").or_else(|| find("key")).and_then(|entry| entry.value.as_str()).and_then(names::likeness);
        if let (Some(likeness), Some(value)) = (name, find("value")) {
            self.node(&value.value, None, Below::Secret, Some(likeness));
            self.found.keys.push(value.key_span);
        }
    }

    /// Items without a name beside one that is a secret with its name: `["token=x", "y"]`.
    fn bare_items(&mut self, items: &'f [Node<'a>]) {
        let text = |item: &'f Node<'a>| item.as_str().unwrap_or_default();
        let is_secret = |item: &&Node<'a>| {
            let pair = item.as_str().and_then(|text| text.split_once('='));
            pair.is_some_and(|(name, _)| {
                !name.starts_with('-') && names::is_name(name) && names::likeness(name).is_some()
            })
        };
        if !items.iter().any(|item| is_secret(&item)) {
            return;
        }
        for item in items {
            if let Value::Scalar(scalar) = &item.value
                && !text(item).contains(['=', ' '])
                && !text(item).starts_with(['-', '/'])
            {
                self.secret(item, scalar, Some(Likeness::Sure));
            }
        }
    }

    /// `NAME=value`, of which the value is secret; all of it where there is no name.
    fn variable(&mut self, item: &'f Node<'a>) {
        let Some(scalar) = item.as_scalar() else { return self.node(item, None, Below::All, None) };
        let is_name = |name: &str| !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        let inner = inner(item.span, scalar.style, self.file.doc.text);
        match (self.written(inner).split_once('='), scalar.text.split_once('=')) {
            (Some((name, value)), Some((_, decoded))) if is_name(name) => {
                if !names::is_plain_value(Likeness::Sure, value) {
                    self.found.spans.push(Span { start: inner.start + name.len() as u32 + 1, ..inner });
                    self.found.decoded.push(decoded.to_owned());
                }
            }
            _ => self.secret(item, scalar, None),
        }
    }

    /// A value that is secret; where only a name suggests it, unless it is plainly none.
    fn secret(&mut self, node: &Node<'a>, scalar: &Scalar<'a>, likeness: Option<Likeness>) {
        if matches!(scalar.kind, ScalarKind::Bool | ScalarKind::Null) || scalar.text.is_empty() {
            return;
        }
        if likeness
            .map_or_else(|| names::is_reference(&scalar.text), |likeness| names::is_plain_value(likeness, &scalar.text))
        {
            return;
        }
        let span = inner(node.span, scalar.style, self.file.doc.text);
        self.found.spans.push(span);
        if self.written(span) != scalar.text {
            self.found.decoded.push(scalar.text.as_ref().to_owned());
        }
    }

    /// A text that may hold the password of a URL. What stands in it as written is found by the scans of the whole
    /// text.
    fn text(&mut self, node: &Node<'a>, scalar: &Scalar<'a>) {
        if scalar.kind != ScalarKind::String || scalar.text.len() < 4 {
            return;
        }
        let span = inner(node.span, scalar.style, self.file.doc.text);
        let written = self.written(span);
        if written != scalar.text && scalar.style != Style::Block {
            self.hidden(span, &scalar.text);
        } else if scalar.text.contains('@')
            && scalar.text.contains([' ', '"', '\'', '`'])
            && !scalar.text.contains('\n')
        {
            let starts =
                scalar.text.find("://").is_some_and(|i| scalar.text.bytes().take(i).all(|b| b.is_ascii_alphanumeric()));
            // Without blanks it is an address, with or without a scheme.
            if starts || !scalar.text.contains(' ') {
                url::word(self.file.doc.text, span.start as usize, span.end as usize, &mut self.found.spans);
            }
        }
    }

    /// A text with escapes that holds a secret once they are resolved: all of it is masked.
    fn hidden(&mut self, span: Span, text: &str) {
        let mut spans = vec![];
        url::scan(text, &mut spans);
        super::scan::TextScan { text, comments: &[], judged: &[], hits: &names::hits(text) }.run(&mut spans);
        if !spans.is_empty() {
            self.found.spans.push(span);
            self.found.decoded.extend(spans.iter().map(|span| span.of(text).to_owned()));
        }
    }
}

/// Whether a value of this type has known keys.
fn has_fields(ty: Type) -> bool {
    matches!(ty, Type::Table | Type::Map(Item::Table))
}

/// A scalar without its quotes, or without the line that opens a block.
fn inner(span: Span, style: Style, text: &str) -> Span {
    let written = span.of(text);
    let quotes = match style {
        Style::Plain => 0,
        Style::Block if written.starts_with(['|', '>']) => {
            let head = written.find('\n').map_or(written.len(), |i| i + 1);
            return Span { start: span.start + head as u32, ..span };
        }
        _ if written.starts_with("\"\"\"") || written.starts_with("'''") => 3,
        _ => usize::from(written.starts_with(['"', '\''])),
    };
    let quote = written.get(..quotes).unwrap_or_default();
    let closed = written.len() >= 2 * quotes && written.ends_with(quote);
    let end = span.end - if closed { quotes as u32 } else { 0 };
    Span { start: span.start + quotes as u32, end: end.max(span.start + quotes as u32) }
}

#[cfg(test)]
mod tests {
    use super::names;
    use crate::keys::{drivers, tables};

    /// Parts of a text without hits are passed over.
    #[test]
    fn every_marked_name_is_a_hit() {
        let all = [
            &tables::CONTAINERD_V1,
            &tables::CONTAINERD_V2,
            &tables::CONTAINERD_V3,
            &tables::CONTAINERD_V4,
            &tables::HOSTS,
            &tables::DOCKER,
            &tables::KUBELET,
            &tables::CRICTL,
            &tables::K3S_REGISTRIES,
            &tables::CREDENTIAL_PROVIDER,
        ];
        let keys = all.iter().flat_map(|table| table.keys()).filter(|key| key.is_secret()).map(|key| key.leaf());
        let options = drivers::log_drivers().iter().flat_map(|driver| driver.opts());
        let options = options.filter(|option| option.is_secret()).map(|option| option.name());
        let mut count = 0;
        for name in keys.chain(options) {
            assert!(!names::hits(name).is_empty(), "{name}");
            count += 1;
        }
        assert!(count > 30, "{count}");
    }
}

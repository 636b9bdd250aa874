//! Aliases and merge keys: the value of their anchor takes their place.

use std::ops::Range;

use super::reading::SuspiciousKind;
use super::tree::{OpenNode, OpenValue, YamlTree};
use crate::syntax::MAX_DEPTH;
use crate::syntax::tree::{Node, Value};

/// How many nodes aliases may add to a file, and how many may be kept for them. Long texts count as several.
const MAX_ALIAS_NODES: usize = 100_000;

/// How many bytes of text count as a node.
const BYTES_OF_NODE: usize = 64;

/// The value that an anchor names.
pub(super) struct Anchored<'a> {
    node: Node<'a>,
    nodes: usize,
    depth: usize,
}

impl<'a> YamlTree<'_, 'a> {
    /// `<<`: the entries take its place. The last entry of a name counts here as in the loader (goyaml.v2 sets keys
    /// one by one), so own entries win if they stand behind `<<`, as they nearly always do.
    pub(super) fn merge(&mut self, node: Node<'a>) {
        let span = node.span;
        let tables = match node.value {
            Value::Map(_) => vec![node],
            Value::Seq(items) if items.iter().all(|i| i.as_map().is_some()) => items,
            Value::Missing => return,
            _ => {
                let message = "`<<` takes in a table or a list of tables".to_owned();
                let help = "point it at an anchor that names a table";
                self.report("merge-not-table", span, message).help(help);
                return;
            }
        };
        if let Some(OpenNode { open: OpenValue::Map(entries, _), .. }) = self.stack.last_mut() {
            // The first of a list wins.
            for table in tables.into_iter().rev() {
                if let Value::Map(map) = table.value {
                    entries.extend(map.entries);
                }
            }
        }
    }

    pub(super) fn keep(&mut self, anchor: usize, node: &Node<'a>) {
        if anchor == 0 {
            return;
        }
        let (nodes, depth) = weigh(node);
        if self.kept + nodes <= MAX_ALIAS_NODES {
            self.kept += nodes;
            if self.anchors.len() <= anchor {
                self.anchors.resize_with(anchor + 1, || None);
            }
            if let Some(place) = self.anchors.get_mut(anchor) {
                *place = Some(Anchored { node: node.clone(), nodes, depth });
            }
        }
    }

    pub(super) fn alias(&mut self, id: usize, range: Range<usize>) {
        let span = self.draft.span(range.clone());
        let open = self.stack.iter().any(|f| f.anchor == id);
        let level = self.stack.len();
        let value = match self.anchors.get(id).and_then(Option::as_ref) {
            Some(a) if level + a.depth > MAX_DEPTH => None,
            Some(a) if self.expanded + a.nodes <= MAX_ALIAS_NODES => {
                self.expanded += a.nodes;
                Some(a.node.value.clone())
            }
            _ => None,
        };
        if open {
            let message = "this alias stands inside the value that it names".to_owned();
            self.report("recursive-alias", span, message);
        } else if value.is_none() && !self.too_many {
            self.too_many = true;
            let message = "aliases multiply this file beyond all measure".to_owned();
            let help = "write the values out";
            self.report("too-many-aliases", span, message).help(help);
        }
        self.last = range.clone();
        self.last_end = range.end;
        let value = value.unwrap_or(Value::Missing);
        self.place(Node { span, value }, range.end);
    }

    pub(super) fn unknown_alias(&mut self, name: &str, range: Range<usize>) {
        let span = self.draft.span(range.clone());
        let is_name = name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
        if is_name {
            let message = format!("no anchor `&{name}` stands before this alias");
            let help = "define the anchor first, or quote the value if the star is part of it";
            self.report("unknown-alias", span, message).help(help);
        } else {
            self.suspicious(SuspiciousKind::Star, range.clone());
        }
        self.last = range.clone();
        self.last_end = range.end;
        let value = Value::Missing;
        self.place(Node { span, value }, range.end);
    }
}

/// How many nodes a value has and how deep it is.
fn weigh(node: &Node<'_>) -> (usize, usize) {
    let children: Vec<&Node<'_>> = match &node.value {
        Value::Seq(items) => items.iter().collect(),
        Value::Map(map) => map.entries.iter().map(|e| &e.value).collect(),
        _ => vec![],
    };
    // A text of a megabyte would else be repeated a hundred thousand times.
    let own = 1 + node.as_scalar().map_or(0, |scalar| scalar.text.len() / BYTES_OF_NODE);
    let (nodes, depth) = children.into_iter().fold((0, 0), |(n, d), child| {
        let (nodes, depth) = weigh(child);
        (n + nodes, d.max(depth + 1))
    });
    (nodes + own, depth)
}

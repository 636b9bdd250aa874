//! The entries of a file, for outlines and breadcrumbs.

use super::scene;
use crate::engine::{Options, Source};
use crate::secrets::{MASK, Secrets};
use crate::syntax::{Node, Value};
use crate::text::Span;

/// An entry with what is below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Symbol {
    /// The key, without secrets.
    pub name: String,
    /// The value, where it is a short scalar; without secrets.
    pub detail: String,
    /// The key with its value.
    pub span: Span,
    /// The key.
    pub key: Span,
    /// Whether it holds others, if only none so far.
    pub is_table: bool,
    /// The entries below.
    pub children: Vec<Self>,
}

/// The entries of a source of a known kind.
#[must_use]
pub fn symbols(source: &Source<'_>, options: &Options) -> Vec<Symbol> {
    let Some(file) = scene::file(source, options) else { return vec![] };
    let roots = std::iter::once(&file.doc.root).chain(&file.doc.more);
    let secrets = Secrets::of(std::slice::from_ref(&file), 1, &[]);
    roots.flat_map(|root| symbols_below(root, source.text, &secrets)).collect()
}

fn symbols_below(node: &Node<'_>, text: &str, secrets: &Secrets) -> Vec<Symbol> {
    const LONG: usize = 60;
    let symbol = |entry: &crate::syntax::Entry<'_>| {
        let value = &entry.value;
        let written = value.span.of(text);
        let short = matches!(value.value, Value::Scalar(_)) && written.len() <= LONG && !written.contains('\n');
        Symbol {
            name: secrets.mask(0, &entry.key).into_owned(),
            detail: match secrets.touches(0, value.span) {
                _ if !short => String::new(),
                true => MASK.to_owned(),
                false => written.to_owned(),
            },
            span: entry.key_span.to(value.span),
            key: entry.key_span,
            is_table: value.as_map().is_some(),
            children: symbols_below(value, text, secrets),
        }
    };
    node.entries().iter().map(symbol).collect()
}

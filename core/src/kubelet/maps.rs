//! Entries of the kubelet's tables of texts: eviction thresholds, reservations, policy options; in the file or as a flag
//! (`--eviction-hard=memory.available<100Mi`).

use std::borrow::Cow;

use crate::keys::{flags as table, tables};
use crate::kind::View;
use crate::kubelet;
use crate::syntax::{Node, Value as Tree};
use crate::systemd::flags;
use crate::systemd::flags::{Flag, Program};
use crate::text::Span;

/// An entry.
pub(crate) struct MapEntry<'t> {
    /// The field: `evictionHard`.
    pub(crate) map: &'static str,
    /// The name in it.
    pub(crate) name: Cow<'t, str>,
    /// The name's place.
    pub(crate) name_span: Span,
    /// Its text; nothing if it is no text.
    pub(crate) text: Option<Cow<'t, str>>,
    /// The text's place.
    pub(crate) span: Span,
    /// The entry's path, or the flag.
    pub(crate) key: String,
    /// Whether it stands in a file.
    pub(crate) in_file: bool,
}

/// The tables, whose known names have rows of their own.
pub(crate) const MAPS: [&str; 9] = [
    "evictionHard",
    "evictionSoft",
    "evictionSoftGracePeriod",
    "evictionMinimumReclaim",
    "systemReserved",
    "kubeReserved",
    "qosReserved",
    "cpuManagerPolicyOptions",
    "topologyManagerPolicyOptions",
];

impl MapEntry<'_> {
    /// Whether upstream knows the name, in whatever release.
    pub(crate) fn is_known(&self) -> bool {
        tables::KUBELET.find(&[self.map, &self.name]).is_some()
    }
}

/// All entries of the kubelet's tables of texts. Of a name that stands there twice, the last.
pub(crate) fn entries<'t>(cx: &View<'_, 't, '_>) -> Vec<MapEntry<'t>> {
    if *cx.file.kind == kubelet::KIND {
        return MAPS.into_iter().flat_map(|map| in_file(cx.root, map)).collect();
    }
    let own = flags::flags(cx.file).into_iter().filter(|f| f.program == Program::Kubelet);
    own.flat_map(|flag| in_flag(&flag, cx.doc().text)).collect()
}

fn in_file<'t>(root: &'t Node<'t>, map: &'static str) -> Vec<MapEntry<'t>> {
    let Some(table) = root.get(map) else { return vec![] };
    let last = table.entries().iter().filter(|e| table.entry(&e.key).is_some_and(|l| l.key_span == e.key_span));
    let entry = |e: &'t crate::syntax::Entry<'t>| MapEntry {
        map,
        name: Cow::Borrowed(e.key.as_ref()),
        name_span: e.key_span,
        text: match &e.value.value {
            Tree::Missing => Some(Cow::Borrowed("")),
            // Null is an empty text to Go.
            _ if e.value.is_null() => Some(Cow::Borrowed("")),
            _ => e.value.as_str().map(Cow::Borrowed),
        },
        span: e.value.span,
        key: crate::syntax::path::join(&[map, &e.key]),
        in_file: true,
    };
    last.map(entry).collect()
}

fn in_flag<'t>(flag: &Flag<'t>, text: &str) -> Vec<MapEntry<'t>> {
    let name = flag.name.replace('_', "-");
    let field = table::kubelet(&name).and_then(table::Flag::key);
    let Some(map) = field.and_then(|key| MAPS.into_iter().find(|map| *map == key)) else { return vec![] };
    let Some(value) = flag.value.filter(|v| !v.contains(['$', '{'])) else { return vec![] };
    // Only where the value is written as it reads do parts of it have places.
    let exact = flag.value_span.of(text) == value;
    let separator = if matches!(map, "evictionHard" | "evictionSoft") { '<' } else { '=' };
    let mut at = flag.value_span.start as usize;
    let mut out = vec![];
    for part in value.split(',') {
        let start = at;
        at += part.len() + 1;
        let Some((name, value)) = part.split_once(separator) else { continue };
        let place = |from: usize, len: usize| if exact { Span::new(from, from + len) } else { flag.value_span };
        out.push(MapEntry {
            map,
            name: Cow::Borrowed(name.trim()),
            name_span: place(start, name.len()),
            text: Some(Cow::Borrowed(value.trim())),
            span: place(start + name.len() + 1, value.len()),
            key: format!("--{}", flag.name),
            in_file: false,
        });
    }
    out
}

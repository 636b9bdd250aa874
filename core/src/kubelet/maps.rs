//! Entries of the kubelet's tables of texts: eviction thresholds, reservations, policy options; in the file or as a
//! flag (`--eviction-hard=memory.available<100Mi`).

use super::command_line;
use crate::keys::flags::KubeletFlag;
use crate::keys::tables;
use crate::kind::View;
use crate::kubelet;
use crate::syntax::path::join;
use crate::syntax::{Entry, Node, Value};
use crate::systemd::flags::{Flag, FlagPart};
use crate::text::Span;

/// A table of texts whose names the kubelet checks: they have rows of their own in `core/data/kubelet.toml`.
pub(crate) struct MapField {
    pub(crate) path: &'static str,
    /// What an entry is called.
    pub(crate) entry: &'static str,
    /// What the kubelet prints about a name that it does not recognize, with `{}` for the name.
    pub(crate) prints: &'static str,
    pub(crate) amount: Amount,
}

/// What the texts in a table are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Amount {
    /// A quantity above zero, or a percentage.
    Threshold,
    /// A quantity or a percentage.
    Reclaim,
    /// A quantity.
    Reserved,
    /// A whole percentage.
    Share,
    /// A duration.
    Period,
    /// A choice that a policy reads.
    PolicyOption,
}

/// The options of the CPU manager's policy.
pub(crate) const CPU_OPTIONS: &str = "cpuManagerPolicyOptions";
/// The options of the topology manager's policy.
pub(crate) const TOPOLOGY_OPTIONS: &str = "topologyManagerPolicyOptions";

/// The tables. Source: kubernetes/kubernetes@v1.36.0:pkg/kubelet/eviction/helpers.go (`ParseThresholdConfig`),
/// cmd/kubelet/app/server.go (`parseResourceList`), pkg/kubelet/cm/cpumanager/policy_options.go,
/// pkg/kubelet/cm/topologymanager/policy_options.go.
const MAPS: [MapField; 9] = [
    eviction("evictionHard", Amount::Threshold),
    eviction("evictionSoft", Amount::Threshold),
    eviction("evictionSoftGracePeriod", Amount::Period),
    eviction("evictionMinimumReclaim", Amount::Reclaim),
    reservation("systemReserved", Amount::Reserved),
    reservation("kubeReserved", Amount::Reserved),
    reservation("qosReserved", Amount::Share),
    MapField {
        path: CPU_OPTIONS,
        entry: "CPU manager option",
        prints: "unknown CPU Manager Policy option: \"{}\"",
        amount: Amount::PolicyOption,
    },
    MapField {
        path: TOPOLOGY_OPTIONS,
        entry: "topology manager option",
        prints: "unknown Topology Manager Policy option: \"{}\"",
        amount: Amount::PolicyOption,
    },
];

const fn eviction(path: &'static str, amount: Amount) -> MapField {
    MapField { path, entry: "eviction signal", prints: "unsupported eviction signal {}", amount }
}

const fn reservation(path: &'static str, amount: Amount) -> MapField {
    MapField { path, entry: "resource to reserve", prints: "cannot reserve \"{}\" resource", amount }
}

/// An entry.
pub(crate) struct MapEntry<'t> {
    /// The table.
    pub(crate) map: &'static MapField,
    /// The name in it.
    pub(crate) name: &'t str,
    /// The name's place.
    pub(crate) name_span: Span,
    /// The text; nothing if the value is not a text.
    pub(crate) text: Option<&'t str>,
    /// The text's place.
    pub(crate) span: Span,
    /// The entry's path, or the flag.
    pub(crate) key: String,
    /// Whether it stands in a file.
    pub(crate) in_file: bool,
}

impl MapEntry<'_> {
    /// Whether upstream has the name, in whatever release.
    pub(crate) fn is_known(&self) -> bool {
        tables::KUBELET.find(&[self.map.path, self.name]).is_some()
    }
}

/// Whether the field at a path is a table whose names the kubelet checks.
pub(crate) fn is_map(path: &str) -> bool {
    MAPS.iter().any(|map| map.path == path)
}

/// All entries of the tables. Of a name that stands in a table twice, the last.
pub(crate) fn entries<'t>(cx: &View<'_, 't, '_>) -> Vec<MapEntry<'t>> {
    if *cx.file.kind == kubelet::KIND {
        return MAPS.iter().flat_map(|map| in_file(cx.root, map)).collect();
    }
    command_line::known_flags(cx.file).flat_map(|(flag, row)| in_flag(&flag, row, cx.doc().text)).collect()
}

fn in_file<'t>(root: &'t Node<'_>, map: &'static MapField) -> Vec<MapEntry<'t>> {
    let Some(table) = root.get(map.path) else { return vec![] };
    let is_last = |e: &&Entry<'_>| table.entry(&e.key).is_some_and(|last| last.key_span == e.key_span);
    let entry = |e: &'t Entry<'_>| MapEntry {
        map,
        name: e.key.as_ref(),
        name_span: e.key_span,
        // Null is an empty text to Go.
        text: if matches!(e.value.value, Value::Missing) || e.value.is_null() { Some("") } else { e.value.as_str() },
        span: e.value.span,
        key: join(&[map.path, &e.key]),
        in_file: true,
    };
    table.entries().iter().filter(is_last).map(entry).collect()
}

fn in_flag<'t>(flag: &Flag<'t>, row: &KubeletFlag, source: &str) -> Vec<MapEntry<'t>> {
    let Some(map) = MAPS.iter().find(|map| row.key() == Some(map.path)) else { return vec![] };
    if flag.value.is_some_and(|value| value.contains(['$', '{'])) {
        return vec![];
    }
    let separator = if map.amount == Amount::Threshold { '<' } else { '=' };
    let entry = |part: FlagPart<'t>| {
        let (name, value) = part.text.split_once(separator)?;
        Some(MapEntry {
            map,
            name: name.trim(),
            name_span: part.place(0, name.len()),
            text: Some(value.trim()),
            span: part.place(name.len() + 1, value.len()),
            key: format!("--{}", flag.name),
            in_file: false,
        })
    };
    flag.parts(source).into_iter().filter_map(entry).collect()
}

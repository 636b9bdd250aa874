//! The feature gates that a KubeletConfiguration or a kubelet command line sets, and which are on in the end.

use std::collections::HashMap;

use super::kind::{ConfigRole, role};
use super::settings::is_merged;
use super::{command_line, node};
use crate::fix::Edit;
use crate::go::boolean::parse_bool;
use crate::keys::gates::{self, Gate, Stage, StageKind};
use crate::kind::{File, KubeletNode, NodeFiles, View};
use crate::kubelet;
use crate::releases::ReleaseSet;
use crate::syntax::{Entry, Node, edit};
use crate::text::Span;

/// A feature gate as a file sets it.
pub(crate) struct GateSetting<'t> {
    /// Its name.
    pub(crate) name: &'t str,
    /// On or off; nothing if the value is neither.
    pub(crate) value: Option<bool>,
    /// The name's place.
    pub(crate) span: Span,
    /// The entry with the table that holds it, in a file.
    pub(crate) entry: Option<(&'t Node<'t>, &'t Entry<'t>)>,
}

impl GateSetting<'_> {
    /// The path of the field, or the flag.
    pub(crate) fn key(&self) -> String {
        match self.entry {
            Some(_) => format!("featureGates.{}", self.name),
            None => "--feature-gates".to_owned(),
        }
    }

    /// Takes the gate out of its file, and `featureGates` with it where it holds nothing else.
    pub(crate) fn removal(&self, cx: &View<'_, '_, '_>) -> Option<Edit> {
        let (gates, entry) = self.entry?;
        let (doc, root) = (cx.doc(), cx.root);
        let is_alone = gates.entries().len() == 1 && !gates.span.of(doc.text).contains('#');
        let all = root.entry("featureGates").filter(|_| is_alone).and_then(|all| edit::remove(doc, root, all));
        all.or_else(|| edit::remove(doc, gates, entry))
    }
}

/// All gates that a configuration sets.
pub(crate) fn settings<'t>(cx: &View<'_, 't, '_>) -> Vec<GateSetting<'t>> {
    if *cx.file.kind == kubelet::KIND { in_file(cx.root, node::role(cx)) } else { in_flags(cx.file) }
}

/// All gates that a file sets.
pub(crate) fn of_file<'t>(file: &'t File<'_>) -> Vec<GateSetting<'t>> {
    let root = file.body();
    if *file.kind == kubelet::KIND { in_file(root, role(file, root)) } else { in_flags(file) }
}

/// The gate and its state in `Name=true`.
pub(crate) fn name_and_state(pair: &str) -> (&str, Option<bool>) {
    let (name, state) = pair.split_once('=').unwrap_or((pair, ""));
    (name, parse_bool(state.trim()))
}

fn in_file<'t>(root: &'t Node<'_>, role: ConfigRole) -> Vec<GateSetting<'t>> {
    let Some(gates) = root.get("featureGates") else { return vec![] };
    // Null is false to Go; in a drop-in it takes the setting away.
    let null = (role != ConfigRole::DropIn).then_some(false);
    let setting = |entry: &'t Entry<'t>| GateSetting {
        name: entry.key.as_ref(),
        value: if entry.value.is_null() { null } else { entry.value.as_bool() },
        span: entry.key_span,
        entry: Some((gates, entry)),
    };
    gates.entries().iter().map(setting).collect()
}

fn in_flags<'t>(file: &'t File<'_>) -> Vec<GateSetting<'t>> {
    let mut out = vec![];
    for flag in command_line::own_flags(file).filter(|flag| flag.name == "feature-gates") {
        for part in flag.parts(file.doc.text) {
            let (name, value) = name_and_state(part.text);
            // A part that is not a pair is a value that the kubelet cannot read: another rule reports it.
            if !name.is_empty() && value.is_some() && !name.contains('$') {
                out.push(GateSetting { name, value, span: part.place(0, name.len()), entry: None });
            }
        }
    }
    out
}

/// Releases in which the kubelet of a node has a gate on, by its files and the defaults.
pub(crate) fn on_node(node: &NodeFiles<'_, '_>, name: &str) -> ReleaseSet {
    let set = |name: &str| Some(node::of_node(node).gates.get(name)?.last()?.is_on);
    let stages = gates::find(name).map(Gate::stages).unwrap_or_default();
    let is_on = |stage: &&Stage| {
        let own = || set(name).or_else(|| set(group_of(stage)?)).unwrap_or(stage.default);
        if stage.locked { stage.default } else { own() }
    };
    stages.iter().filter(is_on).fold(ReleaseSet::NONE, |all, stage| all.or(stage.releases()))
}

/// The gate that switches all gates of a stage.
fn group_of(stage: &Stage) -> Option<&'static str> {
    match stage.kind {
        StageKind::Alpha => Some("AllAlpha"),
        StageKind::Beta => Some("AllBeta"),
        StageKind::Stable | StageKind::Deprecated => None,
    }
}

/// The feature gates of the kubelet that reads a configuration.
pub(crate) struct Gates<'c> {
    node: &'c KubeletNode,
    file: usize,
    rank: u8,
    /// What the configuration itself sets.
    own: HashMap<String, bool>,
    /// What kubeadm's documents beside the configuration set.
    extra: Option<&'c HashMap<String, bool>>,
    /// Whether no unknown file can set a gate, so that the others have their defaults.
    is_complete: bool,
}

impl<'c> Gates<'c> {
    /// The gates of the kubelet that reads the configuration in view.
    pub(crate) fn of(cx: &View<'c, '_, '_>) -> Self {
        let is_file = *cx.file.kind == kubelet::KIND;
        let node = node::of(cx);
        let own = settings(cx).into_iter().filter_map(|gate| Some((gate.name.to_owned(), gate.value?)));
        Self {
            node,
            file: cx.file.index,
            rank: node::rank(cx.file),
            own: own.collect(),
            extra: node.extra_args.get(&cx.file.index).map(|args| &args.gates),
            is_complete: is_file && (is_merged(cx) || matches!(node::role(cx), ConfigRole::Main | ConfigRole::Whole)),
        }
    }

    /// Releases that have the gate and have it off; none where another file may turn it on.
    pub(crate) fn off(&self, name: &str) -> ReleaseSet {
        self.releases(name, false)
    }

    /// Releases that have the gate and have it on; none where another file may turn it off.
    pub(crate) fn on(&self, name: &str) -> ReleaseSet {
        self.releases(name, true)
    }

    fn releases(&self, name: &str, is_on: bool) -> ReleaseSet {
        let stages = gates::find(name).map(Gate::stages).unwrap_or_default();
        let stages = stages.iter().filter(|stage| self.state(name, stage) == Some(is_on));
        stages.fold(ReleaseSet::NONE, |all, stage| all.or(stage.releases()))
    }

    fn state(&self, name: &str, stage: &Stage) -> Option<bool> {
        if stage.locked {
            return Some(stage.default);
        }
        let set = self.set(name).or_else(|| self.set(group_of(stage)?));
        set.or(self.is_complete.then_some(stage.default))
    }

    /// The value that some file sets: flags win over drop-ins, drop-ins over the main file.
    fn set(&self, name: &str) -> Option<bool> {
        let extra = self.extra.and_then(|gates| gates.get(name));
        let own = self.own.get(name);
        let others = self.node.gates.get(name).map(Vec::as_slice).unwrap_or_default();
        let other = others.iter().rev().find(|state| state.file != self.file);
        let stronger = other.filter(|other| own.is_none() || other.rank > self.rank);
        extra.copied().or(stronger.map(|other| other.is_on)).or(own.copied())
    }
}

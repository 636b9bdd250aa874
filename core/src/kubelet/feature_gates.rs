//! The feature gates that a KubeletConfiguration or a kubelet command line sets.

use crate::fix::Edit;
use crate::go::boolean::parse_bool;
use crate::kind::File;
use crate::kind::View;
use crate::kubelet;
use crate::kubelet::kind::Role;
use crate::syntax::edit;
use crate::syntax::{Document, Entry, Node};
use crate::systemd::flags;
use crate::systemd::flags::Program;
use crate::text::Span;

/// A feature gate as somebody sets it.
pub(crate) struct Setting<'t> {
    /// Its name.
    pub(crate) name: &'t str,
    /// On or off; nothing if the value is neither.
    pub(crate) value: Option<bool>,
    /// The name's place.
    pub(crate) span: Span,
    /// The entry with the table that holds it, in a file.
    pub(crate) entry: Option<(&'t Node<'t>, &'t Entry<'t>)>,
}

impl Setting<'_> {
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
pub(crate) fn settings<'t>(cx: &View<'_, 't, '_>) -> Vec<Setting<'t>> {
    if *cx.file.kind == kubelet::KIND { in_file(cx.file, cx.root) } else { in_flags(cx.file) }
}

/// All gates that a file sets.
pub(crate) fn of_file<'t>(file: &'t File<'t>) -> Vec<Setting<'t>> {
    if *file.kind == kubelet::KIND { in_file(file, file.body()) } else { in_flags(file) }
}

/// The gates that kubeadm passes to the kubelet as a flag: `kubeletExtraArgs` of a document in the same stream.
pub(crate) fn of_extra_args<'t>(doc: &'t Document<'t>) -> Vec<Setting<'t>> {
    let gates = kubelet::extra_args(doc).into_iter().filter(|(name, _)| *name == "feature-gates");
    let settings = gates.filter_map(|(_, value)| Some((value.as_str()?, value.span)));
    let setting = |(text, span)| parts(text).map(move |(_, name, value)| Setting { name, value, span, entry: None });
    settings.flat_map(setting).collect()
}

fn in_file<'t>(file: &File<'_>, root: &'t Node<'t>) -> Vec<Setting<'t>> {
    // Null is false to Go; in a drop-in it takes the setting away.
    let null = (kubelet::role(file, root) != Role::DropIn).then_some(false);
    let Some(gates) = root.get("featureGates") else {
        return vec![];
    };
    let setting = |entry: &'t Entry<'t>| Setting {
        name: entry.key.as_ref(),
        value: if entry.value.is_null() { null } else { entry.value.as_bool() },
        span: entry.key_span,
        entry: Some((gates, entry)),
    };
    gates.entries().iter().map(setting).collect()
}

/// The parts of a flag's value: where each starts, the gate, and what it is set to.
fn parts(text: &str) -> impl Iterator<Item = (usize, &str, Option<bool>)> {
    let mut at = 0;
    text.split(',').map(move |part| {
        let start = at;
        at += part.len() + 1;
        let (name, state) = part.split_once('=').unwrap_or((part, ""));
        (start, name, parse_bool(state.trim()))
    })
}

fn in_flags<'t>(file: &'t File<'_>) -> Vec<Setting<'t>> {
    let mut out = vec![];
    for flag in flags::flags(file) {
        let Some(value) = flag.value.filter(|_| flag.program == Program::Kubelet && flag.name == "feature-gates")
        else {
            continue;
        };
        // Only where the value is written as it reads do parts of it have places.
        let exact = flag.value_span.of(file.doc.text) == value;
        for (start, name, value) in parts(value) {
            let start = flag.value_span.start as usize + start;
            let span = if exact { Span::new(start, start + name.len()) } else { flag.value_span };
            // A part that is no pair is told as a value that cannot be read.
            if !name.is_empty() && value.is_some() && !name.contains('$') {
                out.push(Setting { name, value, span, entry: None });
            }
        }
    }
    out
}

//! The feature gates that a KubeletConfiguration or a kubelet command line sets.

use crate::kind::flags::{self, Program};
use crate::kind::kubelet;
use crate::rules::FileCx;
use crate::syntax::{Entry, Node};
use crate::text::Span;

/// A feature gate as somebody sets it.
pub(in crate::rules) struct Setting<'t> {
    /// Its name.
    pub(in crate::rules) name: &'t str,
    /// On or off; nothing if the value is neither.
    pub(in crate::rules) value: Option<bool>,
    /// The name's place.
    pub(in crate::rules) span: Span,
    /// The entry with the table that holds it, in a file.
    pub(in crate::rules) entry: Option<(&'t Node<'t>, &'t Entry<'t>)>,
}

impl Setting<'_> {
    /// The path of the field, or the flag.
    pub(in crate::rules) fn key(&self) -> String {
        match self.entry {
            Some(_) => format!("featureGates.{}", self.name),
            None => "--feature-gates".to_owned(),
        }
    }
}

/// All gates that a file sets.
pub(in crate::rules) fn settings<'t>(cx: &FileCx<'_, 't, '_>) -> Vec<Setting<'t>> {
    if *cx.file.kind == kubelet::KIND { in_file(cx.root) } else { in_flags(cx) }
}

fn in_file<'t>(root: &'t Node<'t>) -> Vec<Setting<'t>> {
    let Some(gates) = root.get("featureGates") else {
        return vec![];
    };
    let setting = |entry: &'t Entry<'t>| Setting {
        name: entry.key.as_ref(),
        value: entry.value.as_bool(),
        span: entry.key_span,
        entry: Some((gates, entry)),
    };
    gates.entries().iter().map(setting).collect()
}

fn in_flags<'t>(cx: &FileCx<'_, 't, '_>) -> Vec<Setting<'t>> {
    let mut out = vec![];
    for flag in flags::flags(cx.file) {
        let Some(value) = flag.value.filter(|_| flag.program == Program::Kubelet && flag.name == "feature-gates")
        else {
            continue;
        };
        // Only where the value is written as it reads do parts of it have places.
        let exact = flag.value_span.of(cx.doc().text) == value;
        let mut at = flag.value_span.start as usize;
        for part in value.split(',') {
            let (name, state) = part.split_once('=').unwrap_or((part, ""));
            let span = if exact { Span::new(at, at + name.len()) } else { flag.value_span };
            at += part.len() + 1;
            if !name.is_empty() && !name.contains('$') {
                let value = go_bool(state);
                out.push(Setting { name, value, span, entry: None });
            }
        }
    }
    out
}

/// What Go's `strconv.ParseBool` takes.
pub(in crate::rules) fn go_bool(text: &str) -> Option<bool> {
    match text {
        "1" | "t" | "T" | "TRUE" | "true" | "True" => Some(true),
        "0" | "f" | "F" | "FALSE" | "false" | "False" => Some(false),
        _ => None,
    }
}

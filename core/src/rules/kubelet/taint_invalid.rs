//! # `taint-invalid`
//!
//! A taint that the kubelet cannot register its node with.
//!
//! ## Why
//!
//! The kubelet does not start: `invalid taint`. A key is a qualified name such as `example.com/role`, a value is like a
//! label's, the effect is NoSchedule, PreferNoSchedule or NoExecute, and only the cluster sets `timeAdded`.
//!
//! ## What to do
//!
//! Correct the marked part.
//!
//! ## Examples
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! registerWithTaints:
//! - key: dedicated
//!   effect: Never
//!           ^^^^^
//! ```
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! registerWithTaints:
//! - key: dedicated
//!   effect: NoSchedule
//!   timeAdded: "2026-01-01T00:00:00Z"
//!   ^^^^^^^^^
//! ```
//!
//! ```sh bad
//! KUBELET_EXTRA_ARGS="--register-with-taints=dedicated=db"
//!                                            ^^^^^^^^^^^^
//! ```
//!
//! ```yaml good
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! registerWithTaints:
//! - key: example.com/dedicated
//!   value: db
//!   effect: NoSchedule
//! ```
//!
//! ## References
//!
//! - kubernetes/kubernetes@v1.36.0:pkg/util/taints/taints.go (`CheckTaintValidation`, `ParseTaints`),
//!   pkg/kubelet/apis/config/validation/validation.go; measured with the validator of 1.36.3

use crate::kubelet;
use crate::kubelet::command_line::own_flags;
use crate::kubelet::names::{bad_label_value, bad_qualified_name};
use crate::rules::prelude::*;
use crate::systemd::flags;

pub(crate) const RULE: Rule = Rule {
    id: "taint-invalid",
    summary: "Taint that no node can have",
    run: Run::File(&[&kubelet::KIND, &flags::KIND], check),
    ..Rule::DEFAULTS
};

const EFFECTS: [&str; 3] = ["NoSchedule", "PreferNoSchedule", "NoExecute"];
/// Releases with the field; the flag is older.
const READS_TAINTS_IN_FILE: Releases = Releases::kubernetes("1.23..");

fn check(cx: &mut FileCx) {
    if *cx.file.kind == kubelet::KIND {
        let taints = cx.root.get("registerWithTaints").map(Node::items).unwrap_or_default();
        taints.iter().for_each(|taint| check_taint(cx, taint));
    } else {
        check_flags(cx);
    }
}

fn check_taint(cx: &mut FileCx, taint: &Node) {
    if let Some((span, message, words, help)) = fault(taint) {
        report(cx, span, message, words, help).refused(READS_TAINTS_IN_FILE).key("registerWithTaints");
    }
    if let Some(entry) = taint.entry("timeAdded").filter(|entry| !entry.value.is_null()) {
        let message = "only the cluster sets `timeAdded` of a taint".to_owned();
        report(cx, entry.key_span, message, "taint.TimeAdded is not nil", "Remove the line.")
            .refused(READS_TAINTS_IN_FILE)
            .key("registerWithTaints");
    }
}

/// The first fault of a taint: its place, the message, the kubelet's words, and what to do.
fn fault(taint: &Node) -> Option<(Span, String, &'static str, &'static str)> {
    let text = |name: &str| taint.get(name).and_then(|node| Some((node.as_str()?, node.span)));
    let name = if taint.get("key").is_some() { text("key") } else { Some(("", taint.span)) };
    if let Some((key, span)) = name
        && let Some(words) = bad_qualified_name(key)
    {
        let message = match key {
            "" => "a taint without key".to_owned(),
            _ => format!("`{key}` is not the key of a taint"),
        };
        return Some((span, message, words, "Write a name such as `dedicated` or `example.com/role`."));
    }
    if let Some((value, span)) = text("value")
        && let Some(words) = bad_label_value(value)
    {
        let message = format!("`{value}` is not the value of a taint");
        return Some((span, message, words, "Write a value in the form of a label's."));
    }
    let (effect, span) = text("effect").filter(|(effect, _)| !effect.is_empty() && !EFFECTS.contains(effect))?;
    Some((span, format!("`{effect}` is not the effect of a taint"), "invalid taint effect", EFFECT_HELP))
}

fn check_flags(cx: &mut FileCx) {
    for flag in own_flags(cx.file).filter(|flag| flag.name == "register-with-taints") {
        if flag.value.is_some_and(|value| value.contains(['$', '{'])) {
            continue;
        }
        for part in flag.parts(cx.doc().text) {
            if let Some((words, help)) = bad_spec(part.text) {
                report(cx, part.span, format!("`{}` is not a taint", part.text), words, help)
                    .refused(Releases::ANY)
                    .key("--register-with-taints");
            }
        }
    }
}

/// Why `key=value:effect` is not a taint, and what to do. An empty flag has no taints.
fn bad_spec(spec: &str) -> Option<(&'static str, &'static str)> {
    if spec.is_empty() {
        return None;
    }
    let Some((rest, effect)) = spec.strip_suffix('-').unwrap_or(spec).split_once(':') else {
        return (!spec.ends_with('-')).then_some(("invalid taint spec", SPEC_HELP));
    };
    if !EFFECTS.contains(&effect) {
        return Some(("invalid taint effect", EFFECT_HELP));
    }
    let (key, value) = rest.split_once('=').unwrap_or((rest, ""));
    bad_qualified_name(key).or_else(|| bad_label_value(value)).map(|words| (words, SPEC_HELP))
}

fn report<'o>(cx: &'o mut FileCx, span: Span, message: String, words: &str, help: &'static str) -> &'o mut Finding {
    cx.report(span, message)
        .why(format!("The kubelet does not start: `invalid taint`, because of `{words}`."))
        .help(help)
}

const EFFECT_HELP: &str = "Write NoSchedule, PreferNoSchedule or NoExecute.";
const SPEC_HELP: &str = "Write key=value:effect or key:effect, with commas between several taints.";

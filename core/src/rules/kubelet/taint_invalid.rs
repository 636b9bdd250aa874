//! # `taint-invalid`
//!
//! A taint that the kubelet cannot register its node with.
//!
//! ## Why
//!
//! The kubelet does not start: `invalid taint`. A key is a qualified name such as `example.com/role`, a value is like a label's,
//! the effect is NoSchedule, PreferNoSchedule or NoExecute, and `timeAdded` is set by the cluster alone.
//!
//! ## What to do
//!
//! Mend the part that is shown.
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
//! - kubernetes/kubernetes@v1.36.0:pkg/util/taints/taints.go (`CheckTaintValidation`, `ParseTaints`), pkg/kubelet/apis/config/
//!   validation/validation.go; measured with the validator of 1.36.3

use crate::kubelet;
use crate::kubelet::names::{bad_label_value, bad_qualified_name};
use crate::rules::prelude::*;
use crate::systemd::flags;
use crate::systemd::flags::Program;

pub(crate) const RULE: Rule = Rule {
    id: "taint-invalid",
    summary: "A taint that no node can have",
    run: Run::File(&[&kubelet::KIND, &flags::KIND], check),
    ..Rule::DEFAULTS
};

const EFFECTS: [&str; 3] = ["NoSchedule", "PreferNoSchedule", "NoExecute"];
const IN_FILE: Releases = Releases::kubernetes("1.23..");

fn check(cx: &mut FileCx) {
    if *cx.file.kind == kubelet::KIND {
        let taints = cx.root.get("registerWithTaints").map(Node::items).unwrap_or_default();
        for taint in taints {
            check_taint(cx, taint);
        }
        return;
    }
    for flag in flags::flags(cx.file) {
        let named = flag.program == Program::Kubelet && flag.name == "register-with-taints";
        if let Some(value) = flag.value.filter(|v| named && !v.contains(['$', '{'])) {
            check_flag(cx, value, flag.value_span);
        }
    }
}

fn check_taint(cx: &mut FileCx, taint: &Node) {
    let text = |name: &str| taint.get(name).and_then(|node| Some((node.as_str()?, node.span)));
    let name = taint.get("key").map_or(Some(("", taint.span)), |_| text("key"));
    if let Some((key, span)) = name
        && let Some(words) = bad_qualified_name(key)
    {
        let message =
            if key.is_empty() { "a taint without key".to_owned() } else { format!("`{key}` is no key of a taint") };
        report(cx, span, message, words, "Write a name such as `dedicated` or `example.com/role`.", IN_FILE);
    } else if let Some((value, span)) = text("value")
        && let Some(words) = bad_label_value(value)
    {
        report(
            cx,
            span,
            format!("`{value}` is no value of a taint"),
            words,
            "Write a value as labels have it.",
            IN_FILE,
        );
    } else if let Some((effect, span)) = text("effect").filter(|(e, _)| !e.is_empty() && !EFFECTS.contains(e)) {
        report(cx, span, format!("`{effect}` is no effect of a taint"), "invalid taint effect", EFFECT_HELP, IN_FILE);
    }
    if let Some(entry) = taint.entry("timeAdded").filter(|e| !e.value.is_null()) {
        report(
            cx,
            entry.key_span,
            "a taint's `timeAdded` is set by the cluster alone".to_owned(),
            "taint.TimeAdded is not nil",
            "Remove the line.",
            IN_FILE,
        );
    }
}

const EFFECT_HELP: &str = "Write NoSchedule, PreferNoSchedule or NoExecute.";

fn check_flag(cx: &mut FileCx, value: &str, span: Span) {
    let exact = span.of(cx.doc().text) == value;
    let mut at = span.start as usize;
    for part in value.split(',') {
        let place = if exact { Span::new(at, at + part.len()) } else { span };
        at += part.len() + 1;
        if let Some((words, help)) = bad_spec(part) {
            report(cx, place, format!("`{part}` is no taint"), words, help, Releases::ANY);
        }
    }
}

/// Why `key=value:effect` is no taint, and what to do. An empty flag has none.
fn bad_spec(spec: &str) -> Option<(&'static str, &'static str)> {
    const SHAPE: &str = "Write key=value:effect or key:effect, with commas between several.";
    if spec.is_empty() {
        return None;
    }
    let Some((rest, effect)) = spec.strip_suffix('-').unwrap_or(spec).split_once(':') else {
        return (!spec.ends_with('-')).then_some(("invalid taint spec", SHAPE));
    };
    if !EFFECTS.contains(&effect) {
        return Some(("invalid taint effect", EFFECT_HELP));
    }
    let (key, value) = rest.split_once('=').unwrap_or((rest, ""));
    bad_qualified_name(key).or_else(|| bad_label_value(value)).map(|words| (words, SHAPE))
}

fn report(cx: &mut FileCx, span: Span, message: String, words: &str, help: &'static str, releases: Releases) {
    cx.report(span, message)
        .refused(releases)
        .key(if releases == IN_FILE { "registerWithTaints" } else { "--register-with-taints" })
        .why(format!("The kubelet does not start: `invalid taint`, because of `{words}`."))
        .help(help);
}

//! # `unknown-field`
//!
//! A field that KubeletConfiguration does not have in this place, in any release.
//!
//! ## Why
//!
//! The kubelet still starts. Since 1.17 it logs `unknown field "x"` once, as it falls back to lenient decoding, and
//! ignores the field; before, and in drop-ins of every release, it silently ignores it. Names are case-sensitive:
//! `MaxPods` is not `maxPods`. Names of command line flags are not fields.
//!
//! ## What to do
//!
//! Write the name that the kubelet recognizes, in the place where it looks for it.
//!
//! ## Examples
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! cgroupdriver: systemd
//! ^^^^^^^^^^^^
//! ```
//!
//! ```yaml fixed
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! cgroupDriver: systemd
//! ```
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! podManifestPath: /etc/kubernetes/manifests
//! ^^^^^^^^^^^^^^^
//! ```
//!
//! ```yaml fixed
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! staticPodPath: /etc/kubernetes/manifests
//! ```
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! anonymousAuth: false
//! ^^^^^^^^^^^^^
//! ```
//!
//! ```yaml good
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! cgroupDriver: systemd
//! ```
//!
//! ## References
//!
//! - kubernetes/kubernetes#83204 (strict decoding), kubernetes/kubernetes#114673, rancher/rke2#3063
//! - measured with the loaders of 1.24.16, 1.31.13 and 1.36.3

use crate::keys::{Binding, Bound, Place, Suggestion, flags};
use crate::kubelet;
use crate::kubelet::kind::ConfigRole;
use crate::kubelet::maps::is_map;
use crate::kubelet::node::role;
use crate::kubelet::values::as_flag;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "unknown-field",
    summary: "Field that KubeletConfiguration does not have",
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&kubelet::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    if !is_configuration(cx) {
        return;
    }
    for bound in cx.bound {
        if bound.binding == Binding::Unknown && !is_map(bound.within.name()) && !is_header(bound) {
            report(cx, bound);
        }
    }
}

/// Whether the text is a KubeletConfiguration at all: by its kind, or by most of its fields.
fn is_configuration(cx: &FileCx) -> bool {
    let top = || cx.bound.iter().filter(|bound| bound.within.name().is_empty() && !is_header(bound));
    let known = top().filter(|bound| bound.key().is_some()).count();
    cx.root.get("kind").is_some() || known * 2 >= top().count()
}

fn is_header(bound: &Bound) -> bool {
    bound.within.name().is_empty() && matches!(bound.entry.key.as_ref(), "apiVersion" | "kind")
}

fn report(cx: &mut FileCx, bound: &Bound) {
    let entry = bound.entry;
    if cx.is_full() {
        cx.count(entry.key_span).ignored(Releases::ANY);
        return;
    }
    let path = cx.path_of(entry);
    let meant = meant(cx, bound);
    let sibling = meant.filter(|name| bound.within.child(name).is_some());
    let is_taken = sibling.is_some_and(|name| bound.parent.get(name).is_some());
    let fix = sibling.filter(|_| !is_taken).map(|name| Fix::rename(Applicability::Unsafe, cx.doc(), entry, name));
    let help = match (sibling, meant) {
        (Some(name), _) if is_taken => format!("The kubelet recognizes `{name}`, which is set in this table too."),
        (Some(name), _) => format!("Did you mean `{name}`?"),
        (None, Some(path)) => format!("Write it as `{path}`."),
        (None, None) => "Remove it, or look the name up: `crilint explain` describes every field.".to_owned(),
    };
    let is_other_case = sibling.is_some_and(|name| name.eq_ignore_ascii_case(&entry.key));
    let role = role(cx);
    let finding = cx.report(entry.key_span, format!("the kubelet does not recognize the field `{path}`"));
    match role {
        // Drop-ins are merged as JSON, and Go's decoder ignores letter case where the main file leaves a field out.
        ConfigRole::DropIn if is_other_case => finding.advice(Releases::ANY).why(OTHER_CASE),
        ConfigRole::DropIn => {
            finding.ignored(Releases::ANY).why("The kubelet silently ignores the field in a drop-in.")
        }
        _ => finding.ignored(Releases::ANY).why(lenient(&path)),
    };
    finding.key(path).help(help).maybe_fix(fix);
}

/// The field that was probably meant: a name of the same table, or the full path of another place.
fn meant(cx: &FileCx, bound: &Bound) -> Option<&'static str> {
    let name = bound.entry.key.as_ref();
    let mut siblings = bound.within.children().map(Place::name);
    siblings.find(|n| n.eq_ignore_ascii_case(name)).or_else(|| of_flag(name)).or_else(|| match cx.suggest(bound)? {
        Suggestion::Name(name) => Some(name),
        Suggestion::Elsewhere(key) => Some(key.path()),
    })
}

/// The field of the flag with this name: `podManifestPath` is the flag `--pod-manifest-path`, whose field is
/// `staticPodPath`.
fn of_flag(name: &str) -> Option<&'static str> {
    flags::kubelet(name.trim_start_matches('-')).or_else(|| flags::kubelet(&as_flag(name)))?.key()
}

fn lenient(path: &str) -> String {
    format!(
        "The kubelet ignores the field. It logs `unknown field \"{path}\"` once, with `Using lenient decoding as \
         strict decoding failed`; before 1.17 it logs nothing."
    )
}

const OTHER_CASE: &str = "In a drop-in the kubelet accepts a name in another letter case only if the main file does \
                          not set that field; elsewhere never.";

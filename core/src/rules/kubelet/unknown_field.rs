//! # `unknown-field`
//!
//! A field that KubeletConfiguration never had in this place, in any release.
//!
//! ## Why
//!
//! The kubelet starts all the same. Since 1.17 it logs `unknown field "x"` once, as it falls back to lenient decoding, and
//! drops the field; before, and in drop-ins of every release, it drops it without a word. Names are case-sensitive:
//! `MaxPods` is not `maxPods`. Names of command line flags are no fields.
//!
//! ## What to do
//!
//! Write the name that the kubelet knows, in the place where it looks for it.
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

use crate::keys::{Binding, Bound, Suggestion, flags};
use crate::kubelet;
use crate::kubelet::kind::Role;
use crate::kubelet::values::as_flag;
use crate::rules::kubelet::unknown_map_name::is_checked_map;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "unknown-field",
    summary: "A field that KubeletConfiguration does not have",
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&kubelet::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    if !is_configuration(cx) {
        return;
    }
    for bound in cx.bound {
        if bound.binding == Binding::Unknown && !is_checked_map(bound.within) && !is_header(bound) {
            report(cx, bound);
        }
    }
}

/// Whether the text is a KubeletConfiguration at all: by its kind, or by most of its fields.
fn is_configuration(cx: &FileCx) -> bool {
    let top = || cx.bound.iter().filter(|b| b.within.name().is_empty() && !is_header(b));
    let known = top().filter(|b| b.key().is_some()).count();
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
    let role = kubelet::role(cx.file, cx.root);
    let sibling = meant.filter(|path| !path.contains('.') || bound.within.child(path).is_some());
    let sibling = sibling.filter(|name| bound.within.child(name).is_some());
    let taken = sibling.is_some_and(|name| bound.parent.get(name).is_some());
    let fix = sibling.filter(|_| !taken).map(|name| Fix::rename(Applicability::Unsafe, cx.doc(), entry, name));
    let help = match (sibling, meant) {
        (Some(name), _) if taken => format!("`{name}`, which stands here too, is the field that the kubelet knows."),
        (Some(name), _) => format!("Did you mean `{name}`?"),
        (None, Some(path)) => format!("The kubelet knows it as `{path}`."),
        _ => "Remove it, or look the name up: `crilint explain` knows every field.".to_owned(),
    };
    let only_case = sibling.is_some_and(|name| name.eq_ignore_ascii_case(&entry.key));
    let finding = cx.report(entry.key_span, format!("the kubelet knows no field `{path}`"));
    match role {
        // Drop-ins are merged as JSON, and Go's decoder forgives letter case where the main file leaves a field out.
        Role::DropIn if only_case => finding.advice(Releases::ANY).why(
            "In a drop-in the kubelet takes a name in wrong letter case only if the main file does not set that field; elsewhere never.",
        ),
        Role::DropIn => finding.ignored(Releases::ANY).why("The kubelet drops the field: in a drop-in without any message."),
        _ => finding.ignored(Releases::ANY).why(format!(
            "The kubelet starts without it. It logs `unknown field \"{path}\"` once, with `Using lenient decoding as strict decoding failed`; before 1.17 it says nothing."
        )),
    };
    finding.key(path).help(help).maybe_fix(fix);
}

/// The field that was probably meant: a name of the same table, or the full path of another place.
fn meant(cx: &FileCx, bound: &Bound) -> Option<&'static str> {
    let name = bound.entry.key.as_ref();
    let mut siblings = bound.within.children().map(crate::keys::Place::name);
    siblings.find(|n| n.eq_ignore_ascii_case(name)).or_else(|| of_flag(name)).or_else(|| match cx.suggest(bound)? {
        Suggestion::Name(name) => Some(name),
        Suggestion::Elsewhere(key) => Some(key.path()),
    })
}

/// Flags have names of their own: `podManifestPath` is the flag `--pod-manifest-path`, whose field is `staticPodPath`.
fn of_flag(name: &str) -> Option<&'static str> {
    flags::kubelet(name.trim_start_matches('-')).or_else(|| flags::kubelet(&as_flag(name)))?.key()
}

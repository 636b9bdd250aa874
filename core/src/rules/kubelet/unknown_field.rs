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
//! A feature gate is not a field:
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! GracefulNodeShutdown: true
//! ^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ## References
//!
//! - kubernetes/kubernetes#83204 (strict decoding), kubernetes/kubernetes#114673, rancher/rke2#3063
//! - measured with the loaders of 1.24.16, 1.31.13 and 1.36.3

use crate::keys::{Binding, Bound, Place, Suggestion, flags, gates, tables};
use crate::kubelet;
use crate::kubelet::eras::REMOVES_BY_NULL;
use crate::kubelet::kind::{ConfigRole, header};
use crate::kubelet::maps::is_map;
use crate::kubelet::node::role;
use crate::kubelet::overrides::in_effect;
use crate::kubelet::settings::{is_set_on_node, kubernetes};
use crate::kubelet::values::as_flag;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "unknown-field",
    summary: "Field that KubeletConfiguration does not have",
    fix: Some(Applicability::Unsafe),
    reads_text: true,
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
    header(cx.root, "kind").is_some() || known * 2 >= top().count()
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
        (None, None) if gates::find(&entry.key).is_some() => {
            format!("It is a feature gate: write `{}` below `featureGates`.", entry.key)
        }
        (None, None) => "Remove it, or look the name up: `crilint explain` describes every field.".to_owned(),
    };
    let other_case = sibling.filter(|name| name.eq_ignore_ascii_case(&entry.key));
    let help = match odd_character(&entry.key) {
        Some(c) => format!("The name holds the invisible character U+{:04X}. {help}", u32::from(c)),
        None => help,
    };
    let role = role(cx);
    let taken_over = other_case.map(|name| taken_over(cx, entry, name)).unwrap_or_default();
    let finding = cx.report(entry.key_span, format!("the kubelet does not recognize the field `{path}`"));
    match role {
        // Drop-ins are merged as JSON, and Go's decoder ignores letter case where the main file leaves a field out.
        ConfigRole::DropIn if !taken_over.is_empty() => {
            finding.advice(kubernetes(taken_over)).ignored(Releases::ANY).why(OTHER_CASE)
        }
        ConfigRole::DropIn => {
            finding.ignored(Releases::ANY).why("The kubelet silently ignores the field in a drop-in.")
        }
        _ => finding.ignored(Releases::ANY).why(lenient(&path)),
    };
    finding.key(path).help(help).maybe_fix(fix);
}

/// Releases that take over a field of a drop-in whose name is in another letter case.
fn taken_over(cx: &FileCx, entry: &Entry, name: &str) -> ReleaseSet {
    let Some(mut path) = cx.parts_of(entry) else { return ReleaseSet::NONE };
    path.pop();
    path.push(name);
    let default = || tables::KUBELET.find(&path)?.key()?.defaults().last();
    let has_default = default().is_some_and(|(_, value)| !matches!(value, "" | "0" | "false" | "0s" | "\"\""));
    let is_set = has_default || is_set_on_node(cx, &path.join("."));
    let counts = in_effect(entry, name);
    if is_set { counts } else { counts.or(REMOVES_BY_NULL.get(Product::Kubernetes)) }
}

/// A character of a name that cannot be seen.
fn odd_character(name: &str) -> Option<char> {
    name.chars().find(|c| !c.is_ascii() && !c.is_alphanumeric())
}

/// A name without comment signs, backslashes and invisible characters, which come with copied text.
fn cleaned(name: &str) -> String {
    name.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')).collect()
}

/// The field that was probably meant: a name of the same table, or the full path of another place.
fn meant(cx: &FileCx, bound: &Bound) -> Option<&'static str> {
    let cleaned = cleaned(&bound.entry.key);
    let name = cleaned.as_str();
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

const OTHER_CASE: &str = "The kubelet merges drop-ins as JSON, sorts the names, and takes the last one of those that \
                          differ in letter case. Whether this one counts depends on the release and on what other \
                          files set.";

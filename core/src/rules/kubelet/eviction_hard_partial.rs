//! # `eviction-hard-partial`
//!
//! `evictionHard` names some signals and leaves out others that the kubelet watches by default.
//!
//! ## Why
//!
//! The table replaces the defaults as a whole: a signal that it does not name is not watched at all. With
//! `memory.available` alone, a full disk no longer evicts anything, nor frees images, until the node itself fails.
//! Drop-ins are different: they add to the defaults. If only the signals of the image disk are missing, this is advice: many
//! nodes have no such disk.
//!
//! ## What to do
//!
//! Name all of them, or since 1.33 set `mergeDefaultEvictionSettings: true`.
//!
//! ## Examples
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! evictionHard:
//! ^^^^^^^^^^^^
//!   memory.available: 200Mi
//! ```
//!
//! ```yaml fixed
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! evictionHard:
//!   memory.available: 200Mi
//!   nodefs.available: 10%
//!   nodefs.inodesFree: 5%
//!   imagefs.available: 15%
//!   imagefs.inodesFree: 5%
//! ```
//!
//! ```yaml good
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! evictionHard:
//!   memory.available: 200Mi
//! mergeDefaultEvictionSettings: true
//! ```
//!
//! All at 0% says on purpose that nothing shall be evicted:
//!
//! ```yaml good
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! evictionHard:
//!   nodefs.available: 0%
//!   imagefs.available: 0%
//! ```
//!
//! ## References
//!
//! - kubernetes/website#36960, kubernetes/kubernetes#127577
//! - kubernetes/kubernetes@v1.36.0:cmd/kubelet/app/server.go, pkg/kubelet/eviction/defaults_linux.go

use crate::kubelet;
use crate::kubelet::kind::Role;
use crate::rules::prelude::*;
use crate::syntax::{Format, MapStyle};

pub(crate) const RULE: Rule = Rule {
    id: "eviction-hard-partial",
    summary: "evictionHard drops signals that are watched by default",
    category: Category::Reliability,
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&kubelet::KIND], check),
    ..Rule::DEFAULTS
};

/// The kubelet's own thresholds on Linux.
const DEFAULTS: [(&str, &str); 5] = [
    ("memory.available", "100Mi"),
    ("nodefs.available", "10%"),
    ("nodefs.inodesFree", "5%"),
    ("imagefs.available", "15%"),
    (IMAGE_INODES, "5%"),
];
const IMAGE_INODES: &str = "imagefs.inodesFree";
/// They watch [`IMAGE_INODES`], too.
const IMAGE_INODES_DEFAULT: Releases = Releases::kubernetes("1.30..");

fn check(cx: &mut FileCx) {
    let merges = cx.root.get("mergeDefaultEvictionSettings").and_then(crate::syntax::Node::as_bool) == Some(true);
    let Some(entry) = cx.root.entry("evictionHard").filter(|_| !merges) else { return };
    if !matches!(kubelet::role(cx.file, cx.root), Role::Main | Role::Whole) || is_off(entry) {
        return;
    }
    // A signal at the top level lost its indentation: that is another rule's.
    let given = || entry.value.entries().iter().chain(cx.root.entries());
    let missing: Vec<_> = DEFAULTS.into_iter().filter(|(signal, _)| given().all(|e| e.key != *signal)).collect();
    if !missing.is_empty() {
        report(cx, entry, &missing);
    }
}

/// Whether nothing is to be evicted: no table, an empty one, or 0% and 100% throughout.
fn is_off(entry: &Entry) -> bool {
    entry.value.entries().iter().all(|e| matches!(e.value.as_str(), Some("0%" | "100%")))
}

fn report(cx: &mut FileCx, entry: &Entry, missing: &[(&str, &str)]) {
    let names: Vec<String> = missing.iter().map(|(signal, _)| format!("`{signal}`")).collect();
    let only_images = missing.iter().all(|(signal, _)| signal.starts_with("imagefs."));
    let only_inodes = matches!(missing, [(IMAGE_INODES, _)]);
    let fix = add_all(cx, entry, missing);
    let lines: Vec<String> = missing.iter().map(|(signal, value)| format!("`{signal}: {value}`")).collect();
    let finding = cx.report(entry.key_span, format!("`evictionHard` leaves {} without a threshold", names.join(", ")));
    if only_images {
        let releases = if only_inodes { IMAGE_INODES_DEFAULT } else { Releases::ANY };
        finding
            .advice(releases)
            .why("The table replaces all defaults. Where images have a disk of their own, nobody watches it any more; where they share the kubelet's disk, `nodefs` sees the same.");
    } else {
        finding.harmful(Releases::ANY).why(format!(
            "The table replaces all defaults: the kubelet does not watch what it leaves out. {}",
            hurt(missing)
        ));
    }
    finding
        .key("evictionHard")
        .help(format!("Add the defaults {}, or since 1.33 set `mergeDefaultEvictionSettings: true`.", lines.join(", ")))
        .maybe_fix(fix);
}

/// What happens for want of the worst of the missing signals.
fn hurt(missing: &[(&str, &str)]) -> &'static str {
    if missing.iter().any(|(signal, _)| *signal == "memory.available") {
        "Out of memory, it is the kernel that kills, and it does not ask which pod matters least."
    } else {
        "A disk that fills up evicts nothing, until writes fail for all pods and for the kubelet itself."
    }
}

fn add_all(cx: &FileCx, entry: &Entry, missing: &[(&str, &str)]) -> Option<Fix> {
    let block = entry.value.as_map().is_some_and(|map| map.style == MapStyle::Block);
    let first = entry.value.entries().first()?;
    if cx.doc().format != Format::Yaml || !block {
        return None;
    }
    let last = entry.value.entries().last()?;
    let edits = missing.iter().map(|(signal, value)| edit::add_entry(cx.doc(), &entry.value, signal, value));
    let texts: Vec<String> = edits.map(|edit| edit.map(|e| e.text)).collect::<Option<_>>()?;
    let place = edit::add_entry(cx.doc(), &entry.value, first.key.as_ref(), "")?;
    debug_assert!(place.span.start >= last.value.span.end, "behind the last entry");
    Some(Fix::edit(Applicability::Unsafe, "Add the default thresholds", place.span, texts.concat()))
}

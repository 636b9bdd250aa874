//! # `eviction-hard-partial`
//!
//! `evictionHard` without some of the signals that the kubelet watches by default.
//!
//! ## Why
//!
//! The table replaces the defaults as a whole: a signal that it does not name is not watched at all. With
//! `memory.available` alone, a full disk no longer evicts anything, nor frees images, until the node itself fails. A
//! drop-in is different: it adds to the defaults. If only the signals of the image disk are missing, this is advice:
//! many nodes do not have such a disk.
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
//!   imagefs.available: 15%
//!   imagefs.inodesFree: 5%
//!   nodefs.available: 10%
//!   nodefs.inodesFree: 5%
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
//! All signals at 0% turn eviction off on purpose:
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
//! - kubernetes/kubernetes@v1.36.0:cmd/kubelet/app/server.go, pkg/kubelet/eviction/defaults_linux.go; the signals' rows
//!   in `core/data/kubelet.toml`

use crate::keys::{Place, tables};
use crate::kubelet;
use crate::kubelet::eras::REMOVES_BY_NULL;
use crate::kubelet::kind::ConfigRole;
use crate::kubelet::node::role;
use crate::kubelet::overrides::{drop_ins, takes_drop_ins};
use crate::rules::prelude::*;
use crate::syntax::{Format, MapStyle};

pub(crate) const RULE: Rule = Rule {
    id: "eviction-hard-partial",
    summary: "Hard eviction without signals that are watched by default",
    category: Category::Reliability,
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&kubelet::KIND], check),
    ..Rule::DEFAULTS
};

const FIELD: &str = "evictionHard";
const IMAGE_INODES: &str = "imagefs.inodesFree";
const WATCHES_IMAGE_INODES: Releases = Releases::kubernetes("1.30..");

fn check(cx: &mut FileCx) {
    let merges = cx.root.get("mergeDefaultEvictionSettings").and_then(Node::as_bool) == Some(true);
    let Some(entry) = cx.root.entry(FIELD).filter(|_| !merges) else { return };
    let role = role(cx);
    if role == ConfigRole::DropIn && entry.value.is_null() {
        report_none(cx, entry);
    }
    if !matches!(role, ConfigRole::Main | ConfigRole::Whole) || is_off(entry) {
        return;
    }
    // A signal at the top level lost its indentation: another rule reports it.
    let own = || entry.value.entries().iter().chain(cx.root.entries());
    let merged = if takes_drop_ins(cx.node, cx.file) { drop_ins(cx.node) } else { vec![] };
    let in_drop_ins = || merged.iter().filter_map(|file| file.body().get(FIELD)).flat_map(Node::entries);
    let is_given =
        |signal: &str| own().any(|e| e.key == signal) || in_drop_ins().any(|e| e.key == signal && !e.value.is_null());
    let missing: Vec<_> = defaults().filter(|(signal, _)| !is_given(signal)).collect();
    if !missing.is_empty() {
        report(cx, entry, &missing);
    }
}

/// The signals that the kubelet watches by default, with its thresholds.
fn defaults() -> impl Iterator<Item = (&'static str, &'static str)> {
    let signals = tables::KUBELET.find(&[FIELD]).into_iter().flat_map(Place::children);
    signals.filter_map(|signal| {
        let (_, threshold) = signal.key()?.defaults().next()?;
        Some((signal.name(), threshold.trim_matches('"')))
    })
}

/// Whether eviction is turned off: no table, an empty one, or 0% and 100% throughout.
fn is_off(entry: &Entry) -> bool {
    entry.value.entries().iter().all(|e| matches!(e.value.as_str(), Some("0%" | "100%")))
}

fn report(cx: &mut FileCx, entry: &Entry, missing: &[(&str, &str)]) {
    let names: Vec<String> = missing.iter().map(|(signal, _)| format!("`{signal}`")).collect();
    let lines: Vec<String> = missing.iter().map(|(signal, value)| format!("`{signal}: {value}`")).collect();
    let is_about_images = missing.iter().all(|(signal, _)| signal.starts_with("imagefs."));
    let fix = add_all(cx, entry, missing);
    let finding = cx.report(entry.key_span, format!("`evictionHard` has no threshold for {}", names.join(", ")));
    if is_about_images {
        let releases = if matches!(missing, [(IMAGE_INODES, _)]) { WATCHES_IMAGE_INODES } else { Releases::ANY };
        finding.advice(releases).why(IMAGES);
    } else {
        let is_memory = missing.iter().any(|(signal, _)| *signal == "memory.available");
        finding.harmful(Releases::ANY).why(if is_memory { MEMORY } else { DISK });
    }
    finding
        .key(FIELD)
        .help(format!("Add the defaults {}, or since 1.33 set `mergeDefaultEvictionSettings: true`.", lines.join(", ")))
        .maybe_fix(fix);
}

/// Null in a drop-in: the defaults are put in as the file of `--config` is read, and do not come back.
fn report_none(cx: &mut FileCx, entry: &Entry) {
    cx.report(entry.key_span, "null leaves no threshold for hard eviction".to_owned())
        .harmful(REMOVES_BY_NULL)
        .key(FIELD)
        .why(format!("The kubelet removes all thresholds, and does not set its defaults again. {MEMORY_LOST}"))
        .help("Write the thresholds that are meant.");
}

fn add_all(cx: &FileCx, entry: &Entry, missing: &[(&str, &str)]) -> Option<Fix> {
    let is_block = entry.value.as_map().is_some_and(|map| map.style == MapStyle::Block);
    if cx.doc().format != Format::Yaml || !is_block {
        return None;
    }
    let first = entry.value.entries().first()?;
    let edits = missing.iter().map(|(signal, value)| edit::add_entry(cx.doc(), &entry.value, signal, value));
    let texts: Vec<String> = edits.map(|edit| edit.map(|e| e.text)).collect::<Option<_>>()?;
    let place = edit::add_entry(cx.doc(), &entry.value, first.key.as_ref(), "")?;
    Some(Fix::edit(Applicability::Unsafe, "Add the default thresholds", place.span, texts.concat()))
}

const IMAGES: &str = "The table replaces all defaults. Where images have a disk of their own, the kubelet no longer \
                      watches it; where they share the kubelet's disk, `nodefs` covers it.";
const MEMORY: &str = "The table replaces all defaults: the kubelet does not watch the missing signals. Without memory, \
                      the kernel kills processes regardless of the priority of pods.";
const MEMORY_LOST: &str = "Without memory, the kernel kills processes regardless of the priority of pods.";
const DISK: &str = "The table replaces all defaults: the kubelet does not watch the missing signals. A full disk \
                    evicts nothing, until writes fail for all pods and for the kubelet itself.";

//! # `runtime-type-missing`
//!
//! A runtime is written without `runtime_type`.
//!
//! ## Why
//!
//! The CRI plugin loads, and every pod of the runtime fails with `container.Runtime.Name must be set`. For `runc`, 2.x fill
//! in the built-in type; 1.3 to 1.7 do not: there a table with nothing but `options` takes the type away, and every pod
//! breaks.
//!
//! ## What to do
//!
//! Add `runtime_type`: `io.containerd.runc.v2` for runc and for programs that take its place, such as
//! `nvidia-container-runtime`.
//!
//! ## Examples
//!
//! ```toml bad containerd=1.7
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
//!                                                          ^^^^
//!   SystemdCgroup = true
//! ```
//!
//! ```toml fixed containerd=1.7
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
//!   runtime_type = "io.containerd.runc.v2"
//! [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
//!   SystemdCgroup = true
//! ```
//!
//! ```toml bad
//! version = 3
//! [plugins."io.containerd.cri.v1.runtime".containerd.runtimes.nvidia]
//!                                                             ^^^^^^
//!   privileged_without_host_devices = false
//! [plugins."io.containerd.cri.v1.runtime".containerd.runtimes.nvidia.options]
//!   BinaryName = "/usr/bin/nvidia-container-runtime"
//! ```
//!
//! ```toml good containerd=2.0..2.3
//! version = 3
//! [plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc.options]
//!   SystemdCgroup = true
//! ```
//!
//! ## References
//!
//! - NVIDIA/nvidia-container-toolkit#1956; measured with `config dump` of 1.4.13 to 2.4.0-beta.0

use crate::containerd::effective::{Spot, by_release};
use crate::containerd::loader::{Effective, Table};
use crate::rules::prelude::*;
use crate::syntax::MapStyle;
use crate::syntax::path::{join, path_to};

pub(crate) const RULE: Rule = Rule {
    id: "runtime-type-missing",
    summary: "A runtime without `runtime_type`: its pods fail",
    fix: Some(Applicability::Unsafe),
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

/// They do not fill in what a table leaves out, as the built-in runtime has it.
const REPLACES: ReleaseSet = Releases::containerd("1.3..1.7").get(Product::Containerd);
const RUNC: &str = "io.containerd.runc.v2";

#[derive(PartialEq)]
struct Missing {
    spot: Spot,
    runtime: String,
    /// The built-in type is lost, rather than none given.
    lost: bool,
}

fn check(cx: &mut NodeCx) {
    let loaded = cx.loaded;
    // The type may be in a file that is not here.
    for configuration in loaded.configurations().iter().filter(|c| c.complete) {
        for (missing, releases) in by_release(configuration, find) {
            report(cx, &missing, releases);
        }
    }
}

fn find(effective: &Effective, out: &mut Vec<Missing>) {
    if !effective.release.has_imports() {
        return;
    }
    for (name, table) in effective.runtimes() {
        let written = effective.entry(table, "runtime_type");
        let empty = match written {
            None => true,
            Some(item) => item.as_leaf().and_then(|leaf| leaf.value.as_str()) == Some(""),
        };
        let built_in = name == "runc" && written.is_none();
        if !empty || is_misspelt(table) || built_in && !effective.release.is_in(REPLACES) {
            continue;
        }
        if let Some(origin) = table.origin() {
            out.push(Missing { spot: Spot::of_key(origin), runtime: name.to_owned(), lost: built_in });
        }
    }
}

/// Broken by another fault: the type stands there under another name.
fn is_misspelt(table: &Table) -> bool {
    let mut names = table.entries().map(|(name, _)| name).filter(|name| *name != "runtime_type");
    names.any(|name| crate::keys::nearest(name, std::iter::once("runtime_type")).is_some())
}

fn report(cx: &mut NodeCx, missing: &Missing, releases: Releases) {
    let Missing { spot, runtime, lost } = missing;
    let path = spot.path(cx.loaded);
    let fix = add_type(cx, *spot);
    let finding = cx.report(spot.file, spot.key, format!("the runtime `{runtime}` has no `runtime_type`"));
    if *lost {
        finding
            .ignored(releases)
            .why("Up to containerd 1.7 a table for runc replaces the built-in one, type and all: every pod fails with `container.Runtime.Name must be set`. 2.x fill in what the table leaves out.")
            .help(format!("Add runtime_type = \"{RUNC}\" to the runtime's own table, above its options."));
    } else {
        finding
            .harmful(releases)
            .why("The CRI plugin loads, and every pod of this runtime fails with `container.Runtime.Name must be set`.")
            .help(format!("Add its runtime_type: \"{RUNC}\" where the program takes the place of runc, as nvidia-container-runtime does."));
    }
    finding.as_error().key(path).maybe_fix(fix);
}

fn add_type(cx: &NodeCx, spot: Spot) -> Option<Fix> {
    let fix = |edit: Edit| Fix::one(Applicability::Unsafe, format!("Add runtime_type = \"{RUNC}\""), edit);
    let file = cx.loaded.file(spot.file)?;
    let (_, runtime) = cx.loaded.entry_at(spot.file, spot.key)?;
    if let Some(written) = runtime.value.get("runtime_type") {
        return Some(fix(edit::replace(written, edit::string(RUNC))));
    }
    let map = runtime.value.as_map()?;
    if map.style != MapStyle::Table || !map.headers.is_empty() {
        return edit::add_entry(&file.doc, &runtime.value, "runtime_type", &edit::string(RUNC)).map(fix);
    }
    // Only tables below it have headers: give it its own above the first of them.
    let child = map.entries.iter().filter_map(|e| e.value.as_map()?.headers.first()).min()?;
    let path = path_to(file.body(), spot.key)?;
    let mut edit = edit::line_before(&file.doc, *child, &format!("[{}]", join(&path)));
    let indent = edit.text.split('[').next().unwrap_or_default().to_owned();
    edit.text.push_str(&format!("{indent}  runtime_type = \"{RUNC}\"\n"));
    Some(fix(edit))
}

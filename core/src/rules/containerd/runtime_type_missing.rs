//! # `runtime-type-missing`
//!
//! A runtime is written without `runtime_type`.
//!
//! ## Why
//!
//! The CRI plugin loads, and every pod of the runtime fails with `container.Runtime.Name must be set`. For `runc`,
//! 2.x fill in the built-in type; 1.3 to 1.7 do not: there a table with nothing but `options` removes the type, and
//! every pod breaks.
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

use crate::containerd::eras::HAS_CONFIG_VERSIONS;
use crate::containerd::loader::{Effective, LoadedTable};
use crate::containerd::settings::in_effect;
use crate::containerd::shims::RUNC_V2;
use crate::keys::nearest;
use crate::kind::SettingPlace;
use crate::rules::prelude::*;
use crate::syntax::MapStyle;
use crate::syntax::path::{join, path_to};

pub(crate) const RULE: Rule = Rule {
    id: "runtime-type-missing",
    summary: "Runtime without `runtime_type`",
    fix: Some(Applicability::Unsafe),
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

/// Does not fill in what a table for runc leaves out.
const REPLACES_RUNC: Releases = Releases::containerd("1.3..1.7");

#[derive(PartialEq)]
struct Untyped {
    place: SettingPlace,
    runtime: String,
    /// Whether the table replaces a built-in one that has a type.
    is_built_in: bool,
}

fn check(cx: &mut NodeCx) {
    for (untyped, releases) in in_effect(cx.loaded, find) {
        report(cx, &untyped, releases);
    }
}

fn find(effective: &Effective) -> Vec<Untyped> {
    let mut found = vec![];
    // The type may be in a file that is not here.
    if !effective.is_complete || !effective.release.is_in(HAS_CONFIG_VERSIONS) {
        return found;
    }
    for (name, table) in effective.runtimes() {
        let written = effective.entry(table, "runtime_type");
        let is_empty = match written {
            None => true,
            Some(item) => item.as_leaf().and_then(|leaf| leaf.value.as_str()) == Some(""),
        };
        let is_built_in = name == "runc" && written.is_none();
        let is_filled_in = is_built_in && !effective.release.is_in(REPLACES_RUNC);
        if !is_empty || is_filled_in || has_misspelt_type(table) {
            continue;
        }
        if let Some(origin) = table.origin() {
            found.push(Untyped { place: SettingPlace::of_key(origin), runtime: name.to_owned(), is_built_in });
        }
    }
    found
}

/// Whether the type stands there under another name, which is another fault.
fn has_misspelt_type(table: &LoadedTable) -> bool {
    let mut names = table.entries().map(|(name, _)| name).filter(|name| *name != "runtime_type");
    names.any(|name| nearest(name, std::iter::once("runtime_type")).is_some())
}

fn add_type(cx: &NodeCx, place: SettingPlace) -> Option<Fix> {
    let fix = |edit: Edit| Fix::one(Applicability::Unsafe, format!("Add runtime_type = \"{RUNC_V2}\""), edit);
    let file = cx.loaded.file(place.file)?;
    let (_, runtime) = cx.loaded.entry_at(place.file, place.key)?;
    if let Some(written) = runtime.value.get("runtime_type") {
        return Some(fix(edit::replace(written, edit::string(RUNC_V2))));
    }
    let map = runtime.value.as_map()?;
    if map.style != MapStyle::Table || !map.headers.is_empty() {
        return edit::add_entry(&file.doc, &runtime.value, "runtime_type", &edit::string(RUNC_V2)).map(fix);
    }
    // Only tables below it have headers: give it its own above the first of them.
    let child = map.entries.iter().filter_map(|entry| entry.value.as_map()?.headers.first()).min()?;
    let path = path_to(file.body(), place.key)?;
    let mut edit = edit::line_before(&file.doc, *child, &format!("[{}]", join(&path)));
    let indent = edit.text.split('[').next().unwrap_or_default().to_owned();
    edit.text.push_str(&format!("{indent}  runtime_type = \"{RUNC_V2}\"\n"));
    Some(fix(edit))
}

fn report(cx: &mut NodeCx, untyped: &Untyped, releases: Releases) {
    let fix = add_type(cx, untyped.place);
    let finding = cx.report_key(untyped.place, format!("the runtime `{}` has no `runtime_type`", untyped.runtime));
    let name = untyped.runtime.as_str();
    if untyped.is_built_in {
        finding
            .ignored(releases)
            .breaks(BreakScope::RuntimeHandler, name)
            .why(
                "Up to containerd 1.7 a table for runc replaces the built-in one, type and all: every pod fails with \
                 `container.Runtime.Name must be set`. 2.x fill in what the table leaves out.",
            )
            .help("Write it in the runtime's own table, above its options.");
    } else {
        finding
            .harmful(releases)
            .breaks(BreakScope::RuntimeHandler, name)
            .why("The CRI plugin loads, and every pod of this runtime fails with `container.Runtime.Name must be set`.")
            .help(format!(
                "Add its runtime_type: \"{RUNC_V2}\" where the program replaces runc, as nvidia-container-runtime does."
            ));
    }
    finding.maybe_fix(fix);
}

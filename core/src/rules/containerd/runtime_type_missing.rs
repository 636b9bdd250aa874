//! # `runtime-type-missing`
//!
//! A runtime is written without `runtime_type`.
//!
//! ## Why
//!
//! The CRI plugin loads, and every pod of the runtime fails with `container.Runtime.Name must be set`. For `runc`, 2.x fill
//! in the built-in type; 1.4 to 1.7 do not, so that a table with nothing but `options` breaks every pod there.
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

use crate::fix::{Applicability, Edit, Fix, edit};
use crate::keys::path::join;
use crate::kind::containerd::{self, Cri};
use crate::releases::Releases;
use crate::rules::containerd_values::{counts, stands_alone};
use crate::rules::{Category, FileCx, Rule, Run};
use crate::syntax::{Entry, MapStyle, Value};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "runtime-type-missing",
    summary: "A runtime without `runtime_type`: its pods fail",
    category: Category::Correctness,
    since: "0.1.0",
    fix: Some(Applicability::Unsafe),
    opt_in: false,
    run: Run::File(&[&containerd::KIND], check),
};

/// They do not fill in what a table leaves out, as the built-in runtime has it.
const REPLACES: Releases = Releases::containerd("1.4..1.7");
const RUNC: &str = "io.containerd.runc.v2";

fn check(cx: &mut FileCx<'_, '_, '_>) {
    if !stands_alone(cx) {
        return;
    }
    for runtime in Cri::of(cx.root).runtimes() {
        let Value::Map(map) = &runtime.value.value else { continue };
        let written = runtime.value.get("runtime_type");
        let empty = match written {
            None => true,
            Some(ty) => ty.as_str().is_some_and(str::is_empty),
        };
        // Broken by another fault: the type stands there under another name.
        let misspelt = map.entries.iter().any(|e| {
            e.key != "runtime_type" && crate::keys::nearest(&e.key, std::iter::once("runtime_type")).is_some()
        });
        if empty && !misspelt {
            report(cx, runtime);
        }
    }
}

fn report(cx: &mut FileCx<'_, '_, '_>, runtime: &Entry<'_>) {
    let name = runtime.key.as_ref();
    let built_in = name == "runc" && runtime.value.get("runtime_type").is_none();
    let releases = counts(cx, runtime).and(if built_in { REPLACES } else { Releases::ANY });
    let path = cx.path_of(runtime);
    let fix = add_type(cx, runtime);
    let (why, help) = if built_in {
        (
            "Up to containerd 1.7 a table for runc replaces the built-in one, type and all: every pod fails with `container.Runtime.Name must be set`. 2.x fill in what the table leaves out.",
            format!("Add runtime_type = \"{RUNC}\" to the runtime's own table, above its options."),
        )
    } else {
        (
            "The CRI plugin loads, and every pod of this runtime fails with `container.Runtime.Name must be set`.",
            format!(
                "Add its runtime_type: \"{RUNC}\" where the program takes the place of runc, as nvidia-container-runtime does."
            ),
        )
    };
    cx.report(runtime.key_span, format!("the runtime `{name}` has no `runtime_type`"))
        .failed(releases)
        .key(path)
        .why(why)
        .help(help)
        .maybe_fix(fix);
}

fn add_type(cx: &FileCx<'_, '_, '_>, runtime: &Entry<'_>) -> Option<Fix> {
    let fix = |edit: Edit| Fix {
        title: format!("Add runtime_type = \"{RUNC}\""),
        applicability: Applicability::Unsafe,
        edits: vec![edit],
    };
    if let Some(written) = runtime.value.get("runtime_type") {
        return Some(fix(edit::replace(written, edit::string(RUNC))));
    }
    let map = runtime.value.as_map()?;
    if map.style != MapStyle::Table || !map.headers.is_empty() {
        return edit::add_entry(cx.doc(), &runtime.value, "runtime_type", &edit::string(RUNC)).map(fix);
    }
    // Only tables below it have headers: give it its own above the first of them.
    let child = map.entries.iter().filter_map(|e| e.value.as_map()?.headers.first()).min()?;
    let path = cx.parts_of(runtime)?;
    let mut edit = edit::line_before(cx.doc(), *child, &format!("[{}]", join(&path)));
    let indent = edit.text.split('[').next().unwrap_or_default().to_owned();
    edit.text.push_str(&format!("{indent}  runtime_type = \"{RUNC}\"\n"));
    Some(fix(edit))
}

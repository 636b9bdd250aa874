//! # `default-runtime-undefined`
//!
//! `default_runtime_name` is empty, or names no runtime that the configuration has.
//!
//! ## Why
//!
//! The CRI plugin does not load: ``no corresponding runtime configured in `containerd.runtimes` for `containerd`
//! `default_runtime_name = "nvidia"` ``. The daemon stays up, and the kubelet finds no runtime service. `runc` is built in,
//! except in containerd 1.5 to 1.7: there any `runtimes` table replaces the built-in ones, so a file that adds `kata` alone
//! takes `runc` away and with it the default.
//!
//! ## What to do
//!
//! Define the runtime, or name one that is there. For 1.5 to 1.7, write `runc` out beside the others.
//!
//! ## Examples
//!
//! ```toml bad
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri".containerd]
//!   default_runtime_name = "nvidia"
//!                          ^^^^^^^^
//! ```
//!
//! ```toml bad containerd=1.7
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.kata]
//!                                                          ^^^^
//!   runtime_type = "io.containerd.kata.v2"
//! ```
//!
//! ```toml fixed containerd=1.7
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.kata]
//!   runtime_type = "io.containerd.kata.v2"
//!
//! [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
//!   runtime_type = "io.containerd.runc.v2"
//! ```
//!
//! ```toml good
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri".containerd]
//!   default_runtime_name = "nvidia"
//! [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.nvidia]
//!   runtime_type = "io.containerd.runc.v2"
//! ```
//!
//! A drop-in that defines a runtime replaces all runtimes of the main file in 1.5 to 1.7:
//!
//! ```toml bad containerd=1.7
//! --- /etc/containerd/config.toml
//! version = 2
//! imports = ["/etc/containerd/conf.d/*.toml"]
//! --- /etc/containerd/conf.d/kata.toml
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.kata]
//!                                                          ^^^^
//!   runtime_type = "io.containerd.kata.v2"
//! ```
//!
//! A file that it imports may define the runtime:
//!
//! ```toml good
//! version = 2
//! imports = ["/etc/containerd/conf.d/*.toml"]
//! [plugins."io.containerd.grpc.v1.cri".containerd]
//!   default_runtime_name = "nvidia"
//! ```
//!
//! ## References
//!
//! - containerd/containerd#5340, NVIDIA/k8s-device-plugin#1145
//! - containerd/containerd@v1.7.29:pkg/cri/config/config.go; measured with 1.3.10 to 2.4.0-beta.0

use crate::containerd::effective::{Spot, by_release, some_text};
use crate::containerd::loader::{Effective, Item};
use crate::order;
use crate::rules::prelude::*;
use crate::syntax::MapStyle;
use crate::syntax::path::{join, path_to};

pub(crate) const RULE: Rule = Rule {
    id: "default-runtime-undefined",
    summary: "The default runtime is not defined",
    fix: Some(Applicability::Unsafe),
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

/// Any runtime written replaces the built-in ones.
const REPLACES: ReleaseSet = Releases::containerd("1.5..1.7").get(Product::Containerd);
/// They have a table that is the default runtime, whatever the name says.
const HAS_LEGACY: ReleaseSet = Releases::containerd("..1.7").get(Product::Containerd);
/// Built in on Linux, and on Windows.
const BUILT_IN: [&str; 3] = ["runc", "runhcs-wcow-process", "runhcs-wcow-hypervisor"];

#[derive(PartialEq)]
enum Fault {
    /// The name, where it is empty or of no runtime.
    Undefined(Spot, String),
    /// The first runtime, where the built-in ones are gone by it.
    Replaced { first: Spot, runtime: String, default: String },
}

fn check(cx: &mut NodeCx) {
    let loaded = cx.loaded;
    // The other half may be in a file that is not here.
    for configuration in loaded.configurations().iter().filter(|c| c.complete) {
        for (fault, releases) in by_release(configuration, find) {
            match fault {
                Fault::Undefined(spot, name) => {
                    let known = configuration.releases.iter().flat_map(Effective::runtimes);
                    let mut known: Vec<String> = known.map(|(name, _)| format!("\"{name}\"")).collect();
                    order::by_name(&mut known, |name| name);
                    known.dedup();
                    report_name(cx, spot, &name, &known, releases);
                }
                Fault::Replaced { first, runtime, default } => report_replaced(cx, first, &runtime, &default, releases),
            }
        }
    }
}

fn find(effective: &Effective, out: &mut Vec<Fault>) {
    if !effective.release.has_imports() {
        return;
    }
    let setting = |path: &[&str]| effective.cri_runtime(path).and_then(Item::as_leaf);
    let written = setting(&["containerd", "default_runtime_name"]);
    let name = match written {
        Some(leaf) => leaf.value.as_str(),
        None => Some("runc"),
    };
    let legacy = |table: &str| {
        let ty = some_text(setting(&["containerd", table, "runtime_type"]));
        effective.release.is_in(HAS_LEGACY) && ty.is_some()
    };
    let Some(name) = name.filter(|_| !legacy("default_runtime")) else { return };
    let untrusted = name == "untrusted" && legacy("untrusted_workload_runtime");
    if untrusted || effective.runtimes().any(|(runtime, _)| runtime == name) {
        return;
    }
    if !BUILT_IN.contains(&name) {
        out.extend(written.map(|leaf| Fault::Undefined(Spot::of(leaf), name.to_owned())));
    } else if effective.release.is_in(REPLACES)
        && let Some(all) = effective.cri_runtime(&["containerd", "runtimes"]).and_then(Item::as_table)
    {
        let first = effective.runtimes().next();
        let origin = first.map_or(all.origin(), |(_, table)| table.origin());
        let runtime = first.map_or_else(String::new, |(runtime, _)| runtime.to_owned());
        out.extend(origin.map(|at| Fault::Replaced { first: Spot::of_key(at), runtime, default: name.to_owned() }));
    }
}

fn report_name(cx: &mut NodeCx, spot: Spot, name: &str, known: &[String], releases: Releases) {
    let path = spot.path(cx.loaded);
    let help = match (known.is_empty(), name.is_empty()) {
        (true, true) => "Write \"runc\", or remove the line.".to_owned(),
        (true, false) => {
            format!("Add the table `[...containerd.runtimes.{name}]` with its `runtime_type`, or write \"runc\".")
        }
        (false, _) => format!("Write one of those that are defined ({}), or add the missing table.", known.join(", ")),
    };
    let (message, words) = if name.is_empty() {
        ("`default_runtime_name` is empty".to_owned(), "`default_runtime_name` is empty".to_owned())
    } else {
        (
            format!("the default runtime \"{name}\" is not defined"),
            format!(
                "no corresponding runtime configured in `containerd.runtimes` for `default_runtime_name = \"{name}\"`"
            ),
        )
    };
    cx.report(spot.file, spot.value, message)
        .failed(releases)
        .key(path)
        .why(format!("The CRI plugin does not load, and the kubelet finds no runtime service: {words}. `containerd config dump` does not report it."))
        .help(help);
}

fn report_replaced(cx: &mut NodeCx, first: Spot, runtime: &str, name: &str, releases: Releases) {
    let path = first.path(cx.loaded);
    let fix = (name == "runc").then(|| define_runc(cx, first)).flatten();
    let message = match runtime {
        "" => format!("with `runtimes` written and empty, the default runtime `{name}` is gone"),
        _ => format!("with the runtime `{runtime}` written and no `{name}`, the default runtime is gone"),
    };
    cx.report(first.file, first.key, message)
        .failed(releases)
        .key(path)
        .why(format!("In containerd 1.5 to 1.7 any runtime in the files replaces the built-in ones, and a drop-in replaces those of the main file. `default_runtime_name` is still \"{name}\", so the CRI plugin does not load: no corresponding runtime configured in `containerd.runtimes`. 2.x keep the built-in ones."))
        .help(format!("Write `{name}` out as well, or name another runtime in `default_runtime_name`."))
        .maybe_fix(fix);
}

/// The built-in runc as a table of its own at the end of the text.
fn define_runc(cx: &NodeCx, beside: Spot) -> Option<Fix> {
    let (_, entry) = cx.loaded.entry_at(beside.file, beside.key)?;
    entry.value.as_map().filter(|m| m.style == MapStyle::Table)?;
    let file = cx.loaded.file(beside.file)?;
    let mut path = path_to(file.body(), beside.key)?;
    // Beside the first runtime, or in the empty table.
    match path.last() {
        Some(&"runtimes") => path.push("runc"),
        _ => *path.last_mut()? = "runc",
    }
    let text = file.doc.text;
    let joint = if text.ends_with('\n') { "" } else { "\n" };
    let table = format!("{joint}\n[{}]\n  runtime_type = \"io.containerd.runc.v2\"\n", join(&path));
    Some(Fix::edit(Applicability::Unsafe, "Define runc", Span::empty(text.len()), table))
}

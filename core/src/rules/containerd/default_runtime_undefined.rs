//! # `default-runtime-undefined`
//!
//! `default_runtime_name` is empty, or names a runtime that the configuration does not have.
//!
//! ## Why
//!
//! The CRI plugin does not load: ``no corresponding runtime configured in `containerd.runtimes` for `containerd`
//! `default_runtime_name = "nvidia"` ``. The daemon stays up, and the kubelet finds no runtime service. `runc` is
//! built in, except in containerd 1.5 to 1.7: there any `runtimes` table replaces the built-in ones, so a file that
//! adds `kata` alone removes `runc` and with it the default.
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

use crate::containerd::eras::{FILLS_EMBEDDED_TABLES, HAS_CONFIG_VERSIONS, REPLACES_TABLES};
use crate::containerd::loader::Effective;
use crate::containerd::settings::in_effect;
use crate::kind::SettingPlace;
use crate::order;
use crate::rules::prelude::*;
use crate::syntax::MapStyle;
use crate::syntax::path::{join, path_to};

pub(crate) const RULE: Rule = Rule {
    id: "default-runtime-undefined",
    summary: "Default runtime that is not defined",
    fix: Some(Applicability::Unsafe),
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

/// Any runtime written replaces the built-in ones.
const REPLACES_BUILT_IN: Releases = FILLS_EMBEDDED_TABLES;
/// Has tables for the default and the untrusted runtime, which win over the name.
const HAS_OLD_RUNTIME_TABLES: Releases = REPLACES_TABLES;
/// Built in on Linux, and on Windows. Source: containerd/containerd@v2.3.4:internal/cri/config/config_unix.go,
/// config_windows.go.
const BUILT_IN: [&str; 3] = ["runc", "runhcs-wcow-process", "runhcs-wcow-hypervisor"];

#[derive(PartialEq)]
enum Undefined {
    /// The name, where it is empty or of no runtime.
    Name(SettingPlace, String),
    /// The first runtime, where it replaces the built-in ones.
    Replaced { first: SettingPlace, runtime: String, default: String },
}

fn check(cx: &mut NodeCx) {
    for (fault, releases) in in_effect(cx.loaded, find) {
        match fault {
            Undefined::Name(place, name) => report_name(cx, place, &name, releases),
            Undefined::Replaced { first, runtime, default } => {
                report_replaced(cx, first, &runtime, &default, releases);
            }
        }
    }
}

fn find(effective: &Effective) -> Vec<Undefined> {
    // The runtime may be in a file that is not here.
    if !effective.is_complete || !effective.release.is_in(HAS_CONFIG_VERSIONS) {
        return vec![];
    }
    let has_old_table = |path| effective.release.is_in(HAS_OLD_RUNTIME_TABLES) && effective.text(path).is_some();
    if has_old_table("runtime:containerd.default_runtime.runtime_type") {
        return vec![];
    }
    let written = effective.setting("runtime:containerd.default_runtime_name");
    let Some(name) = written.map_or(Some("runc"), |leaf| leaf.value.as_str()) else { return vec![] };
    let is_untrusted =
        name == "untrusted" && has_old_table("runtime:containerd.untrusted_workload_runtime.runtime_type");
    if is_untrusted || effective.runtimes().any(|(runtime, _)| runtime == name) {
        return vec![];
    }
    if !BUILT_IN.contains(&name) {
        let fault = written.map(|leaf| Undefined::Name(SettingPlace::of(leaf), name.to_owned()));
        return fault.into_iter().collect();
    }
    let Some(all) = effective.table("runtime:containerd.runtimes") else { return vec![] };
    if !effective.release.is_in(REPLACES_BUILT_IN) {
        return vec![];
    }
    let first = effective.runtimes().next();
    let origin = first.map_or(all.origin(), |(_, table)| table.origin());
    let runtime = first.map_or("", |(runtime, _)| runtime).to_owned();
    let fault = origin.map(|origin| Undefined::Replaced {
        first: SettingPlace::of_key(origin),
        runtime,
        default: name.to_owned(),
    });
    fault.into_iter().collect()
}

/// The runtimes that the configuration around a file defines in any release, in quotes.
fn known_runtimes(cx: &NodeCx, file: usize) -> Vec<String> {
    let configuration = cx.loaded.configuration_of(file);
    let releases = configuration.map(|configuration| configuration.releases.as_slice()).unwrap_or_default();
    let mut known: Vec<String> =
        releases.iter().flat_map(Effective::runtimes).map(|(name, _)| format!("\"{name}\"")).collect();
    order::by_name(&mut known, |name| name);
    known.dedup();
    known
}

/// The built-in runc as a table of its own at the end of the text.
fn define_runc(cx: &NodeCx, beside: SettingPlace) -> Option<Fix> {
    let (_, entry) = cx.loaded.entry_at(beside.file, beside.key)?;
    entry.value.as_map().filter(|map| map.style == MapStyle::Table)?;
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

fn report_name(cx: &mut NodeCx, place: SettingPlace, name: &str, releases: Releases) {
    let known = known_runtimes(cx, place.file);
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
        (format!("the default runtime `{name}` is not defined"), not_configured(name))
    };
    cx.report_value(place, message)
        .failed(releases)
        .why(format!(
            "The CRI plugin does not load, and the kubelet finds no runtime service: {words}. `containerd config dump` \
             does not report it."
        ))
        .help(help);
}

fn not_configured(name: &str) -> String {
    format!("no corresponding runtime configured in `containerd.runtimes` for `default_runtime_name = \"{name}\"`")
}

fn report_replaced(cx: &mut NodeCx, first: SettingPlace, runtime: &str, name: &str, releases: Releases) {
    let fix = (name == "runc").then(|| define_runc(cx, first)).flatten();
    let message = match runtime {
        "" => format!("the empty `runtimes` removes the default runtime `{name}`"),
        _ => format!("the runtime `{runtime}` without `{name}` beside it removes the default runtime"),
    };
    cx.report_key(first, message)
        .failed(releases)
        .why(format!(
            "In containerd 1.5 to 1.7 any runtime in the files replaces the built-in ones, and a drop-in replaces \
             those of the main file. `default_runtime_name` is still \"{name}\", so the CRI plugin does not load: no \
             corresponding runtime configured in `containerd.runtimes`. 2.x keep the built-in ones."
        ))
        .help(format!("Write `{name}` out as well, or name another runtime in `default_runtime_name`."))
        .maybe_fix(fix);
}

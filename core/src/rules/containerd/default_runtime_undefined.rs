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

use crate::fix::{Applicability, Edit, Fix};
use crate::keys::path::join;
use crate::kind::containerd::{self, Cri};
use crate::releases::Releases;
use crate::rules::containerd_values::{counts, stands_alone, text};
use crate::rules::{Category, FileCx, Rule, Run};
use crate::syntax::{Entry, MapStyle};
use crate::text::Span;

pub(in crate::rules) const RULE: Rule = Rule {
    id: "default-runtime-undefined",
    summary: "The default runtime is not defined",
    category: Category::Correctness,
    since: "0.1.0",
    fix: Some(Applicability::Unsafe),
    opt_in: false,
    run: Run::File(&[&containerd::KIND], check),
};

/// Any runtime written replaces the built-in ones.
const REPLACES: Releases = Releases::containerd("1.5..1.7");
/// They have no legacy `default_runtime` table.
const NO_LEGACY: Releases = Releases::containerd("2.0..");
/// Built in on Linux, and on Windows.
const BUILT_IN: [&str; 3] = ["runc", "runhcs-wcow-process", "runhcs-wcow-hypervisor"];

fn check(cx: &mut FileCx<'_, '_, '_>) {
    // The other half may be in another file.
    if !stands_alone(cx) {
        return;
    }
    let cri = Cri::of(cx.root);
    let written = cri.runtime(&["containerd", "default_runtime_name"]);
    let name = cri.default_runtime();
    let runtimes = cri.runtimes();
    if runtimes.iter().any(|r| r.key == name) {
        return;
    }
    // Up to 1.7 this table is the default runtime, whatever the name says.
    let legacy = text(cri.runtime(&["containerd", "default_runtime", "runtime_type"])).is_some();
    let unless_legacy = if legacy { NO_LEGACY } else { Releases::ANY };
    if let Some(entry) = written
        && entry.value.as_str().is_some()
        && !BUILT_IN.contains(&name)
    {
        report_name(cx, entry, name, unless_legacy);
    } else if let Some(first) = runtimes.first()
        && BUILT_IN.contains(&name)
    {
        report_replaced(cx, first, name, unless_legacy);
    }
}

fn report_name(cx: &mut FileCx<'_, '_, '_>, entry: &Entry<'_>, name: &str, releases: Releases) {
    let releases = releases.and(counts(cx, entry));
    let path = cx.path_of(entry);
    let runtimes = Cri::of(cx.root).runtimes();
    let known: Vec<_> = runtimes.iter().map(|r| format!("\"{}\"", r.key)).collect();
    let help = match (known.is_empty(), name.is_empty()) {
        (true, true) => "Write \"runc\", or remove the line.".to_owned(),
        (true, false) => {
            format!("Add the table `[...containerd.runtimes.{name}]` with its `runtime_type`, or write \"runc\".")
        }
        (false, _) => format!("Write one of those in this file ({}), or add the missing table.", known.join(", ")),
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
    cx.report(entry.value.span, message)
        .failed(releases)
        .key(path)
        .why(format!("The CRI plugin does not load, and the kubelet finds no runtime service: {words}. `containerd config dump` does not report it."))
        .help(help);
}

fn report_replaced(cx: &mut FileCx<'_, '_, '_>, first: &Entry<'_>, name: &str, releases: Releases) {
    let releases = releases.and(REPLACES).and(counts(cx, first));
    let path = cx.path_of(first);
    let fix = (name == "runc").then(|| define_runc(cx, first)).flatten();
    cx.report(first.key_span, format!("with the runtime `{}` written and no `{name}`, the default runtime is gone", first.key))
        .failed(releases)
        .key(path)
        .why(format!("In containerd 1.5 to 1.7 any runtime in the file replaces the built-in ones. `default_runtime_name` is still \"{name}\", so the CRI plugin does not load: no corresponding runtime configured in `containerd.runtimes`. 2.x keep the built-in ones."))
        .help(format!("Write `{name}` out as well, or name another runtime in `default_runtime_name`."))
        .maybe_fix(fix);
}

/// The built-in runc as a table of its own at the end of the text.
fn define_runc(cx: &FileCx<'_, '_, '_>, beside: &Entry<'_>) -> Option<Fix> {
    beside.value.as_map().filter(|m| m.style == MapStyle::Table)?;
    let mut path = cx.parts_of(beside)?;
    *path.last_mut()? = "runc";
    let text = cx.doc().text;
    let joint = if text.ends_with('\n') { "" } else { "\n" };
    let table = format!("{joint}\n[{}]\n  runtime_type = \"io.containerd.runc.v2\"\n", join(&path));
    Some(Fix {
        title: "Define runc".to_owned(),
        applicability: Applicability::Unsafe,
        edits: vec![Edit { span: Span::empty(text.len()), text: table }],
    })
}

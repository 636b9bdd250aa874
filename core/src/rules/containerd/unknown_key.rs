//! # `unknown-key`
//!
//! A key that no release of containerd ever had in any place of this config version.
//!
//! ## Why
//!
//! containerd 1.x silently drops it. 2.x log `Ignoring unknown key in TOML` and continue. Options of the runc runtime
//! are never checked: every release silently drops `SystemdCGroups = true`.
//!
//! ## What to do
//!
//! Correct the name, or remove the line.
//!
//! ## Examples
//!
//! ```toml bad
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri"]
//!   stream_sever_port = "0"
//!   ^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```toml fixed
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri"]
//!   stream_server_port = "0"
//! ```
//!
//! ```toml bad
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
//!   runtime_type = "io.containerd.runc.v2"
//! [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
//!   systemd_cgroup = true
//!   ^^^^^^^^^^^^^^
//! ```
//!
//! A word of other programs for the same:
//!
//! ```toml bad
//! version = 2
//! includes = ["/etc/containerd/conf.d/*.toml"]
//! ^^^^^^^^
//! ```
//!
//! ```toml fixed
//! version = 2
//! imports = ["/etc/containerd/conf.d/*.toml"]
//! ```
//!
//! Options of other shims are not options of runc's shim:
//!
//! ```toml bad
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
//!   runtime_type = "io.containerd.runc.v2"
//! [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
//!   BinaryName = "/usr/bin/crun"
//!   SystemdCgroup = true
//!   ConfigPath = "/etc/crun.toml"
//!   ^^^^^^^^^^
//! ```
//!
//! Letter case matters to some releases:
//!
//! ```toml bad
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri"]
//!   Stream_Server_Port = "10010"
//!   ^^^^^^^^^^^^^^^^^^
//! ```
//!
//! The shims of gVisor and Kata Containers take the path of a file, and no other option:
//!
//! ```toml bad containerd=2.0..2.3
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runsc]
//!   runtime_type = "io.containerd.runsc.v1"
//! [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runsc.options]
//!   TypeUrl = "io.containerd.runsc.v1.options"
//!   ConfigPath = "/etc/containerd/runsc.toml"
//!   SystemdCgroup = true
//!   ^^^^^^^^^^^^^
//! ```
//!
//! Other shims may read any option:
//!
//! ```toml good containerd=2.0..2.3
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.wasm]
//!   runtime_type = "io.containerd.wasmtime.v1"
//! [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.wasm.options]
//!   SystemdCgroup = true
//! ```
//!
//! ## References
//!
//! - containerd/containerd@v2.3.4:internal/cri/config/config.go (`getRuntimeOptionsType`, `GenerateRuntimeOptions`)
//! - google/gvisor:pkg/shim/v1/runsc/container.go
//! - kata-containers/kata-containers:src/runtime/pkg/containerd-shim-v2/create.go
//! - containerd/containerd#10959; measured with 1.3.10 to 2.4.0-beta.0

use crate::containerd;
use crate::containerd::eras::MIGRATES;
use crate::containerd::imports::is_meant;
use crate::containerd::misplaced::{place_elsewhere, table_name};
use crate::containerd::settings::{reads, unknown_in};
use crate::containerd::shims::{DroppedOption, ShimOptions, dropped_option};
use crate::containerd::values::text;
use crate::keys::{Binding, Bound};
use crate::kind::unknown_name::NameGuess;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "unknown-key",
    summary: "Key that containerd does not have",
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&containerd::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    for bound in cx.bound {
        let is_unknown = bound.binding == Binding::Unknown && bound.within.name() != "plugins";
        if is_unknown && place_elsewhere(cx, bound).is_none() {
            report(cx, bound);
        } else if is_of_other_shims(cx, bound) {
            report_option(cx, bound.entry);
        } else if let Some(dropped) = dropped(cx, bound) {
            report_dropped(cx, bound.entry, dropped);
        }
    }
}

/// The runtime whose table `options` holds an entry.
fn runtime_of<'t>(cx: &FileCx<'_, 't, '_>, bound: &Bound) -> Option<&'t Node<'t>> {
    let parts = cx.parts_of(bound.entry).filter(|_| bound.within.name() == "options")?;
    cx.root.at(parts.get(..parts.len().checked_sub(2)?)?)
}

/// Why a shim other than runc's does not get an option.
fn dropped(cx: &FileCx, bound: &Bound) -> Option<DroppedOption> {
    let runtime = runtime_of(cx, bound)?;
    let path = bound.parent.entries().iter().find(|entry| entry.key.eq_ignore_ascii_case("ConfigPath"));
    let shim = runtime.get("runtime_type").and_then(Node::as_str)?;
    dropped_option(shim, &bound.entry.key, text(path).is_some())
}

/// Whether an option of a runtime with runc's type is one that runc's shim does not have.
fn is_of_other_shims(cx: &FileCx, bound: &Bound) -> bool {
    if bound.key().is_none_or(|key| ShimOptions::Runc.has(key)) {
        return false;
    }
    let runtime = runtime_of(cx, bound).filter(|runtime| runtime.get("runtime_type").is_some());
    runtime.is_some_and(|runtime| ShimOptions::of("", Some(runtime)) == ShimOptions::Runc)
}

fn report(cx: &mut FileCx, bound: &Bound) {
    let entry = bound.entry;
    let path = cx.path_of(entry);
    let is_timeout = path.starts_with("timeouts.");
    let releases = if is_timeout { Releases::ANY } else { unknown_in(cx, cx.loaded, entry) };
    if cx.is_full() {
        cx.count(entry.key_span).ignored(releases);
        return;
    }
    let is_at_top = bound.within.name().is_empty();
    let guess = match is_at_top && is_meant(&entry.key) {
        true => NameGuess::of(bound, "imports"),
        false => NameGuess::by_spelling(cx, bound),
    };
    let fix = guess.fix(cx, bound);
    if let Some(name) = guess.other_case(&entry.key) {
        report_case(cx, entry, name, releases, fix);
        return;
    }
    let why = match bound.within.name() {
        _ if is_timeout => KEEPS_TIMEOUT,
        "options" => DROPS_OPTION,
        _ => DROPS_KEY,
    };
    let table = table_name(&path);
    cx.report_key(entry, format!("containerd has no key `{}` in {table}", entry.key))
        .ignored(releases)
        .why(why)
        .help(guess.help())
        .maybe_fix(fix);
}

/// Reports a key in other letter case: what it does depends on the release's TOML reader.
fn report_case(cx: &mut FileCx, entry: &Entry, name: &str, releases: Releases, fix: Option<Fix>) {
    let works = Releases::only(Product::Containerd, ReleaseSet::ALL.without(releases.get(Product::Containerd)));
    cx.report_key(entry, format!("containerd spells `{}` as `{name}`", entry.key))
        .ignored(releases)
        .advice(MIGRATES.and(works))
        .why(MATCHES_CASE)
        .help(format!("Write `{name}`."))
        .maybe_fix(fix);
}

fn report_option(cx: &mut FileCx, entry: &Entry) {
    let releases = reads(cx);
    cx.report_key(entry, format!("the runc shim has no option `{}`", entry.key))
        .ignored(releases)
        .why(DROPS_OPTION)
        .help("Remove it: it is for shims other than runc's, such as those of Kata Containers and gVisor.");
}

fn report_dropped(cx: &mut FileCx, entry: &Entry, dropped: DroppedOption) {
    let releases = unknown_in(cx, cx.loaded, entry);
    let message = match dropped {
        DroppedOption::Unread(shim) => format!("the shim of {shim} does not read the option `{}`", entry.key),
        DroppedOption::BesidePath => {
            format!("containerd does not pass `{}` to the shim beside `ConfigPath`", entry.key)
        }
    };
    cx.report_key(entry, message).ignored(releases).why(DROPS_OTHERS).help("Write it into the file of `ConfigPath`.");
}

const DROPS_KEY: &str = "containerd 1.x silently drops the key; 2.x log `Ignoring unknown key in TOML` and continue.";
const DROPS_OPTION: &str = "The runc shim silently drops options that it does not have, in every release.";
const DROPS_OTHERS: &str = "containerd has the options TypeUrl, ConfigPath and ConfigBody for a shim that is not its \
                            own. With a ConfigPath it silently drops all others; the shims of Kata Containers and \
                            gVisor read nothing but the path.";
const KEEPS_TIMEOUT: &str = "containerd keeps the time under that name and silently never uses it, in every release.";
const MATCHES_CASE: &str = "1.5 to 1.7 silently drop a key in other letter case. 2.x take it, except where the \
                            migration of a version 1 or 2 file gives the key another place: it finds keys by their \
                            exact name.";

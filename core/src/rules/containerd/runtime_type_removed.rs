//! # `runtime-type-removed`
//!
//! A runtime of type `io.containerd.runtime.v1.linux` or `io.containerd.runc.v1`, which containerd 2.0 removed.
//!
//! ## Why
//!
//! containerd 2.x start and log nothing; then no pod of the runtime starts, because its shim was removed. The types are
//! deprecated since 1.4.
//!
//! ## What to do
//!
//! Write `io.containerd.runc.v2`. Settings of the old runtime go to its `options`: `runtime_engine` to `BinaryName`,
//! `runtime_root` to `Root`, `systemd_cgroup` to `SystemdCgroup`.
//!
//! ## Examples
//!
//! ```toml bad
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
//!   runtime_type = "io.containerd.runc.v1"
//!                  ^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```toml fixed
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
//!   runtime_type = "io.containerd.runc.v2"
//! ```
//!
//! ## References
//!
//! - containerd/containerd#8262, containerd/containerd#4806; containerd/containerd@v2.3.4:docs/containerd-2.0.md

use crate::containerd;
use crate::containerd::cri::Cri;
use crate::containerd::eras::REMOVED_LINUX_RUNTIME;
use crate::containerd::settings::counts;
use crate::containerd::shims::{LINUX_V1, RUNC_V1, RUNC_V2};
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "runtime-type-removed",
    summary: "Runtime type that containerd 2.0 removed",
    category: Category::Migration,
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&containerd::KIND], check),
    ..Rule::DEFAULTS
};

const DEPRECATED: Releases = Releases::containerd("1.4..1.7");

fn check(cx: &mut FileCx) {
    for runtime in Cri::of(cx.root).runtimes() {
        let Some(entry) = runtime.value.entry("runtime_type") else { continue };
        let Some(name) = entry.value.as_str().filter(|name| [LINUX_V1, RUNC_V1].contains(name)) else { continue };
        let counts = counts(cx, cx.loaded, entry);
        let new = edit::string(RUNC_V2);
        let fix = Fix::edit(Applicability::Unsafe, format!("Write {new}"), entry.value.span, new);
        let message = format!("containerd 2.x have no runtime `{name}`: no pod of `{}` starts", runtime.key);
        cx.report_value(entry, message)
            .harmful(REMOVED_LINUX_RUNTIME.and(counts))
            .breaks(BreakScope::RuntimeHandler, runtime.key.as_ref())
            .advice(DEPRECATED.and(counts))
            .why(
                "The daemon starts and logs nothing; pods then fail, because the shim of this type was removed in 2.0 \
                 after being deprecated since 1.4.",
            )
            .help(
                "Move `runtime_engine`, `runtime_root` and `systemd_cgroup` to the options of the runtime: BinaryName, \
                 Root and SystemdCgroup.",
            )
            .fix(fix);
    }
}

//! # `runtime-type-removed`
//!
//! A runtime of type `io.containerd.runtime.v1.linux` or `io.containerd.runc.v1`, which containerd 2.0 removed.
//!
//! ## Why
//!
//! containerd 2.x start and say nothing; then no pod of the runtime starts, because its shim is gone. The types are
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
use crate::containerd::kind::Cri;
use crate::containerd::settings::counts;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "runtime-type-removed",
    summary: "A runtime type that containerd 2.0 removed",
    category: Category::Migration,
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&containerd::KIND], check),
    ..Rule::DEFAULTS
};

/// The runtime of containerd 1.0, without a shim of its own.
pub(super) const LINUX_V1: &str = "io.containerd.runtime.v1.linux";
const RUNC_V1: &str = "io.containerd.runc.v1";
const REMOVED: Releases = Releases::containerd("2.0..");
const DEPRECATED: Releases = Releases::containerd("1.4..1.7");

fn check(cx: &mut FileCx) {
    for runtime in Cri::of(cx.root).runtimes() {
        let Some(ty) = runtime.value.entry("runtime_type") else { continue };
        let Some(name) = ty.value.as_str().filter(|name| [LINUX_V1, RUNC_V1].contains(name)) else {
            continue;
        };
        let counts = counts(cx, cx.loaded, ty);
        let path = cx.path_of(ty);
        let new = edit::string("io.containerd.runc.v2");
        let gone = !cx.releases().and(REMOVED).and(counts).is_empty();
        let finding = cx.report(
            ty.value.span,
            format!("containerd 2.x have no runtime {name}: no pod of `{}` starts", runtime.key),
        );
        finding
            .harmful(REMOVED.and(counts))
            .advice(DEPRECATED.and(counts))
            .key(path)
            .why("The daemon starts and says nothing; pods then fail, because the shim of this type was removed in 2.0 after being deprecated since 1.4.")
            .help(format!("Write {new}. What was `runtime_engine`, `runtime_root` and `systemd_cgroup` is BinaryName, Root and SystemdCgroup in the runtime's options there."))
            .fix(Fix::edit(Applicability::Unsafe, format!("Write {new}"), ty.value.span, new));
        // Where the runtime is only deprecated, that is all there is to say.
        if gone {
            finding.as_error();
        }
    }
}

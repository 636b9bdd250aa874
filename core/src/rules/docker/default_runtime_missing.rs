//! # `default-runtime-missing`
//!
//! `default-runtime` names a runtime that the file does not define, or `runtimes` defines the reserved `runc`.
//!
//! ## Why
//!
//! dockerd does not start: `specified default runtime 'nvidia' does not exist`, or `runtime name 'runc' is reserved`. Up to 24.0
//! `dockerd --validate` says so too, later releases find it only when they start. Since 23.0 the name of a containerd shim with
//! a dot in it, such as `io.containerd.runsc.v1`, needs no definition.
//!
//! ## What to do
//!
//! Add the runtime to `runtimes`, or remove `default-runtime`. A file that a tool such as `nvidia-ctk` left half-way misses one of
//! the two.
//!
//! ## Examples
//!
//! ```json bad
//! { "default-runtime": "nvidia" }
//!                      ^^^^^^^^
//! ```
//!
//! ```json bad
//! { "runtimes": { "runc": { "path": "runc" } } }
//!                 ^^^^^^
//! ```
//!
//! ```json good
//! { "default-runtime": "nvidia", "runtimes": { "nvidia": { "path": "nvidia-container-runtime" } } }
//! ```
//!
//! ```json good docker=25..29
//! { "default-runtime": "io.containerd.runsc.v1" }
//! ```
//!
//! ## References
//!
//! - NVIDIA/nvidia-docker#1002, NVIDIA/nvidia-container-toolkit#150, NVIDIA/nvidia-container-runtime#98
//! - moby/moby@docker-v29.7.2:daemon/runtime_unix.go, moby/moby@v24.0.9:daemon/config/config.go; measured with 20.10.24, 24.0.9,
//!   27.5.1, 28.5.2 and 29.7.2

use crate::docker;
use crate::docker::settings::text;
use crate::keys::nearest;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "default-runtime-missing",
    summary: "A default runtime that is not defined, or a reserved name",
    run: Run::File(&[&docker::KIND], check),
    ..Rule::DEFAULTS
};

/// They take a runtime without a definition if it has the name of a shim.
const SHIMS: Releases = Releases::docker("23..");
const NO_SHIMS: Releases = Releases::docker("..20.10");

fn check(cx: &mut FileCx) {
    let defined = cx.root.get("runtimes").map(Node::entries).unwrap_or_default();
    for entry in defined.iter().filter(|e| e.key == "runc") {
        cx.report(entry.key_span, "`runc` is the name of Docker's own runtime")
            .refused(Releases::ANY)
            .key("runtimes.runc")
            .why("dockerd does not start: `runtime name 'runc' is reserved`. From 25.0 on `dockerd --validate` says OK all the same.")
            .help("Give the runtime another name, and name it in `default-runtime`; or remove it, Docker has `runc` itself.");
    }
    let Some((entry, name)) = text(cx.root, "default-runtime") else { return };
    let stock = matches!(name, "runc" | "io.containerd.runc.v2");
    if stock || defined.iter().any(|e| e.key == name) {
        return;
    }
    // Older releases had a shim of version 1 too.
    let refused = match (name, is_shim(name)) {
        ("io.containerd.runtime.v1.linux", _) => Releases::NONE,
        (_, true) => NO_SHIMS,
        (_, false) => SHIMS.or(NO_SHIMS),
    };
    let close = nearest(name, defined.iter().map(|e| e.key.as_ref()));
    let help = match close {
        Some(close) => format!("Did you mean `{close}`?"),
        None => {
            format!("Add it: `\"runtimes\": {{ \"{name}\": {{ \"path\": \"...\" }} }}`, or remove `default-runtime`.")
        }
    };
    cx.report(entry.value.span, format!("no runtime `{name}` is defined"))
        .refused(refused)
        .key("default-runtime")
        .why(format!("dockerd does not start: `specified default runtime '{name}' does not exist`. From 25.0 on `dockerd --validate` says OK all the same."))
        .help(help);
}

/// The name of a containerd shim: it has two parts at least, and is no path.
/// Source: moby/moby@docker-v29.7.2:daemon/runtime_unix.go (`isPermissibleC8dRuntimeName`).
fn is_shim(name: &str) -> bool {
    !name.contains('/') && !name.starts_with('.') && name.contains('.')
}

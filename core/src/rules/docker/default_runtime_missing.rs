//! # `default-runtime-missing`
//!
//! `default-runtime` names a runtime that the file does not define, or `runtimes` defines the reserved `runc`.
//!
//! ## Why
//!
//! dockerd does not start: `specified default runtime 'nvidia' does not exist`, or `runtime name 'runc' is reserved`.
//! Up to 24.0 `dockerd --validate` prints it too, later releases find it only when they start. Since 23.0 the name of
//! a containerd shim with a dot in it, such as `io.containerd.runsc.v1`, needs no definition.
//!
//! ## What to do
//!
//! Add the runtime to `runtimes`, or remove `default-runtime`. A file that a tool such as `nvidia-ctk` left half-way
//! misses one of the two.
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
//! - moby/moby@docker-v29.7.2:daemon/runtime_unix.go, moby/moby@v24.0.9:daemon/config/config.go; measured with
//!   20.10.24, 24.0.9, 27.5.1, 28.5.2 and 29.7.2

use crate::docker;
use crate::docker::settings::text;
use crate::keys::nearest;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "default-runtime-missing",
    summary: "Default runtime that is not defined, or a reserved name",
    run: Run::File(&[&docker::KIND], check),
    ..Rule::DEFAULTS
};

/// Releases that need no definition for a runtime with the name of a shim.
const FINDS_SHIMS: Releases = Releases::docker("23..");
const NEEDS_DEFINITION: Releases = Releases::docker("..20.10");

fn check(cx: &mut FileCx) {
    let defined = cx.settings().get("runtimes").map(Node::entries).unwrap_or_default();
    for entry in defined.iter().filter(|entry| entry.key == "runc") {
        cx.report(entry.key_span, "`runc` is the name of Docker's own runtime")
            .refused(Releases::ANY)
            .key("runtimes.runc")
            .why(why("runtime name 'runc' is reserved"))
            .help(HELP_RUNC);
    }
    let Some(setting) = text(cx.settings(), "default-runtime") else { return };
    let name = setting.text.as_ref();
    let is_built_in = matches!(name, "runc" | "io.containerd.runc.v2");
    if is_built_in || defined.iter().any(|entry| entry.key == name) {
        return;
    }
    let refused = match name {
        // Older releases had a shim of version 1 too.
        "io.containerd.runtime.v1.linux" => Releases::NONE,
        name if is_shim(name) => NEEDS_DEFINITION,
        _ => FINDS_SHIMS.or(NEEDS_DEFINITION),
    };
    let close = nearest(name, defined.iter().map(|entry| entry.key.as_ref()));
    cx.report_setting(&setting, format!("no runtime `{name}` is defined"))
        .refused(refused)
        .why(why(&format!("specified default runtime '{name}' does not exist")))
        .help(close.map_or_else(|| definition(name), |close| format!("Did you mean `{close}`?")));
}

/// The name of a containerd shim: two parts at least, and not a path.
/// Source: moby/moby@docker-v29.7.2:daemon/runtime_unix.go (`isPermissibleC8dRuntimeName`).
fn is_shim(name: &str) -> bool {
    !name.contains('/') && !name.starts_with('.') && name.contains('.')
}

fn why(log: &str) -> String {
    format!("dockerd does not start: `{log}`. From 25.0 on `dockerd --validate` still reports OK.")
}

fn definition(name: &str) -> String {
    format!("Add it: `\"runtimes\": {{ \"{name}\": {{ \"path\": \"...\" }} }}`, or remove `default-runtime`.")
}

const HELP_RUNC: &str = "Give the runtime another name, and name it in `default-runtime`; \
                         or remove it: Docker has `runc` itself.";

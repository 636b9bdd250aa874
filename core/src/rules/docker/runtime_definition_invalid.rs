//! # `runtime-definition-invalid`
//!
//! A runtime with neither or both of `path` and `runtimeType`, or with what belongs to the other.
//!
//! ## Why
//!
//! 24.0 and later do not start: `runtime kata: cannot configure both path and runtimeType for the same runtime`, `either a runtimeType or a
//! path must be configured`, `options cannot be used with a path runtime` or `args cannot be used with a runtimeType runtime`.
//! `dockerd --validate` says OK all the same. Older releases read `path` and `runtimeArgs` alone.
//!
//! ## What to do
//!
//! Write `path` (with `runtimeArgs`) for a program that takes runc's commands, or `runtimeType` (with `options`) for a containerd
//! shim.
//!
//! ## Examples
//!
//! ```json bad
//! { "runtimes": { "kata": { "path": "/usr/bin/kata-runtime", "runtimeType": "io.containerd.kata.v2" } } }
//!                 ^^^^^^
//! ```
//!
//! ```json bad
//! { "runtimes": { "kata": {} } }
//!                 ^^^^^^
//! ```
//!
//! ```json good
//! { "runtimes": { "kata": { "runtimeType": "io.containerd.kata.v2" }, "nvidia": { "path": "nvidia-container-runtime", "runtimeArgs": [] } } }
//! ```
//!
//! ## References
//!
//! - moby/moby@docker-v29.7.2:daemon/runtime_unix.go (`setupRuntimes`); measured with 20.10.24, 24.0.9, 27.5.1, 28.5.2 and 29.7.2

use crate::docker;
use crate::rules::prelude::*;
use crate::syntax::Value;

pub(crate) const RULE: Rule = Rule {
    id: "runtime-definition-invalid",
    summary: "A runtime that is neither a program nor a shim, or both",
    run: Run::File(&[&docker::KIND], check),
    ..Rule::DEFAULTS
};

const CHECKED: Releases = Releases::docker("24..");

fn check(cx: &mut FileCx) {
    for entry in cx.root.get("runtimes").map(Node::entries).unwrap_or_default() {
        // The reserved name is told first.
        let object = matches!(entry.value.value, Value::Map(_)) || entry.value.is_null();
        if object && entry.key != "runc" {
            check_runtime(cx, entry);
        }
    }
}

fn check_runtime(cx: &mut FileCx, entry: &Entry) {
    let field = |name: &str| {
        let all = entry.value.entries().iter().rev();
        all.into_iter().find(|e| e.key.eq_ignore_ascii_case(name)).map(|e| &e.value)
    };
    let says = |name: &str| field(name).is_some_and(|node| node.as_str().is_some_and(|text| !text.is_empty()));
    let holds = |name: &str| field(name).is_some_and(|node| !node.items().is_empty() || !node.entries().is_empty());
    let name = entry.key.as_ref();
    let (message, words, help) = match (says("path"), says("runtimeType")) {
        (true, true) => (
            "has both `path` and `runtimeType`",
            "cannot configure both path and runtimeType for the same runtime",
            "Keep `path` for a program that takes runc's commands, or `runtimeType` for a containerd shim.",
        ),
        (false, false) => (
            "has neither `path` nor `runtimeType`",
            "either a runtimeType or a path must be configured",
            "Set `path` to its program, or `runtimeType` to its containerd shim.",
        ),
        (true, false) if holds("options") => (
            "has `options`, which go with `runtimeType`",
            "options cannot be used with a path runtime",
            "Give arguments in `runtimeArgs`, or use `runtimeType` instead of `path`.",
        ),
        (false, true) if holds("runtimeArgs") => (
            "has `runtimeArgs`, which go with `path`",
            "args cannot be used with a runtimeType runtime",
            "Remove `runtimeArgs`; a shim takes `options`.",
        ),
        _ => return,
    };
    let path = cx.path_of(entry);
    cx.report(entry.key_span, format!("the runtime `{name}` {message}"))
        .refused(CHECKED)
        .key(path)
        .why(format!(
            "24.0 and later do not start: `runtime {name}: {words}`. `dockerd --validate` says OK all the same. Older releases read `path` and `runtimeArgs` alone."
        ))
        .help(help);
}

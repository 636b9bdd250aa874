//! # `runtime-definition-invalid`
//!
//! A runtime with neither or both of `path` and `runtimeType`, or with a field of the other.
//!
//! ## Why
//!
//! 24.0 and later do not start: `runtime kata: cannot configure both path and runtimeType for the same runtime`,
//! `either a runtimeType or a path must be configured`, `options cannot be used with a path runtime` or `args cannot
//! be used with a runtimeType runtime`. `dockerd --validate` still reports OK. Older releases read `path` and
//! `runtimeArgs` alone.
//!
//! ## What to do
//!
//! Write `path` (with `runtimeArgs`) for a program that takes runc's commands, or `runtimeType` (with `options`) for
//! a containerd shim.
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
//! {
//!   "runtimes": {
//!     "kata": { "runtimeType": "io.containerd.kata.v2" },
//!     "nvidia": { "path": "nvidia-container-runtime", "runtimeArgs": [] }
//!   }
//! }
//! ```
//!
//! ## References
//!
//! - moby/moby@docker-v29.7.2:daemon/runtime_unix.go (`setupRuntimes`); measured with 20.10.24, 24.0.9, 27.5.1,
//!   28.5.2 and 29.7.2

use crate::docker;
use crate::docker::settings::field;
use crate::rules::prelude::*;
use crate::syntax::Value;

pub(crate) const RULE: Rule = Rule {
    id: "runtime-definition-invalid",
    summary: "Runtime that is neither a program nor a shim, or both",
    run: Run::File(&[&docker::KIND], check),
    ..Rule::DEFAULTS
};

const CHECKS_RUNTIMES: Releases = Releases::docker("24..");

/// What is wrong with a runtime.
struct BadRuntime {
    what: &'static str,
    log: &'static str,
    help: &'static str,
}

fn check(cx: &mut FileCx) {
    for entry in cx.settings().get("runtimes").map(Node::entries).unwrap_or_default() {
        let is_object = matches!(entry.value.value, Value::Map(_)) || entry.value.is_null();
        // The rule `default-runtime-missing` reports the reserved name.
        if !is_object || entry.key == "runc" {
            continue;
        }
        if let Some(fault) = fault(&entry.value) {
            let name = entry.key.as_ref();
            cx.report_key(entry, format!("the runtime `{name}` {}", fault.what))
                .refused(CHECKS_RUNTIMES)
                .why(why(name, fault.log))
                .help(fault.help);
        }
    }
}

fn fault(runtime: &Node) -> Option<&'static BadRuntime> {
    let is_text = |name: &str| field(runtime, name).and_then(Node::as_str).is_some_and(|text| !text.is_empty());
    let has_items =
        |name: &str| field(runtime, name).is_some_and(|node| !node.items().is_empty() || !node.entries().is_empty());
    match (is_text("path"), is_text("runtimeType")) {
        (true, true) => Some(&BOTH),
        (false, false) => Some(&NEITHER),
        (true, false) if has_items("options") => Some(&PROGRAM_WITH_OPTIONS),
        (false, true) if has_items("runtimeArgs") => Some(&SHIM_WITH_ARGUMENTS),
        _ => None,
    }
}

fn why(name: &str, log: &str) -> String {
    format!(
        "24.0 and later do not start: `runtime {name}: {log}`. `dockerd --validate` still reports OK. \
         Older releases read `path` and `runtimeArgs` alone."
    )
}

const BOTH: BadRuntime = BadRuntime {
    what: "has both `path` and `runtimeType`",
    log: "cannot configure both path and runtimeType for the same runtime",
    help: "Keep `path` for a program that takes runc's commands, or `runtimeType` for a containerd shim.",
};
const NEITHER: BadRuntime = BadRuntime {
    what: "has neither `path` nor `runtimeType`",
    log: "either a runtimeType or a path must be configured",
    help: "Set `path` to its program, or `runtimeType` to its containerd shim.",
};
const PROGRAM_WITH_OPTIONS: BadRuntime = BadRuntime {
    what: "has `options`, which need `runtimeType`",
    log: "options cannot be used with a path runtime",
    help: "Give arguments in `runtimeArgs`, or use `runtimeType` instead of `path`.",
};
const SHIM_WITH_ARGUMENTS: BadRuntime = BadRuntime {
    what: "has `runtimeArgs`, which need `path`",
    log: "args cannot be used with a runtimeType runtime",
    help: "Remove `runtimeArgs`; a shim takes `options`.",
};

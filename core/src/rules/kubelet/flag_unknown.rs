//! # `flag-unknown`
//!
//! A kubelet flag that no release ever had: a slip of the pen, or a field of the configuration file written as a flag.
//!
//! ## Why
//!
//! The kubelet does not start: `failed to parse kubelet flag: unknown flag: --max-parallel-image-pulls`. Newer settings have
//! no flag at all. crilint speaks only where it is sure what was meant; other names may be flags of a distribution.
//!
//! ## What to do
//!
//! Mend the name, or set the field in the configuration file.
//!
//! ## Examples
//!
//! ```sh bad
//! KUBELET_EXTRA_ARGS="--max-parallel-image-pulls=3"
//!                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```sh bad
//! KUBELET_EXTRA_ARGS="--container-runtime-endpiont=unix:///run/containerd/containerd.sock"
//!                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```sh bad
//! KUBELET_EXTRA_ARGS="--RotateKubeletServerCertificate=true"
//!                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```sh good
//! KUBELET_EXTRA_ARGS="--container-runtime-endpoint=unix:///run/containerd/containerd.sock --log-cache=3"
//! ```
//!
//! ## References
//!
//! - kubernetes/kubernetes@v1.36.0:cmd/kubelet/app/options/options.go

use crate::keys::{flags as table, gates, nearest, tables};
use crate::kubelet::values::as_flag;
use crate::rules::prelude::*;
use crate::systemd::flags;
use crate::systemd::flags::{Flag, Program};

pub(crate) const RULE: Rule = Rule {
    id: "flag-unknown",
    summary: "A flag that the kubelet never had",
    run: Run::File(&[&flags::KIND], check),
    ..Rule::DEFAULTS
};

/// Shorter names are too near to each other to guess.
const SHORTEST: usize = 8;

fn check(cx: &mut FileCx) {
    for flag in flags::flags(cx.file) {
        let long = flag.span.of(cx.doc().text).trim_start_matches(['"', '\'']).starts_with("--");
        let name = flag.name.replace('_', "-");
        if flag.program != Program::Kubelet
            || !long
            || name.contains(['$', '{', '%'])
            || table::kubelet(&name).is_some()
        {
            continue;
        }
        if let Some(field) = field(&name) {
            report(
                cx,
                &flag,
                format!("`{field}` has no flag"),
                format!("Set `{field}` in the kubelet's configuration file."),
            );
        } else if gates::find(flag.name).is_some() {
            let state = flag.value.unwrap_or("true");
            report(
                cx,
                &flag,
                format!("`{}` is a feature gate, and no flag", flag.name),
                format!("Set `{}: {state}` below `featureGates` in the kubelet's configuration file.", flag.name),
            );
        } else if let Some(close) = close(&name) {
            report(cx, &flag, format!("the kubelet knows no flag `--{name}`"), format!("Did you mean `--{close}`?"));
        }
    }
}

/// The field of the configuration file whose name this is with hyphens.
fn field(name: &str) -> Option<&'static str> {
    let fields = tables::KUBELET.root();
    let letters = name.bytes().filter(|b| *b != b'-').count();
    let found = fields.children().find(|place| place.name().len() == letters && as_flag(place.name()) == *name);
    found.map(crate::keys::Place::name)
}

fn close(name: &str) -> Option<&'static str> {
    if name.len() < SHORTEST {
        return None;
    }
    let all = table::kubelet_all().iter().map(table::Flag::name).filter(|n| n.len() >= SHORTEST);
    let close = nearest(name, all)?;
    // One slip, not a word more or less: `--image-service-endpoints` may be anybody's.
    let near = name.len().abs_diff(close.len()) <= 1;
    near.then_some(close)
}

fn report(cx: &mut FileCx, flag: &Flag, message: String, help: String) {
    cx.report(flag.span, message)
        .refused(Releases::ANY)
        .key(format!("--{}", flag.name))
        .why(format!("The kubelet does not start: `failed to parse kubelet flag: unknown flag: --{}`.", flag.name))
        .help(help);
}

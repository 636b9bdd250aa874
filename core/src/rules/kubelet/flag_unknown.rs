//! # `flag-unknown`
//!
//! A kubelet flag that no release has: a misspelled name, or a field of the configuration file written as a flag.
//!
//! ## Why
//!
//! The kubelet does not start: `failed to parse kubelet flag: unknown flag: --max-parallel-image-pulls`. Newer settings
//! have no flag.
//!
//! ## What to do
//!
//! Correct the name, or set the field in the configuration file.
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
//! KUBELET_EXTRA_ARGS="--container-runtime-endpoint=unix:///run/containerd/containerd.sock"
//! ```
//!
//! ## References
//!
//! - kubernetes/kubernetes@v1.36.0:cmd/kubelet/app/options/options.go

use crate::keys::flags::{KubeletFlag, kubelet, kubelet_all};
use crate::keys::{Place, gates, nearest, tables};
use crate::kubelet::command_line::own_flags;
use crate::kubelet::values::as_flag;
use crate::rules::prelude::*;
use crate::systemd::flags::{self, Flag};

pub(crate) const RULE: Rule = Rule {
    id: "flag-unknown",
    summary: "Flag that no kubelet has",
    run: Run::File(&[&flags::KIND], check),
    ..Rule::DEFAULTS
};

/// kubeadm has flags of its own, and so have wrappers.
const REMOVE: &str = "Remove the flag: older kubelets or another program, such as kubeadm, may have it.";

/// Shorter names are too near to each other for a guess.
const SHORTEST: usize = 8;

fn check(cx: &mut FileCx) {
    for flag in own_flags(cx.file) {
        let is_long = flag.span.of(cx.doc().text).trim_start_matches(['"', '\'']).starts_with("--");
        let name = flag.name.replace('_', "-");
        if !is_long || name.contains(['$', '{', '%']) || kubelet(&name).is_some() {
            continue;
        }
        if let Some(field) = field(&name) {
            let help = format!("Set `{field}` in the kubelet's configuration file.");
            report(cx, &flag, format!("`{field}` has no flag"), help);
        } else if gates::find(flag.name).is_some() {
            let state = flag.value.unwrap_or("true");
            let (gate, file) = (flag.name, "the kubelet's configuration file");
            let help = format!("Set `{gate}: {state}` below `featureGates` in {file}.");
            report(cx, &flag, format!("`{gate}` is a feature gate, not a flag"), help);
        } else {
            let message = format!("the kubelet does not have a flag `--{name}`");
            let help = close(&name).map_or_else(|| REMOVE.to_owned(), |close| format!("Did you mean `--{close}`?"));
            report(cx, &flag, message, help);
        }
    }
}

/// The field of the configuration file whose name this is with hyphens.
fn field(name: &str) -> Option<&'static str> {
    let letters = name.bytes().filter(|b| *b != b'-').count();
    let mut fields = tables::KUBELET.root().children().map(Place::name);
    fields.find(|field| field.len() == letters && as_flag(field) == *name)
}

fn close(name: &str) -> Option<&'static str> {
    if name.len() < SHORTEST {
        return None;
    }
    let close = nearest(name, kubelet_all().iter().map(KubeletFlag::name).filter(|n| n.len() >= SHORTEST))?;
    // One slip, not a word more or less: `--image-service-endpoints` may be a flag of a distribution.
    (name.len().abs_diff(close.len()) <= 1).then_some(close)
}

fn report(cx: &mut FileCx, flag: &Flag, message: String, help: String) {
    cx.report(flag.span, message)
        .refused(Releases::ANY)
        .key(format!("--{}", flag.name))
        .why(format!("The kubelet does not start: `failed to parse kubelet flag: unknown flag: --{}`.", flag.name))
        .help(help);
}

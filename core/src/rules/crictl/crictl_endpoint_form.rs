//! # `crictl-endpoint-form`
//!
//! An endpoint in `crictl.yaml` at which crictl finds no runtime.
//!
//! ## Why
//!
//! Every crictl command fails, mostly after waiting for its timeout. In `unix://run/containerd/containerd.sock` crictl takes
//! `run` for a host and dials `/containerd/containerd.sock`. dockershim went away with Kubernetes 1.24; Docker's own socket
//! speaks no CRI. A path without `unix://` works; releases before 1.36 call it deprecated.
//!
//! ## What to do
//!
//! containerd: `unix:///run/containerd/containerd.sock`. Docker with cri-dockerd: `unix:///run/cri-dockerd.sock`.
//!
//! ## Examples
//!
//! ```yaml bad
//! --- /etc/crictl.yaml
//! runtime-endpoint: unix:///var/run/dockershim.sock
//!                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```yaml bad
//! --- /etc/crictl.yaml
//! runtime-endpoint: unix://run/containerd/containerd.sock
//!                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```yaml fixed
//! --- /etc/crictl.yaml
//! runtime-endpoint: unix:///run/containerd/containerd.sock
//! ```
//!
//! ```yaml bad
//! --- /etc/crictl.yaml
//! runtime-endpoint: /run/containerd/containerd.sock
//!                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```yaml good
//! --- /etc/crictl.yaml
//! runtime-endpoint: unix:///run/containerd/containerd.sock
//! ```
//!
//! ## References
//!
//! - kubernetes-sigs/cri-tools#868, kubernetes-sigs/cri-tools#1089; measured with crictl 1.23.0, 1.30.0 and 1.36.0

use crate::crictl;
use crate::kubelet::endpoints::{CONTAINERD, CRI_DOCKERD, Fault, NO_DOCKERSHIM, fault, mended};
use crate::order;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "crictl-endpoint-form",
    summary: "crictl finds no runtime at its endpoint",
    fix: Some(Applicability::Safe),
    run: Run::File(&[&crictl::KIND], check),
    ..Rule::DEFAULTS
};

const KEYS: [&str; 2] = ["runtime-endpoint", "image-endpoint"];

fn check(cx: &mut FileCx) {
    let mut told: Option<String> = None;
    let root = cx.root;
    for entry in KEYS.into_iter().filter_map(|key| root.entry(key)) {
        let Some(text) = entry.value.as_str() else { continue };
        // The same slip in both is told once.
        if let Some(fault) = fault(text).filter(|_| told.as_deref() != Some(text)) {
            report(cx, entry, text, fault);
            told = Some(text.to_owned());
        }
    }
}

fn report(cx: &mut FileCx, entry: &Entry, text: &str, fault: Fault) {
    let message = match fault {
        Fault::NoScheme => format!("`{text}` lacks `unix://`"),
        Fault::TwoSlashes => format!("`{text}` has two slashes where three are needed"),
        Fault::NotUnix => format!("`{text}` is no Unix socket"),
        Fault::Dockershim => "dockershim's socket is gone with Kubernetes 1.24".to_owned(),
        Fault::Docker => format!("`{text}` is Docker's own API and speaks no CRI"),
    };
    let twins = KEYS.into_iter().filter_map(|key| cx.root.entry(key)).filter(|e| e.value.as_str() == Some(text));
    let source = cx.doc().text;
    let edits: Vec<_> = twins
        .filter_map(|e| {
            let new = mended(text, fault)?;
            Some(crate::syntax::edit::replace(&e.value, e.value.span.of(source).replacen(text, &new, 1)))
        })
        .collect();
    let mut edits = edits;
    order::by_key(&mut edits, |edit| edit.span);
    let fix = mended(text, fault)
        .filter(|_| !edits.is_empty())
        .map(|new| Fix::new(Applicability::Safe, format!("Write {new}"), edits))
        .map(|fix| if matches!(fault, Fault::NoScheme) { fix.keeping_meaning() } else { fix });
    let either =
        format!("With containerd write {CONTAINERD}. Docker needs cri-dockerd, whose socket is {CRI_DOCKERD}.");
    let finding = cx.report(entry.value.span, message);
    match fault {
        Fault::NoScheme => finding
            .advice(Releases::ANY)
            .why("crictl puts `unix://` in front; releases before 1.36 print that this is deprecated each time.")
            .help("Write the full form."),
        Fault::TwoSlashes => finding
            .failed(Releases::ANY)
            .why("crictl takes the first part of the path for a host and dials what is left, where nobody listens: every command fails.")
            .help("Write three slashes."),
        Fault::NotUnix => {
            finding.failed(Releases::ANY).why("Every command fails: `only support unix socket endpoint`.").help(either)
        }
        Fault::Dockershim => finding
            .failed(NO_DOCKERSHIM)
            .why("Nobody serves it any more: every command waits for the timeout and fails with `connect: no such file or directory` or `context deadline exceeded`.")
            .help(either),
        Fault::Docker => {
            finding.failed(Releases::ANY).why("Docker answers HTTP there, not CRI: every command fails.").help(either)
        }
    };
    finding.key(entry.key.as_ref()).maybe_fix(fix);
}

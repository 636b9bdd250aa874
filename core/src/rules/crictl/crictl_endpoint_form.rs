//! # `crictl-endpoint-form`
//!
//! An endpoint in `crictl.yaml` at which crictl does not find a runtime.
//!
//! ## Why
//!
//! Every crictl command fails, mostly after waiting for its timeout. In `unix://run/containerd/containerd.sock`
//! crictl reads `run` as a host and dials `/containerd/containerd.sock`. Kubernetes 1.24 removed dockershim; Docker's
//! own socket does not serve CRI. A path without `unix://` works; releases before 1.36 log that it is deprecated.
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
    summary: "Endpoint at which crictl does not find a runtime",
    fix: Some(Applicability::Safe),
    run: Run::File(&[&crictl::KIND], check),
    ..Rule::DEFAULTS
};

const KEYS: [&str; 2] = ["runtime-endpoint", "image-endpoint"];

fn check(cx: &mut FileCx) {
    let root = cx.root;
    let mut reported: Option<&str> = None;
    for entry in KEYS.into_iter().filter_map(|key| root.entry(key)) {
        let Some(endpoint) = entry.value.as_str() else { continue };
        // The same fault in both is one finding.
        if let Some(fault) = fault(endpoint)
            && reported != Some(endpoint)
        {
            report(cx, entry, endpoint, fault);
            reported = Some(endpoint);
        }
    }
}

fn report(cx: &mut FileCx, entry: &Entry, endpoint: &str, fault: Fault) {
    let (effect, releases) = match fault {
        Fault::NoScheme => (Effect::Advice, Releases::ANY),
        Fault::Dockershim => (Effect::Failed, NO_DOCKERSHIM),
        Fault::TwoSlashes | Fault::NotUnix | Fault::Docker => (Effect::Failed, Releases::ANY),
    };
    let fix = mended(endpoint, fault).and_then(|new| fix(cx, endpoint, &new, fault));
    cx.report(entry.value.span, message(endpoint, fault))
        .outcome(effect, releases)
        .key(entry.key.as_ref())
        .why(why(fault))
        .help(help(fault))
        .maybe_fix(fix);
}

/// The new endpoint under both keys, where both have the old one.
fn fix(cx: &FileCx, endpoint: &str, new: &str, fault: Fault) -> Option<Fix> {
    let text = cx.doc().text;
    let mut edits = vec![];
    for entry in KEYS.into_iter().filter_map(|key| cx.root.entry(key)) {
        if entry.value.as_str() == Some(endpoint) {
            edits.push(edit::replace(&entry.value, entry.value.span.of(text).replacen(endpoint, new, 1)));
        }
    }
    if edits.is_empty() {
        return None;
    }
    order::by_key(&mut edits, |edit| edit.span);
    let fix = Fix::new(Applicability::Safe, format!("Write {new}"), edits);
    Some(if fault == Fault::NoScheme { fix.keeping_meaning() } else { fix })
}

fn message(endpoint: &str, fault: Fault) -> String {
    match fault {
        Fault::NoScheme => format!("`{endpoint}` lacks `unix://`"),
        Fault::TwoSlashes => format!("`{endpoint}` has two slashes instead of three"),
        Fault::NotUnix => format!("`{endpoint}` is not a Unix socket"),
        Fault::Dockershim => "Kubernetes 1.24 removed dockershim and its socket".to_owned(),
        Fault::Docker => format!("`{endpoint}` is Docker's own API, which is not CRI"),
    }
}

fn why(fault: Fault) -> &'static str {
    match fault {
        Fault::NoScheme => {
            "crictl puts `unix://` in front; releases before 1.36 print that this is deprecated each time."
        }
        Fault::TwoSlashes => {
            "crictl reads the first part of the path as a host and dials the rest, where no runtime listens: \
             every command fails."
        }
        Fault::NotUnix => "Every command fails: `only support unix socket endpoint`.",
        Fault::Dockershim => {
            "No program serves the socket: every command waits for the timeout and fails with \
             `connect: no such file or directory` or `context deadline exceeded`."
        }
        Fault::Docker => "Docker answers HTTP there, not CRI: every command fails.",
    }
}

fn help(fault: Fault) -> String {
    match fault {
        Fault::NoScheme => "Write the full form.".to_owned(),
        Fault::TwoSlashes => "Write three slashes.".to_owned(),
        Fault::NotUnix | Fault::Dockershim | Fault::Docker => {
            format!("With containerd write {CONTAINERD}. Docker needs cri-dockerd, whose socket is {CRI_DOCKERD}.")
        }
    }
}

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
use crate::kubelet::endpoints::{CONTAINERD, CRI_DOCKERD, EndpointFault, fault, recovered};
use crate::kubelet::eras::LACKS_DOCKERSHIM;
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

fn report(cx: &mut FileCx, entry: &Entry, endpoint: &str, fault: EndpointFault) {
    let (effect, releases) = match fault {
        EndpointFault::NoScheme => (Effect::Advice, Releases::ANY),
        EndpointFault::Dockershim => (Effect::Failed, LACKS_DOCKERSHIM),
        EndpointFault::TwoSlashes | EndpointFault::NotUnix | EndpointFault::Docker => (Effect::Failed, Releases::ANY),
    };
    let fix = recovered(endpoint, fault).and_then(|new| fix(cx, endpoint, &new, fault));
    cx.report(entry.value.span, message(endpoint, fault))
        .outcome(effect, releases)
        .key(entry.key.as_ref())
        .why(why(fault))
        .help(help(fault))
        .maybe_fix(fix);
}

/// The new endpoint under both keys, where both have the old one.
fn fix(cx: &FileCx, endpoint: &str, new: &str, fault: EndpointFault) -> Option<Fix> {
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
    Some(if fault == EndpointFault::NoScheme { fix.keeping_meaning() } else { fix })
}

fn message(endpoint: &str, fault: EndpointFault) -> String {
    match fault {
        EndpointFault::NoScheme => format!("`{endpoint}` lacks `unix://`"),
        EndpointFault::TwoSlashes => format!("`{endpoint}` has two slashes instead of three"),
        EndpointFault::NotUnix => format!("`{endpoint}` is not a Unix socket"),
        EndpointFault::Dockershim => "Kubernetes 1.24 removed dockershim and its socket".to_owned(),
        EndpointFault::Docker => format!("`{endpoint}` is Docker's own API, which is not CRI"),
    }
}

fn why(fault: EndpointFault) -> &'static str {
    match fault {
        EndpointFault::NoScheme => {
            "crictl puts `unix://` in front; releases before 1.36 print that this is deprecated each time."
        }
        EndpointFault::TwoSlashes => {
            "crictl reads the first part of the path as a host and dials the rest, where no runtime listens: \
             every command fails."
        }
        EndpointFault::NotUnix => "Every command fails: `only support unix socket endpoint`.",
        EndpointFault::Dockershim => {
            "No program serves the socket: every command waits for the timeout and fails with \
             `connect: no such file or directory` or `context deadline exceeded`."
        }
        EndpointFault::Docker => "Docker answers HTTP there, not CRI: every command fails.",
    }
}

fn help(fault: EndpointFault) -> String {
    match fault {
        EndpointFault::NoScheme => "Write the full form.".to_owned(),
        EndpointFault::TwoSlashes => "Write three slashes.".to_owned(),
        EndpointFault::NotUnix | EndpointFault::Dockershim | EndpointFault::Docker => {
            format!("With containerd write {CONTAINERD}. Docker needs cri-dockerd, whose socket is {CRI_DOCKERD}.")
        }
    }
}

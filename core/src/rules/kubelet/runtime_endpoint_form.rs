//! # `runtime-endpoint-form`
//!
//! The kubelet's CRI endpoint is no Unix socket that a runtime could serve: two slashes, TCP, dockershim or Docker itself.
//!
//! ## Why
//!
//! The kubelet connects to the runtime before anything else and exits if nobody answers: `validate CRI v1 runtime API`.
//! In `unix://run/containerd/containerd.sock` it takes `run` for a host. dockershim went away with 1.24, and Docker's own
//! socket never spoke CRI. A path without `unix://` works and is announced to go.
//!
//! ## What to do
//!
//! containerd: `unix:///run/containerd/containerd.sock`. Docker needs cri-dockerd: `unix:///run/cri-dockerd.sock`.
//!
//! ## Examples
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! containerRuntimeEndpoint: unix://run/containerd/containerd.sock
//!                           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```yaml fixed
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! containerRuntimeEndpoint: unix:///run/containerd/containerd.sock
//! ```
//!
//! ```sh bad
//! KUBELET_KUBEADM_ARGS="--container-runtime-endpoint=unix:///var/run/dockershim.sock"
//!                                                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! containerRuntimeEndpoint: /run/containerd/containerd.sock
//!                           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```yaml good
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! containerRuntimeEndpoint: unix:///run/containerd/containerd.sock
//! ```
//!
//! ## References
//!
//! - kubernetes/kubernetes@v1.36.0:staging/src/k8s.io/cri-client/pkg/util/util_unix.go, kubernetes-sigs/cri-tools#868
//! - Mirantis/cri-dockerd:packaging/systemd/cri-docker.socket

use crate::kubelet;
use crate::kubelet::endpoints::{CONTAINERD, CRI_DOCKERD, Fault, NO_DOCKERSHIM, fault, mended};
use crate::kubelet::values::{Setting, settings};
use crate::rules::prelude::*;
use crate::systemd::flags;

pub(crate) const RULE: Rule = Rule {
    id: "runtime-endpoint-form",
    summary: "The kubelet's CRI endpoint is no socket of a runtime",
    fix: Some(Applicability::Safe),
    run: Run::File(&[&kubelet::KIND, &flags::KIND], check),
    ..Rule::DEFAULTS
};

/// They have the field; the flag is older.
const IN_FILE: Releases = Releases::kubernetes("1.27..");

fn check(cx: &mut FileCx) {
    for setting in settings(cx, &["containerRuntimeEndpoint"], "container-runtime-endpoint") {
        if let Some(fault) = fault(&setting.text) {
            report(cx, &setting, fault);
        }
    }
}

fn report(cx: &mut FileCx, setting: &Setting, fault: Fault) {
    let text = setting.text.as_ref();
    let written = setting.span.of(cx.doc().text);
    let fix = mended(text, fault)
        .filter(|_| written.contains(text))
        .map(|new| Fix::safe(format!("Write {new}"), setting.span, written.replacen(text, &new, 1)))
        .map(|fix| if matches!(fault, Fault::NoScheme) { fix.keeping_meaning() } else { fix });
    let message = match fault {
        Fault::NoScheme => format!("`{text}` lacks `unix://`"),
        Fault::TwoSlashes => format!("`{text}` has two slashes where three are needed"),
        Fault::NotUnix => format!("`{text}` is no Unix socket"),
        Fault::Dockershim => "dockershim's socket is gone with Kubernetes 1.24".to_owned(),
        Fault::Docker => format!("`{text}` is Docker's own API and speaks no CRI"),
    };
    let either =
        format!("With containerd write {CONTAINERD}. Docker needs cri-dockerd, whose socket is {CRI_DOCKERD}.");
    let all = if setting.node.is_some() { IN_FILE } else { Releases::ANY };
    let finding = cx.report(setting.span, message);
    match fault {
        Fault::NoScheme => finding
            .advice(all)
            .why("The kubelet puts `unix://` in front and logs `Using this endpoint is deprecated, please consider using full URL format`.")
            .help("Write the full form."),
        Fault::TwoSlashes => finding
            .refused(all)
            .why("The kubelet takes the first part of the path for a host and connects to what is left, where nobody listens: it exits with `validate CRI v1 runtime API`.")
            .help("Write three slashes."),
        Fault::NotUnix => finding.refused(all).why("The kubelet does not start: `only support unix socket endpoint`.").help(either),
        Fault::Dockershim => finding
            .refused(NO_DOCKERSHIM.and(all))
            .why("Nobody serves it since the kubelet's dockershim was removed: the kubelet exits with `validate CRI v1 runtime API`.")
            .help(either),
        Fault::Docker => finding
            .refused(all)
            .why("The kubelet does not start: `validate CRI v1 runtime API`. Docker's socket answers HTTP, not CRI.")
            .help(either),
    };
    finding.key(setting.key.clone()).maybe_fix(fix);
}

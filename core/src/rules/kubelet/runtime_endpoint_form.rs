//! # `runtime-endpoint-form`
//!
//! A CRI endpoint that is not a Unix socket of a runtime: two slashes, TCP, dockershim or Docker itself.
//!
//! ## Why
//!
//! The kubelet connects to the runtime before anything else and exits without an answer: `validate CRI v1 runtime API`.
//! In `unix://run/containerd/containerd.sock` it reads `run` as a host. Kubernetes 1.24 removed dockershim, and
//! Docker's own socket does not serve CRI. A path without `unix://` works and is deprecated.
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
use crate::kubelet::endpoints::{CONTAINERD, CRI_DOCKERD, EndpointFault, fault, recovered};
use crate::kubelet::eras::LACKS_DOCKERSHIM;
use crate::kubelet::settings::written;
use crate::rules::prelude::*;
use crate::systemd::flags;

pub(crate) const RULE: Rule = Rule {
    id: "runtime-endpoint-form",
    summary: "CRI endpoint that is not a socket of a runtime",
    fix: Some(Applicability::Safe),
    run: Run::File(&[&kubelet::KIND, &flags::KIND], check),
    ..Rule::DEFAULTS
};

/// The fields that name a socket of a runtime. Source: kubernetes/kubernetes@v1.36.0:pkg/kubelet/kubelet.go
/// (`PreInitRuntimeService`).
const ENDPOINTS: [&str; 2] = ["containerRuntimeEndpoint", "imageServiceEndpoint"];

fn check(cx: &mut FileCx) {
    for path in ENDPOINTS {
        for setting in written(cx, path) {
            if let Some(fault) = fault(&setting.text) {
                report(cx, &setting, fault);
            }
        }
    }
}

fn report(cx: &mut FileCx, setting: &WrittenSetting, fault: EndpointFault) {
    let endpoint = setting.text.as_ref();
    let written = setting.value_span.of(cx.doc().text);
    let fix = recovered(endpoint, fault).filter(|_| written.contains(endpoint)).map(|new| {
        let fix = Fix::safe(format!("Write {new}"), setting.value_span, written.replacen(endpoint, &new, 1));
        if fault == EndpointFault::NoScheme { fix.keeping_meaning() } else { fix }
    });
    let finding = cx.report(setting.value_span, message(endpoint, fault));
    match fault {
        EndpointFault::NoScheme => finding.advice(setting.releases),
        // Which program listens there is not in the file.
        EndpointFault::Dockershim => finding.harmful(LACKS_DOCKERSHIM.and(setting.releases)),
        _ => finding.refused(setting.releases),
    };
    finding.key(setting.path.as_str()).why(why(fault)).help(help(fault)).maybe_fix(fix);
}

fn message(endpoint: &str, fault: EndpointFault) -> String {
    match fault {
        EndpointFault::NoScheme => format!("`{endpoint}` lacks `unix://`"),
        EndpointFault::TwoSlashes => format!("`{endpoint}` has two slashes instead of three"),
        EndpointFault::NotUnix => format!("`{endpoint}` is not a Unix socket"),
        EndpointFault::Dockershim => "Kubernetes 1.24 removed dockershim's socket".to_owned(),
        EndpointFault::Docker => format!("`{endpoint}` is Docker's own API, not CRI"),
    }
}

fn why(fault: EndpointFault) -> &'static str {
    match fault {
        EndpointFault::NoScheme => {
            "The kubelet adds `unix://` and logs `Using this endpoint is deprecated, please consider using \
             full URL format`."
        }
        EndpointFault::TwoSlashes => {
            "The kubelet reads the first part of the path as a host and connects to the rest, where no runtime \
             listens: it exits with `validate CRI v1 runtime API`."
        }
        EndpointFault::NotUnix => "The kubelet does not start: `only support unix socket endpoint`.",
        EndpointFault::Dockershim => {
            "No program of Kubernetes serves this socket since 1.24. Where no other one listens there, the kubelet \
             exits with `validate CRI v1 runtime API`."
        }
        EndpointFault::Docker => {
            "The kubelet does not start: `validate CRI v1 runtime API`. Docker's socket serves HTTP, not CRI."
        }
    }
}

fn help(fault: EndpointFault) -> String {
    match fault {
        EndpointFault::NoScheme => "Write the full form.".to_owned(),
        EndpointFault::TwoSlashes => "Write three slashes.".to_owned(),
        _ => format!("With containerd write {CONTAINERD}. Docker needs cri-dockerd, whose socket is {CRI_DOCKERD}."),
    }
}

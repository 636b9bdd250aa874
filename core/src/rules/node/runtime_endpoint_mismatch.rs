//! # `runtime-endpoint-mismatch`
//!
//! An endpoint of the kubelet or crictl that is not containerd's socket.
//!
//! ## Why
//!
//! The kubelet exits, because no runtime answers at its endpoint: `validate CRI v1 runtime API ... no such file or
//! directory`. crictl shows what another runtime runs, or nothing.
//!
//! ## What to do
//!
//! Name the same socket everywhere. `/var/run` and `/run` are the same place.
//!
//! ## Examples
//!
//! ```yaml bad
//! --- /var/lib/kubelet/config.yaml
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! containerRuntimeEndpoint: unix:///run/containerd/containerd.sock
//!                           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
//! --- /etc/containerd/config.toml
//! version = 2
//! [grpc]
//!   address = "/data/containerd/containerd.sock"
//! ```
//!
//! ```yaml bad
//! --- /etc/crictl.yaml
//! runtime-endpoint: unix:///run/crio/crio.sock
//!                   ^^^^^^^^^^^^^^^^^^^^^^^^^^
//! --- /var/lib/kubelet/config.yaml
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! containerRuntimeEndpoint: unix:///run/containerd/containerd.sock
//! ```
//!
//! ```yaml good
//! --- /var/lib/kubelet/config.yaml
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! containerRuntimeEndpoint: unix:///var/run/containerd/containerd.sock
//! --- /etc/containerd/config.toml
//! version = 2
//! [grpc]
//!   address = "/run/containerd/containerd.sock"
//! --- /etc/crictl.yaml
//! runtime-endpoint: /run/containerd/containerd.sock
//! ```
//!
//! ## References
//!
//! - kubernetes-sigs/cri-tools#868, Mirantis/cri-dockerd#427
//! - kubernetes/kubernetes@v1.36.0:cmd/kubelet/app/options/options.go

use crate::kubelet::endpoints::{EndpointFault, fault, path};
use crate::node::one_node::is_one_node;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "runtime-endpoint-mismatch",
    summary: "Endpoint of the kubelet or crictl is not containerd's socket",
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut NodeCx) {
    let loaded = cx.loaded;
    let Some((endpoint, file, span)) = loaded.facts.kubelet_endpoint().placed() else { return };
    if is_one_node(loaded) && !endpoint.is_empty() && !endpoint.contains('$') {
        check_kubelet(cx, endpoint, file, span);
        check_crictl(cx, endpoint, file, span);
    }
}

/// Whether an endpoint has a fault that another rule reports.
fn is_faulty(endpoint: &str) -> bool {
    fault(endpoint).is_some_and(|fault| fault != EndpointFault::NoScheme)
}

fn check_kubelet(cx: &mut NodeCx, endpoint: &str, file: usize, span: Span) {
    let loaded = cx.loaded;
    let Some((socket, other, place)) = loaded.facts.containerd_socket.placed() else { return };
    // Another runtime is the user's choice.
    if !endpoint.contains("containerd") || is_faulty(endpoint) || socket.is_empty() || path(endpoint) == path(socket) {
        return;
    }
    let message = format!("the kubelet looks for containerd at {}, but containerd serves {socket}", path(endpoint));
    cx.report(file, span, message)
        .refused(Releases::ANY)
        .key("containerRuntimeEndpoint")
        .why(WHY_KUBELET)
        .help(format!("Write unix://{socket} for the kubelet, or change the address of containerd."))
        .label_in(other, place, "the socket that containerd serves");
}

fn check_crictl(cx: &mut NodeCx, endpoint: &str, other: usize, place: Span) {
    let facts = &cx.loaded.facts;
    let own = facts.crictl_runtime_endpoint.placed().or(facts.crictl_image_endpoint.placed());
    let Some((own, file, span)) = own else { return };
    if own.is_empty() || is_faulty(own) || path(own) == path(endpoint) {
        return;
    }
    cx.report(file, span, format!("crictl talks to {}, but the kubelet to {}", path(own), path(endpoint)))
        .advice(Releases::ANY)
        .key("runtime-endpoint")
        .why("crictl shows the pods and images of that runtime, not those of the kubelet.")
        .help(format!("Write {endpoint} here, to see what the kubelet sees."))
        .label_in(other, place, "the kubelet's endpoint");
}

const WHY_KUBELET: &str = "The kubelet exits, because no runtime answers there: `validate CRI v1 runtime API for \
    endpoint ... no such file or directory`.";

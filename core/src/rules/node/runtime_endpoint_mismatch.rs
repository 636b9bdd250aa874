//! # `runtime-endpoint-mismatch`
//!
//! The kubelet or crictl looks for containerd at another socket than the one containerd serves.
//!
//! ## Why
//!
//! The kubelet exits, because nobody answers at its endpoint: `validate CRI v1 runtime API ... no such file or
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

use crate::kubelet::endpoints::{fault, path};
use crate::node::one_node::is_one_node;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "runtime-endpoint-mismatch",
    summary: "The kubelet or crictl looks for containerd at another socket",
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut NodeCx) {
    if is_one_node(cx.loaded) {
        check_kubelet(cx);
        check_crictl(cx);
    }
}

/// The endpoint that the kubelet uses, with its place: the flag wins.
fn kubelet(cx: &NodeCx) -> Option<(String, usize, Span)> {
    let facts = cx.facts();
    let said = facts.runtime_endpoint_flag.said().or(facts.runtime_endpoint.said());
    said.filter(|(text, ..)| !text.is_empty() && !text.contains('$'))
        .map(|(text, file, span)| (text.clone(), file, span))
}

fn check_kubelet(cx: &mut NodeCx) {
    let Some((endpoint, file, span)) = kubelet(cx) else { return };
    let Some((socket, other, place)) = cx.facts().containerd_socket.said() else { return };
    // Another runtime is the user's choice; a wrong form is another rule's.
    let other_runtime = !endpoint.contains("containerd")
        || fault(&endpoint).is_some_and(|f| f != crate::kubelet::endpoints::Fault::NoScheme);
    if other_runtime || socket.is_empty() || path(&endpoint) == path(socket) {
        return;
    }
    let (message, help) = (
        format!("the kubelet looks for containerd at {}, and containerd serves {socket}", path(&endpoint)),
        format!("Write unix://{socket} for the kubelet, or change the address of containerd."),
    );
    cx.report(file, span, message)
        .refused(Releases::ANY)
        .key("containerRuntimeEndpoint")
        .why("The kubelet exits, because nobody answers there: `validate CRI v1 runtime API for endpoint ... no such file or directory`.")
        .help(help)
        .label_in(other, place, "the socket that containerd serves");
}

fn check_crictl(cx: &mut NodeCx) {
    let Some((endpoint, other, place)) = kubelet(cx) else { return };
    let facts = cx.facts();
    let Some((own, file, span)) = facts.crictl_runtime_endpoint.said().or(facts.crictl_image_endpoint.said()) else {
        return;
    };
    if own.is_empty()
        || fault(own).is_some_and(|f| f != crate::kubelet::endpoints::Fault::NoScheme)
        || path(own) == path(&endpoint)
    {
        return;
    }
    let message = format!("crictl talks to {}, and the kubelet to {}", path(own), path(&endpoint));
    let help = format!("Write {endpoint} here, to see what the kubelet sees.");
    cx.report(file, span, message)
        .advice(Releases::ANY)
        .key("runtime-endpoint")
        .why("crictl shows the pods and images of that runtime: not those of the kubelet.")
        .help(help)
        .label_in(other, place, "the kubelet's endpoint");
}

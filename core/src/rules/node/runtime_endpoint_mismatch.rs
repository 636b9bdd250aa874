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

use crate::containerd::on_node::{SOCKET, values};
use crate::crictl;
use crate::kind::{NodeValue, SettingPlace, ValueSource};
use crate::kubelet::endpoints::{EndpointFault, fault, path};
use crate::kubelet::on_node::{endpoints, place_of_default};
use crate::node::one_node::is_one_node;
use crate::rules::prelude::*;
use crate::systemd::flags::{self, Program};

pub(crate) const RULE: Rule = Rule {
    id: "runtime-endpoint-mismatch",
    summary: "Endpoint of the kubelet or crictl is not containerd's socket",
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut NodeCx) {
    if !is_one_node(cx.loaded) {
        return;
    }
    let mut sockets = values(cx.loaded, &SOCKET);
    // A unit that is not among the files may have `--address`.
    let has_unit = flags::starts(&cx.loaded.files, Program::Containerd).is_some();
    sockets.retain(|socket| socket.source != ValueSource::Default || has_unit);
    let loaded = cx.loaded;
    let endpoints = endpoints(loaded);
    for endpoint in endpoints {
        let releases = Releases::ANY.with(Product::Kubernetes, endpoint.releases);
        for socket in &sockets {
            check_kubelet(cx, endpoint, socket, releases.with(Product::Containerd, socket.releases));
        }
    }
    let Some((own, place)) = crictl::endpoint(cx.loaded) else { return };
    match endpoints {
        [] => sockets.iter().for_each(|socket| check_crictl(cx, own, place, socket, Product::Containerd)),
        [endpoint, ..] => check_crictl(cx, own, place, endpoint, Product::Kubernetes),
    }
}

/// Whether an endpoint is not compared: it has a fault that another rule reports, or it is not known.
fn is_left(endpoint: &str) -> bool {
    endpoint.is_empty()
        || endpoint.contains('$')
        || fault(endpoint).is_some_and(|fault| fault != EndpointFault::NoScheme)
}

fn check_kubelet(cx: &mut NodeCx, endpoint: &NodeValue, socket: &NodeValue, releases: Releases) {
    let (wanted, served) = (path(&endpoint.text), path(&socket.text));
    // Another runtime is the user's choice.
    if !wanted.contains("containerd") || is_left(&endpoint.text) || served.is_empty() || wanted == served {
        return;
    }
    let (Some(wrong), right) = (endpoint.source.place().or_else(|| place_of_default(cx.loaded)), socket.source.place())
    else {
        return;
    };
    let message = format!("the kubelet looks for containerd at {wanted}, but containerd serves {}", socket.text);
    let finding = cx.report(wrong.file, wrong.value, message);
    finding
        .refused(releases)
        .key("containerRuntimeEndpoint")
        .why(WHY_KUBELET)
        .help(format!("Write unix://{} for the kubelet, or change the address of containerd.", socket.text));
    match (right, socket.default_of(Product::Containerd)) {
        (Some(right), _) => finding.label_in(right.file, right.value, "the socket that containerd serves"),
        (None, Some(default)) => finding.label(wrong.value, format!("{} is the {default}", socket.text)),
        (None, None) => finding,
    };
    if let Some(default) = endpoint.default_of(Product::Kubernetes) {
        finding.label(wrong.value, format!("the kubelet has {wanted}, the {default}"));
    }
}

fn check_crictl(cx: &mut NodeCx, own: &str, place: SettingPlace, other: &NodeValue, product: Product) {
    let is_same = path(own) == path(&other.text);
    // Without a kubelet, crictl may be meant for another runtime.
    let is_other_runtime = product == Product::Containerd && !own.contains("containerd");
    if is_left(own) || is_left(&other.text) || is_same || is_other_runtime {
        return;
    }
    let (verb, right, whose) = match product {
        Product::Containerd => ("containerd serves", format!("unix://{}", other.text), "the socket of containerd"),
        _ => ("the kubelet to", other.text.clone(), "the kubelet's endpoint"),
    };
    let message = format!("crictl talks to {}, but {verb} {}", path(own), path(&other.text));
    let finding = cx.report(place.file, place.value, message);
    finding
        .advice(Releases::ANY.with(product, other.releases))
        .key("runtime-endpoint")
        .why(if product == Product::Containerd { WHY_CRICTL_ALONE } else { WHY_CRICTL })
        .help(format!("Write {right} here, to see what the kubelet sees."));
    match (other.source.place(), other.default_of(product)) {
        (Some(right), _) => finding.label_in(right.file, right.value, whose),
        (None, Some(default)) => finding.label(place.value, format!("{} is the {default}", path(&other.text))),
        (None, None) => finding,
    };
}

const WHY_KUBELET: &str = "The kubelet exits, because no runtime answers there: `validate CRI v1 runtime API for \
    endpoint ... no such file or directory`.";
const WHY_CRICTL: &str = "crictl shows the pods and images of that runtime, not those of the kubelet.";
const WHY_CRICTL_ALONE: &str = "crictl finds no runtime there, or another one.";

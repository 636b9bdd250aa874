//! # `log-limits-unused`
//!
//! Log limits of the kubelet on a node whose containers Docker runs.
//!
//! ## Why
//!
//! `containerLogMaxSize` and `containerLogMaxFiles` hold for runtimes behind CRI. With dockershim, up to Kubernetes
//! 1.23, Docker writes the logs of containers and rotates them by its own `log-opts`: without these, the logs grow
//! until the disk is full.
//!
//! ## What to do
//!
//! Set `max-size` and `max-file` in the `log-opts` of `daemon.json`.
//!
//! ## Examples
//!
//! ```yaml bad kubernetes=1.22
//! --- /var/lib/kubelet/config.yaml
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! cgroupDriver: systemd
//! containerLogMaxSize: 50Mi
//! ^^^^^^^^^^^^^^^^^^^
//! --- /etc/docker/daemon.json
//! {"exec-opts": ["native.cgroupdriver=systemd"], "log-driver": "local"}
//! ```
//!
//! ```yaml good kubernetes=1.22
//! --- /var/lib/kubelet/config.yaml
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! cgroupDriver: systemd
//! --- /etc/docker/daemon.json
//! {"exec-opts": ["native.cgroupdriver=systemd"], "log-opts": {"max-size": "50m", "max-file": "3"}}
//! ```
//!
//! ## References
//!
//! - kubernetes/kubernetes#106855
//! - kubernetes/kubernetes@v1.23.0:pkg/kubelet/kubelet.go (`NewMainKubelet`: the log manager is for
//!   `kubetypes.RemoteContainerRuntime`)

use crate::kind::{NodeValue, SettingPlace};
use crate::kubelet::on_node::values;
use crate::node::one_node::is_one_node;
use crate::node::runtime::uses_docker;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "log-limits-unused",
    summary: "Log limits of the kubelet that do not hold for Docker's containers",
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

/// Has dockershim.
const HAS_DOCKERSHIM: Releases = Releases::kubernetes("..1.23");

fn check(cx: &mut NodeCx) {
    if !is_one_node(cx.loaded) || !uses_docker(cx.loaded) {
        return;
    }
    let limits = ["containerLogMaxSize", "containerLogMaxFiles"].map(|name| (name, values(cx.loaded, name)));
    let place = |value: &NodeValue| Some((value.source.place()?, value.releases));
    let written = limits.iter().filter_map(|(name, values)| Some((*name, values.iter().find_map(place)?)));
    let mut written: Vec<(&str, (SettingPlace, ReleaseSet))> = written.collect();
    let Some((name, (first, releases))) = (!written.is_empty()).then(|| written.remove(0)) else { return };
    let message = format!("`{name}` has no effect: Docker writes the logs of this node");
    let finding = cx.report(first.file, first.key, message);
    finding
        .ignored(HAS_DOCKERSHIM.and(Releases::ANY.with(Product::Kubernetes, releases)))
        .key(name)
        .why("With dockershim the kubelet does not rotate logs: Docker does, by the `log-opts` of its own file.")
        .help("Set `max-size` and `max-file` in the `log-opts` of daemon.json.");
    for (_, (other, _)) in written {
        finding.label_in(other.file, other.key, "the same here");
    }
}

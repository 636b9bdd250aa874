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

use crate::kind::Fact;
use crate::node::one_node::is_one_node;
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
    let facts = cx.facts();
    if !is_one_node(cx.loaded) || !facts.kubelet_uses_docker() {
        return;
    }
    let place = |name, fact: &Fact<String>| fact.placed().map(|(_, file, span)| (name, file, span));
    let size = place("containerLogMaxSize", &facts.log_max_size);
    let files = place("containerLogMaxFiles", &facts.log_max_files);
    let Some((name, file, span)) = size.or(files) else { return };
    let other = files.filter(|_| size.is_some());
    let finding = cx.report(file, span, format!("`{name}` has no effect: Docker writes the logs of this node"));
    finding
        .ignored(HAS_DOCKERSHIM)
        .key(name)
        .why("With dockershim the kubelet does not rotate logs: Docker does, by the `log-opts` of its own file.")
        .help("Set `max-size` and `max-file` in the `log-opts` of daemon.json.");
    if let Some((_, file, span)) = other {
        finding.label_in(file, span, "the same here");
    }
}

//! # `cni-dirs-lost`
//!
//! CNI folders in the kubelet's flags that containerd does not use.
//!
//! ## Why
//!
//! `--cni-bin-dir` and `--cni-conf-dir` were for dockershim alone: containerd never read them, and has folders of its
//! own, `/opt/cni/bin` and `/etc/cni/net.d` by default. After the move the node stays NotReady: `container runtime
//! network not ready: ... cni plugin not initialized`.
//!
//! ## What to do
//!
//! Set the folders in the `cni` table of containerd's CRI plugin, and remove the flags.
//!
//! ## Examples
//!
//! ```sh bad kubernetes=1.23
//! --- /var/lib/kubelet/kubeadm-flags.env
//! KUBELET_KUBEADM_ARGS="--container-runtime=remote --cni-bin-dir=/opt/k8s/cni"
//!                                                                ^^^^^^^^^^^^
//! --- /etc/containerd/config.toml
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri".cni]
//!   conf_dir = "/etc/cni/net.d"
//! ```
//!
//! ```sh good kubernetes=1.23
//! --- /var/lib/kubelet/kubeadm-flags.env
//! KUBELET_KUBEADM_ARGS="--container-runtime=remote --cni-bin-dir=/opt/k8s/cni"
//! --- /etc/containerd/config.toml
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri".cni]
//!   bin_dir = "/opt/k8s/cni/"
//! ```
//!
//! ## References
//!
//! - kubernetes/minikube#13945, kubernetes/kubeadm#1347, cilium/cilium#21311

use crate::containerd::on_node::{CNI_BIN, CNI_CONF, DaemonSetting, values};
use crate::kind::NodeValue;
use crate::kubelet::on_node::{flag_values, written_endpoint};
use crate::node::one_node::is_one_node;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "cni-dirs-lost",
    summary: "CNI folders of the kubelet's flags that containerd does not use",
    category: Category::Migration,
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

/// A folder as the kubelet's flag and containerd's key name it.
struct CniFolder {
    flag: &'static str,
    key: &'static str,
    setting: &'static DaemonSetting,
}

const FOLDERS: [CniFolder; 2] = [
    CniFolder { flag: "--cni-bin-dir", key: "bin_dir", setting: &CNI_BIN },
    CniFolder { flag: "--cni-conf-dir", key: "conf_dir", setting: &CNI_CONF },
];

fn check(cx: &mut NodeCx) {
    let uses_other_runtime = written_endpoint(cx.loaded).is_some_and(|(endpoint, _)| !endpoint.contains("containerd"));
    if uses_other_runtime || !is_one_node(cx.loaded) {
        return;
    }
    for folder in &FOLDERS {
        for flag in flag_values(cx.loaded, folder.flag.trim_start_matches('-')) {
            let used = values(cx.loaded, folder.setting);
            compare(cx, folder, &flag, &used);
        }
    }
}

/// Reports a folder that no release of containerd uses.
fn compare(cx: &mut NodeCx, folder: &CniFolder, flag: &NodeValue, used: &[NodeValue]) {
    let (Some(place), [first, ..]) = (flag.source.place(), used) else { return };
    let is_used =
        |used: &NodeValue| flag.text.split(',').any(|wanted| used.text.split(',').any(|used| is_same(wanted, used)));
    if flag.text.is_empty() || used.iter().any(is_used) {
        return;
    }
    let message = format!("`{}` is {}, but containerd looks in {}", folder.flag, flag.text, first.text);
    let finding = cx.report(place.file, place.value, message);
    finding.harmful(Releases::ANY.with(Product::Kubernetes, flag.releases));
    finding.key(folder.flag).why(WHY).help(help(folder.key, &flag.text));
    match (first.source.place(), first.default_of(Product::Containerd)) {
        (Some(right), _) => finding.label_in(right.file, right.value, "where containerd looks"),
        (None, default) => finding.label(place.value, format!("{} is the {}", first.text, default.unwrap_or_default())),
    };
}

fn is_same(a: &str, b: &str) -> bool {
    a.trim_end_matches('/') == b.trim_end_matches('/')
}

fn help(key: &str, folder: &str) -> String {
    format!("Set `{key} = \"{folder}\"` in the `cni` table of containerd's CRI plugin, and remove the flag.")
}

const WHY: &str = "The flag is for dockershim: containerd does not read it. Without plugins and networks in its own \
    folders the node stays NotReady with `cni plugin not initialized`.";

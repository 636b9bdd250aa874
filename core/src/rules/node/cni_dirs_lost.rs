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

use crate::containerd;
use crate::containerd::cri::Cri;
use crate::kind::{Fact, File};
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
    default: &'static str,
}

const BIN: CniFolder = CniFolder { flag: "--cni-bin-dir", key: "bin_dir", default: "/opt/cni/bin" };
const CONF: CniFolder = CniFolder { flag: "--cni-conf-dir", key: "conf_dir", default: "/etc/cni/net.d" };

fn check(cx: &mut NodeCx) {
    let loaded = cx.loaded;
    let facts = &loaded.facts;
    let uses_other_runtime = facts.kubelet_endpoint().get().is_some_and(|endpoint| !endpoint.contains("containerd"));
    if facts.containerd.is_empty() || uses_other_runtime || !is_one_node(loaded) {
        return;
    }
    compare(cx, &BIN, &facts.cni_bin_dir_flag, &facts.cni_bin_dir);
    compare(cx, &CONF, &facts.cni_conf_dir_flag, &facts.cni_conf_dir);
}

fn compare(cx: &mut NodeCx, folder: &CniFolder, flag: &Fact<String>, own: &Fact<String>) {
    let Some((wanted, file, span)) = flag.placed() else { return };
    let used = own.get().map_or(folder.default, String::as_str);
    let is_used = wanted.split(',').any(|wanted| is_same(wanted, used));
    if wanted.is_empty() || wanted.contains('$') || is_used || cx.loaded.files.iter().any(|file| lists(file, wanted)) {
        return;
    }
    let finding = cx.report(file, span, format!("`{}` is {wanted}, but containerd looks in {used}", folder.flag));
    finding.harmful(Releases::ANY).key(folder.flag).why(WHY).help(help(folder.key, wanted));
    if let Some((_, file, span)) = own.placed() {
        finding.label_in(file, span, "where containerd looks");
    }
}

/// Whether a containerd file names the folder in `bin_dirs`.
fn lists(file: &File, folder: &str) -> bool {
    if *file.kind != containerd::KIND {
        return false;
    }
    let list = Cri::of(file.body()).runtime(&["cni", "bin_dirs"]);
    let items = list.map(|entry| entry.value.items()).unwrap_or_default();
    items.iter().filter_map(Node::as_str).any(|dir| is_same(dir, folder))
}

fn is_same(a: &str, b: &str) -> bool {
    a.trim_end_matches('/') == b.trim_end_matches('/')
}

fn help(key: &str, folder: &str) -> String {
    format!("Set `{key} = \"{folder}\"` in the `cni` table of containerd's CRI plugin, and remove the flag.")
}

const WHY: &str = "The flag is for dockershim: containerd does not read it. Without plugins and networks in its own \
    folders the node stays NotReady with `cni plugin not initialized`.";

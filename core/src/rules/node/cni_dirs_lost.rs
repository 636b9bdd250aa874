//! # `cni-dirs-lost`
//!
//! The kubelet's flags name CNI folders in which containerd does not look.
//!
//! ## Why
//!
//! `--cni-bin-dir` and `--cni-conf-dir` were for dockershim alone: containerd never read them, and has folders of its
//! own, `/opt/cni/bin` and `/etc/cni/net.d` by default. After the move the node stays NotReady: `container runtime
//! network not ready: ... cni plugin not initialized`.
//!
//! ## What to do
//!
//! Carry the folders over to the `cni` table of containerd's CRI plugin, and remove the flags.
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
use crate::kind::File;
use crate::node::one_node::is_one_node;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "cni-dirs-lost",
    summary: "The kubelet's flags name CNI folders that containerd does not use",
    category: Category::Migration,
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

/// A folder as the kubelet's flag and containerd's key name it.
struct Folder {
    flag: &'static str,
    key: &'static str,
    default: &'static str,
}

const BIN: Folder = Folder { flag: "--cni-bin-dir", key: "bin_dir", default: "/opt/cni/bin" };
const CONF: Folder = Folder { flag: "--cni-conf-dir", key: "conf_dir", default: "/etc/cni/net.d" };

fn check(cx: &mut NodeCx) {
    if cx.facts().containerd.is_empty() || !is_one_node(cx.loaded) || talks_to_docker(cx) {
        return;
    }
    let facts = cx.facts();
    let said = |fact: &crate::kind::Fact<String>| fact.said().map(|(text, file, span)| (text.clone(), file, span));
    let found = [
        (BIN, said(&facts.cni_bin_dir_flag), said(&facts.cni_bin_dir)),
        (CONF, said(&facts.cni_conf_dir_flag), said(&facts.cni_conf_dir)),
    ];
    for (folder, flag, own) in found {
        if let Some(flag) = flag {
            compare(cx, &folder, flag, own);
        }
    }
}

fn talks_to_docker(cx: &NodeCx) -> bool {
    let facts = cx.facts();
    let endpoint = facts.runtime_endpoint_flag.get().or(facts.runtime_endpoint.get());
    endpoint.is_some_and(|e| !e.contains("containerd"))
}

type Said = (String, usize, Span);

fn compare(cx: &mut NodeCx, folder: &Folder, (wanted, file, span): Said, own: Option<Said>) {
    let used = own.as_ref().map_or(folder.default, |(text, ..)| text.as_str());
    // Newer configurations have a list of folders.
    let listed = || cx.loaded.files.iter().any(|f| lists(f, &wanted));
    let same = |a: &str, b: &str| a.trim_end_matches('/') == b.trim_end_matches('/');
    if wanted.is_empty() || wanted.contains('$') || wanted.split(',').any(|w| same(w, used)) || listed() {
        return;
    }
    let message = format!("`{}` names {wanted}, and containerd looks in {used}", folder.flag);
    let why = "The flag is dockershim's: containerd does not read it. Without plugins and networks in its own folders the node stays NotReady with `cni plugin not initialized`.";
    let finding = cx.report(file, span, message);
    finding.harmful(Releases::ANY).key(folder.flag).why(why).help(format!(
        "Set `{} = \"{wanted}\"` in the `cni` table of containerd's CRI plugin, and remove the flag.",
        folder.key
    ));
    if let Some((_, other, place)) = own {
        finding.label_in(other, place, "where containerd looks");
    }
}

/// Whether a containerd file names the folder in `bin_dirs`.
fn lists(file: &File, folder: &str) -> bool {
    if *file.kind != containerd::KIND {
        return false;
    }
    let list = Cri::of(file.body()).runtime(&["cni", "bin_dirs"]);
    let items = list.map(|e| e.value.items()).unwrap_or_default();
    items.iter().filter_map(Node::as_str).any(|dir| dir.trim_end_matches('/') == folder.trim_end_matches('/'))
}

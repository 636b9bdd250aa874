//! What wrappers themselves refuse or skip, before anything reaches a node.

use super::wrappers::{
    CLUSTER_API_SPECS, TALOS_CRI_FOLDERS, TALOS_PART, TALOS_REFUSED_ARGS, TALOS_REFUSED_FIELDS, is_kubeadm, is_talos,
};
use crate::containerd::written_version_of;
use crate::syntax::{Document, Node, ScalarKind};
use crate::text::{Span, line_of as line_of_byte, line_start};

/// A fault of a wrapper.
#[derive(Clone, Debug)]
pub struct WrapperFault<'t> {
    /// What is wrong.
    pub what: WrapperFaultKind<'t>,
    /// Where.
    pub span: Span,
}

/// What is wrong with a wrapper.
#[derive(Clone, Copy, Debug)]
pub enum WrapperFaultKind<'t> {
    /// A field of the kubelet that Talos sets itself.
    TalosField(&'t str),
    /// A flag of the kubelet that Talos sets itself.
    TalosFlag(&'t str),
    /// A file for containerd that Talos does not create, or that containerd does not read.
    TalosFile {
        /// Where.
        path: &'t str,
        /// Whether it is below `/var`, where Talos does create it.
        is_in_var: bool,
    },
    /// A patch of kind for a file of another config version.
    KindVersion(i64),
    /// A patch of kind for what a worker does not read.
    KindWorker,
    /// Flags for the kubelet in the form of another API version.
    ArgsForm {
        /// The API version of the document.
        version: &'t str,
        /// Whether that version has a list.
        is_list: bool,
    },
    /// Flags in a patch of kind that names no API version: their form is that of some releases.
    KindArgsForm {
        /// Whether they are a list.
        is_list: bool,
    },
    /// The value of a flag is not a string.
    ArgsValue {
        /// The name of the flag.
        name: &'t str,
        /// The type of the value.
        type_name: &'static str,
    },
}

/// The faults of a file that holds texts for a node.
#[must_use]
pub fn faults<'t>(path: &str, doc: &'t Document<'_>) -> Vec<WrapperFault<'t>> {
    let mut all = vec![];
    if super::may_hold(doc.text) {
        for root in std::iter::once(&doc.root).chain(&doc.more) {
            talos(root, &mut all);
            kind(doc.text, root, &mut all);
            kubeadm(root, path == KIND_KUBEADM, &mut all);
        }
    }
    all
}

/// The comments right above faults that stand in a text that is not read: they are those of the file.
pub(crate) fn comments(path: &str, doc: &Document<'_>) -> Vec<Span> {
    let mut all = vec![];
    let is_inside = |what| matches!(what, WrapperFaultKind::KindVersion(_) | WrapperFaultKind::KindWorker);
    for fault in faults(path, doc).into_iter().filter(|fault| is_inside(fault.what)) {
        let mut at = line_start(doc.text, fault.span.start as usize);
        while let Some(above) = at.checked_sub(1).map(|end| line_of_byte(doc.text, end)) {
            let line = above.of(doc.text);
            let blank = line.len() - line.trim_start().len();
            if !line.trim_start().starts_with('#') {
                break;
            }
            all.push(Span { start: above.start + blank as u32, ..above });
            at = above.start as usize;
        }
    }
    all
}

fn talos<'t>(root: &'t Node<'_>, all: &mut Vec<WrapperFault<'t>>) {
    if !is_talos(root) {
        return;
    }
    let entries = |path: &[&str]| root.at(path).map(Node::entries).unwrap_or_default();
    for entry in entries(&["machine", "kubelet", "extraConfig"]) {
        if let Some(name) = TALOS_REFUSED_FIELDS.iter().find(|name| **name == entry.key) {
            all.push(WrapperFault { what: WrapperFaultKind::TalosField(name), span: entry.key_span });
        }
    }
    for entry in entries(&["machine", "kubelet", "extraArgs"]) {
        if let Some(name) = TALOS_REFUSED_ARGS.iter().find(|name| **name == entry.key) {
            all.push(WrapperFault { what: WrapperFaultKind::TalosFlag(name), span: entry.key_span });
        }
    }
    for file in root.at(&["machine", "files"]).map(Node::items).unwrap_or_default() {
        let is_create = file.get("op").and_then(Node::as_str) == Some("create");
        let Some((node, path)) = file.get("path").and_then(|path| Some((path, path.as_str()?))) else { continue };
        let is_for_cri = TALOS_CRI_FOLDERS.iter().any(|folder| path.starts_with(folder)) && path != TALOS_PART;
        let is_in_var = path.starts_with("/var/");
        if is_for_cri && (is_create || is_in_var) {
            all.push(WrapperFault { what: WrapperFaultKind::TalosFile { path, is_in_var }, span: node.span });
        }
    }
}

/// The path of documents for kubeadm that kind patches.
pub(super) const KIND_KUBEADM: &str = "kind/kubeadm.yaml";

/// The config version of the file that kind patches. Source: every release up to
/// kubernetes-sigs/kind@v0.32.0:images/base/files/etc/containerd/config.toml.
pub(super) const KIND_VERSION: i64 = 2;

fn kind(text: &str, root: &Node<'_>, all: &mut Vec<WrapperFault<'_>>) {
    if !super::wrappers::is_kind(root) {
        return;
    }
    for patch in root.get("containerdConfigPatches").map(Node::items).unwrap_or_default() {
        let version = patch.as_str().and_then(written_version_of);
        if let Some(version) = version.filter(|version| ![0, KIND_VERSION].contains(version)) {
            let span = line_of(text, patch.span, "version");
            all.push(WrapperFault { what: WrapperFaultKind::KindVersion(version), span });
        }
    }
    for node in root.get("nodes").map(Node::items).unwrap_or_default() {
        for patch in node.get("kubeadmConfigPatches").map(Node::items).unwrap_or_default() {
            if is_for_worker(node, patch) {
                let span = line_of(text, patch.span, "kind:");
                all.push(WrapperFault { what: WrapperFaultKind::KindWorker, span });
            }
        }
    }
}

/// The first line of a part that begins with a word; the first line if none does.
fn line_of(text: &str, part: Span, word: &str) -> Span {
    let mut at = part.start as usize;
    let mut first = None;
    for line in part.of(text).split_inclusive('\n') {
        let content = line.trim_start();
        let start = at + line.len() - content.len();
        let span = Span::new(start, start + content.trim_end().len());
        if content.starts_with(word) {
            return span;
        }
        first.get_or_insert(span);
        at += line.len();
    }
    first.unwrap_or(part)
}

/// Whether a patch of a node changes what kubeadm reads on the first node alone.
pub(super) fn is_for_worker(node: &Node<'_>, patch: &Node<'_>) -> bool {
    let is_worker = node.get("role").and_then(Node::as_str) == Some("worker");
    is_worker && patch.as_str().is_some_and(|text| text.lines().any(|line| line.trim() == "kind: KubeletConfiguration"))
}

fn kubeadm<'t>(root: &'t Node<'_>, is_of_kind: bool, all: &mut Vec<WrapperFault<'t>>) {
    let version = root.get("apiVersion").and_then(Node::as_str).unwrap_or_default();
    if is_kubeadm(root) {
        if let Some(args) = root.at(&["nodeRegistration", "kubeletExtraArgs"]) {
            if is_of_kind && version.is_empty() {
                let what = WrapperFaultKind::KindArgsForm { is_list: args.as_map().is_none() };
                all.push(WrapperFault { what, span: args.span });
            }
            extra_args(args, version, all);
        }
        return;
    }
    if !super::wrappers::is_cluster_api(root) {
        return;
    }
    for spec in CLUSTER_API_SPECS {
        let Some(spec) = root.at(&spec.split('.').collect::<Vec<_>>()) else { continue };
        for document in ["initConfiguration", "joinConfiguration"] {
            if let Some(args) = spec.at(&[document, "nodeRegistration", "kubeletExtraArgs"]) {
                extra_args(args, version, all);
            }
        }
    }
}

/// Up to v1beta3 of kubeadm, and v1beta1 of Cluster API, the flags are a table; since then a list.
/// Source: kubernetes/kubernetes@v1.31.0:cmd/kubeadm/app/apis/kubeadm/v1beta3/types.go, v1beta4/types.go;
/// kubernetes-sigs/cluster-api@v1.11.0:api/bootstrap/kubeadm/v1beta1/kubeadm_types.go, v1beta2/kubeadm_types.go.
fn extra_args<'t>(args: &'t Node<'_>, version: &'t str, all: &mut Vec<WrapperFault<'t>>) {
    let is_list = match version.rsplit_once('/') {
        Some(("kubeadm.k8s.io", "v1alpha2" | "v1alpha3" | "v1beta1" | "v1beta2" | "v1beta3")) => Some(false),
        Some(("kubeadm.k8s.io", "v1beta4")) => Some(true),
        Some((group, "v1beta1")) if group.ends_with("cluster.x-k8s.io") => Some(false),
        Some((group, "v1beta2")) if group.ends_with("cluster.x-k8s.io") => Some(true),
        _ => None,
    };
    let is_other = match is_list {
        Some(true) => args.as_map().is_some(),
        Some(false) => !args.items().is_empty(),
        None => false,
    };
    if let Some(is_list) = is_list.filter(|_| is_other) {
        return all.push(WrapperFault { what: WrapperFaultKind::ArgsForm { version, is_list }, span: args.span });
    }
    let of_table = args.entries().iter().map(|entry| (entry.key.as_ref(), &entry.value));
    let of_list = args.items().iter().filter_map(|item| Some((item.get("name")?.as_str()?, item.get("value")?)));
    for (name, value) in of_table.chain(of_list) {
        let is_string = value.as_scalar().is_some_and(|scalar| scalar.kind == ScalarKind::String);
        if !is_string && !value.is_null() {
            let what = WrapperFaultKind::ArgsValue { name, type_name: value.type_name() };
            all.push(WrapperFault { what, span: value.span });
        }
    }
}

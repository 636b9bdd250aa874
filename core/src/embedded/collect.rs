//! The texts of a wrapper, from its tree.

use super::decode;
use super::faults::{KIND_KUBEADM, is_for_worker};
use super::map::TextMap;
use super::wrappers::{FileKeys, Holding, TALOS_PART, WRAPPERS};
use super::{EmbeddedText, mime, region, scalar, values};
use crate::containerd;
use crate::docker;
use crate::kind::Kind;
use crate::kubelet;
use crate::syntax::{Document, Format, Node, Value};

/// How statements of templates begin.
const STATEMENTS: [&str; 9] = ["{%", "<%", "%{", "{{if", "{{ if", "{{- if", "{{- range", "{{- with", "{{- else"];

/// How many texts of one file are judged.
const MOST: usize = 1000;

pub(super) fn texts(path: &str, doc: &Document<'_>) -> Vec<EmbeddedText> {
    let has_statements = STATEMENTS.iter().any(|mark| doc.text.contains(mark));
    let mut all = Collector { outer: doc.text, format: doc.format, has_statements, node: 0, texts: vec![] };
    if mime::is_multipart(doc.text) {
        mime::collect(doc.text, &mut all);
        return all.texts;
    }
    for root in std::iter::once(&doc.root).chain(&doc.more) {
        let mut is_known = false;
        for wrapper in WRAPPERS.iter().filter(|wrapper| (wrapper.is)(path, root)) {
            is_known = true;
            for below in wrapper.below {
                let way: Vec<&str> = below.split('.').filter(|key| !key.is_empty()).collect();
                let Some(base) = root.at(&way) else { continue };
                for (at, slot) in wrapper.slots {
                    all.slots(base, at, (*below).to_owned(), *slot);
                }
            }
        }
        if !is_known {
            values::collect(root, &mut all);
        }
        // Each document describes a node of its own.
        all.node += 1;
    }
    all.texts
}

pub(super) struct Collector<'d> {
    outer: &'d str,
    format: Format,
    /// Whether any part of the tree may be left out or repeated.
    has_statements: bool,
    pub(super) node: usize,
    texts: Vec<EmbeddedText>,
}

impl Collector<'_> {
    /// Takes what stands at the places `at` below a node.
    fn slots(&mut self, node: &Node<'_>, at: &str, name: String, slot: Holding) {
        if at.is_empty() {
            return self.slot(node, name, slot);
        }
        let (part, rest) = at.split_once('.').unwrap_or((at, ""));
        if part != "*" {
            let Some(entry) = node.entry(part) else { return };
            let name = if name.is_empty() { part.to_owned() } else { format!("{name}.{part}") };
            return self.slots(&entry.value, rest, name, slot);
        }
        for (number, item) in node.items().iter().enumerate() {
            self.slots(item, rest, format!("{name}[{number}]"), slot);
        }
    }

    fn slot(&mut self, node: &Node<'_>, name: String, slot: Holding) {
        let is_tree = matches!(slot, Holding::Kubelet | Holding::Flags(_) | Holding::BareFlags | Holding::Docker);
        if is_tree && self.has_statements {
            return;
        }
        match slot {
            Holding::Containerd(version) => self.containerd(node, name, version),
            Holding::Text(path) => self.text(node, path.to_owned(), path.to_owned(), None),
            Holding::Kubeadm => self.kubeadm(node, name),
            Holding::KindNode => {
                let patches = node.get("kubeadmConfigPatches").map(Node::items).unwrap_or_default();
                for (number, patch) in patches.iter().enumerate().filter(|(_, patch)| !is_for_worker(node, patch)) {
                    self.kubeadm(patch, format!("{name}.kubeadmConfigPatches[{number}]"));
                }
            }
            Holding::Kubelet => self.add(region::table(self.outer, node), name, PART_OF_KUBELET, Some(&kubelet::KIND)),
            Holding::Flags(without) => {
                self.add(region::flags(self.outer, node, without), name, "/etc/default/kubelet", None);
            }
            Holding::BareFlags => {
                self.add(region::bare_flags(self.outer, node), name, "/etc/default/kubelet", None);
            }
            Holding::Docker => {
                self.add(region::json(self.outer, node), name, "/etc/docker/daemon.json", Some(&docker::KIND));
            }
            Holding::File(keys) => self.file(node, keys),
            Holding::Unit => self.unit(node),
        }
    }

    pub(super) fn add(
        &mut self,
        part: Option<(String, TextMap)>,
        name: String,
        path: &str,
        kind: Option<&'static Kind>,
    ) {
        if let Some((text, map)) = part.filter(|_| self.texts.len() < MOST) {
            self.texts.push(EmbeddedText { name, path: path.to_owned(), kind, text, map, node: self.node });
        }
    }

    /// Takes the text of a scalar.
    pub(super) fn text(&mut self, node: &Node<'_>, name: String, path: String, kind: Option<&'static Kind>) {
        let Value::Scalar(value) = &node.value else { return };
        let map = scalar::map(self.outer, self.format, node, value);
        self.add(Some((value.text.clone().into_owned(), map)), name, &path, kind);
    }

    /// Takes documents for kubeadm.
    fn kubeadm(&mut self, node: &Node<'_>, name: String) {
        let is_kubelet = node.as_str().is_some_and(|text| text.contains("KubeletConfiguration"));
        let path = if is_kubelet { PART_OF_KUBELET } else { KIND_KUBEADM };
        self.text(node, name, path.to_owned(), None);
    }

    /// Takes the text of a scalar that another program merges into a file of containerd.
    fn containerd(&mut self, node: &Node<'_>, name: String, version: Option<i64>) {
        let Value::Scalar(value) = &node.value else { return };
        let map = scalar::map(self.outer, self.format, node, value);
        self.part_of_containerd((value.text.clone().into_owned(), map), name, version);
    }

    /// Takes a part of a file of containerd of this config version; or else of that which its tables belong to.
    fn part_of_containerd(&mut self, (mut text, mut map): (String, TextMap), name: String, version: Option<i64>) {
        match (containerd::written_version_of(&text), version) {
            // kind skips a patch of another version.
            (Some(written), Some(version)) if written != version => return,
            (Some(_), _) => {}
            (None, version) => {
                let by_tables = if text.contains("io.containerd.grpc.v1.cri") { 2 } else { 3 };
                let line = format!("version = {}\n", version.unwrap_or(by_tables));
                map.put_before(line.len());
                text.insert_str(0, &line);
            }
        }
        let path = format!("/etc/containerd/conf.d/part-{}.toml", self.texts.len());
        self.add(Some((text, map)), name, &path, Some(&containerd::KIND));
    }

    /// Takes the file that a table describes.
    fn file(&mut self, table: &Node<'_>, keys: FileKeys) {
        let Some(path) = table.get(keys.path).and_then(Node::as_str) else { return };
        let is_part = table.get("append").and_then(Node::as_bool) == Some(true);
        let is_other = keys.is_cri && path != TALOS_PART;
        let content = keys.content.iter().find_map(|key| table.at(&key.split('.').collect::<Vec<_>>()));
        let Some(content) = content.filter(|_| !is_part && !is_other) else { return };
        if keys.is_cri {
            return self.containerd(content, path.to_owned(), None);
        }
        let written = content.as_str().unwrap_or_default();
        let encoding = table.get(keys.encoding);
        let name = encoding.and_then(Node::as_str).unwrap_or_default().to_ascii_lowercase();
        let (compression, base) = name.split_once('+').unwrap_or(("", &name));
        let is_base64 = encoding.and_then(Node::as_bool) == Some(true) || matches!(base, "b64" | "base64");
        let decoded = if written.starts_with("data:") {
            let compression = table.at(&["contents", "compression"]).and_then(Node::as_str);
            decode::data_url(written, compression == Some("gzip"))
        } else if is_base64 {
            decode::base64(written, matches!(compression, "gz" | "gzip"))
        } else {
            // Bytes that are compressed alone, and texts at other places, are unknown.
            if matches!(name.as_str(), "" | "text/plain") && !is_url(written) {
                self.text(content, path.to_owned(), path.to_owned(), None);
            }
            return;
        };
        let decoded = decoded.map(|text| (text, TextMap::opaque(content.span)));
        self.add(decoded, path.to_owned(), path, None);
    }

    /// Takes a unit with its drop-ins.
    fn unit(&mut self, table: &Node<'_>) {
        let Some(name) = table.get("name").and_then(Node::as_str) else { return };
        let path = format!("/etc/systemd/system/{name}");
        let drop_ins = table.get("dropins").map(Node::items).unwrap_or_default();
        let drop_ins = drop_ins.iter().filter_map(|drop_in| {
            Some((format!("{path}.d/{}", drop_in.get("name")?.as_str()?), drop_in.get("contents")?))
        });
        let unit = table.get("contents").map(|content| (path.clone(), content));
        for (path, content) in unit.into_iter().chain(drop_ins) {
            self.text(content, path.clone(), path, None);
        }
    }
}

/// The path of what is merged into the kubelet's configuration, without `apiVersion` and `kind` by design.
const PART_OF_KUBELET: &str = "kubeletconfiguration.yaml";

/// Whether a text names a place with the content.
fn is_url(text: &str) -> bool {
    !text.contains(['\n', ' ']) && text.contains("://")
}

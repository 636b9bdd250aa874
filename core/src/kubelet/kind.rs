//! KubeletConfiguration: `/var/lib/kubelet/config.yaml`, drop-ins, kubeadm streams, ConfigMap and `/configz` wrappers.

use crate::keys::{Table, tables};
use crate::kind::places::{file_name, has_folder};
use crate::kind::{File, Kind};
use crate::order;
use crate::releases::Product;
use crate::syntax::{Document, Entry, Format, Node, Value, yaml};
use crate::text::Span;

/// The kind.
pub static KIND: Kind = Kind {
    id: "kubelet",
    title: "KubeletConfiguration",
    product: Product::Kubernetes,
    formats: &[Format::Yaml, Format::Json],
    places: &["/var/lib/kubelet/config.yaml", "/etc/kubernetes/kubelet.conf.d/*.conf"],
    unwrap: |doc, _| unwrap(doc),
    bodies,
    body,
    table,
    skips: is_skipped,
    ..Kind::DEFAULTS
};

/// The only group and version of the kind. Source:
/// kubernetes/kubernetes@v1.36.0:pkg/kubelet/apis/config/v1beta1/register.go (`SchemeGroupVersion`).
pub const API_VERSION: &str = "kubelet.config.k8s.io/v1beta1";

/// Whether the path alone shows that the file is the kubelet's.
pub(crate) fn is_own_path(path: &str) -> bool {
    let name = file_name(path);
    let configuration = ["config.yaml", "config.yml", "config.json", "instance-config.yaml"].contains(&name);
    (has_folder(path, "kubelet") && configuration)
        || has_folder(path, "kubelet.conf.d")
        // Where the AMIs of EKS have drop-ins.
        || has_folder(path, "kubelet") && has_folder(path, "config.json.d")
        || name.starts_with("kubelet-config.")
        || name.starts_with("kubeletconfiguration")
}

pub(crate) fn looks_like(doc: &Document<'_>) -> bool {
    documents(doc).any(|node| is_configuration(node) || wrapped(node).is_some())
}

/// Whether the kubelet reads the text of a YAML file as JSON.
pub(crate) fn is_json_in_yaml(doc: &Document<'_>) -> bool {
    doc.format == Format::Yaml && doc.text.trim_start().starts_with('{')
}

/// Whether the kubelet reads a text as JSON. With a byte order mark it reads JSON as YAML.
/// Source: kubernetes/apimachinery@v0.36.0:pkg/util/yaml/decoder.go (`hasPrefix`), run with 1.30 and 1.36.
pub(crate) fn is_json(doc: &Document<'_>) -> bool {
    doc.format == Format::Json && !doc.text.starts_with('\u{feff}') || is_json_in_yaml(doc)
}

fn documents<'t, 'a>(doc: &'t Document<'a>) -> impl Iterator<Item = &'t Node<'a>> {
    std::iter::once(&doc.root).chain(&doc.more)
}

/// `apiVersion` or `kind` of the file of `--config`, which the kubelet finds in any letter case; of several the exact
/// one, or the last one in the order of bytes.
/// Source: kubernetes/apimachinery@v0.36.0:pkg/runtime/serializer/json/meta.go (`Interpret`), run with 1.30 and 1.36.
pub(crate) fn header<'t, 'a>(node: &'t Node<'a>, name: &str) -> Option<&'t Entry<'a>> {
    let others = || node.entries().iter().filter(|entry| entry.key.eq_ignore_ascii_case(name));
    node.entry(name).or_else(|| others().max_by_key(|entry| entry.key.as_ref()))
}

fn header_text<'t>(node: &'t Node<'_>, name: &str) -> &'t str {
    header(node, name).and_then(|entry| entry.value.as_str()).unwrap_or_default()
}

/// Whether the kind is the kubelet's, in any letter case, because a rule reports a wrong one.
pub(crate) fn is_configuration(node: &Node<'_>) -> bool {
    let kind = header_text(node, "kind");
    kind.eq_ignore_ascii_case("KubeletConfiguration")
        || header_text(node, "apiVersion").starts_with("kubelet.config.k8s.io/")
            && !kind.starts_with("CredentialProvider")
}

/// Whether a document stands beside others in a stream that kubeadm reads.
fn is_of_kubeadm(node: &Node<'_>) -> bool {
    let version = header_text(node, "apiVersion");
    version.starts_with("kubeadm.k8s.io/") || version.starts_with("kubeproxy.config.k8s.io/")
}

/// Whether the text is a configuration with further documents behind it, which the kubelet never reads.
/// Source: kubernetes-sigs/yaml@v1.6.0:yaml.go (`yaml.Unmarshal` reads one document), run with 1.30 and 1.36.
pub(crate) fn ends_after_first(doc: &Document<'_>) -> bool {
    !doc.more.is_empty() && reads_first_alone(doc)
}

fn reads_first_alone(doc: &Document<'_>) -> bool {
    is_configuration(&doc.root) && !doc.more.iter().any(is_of_kubeadm)
}

/// Whether the documents of a stream are empty or the kubelet's, so that no other program reads it.
pub(crate) fn is_stream_of_kubelet(doc: &Document<'_>) -> bool {
    documents(doc).all(|node| matches!(node.value, Value::Missing) || node.is_null() || is_configuration(node))
}

/// Reads the first document alone, where the kubelet does: the others cannot have a fault.
fn read_first_document(doc: &mut Document<'_>) {
    if is_json_in_yaml(doc) || !reads_first_alone(doc) {
        return;
    }
    let Some(end) = yaml::first_document_end(doc.text) else { return };
    let first = yaml::read_until(doc.text, end);
    let decoded = end_of_block(end);
    let all = std::mem::take(&mut doc.problems).into_iter();
    let is_decoded = |start: u32| (end..decoded).contains(&(start as usize));
    let behind = all.filter(|problem| problem.code == "control-character" && is_decoded(problem.span.start));
    doc.root = first.root;
    doc.problems = first.problems.into_iter().chain(behind).collect();
}

/// Whether the parser finds that bytes are not UTF-8 before it has the first document, the only one that counts. Behind
/// that document it must have a whole sequence, of up to four bytes.
pub(crate) fn finds_invalid_utf8(doc: &Document<'_>, span: Span) -> bool {
    let Some(end) = yaml::first_document_end(doc.text) else { return true };
    let (start, rest) = (span.start as usize, doc.text.len().saturating_sub(span.end as usize));
    start < end || start + 4 <= end_of_block(end) && rest >= 3
}

/// Where the block ends in which `at` lies. The parser decodes its input in blocks, and refuses control characters and
/// bytes that are not UTF-8 as it decodes them.
const fn end_of_block(at: usize) -> usize {
    (at / DECODED_BLOCK + 1) * DECODED_BLOCK
}

/// Source: `input_raw_buffer_size` in go-yaml/yaml@v2.4.0:yamlh.go, `yaml_parser_update_buffer` in readerc.go.
const DECODED_BLOCK: usize = 512;

/// Where wrappers keep the configuration.
const WRAPPERS: [&[&str]; 3] = [
    // kube-system/kubelet-config, a text within the text
    &["data", "kubelet"],
    // /configz
    &["kubeletconfig"],
    // OpenShift's KubeletConfig
    &["spec", "kubeletConfig"],
];

fn wrapped<'t, 'a>(node: &'t Node<'a>) -> Option<&'t Node<'a>> {
    let inner = WRAPPERS.iter().find_map(|path| node.at(path))?;
    match &inner.value {
        Value::Map(_) => Some(inner),
        Value::Scalar(text) => text.text.contains("KubeletConfiguration").then_some(inner),
        _ => None,
    }
}

/// Reads the text that a ConfigMap holds in place, so that spans stay those of the file.
fn unwrap(doc: &mut Document<'_>) {
    if doc.format != Format::Yaml {
        return;
    }
    read_first_document(doc);
    let text = doc.text;
    let mut problems = vec![];
    let mut comments = vec![];
    for root in std::iter::once(&mut doc.root).chain(&mut doc.more) {
        let Some(inner) = at_mut(root, &["data", "kubelet"]) else {
            continue;
        };
        let Some(region) = yaml::block_content(text, inner) else {
            continue;
        };
        let read = yaml::read_at(text, region);
        problems.extend(read.problems);
        comments.extend(read.comments);
        *inner = read.root;
    }
    doc.problems.extend(problems);
    doc.comments.extend(comments);
    order::by_key(&mut doc.comments, |span| *span);
}

fn at_mut<'t, 'a>(node: &'t mut Node<'a>, path: &[&str]) -> Option<&'t mut Node<'a>> {
    let Some((key, rest)) = path.split_first() else {
        return Some(node);
    };
    let Value::Map(map) = &mut node.value else {
        return None;
    };
    let entry = map.entries.iter_mut().rev().find(|e| e.key == *key)?;
    at_mut(&mut entry.value, rest)
}

/// The configuration that a document is or holds.
fn held<'t, 'a>(node: &'t Node<'a>) -> Option<&'t Node<'a>> {
    if is_configuration(node) { Some(node) } else { wrapped(node).filter(|inner| inner.as_map().is_some()) }
}

fn body<'t, 'a>(doc: &'t Document<'a>) -> &'t Node<'a> {
    if ends_after_first(doc) {
        return &doc.root;
    }
    documents(doc).find_map(held).unwrap_or(&doc.root)
}

fn bodies<'t, 'a>(doc: &'t Document<'a>) -> Vec<&'t Node<'a>> {
    if ends_after_first(doc) {
        return vec![&doc.root];
    }
    let found: Vec<_> = documents(doc).filter_map(held).collect();
    if found.is_empty() {
        // A drop-in, patch or fragment without apiVersion and kind.
        return vec![&doc.root];
    }
    found
}

/// How a configuration comes to the kubelet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConfigRole {
    /// The file that `--config` names.
    Main,
    /// A file of the folder that `--config-dir` names: merged over the main file.
    DropIn,
    /// A document of a kubeadm stream or a ConfigMap, which becomes a main file as a whole.
    Whole,
    /// A patch, or the values of a wrapper: another program merges it into a configuration.
    Part,
}

/// How the configuration at `body` comes to the kubelet, as far as path and content show.
#[must_use]
pub fn role(file: &File<'_>, body: &Node<'_>) -> ConfigRole {
    role_of(file, body, || has_config_map(file))
}

/// As [`role`], for callers that have found out whether the file has a ConfigMap: finding out looks at all its
/// documents.
pub(crate) fn role_of(file: &File<'_>, body: &Node<'_>, has_config_map: impl FnOnce() -> bool) -> ConfigRole {
    let is_root = std::ptr::eq(body, &raw const file.doc.root);
    if is_drop_in(file.path) {
        ConfigRole::DropIn
    } else if is_patch(file.path) || is_skipped(file.path) {
        ConfigRole::Part
    } else if !is_root || !file.doc.more.is_empty() && !ends_after_first(&file.doc) {
        let is_whole = is_configuration(body) || has_config_map();
        if is_whole { ConfigRole::Whole } else { ConfigRole::Part }
    } else if is_configuration(body) || is_standard_place(file.path) {
        ConfigRole::Main
    } else {
        ConfigRole::Part
    }
}

/// The kubelet takes the files of `--config-dir` by their ending.
pub(crate) fn is_drop_in(path: &str) -> bool {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| file_name(folder));
    folder.ends_with(".d") && path.ends_with(".conf")
}

/// Whether a file lies beside drop-ins without their ending, so that the kubelet skips it.
pub(crate) fn is_skipped(path: &str) -> bool {
    // The usual names of the folder: kubeadm's and k3s', EKS'.
    const FOLDERS: [&str; 3] = ["kubelet.conf.d", "config.json.d", "kubelet.d"];
    path.rsplit('/').nth(1).is_some_and(|folder| FOLDERS.contains(&folder)) && !path.ends_with(".conf")
}

/// What kubeadm merges into the configuration it writes, without `apiVersion` and `kind` by design.
fn is_patch(path: &str) -> bool {
    let name = file_name(path);
    name.starts_with("kubeletconfiguration") || name == "instance-config.yaml"
}

/// Where `--config` usually points to.
fn is_standard_place(path: &str) -> bool {
    let name = file_name(path);
    has_folder(path, "kubelet") && ["config.yaml", "config.yml", "config.json"].contains(&name)
}

/// The text in a ConfigMap may lack its kind and is still a whole configuration.
pub(crate) fn has_config_map(file: &File<'_>) -> bool {
    documents(&file.doc).any(|node| node.get("kind").and_then(Node::as_str) == Some("ConfigMap"))
}

/// The flags that kubeadm passes to the kubelet: `kubeletExtraArgs` of the documents in the same stream.
#[must_use]
pub fn extra_args<'t, 'a>(doc: &'t Document<'a>) -> Vec<(&'t str, &'t Node<'a>)> {
    let mut out = vec![];
    for args in documents(doc).filter_map(|node| node.at(&["nodeRegistration", "kubeletExtraArgs"])) {
        // A table up to v1beta3, a list of names and values since v1beta4.
        out.extend(args.entries().iter().map(|e| (e.key.as_ref(), &e.value)));
        let pairs = args.items().iter().filter_map(|item| Some((item.get("name")?.as_str()?, item.get("value")?)));
        out.extend(pairs);
    }
    out
}

fn table(_: &Node<'_>) -> Option<&'static Table> {
    Some(&tables::KUBELET)
}

/// The file that the kubelet is started with.
pub(crate) fn is_kubelet_main(file: &File<'_>) -> bool {
    *file.kind == KIND && matches!(role(file, file.body()), ConfigRole::Main | ConfigRole::Whole)
}

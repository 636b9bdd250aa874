//! # `wrong-kind`
//!
//! A file for the kubelet's `--config` whose `apiVersion` or `kind` is missing or different.
//!
//! ## Why
//!
//! The kubelet accepts only `kubelet.config.k8s.io/v1beta1` and `KubeletConfiguration`, case-sensitive, and looks for
//! them in the first YAML document alone. With other values it exits: `no kind "Config" is registered for version
//! "v1"`, or `Object 'Kind' is missing`. A kubeconfig is the usual mistake.
//!
//! ## What to do
//!
//! Write the two lines, or pass the right file.
//!
//! ## Examples
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1
//!             ^^^^^^^^^^^^^^^^^^^^^^^^
//! kind: KubeletConfiguration
//! maxPods: 60
//! ```
//!
//! ```yaml fixed
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! maxPods: 60
//! ```
//!
//! ```yaml bad
//! maxPods: 60
//! ^^^^^^^
//! ```
//!
//! ```yaml fixed
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! maxPods: 60
//! ```
//!
//! ```yaml bad
//! apiVersion: kubeadm.k8s.io/v1beta4
//! kind: ClusterConfiguration
//! ^^^^
//! ---
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! ```
//!
//! A patch that kubeadm merges into its own configuration needs neither:
//!
//! ```yaml good
//! --- /etc/kubernetes/patches/kubeletconfiguration0+merge.yaml
//! maxPods: 60
//! ```
//!
//! ## References
//!
//! - kubernetes/kubernetes#121467, kubernetes/kubernetes#65455
//! - kubernetes/kubernetes@v1.36.0:pkg/kubelet/kubeletconfig/util/codec/codec.go; measured with the loader of 1.36.3

use crate::kubelet;
use crate::kubelet::eras::MERGES_DROP_INS;
use crate::kubelet::kind::{API_VERSION, ConfigRole, header, is_stream_of_kubelet};
use crate::kubelet::node::role;
use crate::rules::prelude::*;
use crate::syntax::{Format, Value};

pub(crate) const RULE: Rule = Rule {
    id: "wrong-kind",
    summary: "File for the kubelet of another kind than KubeletConfiguration",
    fix: Some(Applicability::Unsafe),
    reads_text: true,
    run: Run::File(&[&kubelet::KIND], check),
    ..Rule::DEFAULTS
};

const KIND: &str = "KubeletConfiguration";
const HEADER: [(&str, &str); 2] = [("apiVersion", API_VERSION), ("kind", KIND)];
/// Releases that check the values in drop-ins; 1.29 to 1.31 require only that they are set.
/// Source: kubernetes/kubernetes@v1.28.0, v1.29.0, v1.32.0:cmd/kubelet/app/server.go (`mergeKubeletConfigurations`).
const CHECKS_KIND_OF_DROP_INS: Releases = Releases::kubernetes("1.28,1.32..");

fn check(cx: &mut FileCx) {
    let role = role(cx);
    let is_wrapped = !std::ptr::eq(cx.root, &raw const cx.doc().root);
    if is_wrapped && (reads_first_document(cx) || role == ConfigRole::DropIn) {
        report_wrapped(cx, role);
        return;
    }
    let is_unreadable = cx.root.as_map().is_none() && !cx.doc().problems.is_empty();
    if role == ConfigRole::Whole {
        check_in_stream(cx);
    }
    if matches!(role, ConfigRole::Part | ConfigRole::Whole) || is_unreadable || !is_for_the_kubelet(cx) {
        return;
    }
    let missing: Vec<_> =
        HEADER.into_iter().filter(|(key, _)| found(cx, key, role).is_none_or(Node::is_null)).collect();
    if let Some((key, _)) = missing.last() {
        report_missing(cx, key, &missing, role);
        return;
    }
    for (key, right) in HEADER {
        let Some(node) = found(cx, key, role) else { continue };
        if node.as_str() != Some(right) {
            report_other(cx, key, right, node, role);
            return;
        }
    }
}

/// `apiVersion` or `kind` as the kubelet finds it: the decoder of drop-ins is case-sensitive.
fn found<'t>(cx: &FileCx<'_, 't, '_>, key: &str, role: ConfigRole) -> Option<&'t Node<'t>> {
    if role == ConfigRole::DropIn { cx.root.get(key) } else { header(cx.root, key).map(|entry| &entry.value) }
}

/// Whether the kubelet itself reads the text, and so its first document as is.
fn reads_first_document(cx: &FileCx) -> bool {
    let is_empty = matches!(cx.doc().root.value, Value::Missing) || cx.doc().root.is_null();
    cx.file.path.ends_with("var/lib/kubelet/config.yaml") || is_empty && is_stream_of_kubelet(cx.doc())
}

/// A document of a kubeadm stream, or the text in a ConfigMap: kubeadm reads the version that the kubelet reads.
fn check_in_stream(cx: &mut FileCx) {
    let Some(version) = cx.root.get("apiVersion") else { return };
    let text = version.as_str().unwrap_or_default();
    let is_own_group = text.starts_with("kubelet.config.k8s.io/");
    if !is_own_group || text == API_VERSION {
        return;
    }
    let new = edit::quoted_like(version.span.of(cx.doc().text), API_VERSION);
    cx.report(version.span, format!("kubeadm does not recognize the apiVersion `{text}`"))
        .refused(Releases::ANY)
        .key("apiVersion")
        .why(format!(
            "kubeadm stops: `no kind \"{KIND}\" is registered for version \"{text}\"`. It accepts only `{API_VERSION}`."
        ))
        .fix(Fix::edit(Applicability::Unsafe, format!("Write `{API_VERSION}`"), version.span, new));
}

/// A configuration behind another document, or wrapped, in the place where the kubelet itself reads.
fn report_wrapped(cx: &mut FileCx, role: ConfigRole) {
    let releases = if role == ConfigRole::DropIn { MERGES_DROP_INS } else { Releases::ANY };
    let top = &cx.doc().root;
    let kind = header(top, "kind").and_then(|entry| entry.value.as_str());
    if top.entries().is_empty() {
        let start = cx.root.entries().first().map_or(cx.root.span, |entry| entry.key_span);
        cx.report(start, "the first YAML document of this file is empty".to_owned())
            .refused(releases)
            .key("kind")
            .why("The kubelet does not start: `Object 'Kind' is missing`. It reads the first document alone.")
            .help("Remove all but one `---` above the configuration.");
        return;
    }
    let Some(first) = top.entry("kind").or(top.entries().first()).filter(|_| kind != Some(KIND)) else { return };
    let (message, words) = match kind {
        Some(kind) => {
            (format!("the kubelet does not recognize the kind `{kind}`"), format!("no kind \"{kind}\" is registered"))
        }
        None => ("this file has no `kind` at its top level".to_owned(), "Object 'Kind' is missing".to_owned()),
    };
    cx.report(first.key_span, message)
        .refused(releases)
        .key("kind")
        .why(format!(
            "The kubelet does not start: `{words}`. It reads the first document as is; other programs unwrap streams, \
             ConfigMaps and the output of /configz."
        ))
        .help("Keep the KubeletConfiguration alone in this file, at its top level.");
}

/// Whether the file is the kubelet's beyond doubt: by the folder it lies in, or by most of its keys.
fn is_for_the_kubelet(cx: &FileCx) -> bool {
    let keys = cx.root.entries().len();
    let known = cx.bound.iter().filter(|b| b.within.name().is_empty() && b.key().is_some()).count();
    let is_named = header(cx.root, "kind").or(header(cx.root, "apiVersion")).is_some();
    let text = |key: &str| header(cx.root, key).and_then(|entry| entry.value.as_str()).unwrap_or_default();
    ["var/lib/kubelet/", "etc/kubernetes/"].iter().any(|folder| cx.file.path.contains(folder))
        || known > 0 && (is_named || known * 2 >= keys)
        || text("kind") == KIND
        || text("apiVersion").starts_with("kubelet.config")
}

fn report_missing(cx: &mut FileCx, key: &str, missing: &[(&str, &str)], role: ConfigRole) {
    let start = Span::empty(cx.root.span.start as usize);
    let span = cx.root.entries().first().map_or(start, |entry| entry.key_span);
    let names: Vec<String> = missing.iter().map(|(key, _)| format!("`{key}`")).collect();
    let (message, words) = match key {
        _ if cx.doc().text.trim().is_empty() => ("this file for the kubelet is empty".to_owned(), "was empty"),
        "kind" => (format!("this file for the kubelet has no {}", names.join(" and no ")), "Object 'Kind' is missing"),
        _ => ("this file for the kubelet has no `apiVersion`".to_owned(), "Object 'apiVersion' is missing"),
    };
    let fix = header_fix(cx, missing);
    let releases = if role == ConfigRole::DropIn { MERGES_DROP_INS } else { Releases::ANY };
    cx.report(span, message)
        .refused(releases)
        .key(key)
        .why(format!(
            "The kubelet does not start: `{words}`. It needs both lines in every file that it reads, drop-ins included."
        ))
        .help(format!(
            "Start the file with `apiVersion: {API_VERSION}` and `kind: {KIND}`. A patch for another file, such as \
             one for kubeadm, needs neither: name it `kubeletconfiguration.yaml`."
        ))
        .maybe_fix(fix);
}

/// The lines that are missing, on top.
fn header_fix(cx: &FileCx, missing: &[(&str, &str)]) -> Option<Fix> {
    let first = cx.root.entries().first().filter(|_| cx.doc().format == Format::Yaml)?;
    let lines: Vec<String> = missing.iter().map(|(key, value)| format!("{key}: {value}")).collect();
    let title = format!("Add `{}`", lines.join("` and `"));
    let place = edit::line_before(cx.doc(), first.key_span, "");
    Some(Fix::one(Applicability::Unsafe, title, Edit { text: format!("{}\n", lines.join("\n")), ..place }))
}

fn report_other(cx: &mut FileCx, key: &str, right: &str, node: &Node, role: ConfigRole) {
    let text = |key: &str| header(cx.root, key).and_then(|entry| entry.value.as_str()).unwrap_or_default();
    let (kind, version) = (text("kind"), text("apiVersion"));
    let help = match kind {
        "Config" => "This is a kubeconfig: it belongs to `--kubeconfig`, not to `--config`.".to_owned(),
        "CredentialProviderConfig" => {
            "This belongs to `--image-credential-provider-config`, not to `--config`.".to_owned()
        }
        _ => format!("Write `{key}: {right}`, or pass the kubelet another file."),
    };
    let is_own = version.starts_with("kubelet.config.k8s.io/") && kind.to_ascii_lowercase().starts_with("kubelet");
    let new = edit::quoted_like(node.span.of(cx.doc().text), right);
    let fix = is_own.then(|| Fix::edit(Applicability::Unsafe, format!("Write `{right}`"), node.span, new));
    let releases = if role == ConfigRole::DropIn { CHECKS_KIND_OF_DROP_INS } else { Releases::ANY };
    let written = node.as_str().unwrap_or_default();
    cx.report(node.span, format!("the kubelet does not recognize the {key} `{written}`"))
        .refused(releases)
        .key(key)
        .why(format!(
            "The kubelet does not start: `no kind \"{kind}\" is registered for version \"{version}\"`. It accepts only \
             `{API_VERSION}`, kind `{KIND}`."
        ))
        .help(help)
        .maybe_fix(fix);
}

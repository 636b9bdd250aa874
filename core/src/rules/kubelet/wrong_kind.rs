//! # `wrong-kind`
//!
//! A file for the kubelet's `--config` whose `apiVersion` or `kind` is missing or different.
//!
//! ## Why
//!
//! The kubelet accepts only `kubelet.config.k8s.io/v1beta1` and `KubeletConfiguration`, case-sensitive. With other
//! values it exits: `no kind "Config" is registered for version "v1"`, or `Object 'Kind' is missing`. A kubeconfig is
//! the usual mistake.
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
use crate::kubelet::kind::{API_VERSION, ConfigRole};
use crate::kubelet::node::role;
use crate::rules::prelude::*;
use crate::syntax::Format;

pub(crate) const RULE: Rule = Rule {
    id: "wrong-kind",
    summary: "File for the kubelet of another kind than KubeletConfiguration",
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&kubelet::KIND], check),
    ..Rule::DEFAULTS
};

const KIND: &str = "KubeletConfiguration";
const HEADER: [(&str, &str); 2] = [("apiVersion", API_VERSION), ("kind", KIND)];
/// Releases that check the values in drop-ins; older ones require only that they are set.
const CHECKS_KIND_OF_DROP_INS: Releases = Releases::kubernetes("1.32..");

fn check(cx: &mut FileCx) {
    let is_wrapped = !std::ptr::eq(cx.root, &raw const cx.doc().root);
    if is_wrapped && cx.file.path.ends_with("var/lib/kubelet/config.yaml") {
        report_wrapped(cx);
        return;
    }
    let role = role(cx);
    let is_unreadable = cx.root.as_map().is_none() && !cx.doc().problems.is_empty();
    if matches!(role, ConfigRole::Part | ConfigRole::Whole) || is_unreadable || !is_for_the_kubelet(cx) {
        return;
    }
    let missing: Vec<_> = HEADER.into_iter().filter(|(key, _)| cx.root.get(key).is_none_or(Node::is_null)).collect();
    if let Some((key, _)) = missing.last() {
        report_missing(cx, key, &missing, role);
        return;
    }
    for (key, right) in HEADER {
        let Some(node) = cx.root.get(key) else { continue };
        if node.as_str() != Some(right) {
            report_other(cx, key, right, node, role);
            return;
        }
    }
}

/// A wrapped configuration in the place where the kubelet itself reads: the kubelet reads the first document as is.
fn report_wrapped(cx: &mut FileCx) {
    let top = &cx.doc().root;
    let kind = top.get("kind").and_then(Node::as_str);
    let Some(first) = top.entry("kind").or(top.entries().first()).filter(|_| kind != Some(KIND)) else { return };
    let (message, words) = match kind {
        Some(kind) => {
            (format!("the kubelet does not recognize the kind `{kind}`"), format!("no kind \"{kind}\" is registered"))
        }
        None => ("this file has no `kind` at its top level".to_owned(), "Object 'Kind' is missing".to_owned()),
    };
    cx.report(first.key_span, message)
        .refused(Releases::ANY)
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
    let is_named = cx.root.get("kind").is_some() || cx.root.get("apiVersion").is_some();
    let text = |key: &str| cx.root.get(key).and_then(Node::as_str).unwrap_or_default();
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
    let fix = header(cx, missing);
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
fn header(cx: &FileCx, missing: &[(&str, &str)]) -> Option<Fix> {
    let first = cx.root.entries().first().filter(|_| cx.doc().format == Format::Yaml)?;
    let lines: Vec<String> = missing.iter().map(|(key, value)| format!("{key}: {value}")).collect();
    let title = format!("Add `{}`", lines.join("` and `"));
    let place = edit::line_before(cx.doc(), first.key_span, "");
    Some(Fix::one(Applicability::Unsafe, title, Edit { text: format!("{}\n", lines.join("\n")), ..place }))
}

fn report_other(cx: &mut FileCx, key: &str, right: &str, node: &Node, role: ConfigRole) {
    let text = |key: &str| cx.root.get(key).and_then(Node::as_str).unwrap_or_default();
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

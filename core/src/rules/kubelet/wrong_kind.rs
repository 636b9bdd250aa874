//! # `wrong-kind`
//!
//! A file for the kubelet's `--config` whose `apiVersion` and `kind` are missing or name something else.
//!
//! ## Why
//!
//! The kubelet takes nothing but `kubelet.config.k8s.io/v1beta1` and `KubeletConfiguration`, letter by letter. With
//! anything else it exits: `no kind "Config" is registered for version "v1"`, or `Object 'Kind' is missing`. A kubeconfig
//! is the usual mix-up.
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
//! What kubeadm merges into its own configuration needs neither:
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
use crate::kubelet::kind::{API_VERSION, Role};
use crate::rules::prelude::*;
use crate::syntax::Format;

pub(crate) const RULE: Rule = Rule {
    id: "wrong-kind",
    summary: "The kubelet's file is of another kind than KubeletConfiguration",
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&kubelet::KIND], check),
    ..Rule::DEFAULTS
};

const KIND: &str = "KubeletConfiguration";
/// Before it, a drop-in's version and kind only had to be there.
const CHECKS_DROP_INS: Releases = Releases::kubernetes("1.32..");
/// The first releases with drop-ins.
const DROP_INS: Releases = Releases::kubernetes("1.28..");

fn check(cx: &mut FileCx) {
    if cx.file.path.ends_with("var/lib/kubelet/config.yaml") && !std::ptr::eq(cx.root, &raw const cx.doc().root) {
        report_wrapped(cx);
        return;
    }
    let role = kubelet::role(cx.file, cx.root);
    let is_template_of_nothing = cx.root.as_map().is_none() && !cx.doc().problems.is_empty();
    if matches!(role, Role::Part | Role::Whole) || is_template_of_nothing || !is_meant(cx) {
        return;
    }
    let wanted = [("apiVersion", API_VERSION), ("kind", KIND)];
    let missing: Vec<_> = wanted.into_iter().filter(|(key, _)| cx.root.get(key).is_none_or(Node::is_null)).collect();
    if let Some((key, _)) = missing.last() {
        report_missing(cx, key, &missing, role);
        return;
    }
    for (key, right) in wanted {
        let Some(node) = cx.root.get(key) else { continue };
        if node.as_str() != Some(right) {
            report_other(cx, key, right, node, role);
            return;
        }
    }
}

/// What other programs unwrap, in the place where the kubelet itself reads: it looks at the first document alone.
fn report_wrapped(cx: &mut FileCx) {
    let top = &cx.doc().root;
    let kind = top.get("kind").and_then(Node::as_str);
    let Some(first) = top.entry("kind").or(top.entries().first()).filter(|_| kind != Some(KIND)) else { return };
    let (message, words) = match kind {
        Some(kind) => (format!("the kubelet knows no kind `{kind}`"), format!("no kind \"{kind}\" is registered")),
        None => {
            ("the kubelet finds no `kind` at the top of this file".to_owned(), "Object 'Kind' is missing".to_owned())
        }
    };
    cx.report(first.key_span, message)
        .refused(Releases::ANY)
        .key("kind")
        .why(format!("The kubelet does not start: `{words}`. It reads the first document as it stands; streams, ConfigMaps and the output of /configz are for others to unwrap."))
        .help("Keep the KubeletConfiguration alone in this file, at its top level.");
}

/// Whether the file is the kubelet's beyond doubt: by the folder it lies in, or by most of its keys.
fn is_meant(cx: &FileCx) -> bool {
    let folders = ["var/lib/kubelet/", "etc/kubernetes/"];
    let keys = cx.root.entries().len();
    let known = cx.bound.iter().filter(|b| b.within.name().is_empty() && b.key().is_some()).count();
    let named = cx.root.get("kind").is_some() || cx.root.get("apiVersion").is_some();
    folders.iter().any(|folder| cx.file.path.contains(folder))
        || known > 0 && (named || known * 2 >= keys)
        || cx.root.get("kind").and_then(Node::as_str) == Some(KIND)
        || cx.root.get("apiVersion").and_then(Node::as_str).is_some_and(|v| v.starts_with("kubelet.config"))
}

fn report_missing(cx: &mut FileCx, key: &str, missing: &[(&str, &str)], role: Role) {
    let first = cx.root.entries().first().map(|e| e.key_span);
    let start = cx.root.span.start as usize;
    let span = first.unwrap_or(Span::empty(start));
    let names: Vec<String> = missing.iter().map(|(key, _)| format!("`{key}`")).collect();
    let empty = cx.doc().text.trim().is_empty();
    let message = if empty {
        "this file for the kubelet is empty".to_owned()
    } else {
        format!("this file for the kubelet has no {}", names.join(" and no "))
    };
    let words = match key {
        _ if empty => "was empty",
        "kind" => "Object 'Kind' is missing",
        _ => "Object 'apiVersion' is missing",
    };
    let fix = header(cx, missing);
    let releases = if role == Role::DropIn { DROP_INS } else { Releases::ANY };
    cx.report(span, message)
        .refused(releases)
        .key(key)
        .why(format!("The kubelet does not start: `{words}`. It needs both lines in every file that it reads, drop-ins included."))
        .help(format!("Start the file with `apiVersion: {API_VERSION}` and `kind: {KIND}`. What somebody else merges into such a file, such as a kubeadm patch, needs neither: call it `kubeletconfiguration.yaml`."))
        .maybe_fix(fix);
}

/// The lines that are missing, on top.
fn header(cx: &FileCx, missing: &[(&str, &str)]) -> Option<Fix> {
    let above = cx.root.entries().first().filter(|_| cx.doc().format == Format::Yaml)?;
    let lines: Vec<String> = missing.iter().map(|(key, value)| format!("{key}: {value}")).collect();
    Some(Fix::one(
        Applicability::Unsafe,
        format!("Add `{}`", lines.join("` and `")),
        Edit { text: format!("{}\n", lines.join("\n")), ..edit::line_before(cx.doc(), above.key_span, "") },
    ))
}

fn report_other(cx: &mut FileCx, key: &str, right: &str, node: &Node, role: Role) {
    let written = node.as_str().unwrap_or_default();
    let kind = cx.root.get("kind").and_then(Node::as_str).unwrap_or_default();
    let version = cx.root.get("apiVersion").and_then(Node::as_str).unwrap_or_default();
    let own = version.starts_with("kubelet.config.k8s.io/") && kind.to_ascii_lowercase().starts_with("kubelet");
    let help = match kind {
        "Config" => "This is a kubeconfig: it belongs to `--kubeconfig`, not to `--config`.".to_owned(),
        "CredentialProviderConfig" => {
            "This belongs to `--image-credential-provider-config`, not to `--config`.".to_owned()
        }
        _ => format!("Write `{key}: {right}`, or pass the kubelet another file."),
    };
    let fix = own
        .then(|| Fix::edit(Applicability::Unsafe, format!("Write `{right}`"), node.span, quoted_as(node, cx, right)));
    let releases = if role == Role::DropIn { CHECKS_DROP_INS } else { Releases::ANY };
    cx.report(node.span, format!("the kubelet knows no {key} `{written}`"))
        .refused(releases)
        .key(key)
        .why(format!("The kubelet does not start: `no kind \"{kind}\" is registered for version \"{version}\"`. It reads `{API_VERSION}`, kind `{KIND}`, and nothing else."))
        .help(help)
        .maybe_fix(fix);
}

fn quoted_as(node: &Node, cx: &FileCx, text: &str) -> String {
    let quoted = node.span.of(cx.doc().text).starts_with('"');
    if quoted { edit::string(text) } else { text.to_owned() }
}

//! # `pod-logs-dir-invalid`
//!
//! `podLogsDir` that is not a normalized absolute path of ASCII characters.
//!
//! ## Why
//!
//! The kubelet does not start: `pod logs path "/var/log/pods/" must be normalized`, or `must be absolute path`, or `mut
//! contains ASCII characters only` (its words). A relative path is valid in the main file, where the kubelet resolves
//! it against the file's folder, but not in a drop-in.
//!
//! ## What to do
//!
//! Write an absolute path without `.`, `..`, double slashes or a slash at the end.
//!
//! ## Examples
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! podLogsDir: /data/pods/
//!             ^^^^^^^^^^^
//! ```
//!
//! ```yaml fixed
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! podLogsDir: /data/pods
//! ```
//!
//! ```yaml bad
//! --- /etc/kubernetes/kubelet.conf.d/10-logs.conf
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! podLogsDir: logs/pods
//!             ^^^^^^^^^
//! ```
//!
//! ```yaml good
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! podLogsDir: /data/pods
//! ```
//!
//! ## References
//!
//! - kubernetes/kubernetes@v1.36.0:pkg/kubelet/apis/config/validation/validation.go,
//!   pkg/kubelet/kubeletconfig/configfiles/configfiles.go; measured with the validator of 1.36.3

use crate::kubelet;
use crate::kubelet::kind::ConfigRole;
use crate::kubelet::node::role;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "pod-logs-dir-invalid",
    summary: "Invalid folder for pod logs",
    fix: Some(Applicability::Safe),
    run: Run::File(&[&kubelet::KIND], check),
    ..Rule::DEFAULTS
};

const FIELD: &str = "podLogsDir";
const READS_POD_LOGS_DIR: Releases = Releases::kubernetes("1.30..");

fn check(cx: &mut FileCx) {
    let Some(node) = cx.root.get(FIELD) else { return };
    let Some(path) = node.as_str().filter(|path| !path.is_empty()) else { return };
    let clean = clean(path);
    if !path.is_ascii() {
        report(cx, node, path, "mut contains ASCII characters only").help("Write a path of ASCII characters.");
    } else if !path.starts_with('/') {
        if role(cx) == ConfigRole::DropIn {
            report(cx, node, path, "must be absolute path")
                .help("Write an absolute path: the kubelet resolves relative ones only in the main file.");
        }
    } else if clean != path {
        let new = edit::quoted_like(node.span.of(cx.doc().text), &clean);
        report(cx, node, path, "must be normalized")
            .help(format!("Write {clean}."))
            .fix(Fix::safe(format!("Write {clean}"), node.span, new).keeping_meaning());
    }
}

fn report<'o>(cx: &'o mut FileCx, node: &Node, path: &str, words: &str) -> &'o mut Finding {
    cx.report(node.span, format!("`{path}` is not a valid folder for pod logs"))
        .refused(READS_POD_LOGS_DIR)
        .key(FIELD)
        .why(format!("The kubelet does not start: `pod logs path \"{path}\" {words}`."))
}

/// An absolute path as Go's `filepath.Clean` writes it.
fn clean(path: &str) -> String {
    let mut parts: Vec<&str> = vec![];
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    format!("/{}", parts.join("/"))
}

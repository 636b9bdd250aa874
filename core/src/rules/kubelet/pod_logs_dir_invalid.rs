//! # `pod-logs-dir-invalid`
//!
//! `podLogsDir` is no clean path of ASCII letters.
//!
//! ## Why
//!
//! The kubelet does not start: `pod logs path "/var/log/pods/" must be normalized`, or `must be absolute path`, or `mut contains
//! ASCII characters only` (its words). A relative path is fine in the main file, where the kubelet resolves it against the
//! file's folder; in a drop-in it does not.
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
//! - kubernetes/kubernetes@v1.36.0:pkg/kubelet/apis/config/validation/validation.go, pkg/kubelet/kubeletconfig/configfiles/
//!   configfiles.go; measured with the validator of 1.36.3

use crate::kubelet;
use crate::kubelet::kind::Role;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "pod-logs-dir-invalid",
    summary: "A folder for pod logs that the kubelet does not take",
    fix: Some(Applicability::Safe),
    run: Run::File(&[&kubelet::KIND], check),
    ..Rule::DEFAULTS
};

const FIELD: &str = "podLogsDir";
const SINCE: Releases = Releases::kubernetes("1.30..");

fn check(cx: &mut FileCx) {
    let Some(node) = cx.root.get(FIELD) else { return };
    let Some(path) = node.as_str().filter(|path| !path.is_empty()) else { return };
    let is_drop_in = kubelet::role(cx.file, cx.root) == Role::DropIn;
    let clean = clean(path);
    let (words, help) = if !path.is_ascii() {
        ("mut contains ASCII characters only", "Write a path of ASCII letters.".to_owned())
    } else if !path.starts_with('/') {
        if !is_drop_in {
            return;
        }
        (
            "must be absolute path",
            "Write an absolute path: only in the main file are relative ones resolved.".to_owned(),
        )
    } else if clean != path {
        ("must be normalized", format!("Write {clean}."))
    } else {
        return;
    };
    let fix = (path.is_ascii() && path.starts_with('/')).then(|| {
        let quoted = node.span.of(cx.doc().text).starts_with(['"', '\'']);
        let new = if quoted { edit::string(&clean) } else { clean.clone() };
        Fix::safe(format!("Write {clean}"), node.span, new).keeping_meaning()
    });
    cx.report(node.span, format!("`{path}` is no path that the kubelet takes for pod logs"))
        .refused(SINCE)
        .key(FIELD)
        .why(format!("The kubelet does not start: `pod logs path \"{path}\" {words}`."))
        .help(help)
        .maybe_fix(fix);
}

/// An absolute path as Go's `filepath.Clean` writes it.
fn clean(path: &str) -> String {
    let mut parts: Vec<&str> = vec![];
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    format!("/{}", parts.join("/"))
}

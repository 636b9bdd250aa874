//! # `log-vmodule-invalid`
//!
//! Log levels by source file that the kubelet refuses.
//!
//! ## Why
//!
//! The kubelet does not start: `logging.vmodule: Forbidden: Only supported for text log format`, `File pattern must not
//! be empty`, or `File pattern must not contain equal sign or comma`.
//!
//! ## What to do
//!
//! Use `format: text`, and one item for each pattern.
//!
//! ## Examples
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! logging:
//!   format: json
//!   vmodule:
//!   ^^^^^^^
//!   - filePattern: kubelet_pods
//!     verbosity: 5
//! ```
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! logging:
//!   vmodule:
//!   - filePattern: kubelet=5
//!                  ^^^^^^^^^
//! ```
//!
//! ```yaml good
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! logging:
//!   vmodule:
//!   - filePattern: kubelet_pods
//!     verbosity: 5
//! ```
//!
//! ## References
//!
//! - kubernetes/component-base@v0.36.0:logs/api/v1/options.go (`Validate`); measured with the validator of 1.36.3

use crate::kubelet;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "log-vmodule-invalid",
    summary: "Invalid log levels by source file",
    run: Run::File(&[&kubelet::KIND], check),
    ..Rule::DEFAULTS
};

const READS_VMODULE: Releases = Releases::kubernetes("1.23..");

fn check(cx: &mut FileCx) {
    let Some(logging) = cx.root.get("logging") else { return };
    let Some(entry) = logging.entry("vmodule").filter(|entry| !entry.value.items().is_empty()) else { return };
    let format = logging.get("format").and_then(Node::as_str).unwrap_or_default();
    if !matches!(format, "" | "text") {
        report(
            cx,
            entry.key_span,
            format!("`vmodule` with the log format {format}"),
            "logging.vmodule: Forbidden: Only supported for text log format",
            "Remove `vmodule`, or log as text.",
        );
        return;
    }
    for item in entry.value.items() {
        let node = item.get("filePattern").filter(|node| !node.is_null());
        let span = item.get("filePattern").map_or(item.span, |node| node.span);
        let Some(pattern) = node.map_or(Some(""), Node::as_str) else { continue };
        if pattern.is_empty() {
            report(
                cx,
                span,
                "log level without a source file".to_owned(),
                "File pattern must not be empty",
                "Set `filePattern` to the name of a source file without `.go`, such as kubelet_pods.",
            );
        } else if pattern.contains(['=', ',']) {
            report(
                cx,
                span,
                format!("`{pattern}` is not a pattern for a source file"),
                "File pattern must not contain equal sign or comma",
                "Write one item for each pattern, with the level as `verbosity`.",
            );
        }
    }
}

fn report(cx: &mut FileCx, span: Span, message: String, words: &str, help: &'static str) {
    cx.report(span, message)
        .refused(READS_VMODULE)
        .key("logging.vmodule")
        .why(format!("The kubelet does not start: `{words}`."))
        .help(help);
}

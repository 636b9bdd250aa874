//! # `log-max-files-too-few`
//!
//! Fewer than two log files for a container, or other limits of log rotation that the kubelet refuses.
//!
//! ## Why
//!
//! The file in use and one rotated file are the least: with 1, as Docker allows, the kubelet does not start
//! (`containerLogMaxFiles must be greater than 1`; before 1.33 `invalid MaxFiles 1, must be > 1`). The same holds for less
//! than one worker and for an interval of less than three seconds.
//!
//! ## What to do
//!
//! Write 2 or more; the default is 5.
//!
//! ## Examples
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! containerLogMaxFiles: 1
//!                       ^
//! ```
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! containerLogMonitorInterval: 1s
//!                              ^^
//! ```
//!
//! ```yaml good
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! containerLogMaxFiles: 2
//! containerLogMaxWorkers: 1
//! containerLogMonitorInterval: 3s
//! ```
//!
//! ## References
//!
//! - kubernetes/kubernetes@v1.36.0:pkg/kubelet/apis/config/validation/validation.go,
//!   pkg/kubelet/logs/container_log_manager.go; measured with the validators of 1.31.13 and 1.36.3

use crate::kind::{flags, kubelet};
use crate::releases::Releases;
use crate::rules::kubelet_values::{duration, settings};
use crate::rules::{Category, FileCx, Rule, Run};
use crate::syntax::Node;

pub(in crate::rules) const RULE: Rule = Rule {
    id: "log-max-files-too-few",
    summary: "Fewer log files, workers or seconds than the kubelet takes",
    category: Category::Correctness,
    since: "0.1.0",
    fix: None,
    opt_in: false,
    run: Run::File(&[&kubelet::KIND, &flags::KIND], check),
};

/// The first releases with workers and an interval.
const WORKERS: Releases = Releases::kubernetes("1.30..");

fn check(cx: &mut FileCx<'_, '_, '_>) {
    for setting in settings(cx, &["containerLogMaxFiles"], "container-log-max-files") {
        let number = setting.node.map_or_else(|| setting.text.parse().ok(), Node::as_int);
        if let Some(files) = number.filter(|n| *n <= 1) {
            cx.report(setting.span, format!("{files} log files for a container are too few"))
                .refused(Releases::ANY)
                .key(setting.key.clone())
                .why("The kubelet does not start: `containerLogMaxFiles must be greater than 1`; before 1.33 its log manager says `invalid MaxFiles`.")
                .help("Write 2 or more: the file in use counts. The default is 5.");
        }
    }
    if *cx.file.kind == kubelet::KIND {
        check_workers(cx);
        check_interval(cx);
    }
}

fn check_workers(cx: &mut FileCx<'_, '_, '_>) {
    let Some(node) = cx.root.get("containerLogMaxWorkers") else { return };
    if let Some(workers) = node.as_int().filter(|n| *n < 1) {
        cx.report(node.span, format!("log rotation needs a worker, and {workers} is none"))
            .refused(WORKERS)
            .key("containerLogMaxWorkers")
            .why("The kubelet does not start: `containerLogMaxWorkers must be greater than or equal to 1`.")
            .help("Write 1 or more, or remove the line.");
    }
}

fn check_interval(cx: &mut FileCx<'_, '_, '_>) {
    let Some(node) = cx.root.get("containerLogMonitorInterval") else { return };
    let Some(text) = node.as_str() else { return };
    if duration(text).is_ok_and(|seconds| seconds < 3.0) {
        cx.report(node.span, format!("{text} between two looks at container logs is too short"))
            .refused(WORKERS)
            .key("containerLogMonitorInterval")
            .why("The kubelet does not start: `containerLogMonitorInterval must be a positive time duration greater than or equal to 3s`.")
            .help("Write 3s or more; the default is 10s.");
    }
}

//! # `drop-in-not-conf`
//!
//! A file in the kubelet's drop-in folder whose name does not end with `.conf`.
//!
//! ## Why
//!
//! The kubelet takes the files of `--config-dir` by their ending and silently skips all others (1.36 logs them at
//! verbosity 4).
//!
//! ## What to do
//!
//! Rename it: 10-log.yaml to 10-log.conf.
//!
//! ## Examples
//!
//! ```yaml bad
//! --- /etc/kubernetes/kubelet.conf.d/10-pods.yaml
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! ^^^^^^^^^^
//! kind: KubeletConfiguration
//! maxPods: 60
//! ```
//!
//! ```yaml good
//! --- /etc/kubernetes/kubelet.conf.d/10-pods.conf
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! maxPods: 60
//! ```
//!
//! ## References
//!
//! - kubernetes/kubernetes#136089; kubernetes/kubernetes@v1.36.0:cmd/kubelet/app/server.go
//!   (`mergeKubeletConfigurations`)

use crate::kubelet;
use crate::kubelet::eras::MERGES_DROP_INS;
use crate::kubelet::kind::is_skipped;
use crate::rules::prelude::*;
use crate::syntax::path::join;

pub(crate) const RULE: Rule = Rule {
    id: "drop-in-not-conf",
    summary: "Drop-in of the kubelet whose name does not end with .conf",
    reads_text: true,
    checks_skipped: true,
    run: Run::File(&[&kubelet::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    if !is_skipped(cx.file.path) {
        return;
    }
    let name = cx.file.name();
    let Some(first) = cx.root.entries().first() else { return };
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let (message, help) =
        (format!("the kubelet skips `{name}`: names of drop-ins end with .conf"), format!("Rename it to {stem}.conf."));
    let names: Vec<String> = cx.root.entries().iter().map(|entry| join(&[&entry.key])).collect();
    let finding = cx.report(first.key_span, message);
    finding
        .ignored(MERGES_DROP_INS)
        .why("The kubelet silently skips files with other endings: none of these settings is in effect.")
        .help(help);
    for name in names.into_iter().filter(|name| !matches!(name.as_str(), "apiVersion" | "kind")) {
        finding.key(name);
    }
}

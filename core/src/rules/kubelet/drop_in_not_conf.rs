//! # `drop-in-not-conf`
//!
//! A file in the kubelet's drop-in folder that does not end in `.conf`.
//!
//! ## Why
//!
//! The kubelet takes the files of `--config-dir` by their ending and skips all others without a word (1.36 logs them at
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
//! - kubernetes/kubernetes#136089; kubernetes/kubernetes@v1.36.0:cmd/kubelet/app/server.go (`mergeKubeletConfigurations`)

use crate::kubelet;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "drop-in-not-conf",
    summary: "A drop-in of the kubelet that does not end in .conf",
    run: Run::File(&[&kubelet::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    let name = cx.file.name();
    let is_there = cx.file.path.rsplit('/').nth(1) == Some("kubelet.conf.d");
    if !is_there || name.ends_with(".conf") {
        return;
    }
    let Some(first) = cx.root.entries().first().map(|e| e.key_span) else { return };
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let message = format!("the kubelet skips `{name}`: it takes drop-ins that end in .conf");
    let help = format!("Rename it to {stem}.conf.");
    cx.report(first, message)
        .ignored(Releases::kubernetes("1.28.."))
        .why("It says nothing about files with other endings, and none of their settings is in effect.")
        .help(help);
}

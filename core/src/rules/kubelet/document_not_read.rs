//! # `document-not-read`
//!
//! A further YAML document in a file that the kubelet reads.
//!
//! ## Why
//!
//! The kubelet reads the first document of a file and silently ignores the rest, faults included: settings behind
//! `---` or `...` are not in effect.
//!
//! ## What to do
//!
//! Move the settings into the first document, or remove the document.
//!
//! ## Examples
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! maxPods: 60
//! ---
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! ^^^^^^^^^^
//! kind: KubeletConfiguration
//! podsPerCore: 10
//! ```
//!
//! In a stream for kubeadm the configuration is one document of several:
//!
//! ```yaml good
//! --- /root/kubeadm.yaml
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! maxPods: 60
//! ---
//! apiVersion: kubeadm.k8s.io/v1beta4
//! kind: ClusterConfiguration
//! ```
//!
//! ## References
//!
//! - kubernetes-sigs/yaml@v1.6.0:yaml.go (`yaml.Unmarshal` reads one document); run with the loaders of 1.30.14 and
//!   1.36.3

use crate::keys::tables;
use crate::kubelet;
use crate::kubelet::kind::{ends_after_first, is_configuration};
use crate::rules::prelude::*;
use crate::syntax::path::join;

pub(crate) const RULE: Rule = Rule {
    id: "document-not-read",
    summary: "YAML document that the kubelet does not read",
    reads_text: true,
    run: Run::File(&[&kubelet::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    if !ends_after_first(cx.doc()) {
        return;
    }
    for document in &cx.doc().more {
        report(cx, document);
    }
}

fn report(cx: &mut FileCx, document: &Node) {
    let Some(first) = document.entries().first() else { return };
    let names = || document.entries().iter().map(|entry| entry.key.as_ref());
    let is_setting = |name: &&str| !matches!(*name, "apiVersion" | "kind");
    let is_known = |name: &str| tables::KUBELET.find(&[name]).is_some();
    let is_meant = is_configuration(document) || names().filter(is_setting).any(is_known);
    let finding = cx.report(first.key_span, "the kubelet does not read this document".to_owned());
    finding.why(WHY).help("Move its settings into the first document, or remove it.");
    if !is_meant || names().all(|name| !is_setting(&name)) {
        finding.advice(Releases::ANY);
        return;
    }
    // The verdict is that of the first document: the kubelet takes no notice of this one.
    finding.harmful(Releases::ANY);
    for name in names().filter(is_setting) {
        finding.key(join(&[name]));
    }
}

const WHY: &str = "The kubelet reads the first document of a file and silently ignores the rest.";

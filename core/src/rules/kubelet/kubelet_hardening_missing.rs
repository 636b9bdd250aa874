//! # `kubelet-hardening-missing`
//!
//! A setting of the kubelet with which the node fails an item of the CIS benchmark. Runs only when selected, or with
//! `--profile cis`.
//!
//! ## Why
//!
//! Section 4.2 of the CIS Kubernetes Benchmark 1.12 wants, among others, a CA for client certificates (4.2.3),
//! certificates that the kubelet renews (4.2.10), a limit of processes (4.2.13) and seccomp by default (4.2.14). The
//! settings in effect are judged: flags, drop-ins, the file, or the release's defaults. Items that other rules report,
//! such as requests without credentials (`anonymous-auth`), are reported by those alone.
//!
//! ## What to do
//!
//! Set the field, or leave the item out with a reason. `docs/profiles/cis.md` lists all items.
//!
//! ## Examples
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! ^
//! kind: KubeletConfiguration
//! authentication:
//!   x509:
//!     clientCAFile: /etc/kubernetes/pki/ca.crt
//! podPidsLimit: 4096
//! rotateCertificates: true
//! serverTLSBootstrap: true
//! tlsMinVersion: VersionTLS13
//! ```
//!
//! ```yaml good
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! authentication:
//!   x509:
//!     clientCAFile: /etc/kubernetes/pki/ca.crt
//! podPidsLimit: 4096
//! rotateCertificates: true
//! seccompDefault: true
//! serverTLSBootstrap: true
//! tlsMinVersion: VersionTLS13
//! ```
//!
//! ## References
//!
//! - aquasecurity/kube-bench@a73ce37:cfg/cis-1.12/node.yaml

use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "kubelet-hardening-missing",
    summary: "Setting of the kubelet that fails an item of the CIS benchmark",
    category: Category::Security,
    opt_in: true,
    run: Run::Node(|cx| cx.report_failed_items()),
    ..Rule::DEFAULTS
};

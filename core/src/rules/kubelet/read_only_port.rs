//! # `read-only-port`
//!
//! The kubelet's port without authentication is open.
//!
//! ## Why
//!
//! On port 10255 the kubelet shows all pods of the node, with their environment and arguments, and its metrics, to any
//! client. The default of the file is 0, closed; the flag's default was 10255.
//!
//! ## What to do
//!
//! Set it to 0, and let monitoring use port 10250 with a token.
//!
//! ## Examples
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! readOnlyPort: 10255
//!               ^^^^^
//! ```
//!
//! ```yaml fixed
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! readOnlyPort: 0
//! ```
//!
//! ```yaml good
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! readOnlyPort: 0
//! ```
//!
//! ## References
//!
//! - CIS Kubernetes Benchmark 4.2.4; aquasecurity/kube-bench:cfg/cis-1.12/node.yaml

use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "read-only-port",
    summary: "Kubelet port without authentication",
    category: Category::Security,
    fix: Some(Applicability::Unsafe),
    run: Run::Settings(&[SettingCheck {
        outcomes: &[(Effect::Harmful, Releases::ANY)],
        message: "port {value} shows everything that runs on the node, without authentication",
        why: "The read-only port asks for no credentials: whoever reaches it can read the pods with their environment, \
              arguments and metrics.",
        help: "Set it to 0, and let monitoring use port 10250 with a token.",
        fix: Some(Replacement {
            applicability: Applicability::Unsafe,
            title: "Close the port",
            setting: "",
            value: NewValue::Fixed("0"),
        }),
        ..SettingCheck::of(&daemons::KUBELET, "readOnlyPort", Test::Where(is_open_port))
    }]),
    ..Rule::DEFAULTS
};

/// 0 closes the port; what is not a port stops the kubelet, which another rule reports.
fn is_open_port(setting: &WrittenSetting) -> bool {
    setting.as_int().is_some_and(|port| (1..=65535).contains(&port))
}

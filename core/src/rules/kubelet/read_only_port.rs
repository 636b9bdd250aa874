//! # `read-only-port`
//!
//! The kubelet's port without any authentication is open.
//!
//! ## Why
//!
//! On port 10255 the kubelet tells everybody about all pods of the node, with their environment and arguments, and its
//! metrics. The default of the file is 0, closed; the flag's default was 10255.
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

use crate::fix::{Applicability, Fix};
use crate::kubelet;
use crate::kubelet::values::settings;
use crate::releases::Releases;
use crate::rules::{Category, FileCx, Rule, Run};
use crate::syntax::Node;
use crate::systemd::flags;

pub(crate) const RULE: Rule = Rule {
    id: "read-only-port",
    summary: "The kubelet's port without authentication is open",
    category: Category::Security,
    since: "0.1.0",
    fix: Some(Applicability::Unsafe),
    opt_in: false,
    run: Run::File(&[&kubelet::KIND, &flags::KIND], check),
};

fn check(cx: &mut FileCx<'_, '_, '_>) {
    for setting in settings(cx, &["readOnlyPort"], "read-only-port") {
        let port = setting.node.map_or_else(|| setting.text.parse().ok(), Node::as_int);
        let Some(port) = port.filter(|port| (1..=65535).contains(port)) else { continue };
        cx.report(setting.span, format!("port {port} tells everybody what runs on the node"))
            .harmful(Releases::ANY)
            .key(setting.key.clone())
            .why("The read-only port asks for no credentials: pods with their environment, arguments and metrics are there for everybody who reaches it.")
            .help("Set it to 0, and let monitoring use port 10250 with a token.")
            .fix(Fix::edit(Applicability::Unsafe, "Close the port", setting.span, "0"));
    }
}

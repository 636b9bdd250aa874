//! # `anonymous-auth`
//!
//! The kubelet's port answers people who do not say who they are, or allows everything to everybody whom it knows.
//!
//! ## Why
//!
//! With `authentication.anonymous.enabled: true` and `authorization.mode: AlwaysAllow`, whoever reaches port 10250 can run
//! commands in every pod of the node. With `AlwaysAllow` alone, every certificate of the cluster's CA and every token can.
//! Anonymous requests alone end at the webhook, which allows them what RBAC gives to `system:anonymous`.
//!
//! ## What to do
//!
//! Set `authentication.anonymous.enabled: false` and `authorization.mode: Webhook`: both are the defaults of the file.
//!
//! ## Examples
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! authentication:
//!   anonymous:
//!     enabled: true
//!              ^^^^
//! authorization:
//!   mode: AlwaysAllow
//! ```
//!
//! ```yaml fixed
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! authentication:
//!   anonymous:
//!     enabled: false
//! authorization:
//!   mode: Webhook
//! ```
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! authorization:
//!   mode: AlwaysAllow
//!         ^^^^^^^^^^^
//! ```
//!
//! ```yaml good
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! authentication:
//!   anonymous:
//!     enabled: false
//! authorization:
//!   mode: Webhook
//! ```
//!
//! ## References
//!
//! - CIS Kubernetes Benchmark 4.2.1 and 4.2.2; aquasecurity/kube-bench:cfg/cis-1.12/node.yaml

use crate::kubelet;
use crate::order;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "anonymous-auth",
    summary: "The kubelet's port is open to strangers",
    category: Category::Security,
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&kubelet::KIND], check),
    ..Rule::DEFAULTS
};

const ANONYMOUS: [&str; 3] = ["authentication", "anonymous", "enabled"];
const MODE: [&str; 2] = ["authorization", "mode"];

fn check(cx: &mut FileCx) {
    let anonymous = cx.root.at(&ANONYMOUS).filter(|node| node.as_bool() == Some(true));
    let allows_all = cx.root.at(&MODE).filter(|node| node.as_str() == Some("AlwaysAllow"));
    match (anonymous, allows_all) {
        (Some(anonymous), mode) => report_anonymous(cx, anonymous, mode),
        (None, Some(mode)) => report_mode(cx, mode),
        (None, None) => {}
    }
}

fn report_anonymous(cx: &mut FileCx, node: &Node, mode: Option<&Node>) {
    let off = edit::replace(node, "false");
    let mut edits = vec![off];
    edits.extend(mode.map(|mode| edit::replace(mode, quoted(mode, cx))));
    order::by_key(&mut edits, |edit| edit.span);
    let title = "Turn anonymous requests off".to_owned();
    let fix = Fix::new(Applicability::Unsafe, title, edits);
    if let Some(mode) = mode {
        cx.report(node.span, "whoever reaches the kubelet's port can run commands in every pod")
            .harmful(Releases::ANY)
            .key(ANONYMOUS.join("."))
            .key(MODE.join("."))
            .why("The kubelet takes requests from strangers, and AlwaysAllow refuses nothing: exec, logs and the rest of port 10250 are open.")
            .help("Set `authentication.anonymous.enabled: false` and `authorization.mode: Webhook`.")
            .label(mode.span, "and every request is allowed")
            .fix(fix);
    } else {
        cx.report(node.span, "the kubelet takes requests from people who do not say who they are")
            .advice(Releases::ANY)
            .key(ANONYMOUS.join("."))
            .why("The webhook still asks the API server what `system:anonymous` may do: one careless ClusterRoleBinding opens the node. CIS 4.2.1 wants it off.")
            .help("Set it to false, which is the default of the file.")
            .fix(fix);
    }
}

fn report_mode(cx: &mut FileCx, mode: &Node) {
    let webhook = quoted(mode, cx);
    cx.report(mode.span, "the kubelet allows everything to everybody whom it knows")
        .harmful(Releases::ANY)
        .key(MODE.join("."))
        .why("Every client certificate of the cluster's CA, and with webhook authentication every service account token, can run commands in every pod of the node.")
        .help("Set it to Webhook, which is the default of the file: the API server then decides by RBAC.")
        .fix(Fix::edit(Applicability::Unsafe, "Ask the API server", mode.span, webhook));
}

fn quoted(mode: &Node, cx: &FileCx) -> &'static str {
    if mode.span.of(cx.doc().text).starts_with('"') { "\"Webhook\"" } else { "Webhook" }
}

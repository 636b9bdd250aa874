//! # `anonymous-auth`
//!
//! The kubelet accepts requests without credentials, or allows every request of every authenticated user.
//!
//! ## Why
//!
//! With `authentication.anonymous.enabled: true` and `authorization.mode: AlwaysAllow`, whoever reaches port 10250 can
//! run commands in every pod of the node. With `AlwaysAllow` alone, every client with a certificate of the cluster's CA
//! or a token can. Anonymous requests alone end at the webhook, which allows them what RBAC grants to
//! `system:anonymous`.
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
    summary: "Kubelet port that accepts anonymous or unauthorized requests",
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
        (Some(anonymous), Some(mode)) => report_both(cx, anonymous, mode),
        (Some(anonymous), None) => report_anonymous(cx, anonymous),
        (None, Some(mode)) => report_mode(cx, mode),
        (None, None) => {}
    }
}

fn report_both(cx: &mut FileCx, anonymous: &Node, mode: &Node) {
    let mut edits = vec![edit::replace(anonymous, "false"), webhook(cx, mode)];
    order::by_key(&mut edits, |edit| edit.span);
    cx.report(anonymous.span, "whoever reaches the kubelet's port can run commands in every pod")
        .harmful(Releases::ANY)
        .key(ANONYMOUS.join("."))
        .key(MODE.join("."))
        .why(
            "The kubelet accepts requests without credentials, and AlwaysAllow refuses nothing: exec, logs and the \
             rest of port 10250 are open.",
        )
        .help("Set `authentication.anonymous.enabled: false` and `authorization.mode: Webhook`.")
        .label(mode.span, "allows every request")
        .fix(Fix::new(Applicability::Unsafe, "Turn anonymous requests off", edits));
}

fn report_anonymous(cx: &mut FileCx, anonymous: &Node) {
    cx.report(anonymous.span, "the kubelet accepts requests without credentials")
        .advice(Releases::ANY)
        .key(ANONYMOUS.join("."))
        .why(
            "The webhook still asks the API server what `system:anonymous` may do: one careless ClusterRoleBinding \
             opens the node. CIS 4.2.1 requires false.",
        )
        .help("Set it to false, which is the default of the file.")
        .fix(Fix::one(Applicability::Unsafe, "Turn anonymous requests off", edit::replace(anonymous, "false")));
}

fn report_mode(cx: &mut FileCx, mode: &Node) {
    let fix = Fix::one(Applicability::Unsafe, "Ask the API server", webhook(cx, mode));
    cx.report(mode.span, "the kubelet allows every request of every authenticated user")
        .harmful(Releases::ANY)
        .key(MODE.join("."))
        .why(
            "Every client certificate of the cluster's CA, and with webhook authentication every service account \
             token, can run commands in every pod of the node.",
        )
        .help("Set it to Webhook, which is the default of the file: the API server then decides by RBAC.")
        .fix(fix);
}

fn webhook(cx: &FileCx, mode: &Node) -> Edit {
    edit::replace(mode, edit::quoted_like(mode.span.of(cx.doc().text), "Webhook"))
}

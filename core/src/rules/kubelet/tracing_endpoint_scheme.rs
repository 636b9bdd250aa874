//! # `tracing-endpoint-scheme`
//!
//! The endpoint for traces is a URL, where the kubelet wants an address.
//!
//! ## Why
//!
//! The kubelet does not start: `unsupported scheme: http. Options are none, dns, unix, or unix-abstract`. It speaks gRPC to
//! the collector, and the endpoint is an address as gRPC writes it.
//!
//! ## What to do
//!
//! Write host and port alone, such as localhost:4317.
//!
//! ## Examples
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! tracing:
//!   endpoint: http://localhost:4317
//!             ^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```yaml fixed
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! tracing:
//!   endpoint: localhost:4317
//! ```
//!
//! ```yaml good
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! tracing:
//!   endpoint: unix:///run/otel.sock
//! ```
//!
//! ## References
//!
//! - kubernetes/component-base@v0.36.0:tracing/api/v1/config.go (`validateEndpoint`); measured with the validator of 1.36.3

use crate::kubelet;
use crate::kubelet::settings::{Gates, kubernetes};
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "tracing-endpoint-scheme",
    summary: "A URL as the endpoint for traces",
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&kubelet::KIND], check),
    ..Rule::DEFAULTS
};

const SINCE: Releases = Releases::kubernetes("1.25..");
const SCHEMES: [&str; 3] = ["dns", "unix", "unix-abstract"];

fn check(cx: &mut FileCx) {
    let Some(node) = cx.root.at(&["tracing", "endpoint"]) else { return };
    let Some(endpoint) = node.as_str().filter(|e| e.contains("//")) else { return };
    let scheme = endpoint.split_once(':').map_or("", |(scheme, _)| scheme).to_ascii_lowercase();
    if SCHEMES.contains(&scheme.as_str()) {
        return;
    }
    let off = Gates::of(cx).off("KubeletTracing");
    let rest =
        endpoint.split_once("://").map(|(_, rest)| rest.trim_end_matches('/')).filter(|rest| !rest.contains('/'));
    let quoted = node.span.of(cx.doc().text).starts_with(['"', '\'']);
    let fix = rest
        .filter(|rest| !quoted && !rest.is_empty())
        .map(|rest| Fix::edit(Applicability::Unsafe, format!("Write {rest}"), node.span, rest));
    cx.report(node.span, format!("`{endpoint}` is no endpoint for gRPC"))
        .refused(kubernetes(SINCE.get(Product::Kubernetes).without(off)))
        .key("tracing.endpoint")
        .why(format!("The kubelet does not start: `unsupported scheme: {scheme}.  Options are none, dns, unix, or unix-abstract.`"))
        .help("Write host and port alone, such as localhost:4317.")
        .maybe_fix(fix);
}

//! # `tracing-endpoint-scheme`
//!
//! A URL as the endpoint for traces, where the kubelet requires an address.
//!
//! ## Why
//!
//! The kubelet does not start: `unsupported scheme: http. Options are none, dns, unix, or unix-abstract`. The kubelet
//! uses gRPC to the collector, and the endpoint is an address as gRPC writes it.
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
//! - kubernetes/component-base@v0.36.0:tracing/api/v1/config.go (`validateEndpoint`); measured with the validator of
//!   1.36.3

use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "tracing-endpoint-scheme",
    summary: "URL as the endpoint for traces",
    fix: Some(Applicability::Unsafe),
    run: Run::Settings(&[SettingCheck {
        gate: "KubeletTracing",
        outcomes: &[(Effect::Refused, SENDS_TRACES)],
        message: "`{value}` is not an endpoint for gRPC",
        why: "The kubelet does not start: `{reason}`",
        help: "Write host and port alone, such as localhost:4317.",
        fix: Some(Replacement {
            applicability: Applicability::Unsafe,
            title: "Write {new}",
            setting: "",
            value: NewValue::Text(host_and_port),
        }),
        ..SettingCheck::of(&daemons::KUBELET, "tracing.endpoint", Test::Refused(reason))
    }]),
    ..Rule::DEFAULTS
};

const SENDS_TRACES: Releases = Releases::kubernetes("1.25..");

fn reason(endpoint: &str) -> Option<String> {
    let scheme = endpoint.split_once(':').map_or("", |(scheme, _)| scheme).to_ascii_lowercase();
    let is_refused = endpoint.contains("//") && !["dns", "unix", "unix-abstract"].contains(&scheme.as_str());
    is_refused.then(|| format!("unsupported scheme: {scheme}.  Options are none, dns, unix, or unix-abstract."))
}

fn host_and_port(setting: &WrittenSetting) -> Option<String> {
    let (_, rest) = setting.text.split_once("://")?;
    let rest = rest.trim_end_matches('/');
    (!rest.is_empty() && !rest.contains('/')).then(|| rest.to_owned())
}

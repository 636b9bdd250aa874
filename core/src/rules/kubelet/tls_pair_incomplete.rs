//! # `tls-pair-incomplete`
//!
//! A serving certificate without its key, or a key without its certificate.
//!
//! ## Why
//!
//! The kubelet makes a pair of its own only if neither is set. With one of them it has none: `no serving certificate
//! available for the kubelet`, and `kubectl logs` and `exec` fail with a TLS error.
//!
//! ## What to do
//!
//! Set both, or neither.
//!
//! ## Examples
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! tlsCertFile: /etc/kubernetes/pki/node.crt
//!              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```yaml good
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! tlsCertFile: /etc/kubernetes/pki/node.crt
//! tlsPrivateKeyFile: /etc/kubernetes/pki/node.key
//! ```
//!
//! ## References
//!
//! - kubernetes/kubernetes@v1.36.0:cmd/kubelet/app/server.go (`InitializeTLS`), pkg/kubelet/kubelet.go
//!   (`NewMainKubelet`)

use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "tls-pair-incomplete",
    summary: "Serving certificate without its key, or key without its certificate",
    run: Run::Settings(&[
        half(
            "tlsCertFile",
            &[("tlsPrivateKeyFile", Test::NotEmpty), BOOTSTRAPS],
            "`{name}` without `tlsPrivateKeyFile`",
        ),
        half("tlsPrivateKeyFile", &[("tlsCertFile", Test::NotEmpty), BOOTSTRAPS], "`{name}` without `tlsCertFile`"),
    ]),
    ..Rule::DEFAULTS
};

/// The cluster signs a certificate then, and the files do not count.
const BOOTSTRAPS: (&str, Test) = ("serverTLSBootstrap", Test::Is(true));

const fn half(setting: &'static str, unless: &'static [(&'static str, Test)], message: &'static str) -> SettingCheck {
    SettingCheck {
        unless,
        outcomes: &[(Effect::Harmful, Releases::ANY)],
        message,
        why: "The kubelet makes a pair of its own only if neither is set. It serves no TLS connection now: \
              `no serving certificate available for the kubelet`.",
        help: "Set both, or remove both.",
        ..SettingCheck::of(&daemons::KUBELET, setting, Test::NotEmpty)
    }
}

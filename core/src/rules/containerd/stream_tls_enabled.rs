//! # `stream-tls-enabled`
//!
//! The CRI stream server, which serves `kubectl exec`, `attach` and `port-forward`, uses TLS with a certificate that it
//! signed itself.
//!
//! ## Why
//!
//! Since Kubernetes 1.11 the kubelet connects to this server on the node itself and checks the certificate against
//! the node's trusted authorities. `kubectl exec`, `attach` and `port-forward` fail with `x509: certificate signed by
//! unknown authority`, while pods run and `kubectl logs` works. Only a key pair whose authority the node trusts, for
//! the address that the server listens on, would do.
//!
//! ## What to do
//!
//! Set `enable_tls_streaming = false` and listen on 127.0.0.1, which are the defaults.
//!
//! ## Examples
//!
//! ```toml bad
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri"]
//!   enable_tls_streaming = true
//!                          ^^^^
//! ```
//!
//! ```toml fixed
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri"]
//!   enable_tls_streaming = false
//! ```
//!
//! ```toml bad
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri"]
//!   enable_tls_streaming = true
//!                          ^^^^
//! [plugins."io.containerd.grpc.v1.cri".x509_key_pair_streaming]
//!   tls_cert_file = "/etc/containerd/stream.crt"
//!   tls_key_file = "/etc/containerd/stream.key"
//! ```
//!
//! ```toml good kubernetes=1.10
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri"]
//!   enable_tls_streaming = true
//! ```
//!
//! ## References
//!
//! - containerd/cri#856, kubernetes/kubeadm#1009, containerd/cri#712
//! - kubernetes/kubernetes#64006: the kubelet proxies streams since 1.11

use crate::containerd::eras::KUBELET_PROXIES_STREAMS;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "stream-tls-enabled",
    summary: "TLS on the stream server, which breaks `kubectl exec`",
    fix: Some(Applicability::Unsafe),
    run: Run::Settings(&[
        SettingCheck {
            unless: &[PAIR],
            outcomes: &[(Effect::Harmful, KUBELET_PROXIES_STREAMS)],
            message: "`{name} = true` makes `kubectl exec`, `attach` and `port-forward` fail",
            why: "Since Kubernetes 1.11 the kubelet connects to this server on the node and checks its certificate, \
                  which containerd signs itself: `x509: certificate signed by unknown authority`. Pods run and \
                  `kubectl logs` works.",
            help: "Keep the server on 127.0.0.1: only the kubelet of the node needs it.",
            fix: Some(Replacement {
                applicability: Applicability::Unsafe,
                title: "Turn TLS off",
                setting: "",
                value: NewValue::Fixed("false"),
            }),
            ..SettingCheck::of(&daemons::CONTAINERD, "streaming:enable_tls_streaming", Test::Is(true))
        },
        // A pair of a trusted authority works, and without TLS the pair would be refused.
        SettingCheck {
            only_if: &[PAIR],
            outcomes: &[(Effect::Advice, KUBELET_PROXIES_STREAMS)],
            message: "`{name} = true` needs a certificate that the kubelet trusts",
            labels: &[(
                PAIR.0,
                "its authority must be one that the node trusts, and its name the address that the server listens on",
            )],
            why: "Since Kubernetes 1.11 the kubelet connects to this server on the node and checks the certificate \
                  against the node's trusted authorities; else `kubectl exec` fails.",
            help: "Set it to false and remove x509_key_pair_streaming: on 127.0.0.1 TLS protects nothing.",
            ..SettingCheck::of(&daemons::CONTAINERD, "streaming:enable_tls_streaming", Test::Is(true))
        },
    ]),
    ..Rule::DEFAULTS
};

const PAIR: (&str, Test) = ("streaming:x509_key_pair_streaming.tls_cert_file", Test::NotEmpty);

//! # `stream-tls-enabled`
//!
//! The CRI stream server, which serves `kubectl exec`, `attach` and `port-forward`, speaks TLS with a certificate that it
//! signed itself.
//!
//! ## Why
//!
//! Since Kubernetes 1.11 the kubelet connects to this server on the node itself and checks the certificate against the
//! node's trusted authorities. `kubectl exec`, `attach` and `port-forward` fail with `x509: certificate signed by unknown
//! authority`, while pods run and `kubectl logs` works. Only a key pair whose authority the node trusts, for the address
//! that the server listens on, would do.
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

use crate::containerd;
use crate::containerd::kind::Cri;
use crate::containerd::settings::{counts, text};
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "stream-tls-enabled",
    summary: "TLS on the stream server breaks `kubectl exec`",
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&containerd::KIND], check),
    ..Rule::DEFAULTS
};

/// Since then the kubelet proxies streams.
const PROXIED: Releases = Releases::kubernetes("1.11..");

fn check(cx: &mut FileCx) {
    let cri = Cri::of(cx.root);
    let Some(entry) = cri.streaming(&["enable_tls_streaming"]) else { return };
    if entry.value.as_bool() != Some(true) {
        return;
    }
    let releases = counts(cx, cx.loaded, entry).and(PROXIED);
    let pair = cri.streaming(&["x509_key_pair_streaming", "tls_cert_file"]).filter(|cert| text(Some(cert)).is_some());
    let key = cx.path_of(entry);
    let span = entry.value.span;
    let finding =
        cx.report(span, "`enable_tls_streaming = true` makes `kubectl exec`, `attach` and `port-forward` fail");
    finding.key(key);
    match pair {
        None => finding
            .harmful(releases)
            .why("Since Kubernetes 1.11 the kubelet connects to this server on the node and checks its certificate, which containerd signs itself: `x509: certificate signed by unknown authority`. Pods run and `kubectl logs` works.")
            .help("Set it to false and keep the server on 127.0.0.1: only the kubelet of the node needs it.")
            .fix(Fix::edit(Applicability::Unsafe, "Turn TLS off", span, "false")),
        // A pair of a trusted authority works, and without TLS the pair would be refused.
        Some(cert) => {
            finding.message = "`enable_tls_streaming = true` needs a certificate that the kubelet trusts, else `kubectl exec` fails".to_owned();
            finding
                .advice(releases)
                .label(cert.value.span, "its authority must be one that the node trusts, and its name the address that the server listens on")
                .why("Since Kubernetes 1.11 the kubelet connects to this server on the node and checks the certificate against the node's trusted authorities.")
                .help("Set it to false and remove x509_key_pair_streaming: on 127.0.0.1 TLS protects nothing.")
        }
    };
}

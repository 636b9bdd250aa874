//! # `tls-pair-incomplete`
//!
//! A serving certificate without its key, or a key without its certificate.
//!
//! ## Why
//!
//! The kubelet makes a pair of its own only if neither is set. With one of them it has none: `no serving certificate available
//! for the kubelet`, and `kubectl logs` and `exec` fail with a TLS error.
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
//! - kubernetes/kubernetes@v1.36.0:cmd/kubelet/app/server.go (`InitializeTLS`), pkg/kubelet/kubelet.go (`NewMainKubelet`)

use crate::kubelet;
use crate::kubelet::settings::{get, settles};
use crate::releases::Releases;
use crate::rules::{Category, FileCx, Rule, Run};
use crate::syntax::Node;

pub(crate) const RULE: Rule = Rule {
    id: "tls-pair-incomplete",
    summary: "A serving certificate without its key",
    category: Category::Correctness,
    since: "0.1.0",
    fix: None,
    opt_in: false,
    run: Run::File(&[&kubelet::KIND], check),
};

const CERT: &str = "tlsCertFile";
const KEY: &str = "tlsPrivateKeyFile";

fn check(cx: &mut FileCx<'_, '_, '_>) {
    // Then the cluster signs a certificate, and the files do not count.
    let bootstraps = cx.root.get("serverTLSBootstrap").and_then(Node::as_bool) == Some(true);
    if bootstraps || !settles(cx, &[CERT, KEY, "serverTLSBootstrap"]) {
        return;
    }
    let set = |path| get(cx, path).filter(|value| !value.text.is_empty());
    let (value, other) = match (set(CERT), set(KEY)) {
        (Some(cert), None) => (cert, KEY),
        (None, Some(key)) => (key, CERT),
        _ => return,
    };
    cx.report(value.span, format!("`{}` without `{other}`", value.name))
        .harmful(Releases::ANY)
        .key(value.key.clone())
        .why("The kubelet makes a pair of its own only if neither is set. It serves no TLS connection now: `no serving certificate available for the kubelet`.")
        .help(format!("Set `{other}`, too, or remove both."));
}

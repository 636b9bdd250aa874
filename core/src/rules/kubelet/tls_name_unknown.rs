//! # `tls-name-unknown`
//!
//! A TLS cipher suite or key exchange group that the kubelet does not know.
//!
//! ## Why
//!
//! The kubelet does not start: `Cipher suite FOO not supported or doesn't exist`. It knows the names of Go's crypto/tls, which
//! are those of the standards; OpenSSL's names such as ECDHE-RSA-AES128-GCM-SHA256 are others. Groups are numbers, each once.
//!
//! ## What to do
//!
//! Write the name of the standard, or remove the list: Go's own choice is a good one.
//!
//! ## Examples
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! tlsCipherSuites:
//! - ECDHE-RSA-AES128-GCM-SHA256
//!   ^^^^^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```yaml good
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! tlsCipherSuites:
//! - TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256
//! - TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305
//! ```
//!
//! ## References
//!
//! - kubernetes/component-base@v0.36.0:cli/flag/ciphersuites_flag.go (`TLSCipherSuites`), curves_flag.go
//!   (`TLSCurvePreferences`); golang/go:src/crypto/tls/cipher_suites.go

use crate::keys::nearest;
use crate::kubelet;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "tls-name-unknown",
    summary: "A TLS cipher suite or group that the kubelet does not know",
    run: Run::File(&[&kubelet::KIND], check),
    ..Rule::DEFAULTS
};

/// Behind `TLS_`. The names that Go's `tls.CipherSuites` and `tls.InsecureCipherSuites` give, and two older ones.
const SUITES: [&str; 27] = [
    "AES_128_GCM_SHA256",
    "AES_256_GCM_SHA384",
    "CHACHA20_POLY1305_SHA256",
    "ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
    "ECDHE_ECDSA_WITH_AES_256_CBC_SHA",
    "ECDHE_RSA_WITH_AES_128_CBC_SHA",
    "ECDHE_RSA_WITH_AES_256_CBC_SHA",
    "ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
    "ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
    "ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    "ECDHE_RSA_WITH_AES_256_GCM_SHA384",
    "ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
    "ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
    "ECDHE_RSA_WITH_CHACHA20_POLY1305",
    "ECDHE_ECDSA_WITH_CHACHA20_POLY1305",
    "RSA_WITH_AES_128_CBC_SHA",
    "RSA_WITH_AES_256_CBC_SHA",
    "RSA_WITH_AES_128_GCM_SHA256",
    "RSA_WITH_AES_256_GCM_SHA384",
    "RSA_WITH_AES_128_CBC_SHA256",
    "RSA_WITH_RC4_128_SHA",
    "RSA_WITH_3DES_EDE_CBC_SHA",
    "ECDHE_ECDSA_WITH_RC4_128_SHA",
    "ECDHE_RSA_WITH_RC4_128_SHA",
    "ECDHE_RSA_WITH_3DES_EDE_CBC_SHA",
    "ECDHE_ECDSA_WITH_AES_128_CBC_SHA256",
    "ECDHE_RSA_WITH_AES_128_CBC_SHA256",
];

/// P-256, P-384, P-521, X25519, and the three that join one of them with ML-KEM.
const GROUPS: [i64; 7] = [23, 24, 25, 29, 4587, 4588, 4589];

fn check(cx: &mut FileCx) {
    let suites = cx.root.get("tlsCipherSuites").map(Node::items).unwrap_or_default();
    for node in suites {
        let Some(name) = node.as_str() else { continue };
        if name.strip_prefix("TLS_").is_none_or(|rest| !SUITES.contains(&rest)) {
            report_suite(cx, node, name);
        }
    }
    let mut seen = vec![];
    for node in cx.root.get("tlsCurvePreferences").map(Node::items).unwrap_or_default() {
        let Some(id) = node.as_int() else { continue };
        if seen.contains(&id) {
            report_group(cx, node, format!("group {id} is there twice"), &format!("duplicate curve preference {id}"));
        } else if !GROUPS.contains(&id) {
            let words = match id {
                1..=65535 => format!("curve preference {id} is not supported by the current Go version"),
                _ => format!("curve preference {id} is out of range (must be 1-65535)"),
            };
            report_group(cx, node, format!("the kubelet knows no group {id}"), &words);
        }
        seen.push(id);
    }
}

fn report_suite(cx: &mut FileCx, node: &Node, name: &str) {
    let bare = name.strip_prefix("TLS_").unwrap_or(name);
    let close = nearest(&bare.replace('-', "_"), SUITES.into_iter());
    let help = match close {
        Some(close) => format!("Did you mean `TLS_{close}`?"),
        None => {
            "Write the name of the standard, such as TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, or remove it.".to_owned()
        }
    };
    cx.report(node.span, format!("the kubelet knows no cipher suite `{name}`"))
        .refused(Releases::ANY)
        .key("tlsCipherSuites")
        .why(format!("The kubelet does not start: `Cipher suite {name} not supported or doesn't exist`."))
        .help(help);
}

fn report_group(cx: &mut FileCx, node: &Node, message: String, words: &str) {
    cx.report(node.span, message)
        .refused(Releases::kubernetes("1.36.."))
        .key("tlsCurvePreferences")
        .why(format!("The kubelet does not start: `{words}`."))
        .help("Write 29 for X25519, 23 for P-256, 24 for P-384, 25 for P-521 or 4588 for X25519MLKEM768, each once.");
}

//! # `tls-name-unknown`
//!
//! A TLS cipher suite or key exchange group that the kubelet does not recognize.
//!
//! ## Why
//!
//! The kubelet does not start: `Cipher suite FOO not supported or doesn't exist`. The kubelet accepts the names of Go's
//! crypto/tls, which are those of the standards; OpenSSL's names such as ECDHE-RSA-AES128-GCM-SHA256 are different.
//! Groups are numbers, each once.
//!
//! ## What to do
//!
//! Write the name of the standard, or remove the list: the defaults of Go are good.
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
//!   (`TLSCurvePreferences`); golang/go@go1.26.0:src/crypto/tls/cipher_suites.go, common.go

use std::collections::HashSet;

use crate::go::tls::{CIPHER_SUITES, GROUPS};
use crate::keys::nearest;
use crate::kubelet;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "tls-name-unknown",
    summary: "TLS cipher suite or group that the kubelet does not recognize",
    run: Run::File(&[&kubelet::KIND], check),
    ..Rule::DEFAULTS
};

const READS_GROUPS: Releases = Releases::kubernetes("1.36..");

fn check(cx: &mut FileCx) {
    for node in cx.root.get("tlsCipherSuites").map(Node::items).unwrap_or_default() {
        let Some(name) = node.as_str() else { continue };
        if name.strip_prefix("TLS_").is_none_or(|rest| !CIPHER_SUITES.contains(&rest)) {
            report_suite(cx, node, name);
        }
    }
    let mut seen = HashSet::new();
    for node in cx.root.get("tlsCurvePreferences").map(Node::items).unwrap_or_default() {
        let Some(id) = node.as_int() else { continue };
        let is_first = seen.insert(id);
        if !is_first {
            report_group(cx, node, format!("group {id} is listed twice"), &format!("duplicate curve preference {id}"));
        } else if !GROUPS.contains(&id) {
            let words = match id {
                1..=65535 => format!("curve preference {id} is not supported by the current Go version"),
                _ => format!("curve preference {id} is out of range (must be 1-65535)"),
            };
            report_group(cx, node, format!("the kubelet does not recognize group {id}"), &words);
        }
    }
}

fn report_suite(cx: &mut FileCx, node: &Node, name: &str) {
    let bare = name.strip_prefix("TLS_").unwrap_or(name).replace('-', "_");
    let help = match nearest(&bare, CIPHER_SUITES.into_iter()) {
        Some(close) => format!("Did you mean `TLS_{close}`?"),
        None => SUITE_HELP.to_owned(),
    };
    cx.report(node.span, format!("the kubelet does not recognize the cipher suite `{name}`"))
        .refused(Releases::ANY)
        .key("tlsCipherSuites")
        .why(format!("The kubelet does not start: `Cipher suite {name} not supported or doesn't exist`."))
        .help(help);
}

fn report_group(cx: &mut FileCx, node: &Node, message: String, words: &str) {
    cx.report(node.span, message)
        .refused(READS_GROUPS)
        .key("tlsCurvePreferences")
        .why(format!("The kubelet does not start: `{words}`."))
        .help("Write 29 for X25519, 23 for P-256, 24 for P-384, 25 for P-521 or 4588 for X25519MLKEM768, each once.");
}

const SUITE_HELP: &str = "Write the name of the standard, such as TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, or remove it.";

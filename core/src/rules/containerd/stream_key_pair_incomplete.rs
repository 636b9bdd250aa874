//! # `stream-key-pair-incomplete`
//!
//! `x509_key_pair_streaming` has a certificate without its key, a key without its certificate, or is set while
//! `enable_tls_streaming` is off.
//!
//! ## Why
//!
//! The CRI plugin does not load: `must set X509KeyPairStreaming.TLSKeyFile`, or `X509KeyPairStreaming.TLSCertFile is
//! set but EnableTLSStreaming is not set`. The daemon itself stays up, so the node looks alive and runs no pods.
//!
//! ## What to do
//!
//! Remove the pair and leave TLS off: the stream server is for the kubelet of the node alone.
//!
//! ## Examples
//!
//! ```toml bad
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri"]
//!   stream_server_address = "127.0.0.1"
//! [plugins."io.containerd.grpc.v1.cri".x509_key_pair_streaming]
//!   tls_cert_file = "/etc/containerd/stream.crt"
//!   ^^^^^^^^^^^^^
//!   tls_key_file = "/etc/containerd/stream.key"
//! ```
//!
//! ```toml fixed
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri"]
//!   stream_server_address = "127.0.0.1"
//! [plugins."io.containerd.grpc.v1.cri".x509_key_pair_streaming]
//! ```
//!
//! ```toml bad
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri"]
//!   enable_tls_streaming = true
//! [plugins."io.containerd.grpc.v1.cri".x509_key_pair_streaming]
//!   tls_cert_file = "/etc/containerd/stream.crt"
//!   ^^^^^^^^^^^^^
//! ```
//!
//! ```toml good
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri"]
//!   enable_tls_streaming = false
//! [plugins."io.containerd.grpc.v1.cri".x509_key_pair_streaming]
//!   tls_cert_file = ""
//!   tls_key_file = ""
//! ```
//!
//! ## References
//!
//! - containerd/containerd@v2.3.4:internal/cri/config/streaming.go; measured with 1.3.10 to 2.4.0-beta.0

use crate::containerd::loader::Effective;
use crate::containerd::settings::in_effect;
use crate::kind::SettingPlace;
use crate::order;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "stream-key-pair-incomplete",
    summary: "Half a key pair of the stream server, or a pair without TLS",
    fix: Some(Applicability::Unsafe),
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

const CHECKS_PAIR: Releases = Releases::containerd("1.2..");

#[derive(PartialEq)]
struct KeyPair {
    certificate: Option<SettingPlace>,
    key: Option<SettingPlace>,
    is_tls_on: bool,
}

fn check(cx: &mut NodeCx) {
    for (pair, releases) in in_effect(cx.loaded, find) {
        let places = (pair.certificate.is_some(), pair.key.is_some());
        match (places, pair.is_tls_on) {
            ((true, false), true) => report_half(cx, pair.certificate, "tls_cert_file", "tls_key_file", releases),
            ((false, true), true) => report_half(cx, pair.key, "tls_key_file", "tls_cert_file", releases),
            _ => report_without_tls(cx, &pair, releases),
        }
    }
}

fn find(effective: &Effective) -> Vec<KeyPair> {
    if !effective.release.is_in(CHECKS_PAIR) {
        return vec![];
    }
    let half = |path| effective.setting(path).filter(|leaf| leaf.text().is_some()).map(SettingPlace::of);
    let certificate = half("streaming:x509_key_pair_streaming.tls_cert_file");
    let key = half("streaming:x509_key_pair_streaming.tls_key_file");
    let is_tls_on = match effective.setting("streaming:enable_tls_streaming") {
        Some(leaf) => leaf.as_bool(),
        None => Some(false).filter(|_| effective.is_complete),
    };
    // Another file may turn TLS on, or hold the other half.
    let Some(is_tls_on) = is_tls_on else { return vec![] };
    let is_fault = match is_tls_on {
        true => certificate.is_some() != key.is_some() && effective.is_complete,
        false => certificate.is_some() || key.is_some(),
    };
    if is_fault { vec![KeyPair { certificate, key, is_tls_on }] } else { vec![] }
}

fn remove(cx: &NodeCx, pair: &KeyPair) -> Option<Fix> {
    let places: Vec<SettingPlace> = [pair.certificate, pair.key].into_iter().flatten().collect();
    let file = cx.loaded.file(places.first()?.file)?;
    // A fix is of one file.
    if places.iter().any(|place| place.file != file.index) {
        return None;
    }
    let mut edits = vec![];
    for place in places {
        let (table, entry) = cx.loaded.entry_at(place.file, place.key)?;
        edits.push(edit::remove(&file.doc, table, entry)?);
    }
    order::by_key(&mut edits, |edit| edit.span);
    // In an inline table the commas of neighbors belong to both.
    let are_apart = edits.windows(2).all(|pair| matches!(pair, [a, b] if a.span.end <= b.span.start));
    are_apart.then(|| Fix::new(Applicability::Unsafe, "Remove the key pair", edits))
}

/// The field of the daemon's struct.
fn field(name: &str) -> &'static str {
    if name == "tls_cert_file" { "TLSCertFile" } else { "TLSKeyFile" }
}

fn report_half(cx: &mut NodeCx, place: Option<SettingPlace>, own: &str, missing: &str, releases: Releases) {
    let Some(place) = place else { return };
    cx.report_key(place, format!("`{own}` is set without `{missing}`"))
        .failed(releases)
        .why(format!("The CRI plugin does not load: `must set X509KeyPairStreaming.{}`.", field(missing)))
        .help(format!("Set `{missing}` as well; or better remove the pair and set `enable_tls_streaming = false`."));
}

fn report_without_tls(cx: &mut NodeCx, pair: &KeyPair, releases: Releases) {
    let Some(place) = pair.certificate.or(pair.key) else { return };
    let own = if pair.certificate.is_some() { "tls_cert_file" } else { "tls_key_file" };
    let fix = remove(cx, pair);
    cx.report_key(place, format!("`{own}` is set while `enable_tls_streaming` is off"))
        .failed(releases)
        .why(format!(
            "The CRI plugin does not load: `X509KeyPairStreaming.{} is set but EnableTLSStreaming is not set`.",
            field(own)
        ))
        .help("Keep TLS off: with it, `kubectl exec` works only if the node trusts the certificate.")
        .maybe_fix(fix);
}

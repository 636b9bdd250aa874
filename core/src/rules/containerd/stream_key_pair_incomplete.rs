//! # `stream-key-pair-incomplete`
//!
//! `x509_key_pair_streaming` has a certificate without its key, a key without its certificate, or is set while
//! `enable_tls_streaming` is off.
//!
//! ## Why
//!
//! The CRI plugin does not load: `must set X509KeyPairStreaming.TLSKeyFile`, or `X509KeyPairStreaming.TLSCertFile is set but
//! EnableTLSStreaming is not set`. The daemon itself stays up, so the node looks alive and runs no pods.
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

use crate::containerd::effective::{Spot, by_release, some_text};
use crate::containerd::loader::{Effective, Item};
use crate::order;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "stream-key-pair-incomplete",
    summary: "The stream server's key pair is half set, or set without TLS",
    fix: Some(Applicability::Unsafe),
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

const CHECKED: ReleaseSet = Releases::containerd("1.2..").get(Product::Containerd);

#[derive(PartialEq)]
struct Fault {
    cert: Option<Spot>,
    key: Option<Spot>,
    /// TLS is on, and half of the pair is missing.
    half: bool,
}

fn check(cx: &mut NodeCx) {
    let loaded = cx.loaded;
    for configuration in loaded.configurations() {
        let complete = configuration.complete;
        for (fault, releases) in by_release(configuration, |effective, out| find(effective, complete, out)) {
            report(cx, &fault, releases);
        }
    }
}

fn find(effective: &Effective, complete: bool, out: &mut Vec<Fault>) {
    if !effective.release.is_in(CHECKED) {
        return;
    }
    let half = |name: &str| {
        let leaf = effective.cri_streaming(&["x509_key_pair_streaming", name]).and_then(Item::as_leaf);
        leaf.filter(|leaf| some_text(Some(leaf)).is_some()).map(Spot::of)
    };
    let (cert, key) = (half("tls_cert_file"), half("tls_key_file"));
    let written = effective.cri_streaming(&["enable_tls_streaming"]).and_then(Item::as_leaf);
    let on = match written {
        Some(leaf) => leaf.value.node().and_then(Node::as_bool),
        // Another file may turn it on.
        None if complete => Some(false),
        None => None,
    };
    match on {
        Some(false) if cert.or(key).is_some() => out.push(Fault { cert, key, half: false }),
        // Another file may hold the other half.
        Some(true) if cert.is_some() != key.is_some() && complete => out.push(Fault { cert, key, half: true }),
        _ => {}
    }
}

fn report(cx: &mut NodeCx, fault: &Fault, releases: Releases) {
    let Some(spot) = fault.cert.or(fault.key) else { return };
    let (own, own_field) =
        if fault.cert.is_some() { ("tls_cert_file", "TLSCertFile") } else { ("tls_key_file", "TLSKeyFile") };
    let path = spot.path(cx.loaded);
    if fault.half {
        let (name, field) =
            if fault.cert.is_none() { ("tls_cert_file", "TLSCertFile") } else { ("tls_key_file", "TLSKeyFile") };
        cx.report(spot.file, spot.key, format!("`{own}` is set without `{name}`"))
            .failed(releases)
            .key(path)
            .why(format!("The CRI plugin does not load: `must set X509KeyPairStreaming.{field}`."))
            .help(format!("Set `{name}` as well; or better remove the pair and set `enable_tls_streaming = false`."));
        return;
    }
    let fix = remove(cx, fault);
    cx.report(spot.file, spot.key, format!("`{own}` is set while `enable_tls_streaming` is off"))
        .failed(releases)
        .key(path)
        .why(format!(
            "The CRI plugin does not load: `X509KeyPairStreaming.{own_field} is set but EnableTLSStreaming is not set`."
        ))
        .help("Remove the key pair. With TLS on, `kubectl exec` would work only if the node trusts the certificate.")
        .maybe_fix(fix);
}

fn remove(cx: &NodeCx, fault: &Fault) -> Option<Fix> {
    let spots = || [fault.cert, fault.key].into_iter().flatten();
    let file = cx.loaded.file(spots().next()?.file)?;
    // A fix is of one file.
    if spots().any(|spot| spot.file != file.index) {
        return None;
    }
    let removal = |spot: Spot| {
        let (table, entry) = cx.loaded.entry_at(spot.file, spot.key)?;
        edit::remove(&file.doc, table, entry)
    };
    let mut edits: Vec<_> = spots().map(removal).collect::<Option<_>>()?;
    order::by_key(&mut edits, |edit| edit.span);
    // In an inline table the commas of neighbours belong to both.
    let apart = edits.windows(2).all(|w| matches!(w, [a, b] if a.span.end <= b.span.start));
    apart.then(|| Fix::new(Applicability::Unsafe, "Remove the key pair", edits))
}

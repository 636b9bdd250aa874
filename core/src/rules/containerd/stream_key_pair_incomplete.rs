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

use crate::fix::{Applicability, Fix, edit};
use crate::kind::containerd::{self, Cri};
use crate::releases::Releases;
use crate::rules::containerd_values::{counts, stands_alone, text};
use crate::rules::{Category, FileCx, Rule, Run};
use crate::syntax::Entry;

pub(in crate::rules) const RULE: Rule = Rule {
    id: "stream-key-pair-incomplete",
    summary: "The stream server's key pair is half set, or set without TLS",
    category: Category::Correctness,
    since: "0.1.0",
    fix: Some(Applicability::Unsafe),
    opt_in: false,
    run: Run::File(&[&containerd::KIND], check),
};

const CHECKED: Releases = Releases::containerd("1.2..");

fn check(cx: &mut FileCx<'_, '_, '_>) {
    let cri = Cri::of(cx.root);
    let Some(table) = cri.streaming(&["x509_key_pair_streaming"]) else { return };
    let set = |name| table.value.entry(name).filter(|e| text(Some(e)).is_some());
    let (cert, key) = (set("tls_cert_file"), set("tls_key_file"));
    let Some(entry) = cert.or(key) else { return };
    let on = cri.streaming(&["enable_tls_streaming"]).map(|e| e.value.as_bool());
    match on {
        // The value is no boolean, which is another rule's.
        Some(None) => {}
        Some(Some(true)) if cert.is_some() && key.is_some() => {}
        // Another file may hold the other half.
        Some(Some(true)) if stands_alone(cx) => report_half(cx, entry, cert.is_none()),
        Some(Some(true)) => {}
        Some(Some(false)) => report_off(cx, entry, cert, key),
        None if stands_alone(cx) => report_off(cx, entry, cert, key),
        None => {}
    }
}

fn report_half(cx: &mut FileCx<'_, '_, '_>, entry: &Entry<'_>, lacks_cert: bool) {
    let (name, field) = if lacks_cert { ("tls_cert_file", "TLSCertFile") } else { ("tls_key_file", "TLSKeyFile") };
    let releases = counts(cx, entry).and(CHECKED);
    let path = cx.path_of(entry);
    cx.report(entry.key_span, format!("`{}` is set without `{name}`", entry.key))
        .failed(releases)
        .key(path)
        .why(format!("The CRI plugin does not load: `must set X509KeyPairStreaming.{field}`."))
        .help(format!("Set `{name}` as well; or better remove the pair and set `enable_tls_streaming = false`."));
}

fn report_off(cx: &mut FileCx<'_, '_, '_>, entry: &Entry<'_>, cert: Option<&Entry<'_>>, key: Option<&Entry<'_>>) {
    let field = if cert.is_some() { "TLSCertFile" } else { "TLSKeyFile" };
    let releases = counts(cx, entry).and(CHECKED);
    let path = cx.path_of(entry);
    let fix = remove(cx, cert, key);
    cx.report(entry.key_span, format!("`{}` is set while `enable_tls_streaming` is off", entry.key))
        .failed(releases)
        .key(path)
        .why(format!(
            "The CRI plugin does not load: `X509KeyPairStreaming.{field} is set but EnableTLSStreaming is not set`."
        ))
        .help("Remove the key pair. With TLS on, `kubectl exec` would work only if the node trusts the certificate.")
        .maybe_fix(fix);
}

fn remove(cx: &FileCx<'_, '_, '_>, cert: Option<&Entry<'_>>, key: Option<&Entry<'_>>) -> Option<Fix> {
    let parent = &Cri::of(cx.root).streaming(&["x509_key_pair_streaming"])?.value;
    let entries = [cert, key].into_iter().flatten();
    let mut edits: Vec<_> = entries.map(|e| edit::remove(cx.doc(), parent, e)).collect::<Option<_>>()?;
    edits.sort_by_key(|e| e.span);
    // In an inline table the commas of neighbours belong to both.
    let apart = edits.windows(2).all(|w| matches!(w, [a, b] if a.span.end <= b.span.start));
    apart.then(|| Fix { title: "Remove the key pair".to_owned(), applicability: Applicability::Unsafe, edits })
}

//! The example that crilint began with: a node that left Docker, as the page it was copied from spells it.

#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

use crilint_core::engine::{Options, Source};
use crilint_core::{Verdict, check, compat};

const COPIED: &str = r#"[plugins.cri]
  stream_server_address = "127.0.0.1"
  stream_server_port = "0"
  enable_tls_streaming = false
[plugins.cri.cni]
  bin\_dir = "/srv/cni/bin"
  conf\_dir = "/srv/cni/net.d"
"#;

fn findings(text: &str, target: &str) -> Vec<String> {
    let source = Source { path: "/etc/containerd/config.toml", text, ..Source::default() };
    let mut options = Options::default();
    options.target.add(target).unwrap();
    let report = check(&[source], &options);
    let found = report.findings.iter();
    found.map(|f| format!("{} {} {}", f.effect().id(), f.rule, f.span.of(text))).collect()
}

#[test]
fn the_copied_backslashes_are_found_one_by_one() {
    for target in ["containerd=1.7", "containerd=2.3"] {
        assert_eq!(findings(COPIED, target), ["refused toml-syntax \\_", "refused toml-syntax \\_"], "{target}");
    }
}

#[test]
fn without_them_some_releases_lose_the_cni_table() {
    let text = COPIED.replace("\\_", "_");
    assert!(findings(&text, "containerd=1.7").is_empty());
    assert!(findings(&text, "containerd=2.3").is_empty());
    assert_eq!(findings(&text, "containerd=2.0..2.2"), ["ignored settings-lost-in-migration bin_dir"]);
    let source = Source { path: "/etc/containerd/config.toml", text: &text, ..Source::default() };
    let mut options = Options::default();
    options.target.add("containerd=1.6..").unwrap();
    let (_, all) = compat(&[source], &options);
    let lost: Vec<_> =
        all[0].forecasts.iter().filter(|f| f.verdict == Verdict::Ignored).map(|f| f.release.as_str()).collect();
    assert_eq!(lost, ["2.0", "2.1", "2.2"]);
    assert!(all[0].forecasts.iter().all(|f| f.verdict <= Verdict::Ignored));
}

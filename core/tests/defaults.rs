//! Full configurations with every default: a configuration that a daemon writes itself has no finding.

#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

use crilint_core::check;
use crilint_core::engine::{Options, Source};
use crilint_core::releases::Product;

#[test]
fn the_defaults_of_a_release_are_free_of_findings_in_it() {
    for (text, release) in [
        (include_str!("../../benches/config-default.toml"), "2.3"),
        (include_str!("../../benches/config-default-1.7.toml"), "1.7"),
    ] {
        let source = Source { path: "/etc/containerd/config.toml", text, ..Source::default() };
        let mut options = Options::default();
        options.target.add(&format!("containerd={release}")).unwrap();
        let report = check(&[source], &options);
        let read_by: Vec<_> = report.files[0].releases.get(Product::Containerd).ids(Product::Containerd).collect();
        assert_eq!(read_by, [release]);
        let found: Vec<_> = report.findings.iter().filter(|finding| !finding.is_superseded()).collect();
        assert!(found.is_empty(), "{release}: {found:?}");
    }
}

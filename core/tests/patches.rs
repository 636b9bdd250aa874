//! Patch releases: targets that name them, and what a release without a patch means.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use crilint_core::compat::{Forecast, compat};
use crilint_core::releases::{Product, ReleaseSet};
use crilint_core::{Finding, Options, Source, check, rules};

const CRIU: &str = "\
version = 3
[plugins.'io.containerd.cri.v1.runtime']
  enable_criu = false
";

fn options(target: &str) -> Options {
    let mut options = Options::default();
    options.target.add(target).unwrap();
    options
}

fn findings(text: &str, target: &str) -> Vec<Finding> {
    let source = Source { path: "/etc/containerd/config.toml", text, ..Source::default() };
    check(&[source], &options(target)).findings
}

/// `error rule (scope)` for each finding.
fn reported(text: &str, target: &str) -> Vec<String> {
    let all = findings(text, target);
    all.iter().map(|f| format!("{} {} ({})", f.severity.id(), f.rule, f.scope)).collect()
}

/// `2.2 accepted` for each release, and `2.2.0..2.2.6 ignored` for its older patches that differ.
fn verdicts(path: &str, text: &str, target: &str) -> String {
    let (_, all) = compat(&[Source { path, text, ..Source::default() }], &options(target));
    let row = |f: &Forecast| format!("{} {}", f.release, f.verdict.id());
    let rows = all[0].forecasts.iter().flat_map(|f| f.patches.iter().chain([f]).map(row));
    rows.collect::<Vec<_>>().join(", ")
}

#[test]
fn a_release_means_its_newest_patch() {
    assert_eq!(
        reported(CRIU, "containerd=2.2"),
        ["info key-not-in-release (containerd 2.2.0 to 2.2.6; newer patches are not affected)"]
    );
    assert_eq!(reported(CRIU, "containerd=2.2.7"), [""; 0]);
    assert_eq!(reported(CRIU, "containerd=2.2.1"), ["warning key-not-in-release ()"]);
    assert_eq!(
        reported(CRIU, "containerd=2.2.6..2.3"),
        ["warning key-not-in-release (containerd 2.2.6, 2.3.0 to 2.3.3)"]
    );
}

#[test]
fn older_patches_are_named_where_the_user_names_releases_or_a_daemon_fails() {
    let stream = "version = 2\n[plugins.\"io.containerd.grpc.v1.cri\"]\n  stream_server_port = \"10010\"\n";
    let default = |text| {
        let source = Source { path: "/etc/containerd/config.toml", text, ..Source::default() };
        check(&[source], &Options::default()).findings.iter().map(|f| f.rule).collect::<Vec<_>>()
    };
    assert_eq!(default(stream), [""; 0]);
    assert_eq!(
        reported(stream, "containerd=2.0"),
        ["info setting-without-effect (containerd 2.0.0; newer patches are not affected)"]
    );
    assert_eq!(reported(stream, "containerd=2.0.0"), ["warning setting-without-effect ()"]);
    let mirrors = "version = 3\n[plugins.\"io.containerd.cri.v1.images\".registry.mirrors.\"docker.io\"]\n  \
                   endpoint = [\"https://mirror.example\"]\n";
    assert!(default(mirrors).contains(&"mirrors-with-config-path"));
    let parallel = "version = 3\n[plugins.\"io.containerd.transfer.v1.local\"]\n  max_concurrent_downloads = 1\n";
    assert_eq!(reported(parallel, "containerd=2.1"), [""; 0]);
    assert_eq!(reported(parallel, "containerd=2.1.3"), ["info patch-release-bug ()"]);
}

#[test]
fn older_patches_that_differ_are_a_part_of_their_release() {
    let criu = |target| verdicts("/etc/containerd/config.toml", CRIU, target);
    assert_eq!(criu("containerd=2.2"), "2.2.0..2.2.6 ignored, 2.2 accepted");
    assert_eq!(criu("containerd=2.1..2.2"), "2.1 ignored, 2.2.0..2.2.6 ignored, 2.2 accepted");
    assert_eq!(criu("containerd=v2.2.1"), "2.2.1 ignored");
    assert_eq!(criu("containerd=2.2.1..2.2.3"), "2.2.1..2.2.3 ignored");
    let docker = |target| verdicts("/etc/docker/daemon.json", "{\"nri-opts\": {\"enable\": true}}", target);
    assert_eq!(docker("docker=29"), "29.0.0..29.1.5 refused, 29 accepted");
    assert_eq!(docker("docker=29.1.3,29.2.1"), "29.1.3 refused, 29.2.1 accepted");
    assert_eq!(docker("docker=5:29.0.0-1~debian.12~bookworm"), "29.0.0 refused");
}

#[test]
fn versions_are_taken_as_packages_and_programs_print_them() {
    for (target, verdicts_of) in [
        ("kubernetes=v1.34.2", "1.34.2 accepted"),
        ("kubernetes=v1.33.5+k3s1", "1.33.5 accepted"),
        ("kubernetes=1.32.9-eks-113cf36", "1.32.9 accepted"),
        ("kubernetes=1.34.x", "1.34 accepted"),
    ] {
        let text = "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\nmaxPods: 50\n";
        assert_eq!(verdicts("/var/lib/kubelet/config.yaml", text, target), verdicts_of, "{target}");
    }
    for wrong in ["2", "2.x.1", "2.2.", ".2", "2.2.1 beta", "", "two", "2.3..2.2", "1.9.3", "0.2.9"] {
        assert!(Options::default().target.clone().add(&format!("containerd={wrong}")).is_err(), "{wrong}");
    }
}

#[test]
fn newer_releases_are_judged_as_the_newest_known() {
    let notes = |target| options(target).target.notes();
    assert_eq!(
        notes("containerd=2.2.99"),
        ["containerd 2.2.99 is newer than what crilint was made for: it is judged as containerd 2.2.7"]
    );
    assert_eq!(
        notes("kubernetes=1.99.1"),
        ["Kubernetes 1.99.1 is newer than what crilint was made for: it is judged as Kubernetes 1.37"]
    );
    assert_eq!(notes("containerd=2.2.7,2.3"), [""; 0]);
    assert_eq!(verdicts("/etc/containerd/config.toml", CRIU, "containerd=2.2.99"), "2.2.99 accepted");
    assert_eq!(verdicts("/etc/containerd/config.toml", "version = 2\n", "containerd=2.9"), "2.4 accepted");
}

/// `docs/contributing/patch-releases.md` maps what differs between patches to rules and rows.
#[test]
fn the_table_of_patch_releases_names_rules_and_releases() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/contributing/patch-releases.md");
    let text = std::fs::read_to_string(path).unwrap();
    let rows: Vec<Vec<&str>> =
        text.lines().filter(|line| line.starts_with("| ")).map(|l| l.split(" | ").collect()).collect();
    assert!(rows.len() > 140, "{} rows", rows.len());
    for row in rows.iter().skip(1) {
        let [product, patches, _, place] = row.as_slice() else { panic!("{row:?}") };
        let product = match product.trim_start_matches("| ") {
            "containerd" => Product::Containerd,
            "Docker" => Product::Docker,
            _ => Product::Kubernetes,
        };
        for patch in patches.split([' ', ',']).filter(|word| word.starts_with(|c: char| c.is_ascii_digit())) {
            assert!(ReleaseSet::parse(product, patch).is_ok(), "{row:?}");
        }
        let is_kept =
            ["reason", "row", "rule", "default", "loader", "conformance"].iter().any(|word| place.contains(word));
        assert!(is_kept, "{row:?}");
        for rule in place.split("rule `").skip(1).filter_map(|rest| rest.split('`').next()) {
            assert!(rules::find(rule).is_some(), "{rule}");
        }
    }
}

#[test]
fn a_verdict_of_a_patch_is_the_same_alone_and_among_others() {
    for patch in ["2.2.0", "2.2.6", "2.2.7", "2.3.3", "2.3.4"] {
        let alone = findings(CRIU, &format!("containerd={patch}"));
        let among = findings(CRIU, "containerd=2.2.0..");
        let set =
            |findings: &[Finding]| findings.iter().map(|f| (f.rule, f.span, f.message.clone())).collect::<Vec<_>>();
        let of_patch = |finding: &&Finding| {
            let range = ReleaseSet::parse(Product::Containerd, patch);
            finding.releases().get(Product::Containerd).covers(range.unwrap())
        };
        let among: Vec<_> = among.iter().filter(of_patch).cloned().collect();
        assert_eq!(set(&alone), set(&among), "{patch}");
    }
}

//! Patch releases: targets that name them, and what a release without a patch means.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use crilint_core::compat::{Forecast, compat, table};
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
fn older_patches_are_named_where_something_fails_or_the_user_names_releases() {
    let stream = "version = 2\n[plugins.\"io.containerd.grpc.v1.cri\"]\n  stream_server_port = \"10010\"\n";
    let default = |text| {
        let source = Source { path: "/etc/containerd/config.toml", text, ..Source::default() };
        check(&[source], &Options::default()).findings.iter().map(|f| f.rule).collect::<Vec<_>>()
    };
    assert_eq!(default(stream), [""; 0]);
    let hosts = "server = \"https://lab.example\"\n";
    let hosts = Source { path: "/etc/containerd/certs.d/lab.example/hosts.toml", text: hosts, ..Source::default() };
    let found = check(&[hosts], &Options::default()).findings;
    assert!(found.iter().any(|finding| finding.rule == "hosts-no-host-table"), "most patches of 1.7 discard the file");
    assert_eq!(default(CRIU), ["key-not-in-release"]);
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
fn rows_of_a_table_have_the_same_columns() {
    let mirrors = "version = 3\n[plugins.'io.containerd.cri.v1.images'.registry.mirrors.'docker.io']\n  \
                   endpoint = ['https://mirror.example']\n";
    let texts = [("a", CRIU), ("b", mirrors), ("c", "version = 3\n")];
    let paths = texts.map(|(node, _)| format!("{node}/etc/containerd/config.toml"));
    let sources = texts.iter().zip(&paths).enumerate();
    let sources: Vec<Source<'_>> =
        sources.map(|(node, ((_, text), path))| Source { path, text, node, ..Source::default() }).collect();
    let (_, all) = compat(&sources, &options("containerd=2.1..2.2"));
    let rows = table(&all).into_iter().map(|row| {
        let cells = row.into_iter().map(|(name, forecast)| format!("{name} {}", forecast.verdict.id()));
        cells.collect::<Vec<_>>().join(", ")
    });
    assert_eq!(
        rows.collect::<Vec<_>>(),
        [
            "2.1 ignored, 2.2.0 to 2.2.1 ignored, 2.2.2 to 2.2.6 ignored, 2.2 accepted",
            "2.1 accepted, 2.2.0 to 2.2.1 failed, 2.2.2 to 2.2.6 accepted, 2.2 accepted",
            "2.1 accepted, 2.2.0 to 2.2.1 accepted, 2.2.2 to 2.2.6 accepted, 2.2 accepted",
        ]
    );
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

/// A setting that a patch handles wrongly, the last such patch, and one that does not.
const BUGS: &[(&str, &str, &str, &str)] = &[
    (
        "config.toml",
        "version = 2\n[plugins.'io.containerd.grpc.v1.cri']\nmax_concurrent_downloads = 1\n",
        "1.5.11",
        "1.5.12",
    ),
    (
        "config.toml",
        "version = 3\n[plugins.'io.containerd.cri.v1.images']\nmax_concurrent_downloads = 1\n",
        "2.1.3",
        "2.1.4",
    ),
    (
        "config.toml",
        "version = 3\n[[plugins.'io.containerd.transfer.v1.local'.unpack_config]]\nplatform = 'linux/amd64'\nsnapshotter = 'overlayfs'\noptional = true\n",
        "2.3.0",
        "2.3.1",
    ),
    (
        "config.toml",
        "version = 2\n[plugins.'io.containerd.tracing.processor.v1.otlp']\nendpoint = 'http://127.0.0.1:4318'\n",
        "1.6.2",
        "1.6.3",
    ),
    (
        "config.toml",
        "version = 2\n[plugins.'io.containerd.snapshotter.v1.overlayfs']\nupperdir_label = true\n",
        "1.6.15",
        "1.6.16",
    ),
    ("config.toml", "[plugins.overlayfs]\nroot_path = '/data'\n", "1.7.15", "1.7.16"),
    (
        "config.toml",
        "version = 2\n[plugins.'io.containerd.grpc.v1.cri']\nimage_pull_progress_timeout = '5s'\n",
        "1.7.9",
        "1.7.10",
    ),
    (
        "config.toml",
        "version = 2\n[plugins.'io.containerd.grpc.v1.cri'.registry.mirrors.'docker.io']\nendpoint = ['https://a.example', 'https://b.example']\n",
        "1.5.4",
        "1.5.5",
    ),
    (
        "config.toml",
        "version = 3\n[plugins.'io.containerd.cri.v1.images'.registry.configs.'reg.example'.auth]\nusername = 'u'\npassword = 'p'\n",
        "2.0.0",
        "2.0.1",
    ),
    (
        "config.toml",
        "version = 2\n[plugins.'io.containerd.grpc.v1.cri'.registry.auths.'https://a.example']\nusername = 'u'\npassword = 'p'\n[plugins.'io.containerd.grpc.v1.cri'.registry.auths.'https://b.example']\nusername = 'u'\npassword = 'p'\n",
        "1.4.3",
        "1.4.4",
    ),
    (
        "config.toml",
        "[plugins.cri.containerd.default_runtime]\nruntime_type = 'io.containerd.runc.v1'\n",
        "1.3.2",
        "1.3.3",
    ),
    (
        "config.toml",
        "[plugins.cri.registry.configs.'reg.example'.tls]\ncert_file = '/c'\nkey_file = '/k'\n",
        "1.3.1",
        "1.3.2",
    ),
    ("config.toml", "[plugins.cri.registry.auths.'https://a.example']\n", "1.2.8", "1.2.9"),
    (
        "config.toml",
        "version = 3\n[plugins.'io.containerd.cri.v1.images'.runtime_platforms.kata]\nplatform = 'linux/amd64'\nsnapshotter = 'devmapper'\n",
        "2.2.1",
        "2.2.2",
    ),
    ("daemon.json", "{\"builder\": {\"gc\": {\"enabled\": true}}}", "24.0.7", "24.0.8"),
    ("daemon.json", "{\"builder\": {\"GC\": {\"Enabled\": true}}}", "28.5.0", "28.5.1"),
    ("daemon.json", "{\"host-gateway-ips\": [\"10.0.0.1\"]}", "29.0.4", "29.1.0"),
    ("daemon.json", "{\"max-concurrent-downloads\": 1}", "29.6.2", "29.7.0"),
    ("daemon.json", "{\"insecure-registries\": [\"reg.example:5000\"]}", "29.4.3", "29.5.0"),
    ("daemon.json", "{\"userland-proxy\": false}", "27.5.1", "27.2.1"),
    ("daemon.json", "{\"experimental\": true, \"ip6tables\": true}", "20.10.0", "20.10.1"),
    (
        "daemon.json",
        "{\"default-runtime\": \"r\", \"runtimes\": {\"r\": {\"path\": \"/usr/bin/runc\"}}}",
        "20.10.3",
        "20.10.4",
    ),
    ("daemon.json", "{\"registry-mirrors\": [\"https://mirror.example/\"]}", "18.09.6", "18.09.7"),
    ("daemon.json", "{\"hosts\": [\"tcp://127.0.0.1:2375\", \"tcp://127.0.0.1:2375\"]}", "19.03.5", "19.03.6"),
];

#[test]
fn bugs_of_patches_are_found_in_these_patches_alone() {
    for (name, text, bad, good) in BUGS {
        let (path, product) = match *name {
            "daemon.json" => ("/etc/docker/daemon.json", "docker"),
            _ => ("/etc/containerd/config.toml", "containerd"),
        };
        let has_bug = |patch: &str| {
            let source = Source { path, text, ..Source::default() };
            let findings = check(&[source], &options(&format!("{product}={patch}"))).findings;
            findings.iter().any(|finding| finding.rule == "patch-release-bug")
        };
        assert!(has_bug(bad), "{bad}: {text}");
        assert!(!has_bug(good), "{good}: {text}");
    }
}

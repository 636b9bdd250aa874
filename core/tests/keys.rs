//! Every row of the key tables against the rules, release by release: a file with the key alone gives no finding about
//! keys in the releases that read it, and exactly one in those that do not.

#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use std::collections::BTreeMap;

use crilint_core::describe::find;
use crilint_core::engine::{Options, Source, Target};
use crilint_core::keys::{KeySpec, Type};
use crilint_core::kind::Kind;
use crilint_core::releases::{Product, ReleaseSet};
use crilint_core::{Effect, Finding, check};
use support::minimal;

/// Rules that report a key as unknown, misplaced, of another release, or of another type.
const KEY_RULES: [&str; 28] = [
    "unknown-key",
    "unknown-plugin",
    "misplaced-key",
    "key-not-in-release",
    "key-wrong-type",
    "settings-lost-in-migration",
    "setting-without-effect",
    "short-plugin-id",
    "hosts-unknown-key",
    "hosts-key-not-in-release",
    "hosts-key-wrong-type",
    "crictl-file-ignored",
    "registries-unknown-key",
    "registries-wrong-type",
    "credential-provider-unknown-field",
    "unknown-directive",
    "unknown-subfield",
    "feature-unknown",
    "directive-wrong-type",
    "log-opts-not-string",
    "directive-not-in-release",
    "flag-name-as-directive",
    "nested-directives",
    "proxies-at-top-level",
    "unknown-field",
    "unknown-map-name",
    "field-not-in-release",
    "field-wrong-type",
];

/// Rules that report the same of keys of their own, and other faults of these keys where a release has them.
const OWN_RULES: [&str; 3] = ["linux-runtime-setting", "systemd-cgroup-legacy", "deprecated-key"];

fn found(kind: &'static Kind, path: &str, text: &str, release: &str) -> Vec<Finding> {
    let mut target = Target::default();
    target.add(&format!("{}={release}", kind.product.id())).unwrap();
    let source = Source { path, text, kind: Some(kind), ..Source::default() };
    let report = check(&[source], &Options { target, ..Options::default() });
    // A deprecation is advice: the key is still read.
    let counts = |f: &Finding| {
        f.effect() != Effect::Advice
            && !f.is_superseded()
            && (KEY_RULES.contains(&f.rule) || OWN_RULES.contains(&f.rule))
    };
    report.findings.into_iter().filter(counts).collect()
}

#[derive(Default)]
struct Tally {
    checks: usize,
    inside: usize,
    outside: usize,
    wrong: BTreeMap<String, Vec<String>>,
}

impl Tally {
    /// Prints the counts and the differences. There must be no difference, and at least `least` checks.
    fn finish(self, name: &str, least: usize) {
        for (what, releases) in &self.wrong {
            println!("{what}: {}", releases.join(" "));
        }
        println!(
            "{name}: {} checks ({} rows and releases inside, {} outside), {} differ",
            self.checks,
            self.inside,
            self.outside,
            self.wrong.len()
        );
        assert!(self.wrong.is_empty());
        assert!(self.checks >= least, "{} checks, at least {least} are expected", self.checks);
    }

    fn compare(&mut self, what: &str, release: &str, found: &[Finding], want: usize) {
        self.checks += 1;
        let of_others = found.iter().filter(|f| want == 1 && found.len() == 1 || !OWN_RULES.contains(&f.rule));
        if of_others.count() != want {
            let rules: Vec<_> = found.iter().map(|f| f.rule).collect();
            let key = format!("{what}: {} instead of {want} {rules:?}", found.len());
            self.wrong.entry(key).or_default().push(release.to_owned());
        }
    }
}

#[test]
fn rows_of_version_1_hold_in_every_release() {
    containerd(1);
}

#[test]
fn rows_of_version_2_hold_in_every_release() {
    containerd(2);
}

#[test]
fn rows_of_version_3_hold_in_every_release() {
    containerd(3);
}

#[test]
fn rows_of_version_4_hold_in_every_release() {
    containerd(4);
}

fn containerd(version: u8) {
    const P: Product = Product::Containerd;
    let kind = &crilint_core::containerd::KIND;
    let mut tally = Tally::default();
    let (_, table) = find::tables_of(kind).find(|(v, _)| *v == Some(version)).unwrap();
    let admits = crilint_core::containerd::releases_of(version.into()).get(P);
    let head = if version == 1 { String::new() } else { format!("version = {version}\n") };
    for key in table.keys().iter().filter(|k| k.path() != "version") {
        let raw = minimal::parts(key.path());
        let parts = minimal::named(&raw);
        let typo = minimal::typo(table, &raw).filter(|_| !key.has_no_effect());
        // A table with known keys is tested by its keys.
        let is_leaf = table.place_of(key).is_some_and(|place| !place.has_children());
        let distinct = minimal::distinct(key).filter(|_| is_leaf);
        for release in P.releases() {
            let set = release.newest();
            if set.and(admits).is_empty() {
                continue;
            }
            let what = format!("v{version} {}", key.path());
            let mut compare = |names: &[&str], value: &str, want| {
                let (beside, after) = needed_by(version, release.id, key);
                let text = minimal::toml(&head, names, value, beside) + &after;
                let found = found(kind, "etc/containerd/config.toml", &text, release.id);
                tally.compare(&format!("{what} = {value}"), release.id, &found, want);
            };
            if key.releases().and(set).is_empty() {
                let Some(distinct) = &distinct else { continue };
                compare(&parts, distinct, 1);
                tally.outside += 1;
                continue;
            }
            let lost = usize::from(key.has_no_effect() && distinct.is_some());
            compare(&parts, &minimal::neutral(key), lost);
            if let Some(distinct) = &distinct {
                compare(&parts, distinct, lost);
            }
            if let Some(typo) = &typo {
                let mut names = parts.clone();
                *names.last_mut().unwrap() = typo;
                compare(&names, "\"x\"", 1);
            }
            // In a table that has no effect, types have none either.
            if let Some(wrong) = minimal::wrong(key).filter(|_| !key.has_no_effect()) {
                compare(&parts, wrong, 1);
            }
            tally.inside += 1;
        }
    }
    tally.finish(&format!("config.toml, version {version}"), 2_000);
}

#[test]
fn rows_of_hosts_hold_in_every_release() {
    let mut tally = Tally::default();
    // containerd 1.4 has the package, but does not read the file.
    let releases = ReleaseSet::parse(Product::Containerd, "1.5..").unwrap();
    let file = OneTable {
        kind: &crilint_core::registry_hosts::KIND,
        path: "etc/containerd/certs.d/registry.example/hosts.toml",
        releases,
        write: |names, value| minimal::toml("", names, value, ""),
        wrong: minimal::wrong,
        judges: releases,
    };
    file.check(&mut tally);
    tally.finish("hosts.toml", 400);
}

#[test]
fn rows_of_crictl_hold_in_every_release() {
    let mut tally = Tally::default();
    let file = OneTable {
        kind: &crilint_core::crictl::KIND,
        path: "etc/crictl.yaml",
        releases: ReleaseSet::ALL,
        write: |names, value| format!("{}: {value}\n", names.join(".")),
        // crictl looks at the text of a scalar alone: any text is a string, and quotes mean nothing.
        wrong: |key| matches!(key.ty(), Type::Bool | Type::Int).then_some("x"),
        // Before 1.19 the YAML library decides; its decisions were not measured.
        judges: ReleaseSet::parse(Product::Kubernetes, "1.19..").unwrap(),
    };
    file.check(&mut tally);
    tally.finish("crictl.yaml", 500);
}

#[test]
fn rows_of_registries_hold_in_every_release() {
    let mut tally = Tally::default();
    let file = OneTable {
        kind: &crilint_core::distributions::registries::KIND,
        path: "etc/rancher/k3s/registries.yaml",
        releases: ReleaseSet::ALL,
        write: |names, value| minimal::yaml(false, names, value),
        // Where a text is expected, a number is taken.
        wrong: |key| (key.ty() != Type::String).then_some("\"x\""),
        judges: ReleaseSet::ALL,
    };
    file.check(&mut tally);
    tally.finish("registries.yaml", 500);
}

#[test]
fn rows_of_credential_providers_hold_in_every_release() {
    let mut tally = Tally::default();
    let file = OneTable {
        kind: &crilint_core::kubelet::credential_provider::KIND,
        path: "etc/kubernetes/credential-provider.yaml",
        releases: ReleaseSet::parse(Product::Kubernetes, "1.20..").unwrap(),
        write: |names, value| minimal::yaml(false, names, value),
        // The rule on values reports what else such a file lacks.
        wrong: |_| None,
        judges: ReleaseSet::ALL,
    };
    file.check(&mut tally);
    tally.finish("CredentialProviderConfig", 500);
}

/// Releases of Docker that have a key and refuse its use by name. Source: moby/moby@v23.0.18, v25.0.7,
/// v28.5.2:daemon/config/config.go (`Validate`).
const REFUSED_BY_NAME: [(&str, &str); 7] = [
    ("graph", "23"),
    ("cluster-store", "23"),
    ("cluster-store-opts", "23"),
    ("cluster-store-opts.*", "23"),
    ("cluster-advertise", "23"),
    ("oom-score-adjust", "25"),
    ("api-cors-header", "28"),
];

/// Keys that these checks do not fit, with the reason.
const NOT_PLAIN: [(&str, &str); 6] = [
    ("logging.flushFrequency", "an integer up to 1.27, a text as well since"),
    ("features.*", "the map takes any name, and a rule reports unknown ones"),
    ("builder.GC.Policy[].Filter", "a list since 19.03.5, an object as well"),
    ("builder.History.MaxAge", "an integer in 24.0, a text since 25.0"),
    ("allow-nondistributable-artifacts", "since 28.1 its value is not read"),
    ("deprecated-key-path", "since 24.0 its value is not read"),
];

#[test]
fn rows_of_docker_hold_in_every_release() {
    let mut tally = Tally::default();
    let file = OneTable {
        kind: &crilint_core::docker::KIND,
        path: "etc/docker/daemon.json",
        releases: ReleaseSet::ALL,
        write: minimal::json,
        wrong: minimal::wrong,
        judges: ReleaseSet::ALL,
    };
    file.check(&mut tally);
    tally.finish("daemon.json", 7_000);
}

#[test]
fn rows_of_the_kubelet_hold_in_every_release() {
    let mut tally = Tally::default();
    let file = OneTable {
        kind: &crilint_core::kubelet::KIND,
        path: "var/lib/kubelet/config.yaml",
        releases: ReleaseSet::ALL,
        write: |names, value| {
            // The kubelet checks the options only where there is a policy.
            let typo = matches!(names, ["topologyManagerPolicyOptions", name] if name.ends_with(minimal::TYPO));
            minimal::yaml(true, names, value) + if typo { "topologyManagerPolicy: best-effort\n" } else { "" }
        },
        wrong: minimal::wrong,
        judges: ReleaseSet::ALL,
    };
    file.check(&mut tally);
    tally.finish("KubeletConfiguration", 19_000);
}

/// A kind of file with one table.
struct OneTable {
    kind: &'static Kind,
    path: &'static str,
    /// The releases that read such files.
    releases: ReleaseSet,
    write: fn(&[&str], &str) -> String,
    wrong: fn(&KeySpec) -> Option<&'static str>,
    /// The releases whose treatment of a wrong value is known.
    judges: ReleaseSet,
}

impl OneTable {
    fn check(&self, tally: &mut Tally) {
        let (_, table) = find::tables_of(self.kind).next().unwrap();
        // The files are those of a Linux node.
        let plain = |key: &&KeySpec| {
            !NOT_PLAIN.iter().any(|(path, _)| *path == key.path()) && key.platform() != Some("windows")
        };
        for key in table.keys().iter().filter(plain) {
            let raw = minimal::parts(key.path());
            let names = minimal::named(&raw);
            let typo = minimal::typo(table, &raw);
            let is_leaf = table.place_of(key).is_some_and(|place| !place.has_children());
            let distinct = minimal::distinct(key).filter(|_| is_leaf);
            for release in self.releases.ids(self.kind.product) {
                let set = ReleaseSet::parse(self.kind.product, release).unwrap().newest();
                let mut compare = |names: &[&str], value: &str, want| {
                    let found = found(self.kind, self.path, &(self.write)(names, value), release);
                    tally.compare(&format!("{} = {value}", names.join(".")), release, &found, want);
                };
                if key.releases().and(set).is_empty() {
                    if let Some(distinct) = &distinct {
                        compare(&names, distinct, 1);
                        tally.outside += 1;
                    }
                    continue;
                }
                if REFUSED_BY_NAME.contains(&(key.path(), release)) {
                    distinct.iter().for_each(|distinct| compare(&names, distinct, 1));
                    continue;
                }
                compare(&names, &minimal::neutral(key), 0);
                if let Some(distinct) = &distinct {
                    compare(&names, distinct, 0);
                }
                if let Some(wrong) = (self.wrong)(key).filter(|_| self.judges.covers(set)) {
                    compare(&names, wrong, 1);
                }
                if let Some(typo) = &typo {
                    let mut names = names.clone();
                    *names.last_mut().unwrap() = typo;
                    compare(&names, "\"x\"", 1);
                }
                tally.inside += 1;
            }
        }
    }
}

/// The settings that the daemon needs to use a key: in the table of the key, and in others.
fn needed_by(version: u8, release: &str, key: &KeySpec) -> (&'static str, String) {
    let in_2x = release.starts_with("2.");
    match key.path() {
        // Without the address no server uses the keys.
        "debug.gid" | "debug.uid" if version < 4 && in_2x => {
            ("address = \"/run/containerd/debug.sock\"\n", String::new())
        }
        path if path.starts_with("grpc.tcp_tls_") && version < 4 && in_2x => {
            ("tcp_address = \"127.0.0.1:1\"\n", String::new())
        }
        "ttrpc.gid" | "ttrpc.uid" if version < 4 && in_2x => ("address = \"/run/c.ttrpc\"\n", String::new()),
        // A plugin skips itself without these.
        _ if key.releases().and(ReleaseSet::parse(Product::Containerd, release).unwrap()).is_empty() => {
            ("", String::new())
        }
        path if path.contains("devmapper") && key.leaf() != "pool_name" => ("pool_name = \"x\"\n", String::new()),
        path if path.contains("server.v1.debug") || path.contains("server.v1.grpc-tcp") => match key.leaf() {
            "address" => ("", String::new()),
            _ => ("address = \"127.0.0.1:1\"\n", String::new()),
        },
        // The migration of 2.x drops the keys where the file has no runtimes.
        // Source: containerd/containerd@v2.3.4:plugins/cri/images/plugin.go (`configMigration`).
        path if version < 3 && in_2x => match path.rsplit_once('.') {
            Some((table, "snapshotter" | "disable_snapshot_annotations" | "discard_unpacked_layers"))
                if table.ends_with(".containerd") =>
            {
                ("", format!("[{table}.runtimes.runc]\nruntime_type = \"io.containerd.runc.v2\"\n"))
            }
            _ => ("", String::new()),
        },
        _ => ("", String::new()),
    }
}

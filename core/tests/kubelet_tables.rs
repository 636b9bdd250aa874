//! Every feature gate and every flag of the kubelet in every release: reported outside of its life, and only there.

#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

use crilint_core::engine::{Options, Source};
use crilint_core::finding::Effect;
use crilint_core::keys::flags::{KubeletFlag, Reads, kubelet_all};
use crilint_core::keys::{checks, gates};
use crilint_core::releases::{Product, ReleaseSet};
use crilint_core::{Finding, check};

const PRODUCT: Product = Product::Kubernetes;

/// The findings for a target of one release.
fn findings(path: &str, text: &str, release: &str) -> Vec<Finding> {
    let mut options = Options::default();
    options.target.add(&format!("kubernetes={release}")).unwrap();
    check(&[Source { path, text, ..Source::default() }], &options).findings
}

fn refused(findings: &[Finding]) -> Vec<&'static str> {
    findings.iter().filter(|f| f.effect() == Effect::Refused).map(|f| f.rule).collect()
}

fn releases() -> impl Iterator<Item = (&'static str, ReleaseSet)> {
    PRODUCT.releases().iter().map(|release| (release.id, release.newest()))
}

/// A file and a command line that set gates.
fn with_gates(gates: &[(&str, bool)]) -> [(&'static str, String); 2] {
    let lines: String = gates.iter().map(|(name, value)| format!("  {name}: {value}\n")).collect();
    let pairs: Vec<String> = gates.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let head = "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n";
    [
        ("/var/lib/kubelet/config.yaml", format!("{head}featureGates:\n{lines}")),
        ("/var/lib/kubelet/kubeadm-flags.env", format!("KUBELET_EXTRA_ARGS=\"--feature-gates={}\"\n", pairs.join(","))),
    ]
}

type Refused = Vec<(String, &'static str)>;

fn without(one: &Refused, other: &Refused) -> Refused {
    one.iter().filter(|x| !other.contains(x)).cloned().collect()
}

/// The gates that are refused, with the rule that reports it, in the order of the text.
fn refused_gates(path: &str, text: &str, release: &str) -> Refused {
    let found =
        findings(path, text, release).into_iter().filter(|f| f.effect() == Effect::Refused && !f.is_superseded());
    found.map(|f| (f.span.of(text).to_owned(), f.rule)).collect()
}

#[test]
fn each_gate_is_refused_outside_of_its_life_and_taken_inside() {
    let (mut known, mut unknown, mut locked) = (0, 0, 0);
    let mut wrong = vec![];
    for (id, release) in releases() {
        let stage = |gate: &gates::Gate| gate.stages().iter().find(|s| s.releases().covers(release));
        // Each gate with its default.
        let all: Vec<_> = gates::all().iter().map(|g| (g.name(), stage(g).is_some_and(|s| s.default))).collect();
        let outside = gates::all().iter().filter(|g| stage(g).is_none());
        let expected: Refused = outside.map(|g| (g.name().to_owned(), "feature-gate-unknown")).collect();
        unknown += expected.len();
        known += all.len() - expected.len();
        for (path, text) in with_gates(&all) {
            let reported = refused_gates(path, &text, id);
            if reported != expected {
                let (more, less) = (without(&reported, &expected), without(&expected, &reported));
                wrong.push(format!("{id}, {path}: too much {more:?}, missing {less:?}"));
            }
        }
        // Against their locks, one by one: others may depend on them.
        for gate in gates::all() {
            let Some(stage) = stage(gate).filter(|s| s.locked) else { continue };
            locked += 1;
            let [(path, text), _] = with_gates(&[(gate.name(), !stage.default)]);
            let reported = refused_gates(path, &text, id);
            if reported != [(gate.name().to_owned(), "feature-gate-locked")] {
                wrong.push(format!("{id}, {} against its lock: {reported:?}", gate.name()));
            }
        }
    }
    println!("gates: {} with {known} known, {unknown} unknown and {locked} locked pairs", gates::all().len());
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
    assert!(known > 3_000 && unknown > 10_000 && locked > 500);
}

/// A value that the kubelet takes.
fn sample(flag: &KubeletFlag) -> String {
    let field = flag.key().unwrap_or_default();
    if let Some(words) = checks::words(field).last() {
        return words.allowed().next().unwrap().to_owned();
    }
    match (flag.name(), flag.reads()) {
        ("register-with-taints", _) => "dedicated=db:NoSchedule",
        ("reserved-cpus", _) => "0-1",
        ("container-log-max-size", _) => "10Mi",
        ("container-runtime-endpoint" | "image-service-endpoint", _) => "unix:///run/containerd/containerd.sock",
        ("cpu-cfs-quota-period", _) => "100ms",
        ("seccomp-default" | "rotate-server-certificates" | "rotate-certificates", _) => "false",
        ("runonce" | "anonymous-auth", _) => "false",
        ("feature-gates", _) => "",
        // With a value some releases ask for a variable too.
        ("config-dir", _) => "",
        ("eviction-hard" | "eviction-soft", _) => "memory.available<200Mi",
        ("eviction-soft-grace-period", _) => "memory.available=1m30s",
        ("eviction-minimum-reclaim", _) => "memory.available=1Gi",
        ("system-reserved" | "kube-reserved", _) => "memory=1Gi",
        ("qos-reserved" | "experimental-qos-reserved", _) => "memory=50%",
        ("cpu-manager-policy-options", _) => "full-pcpus-only=true",
        ("topology-manager-policy-options", _) => "prefer-closest-numa-nodes=true",
        (_, Reads::Bool) => "true",
        (_, Reads::Int(_) | Reads::Uint) => "10",
        (_, Reads::Float) => "0.5",
        (_, Reads::Duration) => "10s",
        (_, Reads::Ip) => "10.0.0.10",
        (_, Reads::Map | Reads::Gates) => "name=value",
        (_, Reads::Text | Reads::List) => "value",
    }
    .to_owned()
}

#[test]
fn each_flag_is_refused_outside_of_its_life_and_taken_inside() {
    let (mut known, mut unknown, mut deprecated) = (0, 0, 0);
    let mut wrong = vec![];
    for flag in kubelet_all() {
        for (id, release) in releases() {
            let is_known = flag.releases().covers(release);
            // The only value that the flag takes differs in each release.
            if flag.key() == Some("showHiddenMetricsForVersion") {
                continue;
            }
            let text = format!("KUBELET_EXTRA_ARGS=\"--{}={}\"\n", flag.name(), sample(flag));
            let found = findings("/var/lib/kubelet/kubeadm-flags.env", &text, id);
            let reported = refused(&found);
            let expected = if is_known { vec![] } else { vec!["flag-removed"] };
            if reported != expected {
                wrong.push(format!("{} on {id}: {reported:?}", text.trim()));
            }
            if is_known {
                known += 1;
            } else {
                unknown += 1;
            }
            deprecated += usize::from(found.iter().any(|f| f.rule == "flag-deprecated"));
        }
    }
    println!("flags: {} with {known} known, {unknown} unknown and {deprecated} deprecated pairs", kubelet_all().len());
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
    assert!(known > 4_000 && unknown > 1_000);
}

//! Every feature gate and every flag of the kubelet in every release: told outside of its life, and only there.

#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

use crilint_core::engine::{Options, Source};
use crilint_core::finding::Effect;
use crilint_core::keys::flags::{Flag, Reads, kubelet_all};
use crilint_core::keys::{checks, gates};
use crilint_core::releases::{Product, ReleaseSet};
use crilint_core::{Finding, check};

const PRODUCT: Product = Product::Kubernetes;

/// The findings for somebody who runs one release.
fn findings(path: &str, text: &str, release: &str) -> Vec<Finding> {
    let mut options = Options::default();
    options.target.add(&format!("kubernetes={release}")).unwrap();
    check(&[Source { path, text, ..Source::default() }], &options).findings
}

fn refused(findings: &[Finding]) -> Vec<&'static str> {
    findings.iter().filter(|f| f.effect() == Effect::Refused).map(|f| f.rule).collect()
}

fn releases() -> impl Iterator<Item = (&'static str, ReleaseSet)> {
    PRODUCT.releases().iter().map(|r| (r.id, ReleaseSet::parse(PRODUCT, r.id).unwrap()))
}

fn with_gate(name: &str, value: bool) -> (String, String) {
    let file = format!(
        "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\nfeatureGates:\n  {name}: {value}\n"
    );
    (file, format!("KUBELET_EXTRA_ARGS=\"--feature-gates={name}={value}\"\n"))
}

#[test]
fn each_gate_is_refused_outside_of_its_life_and_taken_inside() {
    let (mut known, mut unknown, mut locked) = (0, 0, 0);
    let mut wrong = vec![];
    for gate in gates::all() {
        for (id, release) in releases() {
            let stage = gate.stages().iter().find(|s| s.releases().covers(release));
            let default = stage.is_some_and(|s| s.default);
            let (file, flag) = with_gate(gate.name(), default);
            let expected = if stage.is_some() { vec![] } else { vec!["feature-gate-unknown"] };
            for (path, text) in [("/var/lib/kubelet/config.yaml", &file), ("/var/lib/kubelet/kubeadm-flags.env", &flag)] {
                let told = refused(&findings(path, text, id));
                if told != expected {
                    wrong.push(format!("{} = {default} on {id} in {path}: {told:?}", gate.name()));
                }
            }
            match stage {
                None => unknown += 1,
                Some(_) => known += 1,
            }
            let Some(stage) = stage.filter(|s| s.locked) else { continue };
            locked += 1;
            let told = refused(&findings("/var/lib/kubelet/config.yaml", &with_gate(gate.name(), !stage.default).0, id));
            if told != ["feature-gate-locked"] {
                wrong.push(format!("{} against its lock on {id}: {told:?}", gate.name()));
            }
        }
    }
    println!("gates: {} with {known} known, {unknown} unknown and {locked} locked pairs", gates::all().len());
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}

/// A value that the kubelet takes.
fn sample(flag: &Flag) -> String {
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
            // Endpoints of metrics are the previous release's.
            if flag.key() == Some("showHiddenMetricsForVersion") {
                continue;
            }
            let text = format!("KUBELET_EXTRA_ARGS=\"--{}={}\"\n", flag.name(), sample(flag));
            let found = findings("/var/lib/kubelet/kubeadm-flags.env", &text, id);
            let told = refused(&found);
            let expected = if is_known { vec![] } else { vec!["flag-removed"] };
            if told != expected {
                wrong.push(format!("{} on {id}: {told:?}", text.trim()));
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
}

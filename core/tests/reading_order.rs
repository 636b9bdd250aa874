//! What a reader sees first: findings in the order of their urgency, and those of one kind together.

#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

#[path = "support/corpus.rs"]
mod corpus;

use std::cmp::Reverse;

use crilint_core::Source;
use crilint_core::engine::{Level, Options, Selector, check, fix};
use crilint_core::finding::{Effect, Severity};
use crilint_core::fix::Applicability;
use crilint_core::report::grouped;
use crilint_core::{Finding, Report};

const CONTAINERD: &str = "/etc/containerd/config.toml";
const DOCKER: &str = "/etc/docker/daemon.json";
const KUBELET: &str = "/var/lib/kubelet/config.yaml";
const KUBELET_HEAD: &str = "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n";

fn source<'a>(path: &'a str, text: &'a str, node: usize) -> Source<'a> {
    Source { path, text, node, ..Source::default() }
}

fn rules(report: &Report) -> Vec<&'static str> {
    report.findings.iter().map(|finding| finding.rule).collect()
}

fn place_in_order(finding: &Finding) -> (Reverse<Severity>, Effect, usize, u32) {
    (Reverse(finding.severity), finding.effect(), finding.file, finding.span.start)
}

#[test]
fn what_stops_a_daemon_comes_before_advice_on_another_file() {
    let kubelet = format!("{KUBELET_HEAD}containerLogMaxSize: 10m\n");
    let report = check(&[source(DOCKER, "{\"debug\": true}", 0), source(KUBELET, &kubelet, 0)], &Options::default());
    assert_eq!(rules(&report), ["log-max-size-unit", "docker-no-log-rotation"]);
}

#[test]
fn nodes_are_not_mixed() {
    let kubelet = format!("{KUBELET_HEAD}containerLogMaxSize: 10m\n");
    let report = check(&[source(DOCKER, "{\"debug\": true}", 0), source(KUBELET, &kubelet, 1)], &Options::default());
    assert_eq!(rules(&report), ["docker-no-log-rotation", "log-max-size-unit"]);
}

#[test]
fn a_rule_that_the_user_raises_comes_with_the_errors() {
    let text = "{\"debug\": true, \"max-concurrent-download\": 3}";
    let mut options = Options::default();
    options.target.add("docker=29").unwrap();
    let found = check(&[source(DOCKER, text, 0)], &options);
    assert_eq!(rules(&found), ["unknown-directive", "docker-no-log-rotation"]);
    let selector = Selector::parse("unknown-directive").unwrap();
    options.levels.push((selector, Level::Fixed(Severity::Info)));
    let selector = Selector::parse("docker-no-log-rotation").unwrap();
    options.levels.push((selector, Level::Fixed(Severity::Error)));
    let found = check(&[source(DOCKER, text, 0)], &options);
    assert_eq!(rules(&found), ["docker-no-log-rotation", "unknown-directive"]);
}

#[test]
fn the_corpus_is_reported_in_order() {
    let mut several = 0;
    for text in corpus::texts() {
        let report = check(&[source(&text.path, &text.text, 0)], &Options::default());
        assert!(report.findings.is_sorted_by_key(place_in_order), "{}: {:?}", text.path, rules(&report));
        let groups = grouped(&report.findings);
        several += groups.iter().filter(|group| group.len() > 1).count();
        let mut numbers = groups.concat();
        numbers.sort_unstable();
        assert_eq!(numbers, (0..report.findings.len()).collect::<Vec<_>>(), "each finding is in one group");
        for group in groups {
            let findings: Vec<&Finding> = group.iter().map(|number| &report.findings[*number]).collect();
            let of = |finding: &Finding| (finding.rule, finding.file, finding.severity, finding.outcomes.clone());
            assert!(findings.windows(2).all(|pair| of(pair[0]) == of(pair[1])), "{}", text.path);
            assert!(findings.windows(2).all(|pair| pair[0].span.start <= pair[1].span.start), "{}", text.path);
        }
    }
    assert!(several > 10, "{several} findings with several places");
}

#[test]
fn three_unknown_fields_are_one_kind_and_all_are_fixed() {
    let text = format!("{KUBELET_HEAD}maxPodz: 110\nclusterDomian: cluster.local\nserializeImagePull: true\n");
    let sources = [source(KUBELET, &text, 0)];
    let report = check(&sources, &Options::default());
    let of_rule = |group: &Vec<usize>| report.findings[group[0]].rule == "unknown-field";
    let groups: Vec<_> = grouped(&report.findings).into_iter().filter(of_rule).collect();
    assert_eq!(groups.iter().map(Vec::len).collect::<Vec<_>>(), [3]);
    let fixed = fix(&sources, &Options::default(), Applicability::Unsafe).texts.remove(0);
    assert!(["maxPods:", "clusterDomain:", "serializeImagePulls:"].iter().all(|key| fixed.contains(key)), "{fixed}");
}

#[test]
fn a_comment_takes_one_place_from_a_finding() {
    let text =
        format!("{KUBELET_HEAD}maxPodz: 110\nclusterDomian: cluster.local # crilint: ignore[unknown-field] ours\n");
    let report = check(&[source(KUBELET, &text, 0)], &Options::default());
    assert_eq!(grouped(&report.findings), [[0]]);
    assert!(report.findings[0].message.contains("`maxPodz`"), "{:?}", report.findings);
}

#[test]
fn one_key_with_two_consequences_is_two_findings() {
    let text =
        "version = 2\n[plugins.\"io.containerd.grpc.v1.cri\"]\nfoo_bar_x = 1\n[plugins.\"io.x.y.v1.z\"]\na = 1\n";
    let report = check(&[source(CONTAINERD, text, 0)], &Options::default());
    let groups = grouped(&report.findings);
    assert!(groups.iter().all(|group| group.len() == 1), "{:?}", rules(&report));
}

#[test]
fn a_deprecated_key_without_effect_is_one_finding() {
    let text = "[plugins.cri.containerd.runtimes.old]\nruntime_type = \"io.containerd.runc.v2\"\nruntime_engine = \"/bin/crun\"\n";
    let mut options = Options::default();
    options.target.add("containerd=1.7..2.3").unwrap();
    let report = check(&[source(CONTAINERD, text, 0)], &options);
    let at_engine = report.findings.iter().filter(|finding| finding.span.of(text) == "runtime_engine");
    let at_engine: Vec<_> = at_engine.map(|finding| (finding.severity, finding.rule)).collect();
    assert!(at_engine.iter().all(|(severity, _)| *severity > Severity::Info), "{at_engine:?}");
    assert!(!at_engine.is_empty());
}

#[test]
fn a_rule_reports_a_fault_once() {
    let text = "[plugins.'io.containerd.grpc.v1.cri'.registry.mirrors]\n\"docker.io\" = [\"https://mirror.example\"]\n";
    for release in ["1.7", "2.0", "2.3", "all"] {
        let mut options = Options::default();
        options.target.add(&format!("containerd={release}")).unwrap();
        let report = check(&[source(CONTAINERD, text, 0)], &options);
        let count = report.findings.iter().filter(|finding| finding.rule == "key-wrong-type").count();
        assert!(count <= 1, "{release}: {:?}", rules(&report));
    }
}

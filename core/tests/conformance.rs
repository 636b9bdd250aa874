//! Forecasts against the verdicts of real daemons: `conformance/*.jsonl`, described in `conformance/README.md`.

#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crilint_core::engine::{Options, Source};
use crilint_core::kind::Kind;
use crilint_core::releases::{Product, ReleaseSet};
use crilint_core::{Compat, Effect, Finding, Forecast, Report, check, compat};
use serde_json::Value;

/// A configuration, and what each release did with it.
struct Case {
    name: String,
    /// The first is the one that the daemon is started with.
    files: Vec<(String, String)>,
    /// Whether each character of the texts stands for a byte.
    is_latin1: bool,
    verdicts: Vec<Recorded>,
}

/// What patch releases that treat every configuration alike did.
struct Recorded {
    /// As in `--target`: `2.2` for the newest patches of a release, `2.2.0..2.2.1` for older ones.
    release: String,
    range: ReleaseSet,
    verdict: String,
}

impl Case {
    /// A file's text as a front end reads it, and where its first byte stands that is not UTF-8.
    fn read(&self, text: &str) -> (String, Option<usize>) {
        if !self.is_latin1 {
            return (text.to_owned(), None);
        }
        let bytes: Vec<u8> = text.chars().map(|c| u8::try_from(c).unwrap()).collect();
        let invalid = std::str::from_utf8(&bytes).err().map(|error| error.valid_up_to());
        (String::from_utf8_lossy(&bytes).into_owned(), invalid)
    }
}

/// A case where the verdict and the forecast may differ.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Difference {
    case: String,
    releases: String,
    reason: String,
}

#[derive(serde::Deserialize)]
struct Differences {
    #[serde(default)]
    containerd: Vec<Difference>,
    #[serde(default)]
    containerd_hosts: Vec<Difference>,
    #[serde(default)]
    kubelet: Vec<Difference>,
    #[serde(default)]
    docker: Vec<Difference>,
    #[serde(default)]
    docker_validate: Vec<Difference>,
    /// Faults that a daemon finds when it starts, but not when it validates.
    #[serde(default)]
    docker_start_only: Vec<StartOnly>,
}

/// A rule whose fault `dockerd --validate` does not see in some releases.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct StartOnly {
    rule: String,
    /// The setting meant, if it is not all that the rule looks at.
    key: Option<String>,
    releases: String,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../conformance")
}

/// Reads the cases of a kind from `name`.jsonl; `place` gives a file's path on the node.
fn cases(name: &str, kind: &Kind, place: impl Fn(&str) -> String) -> Vec<Case> {
    let path = folder().join(format!("{name}.jsonl"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let read = |line: &str| {
        let value: Value = serde_json::from_str(line).unwrap();
        let files = value["files"].as_object().unwrap();
        let text = |v: &Value| v.as_str().unwrap().to_owned();
        let mut verdicts = vec![];
        for verdict in value["verdicts"].as_array().unwrap() {
            for (release, range) in ranges(kind.product, verdict["releases"].as_str().unwrap()) {
                verdicts.push(Recorded { release, range, verdict: text(&verdict["verdict"]) });
            }
        }
        // The file that the daemon is started with lies in the case's own folder, before its drop-ins.
        let mut files: Vec<_> = files.iter().map(|(path, v)| (place(path), text(v))).collect();
        files.sort_by_key(|(path, _)| !kind.places.iter().any(|p| p.rsplit('/').next() == path.rsplit('/').next()));
        Case { name: text(&value["name"]), files, is_latin1: value["encoding"] == "latin1", verdicts }
    };
    text.lines().map(read).collect()
}

/// The patch ranges of a spec: of releases the newest patches, which were measured, and of patches all that it names.
fn ranges(product: Product, spec: &str) -> Vec<(String, ReleaseSet)> {
    let mut ranges = vec![];
    for part in spec.split(',') {
        let set = ReleaseSet::parse(product, part).unwrap();
        let is_release = |border: &str| border.is_empty() || product.releases().iter().any(|r| r.id == border);
        if part.split("..").all(is_release) {
            ranges.extend(set.releases(product).map(|release| (release.id.to_owned(), release.newest())));
        } else {
            let known = (0..product.patch_ranges().len()).map(|number| ReleaseSet::between(number, number));
            ranges.extend(known.filter(|range| set.covers(*range)).map(|range| (range.spec(product), range)));
        }
    }
    ranges
}

fn differences() -> Differences {
    toml::from_str(&std::fs::read_to_string(folder().join("known-differences.toml")).unwrap()).unwrap()
}

/// Whether a forecast agrees with a record. `has_finding`: whether there is a finding of any kind.
fn agrees(forecast: &str, has_finding: bool, recorded: &str) -> bool {
    match recorded {
        // Whether all of it is in effect was not measured.
        "runs" => matches!(forecast, "accepted" | "ignored"),
        "warns" => matches!(forecast, "accepted" | "ignored") && has_finding,
        other => forecast == other,
    }
}

/// Whether the first file has a finding for a target of one release.
fn has_finding(sources: &[Source<'_>], product: Product, release: &str) -> bool {
    let mut options = Options::default();
    options.target.add(&format!("{}={release}", product.id())).unwrap();
    check(sources, &options).findings.iter().any(|f| f.file == 0)
}

/// Compares all cases of a kind, prints the agreement, and fails on any difference that is not known.
fn compare(kind: &'static Kind, known: &[Difference], place: impl Fn(&str) -> String) {
    compare_with(kind.id, kind, known, place, |_, forecast, _| forecast.verdict.id());
}

/// The same with the cases in `name`.jsonl, and another reading of the forecast.
fn compare_with(
    name: &str,
    kind: &'static Kind,
    known: &[Difference],
    place: impl Fn(&str) -> String,
    verdict_of: impl Fn(&Report, &Forecast, ReleaseSet) -> &'static str,
) {
    let mut wrong = String::new();
    let mut used = BTreeSet::new();
    let (mut judged, mut agreed, mut apart) = (0, 0, 0);
    let mut alarms = 0;
    for case in cases(name, kind, place) {
        let texts: Vec<(String, Option<usize>)> = case.files.iter().map(|(_, text)| case.read(text)).collect();
        let sources: Vec<Source<'_>> = case
            .files
            .iter()
            .zip(&texts)
            .map(|((path, _), (text, invalid_utf8))| Source {
                path,
                text,
                invalid_utf8: *invalid_utf8,
                ..Source::default()
            })
            .collect();
        let mut options = Options::default();
        options.target.add(&format!("{}=all", kind.product.id())).unwrap();
        let (report, all) = compat(&sources, &options);
        // Flags and drop-ins stop the kubelet as its file does.
        let is_part = |of: &&Compat| of.file == 0 || kind.id == "kubelet";
        let forecasts = all.iter().filter(is_part).flat_map(|of| &of.forecasts).flat_map(Forecast::by_patches);
        let forecasts: Vec<(ReleaseSet, &Forecast)> = forecasts.collect();
        assert!(!forecasts.is_empty(), "{}: of no known kind", case.name);
        for Recorded { release, range, verdict: recorded } in &case.verdicts {
            let of_range = forecasts.iter().filter(|(set, _)| set.covers(*range)).map(|(_, forecast)| *forecast);
            let forecast = of_range.max_by_key(|forecast| forecast.verdict).unwrap();
            let verdict = verdict_of(&report, forecast, *range);
            judged += 1;
            let has_finding = recorded == "warns" && has_finding(&sources, kind.product, release);
            if agrees(verdict, has_finding, recorded) {
                agreed += 1;
                continue;
            }
            if let Some(i) = known.iter().position(|d| d.case == case.name && within(kind.product, &d.releases, *range))
            {
                assert!(!known[i].reason.is_empty(), "{}: a known difference needs a reason", case.name);
                used.insert(i);
                apart += 1;
                continue;
            }
            let stops = matches!(verdict, "refused" | "failed");
            alarms += usize::from(stops && matches!(recorded.as_str(), "runs" | "warns" | "accepted" | "ignored"));
            let _ = writeln!(
                wrong,
                "{} on {release}: recorded {recorded}, forecast {verdict} {}",
                case.name,
                because(&report, forecast)
            );
        }
    }
    let comparable = judged - apart;
    let share = 100.0 * f64::from(agreed) / f64::from(comparable);
    println!(
        "{name}: {agreed} of {comparable} verdicts that the text decides agree ({share:.2} %); {apart} of {judged} are apart, \
         by {} entries of known-differences.toml",
        used.len()
    );
    assert!(wrong.is_empty(), "{alarms} false alarms\n{wrong}");
    assert!(judged >= 60, "{name}: {judged} verdicts");
    let unused: Vec<_> = known.iter().enumerate().filter(|(i, _)| !used.contains(i)).map(|(_, d)| &d.case).collect();
    assert!(unused.is_empty(), "known differences that no longer differ: {unused:?}");
}

fn within(product: Product, spec: &str, range: ReleaseSet) -> bool {
    ReleaseSet::parse(product, spec).unwrap().covers(range)
}

fn because(report: &Report, forecast: &Forecast) -> String {
    let findings = forecast.findings.iter().map(|i| &report.findings[*i]);
    let reasons: Vec<_> = findings.map(|f| format!("{} ({})", f.rule, f.message)).collect();
    reasons.join("; ")
}

#[test]
fn forecasts_for_containerd_agree() {
    compare(&crilint_core::containerd::KIND, &differences().containerd, |path| format!("/etc/containerd/{path}"));
}

#[test]
fn forecasts_for_registry_hosts_agree() {
    let place = |path: &str| format!("/etc/containerd/certs.d/registry.example/{path}");
    compare(&crilint_core::registry_hosts::KIND, &differences().containerd_hosts, place);
}

/// Docker's file lies beside its unit, which holds the flags.
fn docker_place(path: &str) -> String {
    match path {
        "docker.service" => "/lib/systemd/system/docker.service".to_owned(),
        other => format!("/etc/docker/{other}"),
    }
}

#[test]
fn forecasts_for_docker_agree() {
    compare(&crilint_core::docker::KIND, &differences().docker, docker_place);
}

#[test]
fn forecasts_for_docker_validate_agree() {
    let differences = differences();
    let sees = |finding: &Finding, range: ReleaseSet| {
        let of_rule = |late: &&StartOnly| late.rule == finding.rule;
        let of_key = |late: &&StartOnly| late.key.as_ref().is_none_or(|key| finding.keys.contains(key));
        let mut late = differences.docker_start_only.iter().filter(of_rule).filter(of_key);
        !late.any(|late| within(Product::Docker, &late.releases, range))
    };
    let verdict_of = |report: &Report, forecast: &Forecast, range: ReleaseSet| {
        let refuses = |i: &usize| {
            let finding = &report.findings[*i];
            let refused = finding.effect_in(Product::Docker, range) == Some(Effect::Refused);
            refused && sees(finding, range)
        };
        if forecast.findings.iter().any(refuses) { "refused" } else { "accepted" }
    };
    compare_with(
        "docker-validate",
        &crilint_core::docker::KIND,
        &differences.docker_validate,
        docker_place,
        verdict_of,
    );
}

#[test]
fn faults_found_at_start_are_those_of_rules() {
    for late in differences().docker_start_only {
        assert!(crilint_core::rules::find(&late.rule).is_some(), "{}", late.rule);
        assert!(ReleaseSet::parse(Product::Docker, &late.releases).is_ok(), "{}", late.releases);
    }
}

#[test]
fn forecasts_for_the_kubelet_agree() {
    let place = |path: &str| match path {
        "kubeadm.yaml" => "/root/kubeadm.yaml".to_owned(),
        _ if path.starts_with("kubelet.conf.d/") => format!("/etc/kubernetes/{path}"),
        _ => format!("/var/lib/kubelet/{path}"),
    };
    compare(&crilint_core::kubelet::KIND, &differences().kubelet, place);
}

/// The rules behind a forecast: their messages name releases of the target.
fn rules<'r>(report: &'r Report, forecast: &Forecast) -> BTreeSet<&'r str> {
    forecast.findings.iter().map(|i| report.findings[*i].rule).collect()
}

/// Compares what three patch ranges do with each case, asked for one at a time, with their part of all releases.
fn compare_alone(kind: &'static Kind, place: impl Fn(&str) -> String) {
    let product = kind.product;
    let ranges = product.patch_ranges();
    let forecasts_of = |sources: &[Source<'_>], target: &str| {
        let mut options = Options::default();
        options.target.add(&format!("{}={target}", product.id())).unwrap();
        let (report, all) = compat(sources, &options);
        (report, all.into_iter().find(|c| c.file == 0).unwrap().forecasts)
    };
    let mut wrong = String::new();
    for (number, case) in cases(kind.id, kind, place).iter().enumerate() {
        let sources: Vec<Source<'_>> =
            case.files.iter().map(|(path, text)| Source { path, text, ..Source::default() }).collect();
        let (report, among) = forecasts_of(&sources, "all");
        let among: Vec<_> = among.iter().flat_map(Forecast::by_patches).collect();
        for sample in [7 * number, 7 * number + 29, 7 * number + 53].map(|sample| sample % ranges.len()) {
            let patch = ranges[sample].first;
            let (own_report, alone) = forecasts_of(&sources, patch);
            let set = ReleaseSet::between(sample, sample);
            let among = among.iter().find(|(part, _)| part.covers(set)).unwrap().1;
            let own = (alone[0].verdict, rules(&own_report, &alone[0]));
            let shared = (among.verdict, rules(&report, among));
            if own != shared {
                let _ = writeln!(wrong, "{} on {patch}: alone {own:?}, among others {shared:?}", case.name);
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn a_patch_of_containerd_does_alone_what_it_does_among_others() {
    compare_alone(&crilint_core::containerd::KIND, |path| format!("/etc/containerd/{path}"));
}

#[test]
fn a_patch_does_with_registry_hosts_alone_what_it_does_among_others() {
    compare_alone(&crilint_core::registry_hosts::KIND, |path| {
        format!("/etc/containerd/certs.d/registry.example/{path}")
    });
}

#[test]
fn a_patch_of_docker_does_alone_what_it_does_among_others() {
    compare_alone(&crilint_core::docker::KIND, docker_place);
}

#[test]
fn a_patch_of_the_kubelet_does_alone_what_it_does_among_others() {
    compare_alone(&crilint_core::kubelet::KIND, |path| format!("/var/lib/kubelet/{path}"));
}

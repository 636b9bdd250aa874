//! Forecasts against the verdicts of real daemons: `conformance/*.jsonl`, described in `conformance/README.md`.

#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crilint_core::engine::{Options, Source};
use crilint_core::kind::Kind;
use crilint_core::releases::{Product, ReleaseSet};
use crilint_core::{Compat, Effect, Finding, Forecast, Report, check, compat};

mod cases;
mod settings;

use cases::{Case, cases, folder};
use settings::Settings;

/// The least share, in percent, of the recorded lists of settings without effect that a forecast must match exactly.
const EXACT: f64 = 98.0;

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
    let (mut lists, mut exact, mut inexact) = (0, 0, String::new());
    for case in cases(name, kind, place) {
        let sources = case.sources();
        let (report, parts) = forecasts(&case, kind, "all");
        let settings = Settings::of(&case.files);
        for record in &case.records {
            let (release, recorded) = (&record.release, &record.verdict);
            let forecast = worst(&parts, record.range);
            let verdict = verdict_of(&report, forecast, record.range);
            if let Some(keys) = &record.ignored_keys {
                let (wanted, named) = settings.compared(keys, &ignored_keys(&report, &parts, record.range));
                lists += 1;
                exact += u32::from(wanted == named);
                if wanted != named {
                    let _ = writeln!(inexact, "{} on {release}: {}", case.name, settings::difference(&wanted, &named));
                }
            }
            judged += 1;
            let has_finding = recorded == "warns" && has_finding(&sources, kind.product, release);
            if agrees(verdict, has_finding, recorded) {
                agreed += 1;
                continue;
            }
            if let Some(i) =
                known.iter().position(|d| d.case == case.name && within(kind.product, &d.releases, record.range))
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
    let exact_share = 100.0 * f64::from(exact) / f64::from(lists.max(1));
    if lists > 0 {
        println!(
            "{name}: {exact} of {lists} lists of settings without effect are exact ({exact_share:.2} %)\n{inexact}"
        );
    }
    assert!(wrong.is_empty(), "{alarms} false alarms\n{wrong}");
    assert!(lists == 0 || exact_share >= EXACT, "{name}: {exact_share:.2} % of the lists are exact\n{inexact}");
    assert!(judged >= 60, "{name}: {judged} verdicts");
    let unused: Vec<_> = known.iter().enumerate().filter(|(i, _)| !used.contains(i)).map(|(_, d)| &d.case).collect();
    assert!(unused.is_empty(), "known differences that no longer differ: {unused:?}");
}

/// What crilint forecasts for a case: for the first file, and for the flags and drop-ins of the kubelet, which stop it as
/// its file does.
fn forecasts(case: &Case, kind: &'static Kind, releases: &str) -> (Report, Vec<Compat>) {
    let mut options = Options::default();
    options.target.add(&format!("{}={releases}", kind.product.id())).unwrap();
    let (report, mut all) = compat(&case.sources(), &options);
    all.retain(|of| of.file == 0 || kind.id == "kubelet");
    assert!(!all.is_empty(), "{}: of no known kind", case.name);
    (report, all)
}

/// The forecast of a part for a patch range.
fn of_range(part: &Compat, range: ReleaseSet) -> Option<&Forecast> {
    let all = part.forecasts.iter().flat_map(Forecast::by_patches);
    all.into_iter().find(|(set, _)| set.covers(range)).map(|(_, forecast)| forecast)
}

/// The worst forecast for a patch range.
fn worst(parts: &[Compat], range: ReleaseSet) -> &Forecast {
    parts.iter().filter_map(|part| of_range(part, range)).max_by_key(|forecast| forecast.verdict).unwrap()
}

/// The settings without effect in a patch range, each with its file.
fn ignored_keys<'r>(report: &'r Report, parts: &[Compat], range: ReleaseSet) -> Vec<(usize, &'r str)> {
    let lists = parts.iter().filter_map(|part| Some(part.ignored_keys(report, of_range(part, range)?)));
    lists.flatten().collect()
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

fn kubelet_place(path: &str) -> String {
    match path {
        "kubeadm.yaml" => "/root/kubeadm.yaml".to_owned(),
        _ if path.starts_with("kubelet.conf.d/") => format!("/etc/kubernetes/{path}"),
        _ => format!("/var/lib/kubelet/{path}"),
    }
}

#[test]
fn forecasts_for_the_kubelet_agree() {
    compare(&crilint_core::kubelet::KIND, &differences().kubelet, kubelet_place);
}

/// The verdict, the rules and the settings without effect of a patch range.
fn judged(settings: &Settings<'_>, report: &Report, parts: &[Compat], range: ReleaseSet) -> String {
    let forecast = worst(parts, range);
    let rules: BTreeSet<&str> = forecast.findings.iter().map(|number| report.findings[*number].rule).collect();
    let ignored = settings.of_forecast(&ignored_keys(report, parts, range));
    format!("{} by {rules:?}, without effect {ignored:?}", forecast.verdict.id())
}

/// What a release does is the same whichever other releases are asked about: the recorded releases of each case, and
/// three patch releases.
fn is_the_same_alone(name: &str, kind: &'static Kind, place: impl Fn(&str) -> String) {
    let mut wrong = String::new();
    let mut compared = 0;
    let patches = kind.product.patch_ranges().len();
    for (number, case) in cases(name, kind, place).into_iter().enumerate() {
        let settings = Settings::of(&case.files);
        let (report, parts) = forecasts(&case, kind, "all");
        let recorded = case.records.iter().map(|record| (record.range, record.release.clone()));
        let samples = [7 * number, 7 * number + 29, 7 * number + 53].map(|sample| sample % patches);
        let samples = samples.map(|sample| ReleaseSet::between(sample, sample));
        let samples = samples.map(|range| (range, range.spec(kind.product)));
        let asked: BTreeSet<_> = recorded.chain(samples).map(|(range, release)| (range.0, release)).collect();
        for (range, release) in asked {
            let range = ReleaseSet(range);
            let (own_report, own_parts) = forecasts(&case, kind, &release);
            let all = judged(&settings, &report, &parts, range);
            let one = judged(&settings, &own_report, &own_parts, range);
            compared += 1;
            if all != one {
                let _ = writeln!(wrong, "{} on {release}:\n  among all {all}\n  alone {one}", case.name);
            }
        }
    }
    println!("{name}: {compared} forecasts compared with those for one release alone");
    assert!(wrong.is_empty(), "{wrong}");
    assert!(compared >= 60, "{name}: {compared} forecasts");
}

#[test]
fn a_forecast_for_containerd_does_not_depend_on_other_releases() {
    is_the_same_alone("containerd", &crilint_core::containerd::KIND, |path| format!("/etc/containerd/{path}"));
}

#[test]
fn a_forecast_for_registry_hosts_does_not_depend_on_other_releases() {
    let place = |path: &str| format!("/etc/containerd/certs.d/registry.example/{path}");
    is_the_same_alone("containerd-hosts", &crilint_core::registry_hosts::KIND, place);
}

#[test]
fn a_forecast_for_docker_does_not_depend_on_other_releases() {
    is_the_same_alone("docker", &crilint_core::docker::KIND, docker_place);
    is_the_same_alone("docker-validate", &crilint_core::docker::KIND, docker_place);
}

#[test]
fn a_forecast_for_the_kubelet_does_not_depend_on_other_releases() {
    is_the_same_alone("kubelet", &crilint_core::kubelet::KIND, kubelet_place);
}

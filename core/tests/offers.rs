//! Fixes on offer: each, applied alone, changes its file, leaves a file that reads, removes its finding and brings none
//! of a higher level.

#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

#[path = "support/corpus.rs"]
mod corpus;
#[path = "support/offers.rs"]
mod offers;
mod support;

use std::path::Path;

use crilint_core::engine::{Level, Options, Selector, Source, fixable, withdraw};
use crilint_core::kind::Kind;
use crilint_core::kinds;
use crilint_core::releases::Product;
use crilint_core::rules::{RULES, group_of};
use crilint_core::{Report, check};
use serde_json::Value;
use support::{examples, header};

fn with_targets(targets: &[String]) -> Options {
    let mut options = Options::default();
    for target in targets {
        options.target.add(target).unwrap();
    }
    options
}

fn all_releases() -> Options {
    with_targets(&Product::ALL.map(|product| format!("{}=all", product.id())))
}

fn assert_none(wrong: &[String], tried: usize, least: usize) {
    assert!(tried >= least, "{tried} fixes tried, at least {least} are expected");
    assert!(wrong.is_empty(), "{} of {tried} fixes:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn fixes_of_the_examples_work_alone() {
    let (mut tried, mut wrong) = (0, vec![]);
    for rule in RULES {
        let name = format!("src/rules/{}/{}.rs", group_of(rule), rule.id.replace('-', "_"));
        let code = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap();
        for example in examples(&header(&code)) {
            let mut options = with_targets(&example.targets);
            if rule.opt_in {
                options.levels.push((Selector::Rule(rule.id), Level::Default));
            }
            tried += offers::check_all(rule.id, &example.sources(), &options, &mut wrong);
        }
    }
    assert_none(&wrong, tried, 150);
}

#[test]
fn fixes_of_the_corpus_work_alone() {
    let texts = corpus::texts();
    let (mut tried, mut wrong) = (0, vec![]);
    for options in [Options::default(), all_releases()] {
        for text in &texts {
            let source = Source { path: &text.path, text: &text.text, kind: text.kind, ..Source::default() };
            tried += offers::check_all(&text.path, &[source], &options, &mut wrong);
        }
    }
    assert_none(&wrong, tried, 100);
}

#[test]
fn fixes_of_the_recorded_cases_work_alone() {
    let (mut tried, mut wrong) = (0, vec![]);
    for (name, kind) in [
        ("containerd", "containerd"),
        ("containerd-hosts", "containerd-hosts"),
        ("docker", "docker"),
        ("docker-validate", "docker"),
        ("kubelet", "kubelet"),
    ] {
        for (case, files) in recorded(name, kinds::find(kind).unwrap()) {
            let sources: Vec<Source<'_>> =
                files.iter().map(|(path, text)| Source { path, text, ..Source::default() }).collect();
            for options in [Options::default(), all_releases()] {
                tried += offers::check_all(&format!("{name}/{case}"), &sources, &options, &mut wrong);
            }
        }
    }
    assert_none(&wrong, tried, 500);
}

/// The cases of a file of `conformance`, with their files at the usual places of their kind.
fn recorded(name: &str, kind: &Kind) -> Vec<(String, Vec<(String, String)>)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../conformance/{name}.jsonl"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let place = kind.places[0];
    let folder = &place[..place.rfind('/').unwrap()];
    let read = |line: &str| {
        let value: Value = serde_json::from_str(line).unwrap();
        let place = |path: &str| match kind.id {
            "containerd-hosts" if !path.contains('/') => "/etc/containerd/certs.d/docker.io/hosts.toml".to_owned(),
            "containerd-hosts" => format!("/etc/containerd/certs.d/{path}"),
            _ => format!("{folder}/{path}"),
        };
        let files = value["files"].as_object().unwrap();
        let files = files.iter().map(|(path, text)| (place(path), text.as_str().unwrap().to_owned())).collect();
        (value["name"].as_str().unwrap().to_owned(), files)
    };
    text.lines().map(read).collect()
}

/// A report on a fleet offers on each node what a report on the node alone offers.
#[test]
fn offers_on_a_node_do_not_depend_on_other_nodes() {
    const NODES: usize = 40;
    let text = "[plugins.\"io.containerd.snapshotter.v1.overlayfs\"]\n  slow_chown = true\n";
    let paths: Vec<String> = (0..NODES).map(|node| format!("n{node}/etc/containerd/config.toml")).collect();
    // The fixes that fixing does not promise, before and after those that do not help are taken back.
    let offers = |sources: &[Source<'_>]| {
        let options = Options::default();
        let mut report = check(sources, &options);
        let promised = fixable(sources, &options, &report);
        let open = |report: &Report| {
            let open = report.findings.iter().zip(&promised).filter(|(_, promise)| promise.is_none());
            open.map(|(finding, _)| finding.fixes.len()).sum::<usize>()
        };
        let before = open(&report);
        withdraw(sources, &options, &mut report, &promised);
        (before, open(&report))
    };
    let source = |node: usize| Source { path: paths[node].as_str(), text, node, ..Source::default() };
    let (before, after) = offers(&[source(0)]);
    assert!(after > 0, "{before} offers before, {after} after");
    let all: Vec<_> = (0..NODES).map(source).collect();
    assert_eq!(offers(&all), (NODES * before, NODES * after));
}

//! Configuration texts as people have them: what crilint reports of each, and that no text makes it crash.

#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

#[path = "support/corpus.rs"]
mod corpus;

use std::fmt::Write as _;
use std::fs;

use corpus::Text;
use crilint_core::config::Config;
use crilint_core::engine::{Options, Source};
use crilint_core::releases::Product;
use crilint_core::{Encoding, LineIndex, Report, Severity, check, kinds};

fn source(text: &Text) -> Source<'_> {
    Source { path: &text.path, text: &text.text, kind: text.kind, ..Source::default() }
}

fn all_releases() -> Options {
    let mut options = Options::default();
    for product in Product::ALL {
        options.target.add(&format!("{}=all", product.id())).unwrap();
    }
    options
}

/// Our own texts of one node after the other.
fn nodes(texts: &[Text]) -> impl Iterator<Item = (&str, &[Text])> {
    let nodes = texts.chunk_by(|a, b| node(&a.path) == node(&b.path));
    nodes.map(|texts| (node(&texts[0].path), texts))
}

/// The two folders that a path begins with.
fn node(path: &str) -> &str {
    let (end, _) = path.match_indices('/').nth(1).unwrap_or((path.len(), ""));
    &path[..end]
}

fn render(texts: &[Text], report: &Report) -> String {
    let mut out = String::new();
    for (index, text) in texts.iter().enumerate() {
        let _ = writeln!(out, "{} ({})", text.path, report.files[index].kind.map_or("unknown kind", |kind| kind.id));
        for finding in report.findings.iter().filter(|finding| finding.file == index) {
            let place = LineIndex::new(&text.text).position(&text.text, finding.span.start, Encoding::Char);
            let effects: Vec<_> = finding.outcomes.iter().map(|outcome| outcome.effect.id()).collect();
            let _ =
                write!(out, "  {}:{} {} [{}]", place.line + 1, place.column + 1, finding.severity.id(), finding.rule);
            let _ = write!(out, " ({}) {}", effects.join(", "), finding.message);
            let scope = if finding.scope.is_empty() { String::new() } else { format!(" -- {}", finding.scope) };
            let _ = writeln!(out, "{scope}");
        }
    }
    out
}

#[test]
fn each_node_has_these_findings_in_all_releases() {
    let texts = corpus::own();
    for group in texts.chunk_by(|a, b| a.path.split('/').next() == b.path.split('/').next()) {
        let mut out = String::new();
        for (_, texts) in nodes(group) {
            let sources: Vec<Source<'_>> = texts.iter().map(source).collect();
            let _ = writeln!(out, "{}", render(texts, &check(&sources, &all_releases())));
        }
        let name = group[0].path.split('/').next().unwrap();
        insta::with_settings!({
            snapshot_path => "../../snapshots/corpus",
            prepend_module_to_snapshot => false,
            omit_expression => true,
        }, { insta::assert_snapshot!(name, out) });
    }
}

#[test]
fn good_nodes_have_no_finding_but_advice() {
    let texts = corpus::own();
    let mut count = 0;
    for (node, texts) in nodes(&texts).filter(|(node, _)| node.starts_with("good/")) {
        let config = fs::read_to_string(corpus::folder().join(node).join("crilint.toml")).unwrap();
        let config = Config::parse(&config).unwrap();
        let sources: Vec<Source<'_>> = texts.iter().map(source).collect();
        let mut report = check(&sources, &config.options());
        report.findings.retain(|finding| finding.severity > Severity::Info);
        assert!(report.findings.is_empty(), "{}", render(texts, &report));
        count += 1;
    }
    assert!(count >= 10, "{count} good nodes");
}

#[test]
fn each_bad_node_has_a_finding_that_is_more_than_advice() {
    let texts = corpus::own();
    let mut count = 0;
    for (node, texts) in nodes(&texts).filter(|(node, _)| node.starts_with("bad/")) {
        let sources: Vec<Source<'_>> = texts.iter().map(source).collect();
        let findings = check(&sources, &all_releases()).findings;
        assert!(findings.iter().any(|finding| finding.severity > Severity::Info), "{node}");
        count += 1;
    }
    assert!(count >= 15, "{count} bad nodes");
}

#[test]
fn syntax_findings_are_in_the_texts_that_do_not_parse() {
    let mut wrong = vec![];
    for text in corpus::texts() {
        let report = check(&[source(&text)], &Options::default());
        let is_own = text.kind.is_none() && text.parses.is_some();
        assert!(!is_own || report.files[0].kind.is_some(), "{} is of no known kind", text.path);
        let syntax: Vec<_> = report.findings.iter().filter(|f| f.rule.ends_with("-syntax")).collect();
        if text.parses.is_some_and(|parses| parses != syntax.is_empty()) {
            wrong.push(format!("{}: {:?}", text.path, syntax.iter().map(|f| &f.message).collect::<Vec<_>>()));
        }
        for finding in &report.findings {
            assert!(text.text.get(finding.span.range()).is_some(), "{}: {finding:?}", text.path);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Every kind on every text: a file under the name of another must not crash anything either.
#[test]
fn no_kind_crashes_on_any_text() {
    for text in corpus::texts() {
        for kind in kinds::KINDS {
            let _ = check(&[Source { kind: Some(kind), ..source(&text) }], &Options::default());
        }
    }
}

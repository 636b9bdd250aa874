//! Comments for crilint: one of the right form silences exactly its rule on its line, any other silences nothing and is
//! a finding.

#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

mod support;

use std::path::Path;

use crilint_core::engine::{Level, Options, Selector, Source};
use crilint_core::fix::apply;
use crilint_core::kinds::formats_of;
use crilint_core::rules::{RULES, Run, group_of};
use crilint_core::syntax::Format;
use crilint_core::{Finding, Severity, check};
use support::{Example, State, examples, header};

/// Forms that people write, for a rule `ID`, none of which is one of crilint's.
const MALFORMED: [&str; 36] = [
    "crilint:",
    "crilint: ignore",
    "crilint: ignore-file",
    "crilint: ignore ID",
    "crilint: ignore-file ID",
    "crilint: ignore: ID",
    "crilint: ignore=ID",
    "crilint: ignore(ID)",
    "crilint: ignore{ID}",
    "crilint: ignore[ ID",
    "crilint: ignore ID]",
    "crilint: ignore[]",
    "crilint: ignore[ , ]",
    "crilint: ignore[ID]because",
    "crilint: ignored by a user",
    "crilint: ignored[ID]",
    "crilint: ignore-next-line[ID]",
    "crilint: ignore-files[ID]",
    "crilint: ignore[all]",
    "crilint: ignore-file[all]",
    "crilint: ignore-file[*]",
    "crilint: ignore[suspicious]",
    "crilint: ignore[correctness]",
    "crilint: ignore[IDs]",
    "crilint: IGNORE[ID]",
    "crilint: disable=ID",
    "crilint: disable",
    "crilint: disable-file[ID]",
    "crilint: noqa",
    "crilint: kind=nosuch",
    "crilint: kind=",
    "crilint: off",
    "Crilint: Ignore[ID]",
    "CRILINT: ignore[ID]",
    "crilint ignore[ID]",
    "crilint : ignore[ID]",
];

/// Rules that look at comments, or that no comment can silence.
fn is_about_comments(rule: &str) -> bool {
    matches!(rule, "unused-ignore" | "ignore-malformed")
}

/// A text with one finding at a known place.
struct Case {
    rule: &'static str,
    options: Options,
    example: Example,
    finding: Finding,
    format: Format,
}

fn cases() -> Vec<Case> {
    let mut out = vec![];
    for rule in RULES.iter().filter(|rule| !is_about_comments(rule.id)) {
        let name = format!("src/rules/{}/{}.rs", group_of(rule), rule.id.replace('-', "_"));
        let code = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap();
        for example in examples(&header(&code)).into_iter().filter(|example| example.state == State::Bad) {
            let mut options = Options::default();
            for target in &example.targets {
                options.target.add(target).unwrap();
            }
            if rule.opt_in {
                options.levels.push((Selector::Rule(rule.id), Level::Default));
            }
            let found = check(&example.sources(), &options).findings;
            let finding = found.into_iter().find(|finding| finding.rule == rule.id).unwrap();
            let format = formats_of(&example.files[finding.file].0)[0];
            out.push(Case { rule: rule.id, options, example, finding, format });
        }
    }
    out
}

impl Case {
    /// The text with a comment on a line of its own above the finding.
    fn above(&self, comment: &str) -> Vec<(String, String)> {
        let mut files = self.example.files.clone();
        let text = &mut files[self.finding.file].1;
        let start = text[..self.finding.span.start as usize].rfind('\n').map_or(0, |at| at + 1);
        let line = &text[start..];
        let indent = &line[..line.len() - line.trim_start_matches([' ', '\t']).len()];
        let new = format!("{indent}{comment}\n");
        text.insert_str(start, &new);
        files
    }

    /// The text with a comment behind the finding, where formats have that.
    fn behind(&self, comment: &str) -> Option<Vec<(String, String)>> {
        if !matches!(self.format, Format::Toml | Format::Yaml) {
            return None;
        }
        let mut files = self.example.files.clone();
        let text = &mut files[self.finding.file].1;
        let end = self.finding.span.start as usize;
        let end = text[end..].find('\n').map_or(text.len(), |at| end + at);
        text.insert_str(end, &format!(" {comment}"));
        Some(files)
    }

    fn found(&self, files: &[(String, String)]) -> Vec<Finding> {
        check(&self.example.sources_of(files), &self.options).findings
    }

    fn is_there(&self, found: &[Finding]) -> bool {
        found.iter().any(|f| f.rule == self.rule && f.message == self.finding.message)
    }
}

/// The marker of comments.
fn marker(format: Format) -> &'static str {
    if format == Format::Json { "//" } else { "#" }
}

/// Findings of these rules. What JSON reports about the comment itself quotes it.
fn others(found: &[Finding], counts: impl Fn(&Finding) -> bool) -> Vec<(&'static str, String)> {
    let kept = found.iter().filter(|f| counts(f) && !f.message.ends_with(" is a comment"));
    kept.map(|f| (f.rule, f.message.clone())).collect()
}

#[test]
fn a_comment_of_another_form_silences_nothing_and_is_a_finding() {
    let (mut tried, mut reported) = (0, 0);
    for case in cases() {
        let plain = format!("{} a note", marker(case.format));
        let rest = |found: &[Finding]| others(found, |f| f.rule != "ignore-malformed");
        let without = |files: Vec<(String, String)>| rest(&case.found(&files));
        let (above, behind) = (without(case.above(&plain)), case.behind(&plain).map(without));
        for form in MALFORMED {
            let comment = format!("{} {}", marker(case.format), form.replace("ID", case.rule));
            let mut tries = vec![(case.above(&comment), &above)];
            tries.extend(case.behind(&comment).zip(behind.as_ref()));
            for (with, without) in tries {
                let with = case.found(&with);
                assert_eq!(rest(&with), *without, "{comment}");
                tried += 1;
                // A text that does not read may take the comment for something else.
                reported += usize::from(with.iter().any(|f| f.rule == "ignore-malformed"));
            }
        }
    }
    assert!(tried > 8000, "{tried}");
    assert!(reported * 100 > tried * 95, "{reported} of {tried}");
}

#[test]
fn the_right_form_silences_exactly_its_rule() {
    let (mut silenced, mut tried) = (0, 0);
    for case in cases() {
        for word in ["ignore", "ignore-file"] {
            let comment = format!("{} crilint: {word}[{}] for a reason", marker(case.format), case.rule);
            let plain = format!("{} a note", marker(case.format));
            let (with, without) = (case.found(&case.above(&comment)), case.found(&case.above(&plain)));
            if !case.is_there(&without) {
                continue;
            }
            tried += 1;
            silenced += usize::from(!case.is_there(&with));
            let rest = |found: &[Finding]| others(found, |f| f.rule != case.rule && !is_about_comments(f.rule));
            assert_eq!(rest(&with), rest(&without), "{comment}");
        }
    }
    assert!(silenced * 100 > tried * 97, "{silenced} of {tried}");
}

fn reported(text: &str) -> Vec<Finding> {
    let path = "/var/lib/kubelet/config.yaml";
    let text = format!("apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n{text}\n");
    let found = check(&[Source { path, text: &text, ..Source::default() }], &Options::default()).findings;
    for finding in &found {
        println!("{}: {}: {}", finding.span.of(&text), finding.rule, finding.message);
    }
    found
}

/// What a comment is to be, by the fix that its finding offers.
fn meant(comment: &str) -> String {
    let text =
        format!("apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\nmaxPods: 110 {comment}\n");
    let path = "/var/lib/kubelet/config.yaml";
    let found = check(&[Source { path, text: &text, ..Source::default() }], &Options::default()).findings;
    let finding = found.iter().find(|f| f.rule == "ignore-malformed").unwrap_or_else(|| panic!("{comment}: {found:?}"));
    assert_eq!(finding.severity, Severity::Warning);
    let Some(fix) = finding.fixes.first() else { return String::new() };
    apply(&text, &fix.edits).lines().last().unwrap().trim_start_matches("maxPods: 110 ").to_owned()
}

#[test]
fn a_slip_that_is_plain_has_a_fix() {
    for (slip, wanted) in [
        ("# crilint: ignore unknown-field", "# crilint: ignore[unknown-field]"),
        ("# crilint: ignore(unknown-field)", "# crilint: ignore[unknown-field]"),
        ("# crilint: ignore[ unknown-field", "# crilint: ignore[unknown-field]"),
        (
            "# crilint: ignore-file: unknown-field, unrendered-template",
            "# crilint: ignore-file[unknown-field, unrendered-template]",
        ),
        ("# crilint: ignore(unknown-field) we have a patch", "# crilint: ignore[unknown-field] we have a patch"),
        ("# Crilint: Ignore[unknown-field] a reason", "# crilint: ignore[unknown-field] a reason"),
        ("# crilint ignore[unknown-field]", "# crilint: ignore[unknown-field]"),
        ("# crilint: disable=unknown-field", "# crilint: ignore[unknown-field]"),
        ("# crilint: ignore[unknown-feild]", "# crilint: ignore[unknown-field]"),
        (
            "# crilint: ignore[unrendered-template, unknown-feild] why",
            "# crilint: ignore[unrendered-template, unknown-field] why",
        ),
        ("# crilint: kind=kublet", "# crilint: kind=kubelet"),
        ("# crilint: ignore", ""),
        ("# crilint: ignored by a user", ""),
        ("# crilint: ignore unknown-field because", ""),
        ("# crilint: ignore[all]", ""),
        ("# crilint: kind=kubelet of this node", ""),
    ] {
        assert_eq!(meant(slip), wanted, "{slip}");
    }
}

#[test]
fn words_about_crilint_are_not_for_it() {
    for comment in
        ["# crilint finds this", "# crilints: ignore", "# see crilint: it reports it", "# crilint ignores this line"]
    {
        assert!(reported(&format!("maxPods: 110 {comment}")).is_empty(), "{comment}");
    }
}

#[test]
fn known_rules_count_beside_a_name_that_is_not_one() {
    let found = reported("maxPodz: 110 # crilint: ignore[unknown-field, nosuch] a reason");
    assert_eq!(found.iter().map(|f| f.rule).collect::<Vec<_>>(), ["ignore-malformed"]);
    assert!(found[0].message.contains("`nosuch`"));
}

#[test]
fn no_comment_silences_the_rule_about_comments() {
    let found = reported("# crilint: ignore-file[ignore-malformed]\nmaxPods: 110 # crilint: ignore");
    assert_eq!(found.iter().map(|f| f.rule).collect::<Vec<_>>(), ["ignore-malformed", "unused-ignore"]);
}

#[test]
fn every_rule_has_a_case() {
    let known: Vec<_> = cases().iter().map(|case| case.rule).collect();
    for rule in RULES.iter().filter(|rule| !is_about_comments(rule.id)) {
        assert!(known.contains(&rule.id) || matches!(rule.run, Run::Engine), "{}", rule.id);
    }
}

#[test]
fn findings_about_comments_are_counted_beyond_a_thousand() {
    let text = format!("version = 2\n{}", "# crilint: ignore[unknown-key]\n".repeat(3000));
    let sources = [crilint_core::Source { path: "/etc/containerd/config.toml", text: &text, ..Default::default() }];
    let report = crilint_core::check(&sources, &crilint_core::Options::default());
    let counts: Vec<usize> = report.findings.iter().map(|finding| finding.count).collect();
    assert_eq!((counts.len(), counts.iter().sum::<usize>()), (1000, 3000));
}

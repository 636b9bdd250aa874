//! What users reported, and what crilint finds in texts with the same faults: `reports/*.md`.
//!
//! A heading has the report and the releases of the reporter. The items of its list are what must be found, with these
//! releases and with the usual ones:
//!
//! - "`rule` at `text`: effect": a finding at that text, with that worst effect; `in its release only` and
//!   `in other releases only` narrow it;
//! - "not `rule`": no such finding;
//! - "nothing": no error and no warning in the reporter's releases;
//! - "waits: reason": another part of crilint is missing for it.
//!
//! The files of the node follow in a fenced block. The test prints the table of all.

#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

use std::fmt::Write as _;
use std::path::Path;

use crilint_core::engine::{Options, Source};
use crilint_core::{Finding, Severity, check};

const FILES: [&str; 6] = ["containerd", "registry-hosts", "docker", "kubelet", "working", "wrappers"];

struct Report {
    title: String,
    targets: Vec<String>,
    expected: Vec<Expected>,
    files: Vec<(String, String)>,
}

enum Expected {
    Finding { rule: String, text: String, effect: String, own: bool, usual: bool },
    Not(String),
    Nothing,
    Waits(String),
}

fn reports() -> Vec<Report> {
    let mut all = vec![];
    for name in FILES {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/reports/{name}.md"));
        let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        all.extend(text.split("\n## ").skip(1).map(parse));
    }
    all
}

fn parse(section: &str) -> Report {
    let (head, body) = section.split_once('\n').unwrap();
    let (targets, title): (Vec<&str>, Vec<&str>) = head.split(' ').partition(|word| word.contains('='));
    let (list, files) = body.split_once("\n```").unwrap_or((body, ""));
    let expected: Vec<Expected> = list.lines().filter_map(|line| line.strip_prefix("- ")).map(item).collect();
    let lines = files.lines().skip(1).take_while(|line| *line != "```");
    let mut files: Vec<(String, String)> = vec![];
    for line in lines {
        match line.strip_prefix("--- ") {
            Some(path) => files.push((path.to_owned(), String::new())),
            None => files.last_mut().unwrap().1.push_str(&format!("{line}\n")),
        }
    }
    assert!(!expected.is_empty() && !targets.is_empty(), "{head}");
    Report {
        title: title.join(" ").trim_end_matches(',').to_owned(),
        targets: targets.into_iter().map(str::to_owned).collect(),
        expected,
        files,
    }
}

fn item(line: &str) -> Expected {
    if line == "nothing" {
        return Expected::Nothing;
    }
    if let Some(reason) = line.strip_prefix("waits: ") {
        return Expected::Waits(reason.to_owned());
    }
    if let Some(rule) = line.strip_prefix("not `") {
        return Expected::Not(rule.trim_end_matches('`').to_owned());
    }
    let (rule, rest) = line.trim_start_matches('`').split_once("` at `").unwrap_or_else(|| panic!("{line}"));
    let (text, rest) = rest.rsplit_once("`: ").unwrap_or_else(|| panic!("{line}"));
    let (effect, where_) = rest.split_once(", ").unwrap_or((rest, ""));
    let (own, usual) = match where_ {
        "" => (true, true),
        "in its release only" => (true, false),
        "in other releases only" => (false, true),
        other => panic!("{other}"),
    };
    Expected::Finding { rule: rule.into(), text: text.into(), effect: effect.into(), own, usual }
}

impl Report {
    fn findings(&self, options: &Options) -> Vec<Finding> {
        let sources: Vec<Source<'_>> =
            self.files.iter().map(|(path, text)| Source { path, text, ..Source::default() }).collect();
        let report = check(&sources, options);
        for (source, file) in sources.iter().zip(&report.files) {
            let is_of_shim = source.path.ends_with("gvisor.toml");
            assert!(file.kind.is_some() != is_of_shim, "{}: kind of {}", self.title, source.path);
        }
        report.findings
    }

    /// What was found of the expected, with the releases of the reporter and with the usual ones.
    fn results(&self, expected: &Expected) -> [Option<bool>; 2] {
        let mut own = Options::default();
        for target in &self.targets {
            own.target.add(target).unwrap();
        }
        let (own, usual) = (self.findings(&own), self.findings(&Options::default()));
        let has = |all: &[Finding]| all.iter().any(|finding| self.is_as(finding, expected));
        match expected {
            Expected::Finding { own: in_own, usual: in_usual, .. } => {
                [in_own.then(|| has(&own)), in_usual.then(|| has(&usual))]
            }
            Expected::Not(rule) => {
                let has_not = |all: &[Finding]| Some(!all.iter().any(|finding| finding.rule == *rule));
                [has_not(&own), has_not(&usual)]
            }
            Expected::Nothing => [Some(own.iter().all(|finding| finding.severity == Severity::Info)), None],
            Expected::Waits(_) => [None, None],
        }
    }

    fn is_as(&self, finding: &Finding, expected: &Expected) -> bool {
        let Expected::Finding { rule, text, effect, .. } = expected else { return false };
        let at = finding.span.of(&self.files[finding.file].1);
        let place = at.lines().next().unwrap_or_default();
        // Without the reporter's releases the worst effect may be that of another release.
        let has_effect = finding.outcomes.iter().any(|outcome| outcome.effect.id() == effect);
        finding.rule == rule && place == text && (has_effect || finding.effect().id() == effect)
    }
}

impl Expected {
    fn describe(&self) -> String {
        match self {
            Self::Finding { rule, text, effect, .. } => format!("{rule} at {text} ({effect})"),
            Self::Not(rule) => format!("not {rule}"),
            Self::Nothing => "nothing".to_owned(),
            Self::Waits(reason) => format!("waits: {reason}"),
        }
    }
}

#[test]
fn reports_of_users_are_found() {
    let reports = reports();
    let mut table = "| report | releases | expected | with them | without |\n|---|---|---|---|---|\n".to_owned();
    let (mut found, mut missed) = (0, vec![]);
    for report in &reports {
        for expected in &report.expected {
            let results = report.results(expected);
            let words = results.map(|result| match result {
                Some(true) => "found",
                Some(false) => "missed",
                None => "-",
            });
            let (title, targets, text) = (&report.title, report.targets.join(" "), expected.describe());
            let _ = writeln!(table, "| {title} | {targets} | {text} | {} | {} |", words[0], words[1]);
            found += results.iter().flatten().filter(|result| **result).count();
            if results.contains(&Some(false)) {
                missed.push(format!("{title}: {text}"));
            }
        }
    }
    println!("{table}");
    assert!(reports.len() >= 55, "{} reports", reports.len());
    assert!(found >= 80, "{found} found");
    assert!(missed.is_empty(), "{}\n{table}", missed.join("\n"));
}

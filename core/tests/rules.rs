//! Every rule against its own documentation: the examples in its header are run, and what they give is a snapshot.

#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

mod support;

use std::collections::BTreeSet;
use std::path::Path;

use crilint_core::engine::{Options, Selector, Source, SourceState};
use crilint_core::fix::apply;
use crilint_core::rules::{RULES, Rule, Run, group_of};
use crilint_core::{Finding, Severity, check};
use support::{Example, State, examples, header, render};

fn source_of(rule: &Rule) -> String {
    let name = format!("src/rules/{}/{}.rs", group_of(rule), rule.id.replace('-', "_"));
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// Findings of an example: those of the rule, and any other that is more than advice.
fn findings(rule: &Rule, example: &Example) -> Vec<Finding> {
    let sources: Vec<Source<'_>> = example.sources();
    let mut options = Options::default();
    for target in &example.targets {
        options.target.add(target).unwrap();
    }
    if rule.opt_in {
        options.levels.push((Selector::Rule(rule.id), crilint_core::engine::Level::Default));
    }
    let report = check(&sources, &options);
    let texts = sources.iter().zip(&report.files).filter(|(source, _)| source.state == SourceState::Text);
    for (source, file) in texts {
        assert!(file.kind.is_some(), "{}: {} is of no known kind", rule.id, source.path);
    }
    let counts = |f: &Finding| f.rule == rule.id || f.severity > Severity::Info;
    report.findings.into_iter().filter(counts).collect()
}

fn check_rule(rule: &Rule) -> Result<String, String> {
    let text = header(&source_of(rule));
    if !text.starts_with(&format!("# `{}`\n", rule.id)) {
        return Err("the header must start with the rule's id".into());
    }
    for part in ["\n## Why\n", "\n## What to do\n", "\n## Examples\n"] {
        if !text.contains(part) {
            return Err(format!("the header lacks {}", part.trim()));
        }
    }
    let examples = examples(&text);
    let count = |state| examples.iter().filter(|e| e.state == state).count();
    if count(State::Bad) == 0 || count(State::Good) == 0 && count(State::Fixed) == 0 {
        return Err("a rule needs a bad example, and a good or fixed one".into());
    }
    let mut out = String::new();
    let mut offered = None;
    let mut last: Option<(&Example, Finding)> = None;
    for example in &examples {
        let found = findings(rule, example);
        match example.state {
            State::Bad => {
                let [finding] = found.as_slice() else {
                    return Err(format!("a bad example gives {} findings:\n{}", found.len(), show(example, &found)));
                };
                if finding.rule != rule.id {
                    return Err(format!("another rule reports:\n{}", show(example, &found)));
                }
                let (file, span) = example.mark.ok_or("a bad example marks the span with ^^^")?;
                let exact = finding.file == file
                    && (finding.span == span
                        || finding.span.start == finding.span.end && finding.span.start == span.start);
                if !exact {
                    return Err(format!("the finding is not at the marked span:\n{}", show(example, &found)));
                }
                if finding.message.is_empty() || finding.why.is_empty() || finding.help.is_empty() {
                    return Err("message, why and help must not be empty".into());
                }
                for fix in &finding.fixes {
                    if rule.fix.is_none_or(|declared| fix.applicability > declared) {
                        return Err(format!("the rule declares {:?} but offers {:?}", rule.fix, fix.applicability));
                    }
                    offered = offered.max(Some(fix.applicability));
                }
                out.push_str(&render(example, finding));
                last = Some((example, finding.clone()));
            }
            State::Fixed => {
                let (bad, finding) = last.as_ref().ok_or("a fixed example follows a bad one")?;
                let fix = finding.fixes.first().ok_or("the bad example offers no fix")?;
                let (_, text) = &bad.files[finding.file];
                let result = apply(text, &fix.edits);
                let (_, wanted) = &example.files[finding.file.min(example.files.len() - 1)];
                if result != *wanted {
                    return Err(format!("the fix gives another text:\n{result}\n--- wanted:\n{wanted}"));
                }
                if found.iter().any(|f| f.rule == rule.id) {
                    return Err(format!("the fixed text still shows the finding:\n{}", show(example, &found)));
                }
            }
            State::Good => {
                // Superseded patches may lack what the newest have.
                if found.iter().any(|f| !f.is_superseded()) {
                    return Err(format!("a good example gives findings:\n{}", show(example, &found)));
                }
            }
        }
    }
    if rule.fix != offered {
        return Err(format!("the rule declares {:?}, its examples show {offered:?}", rule.fix));
    }
    if rule.fix.is_some() && count(State::Fixed) == 0 {
        return Err("a rule with a fix needs a fixed example".into());
    }
    Ok(out)
}

fn show(example: &Example, found: &[Finding]) -> String {
    found.iter().map(|f| render(example, f)).collect()
}

#[test]
fn examples_do_what_the_documentation_states() {
    let mut wrong = vec![];
    let mut rendered = vec![];
    for rule in RULES {
        match check_rule(rule) {
            Ok(text) => rendered.push((rule, text)),
            Err(e) => wrong.push(format!("{}: {e}", rule.id)),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    for (rule, text) in rendered {
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(format!("../../snapshots/rules/{}", group_of(rule).replace('_', "-")));
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!(rule.id, text));
    }
}

#[test]
fn every_rule_file_is_registered_under_its_own_name() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/rules");
    let mut files = BTreeSet::new();
    for group in std::fs::read_dir(folder).unwrap().flatten().filter(|e| e.path().is_dir()) {
        for file in std::fs::read_dir(group.path()).unwrap().flatten() {
            let name = file.file_name().into_string().unwrap();
            files.insert(format!(
                "{}/{}",
                group.file_name().to_str().unwrap(),
                name.replace('_', "-").trim_end_matches(".rs")
            ));
        }
    }
    let rules: BTreeSet<_> = RULES.iter().map(|r| format!("{}/{}", group_of(r), r.id)).collect();
    assert_eq!(rules, files);
    assert_eq!(rules.len(), RULES.len(), "ids are unique");
}

#[test]
fn metadata_reads_well() {
    let ids: BTreeSet<_> = RULES.iter().map(|r| r.id).collect();
    assert_eq!(ids.len(), RULES.len(), "ids are unique across groups");
    for rule in RULES {
        assert!(rule.id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'), "{}", rule.id);
        assert!(!rule.summary.ends_with('.') && rule.summary.len() < 90, "{}: {}", rule.id, rule.summary);
        assert!(!rule.since.is_empty());
        if let Run::File(kinds, _) = rule.run {
            assert!(!kinds.is_empty(), "{}", rule.id);
        }
    }
}

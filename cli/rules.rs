//! `crilint rules`: what can be found.

use std::fmt::Write as _;

use crilint_core::fix::Applicability;
use crilint_core::rules::{RULES, Rule, group_of};
use owo_colors::{OwoColorize, Style};
use serde::Serialize;

use crate::CLEAN;
use crate::args::{ListFormat, RulesArgs};
use crate::error::Error;
use crate::output;
use crate::terminal::Terminal;

/// A rule for programs.
#[derive(Serialize)]
struct Row {
    id: &'static str,
    group: &'static str,
    category: &'static str,
    fix: Option<&'static str>,
    default: bool,
    since: &'static str,
    summary: &'static str,
    url: String,
}

/// Runs the command and gives its exit code.
pub(crate) fn run(args: &RulesArgs, terminal: &Terminal) -> Result<u8, Error> {
    let mut rules: Vec<_> = RULES.to_vec();
    rules.sort_by_key(|rule| rule.id);
    output::print(&match args.format {
        ListFormat::Text => table(&rules, terminal),
        ListFormat::Json => json(&rules),
    })?;
    Ok(CLEAN)
}

fn json(rules: &[&Rule]) -> String {
    let rows = rules.iter().map(|rule| Row {
        id: rule.id,
        group: group_of(rule),
        category: rule.category.id(),
        fix: rule.fix.map(Applicability::id),
        default: !rule.opt_in,
        since: rule.since,
        summary: rule.summary,
        url: rule.url(),
    });
    // Plain structs with text keys always serialise.
    serde_json::to_string_pretty(&rows.collect::<Vec<_>>()).unwrap_or_default() + "\n"
}

fn table(rules: &[&Rule], terminal: &Terminal) -> String {
    let width = |column: fn(&Rule) -> &'static str| rules.iter().map(|rule| column(rule).len()).max().unwrap_or(0);
    let (ids, categories) = (width(|rule| rule.id), width(|rule| rule.category.id()));
    let bold = if terminal.color { Style::new().bold() } else { Style::new() };
    let mut out = String::new();
    let mut line = |id: &str, category: &str, fix: &str, summary: &str| {
        let id = format!("{id:ids$}");
        let _ = writeln!(out, "{}  {category:categories$}  {fix:7}  {summary}", id.style(bold));
    };
    line("RULE", "CATEGORY", "FIX", "WHAT IT FINDS");
    for rule in rules {
        let off = if rule.opt_in { " (off by default)" } else { "" };
        line(rule.id, rule.category.id(), fix(rule), &format!("{}{off}", rule.summary));
    }
    out
}

/// The fix that a rule offers, in a word.
pub(crate) fn fix(rule: &Rule) -> &'static str {
    match rule.fix {
        Some(Applicability::Safe) => "safe",
        Some(Applicability::Unsafe) => "unsafe",
        Some(Applicability::Display) => "shown",
        None => "-",
    }
}

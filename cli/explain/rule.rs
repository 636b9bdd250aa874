//! A rule's page in the terminal.

use std::fmt::Write as _;

use crilint_core::describe::find::Topic;
use crilint_core::rules::Rule;
use owo_colors::{OwoColorize, Style};

use crate::docs;
use crate::rules::fix;
use crate::terminal::Terminal;

/// The page, with a line about what else has the same name.
pub(super) fn page(rule: &Rule, namesakes: &[Topic], terminal: &Terminal) -> String {
    let bold = if terminal.color { Style::new().bold() } else { Style::new() };
    let default = if rule.opt_in { ", off by default" } else { "" };
    let mut out = format!("{}: {}\n\n", rule.id.style(bold), rule.summary);
    let _ = writeln!(out, "category: {}{default}", rule.category.id());
    let _ = writeln!(out, "fix:      {}", fix(rule));
    let _ = writeln!(out, "since:    {}", rule.since);
    let _ = writeln!(out, "url:      {}", rule.url());
    if let Some(flag) = namesakes.iter().map(Topic::path).find(|path| path.trim_start_matches('-') == rule.id) {
        let _ = writeln!(out, "see also: crilint explain {flag}");
    }
    if let Some(page) = docs::page(rule.id) {
        out.push('\n');
        let mut in_code = false;
        for line in page.lines() {
            in_code ^= line.starts_with("```");
            let style = if !in_code && line.starts_with('#') { bold } else { Style::new() };
            let _ = writeln!(out, "{}", line.style(style));
        }
    }
    out
}

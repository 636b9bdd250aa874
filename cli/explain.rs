//! `crilint explain`: a rule's page in the terminal.

use std::fmt::Write as _;

use crilint_core::keys::nearest;
use crilint_core::rules::{self, RULES, Rule};
use owo_colors::{OwoColorize, Style};

use crate::args::ExplainArgs;
use crate::error::Error;
use crate::rules::fix;
use crate::terminal::Terminal;
use crate::{CLEAN, docs, output};

/// Runs the command and gives its exit code.
pub(crate) fn run(args: &ExplainArgs, terminal: &Terminal) -> Result<u8, Error> {
    let rule = rules::find(&args.rule).ok_or_else(|| unknown(&args.rule))?;
    output::print(&explained(rule, terminal))?;
    Ok(CLEAN)
}

fn unknown(rule: &str) -> Error {
    let near = nearest(rule, RULES.iter().map(|rule| rule.id));
    Error::NoSuchRule { rule: rule.to_owned(), hint: near.map(|near| format!("; did you mean `{near}`?")) }
}

fn explained(rule: &Rule, terminal: &Terminal) -> String {
    let bold = if terminal.color { Style::new().bold() } else { Style::new() };
    let default = if rule.opt_in { ", off by default" } else { "" };
    let mut out = format!("{}: {}\n\n", rule.id.style(bold), rule.summary);
    let _ = writeln!(out, "category: {}{default}", rule.category.id());
    let _ = writeln!(out, "fix:      {}", fix(rule));
    let _ = writeln!(out, "since:    {}", rule.since);
    let _ = writeln!(out, "url:      {}", rule.url());
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

//! `crilint explain`: what a rule finds, or what a key, flag, feature gate, plugin or driver option does.

mod rule;
mod topic;

use crilint_core::describe::find;
use crilint_core::rules::{self, RULES};

use crate::args::ExplainArgs;
use crate::error::Error;
use crate::terminal::Terminal;
use crate::{CLEAN, output};

/// Runs the command and gives its exit code.
pub(crate) fn run(args: &ExplainArgs, terminal: &Terminal) -> Result<u8, Error> {
    let topics = find::topics(&args.name);
    let text = match (rules::find(&args.name), topics.as_slice()) {
        (Some(rule), topics) => rule::page(rule, topics, terminal),
        (None, []) => return Err(unknown(&args.name)),
        (None, [one]) => topic::page(one, terminal),
        (None, several) => topic::list(&args.name, several, terminal),
    };
    output::print(&text)?;
    Ok(CLEAN)
}

fn unknown(name: &str) -> Error {
    let near = find::closest(name, RULES.iter().map(|rule| rule.id));
    Error::NoSuchName { name: name.to_owned(), hint: near.map(|near| format!("; did you mean `{near}`?")) }
}

//! The command line of crilint: which files, read how, reported in which form. `crilint-core` finds what is wrong in
//! them.

#![warn(unreachable_pub)]

mod args;
mod arguments;
mod check;
pub mod compare;
pub mod compat;
mod config;
mod diff;
mod disk;
mod docs;
#[allow(unreachable_pub, reason = "generated")]
mod docs_table;
mod error;
mod explain;
mod fix;
mod follow;
mod nodes;
mod options;
mod output;
mod overview;
mod printable;
mod read;
mod render;
pub mod report;
mod rpm_database;
mod rules;
pub mod schema;
pub mod services;
pub mod show;
mod standard;
mod terminal;
mod walk;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use args::{Cli, Command};
use error::Error;
use terminal::Terminal;

/// Exit status: no finding at or above the fail level.
const CLEAN: u8 = 0;
/// Exit status: findings, or fixes that `--diff` shows.
const FINDINGS: u8 = 1;
/// Exit status: wrong usage, or input that could not be read.
const FAILURE: u8 = 2;

/// Runs the program with its arguments, its own name first, and returns how it went.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    disk::ignore_file_size_signal();
    let cli = match Cli::try_parse_from(arguments::command_first(arguments)) {
        Ok(cli) => cli,
        Err(error) => return usage(&error),
    };
    let terminal = Terminal::new(cli.color);
    let code = dispatch(&cli, &terminal).unwrap_or_else(|error| {
        output::error(&terminal, &error);
        FAILURE
    });
    ExitCode::from(code)
}

fn dispatch(cli: &Cli, terminal: &Terminal) -> Result<u8, Error> {
    match &cli.command {
        None => {
            arguments::must_exist(&cli.check.input.paths)?;
            check::run(&cli.check, terminal)
        }
        Some(Command::Check(args)) => check::run(args, terminal),
        Some(Command::Compat(args)) => compat::run(args, terminal),
        Some(Command::Show(args)) => show::run(args, terminal),
        Some(Command::Diff(args)) => compare::run(args, terminal),
        Some(Command::Rules(args)) => rules::run(args, terminal),
        Some(Command::Explain(args)) => explain::run(args, terminal),
        Some(Command::Schema(args)) => schema::run(args, terminal),
        Some(Command::Completions(args)) => {
            let mut script = vec![];
            clap_complete::generate(args.shell, &mut Cli::command(), "crilint", &mut script);
            output::print(&String::from_utf8_lossy(&script))?;
            Ok(CLEAN)
        }
    }
}

/// Help and version are answers, everything else is a mistake. A closed pipe is not a reason to panic.
fn usage(error: &clap::Error) -> ExitCode {
    let _ = error.print();
    ExitCode::from(if error.use_stderr() { FAILURE } else { CLEAN })
}

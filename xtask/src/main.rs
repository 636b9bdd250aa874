//! Developer commands: `cargo xtask`.

// A program: nothing is reachable from outside.
#![allow(missing_docs)]

mod bench;
mod data;
mod default_config;
mod gen_files;
mod hooks;
mod new_rule;
mod plugins;
mod rule_docs;
mod tables;
mod test;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

const HELP: &str = "\
cargo xtask COMMAND
  gen                    regenerate everything generated: tables, rule pages, schemas (committed, checked by a test)
  test                   everything that must hold; installs what it needs
  hooks                  the pre-commit hook alone, under real pre-commit and prek
  bench                  CPU of `crilint check` against a program that only parses, as a ratio
  fmt                    format all Rust files
  new-rule GROUP NAME    a new rule: its file and its line
";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["gen"] => gen_files::write(&root()),
        ["test"] => test::run(&root()),
        ["hooks"] => hooks::test(&root()),
        ["bench"] => bench::run(&root()),
        ["fmt"] => test::write_format(&root()),
        ["new-rule", group, name] => new_rule::run(&root(), group, name),
        _ => Err(HELP.to_owned()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

/// The workspace root.
fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}

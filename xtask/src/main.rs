//! Developer commands: `cargo xtask`.

// A program: nothing is reachable from outside.
#![allow(missing_docs)]

mod bench;
mod data;
mod default_config;
mod extract;
mod fronts;
mod gen_files;
mod hooks;
mod new_rule;
mod npm;
mod plugins;
mod record;
mod rule_docs;
mod schemas;
mod tables;
mod test;
mod tools;
mod wasm;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

const HELP: &str = "\
cargo xtask COMMAND
  gen                    regenerate everything generated: tables, rule pages, schemas (committed, checked by a test)
  test                   everything that must hold; installs what it needs
  test --quick           formatting, clippy and the Rust tests alone
  hooks                  the pre-commit hook alone, under real pre-commit and prek
  schemas                the committed schemas, in check-jsonschema, taplo and tombi
  extract PRODUCT --repo PATH [--tag TAG]...
                         what upstream's sources say (containerd, moby, kubernetes), as a difference to core/data
  record containerd|dockerd --binary PATH [--write]
                         what a daemon says to the cases in conformance/, against the record
  bench                  CPU of `crilint check` against a program that only parses, as a ratio
  wasm                   the engine as an npm package in wasm/pkg, within its size budget
  playground, vscode     build and test one of them (after wasm)
  fmt                    format all Rust files
  new-rule GROUP NAME    a new rule: its file and its line
";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["gen"] => gen_files::write_all(&root()),
        ["test"] => test::run(&root()),
        ["test", "--quick"] => test::quick(&root()),
        ["playground"] => fronts::playground(&root()),
        ["vscode"] => fronts::vscode(&root()),
        ["hooks"] => hooks::test(&root()),
        ["schemas"] => schemas::test(&root()),
        ["record", "test"] => record::test(&root()),
        ["record", arguments @ ..] => record::run(&root(), arguments),
        ["extract", arguments @ ..] => extract::run(&root(), arguments),
        ["bench"] => bench::run(&root()),
        ["wasm"] => wasm::build(&root()),
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

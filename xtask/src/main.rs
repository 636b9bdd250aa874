//! Developer commands: `cargo xtask`.

// xtask is a program: nothing in it is reachable from outside.
#![allow(missing_docs)]

mod bench;
mod bench_files;
mod bench_image;
mod benchmarks;
mod data;
mod default_config;
mod extract;
mod fronts;
mod gen_files;
mod hooks;
mod new_rule;
mod node_images;
mod npm;
mod plugins;
mod record;
mod rule_docs;
mod schemas;
mod systemd;
mod tables;
mod test;
mod tools;
mod wasm;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

const HELP: &str = "\
cargo xtask COMMAND
  gen                    write all generated files: tables, rule pages, schemas (committed, checked by a test)
  test                   run all tests; installs what it needs
  test --quick           run formatting, clippy and the Rust tests
  hooks                  run the pre-commit hook under pre-commit and prek
  schemas                check the committed schemas with check-jsonschema, taplo and tombi
  extract PRODUCT --repo PATH [--tag TAG]... [--compare OLD NEW]
                         compare core/data with upstream's sources (containerd, moby, kubernetes)
  record containerd|dockerd --binary PATH [--write]
                         run a daemon on the cases in conformance/ and compare it with the record
  nodes                  check nodes with the files of Debian's packages, without a fault and with many
  systemd                compare messages about units with those of `systemd-analyze verify`
  systemd live           start the services of the tests by a systemd in namespaces of its own, as root
  bench                  measure the CPU time of `crilint check` as a ratio to that of a program that only parses
  bench files            the same on 10,000 files of each format, as one node and as 10,000 nodes, with their growth
  bench image            the same on an image of a node with 100,000 files, and on the node alone
  wasm                   build the engine as an npm package in wasm/pkg, within its size budget
  playground, vscode     build and test one of them (after wasm)
  fmt                    format all Rust files
  new-rule GROUP NAME    write the file of a new rule and its line in the list
";

fn main() -> ExitCode {
    if systemd::record() {
        return ExitCode::SUCCESS;
    }
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
        ["nodes"] => node_images::test(&root()),
        ["record", "test"] => record::test(&root()),
        ["record", arguments @ ..] => record::run(&root(), arguments),
        ["extract", arguments @ ..] => extract::run(&root(), arguments),
        ["systemd"] => systemd::verify(&root()),
        ["systemd", "live"] => systemd::live(&root()),
        ["bench"] => bench::run(&root()),
        ["bench", "image"] => bench_image::run(&root()),
        ["bench", "files"] => bench_files::run(&root()),
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
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask).to_owned()
}

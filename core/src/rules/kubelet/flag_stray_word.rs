//! # `flag-stray-word`
//!
//! A word on the kubelet's command line that belongs to no flag.
//!
//! ## Why
//!
//! The kubelet does not start: `unknown command false`. A boolean flag takes a value only behind `=`, so that in
//! `--fail-swap-on false` the second word belongs to no flag; a blank in a list ends it.
//!
//! ## What to do
//!
//! Join the word to its flag with `=`, or remove it.
//!
//! ## Examples
//!
//! ```sh bad
//! KUBELET_EXTRA_ARGS="--fail-swap-on false"
//!                                    ^^^^^
//! ```
//!
//! ```sh fixed
//! KUBELET_EXTRA_ARGS="--fail-swap-on=false"
//! ```
//!
//! ```sh bad
//! KUBELET_EXTRA_ARGS="--node-labels=a=b, c=d"
//!                                        ^^^
//! ```
//!
//! ```sh good
//! KUBELET_EXTRA_ARGS="--node-ip 10.0.0.10 --fail-swap-on=false"
//! ```
//!
//! ## References
//!
//! - kubernetes/kubernetes@v1.36.0:cmd/kubelet/app/server.go (`NewKubeletCommand`)

use crate::go::boolean::parse_bool;
use crate::rules::prelude::*;
use crate::systemd::flags::{self, Program, Stray};

pub(crate) const RULE: Rule = Rule {
    id: "flag-stray-word",
    summary: "Word on the kubelet's command line that belongs to no flag",
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&flags::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    // Another rule reports lines that cannot be read.
    if !cx.doc().problems.is_empty() {
        return;
    }
    for stray in flags::strays(cx.file) {
        let is_plain = !stray.word.contains(['$', '{', '<', '>', '|', '&', ';', '`', '%', '\\', '#']);
        if stray.flag.program == Program::Kubelet && is_plain {
            report(cx, &stray);
        }
    }
}

fn report(cx: &mut FileCx, stray: &Stray) {
    let word = stray.word;
    let name = stray.flag.name;
    let is_value = stray.flag.value.is_none() && parse_bool(word).is_some();
    let help = match stray.flag.value {
        None if is_value => format!("Write `--{name}={word}`."),
        Some(value) if value.ends_with(',') => format!("Remove the blank, which ends the list of `--{name}`."),
        _ => "Remove it, or join it to its flag with `=`.".to_owned(),
    };
    let between = Span::new(stray.flag.span.end as usize, stray.span.start as usize);
    let is_blank = between.of(cx.doc().text).bytes().all(|b| b == b' ');
    let fix = (is_value && is_blank)
        .then(|| Fix::edit(Applicability::Unsafe, format!("Write `--{name}={word}`"), between, "="));
    cx.report(stray.span, format!("`{word}` belongs to no flag of the kubelet"))
        .refused(Releases::ANY)
        .key(format!("--{name}"))
        .why(format!("The kubelet does not start: `unknown command {word}`."))
        .help(help)
        .maybe_fix(fix);
}

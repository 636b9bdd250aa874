//! # `oom-score-range`
//!
//! `oom_score` outside of -1000 to 1000, which is all that the kernel takes.
//!
//! ## Why
//!
//! containerd logs `failed to change OOM score to 2000` and goes on with the score that it was started with, so that the
//! kernel may kill it first when memory is short.
//!
//! ## What to do
//!
//! Write a number from -1000 (never killed) to 1000; -999 is usual for containerd.
//!
//! ## Examples
//!
//! ```toml bad
//! version = 2
//! oom_score = -10000
//!             ^^^^^^
//! ```
//!
//! ```toml good
//! version = 2
//! oom_score = -999
//! ```
//!
//! ## References
//!
//! - containerd/containerd@v2.3.4:pkg/sys/oom_linux.go; measured with 1.0.3 to 2.4.0-beta.0

use crate::containerd;
use crate::releases::Releases;
use crate::rules::{Category, FileCx, Rule, Run};

pub(crate) const RULE: Rule = Rule {
    id: "oom-score-range",
    summary: "An OOM score that the kernel refuses",
    category: Category::Correctness,
    since: "0.1.0",
    fix: None,
    opt_in: false,
    run: Run::File(&[&containerd::KIND], check),
};

fn check(cx: &mut FileCx<'_, '_, '_>) {
    let Some(node) = cx.root.get("oom_score") else { return };
    let Some(score) = node.as_int().filter(|score| !(-1000..=1000).contains(score)) else { return };
    cx.report(node.span, format!("the OOM score {score} is not from -1000 to 1000"))
        .ignored(Releases::ANY)
        .key("oom_score")
        .why(format!(
            "containerd logs `failed to change OOM score to {score}` and keeps the score that it was started with."
        ))
        .help("Write a number from -1000 to 1000; with -999 containerd is killed last.");
}

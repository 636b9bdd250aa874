//! # `oom-score-range`
//!
//! `oom_score` outside of -1000 to 1000, which is all that the kernel takes.
//!
//! ## Why
//!
//! containerd logs `failed to change OOM score to 2000` and goes on with the score that it was started with, so that
//! the kernel may kill it first when memory is short.
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

use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "oom-score-range",
    summary: "OOM score outside of what the kernel accepts",
    run: Run::Settings(&[SettingCheck {
        outcomes: &[(Effect::Ignored, Releases::ANY)],
        message: "the OOM score {value} is not from -1000 to 1000",
        why: "containerd logs `failed to change OOM score to {value}` and keeps the score that it was started with.",
        help: "Write a number from -1000 to 1000; with -999 the kernel kills containerd last.",
        ..SettingCheck::of(&daemons::CONTAINERD, "oom_score", Test::Outside(-1000, 1000))
    }]),
    ..Rule::DEFAULTS
};

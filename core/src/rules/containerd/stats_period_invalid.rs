//! # `stats-period-invalid`
//!
//! A period of zero or less for the statistics of snapshots.
//!
//! ## Why
//!
//! CRI starts a ticker with the period, and Go panics on one that is not positive: `non-positive interval for
//! NewTicker`. The whole daemon ends. From 2.3 on CRI waits in another way, and the daemon runs.
//!
//! ## What to do
//!
//! Write the period in seconds; the default is 10.
//!
//! ## Examples
//!
//! ```toml bad containerd=1.6..2.2
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri"]
//!   stats_collect_period = 0
//!                          ^
//! ```
//!
//! ```toml good
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri"]
//!   stats_collect_period = 30
//! ```
//!
//! ## References
//!
//! - `start` of containerd/containerd@v1.3.10:vendor/github.com/containerd/cri/pkg/server/snapshots.go,
//!   v1.7.34:pkg/cri/server/snapshots.go, v2.2.7 and v2.3.4:internal/cri/server/images/snapshots.go
//! - measured with 1.6.20, 1.7.24, 2.0.11, 2.1.9 and 2.3.4

use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "stats-period-invalid",
    summary: "Period of snapshot statistics that is not positive",
    run: Run::Settings(&[SettingCheck {
        outcomes: &[(Effect::Refused, Releases::containerd("1.1..2.2"))],
        message: "`{name}` is {value}, and must be positive",
        why: "containerd panics when CRI starts (`non-positive interval for NewTicker`).",
        help: "Write a number of seconds, such as 10.",
        ..SettingCheck::of(&daemons::CONTAINERD, "images:stats_collect_period", Test::Outside(1, i64::MAX))
    }]),
    ..Rule::DEFAULTS
};

//! # `realtime-on-cgroup-v2`
//!
//! `cpu-rt-period` or `cpu-rt-runtime`, which cgroup v2 does not have.
//!
//! ## Why
//!
//! On a node with cgroup v2, which is nearly every one today, 23.0 and later do not start: `daemon-scoped
//! cpu-rt-period and cpu-rt-runtime are not implemented for cgroup v2`.
//!
//! ## What to do
//!
//! Remove both.
//!
//! ## Examples
//!
//! ```json bad
//! { "cpu-rt-runtime": 950000 }
//!   ^^^^^^^^^^^^^^^^
//! ```
//!
//! ```json good
//! { "cpu-rt-runtime": 0 }
//! ```
//!
//! ## References
//!
//! - moby/moby@docker-v29.7.2:daemon/command/daemon_linux.go (`validateCPURealtimeOptions`)

use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "realtime-on-cgroup-v2",
    summary: "Real-time limits, which cgroup v2 does not have",
    category: Category::Migration,
    run: Run::Settings(&[
        limit("cpu-rt-period"),
        SettingCheck { unless: &[("cpu-rt-period", IS_SET)], ..limit("cpu-rt-runtime") },
    ]),
    ..Rule::DEFAULTS
};

const CHECKS_CGROUP_VERSION: Releases = Releases::docker("23..");

const IS_SET: Test = Test::Where(|setting| setting.as_int().is_some_and(|limit| limit != 0));

const fn limit(setting: &'static str) -> SettingCheck {
    SettingCheck {
        mark: Mark::Key,
        outcomes: &[(Effect::Harmful, CHECKS_CGROUP_VERSION)],
        message: "`{name}` stops Docker on a node with cgroup v2",
        why: "On cgroup v2 dockerd does not start: \
              `daemon-scoped cpu-rt-period and cpu-rt-runtime are not implemented for cgroup v2`.",
        help: "Remove `cpu-rt-period` and `cpu-rt-runtime`.",
        ..SettingCheck::of(&daemons::DOCKER, setting, IS_SET)
    }
}

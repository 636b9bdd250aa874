//! # `realtime-on-cgroup-v2`
//!
//! `cpu-rt-period` or `cpu-rt-runtime`, which cgroup v2 does not have.
//!
//! ## Why
//!
//! On a node with cgroup v2, which is nearly every one today, 23.0 and later do not start: `daemon-scoped cpu-rt-period and cpu-rt-runtime are
//! not implemented for cgroup v2`.
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

use crate::docker;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "realtime-on-cgroup-v2",
    summary: "Real-time limits, which cgroup v2 does not have",
    category: Category::Migration,
    run: Run::File(&[&docker::KIND], check),
    ..Rule::DEFAULTS
};

const CHECKED: Releases = Releases::docker("23..");

fn check(cx: &mut FileCx) {
    let set = |name: &&str| cx.root.get(name).and_then(|node| node.as_int()).is_some_and(|n| n != 0);
    let Some(name) = ["cpu-rt-period", "cpu-rt-runtime"].into_iter().find(set) else { return };
    let Some(entry) = cx.root.entry(name) else { return };
    cx.report(entry.key_span, format!("`{name}` stops Docker on a node with cgroup v2"))
        .harmful(CHECKED)
        .key(name)
        .why("On cgroup v2 dockerd does not start: `daemon-scoped cpu-rt-period and cpu-rt-runtime are not implemented for cgroup v2`.")
        .help("Remove `cpu-rt-period` and `cpu-rt-runtime`.");
}

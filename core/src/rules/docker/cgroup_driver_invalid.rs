//! # `cgroup-driver-invalid`
//!
//! `native.cgroupdriver` with another value than `systemd` or `cgroupfs`, or twice with two values.
//!
//! ## Why
//!
//! dockerd does not start: `native.cgroupdriver option foo not supported`. `dockerd --validate` still reports OK: the
//! value is read later. Of two entries, Docker up to 27 takes the first and 28.0 and later the last.
//!
//! ## What to do
//!
//! Write `native.cgroupdriver=systemd`, which is what Kubernetes expects.
//!
//! ## Examples
//!
//! ```json bad
//! { "exec-opts": ["native.cgroupdriver=system"] }
//!                                      ^^^^^^
//! ```
//!
//! ```json fixed
//! { "exec-opts": ["native.cgroupdriver=systemd"] }
//! ```
//!
//! ```json bad
//! { "exec-opts": ["native.cgroupdriver=cgroupfs", "native.cgroupdriver=systemd"] }
//!                                                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```json good
//! { "exec-opts": ["native.cgroupdriver=systemd"] }
//! ```
//!
//! ## References
//!
//! - moby/moby@docker-v29.7.2:daemon/daemon_unix.go (`verifyCgroupDriver`); measured with 20.10.24, 24.0.9, 27.5.1,
//!   28.5.2 and 29.7.2

use crate::docker;
use crate::docker::refusals::late_refusal;
use crate::docker::settings::{cgroup_drivers, part_span};
use crate::keys::nearest;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "cgroup-driver-invalid",
    summary: "Cgroup driver that Docker does not have, or two of them",
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&docker::KIND], check),
    ..Rule::DEFAULTS
};

const TAKES_FIRST_DRIVER: Releases = Releases::docker("..27");
const TAKES_LAST_DRIVER: Releases = Releases::docker("28..");

fn check(cx: &mut FileCx) {
    let all = cgroup_drivers(cx.settings());
    let (Some((first, first_driver)), Some((last, last_driver))) = (all.first(), all.last()) else { return };
    let mut has_invalid = false;
    for (item, driver) in &all {
        if matches!(driver.as_str(), "systemd" | "cgroupfs") {
            continue;
        }
        let refused = match (item.value_span == first.value_span, item.value_span == last.value_span) {
            (true, true) => Releases::ANY,
            (true, false) => TAKES_FIRST_DRIVER,
            (false, true) => TAKES_LAST_DRIVER,
            (false, false) => continue,
        };
        has_invalid = true;
        report_invalid(cx, item, driver, refused);
    }
    if first_driver != last_driver && !has_invalid {
        cx.report_setting(last, "`native.cgroupdriver` is set above to another value")
            .ignored(TAKES_FIRST_DRIVER)
            .advice(TAKES_LAST_DRIVER)
            .label(first.value_span, "27 and older take this one")
            .why(WHY_TWO)
            .help("Keep one of the two; Kubernetes expects `systemd`.");
    }
}

fn report_invalid(cx: &mut FileCx, item: &WrittenSetting, driver: &str, refused: Releases) {
    let span = part_span(item.value_span, cx.doc().text, driver);
    let meant = nearest(driver, ["systemd", "cgroupfs"].into_iter()).filter(|_| span != item.value_span);
    let fix = meant.map(|meant| Fix::edit(Applicability::Unsafe, format!("Write `{meant}`"), span, meant));
    cx.report(span, format!("Docker has no cgroup driver `{driver}`"))
        .refused(refused)
        .key("exec-opts")
        .why(late_refusal(&log(driver)))
        .help("Write `systemd` or `cgroupfs`; Kubernetes expects `systemd`.")
        .maybe_fix(fix);
}

fn log(driver: &str) -> String {
    match driver {
        "none" => "native.cgroupdriver option none is internally used and cannot be specified manually".to_owned(),
        _ => format!("native.cgroupdriver option {driver} not supported"),
    }
}

const WHY_TWO: &str = "Of two entries, Docker up to 27 takes the first and 28.0 and later the last: \
                       an update changes the cgroup driver.";

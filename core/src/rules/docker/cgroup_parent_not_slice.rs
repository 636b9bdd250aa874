//! # `cgroup-parent-not-slice`
//!
//! `cgroup-parent` is not a slice while the cgroup driver is systemd.
//!
//! ## Why
//!
//! dockerd does not start: `cgroup-parent for systemd cgroup should be a valid slice named as "xxx.slice"`. `dockerd
//! --validate` still reports OK. Where the file does not name the driver, it is systemd on a node with cgroup v2 and
//! systemd, which is nearly every one today.
//!
//! ## What to do
//!
//! Name a slice.
//!
//! ## Examples
//!
//! ```json bad
//! { "cgroup-parent": "/docker", "exec-opts": ["native.cgroupdriver=systemd"] }
//!                    ^^^^^^^^^
//! ```
//!
//! ```json bad
//! { "cgroup-parent": "docker" }
//!                    ^^^^^^^^
//! ```
//!
//! ```json good
//! { "cgroup-parent": "docker.slice", "exec-opts": ["native.cgroupdriver=systemd"] }
//! ```
//!
//! ```json good
//! { "cgroup-parent": "/docker", "exec-opts": ["native.cgroupdriver=cgroupfs"] }
//! ```
//!
//! ## References
//!
//! - docker/cli#1148; moby/moby@docker-v29.7.2:daemon/daemon_unix.go (`verifyDaemonSettings`); measured with
//!   20.10.24, 24.0.9, 27.5.1, 28.5.2 and 29.7.2

use crate::docker::settings::cgroup_drivers;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "cgroup-parent-not-slice",
    summary: "Parent cgroup is not a slice, with the systemd driver",
    run: Run::Settings(&[
        SettingCheck {
            applies: |cx| is_driver_named(cx) && is_systemd_possible(cx),
            outcomes: &[(Effect::Refused, Releases::ANY)],
            why: "dockerd does not start: `cgroup-parent for systemd cgroup should be a valid slice named as \
                  \"xxx.slice\"`. `dockerd --validate` still reports OK.",
            ..NOT_SLICE
        },
        SettingCheck {
            applies: |cx| !is_driver_named(cx),
            outcomes: &[(Effect::Harmful, USES_SYSTEMD_ON_CGROUP_V2)],
            why: "On a node with cgroup v2 and systemd the cgroup driver is systemd, and dockerd does not start: \
                  `cgroup-parent for systemd cgroup should be a valid slice named as \"xxx.slice\"`.",
            ..NOT_SLICE
        },
    ]),
    ..Rule::DEFAULTS
};

/// Source: moby/moby@v20.10.27:daemon/daemon_unix.go (`UsingSystemd`).
const USES_SYSTEMD_ON_CGROUP_V2: Releases = Releases::docker("20.10..");

const NOT_SLICE: SettingCheck = SettingCheck {
    message: "`cgroup-parent` is `{value}`, which is not a slice",
    help: "Name a slice, such as `docker.slice`.",
    ..SettingCheck::of(&daemons::DOCKER, "cgroup-parent", Test::Where(is_not_slice))
};

fn is_not_slice(setting: &WrittenSetting) -> bool {
    let name = setting.as_str().map(|parent| parent.strip_suffix(".slice").unwrap_or_default());
    name == Some("") && setting.as_str() != Some("")
}

fn is_driver_named(cx: &FileCx) -> bool {
    !cgroup_drivers(cx.settings()).is_empty()
}

fn is_systemd_possible(cx: &FileCx) -> bool {
    cgroup_drivers(cx.settings()).iter().all(|(_, driver)| driver == "systemd")
}

//! # `cgroup-parent-not-slice`
//!
//! `cgroup-parent` names no slice while the cgroup driver is systemd.
//!
//! ## Why
//!
//! dockerd does not start: `cgroup-parent for systemd cgroup should be a valid slice named as "xxx.slice"`. `dockerd --validate`
//! says OK all the same. Where the file does not name the driver, it is systemd on a node with cgroup v2 and systemd, which is nearly
//! every one today.
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
//! - docker/cli#1148; moby/moby@docker-v29.7.2:daemon/daemon_unix.go (`verifyDaemonSettings`); measured with 20.10.24, 24.0.9,
//!   27.5.1, 28.5.2 and 29.7.2

use crate::docker;
use crate::docker::settings::text;
use crate::rules::docker::cgroup_driver_invalid::drivers;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "cgroup-parent-not-slice",
    summary: "A parent cgroup that is no slice, with the systemd driver",
    run: Run::File(&[&docker::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    let Some((entry, parent)) = text(cx.root, "cgroup-parent") else { return };
    // `.slice` alone is none.
    if parent.len() > 6 && parent.ends_with(".slice") {
        return;
    }
    let drivers = drivers(cx.root);
    let named = !drivers.is_empty();
    if named && drivers.iter().any(|(_, driver)| *driver != "systemd") {
        return;
    }
    let finding = cx.report(entry.value.span, format!("`cgroup-parent` is `{parent}`, which is no slice"));
    if named {
        finding.refused(Releases::ANY).why("dockerd does not start: `cgroup-parent for systemd cgroup should be a valid slice named as \"xxx.slice\"`. `dockerd --validate` says OK all the same.");
    } else {
        finding.harmful(Releases::docker("20.10..")).why("On a node with cgroup v2 and systemd the cgroup driver is systemd, and dockerd does not start: `cgroup-parent for systemd cgroup should be a valid slice named as \"xxx.slice\"`.");
    }
    finding.key("cgroup-parent").help("Name a slice, such as `docker.slice`.");
}

//! # `cgroup-driver-invalid`
//!
//! `native.cgroupdriver` with another value than `systemd` or `cgroupfs`, or twice with two values.
//!
//! ## Why
//!
//! dockerd does not start: `native.cgroupdriver option foo not supported`. `dockerd --validate` says OK all the same: the value is
//! read later. Of two entries, Docker up to 27 takes the first and 28.0 and later the last.
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
//! - moby/moby@docker-v29.7.2:daemon/daemon_unix.go (`verifyCgroupDriver`); measured with 20.10.24, 24.0.9, 27.5.1, 28.5.2 and
//!   29.7.2

use crate::docker;
use crate::docker::settings::{part_span, texts};
use crate::keys::nearest;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "cgroup-driver-invalid",
    summary: "A cgroup driver that Docker does not have, or two of them",
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&docker::KIND], check),
    ..Rule::DEFAULTS
};

/// They take the first entry.
const FIRST: Releases = Releases::docker("..27");
/// They take the last.
const LAST: Releases = Releases::docker("28..");

/// The entries for the cgroup driver, as far as they have a value.
pub(crate) fn drivers<'t>(root: &'t Node) -> Vec<(&'t Node<'t>, &'t str)> {
    let all = texts(root, "exec-opts").into_iter();
    all.filter_map(|(node, option)| {
        let (name, value) = option.split_once('=')?;
        let value = value.trim();
        (name.trim().eq_ignore_ascii_case("native.cgroupdriver") && !value.is_empty()).then_some((node, value))
    })
    .collect()
}

fn check(cx: &mut FileCx) {
    let all = drivers(cx.root);
    let (Some(first), Some(last)) = (all.first(), all.last()) else { return };
    let mut told = false;
    for (node, value) in &all {
        let mut refused = Releases::NONE;
        if node.span == first.0.span {
            refused = FIRST;
        }
        if node.span == last.0.span {
            refused = if refused == Releases::NONE { LAST } else { Releases::ANY };
        }
        if !matches!(*value, "systemd" | "cgroupfs") && refused != Releases::NONE {
            told = true;
            report(cx, node, value, refused);
        }
    }
    if first.1 != last.1 && !told {
        let message = format!("`{}` stands above with another value", "native.cgroupdriver");
        cx.report(last.0.span, message)
            .ignored(FIRST)
            .advice(LAST)
            .key("exec-opts")
            .label(first.0.span, "27 and older take this one")
            .why("Of two entries, Docker up to 27 takes the first and 28.0 and later the last: an update changes the cgroup driver.")
            .help("Keep one of the two; Kubernetes expects `systemd`.");
    }
}

fn report(cx: &mut FileCx, node: &Node, value: &str, refused: Releases) {
    let span = part_span(node, cx.doc().text, value);
    let words = if value == "none" {
        "native.cgroupdriver option none is internally used and cannot be specified manually".to_owned()
    } else {
        format!("native.cgroupdriver option {value} not supported")
    };
    let meant = nearest(value, ["systemd", "cgroupfs"].into_iter()).filter(|_| span != node.span);
    let fix = meant.map(|meant| Fix::edit(Applicability::Unsafe, format!("Write `{meant}`"), span, meant));
    cx.report(span, format!("Docker has no cgroup driver `{value}`"))
        .refused(refused)
        .key("exec-opts")
        .why(format!("dockerd does not start: `{words}`. `dockerd --validate` says OK all the same."))
        .help("Write `systemd` or `cgroupfs`; Kubernetes expects `systemd`.")
        .maybe_fix(fix);
}

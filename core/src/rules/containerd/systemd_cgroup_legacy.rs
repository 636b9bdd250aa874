//! # `systemd-cgroup-legacy`
//!
//! `systemd_cgroup = true` in the CRI plugin's own table.
//!
//! ## Why
//!
//! The key was for the runtime of containerd 1.0. 1.3 to 1.7 do not load the CRI plugin with any other default runtime:
//! `systemd_cgroup only works for runtime io.containerd.runtime.v1.linux`. 2.x no longer have the key, and pods run on
//! cgroupfs.
//!
//! ## What to do
//!
//! Remove the line, and set `SystemdCgroup = true` in the options of the runtime.
//!
//! ## Examples
//!
//! ```toml bad
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri"]
//!   systemd_cgroup = true
//!   ^^^^^^^^^^^^^^
//! [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
//!   runtime_type = "io.containerd.runc.v2"
//! ```
//!
//! ```toml fixed
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri"]
//! [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
//!   runtime_type = "io.containerd.runc.v2"
//! [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
//!   SystemdCgroup = true
//! ```
//!
//! ```toml good
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri"]
//!   systemd_cgroup = false
//! ```
//!
//! ## References
//!
//! - containerd/cri#1590; containerd/containerd@v1.7.29:pkg/cri/config/config.go
//! - measured with 1.3.10 to 2.4.0-beta.0

use crate::containerd;
use crate::containerd::cri::Cri;
use crate::containerd::eras::{CHECKS_LINUX_RUNTIME_SETTINGS, REMOVED_LINUX_RUNTIME};
use crate::containerd::settings::{counts, reads};
use crate::containerd::shims::LINUX_V1;
use crate::containerd::systemd_cgroup::{old_switch, set_option};
use crate::containerd::values::text;
use crate::order;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "systemd-cgroup-legacy",
    summary: "`systemd_cgroup` of the runtime of containerd 1.0",
    category: Category::Migration,
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&containerd::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    let Some(entry) = old_switch(cx.root) else { return };
    let has_old_runtime = has_old_default_runtime(Cri::of(cx.root));
    let checked = CHECKS_LINUX_RUNTIME_SETTINGS.and(counts(cx, cx.loaded, entry));
    let removed = REMOVED_LINUX_RUNTIME.and(reads(cx));
    let fix = fix(cx, entry);
    cx.report_key(entry, "`systemd_cgroup = true` is for the runtime of containerd 1.0")
        .failed(if has_old_runtime { Releases::NONE } else { checked })
        .ignored(removed)
        .why(
            "containerd 1.3 to 1.7 do not load the CRI plugin with any other default runtime (`systemd_cgroup only \
             works for runtime io.containerd.runtime.v1.linux`); 2.x no longer have the key, so pods run on cgroupfs.",
        )
        .help("Remove the line and set SystemdCgroup = true in the options of the runtime.")
        .maybe_fix(fix);
}

/// Whether the file writes the runtime of containerd 1.0 as the default one.
fn has_old_default_runtime(cri: Cri) -> bool {
    let old = text(cri.runtime(&["containerd", "default_runtime", "runtime_type"]));
    let written = old.or_else(|| text(cri.runtime(&["containerd", "runtimes", cri.default_runtime(), "runtime_type"])));
    written == Some(LINUX_V1)
}

fn fix(cx: &FileCx, entry: &Entry) -> Option<Fix> {
    let cri = Cri::of(cx.root);
    let parent = cx.root.at(&["plugins", cri.runtime_id()])?;
    let runtime = cri.runtimes().iter().find(|runtime| runtime.key == cri.default_runtime())?;
    let mut edits = set_option(cx, runtime)?;
    edits.push(edit::remove(cx.doc(), parent, entry)?);
    order::by_key(&mut edits, |edit| edit.span);
    let are_apart = edits.windows(2).all(|pair| matches!(pair, [a, b] if a.span.end <= b.span.start));
    let title = format!("Set SystemdCgroup = true in the options of {} instead", runtime.key);
    are_apart.then(|| Fix::new(Applicability::Unsafe, title, edits))
}

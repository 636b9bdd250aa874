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
use crate::containerd::kind::Cri;
use crate::containerd::settings::{counts, text};
use crate::order;
use crate::rules::containerd::runtime_type_removed::LINUX_V1;
use crate::rules::containerd::systemd_cgroup_not_set::set_option;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "systemd-cgroup-legacy",
    summary: "`systemd_cgroup` is for the runtime of containerd 1.0",
    category: Category::Migration,
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&containerd::KIND], check),
    ..Rule::DEFAULTS
};

const CHECKED: Releases = Releases::containerd("1.3..1.7");
const GONE: Releases = Releases::containerd("2.0..");

fn check(cx: &mut FileCx) {
    let Some(entry) = legacy_key(cx) else { return };
    let cri = Cri::of(cx.root);
    let works = default_type(cri) == Some(LINUX_V1);
    let checked = CHECKED.and(counts(cx, cx.loaded, entry));
    let gone = GONE.and(crate::containerd::settings::reads(cx));
    let path = cx.path_of(entry);
    let fix = fix(cx, entry);
    let finding = cx.report(entry.key_span, "`systemd_cgroup = true` is for the runtime of containerd 1.0");
    if !works {
        finding.failed(checked);
    }
    finding
        .ignored(gone)
        .key(path)
        .why("containerd 1.3 to 1.7 do not load the CRI plugin with any other default runtime (`systemd_cgroup only works for runtime io.containerd.runtime.v1.linux`); 2.x no longer have the key, so pods run on cgroupfs.")
        .help("Remove the line and set SystemdCgroup = true in the options of the runtime.")
        .maybe_fix(fix);
}

/// The key, where it says something.
pub(super) fn legacy_key<'t, 'a>(cx: &FileCx<'_, 't, 'a>) -> Option<&'t Entry<'a>> {
    let cri = Cri::of(cx.root);
    let entry = cri.runtime(&["systemd_cgroup"]).filter(|_| cri.version < 3)?;
    (entry.value.as_bool() == Some(true)).then_some(entry)
}

/// The type of the default runtime, as far as the file writes it.
fn default_type<'t>(cri: Cri<'t, '_>) -> Option<&'t str> {
    let legacy = text(cri.runtime(&["containerd", "default_runtime", "runtime_type"]));
    legacy.or_else(|| text(cri.runtime(&["containerd", "runtimes", cri.default_runtime(), "runtime_type"])))
}

fn fix(cx: &FileCx, entry: &Entry) -> Option<Fix> {
    let cri = Cri::of(cx.root);
    let parent = cx.root.at(&["plugins", cri.runtime_id()])?;
    let runtime = cri.runtimes().iter().find(|r| r.key == cri.default_runtime())?;
    let mut edits = set_option(cx, runtime)?;
    edits.push(edit::remove(cx.doc(), parent, entry)?);
    order::by_key(&mut edits, |edit| edit.span);
    let apart = edits.windows(2).all(|w| matches!(w, [a, b] if a.span.end <= b.span.start));
    let title = format!("Set SystemdCgroup = true in the options of {} instead", runtime.key);
    apart.then(|| Fix::new(Applicability::Unsafe, title, edits))
}

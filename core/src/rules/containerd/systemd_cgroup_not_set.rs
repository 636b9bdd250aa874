//! # `systemd-cgroup-not-set`
//!
//! A runc runtime is written out without `SystemdCgroup = true` in its options.
//!
//! ## Why
//!
//! The default is false: containerd puts pods straight into cgroups. On a node with systemd the kubelet usually uses the
//! systemd driver, and then two managers work on one tree: control plane containers are killed and restarted in a loop,
//! and no message names the cause. Where the kubelet's own driver is known, another rule compares the two; this one is
//! only a reminder.
//!
//! ## What to do
//!
//! Set `SystemdCgroup = true` for every runc runtime, and `cgroupDriver: systemd` in the kubelet's configuration.
//!
//! ## Examples
//!
//! ```toml bad
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
//!                                                          ^^^^
//!   runtime_type = "io.containerd.runc.v2"
//! ```
//!
//! ```toml fixed
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
//!   runtime_type = "io.containerd.runc.v2"
//! [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
//!   SystemdCgroup = true
//! ```
//!
//! ```toml bad
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
//!   runtime_type = "io.containerd.runc.v2"
//! [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
//!   SystemdCgroup = false
//!                   ^^^^^
//! ```
//!
//! ```toml good
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
//!   runtime_type = "io.containerd.runc.v2"
//! [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
//!   SystemdCgroup = true
//! ```
//!
//! The kubelet uses cgroupfs here:
//!
//! ```toml good
//! --- /etc/containerd/config.toml
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
//!   runtime_type = "io.containerd.runc.v2"
//! --- /var/lib/kubelet/config.yaml
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! cgroupDriver: cgroupfs
//! ```
//!
//! ## References
//!
//! - containerd/containerd#7276, kubernetes/kubernetes#111776, containerd/containerd#10805
//! - containerd/containerd@v2.3.4:internal/cri/config/config_unix.go

use crate::containerd;
use crate::containerd::kind::Cri;
use crate::containerd::settings::{counts, stands_alone};
use crate::order;
use crate::rules::containerd::systemd_cgroup_legacy::legacy_key;
use crate::rules::prelude::*;
use crate::syntax::MapStyle;
use crate::syntax::path::join;

pub(crate) const RULE: Rule = Rule {
    id: "systemd-cgroup-not-set",
    summary: "A runc runtime without `SystemdCgroup = true`",
    category: Category::Reliability,
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&containerd::KIND], check),
    ..Rule::DEFAULTS
};

const RUNC: &str = "io.containerd.runc.v2";

fn check(cx: &mut FileCx) {
    let facts = cx.facts();
    let known = [&facts.kubelet_cgroup_driver, &facts.kubelet_cgroup_driver_flag];
    if known.iter().any(|fact| fact.get().is_some()) || legacy_key(cx).is_some() {
        return;
    }
    let cri = Cri::of(cx.root);
    let default = cri.default_runtime();
    let mut lacking: Vec<&Entry> = cri.runtimes().iter().filter(|r| is_runc(r) && lacks_option(cx, r)).collect();
    order::by_key(&mut lacking, |r| r.key != default);
    let Some((first, others)) = lacking.split_first() else { return };
    let span = option(first).map_or(first.key_span, |o| o.value.span);
    let releases = counts(cx, cx.loaded, first);
    let path = cx.path_of(first);
    let fix = set_option(cx, first).map(|edits| Fix::new(Applicability::Unsafe, "Set SystemdCgroup = true", edits));
    let message = match option(first) {
        Some(_) => format!("the runtime `{}` does not use systemd's cgroups: SystemdCgroup is false", first.key),
        None => format!("the runtime `{}` does not use systemd's cgroups: SystemdCgroup is not set", first.key),
    };
    let finding = cx.report(span, message);
    finding
        .advice(releases)
        .key(path)
        .why("The default is false. Beside a kubelet with the systemd driver, which is usual, two managers work on one cgroup tree: control plane containers are killed and restarted in a loop, and no message names the cause.")
        .help("Set SystemdCgroup = true in the runtime's options unless the kubelet uses the cgroupfs driver.")
        .maybe_fix(fix);
    for other in others {
        finding.label(other.key_span, "the same here");
    }
}

/// Whether the runtime's options are those of runc.
fn is_runc(runtime: &Entry) -> bool {
    match runtime.value.get("runtime_type") {
        Some(ty) => ty.as_str() == Some(RUNC),
        None => runtime.key == "runc",
    }
}

/// Whether the option is off, and nothing there looks like a try to turn it on, which other rules mend.
fn lacks_option(cx: &FileCx, runtime: &Entry) -> bool {
    if let Some(option) = option(runtime) {
        return option.value.as_bool() == Some(false);
    }
    let options = runtime.value.get("options");
    let looks = |node: &Node| {
        node.entries().iter().any(|e| e.key.to_ascii_lowercase().replace(['_', '-'], "").contains("systemdcgroup"))
    };
    // The options may be in another file.
    !looks(&runtime.value) && !options.is_some_and(looks) && (options.is_some() || stands_alone(cx))
}

/// The option, by its name in any letter case.
fn option<'t, 'a>(runtime: &'t Entry<'a>) -> Option<&'t Entry<'a>> {
    let mut entries = runtime.value.get("options")?.entries().iter().rev();
    entries.find(|e| e.key.eq_ignore_ascii_case("SystemdCgroup"))
}

/// The edits that turn the option on for a runtime.
pub(super) fn set_option(cx: &FileCx, runtime: &Entry) -> Option<Vec<Edit>> {
    if let Some(option) = option(runtime) {
        return Some(vec![edit::replace(&option.value, "true")]);
    }
    if let Some(options) = runtime.value.get("options") {
        return Some(vec![edit::add_entry(cx.doc(), options, "SystemdCgroup", "true")?]);
    }
    let map = runtime.value.as_map()?;
    if map.style != MapStyle::Table {
        return Some(vec![edit::add_entry(cx.doc(), &runtime.value, "options", "{ SystemdCgroup = true }")?]);
    }
    let header = map.headers.last()?;
    let last = map
        .entries
        .iter()
        .filter(|e| e.value.as_map().is_none_or(|m| m.style != MapStyle::Table))
        .map(|e| e.value.span.end)
        .max();
    let span = Span { start: header.start, end: last.unwrap_or(header.end).max(header.end) };
    let mut path = cx.parts_of(runtime)?;
    path.push("options");
    let mut edit = edit::line_after(cx.doc(), span, &format!("[{}]", join(&path)));
    let indent = edit.text.trim_start_matches('\n').split('[').next().unwrap_or_default().to_owned();
    edit.text.push_str(&format!("\n{indent}  SystemdCgroup = true"));
    Some(vec![edit])
}

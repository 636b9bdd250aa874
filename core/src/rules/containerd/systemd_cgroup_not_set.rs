//! # `systemd-cgroup-not-set`
//!
//! A runc runtime is written out without `SystemdCgroup = true` in its options.
//!
//! ## Why
//!
//! The default is false: containerd puts pods straight into cgroups. On a node with systemd the kubelet usually uses
//! the systemd driver, and then two managers work on one tree: control plane containers are killed and restarted in a
//! loop, and no message names the cause. Where the kubelet's own driver is known, another rule compares the two; this
//! one is only a reminder.
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
//! A drop-in adds to what the main file sets:
//!
//! ```toml good
//! --- /etc/containerd/conf.d/99-nvidia.toml
//! version = 3
//! [plugins."io.containerd.cri.v1.runtime".containerd.runtimes.nvidia]
//!   runtime_type = "io.containerd.runc.v2"
//! [plugins."io.containerd.cri.v1.runtime".containerd.runtimes.nvidia.options]
//!   BinaryName = "/usr/bin/nvidia-container-runtime"
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
use crate::containerd::cri::Cri;
use crate::containerd::settings::{counts, is_imported, stands_alone};
use crate::containerd::shims::RUNC_V2;
use crate::containerd::systemd_cgroup::{old_switch, option, set_option};
use crate::kubelet;
use crate::order;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "systemd-cgroup-not-set",
    summary: "Runc runtime without `SystemdCgroup = true`",
    category: Category::Reliability,
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&containerd::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    let drivers = kubelet::on_node::cgroup_drivers(cx.node);
    if drivers.iter().any(|driver| driver.source.place().is_some()) || old_switch(cx.root).is_some() {
        return;
    }
    let cri = Cri::of(cx.root);
    let default = cri.default_runtime();
    let lacking = cri.runtimes().iter().filter(|runtime| is_runc(runtime) && lacks_option(cx, runtime));
    let mut lacking: Vec<&Entry> = lacking.collect();
    order::by_key(&mut lacking, |runtime| runtime.key != default);
    let Some((first, others)) = lacking.split_first() else { return };
    let (span, state) = match option(first) {
        Some(option) => (option.value.span, "false"),
        None => (first.key_span, "not set"),
    };
    let releases = counts(cx, cx.loaded, first);
    let path = cx.path_of(first);
    let fix = set_option(cx, first).map(|edits| Fix::new(Applicability::Unsafe, "Set SystemdCgroup = true", edits));
    let message = format!("the runtime `{}` does not use systemd's cgroups: SystemdCgroup is {state}", first.key);
    let finding = cx.report(span, message);
    finding
        .advice(releases)
        .key(path)
        .why(WHY)
        .help("Leave it where the kubelet uses the cgroupfs driver.")
        .maybe_fix(fix);
    for other in others {
        finding.label(other.key_span, "the same here");
    }
}

/// Whether the runtime's options are those of runc.
fn is_runc(runtime: &Entry) -> bool {
    match runtime.value.get("runtime_type") {
        Some(written) => written.as_str() == Some(RUNC_V2),
        None => runtime.key == "runc",
    }
}

/// Whether the option is off, and no misspelt one, which other rules report, tries to turn it on.
fn lacks_option(cx: &FileCx, runtime: &Entry) -> bool {
    if let Some(option) = option(runtime) {
        return option.value.as_bool() == Some(false);
    }
    let options = runtime.value.get("options");
    // The option may be in another file: a drop-in adds to what the main file sets.
    let is_known = stands_alone(cx) || (options.is_some() && !is_imported(cx));
    is_known && !has_similar(&runtime.value) && !options.is_some_and(has_similar)
}

fn has_similar(node: &Node) -> bool {
    let plain = |name: &str| name.to_ascii_lowercase().replace(['_', '-'], "");
    node.entries().iter().any(|entry| plain(&entry.key).contains("systemdcgroup"))
}

const WHY: &str = "The default is false. Beside a kubelet with the systemd driver, which is usual, two managers work \
                   on one cgroup tree: control plane containers are killed and restarted in a loop, and no message \
                   names the cause.";

//! # `cgroup-driver-mismatch`
//!
//! The kubelet and the runtime manage cgroups in different ways.
//!
//! ## Why
//!
//! Both must use systemd, or both cgroupfs. With the kubelet on cgroupfs and containerd on systemd no pod starts:
//! `expected cgroupsPath to be of format "slice:prefix:name" for systemd cgroups`. With the kubelet on systemd and
//! containerd on cgroupfs pods start in cgroups that systemd does not manage: limits and accounting are wrong, and
//! under load pods restart without a visible reason. The kubelet asks the runtime since 1.31, and containerd 2.0 and
//! later answer: then the settings may differ.
//!
//! ## What to do
//!
//! Use systemd on both sides: `cgroupDriver: systemd`, and `SystemdCgroup = true` in the options of the runtime.
//!
//! ## Examples
//!
//! ```toml bad containerd=1.7
//! --- /etc/containerd/config.toml
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
//!   runtime_type = "io.containerd.runc.v2"
//!   [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
//!     SystemdCgroup = false
//!                     ^^^^^
//! --- /var/lib/kubelet/config.yaml
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! cgroupDriver: systemd
//! ```
//!
//! ```toml fixed containerd=1.7
//! --- /etc/containerd/config.toml
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
//!   runtime_type = "io.containerd.runc.v2"
//!   [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
//!     SystemdCgroup = true
//! --- /var/lib/kubelet/config.yaml
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! cgroupDriver: systemd
//! ```
//!
//! ```toml bad containerd=1.7
//! --- /etc/containerd/config.toml
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
//!   runtime_type = "io.containerd.runc.v2"
//!   [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
//!     SystemdCgroup = true
//! --- /var/lib/kubelet/config.yaml
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! cgroupDriver: cgroupfs
//!               ^^^^^^^^
//! ```
//!
//! A file that has no word on the default runtime leaves it on cgroupfs:
//!
//! ```toml bad containerd=1.5
//! --- /etc/containerd/config.toml
//! [grpc]
//!   uid = 0
//! --- /var/lib/kubelet/config.yaml
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! cgroupDriver: systemd
//!               ^^^^^^^
//! ```
//!
//! With cri-dockerd it is Docker's driver that must agree:
//!
//! ```json bad docker=28 kubernetes=1.30
//! --- /etc/docker/daemon.json
//! { "exec-opts": ["native.cgroupdriver=cgroupfs"], "log-driver": "local" }
//!                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
//! --- /var/lib/kubelet/config.yaml
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! containerRuntimeEndpoint: unix:///run/cri-dockerd.sock
//! cgroupDriver: systemd
//! ```
//!
//! ```json fixed docker=28 kubernetes=1.30
//! --- /etc/docker/daemon.json
//! { "exec-opts": ["native.cgroupdriver=systemd"], "log-driver": "local" }
//! --- /var/lib/kubelet/config.yaml
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! containerRuntimeEndpoint: unix:///run/cri-dockerd.sock
//! cgroupDriver: systemd
//! ```
//!
//! ```toml good containerd=2.0..2.3
//! --- /etc/containerd/config.toml
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
//!   runtime_type = "io.containerd.runc.v2"
//!   [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
//!     SystemdCgroup = false
//! --- /var/lib/kubelet/config.yaml
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! cgroupDriver: systemd
//! ```
//!
//! ## References
//!
//! - containerd/containerd#7276, containerd/containerd#4857, kubernetes/kubernetes#43805,
//!   kubernetes/enhancements#4033
//! - Mirantis/cri-dockerd@246bd65:core/docker_service.go
//! - kubernetes/kubernetes@v1.34.0:cmd/kubelet/app/server.go (`getCgroupDriverFromCRI`)

use crate::containerd;
use crate::containerd::cri::Cri;
use crate::containerd::eras::CHECKS_LINUX_RUNTIME_SETTINGS;
use crate::containerd::imports::only_own_globs;
use crate::containerd::kind::CRI;
use crate::containerd::loader::{Effective, Leaf};
use crate::finding::Severity;
use crate::kind::Fact;
use crate::kubelet::kind::is_kubelet_main;
use crate::node::one_node::is_one_node;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "cgroup-driver-mismatch",
    summary: "Kubelet and runtime with different cgroup drivers",
    fix: Some(Applicability::Unsafe),
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

/// Releases of containerd that do not answer when the kubelet asks for the driver.
const DOES_NOT_ANSWER: Releases = Releases::containerd("..1.7");
/// Releases of the kubelet that do not ask.
const DOES_NOT_ASK: Releases = Releases::kubernetes("..1.30");
/// Releases with dockershim, which compares the two drivers and exits.
const HAS_DOCKERSHIM: Releases = Releases::kubernetes("..1.23");
/// Releases that talk to cri-dockerd and do not ask for the driver.
const DOES_NOT_ASK_CRI_DOCKERD: Releases = Releases::kubernetes("1.24..1.30");

/// The cgroup driver of the kubelet or the runtime.
struct CgroupDriver {
    is_systemd: bool,
    file: usize,
    span: Span,
    /// The setting, or the lack of it.
    text: String,
    /// Writes systemd, where that is one word.
    fix: Option<Fix>,
    /// Whether a file sets it. What no file sets has no place of its own.
    is_written: bool,
}

fn check(cx: &mut NodeCx) {
    if !is_one_node(cx.loaded) {
        return;
    }
    let Some(kubelet) = kubelet_driver(cx) else { return };
    let uses_docker = cx.facts().kubelet_uses_docker();
    let runtime = if uses_docker { docker_driver(cx) } else { containerd_driver(cx) };
    if let Some(runtime) = runtime.filter(|runtime| runtime.is_systemd != kubelet.is_systemd) {
        report(cx, kubelet, runtime, uses_docker);
    }
}

/// The flag wins over the file; a complete file without the field means cgroupfs.
fn kubelet_driver(cx: &NodeCx) -> Option<CgroupDriver> {
    let facts = cx.facts();
    if let Some((driver, file, span)) = facts.kubelet_cgroup_driver_flag.placed() {
        let text = format!("`--cgroup-driver={driver}`");
        return Some(CgroupDriver { is_systemd: driver == "systemd", file, span, text, fix: None, is_written: true });
    }
    if let Some(written) = written_driver(cx, &facts.kubelet_cgroup_driver, "cgroupDriver: ") {
        return Some(written);
    }
    // kubeadm writes the field into its own file. The lack of it counts only where the kubelet itself reads the file.
    let main = cx.loaded.files.iter().find(|file| is_kubelet_main(file) && file.name() == "config.yaml")?;
    let kind = main.doc.root.entry("kind")?;
    let has_drop_ins = facts.kubelet.len() > 1;
    (!has_drop_ins && main.path.contains("var/lib/kubelet/")).then(|| CgroupDriver {
        is_systemd: false,
        file: main.index,
        span: kind.key_span.to(kind.value.span),
        text: "no `cgroupDriver`, which means cgroupfs".to_owned(),
        fix: None,
        is_written: true,
    })
}

/// A driver that a file names.
fn written_driver(cx: &NodeCx, fact: &Fact<String>, name: &str) -> Option<CgroupDriver> {
    let (driver, file, span) = fact.placed()?;
    let written = span.of(cx.loaded.file(file)?.doc.text);
    let new = written.replacen(driver.as_str(), "systemd", 1);
    let fix = Some(Fix::edit(Applicability::Unsafe, "Use systemd", span, new));
    let text = format!("`{name}{driver}`");
    Some(CgroupDriver { is_systemd: driver == "systemd", file, span, text, fix, is_written: true })
}

fn docker_driver(cx: &NodeCx) -> Option<CgroupDriver> {
    written_driver(cx, &cx.facts().docker_cgroup_driver, "native.cgroupdriver=")
}

fn containerd_driver(cx: &NodeCx) -> Option<CgroupDriver> {
    let facts = cx.facts();
    if facts.kubelet_endpoint().get().is_some_and(|endpoint| endpoint.contains("crio")) {
        return None;
    }
    if let Some((is_systemd, file, span)) = facts.runtime_systemd_cgroup.placed() {
        let text = format!("`SystemdCgroup = {is_systemd}`");
        let fix = Some(Fix::edit(Applicability::Unsafe, "Use systemd", span, "true"));
        return Some(CgroupDriver { is_systemd: *is_systemd, file, span, text, fix, is_written: true });
    }
    let Some((name, file, span)) = facts.runtime_table.placed() else { return builtin_driver(cx) };
    let cri = Cri::of(cx.loaded.file(file)?.body());
    let runtime_type = cri.runtime(&["containerd", "runtimes", name, "runtime_type"])?.value.as_str();
    // Only runc's shim has the option.
    (runtime_type == Some("io.containerd.runc.v2")).then(|| CgroupDriver {
        is_systemd: false,
        file,
        span,
        text: format!("the runtime `{name}` without `SystemdCgroup`, which means cgroupfs"),
        fix: None,
        is_written: true,
    })
}

/// The driver of the built-in runtime, where no file has a word on it.
fn builtin_driver(cx: &NodeCx) -> Option<CgroupDriver> {
    let main = cx.loaded.files.iter().find(|file| containerd::is_main(cx.loaded, file))?;
    let configuration = cx.loaded.configuration_of(main.index)?;
    let is_known = configuration.files.iter().all(|file| only_own_globs(cx.loaded, file));
    let mut asked = configuration.releases.iter().filter(|one| one.release.is_in(CHECKS_LINUX_RUNTIME_SETTINGS));
    let is_default = is_known && asked.next().is_some() && asked.all(has_builtin_runtime);
    is_default.then(|| CgroupDriver {
        is_systemd: false,
        file: main.index,
        span: Span::empty(0),
        text: "no `SystemdCgroup`, which means cgroupfs".to_owned(),
        fix: None,
        is_written: false,
    })
}

/// Whether pods run with the runtime that containerd has without a configuration.
fn has_builtin_runtime(effective: &Effective) -> bool {
    let old_switch = effective.setting("runtime:systemd_cgroup").and_then(Leaf::as_bool);
    let default = effective.text("runtime:containerd.default_runtime_name");
    effective.runs(CRI)
        && old_switch != Some(true)
        && default.is_none_or(|name| name == "runc")
        && effective.table("runtime:containerd.default_runtime").is_none()
        && effective.runtimes().next().is_none()
}

/// Reports the mismatch at the side that must change to systemd.
fn report(cx: &mut NodeCx, kubelet: CgroupDriver, runtime: CgroupDriver, is_docker: bool) {
    let kubelet_must_change = runtime.is_systemd;
    let runtime_name = if is_docker { "Docker" } else { "containerd" };
    let help = if is_docker { help_docker(&kubelet.text, &runtime.text) } else { help(kubelet_must_change) };
    let is_at_kubelet = kubelet_must_change || !runtime.is_written;
    let (mut wrong, right, right_name) =
        if is_at_kubelet { (kubelet, runtime, runtime_name) } else { (runtime, kubelet, "the kubelet") };
    wrong.fix = wrong.fix.filter(|_| !wrong.is_systemd);
    let releases = [wrong.file, right.file].into_iter().filter_map(|file| cx.loaded.file(file)).map(|f| f.releases);
    let releases = releases.reduce(Releases::and).unwrap_or(Releases::ANY);
    let (kubelet_driver, runtime_driver) =
        if kubelet_must_change { ("cgroupfs", "systemd") } else { ("systemd", "cgroupfs") };
    let message = format!("the kubelet uses {kubelet_driver} for cgroups, but {runtime_name} uses {runtime_driver}");
    let finding = cx.report(wrong.file, wrong.span, message);
    finding.label_in(right.file, right.span, format!("{right_name} has {}", right.text)).help(help);
    if is_docker {
        finding
            .refused(HAS_DOCKERSHIM.and(releases))
            .harmful(DOES_NOT_ASK_CRI_DOCKERD.and(releases))
            .why(why_docker(kubelet_driver, runtime_driver));
    } else if kubelet_must_change {
        for releases in [DOES_NOT_ANSWER.and(releases), DOES_NOT_ASK.and(releases)] {
            finding.harmful(releases).breaks(BreakScope::EveryPod, "");
        }
        finding.why(WHY_NO_POD);
    } else {
        finding.harmful(DOES_NOT_ANSWER.and(releases)).harmful(DOES_NOT_ASK.and(releases)).why(WHY_TWO_MANAGERS);
        // Pods run until the node is short of memory: the two managers then work against each other.
        finding.severity_override = Some(Severity::Error);
    }
    finding.maybe_fix(wrong.fix);
}

fn help(kubelet_must_change: bool) -> String {
    let change = if kubelet_must_change {
        "Set `cgroupDriver: systemd` for the kubelet (or change the flag), then restart it on a drained node."
    } else {
        "Set `SystemdCgroup = true` in the options of the runtime, then restart containerd on a drained node."
    };
    change.to_owned()
}

fn help_docker(kubelet: &str, docker: &str) -> String {
    format!("Make {kubelet} and {docker} agree, on systemd where the node boots with it.")
}

fn why_docker(kubelet: &str, docker: &str) -> String {
    format!(
        "dockershim, and cri-dockerd with the kubelet's driver in its flags, do not start: \
         `misconfiguration: kubelet cgroup driver: \"{kubelet}\" is different from docker cgroup driver: \
         \"{docker}\"`. Without that check pods fail or run in the wrong cgroups."
    )
}

const WHY_NO_POD: &str = "No pod starts: `expected cgroupsPath to be of format \"slice:prefix:name\" for systemd \
    cgroups`. containerd 2.0 and later report their driver to a kubelet from 1.31 on; without that, the two \
    settings must agree.";
const WHY_TWO_MANAGERS: &str = "Pods run in cgroups that systemd does not manage: two managers write the same tree, \
    limits and accounting are wrong, and under load pods restart. containerd 2.0 and later report their driver to a \
    kubelet from 1.31 on; without that, the two settings must agree.";

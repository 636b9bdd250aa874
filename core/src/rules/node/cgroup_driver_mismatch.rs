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
use crate::containerd::runc_driver::{RuncDriver, drivers};
use crate::docker;
use crate::finding::Severity;
use crate::kind::{NodeValue, SettingPlace, ValueSource};
use crate::kubelet::feature_gates;
use crate::kubelet::on_node::{cgroup_drivers, place_of_default, written_endpoint};
use crate::node::one_node::is_one_node;
use crate::node::runtime::uses_docker;
use crate::rules::prelude::*;
use crate::systemd::flags::{self, Program};

pub(crate) const RULE: Rule = Rule {
    id: "cgroup-driver-mismatch",
    summary: "Kubelet and runtime with different cgroup drivers",
    fix: Some(Applicability::Unsafe),
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

/// Releases of containerd that do not answer when the kubelet asks for the driver.
const DOES_NOT_ANSWER: Releases = Releases::containerd("..1.7");
/// The gate of the kubelet that asks the runtime for the driver.
const ASKS: &str = "KubeletCgroupDriverFromCRI";
/// Releases with dockershim, which compares the two drivers and exits.
const HAS_DOCKERSHIM: Releases = Releases::kubernetes("..1.23");
/// Releases that talk to cri-dockerd.
const HAS_CRI_DOCKERD: Releases = Releases::kubernetes("1.24..");

/// The cgroup driver of the kubelet or the runtime.
#[derive(Clone, PartialEq)]
struct CgroupDriver {
    is_systemd: bool,
    /// Nothing for a runtime of which no file sets anything.
    place: Option<(usize, Span)>,
    /// The setting, or the lack of it.
    text: String,
    /// Writes systemd, where that is one word.
    fix: Option<Fix>,
}

/// A driver with the releases of its daemon that have it.
type InReleases = (CgroupDriver, Releases);

fn check(cx: &mut NodeCx) {
    if !is_one_node(cx.loaded) {
        return;
    }
    let kubelet: Vec<InReleases> = kubelet_drivers(cx);
    if kubelet.is_empty() {
        return;
    }
    let is_docker = uses_docker(cx.loaded);
    let runtime = if is_docker { docker_drivers(cx) } else { containerd_drivers(cx) };
    let mut mismatches: Vec<(&CgroupDriver, &CgroupDriver, Vec<Releases>)> = vec![];
    for (kubelet, own) in &kubelet {
        for (runtime, others) in runtime.iter().filter(|(runtime, _)| runtime.is_systemd != kubelet.is_systemd) {
            let releases = own.and(*others);
            match mismatches.iter_mut().find(|(a, b, _)| a.place == kubelet.place && b.place == runtime.place) {
                Some((.., all)) => all.push(releases),
                None => mismatches.push((kubelet, runtime, vec![releases])),
            }
        }
    }
    for (kubelet, runtime, releases) in mismatches {
        report(cx, kubelet.clone(), runtime.clone(), &releases, is_docker);
    }
}

fn kubelet_drivers(cx: &NodeCx) -> Vec<InReleases> {
    let driver = |value: &NodeValue| {
        let of = |place, text, fix| CgroupDriver { is_systemd: value.text == "systemd", place, text, fix };
        let driver = match value.source {
            ValueSource::Flag(place) => {
                of(Some((place.file, place.key)), format!("`--cgroup-driver={}`", value.text), None)
            }
            ValueSource::File(place) => written(cx, &value.text, place, "cgroupDriver: "),
            ValueSource::Default => {
                let default = value.default_of(Product::Kubernetes)?;
                let text = format!("no `cgroupDriver`, which means cgroupfs, the {default}");
                let place = place_of_default(cx.loaded)?;
                of(Some((place.file, place.value)), text, None)
            }
        };
        Some((driver, Releases::ANY.with(Product::Kubernetes, value.releases)))
    };
    cgroup_drivers(cx.loaded).iter().filter_map(driver).collect()
}

/// A driver that a file names.
fn written(cx: &NodeCx, driver: &str, place: SettingPlace, name: &str) -> CgroupDriver {
    let new = cx.loaded.file(place.file).map(|file| place.value.of(file.doc.text).replacen(driver, "systemd", 1));
    CgroupDriver {
        is_systemd: driver == "systemd",
        place: Some((place.file, place.value)),
        text: format!("`{name}{driver}`"),
        fix: new.map(|new| Fix::edit(Applicability::Unsafe, "Use systemd", place.value, new)),
    }
}

fn docker_drivers(cx: &NodeCx) -> Vec<InReleases> {
    let driver = |value: NodeValue| {
        let mut driver = match value.source.place() {
            Some(place) => written(cx, &value.text, place, "native.cgroupdriver="),
            None => CgroupDriver { is_systemd: false, place: None, text: of_release(&value), fix: None },
        };
        if let ValueSource::Flag(_) = value.source {
            driver.fix = None;
        }
        (driver, Releases::ANY.with(Product::Docker, value.releases))
    };
    docker::on_node::cgroup_driver(cx.loaded).into_iter().map(driver).collect()
}

fn of_release(value: &NodeValue) -> String {
    format!("`{}`, the {}", value.text, value.default_of(Product::Docker).unwrap_or_default())
}

fn containerd_drivers(cx: &NodeCx) -> Vec<InReleases> {
    if written_endpoint(cx.loaded).is_some_and(|(endpoint, _)| endpoint.contains("crio")) {
        return vec![];
    }
    let driver = |RuncDriver { is_systemd, releases, source, runtime }: RuncDriver| {
        let driver = match (source.place(), runtime) {
            (Some(place), _) => CgroupDriver {
                is_systemd,
                place: Some((place.file, place.value)),
                text: format!("`SystemdCgroup = {is_systemd}`"),
                fix: Some(Fix::edit(Applicability::Unsafe, "Use systemd", place.value, "true")),
            },
            (None, runtime) => {
                let releases = releases.describe(Product::Containerd);
                let default = format!("`SystemdCgroup`, which means cgroupfs, the default of containerd {releases}");
                let (place, text) = match runtime {
                    Some((name, place)) => {
                        (Some((place.file, place.value)), format!("the runtime `{name}` without {default}"))
                    }
                    None => (None, format!("no {default}")),
                };
                CgroupDriver { is_systemd, place, text, fix: None }
            }
        };
        (driver, Releases::ANY.with(Product::Containerd, releases))
    };
    drivers(cx.loaded).into_iter().map(driver).collect()
}

/// The place of a driver of which no file sets anything: the start of the daemon's main file, or of its unit.
fn place_of_containerd(cx: &NodeCx) -> Option<(usize, Span)> {
    let files = &cx.loaded.files;
    let main = files.iter().copied().find(|file| containerd::is_main(cx.loaded, file));
    let file = main.or_else(|| flags::starts(files, Program::Containerd))?;
    Some((file.index, Span::empty(0)))
}

/// Reports the mismatch at the side that must change to systemd.
fn report(cx: &mut NodeCx, kubelet: CgroupDriver, runtime: CgroupDriver, pairs: &[Releases], is_docker: bool) {
    let kubelet_must_change = runtime.is_systemd;
    let runtime_name = if is_docker { "Docker" } else { "containerd" };
    let help = if is_docker { help_docker(&kubelet.text, &runtime.text) } else { help(kubelet_must_change) };
    let is_at_kubelet = kubelet_must_change || runtime.place.is_none();
    let (mut wrong, right, right_name) =
        if is_at_kubelet { (kubelet, runtime, runtime_name) } else { (runtime, kubelet, "the kubelet") };
    wrong.fix = wrong.fix.filter(|_| !wrong.is_systemd);
    let Some((file, span)) = wrong.place else { return };
    let (kubelet_driver, runtime_driver) =
        if kubelet_must_change { ("cgroupfs", "systemd") } else { ("systemd", "cgroupfs") };
    let asking = feature_gates::on_node(cx.loaded, ASKS);
    let does_not_ask = Releases::ANY.with(Product::Kubernetes, asking.complement());
    let label = right.place.or_else(|| place_of_containerd(cx).filter(|_| !is_docker));
    let message = format!("the kubelet uses {kubelet_driver} for cgroups, but {runtime_name} uses {runtime_driver}");
    let finding = cx.report(file, span, message);
    match label {
        Some((file, span)) => finding.label_in(file, span, format!("{right_name} has {}", right.text)).help(help),
        None => finding.help(format!("{help} {right_name} has {}.", right.text)),
    };
    for releases in pairs {
        if is_docker {
            finding
                .refused(HAS_DOCKERSHIM.and(*releases))
                .harmful(HAS_CRI_DOCKERD.and(does_not_ask).and(*releases))
                .why(why_docker(kubelet_driver, runtime_driver));
            continue;
        }
        for releases in [DOES_NOT_ANSWER.and(*releases), does_not_ask.and(*releases)] {
            finding.harmful(releases);
            if kubelet_must_change {
                finding.breaks(BreakScope::EveryPod, "");
            }
        }
        finding.why(if kubelet_must_change { WHY_NO_POD } else { WHY_TWO_MANAGERS });
        if !kubelet_must_change {
            // Pods run until the node is short of memory: the two managers then work against each other.
            finding.severity_override = Some(Severity::Error);
        }
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

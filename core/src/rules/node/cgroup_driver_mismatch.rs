//! # `cgroup-driver-mismatch`
//!
//! The kubelet and the runtime manage cgroups in different ways.
//!
//! ## Why
//!
//! Both must use systemd, or both cgroupfs. With the kubelet on cgroupfs and containerd on systemd no pod starts:
//! `expected cgroupsPath to be of format "slice:prefix:name" for systemd cgroups`. The other way round pods start in
//! cgroups that systemd knows nothing about: limits and accounting are wrong, and under load pods restart without a
//! reason that anybody sees. Since 1.31 the kubelet asks the runtime, and containerd 2.0 and later answer: then
//! nothing is wrong.
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
//! With cri-dockerd it is Docker's driver that must agree:
//!
//! ```json bad docker=28 kubernetes=1.30
//! --- /etc/docker/daemon.json
//! { "exec-opts": ["native.cgroupdriver=cgroupfs"], "log-driver": "json-file", "log-opts": { "max-size": "10m", "max-file": "3" } }
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
//! { "exec-opts": ["native.cgroupdriver=systemd"], "log-driver": "json-file", "log-opts": { "max-size": "10m", "max-file": "3" } }
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

use crate::containerd::cri::Cri;
use crate::kubelet::kind::is_kubelet_main;
use crate::node::one_node::is_one_node;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "cgroup-driver-mismatch",
    summary: "The kubelet and the runtime use different cgroup drivers",
    fix: Some(Applicability::Unsafe),
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

/// It does not answer when the kubelet asks for its driver.
const SILENT_RUNTIME: Releases = Releases::containerd("..1.7");
/// They do not ask.
const SILENT_KUBELET: Releases = Releases::kubernetes("..1.30");
/// dockershim compares the two and exits.
const DOCKERSHIM: Releases = Releases::kubernetes("..1.23");
const CRI_DOCKERD: Releases = Releases::kubernetes("1.24..1.30");

/// What one side says.
struct Side {
    /// Systemd rather than cgroupfs.
    systemd: bool,
    file: usize,
    span: Span,
    /// As the user wrote it, or left it out.
    text: String,
    /// Writes systemd, where that is one word.
    fix: Option<Fix>,
}

fn check(cx: &mut NodeCx) {
    if !is_one_node(cx.loaded) {
        return;
    }
    let Some(kubelet) = kubelet_side(cx) else { return };
    if uses_docker(cx) {
        if let Some(docker) = docker_side(cx).filter(|d| d.systemd != kubelet.systemd) {
            report(cx, kubelet, docker, true);
        }
    } else if let Some(runtime) = containerd_side(cx).filter(|c| c.systemd != kubelet.systemd) {
        report(cx, kubelet, runtime, false);
    }
}

/// The flag wins over the file; a complete file without the field means cgroupfs.
fn kubelet_side(cx: &NodeCx) -> Option<Side> {
    let facts = cx.facts();
    if let Some((driver, file, span)) = facts.kubelet_cgroup_driver_flag.said() {
        return Some(Side {
            systemd: driver == "systemd",
            file,
            span,
            text: format!("`--cgroup-driver={driver}`"),
            fix: None,
        });
    }
    if let Some((driver, file, span)) = facts.kubelet_cgroup_driver.said() {
        let written = span.of(cx.loaded.file(file)?.doc.text);
        let fix =
            Fix::edit(Applicability::Unsafe, "Use systemd", span, written.replacen(driver.as_str(), "systemd", 1));
        return Some(Side {
            systemd: driver == "systemd",
            file,
            span,
            text: format!("`cgroupDriver: {driver}`"),
            fix: Some(fix),
        });
    }
    // kubeadm writes the field. Only where the kubelet itself reads the file does it count that it is not there.
    let main = cx.loaded.files.iter().find(|file| is_kubelet_main(file) && file.name() == "config.yaml")?;
    let kind = main.doc.root.entry("kind")?;
    let drop_ins = facts.kubelet.len() > 1;
    (!drop_ins && main.path.contains("var/lib/kubelet/")).then(|| Side {
        systemd: false,
        file: main.index,
        span: kind.key_span.to(kind.value.span),
        text: "no `cgroupDriver`, which means cgroupfs".to_owned(),
        fix: None,
    })
}

/// Whether the kubelet talks to Docker, as far as its endpoint or the lack of containerd tells.
fn uses_docker(cx: &NodeCx) -> bool {
    let facts = cx.facts();
    let endpoint = facts.runtime_endpoint_flag.get().or(facts.runtime_endpoint.get());
    match endpoint {
        Some(endpoint) => endpoint.contains("docker"),
        None => facts.containerd.is_empty() && !facts.docker.is_empty(),
    }
}

fn containerd_side(cx: &NodeCx) -> Option<Side> {
    let facts = cx.facts();
    let endpoint = facts.runtime_endpoint_flag.get().or(facts.runtime_endpoint.get());
    if endpoint.is_some_and(|e| e.contains("crio")) {
        return None;
    }
    if let Some((systemd, file, span)) = facts.runtime_systemd_cgroup.said() {
        let fix = Fix::edit(Applicability::Unsafe, "Use systemd", span, "true");
        return Some(Side {
            systemd: *systemd,
            file,
            span,
            text: format!("`SystemdCgroup = {systemd}`"),
            fix: Some(fix),
        });
    }
    let (name, file, span) = facts.runtime_table.said()?;
    let cri = Cri::of(cx.loaded.file(file)?.body());
    let kind = cri.runtime(&["containerd", "runtimes", name, "runtime_type"]).and_then(|e| e.value.as_str());
    // Only runc's shim has the option.
    (kind == Some("io.containerd.runc.v2")).then(|| Side {
        systemd: false,
        file,
        span,
        text: format!("the runtime `{name}` without `SystemdCgroup`, which means cgroupfs"),
        fix: None,
    })
}

fn docker_side(cx: &NodeCx) -> Option<Side> {
    let (driver, file, span) = cx.facts().docker_cgroup_driver.said()?;
    let text = format!("`native.cgroupdriver={driver}`");
    let written = span.of(cx.loaded.file(file)?.doc.text);
    let fix = Fix::edit(Applicability::Unsafe, "Use systemd", span, written.replacen(driver.as_str(), "systemd", 1));
    Some(Side { systemd: driver == "systemd", file, span, text, fix: Some(fix) })
}

fn report(cx: &mut NodeCx, kubelet: Side, runtime: Side, docker: bool) {
    // The finding stands where systemd is to be written.
    let kubelet_is_wrong = runtime.systemd;
    let (runtime_name, kubelet_text, runtime_text) =
        (if docker { "Docker" } else { "containerd" }, kubelet.text.clone(), runtime.text.clone());
    let (wrong, right) = if kubelet_is_wrong { (kubelet, runtime) } else { (runtime, kubelet) };
    let readers = [wrong.file, right.file].into_iter().filter_map(|i| cx.loaded.file(i)).map(|f| f.releases);
    let readers = readers.reduce(Releases::and).unwrap_or(Releases::ANY);
    let (kubelet_driver, docker_driver) =
        if kubelet_is_wrong { ("cgroupfs", "systemd") } else { ("systemd", "cgroupfs") };
    let message = if kubelet_is_wrong {
        format!("the kubelet uses cgroupfs and {runtime_name} systemd for cgroups")
    } else {
        format!("the kubelet uses systemd and {runtime_name} cgroupfs for cgroups")
    };
    let finding = cx.report(wrong.file, wrong.span, message);
    finding.label_in(
        right.file,
        right.span,
        format!("{} says {}", if kubelet_is_wrong { runtime_name } else { "the kubelet" }, right.text),
    );
    match (docker, kubelet_is_wrong) {
        (true, _) => finding
            .refused(DOCKERSHIM.and(readers))
            .harmful(CRI_DOCKERD.and(readers))
            .why(format!(
                "dockershim, and cri-dockerd that is told the kubelet's driver, do not start: `misconfiguration: kubelet cgroup driver: \"{kubelet_driver}\" is different from docker cgroup driver: \"{docker_driver}\"`. Else pods fail or run in the wrong cgroups."
            )),
        (false, true) => finding
            .failed(SILENT_RUNTIME.and(readers))
            .failed(SILENT_KUBELET.and(readers))
            .why("No pod starts: `expected cgroupsPath to be of format \"slice:prefix:name\" for systemd cgroups`. containerd 2.0 and later tell a kubelet from 1.31 on which driver they use; without that, the two settings must agree."),
        (false, false) => finding
            .harmful(SILENT_RUNTIME.and(readers))
            .harmful(SILENT_KUBELET.and(readers))
            .why("Pods run in cgroups that systemd does not know: two managers write the same tree, limits and accounting go wrong, and under load pods restart. containerd 2.0 and later tell a kubelet from 1.31 on which driver they use; without that, the two settings must agree."),
    };
    finding.help(if docker {
        format!("Make {kubelet_text} and {runtime_text} agree, on systemd where the host boots with it.")
    } else if kubelet_is_wrong {
        "Set `cgroupDriver: systemd` for the kubelet (or change the flag), then restart it on a drained node."
            .to_owned()
    } else {
        "Set `SystemdCgroup = true` in the options of the runtime, then restart containerd on a drained node."
            .to_owned()
    });
    finding.maybe_fix(wrong.fix);
}

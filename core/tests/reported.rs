//! Faults that reports describe, beside the examples of their rules: where the same fault is found, and which configurations work.

#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

use crilint_core::engine::{Options, Source};
use crilint_core::{Finding, check};

const MAIN: &str = "/etc/containerd/config.toml";
const DOCKER: &str = "/etc/docker/daemon.json";
const KUBELET: &str = "/var/lib/kubelet/config.yaml";
const CNI: &str = "version = 2\n[plugins.\"io.containerd.grpc.v1.cri\".cni]\n  max_conf_num = 2\n";

#[test]
fn files_that_no_import_names_are_found_in_any_folder() {
    let main = "version = 2\n";
    for (path, is_found) in [
        ("/etc/containerd/conf.d/a.toml", true),
        ("/etc/containerd/config.d/a.toml", true),
        ("/etc/containerd/nvidia/a.toml", true),
        ("/etc/containerd/nvidia.toml", false),
        ("/etc/containerd/config.backup.toml", false),
        ("/srv/other.toml", false),
    ] {
        let found = run(&[(MAIN, main), (path, CNI)], &[], "drop-in-not-imported");
        assert_eq!(!found.is_empty(), is_found, "{path}: {found:#?}");
    }
    let none = |files: &[(&str, &str)]| {
        let found = run(files, &[], "drop-in-not-imported");
        assert!(found.is_empty(), "{files:?}: {found:#?}");
    };
    let imported = "version = 2\nimports = [\"/etc/containerd/config.d/*.toml\"]\n";
    none(&[(MAIN, imported), ("/etc/containerd/config.d/a.toml", CNI)]);
    none(&[
        (MAIN, main),
        ("/etc/containerd/runsc.toml", "log_path = \"/var/log/runsc/%ID%/\"\n[runsc_config]\n  platform = \"kvm\"\n"),
    ]);
    none(&[
        (MAIN, main),
        ("/etc/containerd/certs.d/docker.io/hosts.toml", "server = \"https://registry-1.docker.io\"\n"),
    ]);
    none(&[("/etc/k0s/containerd.toml", main), ("/etc/k0s/containerd.d/a.toml", CNI)]);
}

#[test]
fn lazy_snapshotters_need_annotations_in_the_releases_that_disable_them() {
    let file = |lines: &str, proxy: &str| {
        format!(
            "version = 2\n[plugins.\"io.containerd.grpc.v1.cri\".containerd]\n  snapshotter = \"nydus\"\n{lines}\
             [plugins.\"io.containerd.grpc.v1.cri\".containerd.runtimes.runc]\n  \
             runtime_type = \"io.containerd.runc.v2\"\n[proxy_plugins.nydus]\n  type = \"snapshot\"\n  \
             address = \"/run/n.sock\"\n{proxy}"
        )
    };
    let count = |text: &str, target| run(&[(MAIN, text)], &[target], "snapshot-annotations-disabled").len();
    assert_eq!(count(&file("", ""), "containerd=1.3"), 0);
    assert_eq!(count(&file("", ""), "containerd=1.6"), 1);
    assert_eq!(count(&file("  disable_snapshot_annotations = true\n", ""), "containerd=2.2"), 1);
    assert_eq!(count(&file("  disable_snapshot_annotations = false\n", ""), "containerd=1.6..2.2"), 0);
    let exports = "  exports = { enable_remote_snapshot_annotations = \"true\" }\n";
    assert_eq!(count(&file("", exports), "containerd=1.7"), 1);
    assert_eq!(count(&file("", exports), "containerd=2.2"), 0);
    assert_eq!(count(&file("", "").replace("nydus", "fuse-overlayfs"), "containerd=1.7"), 0);
}

#[test]
fn the_old_runtime_counts_only_where_pods_run_with_it() {
    let plugin = "[plugins.\"io.containerd.runtime.v1.linux\"]\n  runtime = \"/usr/bin/crun\"\n";
    let count = |text: &str, target| run(&[(MAIN, text)], &[target], "linux-plugin-unused").len();
    assert_eq!(count(&format!("version = 2\n{plugin}"), "containerd=1.5"), 1);
    let with_type = format!(
        "version = 2\n{plugin}[plugins.\"io.containerd.grpc.v1.cri\".containerd.runtimes.old]\n  \
         runtime_type = \"io.containerd.runtime.v1.linux\"\n"
    );
    assert_eq!(count(&with_type, "containerd=1.5"), 0);
    let docker = format!("version = 2\ndisabled_plugins = [\"io.containerd.grpc.v1.cri\"]\n{plugin}");
    assert_eq!(count(&docker, "containerd=1.5"), 0);
}

#[test]
fn networks_of_docker_are_compared_in_any_order() {
    let pools = |bases: &[&str]| {
        let pools: Vec<_> = bases.iter().map(|base| format!("{{\"base\": \"{base}\", \"size\": 28}}")).collect();
        let text = format!("{{\"default-address-pools\": [{}]}}", pools.join(", "));
        let found = run(&[(DOCKER, &text)], &[], "address-pool-overlap");
        found.iter().map(|finding| finding.span.of(&text).trim_matches('"').to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(pools(&["10.1.0.0/16", "10.0.0.0/8", "10.2.0.0/16"]), ["10.1.0.0/16", "10.2.0.0/16"]);
    assert_eq!(pools(&["10.0.0.0/16", "10.0.0.0/16"]), ["10.0.0.0/16"]);
    assert_eq!(pools(&["10.0.0.0/16", "10.1.0.0/16", "192.168.0.0/16"]), [""; 0]);
    let count = |text: &str, rule| run(&[(DOCKER, text)], &[], rule).len();
    assert_eq!(
        count("{\"bip\": \"169.254.1.1/24\", \"fixed-cidr\": \"169.254.1.0/25\"}", "link-local-address-range"),
        1
    );
    assert_eq!(count("{\"bip\": \"10.9.0.1/24\", \"fixed-cidr\": \"10.9.0.0/16\"}", "fixed-cidr-outside-bip"), 1);
    assert_eq!(count("{\"fixed-cidr\": \"10.9.0.0/16\"}", "fixed-cidr-outside-bip"), 0);
    assert_eq!(count("{\"live-restore\": true, \"node-generic-resources\": [\"gpu=1\"]}", "live-restore-in-swarm"), 1);
    assert_eq!(count("{\"live-restore\": true, \"node-generic-resources\": []}", "live-restore-in-swarm"), 0);
}

#[test]
fn a_reserved_cgroup_counts_where_it_is_enforced() {
    let file = |driver: &str, enforced: &str, cgroup: &str| {
        kubelet(&format!(
            "cgroupDriver: {driver}\nenforceNodeAllocatable: [pods, {enforced}]\n{cgroup}\nsystemReserved: {{cpu: 1000m}}"
        ))
    };
    let effects = |text: &str| {
        let found = run(&[(KUBELET, text)], &[], "reserved-cgroup-not-slice");
        found.iter().map(|finding| finding.effect().id()).collect::<Vec<_>>()
    };
    let service = "systemReservedCgroup: /system.slice/sshd.service";
    assert_eq!(effects(&file("systemd", "system-reserved", service)), ["refused"]);
    assert_eq!(effects(&file("cgroupfs", "system-reserved", service)), ["harmful"]);
    assert_eq!(effects(&file("systemd", "kube-reserved", service)), [""; 0]);
    for slice in ["/system.slice", "/system", "system.slice", "/a.slice/a-b.slice"] {
        assert_eq!(effects(&file("systemd", "system-reserved", &format!("systemReservedCgroup: {slice}"))), [""; 0]);
    }
}

#[test]
fn only_what_sorts_behind_the_drop_in_of_the_kubelet_shortens_a_shutdown() {
    let kubelet = kubelet("shutdownGracePeriod: 1m\nshutdownGracePeriodCriticalPods: 10s");
    let count = |path: &str, delay: &str| {
        let text = format!("[Login]\nInhibitDelayMaxSec={delay}\n");
        run(&[(KUBELET, &kubelet), (path, &text)], &[], "inhibit-delay-too-short").len()
    };
    assert_eq!(count("/etc/systemd/logind.conf.d/zz.conf", "30"), 1);
    assert_eq!(count("/usr/lib/systemd/logind.conf.d/99-zz.conf", "59s"), 1);
    assert_eq!(count("/etc/systemd/logind.conf.d/zz.conf", "1min"), 0);
    assert_eq!(count("/etc/systemd/logind.conf.d/zz.conf", "infinity"), 0);
    assert_eq!(count("/etc/systemd/logind.conf.d/10-site.conf", "5"), 0);
    assert_eq!(count("/etc/systemd/logind.conf", "5"), 0);
}

/// `-c` of a shell is not `-c` of containerd, and `-n` of nice is not a flag of the kubelet.
#[test]
fn the_flags_behind_a_wrapper_are_those_of_the_program() {
    let found = |path: &str, command: &str, rule: &str| {
        let unit = format!("[Service]\n{command}\n");
        run(&[(path, &unit)], &[], rule).len()
    };
    let (containerd, kubelet) = ("/etc/systemd/system/containerd.service", "/etc/systemd/system/kubelet.service");
    for command in ["ExecStartPre=/bin/sh -c \"modprobe x\"", "ExecStart=/bin/sh -c \"exec containerd\""] {
        assert_eq!(found(containerd, command, "file-not-read") + found(containerd, command, "config-file-absent"), 0);
    }
    assert_eq!(
        found(kubelet, "ExecStart=/usr/bin/nice --adjustment=5 /usr/bin/kubelet --max-pods=5", "flag-unknown"),
        0
    );
    assert_eq!(
        found(kubelet, "ExecStart=/usr/bin/nice --adjustment=5 /usr/bin/kubelet --max-pod=5", "flag-unknown"),
        1
    );
}

fn kubelet(settings: &str) -> String {
    format!("apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n{settings}\n")
}

/// The findings of a rule.
fn run(files: &[(&str, &str)], targets: &[&str], rule: &str) -> Vec<Finding> {
    let sources: Vec<_> = files.iter().map(|(path, text)| Source { path, text, ..Source::default() }).collect();
    let mut options = Options::default();
    targets.iter().for_each(|target| options.target.add(target).unwrap());
    let mut findings = check(&sources, &options).findings;
    findings.retain(|finding| finding.rule == rule);
    findings
}

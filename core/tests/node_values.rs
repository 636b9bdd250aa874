//! Rules over several files compare what holds on the node in the end: a flag, a drop-in, a file, or the default of the
//! release.

#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

use crilint_core::engine::{Options, Source};
use crilint_core::kind::FileAttributes;
use crilint_core::{Finding, Severity, check};

const CONTAINERD: &str = "/etc/containerd/config.toml";
const CONTAINERD_UNIT: &str = "/usr/lib/systemd/system/containerd.service";
const KUBELET: &str = "/var/lib/kubelet/config.yaml";
const DROP_IN: &str = "/etc/kubernetes/kubelet.conf.d/10.conf";
const FLAGS: &str = "/var/lib/kubelet/kubeadm-flags.env";
const KUBELET_UNIT: &str = "/etc/systemd/system/kubelet.service";
const DOCKER: &str = "/etc/docker/daemon.json";
const DOCKER_UNIT: &str = "/usr/lib/systemd/system/docker.service";
const UNIT: &str = "[Service]\nExecStart=/usr/bin/containerd\n";

fn kubelet(fields: &str) -> String {
    format!("apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n{fields}\n")
}

fn flags(words: &str) -> String {
    format!("KUBELET_KUBEADM_ARGS=\"{words}\"\n")
}

/// The findings of a rule on a node: `is_read` is whether the files were read from the node itself, so that what is not
/// among them is not there.
fn find(files: &[(&str, &str)], is_read: bool, targets: &[&str], rule: &str) -> Vec<Finding> {
    let attributes = is_read.then_some(FileAttributes { mode: 0o644, owner: 0, group: 0 });
    let source = |(path, text)| Source { path, text, attributes, ..Source::default() };
    let sources: Vec<Source<'_>> = files.iter().map(|(path, text)| source((*path, *text))).collect();
    let mut options = Options::default();
    targets.iter().for_each(|target| options.target.add(target).unwrap());
    let mut findings = check(&sources, &options).findings;
    findings.retain(|finding| finding.rule == rule);
    findings
}

/// The finding as one line, with its place and what its labels state.
fn line(files: &[(&str, &str)], findings: &[Finding]) -> String {
    let of = |finding: &Finding| {
        let (path, text) = files[finding.file];
        let labels: Vec<&str> = finding.labels.iter().map(|label| label.text.as_str()).collect();
        let severity = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "info",
        };
        let name = path.rsplit('/').next().unwrap();
        format!("{severity} {name} {:?}: {} ({})", finding.span.of(text), finding.message, labels.join("; "))
    };
    findings.iter().map(of).collect::<Vec<_>>().join("\n")
}

const DRIVER: &str = "cgroup-driver-mismatch";

fn drivers(files: &[(&str, &str)], is_read: bool, targets: &[&str]) -> String {
    line(files, &find(files, is_read, targets, DRIVER))
}

#[test]
fn the_default_cgroup_driver_of_containerd_counts_where_the_daemon_is_on_the_node() {
    let systemd = kubelet("cgroupDriver: systemd");
    let old = ["containerd=1.6", "kubernetes=1.30"];
    let expected = "error config.yaml \"systemd\": the kubelet uses systemd for cgroups, but containerd uses cgroupfs";
    // A file without a runtime table.
    let files = [(CONTAINERD, "version = 2\n"), (KUBELET, systemd.as_str())];
    let found = drivers(&files, false, &old);
    assert!(found.starts_with(expected), "{found}");
    assert!(found.contains("which means cgroupfs, the default of containerd 1.6"), "{found}");
    // No file at all, but the unit.
    let files = [(CONTAINERD_UNIT, UNIT), (KUBELET, systemd.as_str())];
    let found = drivers(&files, true, &old);
    assert!(found.starts_with(expected), "{found}");
    assert!(found.contains("the default of containerd 1.6"), "{found}");
    assert_eq!(drivers(&files, false, &old), found);
    // The configuration of the unit is another one.
    let other = "[Service]\nExecStart=/usr/bin/containerd --config /opt/containerd.toml\n";
    assert_eq!(drivers(&[(CONTAINERD_UNIT, other), (KUBELET, &systemd)], true, &old), "");
    // A drop-in alone shows no command line.
    let drop_in =
        ("/etc/systemd/system/containerd.service.d/10.conf", "[Service]\nEnvironment=CONTAINERD_CONFIG=/x.toml\n");
    assert_eq!(drivers(&[drop_in, (KUBELET, &systemd)], true, &old), "");
    // No containerd on the node.
    assert_eq!(drivers(&[(KUBELET, &systemd)], true, &old), "");
    // The kubelet asks, and containerd answers.
    assert_eq!(drivers(&files, true, &["containerd=2.0..", "kubernetes=1.31.."]), "");
    assert_ne!(drivers(&files, true, &["containerd=2.0..", "kubernetes=1.30"]), "");
}

#[test]
fn the_gate_decides_whether_the_kubelet_asks_for_the_driver() {
    let file =
        |gate: &str| kubelet(&format!("cgroupDriver: systemd\nfeatureGates: {{KubeletCgroupDriverFromCRI: {gate}}}"));
    let (on, off) = (file("true"), file("false"));
    let unit = (CONTAINERD_UNIT, UNIT);
    let targets = ["containerd=2.0..", "kubernetes=1.28..1.33"];
    assert_eq!(drivers(&[unit, (KUBELET, &on)], true, &targets), "");
    assert_ne!(drivers(&[unit, (KUBELET, &off)], true, &targets), "");
    // Locked.
    assert_eq!(drivers(&[unit, (KUBELET, &off)], true, &["containerd=2.0..", "kubernetes=1.34.."]), "");
}

#[test]
fn the_cgroup_driver_of_the_kubelet_is_that_of_flag_drop_in_file_or_default() {
    const SYSTEMD: &str = "version = 2\n[plugins.\"io.containerd.grpc.v1.cri\".containerd.runtimes.runc]\n  \
        runtime_type = \"io.containerd.runc.v2\"\n  options = { SystemdCgroup = true }\n";
    let old = ["containerd=1.7", "kubernetes=1.30"];
    let (systemd, cgroupfs, none) =
        (kubelet("cgroupDriver: systemd"), kubelet("cgroupDriver: cgroupfs"), kubelet("maxPods: 60"));
    let place = |files: &[(&str, &str)]| {
        let files = [files, &[(CONTAINERD, SYSTEMD)]].concat();
        drivers(&files, false, &old).split(": the").next().unwrap_or_default().to_owned()
    };
    let flag = |driver: &str| flags(&format!("--cgroup-driver={driver}"));
    assert_eq!(place(&[(KUBELET, &cgroupfs)]), "error config.yaml \"cgroupfs\"");
    assert_eq!(place(&[(KUBELET, &none)]), "error config.yaml \"kind: KubeletConfiguration\"");
    assert_eq!(place(&[(KUBELET, &systemd), (DROP_IN, &cgroupfs)]), "error 10.conf \"cgroupfs\"");
    assert_eq!(place(&[(KUBELET, &cgroupfs), (DROP_IN, &systemd)]), "");
    assert_eq!(place(&[(KUBELET, &cgroupfs), (FLAGS, &flag("systemd"))]), "");
    assert_eq!(
        place(&[(KUBELET, &systemd), (FLAGS, &flag("cgroupfs"))]),
        "error kubeadm-flags.env \"--cgroup-driver=cgroupfs\""
    );
    // The file alone, in a place where kubeadm may read it.
    assert_eq!(place(&[("/srv/kubelet-config.yaml", &none)]), "");
    // Before drop-ins, the main file counts.
    let files = [(KUBELET, systemd.as_str()), (DROP_IN, &cgroupfs), (CONTAINERD, SYSTEMD)];
    assert_eq!(drivers(&files, false, &["containerd=1.7", "kubernetes=1.27"]), "");
}

#[test]
fn dockers_cgroup_driver_is_that_of_the_flag_the_file_or_the_old_default() {
    let systemd = kubelet("cgroupDriver: systemd");
    let old = ["docker=19.03", "kubernetes=1.22"];
    let unit = "[Service]\nExecStart=/usr/bin/dockerd --exec-opt native.cgroupdriver=systemd\n";
    let place = |files: &[(&str, &str)], targets: &[&str]| {
        drivers(files, false, targets).split(": the").next().unwrap().to_owned()
    };
    let empty = "{\"log-driver\": \"local\"}";
    assert_eq!(place(&[(DOCKER, empty), (KUBELET, &systemd)], &old), "error config.yaml \"systemd\"");
    assert_eq!(place(&[(DOCKER, empty), (DOCKER_UNIT, unit), (KUBELET, &systemd)], &old), "");
    assert_eq!(place(&[(DOCKER, empty), (KUBELET, &systemd)], &["docker=20.10", "kubernetes=1.22"]), "");
    let wrong = unit.replace("=systemd", "=cgroupfs");
    assert_eq!(
        place(&[(DOCKER_UNIT, &wrong), (KUBELET, &systemd)], &["docker=28", "kubernetes=1.22"]),
        "error docker.service \"native.cgroupdriver=cgroupfs\""
    );
}

#[test]
fn sockets_are_those_of_flags_files_and_defaults() {
    const RULE: &str = "runtime-endpoint-mismatch";
    let default = kubelet("maxPods: 60");
    let own = "version = 2\n[grpc]\n  address = \"/data/c.sock\"\n";
    let endpoint = kubelet("containerRuntimeEndpoint: unix:///data/containerd.sock");
    let targets = ["containerd=1.7", "kubernetes=1.34"];
    let of = |files: &[(&str, &str)], is_read| line(files, &find(files, is_read, &targets, RULE));
    let with_flag = |address: &str| format!("[Service]\nExecStart=/usr/bin/containerd --address {address}\n");
    // The kubelet's default against a file, if its flags are known.
    let started = (KUBELET_UNIT, "[Service]\nExecStart=/usr/bin/kubelet --config=/var/lib/kubelet/config.yaml $MORE\n");
    assert_eq!(of(&[(CONTAINERD, own), (KUBELET, &default)], true), "");
    let found = of(&[(CONTAINERD, own), (KUBELET, &default), started], true);
    let expected = "error config.yaml \"kind: KubeletConfiguration\": the kubelet looks for containerd at /run/";
    assert!(found.starts_with(expected), "{found}");
    assert!(found.contains("the default of Kubernetes 1.34"), "{found}");
    assert_eq!(of(&[(CONTAINERD, own), (KUBELET, &default)], false), "");
    // A flag of containerd wins over its file.
    let unit = with_flag("/run/containerd/containerd.sock");
    assert_eq!(of(&[(CONTAINERD, own), (CONTAINERD_UNIT, &unit), (KUBELET, &default), started], true), "");
    let unit = with_flag("/data/containerd.sock");
    assert_eq!(of(&[(CONTAINERD_UNIT, &unit), (KUBELET, &endpoint)], false), "");
    assert!(of(&[(CONTAINERD_UNIT, &unit), (KUBELET, &default), started], true).starts_with("error config.yaml"));
    // The default of containerd, if its unit shows that no flag sets another one.
    let plain = (CONTAINERD, "version = 2\n");
    let found = of(&[plain, (CONTAINERD_UNIT, UNIT), (KUBELET, &endpoint)], false);
    assert!(found.starts_with("error config.yaml \"unix:///data/containerd.sock\""), "{found}");
    assert!(found.contains("/run/containerd/containerd.sock is the default of containerd 1.7"), "{found}");
    assert_eq!(of(&[plain, (KUBELET, &endpoint)], false), "");
    // A flag of the kubelet wins over its file.
    let right = flags("--container-runtime-endpoint=unix:///run/containerd/containerd.sock");
    assert_eq!(of(&[plain, (CONTAINERD_UNIT, UNIT), (KUBELET, &endpoint), (FLAGS, &right)], false), "");
    // crictl against the kubelet's default, and against containerd where there is no kubelet.
    let crictl = ("/etc/crictl.yaml", "runtime-endpoint: unix:///run/crio/crio.sock\n");
    assert!(of(&[crictl, (KUBELET, &default), started], true).starts_with("info crictl.yaml"));
    assert_eq!(of(&[crictl, plain, (CONTAINERD_UNIT, UNIT)], true), "");
    let crictl = ("/etc/crictl.yaml", "runtime-endpoint: unix:///run/containerd/containerd.sock\n");
    assert!(of(&[crictl, (CONTAINERD, own)], false).starts_with("info crictl.yaml"));
    assert_eq!(of(&[crictl, (KUBELET, &default)], true), "");
}

#[test]
fn the_pause_image_of_the_flag_is_compared_with_that_of_each_release() {
    const RULE: &str = "sandbox-image-mismatch";
    let flag = flags("--pod-infra-container-image=registry.k8s.io/pause:3.8");
    let plain = (CONTAINERD, "version = 2\n");
    let of = |files: &[(&str, &str)], containerd: &str| {
        line(files, &find(files, false, &[containerd, "kubernetes=1.28"], RULE))
    };
    assert_eq!(of(&[plain, (FLAGS, &flag)], "containerd=1.7"), "");
    let found = of(&[plain, (FLAGS, &flag)], "containerd=1.6.20");
    assert!(found.starts_with("info kubeadm-flags.env"), "{found}");
    assert!(found.contains("pods get registry.k8s.io/pause:3.6, the default of containerd 1.6"), "{found}");
    assert!(of(&[plain, (FLAGS, &flag)], "containerd=2.2").contains("registry.k8s.io/pause:3.10.1"));
    // No CRI, no pause image.
    assert_eq!(of(&[(CONTAINERD, "disabled_plugins = [\"cri\"]\n"), (FLAGS, &flag)], "containerd=1.6.20"), "");
    // No containerd.
    assert_eq!(of(&[(FLAGS, &flag)], "containerd=1.6.20"), "");
}

#[test]
fn the_cni_folders_of_old_flags_are_compared_with_lists_too() {
    const RULE: &str = "cni-dirs-lost";
    let flag = flags("--container-runtime=remote --cni-bin-dir=/usr/lib/cni");
    let of = |text: &str, containerd: &str| {
        let files = [(CONTAINERD, text), (FLAGS, flag.as_str())];
        line(&files, &find(&files, false, &[containerd, "kubernetes=1.23"], RULE))
    };
    let key = |key: &str| format!("version = 2\n[plugins.\"io.containerd.grpc.v1.cri\".cni]\n  {key}\n");
    assert!(of("version = 2\n", "containerd=1.6").contains("/opt/cni/bin is the default of containerd 1.6"));
    assert_eq!(of(&key("bin_dir = \"/usr/lib/cni\""), "containerd=1.6"), "");
    let list = "version = 3\n[plugins.\"io.containerd.cri.v1.runtime\".cni]\n  bin_dirs = [\"/opt/cni/bin\", \"/usr/lib/cni\"]\n";
    assert_eq!(of(list, "containerd=2.1"), "");
}

#[test]
fn log_limits_of_flags_count_where_dockershim_runs_the_containers() {
    const RULE: &str = "log-limits-unused";
    let of = |files: &[(&str, &str)]| line(files, &find(files, false, &["kubernetes=1.22"], RULE));
    let limit = flags("--network-plugin=cni --container-log-max-size=50Mi");
    let file = kubelet("containerLogMaxSize: 50Mi");
    let docker = (DOCKER, "{\"storage-driver\": \"overlay2\"}");
    assert!(of(&[docker, (FLAGS, &limit)]).starts_with("warning kubeadm-flags.env"));
    assert!(of(&[docker, (KUBELET, &file)]).starts_with("warning config.yaml"));
    // Docker's package brings a containerd without CRI.
    let packaged = (CONTAINERD, "disabled_plugins = [\"cri\"]\n");
    assert!(of(&[docker, packaged, (KUBELET, &file)]).starts_with("warning config.yaml"));
    assert_eq!(of(&[docker, (CONTAINERD, "version = 2\n"), (KUBELET, &file)]), "");
    let remote = flags("--container-runtime=remote");
    assert_eq!(of(&[docker, (KUBELET, &file), (FLAGS, &remote)]), "");
}

#[test]
fn root_and_state_are_compared_with_their_flags() {
    const RULE: &str = "root-state-conflict";
    let of = |files: &[(&str, &str)]| line(files, &find(files, false, &["containerd=1.7"], RULE));
    let unit = "[Service]\nExecStart=/usr/bin/containerd --root /data/containerd\n";
    let state = |path: &str| format!("version = 2\nstate = \"{path}\"\n");
    assert!(
        of(&[(CONTAINERD, &state("/data/containerd")), (CONTAINERD_UNIT, unit)])
            .starts_with("error containerd.service")
    );
    assert_eq!(of(&[(CONTAINERD, &state("/run/c")), (CONTAINERD_UNIT, unit)]), "");
    // The flag wins over the folder in the file.
    let same = "version = 2\nroot = \"/run/containerd\"\n";
    assert_eq!(of(&[(CONTAINERD, same), (CONTAINERD_UNIT, unit)]), "");
    assert!(of(&[(CONTAINERD, same)]).starts_with("error config.toml"));
}

#[test]
fn a_kubelet_without_a_file_has_the_defaults_of_its_release() {
    let unit = "[Service]\nExecStart=/usr/bin/kubelet --max-pods=60\n";
    const SYSTEMD: &str = "version = 2\n[plugins.\"io.containerd.grpc.v1.cri\".containerd.runtimes.runc]\n  \
        runtime_type = \"io.containerd.runc.v2\"\n  options = { SystemdCgroup = true }\n";
    let files = [(KUBELET_UNIT, unit), (CONTAINERD, SYSTEMD)];
    let old = ["containerd=1.7", "kubernetes=1.30"];
    let found = drivers(&files, true, &old);
    assert!(found.starts_with("error kubelet.service \"\": the kubelet uses cgroupfs"), "{found}");
    assert_eq!(drivers(&files, false, &old), "");
    let named = unit.replace("--max-pods=60", "--config=/etc/kubelet.yaml");
    assert_eq!(drivers(&[(KUBELET_UNIT, &named), (CONTAINERD, SYSTEMD)], true, &old), "");
}

#[test]
fn hosts_files_are_read_below_the_config_path_in_effect() {
    const RULE: &str = "hosts-folder-not-configured";
    const HOSTS: &str = "/etc/containerd/certs.d/docker.io/hosts.toml";
    let file = "server = \"https://registry-1.docker.io\"\n";
    let kubelet = kubelet("maxPods: 60");
    let of = |main: &str, target: &str| {
        let files = [(HOSTS, file), (CONTAINERD, main), (KUBELET, kubelet.as_str())];
        line(&files, &find(&files, false, &[target], RULE))
    };
    let path = |path: &str| {
        format!("version = 2\n[plugins.\"io.containerd.grpc.v1.cri\".registry]\n  config_path = \"{path}\"\n")
    };
    let found = of("version = 2\n", "containerd=1.6..1.7");
    assert!(found.ends_with("`config_path` is empty, the default of containerd 1.6 to 1.7 ()"), "{found}");
    assert!(of(&path("/srv/certs.d"), "containerd=1.7..2.3").contains("`config_path` is /srv/certs.d"));
    assert_eq!(of(&path("/etc/docker/certs.d:/etc/containerd/certs.d/"), "containerd=1.7"), "");
    // Releases with a default, files of other programs, a containerd without CRI.
    assert_eq!(of("version = 2\n", "containerd=2.2.."), "");
    assert_eq!(of("disabled_plugins = [\"cri\"]\n", "containerd=1.7"), "");
    // Another fault lost it.
    let lost = path("/etc/containerd/certs.d")
        .replace("version = 2", "version = 2\nimports = [\"/etc/containerd/more.toml\"]");
    let more = (
        "/etc/containerd/more.toml",
        "version = 2\n[plugins.\"io.containerd.grpc.v1.cri\"]\n  max_concurrent_downloads = 5\n",
    );
    let files = [(HOSTS, file), (CONTAINERD, lost.as_str()), more, (KUBELET, &kubelet)];
    assert_eq!(line(&files, &find(&files, false, &["containerd=1.7"], RULE)), "");
    let files = [(HOSTS, file), (CONTAINERD_UNIT, UNIT), (KUBELET, &kubelet)];
    assert_eq!(line(&files, &find(&files, true, &["containerd=1.7"], RULE)), "");
    let nerdctl = [(HOSTS, file), (CONTAINERD, "version = 2\n")];
    assert_eq!(line(&nerdctl, &find(&nerdctl, true, &["containerd=1.7"], RULE)), "");
}

#[test]
fn flags_of_containerd_override_what_files_set() {
    let of = |main: &str, words: &str| {
        let unit = format!("[Service]\nExecStart=/usr/bin/containerd {words}\n");
        let files = [(CONTAINERD, main), (CONTAINERD_UNIT, unit.as_str())];
        line(&files, &find(&files, false, &["containerd=1.7..2.3"], "flag-overrides-field"))
    };
    let address = "version = 2\n[grpc]\n  address = \"/data/c.sock\"\n";
    let found = of(address, "-a /run/c.sock");
    assert_eq!(
        found,
        "warning config.toml \"\\\"/data/c.sock\\\"\": `-a /run/c.sock` overrides this value (the flag that wins)"
    );
    assert_eq!(of(address, "--address=/data/c.sock"), "");
    assert!(of("version = 2\n[debug]\n  level = \"debug\"\n", "--log-level warn").starts_with("warning config.toml"));
    // Dumps spell defaults out.
    assert_eq!(of("version = 2\nroot = \"/var/lib/containerd\"\n", "--root /data/c"), "");
    assert_eq!(of("version = 2\nroot = \"/srv/c\"\n", "--root $ROOT"), "");
}

#[test]
fn the_flag_that_the_kubelet_gets_last_counts() {
    const SYSTEMD: &str = "version = 2\n[plugins.\"io.containerd.grpc.v1.cri\".containerd.runtimes.runc]\n  \
        runtime_type = \"io.containerd.runc.v2\"\n  options = { SystemdCgroup = true }\n";
    let unit = |words: &str| {
        format!(
            "[Service]\nEnvironmentFile=-/var/lib/kubelet/kubeadm-flags.env\n\
             EnvironmentFile=-/etc/default/kubelet\nExecStart=/usr/bin/kubelet {words}\n"
        )
    };
    let (first, second) = (flags("--cgroup-driver=systemd"), "KUBELET_EXTRA_ARGS=--cgroup-driver=cgroupfs\n");
    let systemd = kubelet("cgroupDriver: systemd");
    let of = |words: &str| {
        let unit = unit(words);
        let files = [
            ("/etc/default/kubelet", second),
            (KUBELET_UNIT, unit.as_str()),
            (KUBELET, &systemd),
            (FLAGS, &first),
            (CONTAINERD, SYSTEMD),
        ];
        drivers(&files, true, &["containerd=1.7", "kubernetes=1.30"])
    };
    let found = of("--config=/var/lib/kubelet/config.yaml $KUBELET_KUBEADM_ARGS $KUBELET_EXTRA_ARGS");
    assert!(found.starts_with("error kubelet \"--cgroup-driver=cgroupfs\""), "{found}");
    assert_eq!(of("--config=/var/lib/kubelet/config.yaml $KUBELET_EXTRA_ARGS $KUBELET_KUBEADM_ARGS"), "");
    assert_eq!(of("--config=/var/lib/kubelet/config.yaml $KUBELET_EXTRA_ARGS --cgroup-driver=systemd"), "");
    // A variable that no command uses.
    assert_eq!(of("--config=/var/lib/kubelet/config.yaml"), "");
}

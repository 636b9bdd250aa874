//! `crilint compat`.

use crate::sandbox::{BAD, MAIN, Sandbox};
use crate::snapshot;

const OLD: &str = "\
[plugins.cri]
  sandbox_image = \"registry.example/pause:3.10\"
  stream_server_port = \"10010\"
[plugins.cri.cni]
  conf_dir = \"/srv/cni/net.d\"
";

#[test]
fn each_release_has_its_forecast() {
    let sandbox = Sandbox::new(&[(MAIN, OLD)]);
    let run = sandbox.run("compat etc/containerd/config.toml --target containerd=1.6..");
    assert_eq!(run.code, 0);
    snapshot!("compat-shows-each-release", run);
}

#[test]
fn a_refusal_has_its_reason_and_an_exit_code() {
    let sandbox = Sandbox::new(&[(MAIN, "version = 2\n[plugins.cri]\n  stream_server_port = 10010\n")]);
    let run = sandbox.run("compat etc/containerd/config.toml --target containerd=1.7,2.3");
    assert_eq!(run.code, 1);
    snapshot!("compat-shows-why-a-release-refuses", run);
}

#[test]
fn drop_ins_count_for_the_file_that_imports_them() {
    let main = "version = 2\nimports = [\"/etc/containerd/conf.d/*.toml\"]\n";
    let sandbox = Sandbox::new(&[(MAIN, main), ("etc/containerd/conf.d/10.toml", "version = 2\noom_scor = 1\n")]);
    snapshot!("compat-counts-drop-ins", sandbox.run("compat etc --target containerd=2.2"));
}

/// containerd runs in all releases and starts no pod of `runc` from 2.0 on, and none of `new` in any.
const BROKEN: &str = "\
version = 2
[plugins.\"io.containerd.grpc.v1.cri\".containerd.runtimes.runc]
  runtime_type = \"io.containerd.runc.v1\"
[plugins.\"io.containerd.grpc.v1.cri\".containerd.runtimes.new]
  runtime_path = \"/bin/shim\"
";

#[test]
fn a_daemon_that_runs_and_starts_no_pod_of_a_runtime_is_not_a_success() {
    let sandbox = Sandbox::new(&[(MAIN, BROKEN)]);
    let arguments = "compat etc/containerd/config.toml --target containerd=1.7..2.3";
    let run = sandbox.run(arguments);
    assert_eq!(run.code, 1);
    snapshot!("compat-shows-what-breaks-in-a-daemon-that-runs", run);
    let run = sandbox.run(&format!("{arguments} --format json"));
    let forecasts: crilint::compat::Forecasts = serde_json::from_str(&run.stdout).unwrap();
    let releases = &forecasts.files[0].verdicts["containerd"];
    let broken = |release: &str| {
        let breaks = releases[release].breaks.iter();
        breaks.map(|b| format!("{} {} {}", b.scope, b.name, b.rule)).collect::<Vec<_>>().join(", ")
    };
    assert_eq!(broken("1.7"), "runtime-handler new runtime-type-missing");
    assert_eq!(broken("2.3"), "runtime-handler runc runtime-type-removed, runtime-handler new runtime-type-missing");
    assert!(releases.values().all(|release| release.verdict == "accepted"), "{run}");
}

#[test]
fn templates_are_not_judged() {
    let sandbox = Sandbox::new(&[(MAIN, "version = 2\n[grpc]\n  address = \"${SOCKET}\"\n")]);
    snapshot!("compat-does-not-judge-templates", sandbox.run("compat etc --target containerd=2.2"));
    let run = sandbox.run("compat etc --format json --target containerd=2.2");
    let forecasts: crilint::compat::Forecasts = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(forecasts.files[0].not_judged.as_deref(), Some("template"));
    assert!(forecasts.files[0].verdicts["containerd"].is_empty());
}

#[test]
fn imports_without_files_are_named() {
    let main = "version = 2\nimports = [\"/etc/containerd/conf.d/*.toml\", \"/opt/site.toml\"]\n";
    let sandbox = Sandbox::new(&[(MAIN, main), ("opt/site.toml", "oom_score = -500\n")]);
    let alone = sandbox.run("compat etc/containerd/config.toml --target containerd=2.2");
    assert!(alone.stdout.contains("unknown: /etc/containerd/conf.d"), "{}", alone.stdout);
    snapshot!("compat-names-imports-without-files", sandbox.run("compat etc opt --target containerd=2.2"));
}

#[test]
fn programs_get_json() {
    let sandbox = Sandbox::new(&[(MAIN, BAD), ("etc/docker/daemon.json", "{}")]);
    let run = sandbox.run("compat etc --format json --target containerd=2.2..2.3 --target docker=29");
    let forecasts: crilint::compat::Forecasts = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(forecasts.files.len(), 2);
    snapshot!("compat-json", run);
}

#[test]
fn the_kubelet_reads_utf_16() {
    let text = "\u{feff}apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\nmaxPods: 30\n";
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    for bytes in [little, big] {
        let sandbox = Sandbox::new(&[]);
        sandbox.write("var/lib/kubelet/config.yaml", bytes);
        let run = sandbox.run("compat var/lib/kubelet/config.yaml --target kubernetes=1.36 -f json");
        assert!(run.stdout.contains("\"accepted\""), "{run}");
    }
}

#[test]
fn every_command_states_what_a_newer_release_is_judged_as() {
    let sandbox = Sandbox::new(&[(MAIN, BAD)]);
    for command in ["check etc", "compat etc", "show etc", "schema containerd"] {
        let run = sandbox.run(&format!("{command} --target containerd=2.99"));
        let note = "note: containerd 2.99 is newer than what crilint was made for: it is judged as containerd 2.4\n";
        assert!(run.stderr.contains(note), "{run}");
        assert!(!sandbox.run(&format!("{command} --target containerd=2.3")).stderr.contains("newer"), "{command}");
    }
}

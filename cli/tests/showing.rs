//! `crilint show`.

use crate::sandbox::{MAIN, Sandbox};
use crate::snapshot;

const WITH_DROP_INS: &str = "\
version = 2
imports = [\"/etc/containerd/conf.d/*.toml\"]
[plugins.\"io.containerd.grpc.v1.cri\"]
  sandbox_image = \"registry.example/pause:3.10\"
  stream_server_port = \"10010\"
";

const DROP_IN: &str = "\
version = 2
[plugins.\"io.containerd.grpc.v1.cri\"]
  stream_server_port = \"10020\"
  no_such_key = 1
";

fn node() -> Sandbox {
    Sandbox::new(&[
        (MAIN, WITH_DROP_INS),
        ("etc/containerd/conf.d/10-stream.toml", DROP_IN),
        ("etc/docker/daemon.json", r#"{ "log-opts": { "max-size": "10m" }, "debug": true }"#),
        (
            "var/lib/kubelet/config.yaml",
            "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\nmaxPods: 60\nauthentication:\n  anonymous:\n    enabled: false\n",
        ),
    ])
}

#[test]
fn each_value_says_where_it_comes_from() {
    snapshot!("show tells where values come from", node().run("show . --changed --target containerd=2.2"));
}

#[test]
fn an_older_release_replaces_whole_tables() {
    snapshot!("show follows the release", node().run("show etc/containerd --changed --target containerd=1.7"));
}

#[test]
fn defaults_are_told_with_their_release() {
    let run = node().run("show etc/containerd/config.toml --target containerd=2.3");
    assert!(run.stdout.contains("state = \"/run/containerd\"                # default of 2.3\n"), "{run}");
    assert!(run.stdout.contains("[plugins.\"io.containerd.cri.v1.runtime\".containerd.runtimes.runc]\n"), "{run}");
}

#[test]
fn programs_get_json() {
    let run = node().run("show etc/containerd --changed --format json --target containerd=2.2");
    let all: crilint::show::Configurations = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(all.configurations.len(), 1);
    snapshot!("show has a form for programs", run);
}

#[test]
fn what_no_daemon_is_started_with_is_told() {
    let sandbox = Sandbox::new(&[("etc/crictl.yaml", "timeout: 10\n")]);
    snapshot!("show needs a main file", sandbox.run("show etc/crictl.yaml"));
}

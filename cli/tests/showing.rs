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
fn each_value_has_its_origin() {
    snapshot!("show-names-the-source-of-values", node().run("show . --changed --target containerd=2.2"));
}

#[test]
fn an_older_release_replaces_whole_tables() {
    snapshot!("show-follows-the-release", node().run("show etc/containerd --changed --target containerd=1.7"));
}

#[test]
fn defaults_are_shown_with_their_release() {
    let run = node().run("show etc/containerd/config.toml --target containerd=2.3");
    assert!(run.stdout.contains("state = \"/run/containerd\"                # default of 2.3\n"), "{run}");
    assert!(run.stdout.contains("[plugins.\"io.containerd.cri.v1.runtime\".containerd.runtimes.runc]\n"), "{run}");
}

#[test]
fn programs_get_json() {
    let run = node().run("show etc/containerd --changed --format json --target containerd=2.2");
    let all: crilint::show::Configurations = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(all.configurations.len(), 1);
    snapshot!("show-json", run);
}

#[test]
fn what_no_daemon_is_started_with_is_reported() {
    let sandbox = Sandbox::new(&[("etc/crictl.yaml", "timeout: 10\n")]);
    snapshot!("show-needs-a-main-file", sandbox.run("show etc/crictl.yaml"));
}

#[test]
fn what_is_shown_reads_as_toml_and_yaml() {
    let toml = "version = 3\n[plugins.'io.containerd.cri.v1.images\"']\n  snapshotter = \"over\\u001blayfs\"\n\
                [proxy_plugins.\"a\\\\b\\u0007\"]\n  type = \"snapshot\"\n  address = \"/run/\\\"x\"\n";
    let sandbox = Sandbox::new(&[(MAIN, toml)]);
    let run = sandbox.run("show .");
    let table: toml::Table = toml::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}\n{run}"));
    assert!(table["proxy_plugins"].get("a\\b\u{7}").is_some(), "{run}");
    assert!(table["plugins"].get("io.containerd.cri.v1.images\"").is_some(), "{run}");
    let json = r#"{"runtimes": {"a: b # c": {"path": "/x"}, "yes": {"path": "/y"}, "-": {"path": "/z"}}}"#;
    let run = Sandbox::new(&[("etc/docker/daemon.json", json)]).run("show .");
    for name in ["\"a: b # c\":", "\"yes\":", "\"-\":"] {
        assert!(run.stdout.contains(name), "{run}");
    }
}

#[test]
fn what_aliases_multiply_is_cut_and_counted() {
    let head = "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n";
    let doubled: String = (1..30).map(|i| format!("a{i}: &a{i} {{x: *a{}, y: *a{}}}\n", i - 1, i - 1)).collect();
    let map = format!("{head}a0: &a0 {{k: v}}\n{doubled}evictionHard:\n  <<: *a29\n");
    let long = format!("{head}a: &a \"{}\"\nclusterDNS: [{}*a]\n", "x".repeat(1 << 20), "*a, ".repeat(50_000));
    for text in [map, long] {
        let run = Sandbox::new(&[("var/lib/kubelet/config.yaml", &text)]).run("show .");
        assert!(run.stdout.len() < 3 << 20, "{} bytes", run.stdout.len());
        assert!(run.stdout.contains("more settings are not shown"), "the end counts the others");
        let json = Sandbox::new(&[("var/lib/kubelet/config.yaml", &text)]).run("show . --format json");
        let value: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
        assert!(value["configurations"][0]["omitted"].as_u64() > Some(0));
    }
}

const KUBELET: &str = "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n";

fn kubelet_node(main: &str, drop_in: &str) -> Sandbox {
    let (main, drop_in) = (format!("{KUBELET}{main}"), format!("{KUBELET}{drop_in}"));
    Sandbox::new(&[("var/lib/kubelet/config.yaml", &main), ("etc/kubernetes/kubelet.conf.d/10-site.conf", &drop_in)])
}

#[test]
fn a_table_of_evictions_replaces_the_defaults() {
    let node = kubelet_node("evictionHard: {memory.available: 750Mi}\n", "evictionHard: {imagefs.available: 8Gi}\n");
    let run = node.run("show var/lib/kubelet/config.yaml etc/kubernetes --target kubernetes=1.36");
    assert!(run.stdout.contains("memory.available: \"750Mi\""), "{run}");
    assert!(run.stdout.contains("imagefs.available: \"8Gi\""), "{run}");
    assert!(!run.stdout.contains("nodefs.available"), "{run}");
}

#[test]
fn null_in_a_drop_in_brings_defaults_back_by_release() {
    let node = kubelet_node("maxPods: 77\nclusterDNS: [10.3.0.10]\n", "maxPods: null\nclusterDNS: null\n");
    let show = |release| node.run(&format!("show . --changed --target kubernetes={release}")).stdout;
    let (old, new) = (show("1.30"), show("1.36"));
    assert!(old.contains("maxPods: 77") && old.contains("10.3.0.10"), "{old}");
    assert!(!new.contains("77") && !new.contains("10.3.0.10"), "{new}");
}

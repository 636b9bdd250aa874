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
    snapshot!("show-names-the-source-of-values", node().run("show . --all --changed --target containerd=2.2"));
}

#[test]
fn an_older_release_replaces_whole_tables() {
    snapshot!("show-follows-the-release", node().run("show etc/containerd --all --changed --target containerd=1.7"));
}

#[test]
fn defaults_are_shown_with_their_release() {
    let run = node().run("show etc/containerd/config.toml --target containerd=2.3");
    assert!(run.stdout.contains("state = \"/run/containerd\"                # default of 2.3\n"), "{run}");
    assert!(run.stdout.contains("[plugins.\"io.containerd.cri.v1.runtime\".containerd.runtimes.runc]\n"), "{run}");
}

#[test]
fn programs_get_json() {
    let run = node().run("show etc/containerd --all --changed --format json --target containerd=2.2");
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
    let run = sandbox.run("show . --all");
    let table: toml::Table = toml::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}\n{run}"));
    assert!(table["proxy_plugins"].get("a\\b\u{7}").is_some(), "{run}");
    assert!(table["plugins"].get("io.containerd.cri.v1.images\"").is_some(), "{run}");
    let json = r#"{"runtimes": {"a: b # c": {"path": "/x"}, "yes": {"path": "/y"}, "-": {"path": "/z"}}}"#;
    let run = Sandbox::new(&[("etc/docker/daemon.json", json)]).run("show . --all");
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
        let run = Sandbox::new(&[("var/lib/kubelet/config.yaml", &text)]).run("show . --all");
        assert!(run.stdout.len() < 3 << 20, "{} bytes", run.stdout.len());
        assert!(run.stdout.contains("more settings are not shown"), "the end counts the others");
        let json = Sandbox::new(&[("var/lib/kubelet/config.yaml", &text)]).run("show . --all --format json");
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
    let run = node.run("show var/lib/kubelet/config.yaml etc/kubernetes --all --target kubernetes=1.36");
    assert!(run.stdout.contains("memory.available: \"750Mi\""), "{run}");
    assert!(run.stdout.contains("imagefs.available: \"8Gi\""), "{run}");
    assert!(!run.stdout.contains("nodefs.available"), "{run}");
}

#[test]
fn null_in_a_drop_in_brings_defaults_back_by_release() {
    let node = kubelet_node("maxPods: 77\nclusterDNS: [10.3.0.10]\n", "maxPods: null\nclusterDNS: null\n");
    let show = |release| node.run(&format!("show . --all --changed --target kubernetes={release}")).stdout;
    let (old, new) = (show("1.30"), show("1.36"));
    assert!(old.contains("maxPods: 77") && old.contains("10.3.0.10"), "{old}");
    assert!(!new.contains("77") && !new.contains("10.3.0.10"), "{new}");
}

const CONTAINERD_UNIT: &str = "[Service]\nExecStart=/usr/bin/containerd --root /data/containerd -a /run/c.sock\n";

#[test]
fn a_node_is_shown_on_one_page() {
    let node = node();
    node.write("etc/containerd/certs.d/docker.io/hosts.toml", "[host.\"https://me:secret@mirror.example\"]\n");
    node.write("etc/crictl.yaml", "runtime-endpoint: unix:///run/containerd/containerd.sock\n");
    node.write(
        "usr/lib/systemd/system/docker.service",
        "[Service]\nExecStart=/usr/bin/dockerd -H fd:// --data-root=/data/docker\n",
    );
    node.write("var/lib/kubelet/kubeadm-flags.env", "KUBELET_KUBEADM_ARGS=\"--cgroup-driver=systemd --max-pods=70\"\n");
    snapshot!(
        "show-page",
        node.run("show --root . --target containerd=1.7 --target kubernetes=1.36 --target docker=28")
    );
}

#[test]
fn the_page_begins_with_what_does_not_start() {
    let run = node().run("show --root . --target containerd=1.7 --target kubernetes=1.36 --target docker=28");
    assert!(!run.stdout.contains("does not start"), "{run}");
    let sandbox = Sandbox::new(&[
        (MAIN, "version = 3\n"),
        ("etc/docker/daemon.json", "{\"no-such-key\": 1}"),
        ("var/lib/kubelet/config.yaml", &format!("{KUBELET}maxPods: -1\nport: 0\n")),
    ]);
    let run = sandbox.run("show . --target containerd=1.7 --target kubernetes=1.36 --target docker=28");
    let lines: Vec<&str> = run.stdout.lines().take(3).collect();
    let starts = |line: &str, start: &str| assert!(line.starts_with(start), "{run}");
    starts(lines[0], "containerd 1.7 does not start: etc/containerd/config.toml:1: ");
    starts(lines[1], "Docker 28 does not start: etc/docker/daemon.json:1: ");
    starts(lines[2], "kubelet 1.36 does not start: var/lib/kubelet/config.yaml:3: ");
    // A file alone has the line too, as a comment.
    let run = sandbox.run("show etc/containerd/config.toml --target containerd=1.7");
    assert!(
        run.stdout.starts_with("# containerd 1.7 does not start with this: etc/containerd/config.toml:1: "),
        "{run}"
    );
    let run = sandbox.run("show etc/containerd/config.toml --target containerd=1.7 --format json");
    let all: crilint::show::Configurations = serde_json::from_str(&run.stdout).unwrap();
    assert!(!all.configurations[0].starts && all.configurations[0].reasons[0].rule == "config-version-unsupported");
}

#[test]
fn flags_win_and_are_named() {
    let unit = ("etc/systemd/system/containerd.service", CONTAINERD_UNIT);
    let value = |run: &crate::sandbox::Run, key: &str| {
        let all: crilint::show::Configurations = serde_json::from_str(&run.stdout).unwrap();
        let found = all.configurations[0].settings.iter().find(|setting| setting.key == key).unwrap();
        let path = found.path.clone().unwrap_or_default();
        format!("{} {:?} {path}", found.value.as_str().unwrap_or_default(), found.set_by)
    };
    let with_file = Sandbox::new(&[(MAIN, "version = 2\nroot = \"/srv/c\"\nstate = \"/srv/s\"\n"), unit]);
    let run = with_file.run("show . --format json --target containerd=1.7");
    assert_eq!(value(&run, "root"), "/data/containerd Flag etc/systemd/system/containerd.service");
    assert_eq!(value(&run, "state"), "/srv/s File etc/containerd/config.toml");
    assert_eq!(value(&run, "grpc.address"), "/run/c.sock Flag etc/systemd/system/containerd.service");
    // Without a file: what was read from a node has the defaults.
    let without = Sandbox::new(&[unit]);
    let run = without.run("show --root . --format json --target containerd=2.3");
    let address = value(&run, "plugins.\"io.containerd.server.v1.grpc\".address");
    assert!(address.starts_with("/run/c.sock Flag "), "{address}");
    assert!(value(&run, "state").starts_with("/run/containerd Default"));
    assert_eq!(without.run("show .").code, 2);
}

//! `crilint show --services`.

use std::fs;
use std::os::unix::fs::symlink;

use crilint::services::StartedServices;

use crate::sandbox::Sandbox;
use crate::snapshot;

const KUBELET: &str = "[Service]\nExecStart=/usr/bin/kubelet\n";

const KUBEADM: &str = "\
[Service]
Environment=\"KUBELET_CONFIG_ARGS=--config=/var/lib/kubelet/config.yaml\"
EnvironmentFile=-/var/lib/kubelet/kubeadm-flags.env
EnvironmentFile=-/etc/default/%p
ExecStart=
ExecStart=/usr/bin/kubelet $KUBELET_CONFIG_ARGS $KUBELET_KUBEADM_ARGS $KUBELET_EXTRA_ARGS
";

const DOCKER: &str = "[Service]\nExecStart=/usr/bin/dockerd -H fd:// --label=node=%H $DOCKER_OPTS\n";

/// A node below `image`, on which `/lib` is a link.
fn node() -> Sandbox {
    let sandbox = Sandbox::new(&[
        ("image/usr/lib/systemd/system/kubelet.service", KUBELET),
        ("image/usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf", KUBEADM),
        ("image/usr/lib/systemd/system/docker.service", DOCKER),
        ("image/usr/lib/systemd/system/containerd.service", "[Service]\nExecStart=/usr/bin/containerd\n"),
        ("image/usr/lib/systemd/system/ssh.service", "[Service]\nExecStart=/usr/sbin/sshd\n"),
        ("image/var/lib/kubelet/kubeadm-flags.env", "KUBELET_KUBEADM_ARGS=\"--node-ip=10.0.0.1 --v=2\"\n"),
        ("image/etc/default/kubelet", "KUBELET_EXTRA_ARGS=--v=4 --bootstrap-token abcdef.0123456789abcdef\n"),
        ("outside/dockerd.service", "[Service]\nExecStart=/usr/bin/dockerd --outside\n"),
    ]);
    symlink("usr/lib", sandbox.path("image/lib")).unwrap();
    fs::create_dir_all(sandbox.path("image/etc/systemd/system")).unwrap();
    symlink("/dev/null", sandbox.path("image/etc/systemd/system/containerd.service")).unwrap();
    sandbox
}

fn services(sandbox: &Sandbox, arguments: &str) -> StartedServices {
    let run = sandbox.run(&format!("show --services --root image --format json {arguments}"));
    assert_eq!(run.code, 0, "{run}");
    serde_json::from_str(&run.stdout).unwrap()
}

#[test]
fn each_word_is_what_the_program_gets() {
    snapshot!("services-are-shown-for-people", node().run("show --services --root image"));
}

#[test]
fn programs_get_services_as_json() {
    snapshot!("services-json", node().run("show --services --root image --format json"));
}

#[test]
fn what_depends_on_the_machine_is_given() {
    let all = services(&node(), "--assume %H=node1");
    let docker = all.services.iter().find(|service| service.unit == "docker.service").unwrap();
    assert_eq!(docker.exec[0].argv[3].as_deref(), Some("--label=node=node1"));
    assert_eq!(docker.warnings, [""; 0]);
    assert_eq!(node().run("show --services --root image --assume node1").code, 2);
    assert_eq!(node().run("show --assume %H=node1 --root image").code, 2);
}

#[test]
fn secrets_are_shown_on_request_alone() {
    let shown = |arguments: &str| node().run(&format!("show --services --root image {arguments}")).stdout;
    for arguments in ["", "--format json"] {
        assert!(!shown(arguments).contains("0123456789abcdef"), "{}", shown(arguments));
        assert!(shown(&format!("{arguments} --reveal-secrets")).contains("0123456789abcdef"));
    }
}

#[test]
fn no_link_leads_out_of_the_root() {
    let sandbox = node();
    let unit = sandbox.path("image/etc/systemd/system/docker.service");
    symlink(sandbox.path("outside/dockerd.service"), unit).unwrap();
    let all = services(&sandbox, "");
    let docker = all.services.iter().find(|service| service.unit == "docker.service").unwrap();
    assert_eq!(docker.state, "missing");
    assert!(docker.exec.is_empty());
    let fifo = sandbox.path("image/etc/systemd/system/kubelet.service.d");
    fs::create_dir_all(&fifo).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(fifo.join("99.conf")).status().unwrap().success());
    let all = services(&sandbox, "");
    assert_eq!(all.services.iter().filter(|service| service.state == "ok").count(), 1);
}

#[test]
fn a_node_without_such_services_has_none() {
    let run = Sandbox::new(&[("image/etc/hostname", "node1\n")]).run("show --services --root image --format json");
    assert_eq!(run.code, 0, "{run}");
    assert_eq!(run.stdout, "{\n  \"services\": []\n}\n");
}

//! Which kind a file is taken for, by its path and its content.

use crilint_core::engine::identify;

fn kind(path: &str, text: &str) -> &'static str {
    identify(path, text, None).map_or("none", |(kind, _)| kind.id)
}

#[test]
fn the_usual_places_need_no_content() {
    for (path, expected) in [
        ("/etc/containerd/config.toml", "containerd"),
        ("image/etc/containerd/conf.d/99-gpu.toml", "containerd"),
        ("/etc/containerd/certs.d/docker.io/hosts.toml", "containerd-hosts"),
        ("/etc/containerd/certs.d/docker.io/config.toml", "containerd-hosts"),
        ("roles/containerd/config.toml.j2", "containerd"),
        ("/etc/docker/daemon.json", "docker"),
        ("/var/lib/kubelet/config.yaml", "kubelet"),
        ("/etc/kubernetes/kubelet.conf.d/10-logs.conf", "kubelet"),
        ("/var/lib/kubelet/kubeadm-flags.env", "flags"),
        ("/etc/default/kubelet", "flags"),
        ("/etc/systemd/system/kubelet.service.d/10-kubeadm.conf", "flags"),
        ("/lib/systemd/system/docker.service", "flags"),
        ("/etc/systemd/logind.conf", "logind"),
        ("/etc/systemd/logind.conf.d/99-site.conf", "logind"),
        ("/etc/crictl.yaml", "crictl"),
        ("/etc/rancher/k3s/registries.yaml", "k3s-registries"),
        ("/etc/rancher/rke2/config.yaml.d/10-site.yaml", "k3s-config"),
        ("/var/snap/microk8s/current/args/kubelet", "flags"),
        ("/var/snap/docker/current/config/daemon.json", "docker"),
        ("/home/a/.config/docker/daemon.json", "docker"),
    ] {
        assert_eq!(kind(path, ""), expected, "{path}");
    }
}

#[test]
fn the_content_decides_elsewhere() {
    for (path, text, expected) in [
        ("config.toml", "[plugins.\"io.containerd.grpc.v1.cri\"]\n", "containerd"),
        ("config.toml", "[plugins.cri]\n", "containerd"),
        ("config.toml", "disabled_plugins = [\"cri\"]\n", "containerd"),
        ("any.yaml", "kind: InitConfiguration\n---\nkind: KubeletConfiguration\n", "kubelet"),
        ("configmap.yaml", "kind: ConfigMap\ndata:\n  kubelet: |\n    kind: KubeletConfiguration\n", "kubelet"),
        ("configz.json", "{\"kubeletconfig\": {\"kind\": \"KubeletConfiguration\"}}", "kubelet"),
        ("mirrors/hosts.toml", "server = \"https://registry.example\"\n", "containerd-hosts"),
        ("docker-defaults.json", "{\"log-driver\": \"local\"}", "docker"),
    ] {
        assert_eq!(kind(path, text), expected, "{path}: {text}");
    }
}

#[test]
fn foreign_files_are_left_alone() {
    for (path, text) in [
        (".cargo/config.toml", "[alias]\nxtask = \"run\"\n"),
        ("src/containerd/Cargo.toml", "[package]\nname = \"x\"\n"),
        ("config.toml", "[plugins]\nname = 1\n"),
        ("config.toml", "root = \"/srv\"\n"),
        ("hugo/config.toml", "baseURL = \"https://example.org\"\ntitle = \"x\"\n"),
        ("/etc/containerd/runsc.toml", "log_level = \"debug\"\n[runsc_config]\n  debug = \"true\"\n"),
        ("/etc/containerd/runsc/config.toml", "binary_name = \"runsc\"\n"),
        ("/etc/nvidia-container-runtime/config.toml", "[plugins.\"io.containerd.grpc.v1.cri\"]\nx = 1\n"),
        ("/etc/buildkit/buildkitd.toml", "debug = true\nroot = \"/x\"\n[grpc]\naddress = []\n"),
        ("inventory/hosts.toml", "[servers]\nalpha = \"10.0.0.1\"\n"),
        ("package.json", "{\"name\": \"x\", \"debug\": true}"),
        ("docker-compose.yaml", "services:\n  web:\n    image: x\n"),
        ("nginx.service", "[Service]\nExecStart=/usr/sbin/nginx -g 'daemon off;'\n"),
        ("settings.yaml", "kind: Deployment\n"),
        ("README.md", "# x\n"),
    ] {
        assert_eq!(kind(path, text), "none", "{path}: {text}");
    }
}

#[test]
fn a_comment_may_name_the_kind() {
    assert_eq!(kind("fragment.toml", "# crilint: kind=containerd\noom_score = 1\n"), "containerd");
}

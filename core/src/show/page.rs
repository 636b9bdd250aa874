//! What people ask of a node first: the settings of each daemon that go on one page, by subject.

use super::Shown;
use crate::kind::EffectiveSetting;

/// A subject of the page, with the settings of one daemon about it.
struct Row {
    program: &'static str,
    subject: &'static str,
    /// The ends of paths, with `*` for any name.
    paths: &'static [&'static str],
}

const fn row(program: &'static str, subject: &'static str, paths: &'static [&'static str]) -> Row {
    Row { program, subject, paths }
}

/// In the order of the page.
const ROWS: &[Row] = &[
    row("containerd", "socket", &["grpc.address", "io.containerd.server.v1.grpc.address"]),
    row("containerd", "roots", &["root", "state"]),
    row("containerd", "plugins", &["disabled_plugins"]),
    row("containerd", "cgroup driver", &["containerd.runtimes.*.options.SystemdCgroup", "systemd_cgroup"]),
    row(
        "containerd",
        "runtimes",
        &[
            "containerd.default_runtime_name",
            "containerd.runtimes.*.runtime_type",
            "containerd.runtimes.*.options.BinaryName",
        ],
    ),
    row("containerd", "registries", &["registry.config_path", "registry.mirrors.*.endpoint", "hosts.*"]),
    row("containerd", "CNI", &["cni.bin_dir", "cni.bin_dirs", "cni.conf_dir"]),
    row("containerd", "streaming", &["stream_server_address", "stream_server_port", "enable_tls_streaming"]),
    row("containerd", "pause image", &["sandbox_image", "pinned_images.sandbox"]),
    row("dockerd", "socket", &["hosts", "containerd"]),
    row("dockerd", "roots", &["data-root", "graph", "exec-root"]),
    row("dockerd", "cgroup driver", &["exec-opts", "default-cgroupns-mode"]),
    row("dockerd", "runtimes", &["default-runtime", "runtimes.*.path", "runtimes.*.runtimeType"]),
    row("dockerd", "registries", &["registry-mirrors", "insecure-registries"]),
    row("dockerd", "logs", &["log-driver", "log-opts.*"]),
    row("kubelet", "socket", &["containerRuntimeEndpoint", "imageServiceEndpoint"]),
    row("kubelet", "roots", &["--root-dir", "staticPodPath", "podLogsDir"]),
    row("kubelet", "cgroup driver", &["cgroupDriver"]),
    row("kubelet", "CNI", &["--cni-bin-dir", "--cni-conf-dir", "--network-plugin"]),
    row("kubelet", "streaming", &["address", "port", "streamingConnectionIdleTimeout"]),
    row("kubelet", "logs", &["containerLogMaxSize", "containerLogMaxFiles"]),
    row("kubelet", "pause image", &["--pod-infra-container-image"]),
    row("crictl", "socket", &["runtime-endpoint", "image-endpoint"]),
];

/// The settings of a daemon that go on the page, each with its subject, in the order of the page.
#[must_use]
pub fn page(shown: &Shown) -> Vec<(&'static str, &EffectiveSetting)> {
    let mut all = vec![];
    for row in ROWS.iter().filter(|row| row.program == shown.program) {
        for path in row.paths {
            let settings = shown.settings.iter().chain(&shown.registry_hosts);
            let own = settings.filter(|setting| is_at(&setting.path, path) && !is_empty(setting));
            all.extend(own.map(|setting| (row.subject, setting)));
        }
    }
    all
}

/// Whether a path ends in a pattern. Below plugins the pattern leaves out the plugin; else it is the whole path.
fn is_at(path: &[String], pattern: &str) -> bool {
    let path = match path {
        [plugins, plugin, rest @ ..] if plugins == "plugins" => {
            let Some(rest_of_pattern) = pattern.strip_prefix(plugin.as_str()) else {
                return is_plugin_setting(pattern) && fits(rest, pattern);
            };
            return fits(rest, rest_of_pattern.trim_start_matches('.'));
        }
        path => path,
    };
    fits(path, pattern)
}

/// Whether a pattern is for the CRI plugin, which has other names in other releases.
fn is_plugin_setting(pattern: &str) -> bool {
    !matches!(pattern, "root" | "state" | "disabled_plugins" | "grpc.address")
}

fn fits(path: &[String], pattern: &str) -> bool {
    let mut parts = pattern.split('.');
    path.iter().all(|name| parts.next().is_some_and(|part| part == "*" || part == name)) && parts.next().is_none()
}

fn is_empty(setting: &EffectiveSetting) -> bool {
    matches!(setting.value.as_str(), "\"\"" | "[]" | "{}")
}

//! How declared rules find the settings of each daemon.

use super::declared::Daemon;
use crate::{containerd, docker, kubelet, registry_hosts, systemd};

/// containerd's configuration files; see [`containerd::settings::written`] for the paths.
pub(crate) static CONTAINERD: Daemon = Daemon {
    kinds: &[&containerd::KIND],
    find: |cx, path| containerd::settings::written(cx, cx.loaded, path),
    in_effect: |_, _| None,
    decides: |cx, _| containerd::settings::stands_alone(cx),
};

/// Docker's daemon.json.
pub(crate) static DOCKER: Daemon = Daemon {
    kinds: &[&docker::KIND],
    find: |cx, path| docker::settings::written(cx.settings(), path).into_iter().collect(),
    in_effect: |_, _| None,
    decides: |_, _| true,
};

/// The kubelet's configuration files and command lines.
pub(crate) static KUBELET: Daemon = Daemon {
    kinds: &[&kubelet::KIND, &systemd::flags::KIND],
    find: |cx, path| kubelet::settings::written(cx, path),
    in_effect: |cx, path| kubelet::settings::on_node(cx, path).map(|found| found.setting),
    decides: |cx, paths| kubelet::settings::settles(cx, paths),
};

/// containerd's hosts.toml; see [`registry_hosts::settings::written`] for the paths.
pub(crate) static REGISTRY_HOSTS: Daemon = Daemon {
    kinds: &[&registry_hosts::KIND],
    find: |cx, path| registry_hosts::settings::written(cx, path),
    in_effect: |_, _| None,
    decides: |_, _| true,
};

/// The kubelet's configuration files alone.
pub(crate) static KUBELET_FILES: Daemon = Daemon {
    kinds: &[&kubelet::KIND],
    find: |cx, path| kubelet::settings::written(cx, path),
    in_effect: |cx, path| kubelet::settings::on_node(cx, path).map(|found| found.setting),
    decides: |cx, paths| kubelet::settings::settles(cx, paths),
};

//! # `config-file-absent`
//!
//! A flag that names a configuration that the node does not have.
//!
//! ## Why
//!
//! Each daemon starts without its default file, but not without one that its command line names: the kubelet exits
//! (`failed to load kubelet config file`), dockerd too (`unable to configure the Docker daemon with file`), and
//! containerd prints `no such file or directory`. The folder of the kubelet's `--config-dir` must be there as well.
//!
//! The rule reports only where all files of the node are at hand: on the node itself, below `--root`, in a folder with
//! a whole system.
//!
//! ## What to do
//!
//! Put the file in place, or correct the path.
//!
//! ## Examples
//!
//! ```sh bad
//! KUBELET_EXTRA_ARGS="--config=/etc/kubernetes/kubelet.yaml"
//!                              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
//! --- /etc/kubernetes/kubelet.yaml (absent)
//! ```
//!
//! ```sh good
//! KUBELET_EXTRA_ARGS="--config=/etc/kubernetes/kubelet.yaml"
//! --- /etc/kubernetes/kubelet.yaml
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! ```
//!
//! ## References
//!
//! - kubernetes/kubernetes@v1.36.0:cmd/kubelet/app/server.go (`loadConfigFile`, `mergeKubeletConfigurations`)
//! - moby/moby@docker-v29.7.2:daemon/command/daemon.go (`loadDaemonCliConfig`)
//! - containerd/containerd@v1.5.18, v2.3.4:cmd/containerd/command/main.go (`context.IsSet("config")`)

use crate::containerd::eras::NEEDS_IMPORTS;
use crate::docker::command_line::daemon_file;
use crate::kind::SourceState;
use crate::node::{NamedFile, NamedRole, named_by};
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "config-file-absent",
    summary: "Flag that names a configuration that the node does not have",
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut NodeCx) {
    let loaded = cx.loaded;
    let all: Vec<NamedFile> = loaded.files.iter().flat_map(|file| named_by(file)).collect();
    for named in &all {
        let (flag, why, releases) = match named.role {
            NamedRole::KubeletConfig => ("--config", KUBELET, Releases::ANY),
            NamedRole::KubeletFolder => ("--config-dir", KUBELET_FOLDER, Releases::kubernetes("1.28..")),
            NamedRole::ContainerdConfig => ("--config", CONTAINERD, NEEDS_IMPORTS),
            // `docker-file-not-read` reports it beside a daemon.json.
            NamedRole::DockerConfig if daemon_file(loaded).is_none() => ("--config-file", DOCKER, Releases::ANY),
            _ => continue,
        };
        // Of several command lines one counts.
        let is_alone = all.iter().all(|other| other.role != named.role || other.path == named.path);
        if loaded.known.at(&named.path) != Some(SourceState::Absent) || !is_alone {
            continue;
        }
        let Some(file) = loaded.file(named.by) else { continue };
        let written = named.span.of(file.doc.text);
        cx.report(named.by, named.span, format!("{written} does not exist"))
            .refused(releases)
            .key(flag)
            .why(why)
            .help("Put it in place, or correct the path.");
    }
}

const KUBELET: &str = "The kubelet exits: `failed to load kubelet config file`, `no such file or directory`.";
const KUBELET_FOLDER: &str =
    "The kubelet exits: `failed to walk through kubelet dropin directory`, `no such file or directory`.";
const DOCKER: &str = "dockerd exits: `unable to configure the Docker daemon with file`, `no such file or directory`.";
const CONTAINERD: &str = "containerd 1.5 and later exit: `no such file or directory`. Only the default, \
    /etc/containerd/config.toml, may be absent.";

//! # `hosts-folder-not-configured`
//!
//! A `hosts.toml` on a node whose containerd does not look in its folder.
//!
//! ## Why
//!
//! containerd looks for `hosts.toml` below `registry.config_path` alone. Up to 2.1 that is empty by default: containerd
//! silently ignores files below `/etc/containerd/certs.d`, and the kubelet's images come from the upstream registry.
//! nerdctl still reads them, so that a pull by hand works.
//!
//! ## What to do
//!
//! Set `config_path = "/etc/containerd/certs.d"` in the registry table of the CRI plugin.
//!
//! ## Examples
//!
//! ```toml bad containerd=1.7
//! --- /etc/containerd/certs.d/docker.io/hosts.toml
//! server = "https://registry-1.docker.io"
//! ^^^^^^
//! --- /etc/containerd/config.toml
//! version = 2
//! --- /var/lib/kubelet/config.yaml
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! containerRuntimeEndpoint: unix:///run/containerd/containerd.sock
//! ```
//!
//! ```toml good containerd=1.7
//! --- /etc/containerd/certs.d/docker.io/hosts.toml
//! server = "https://registry-1.docker.io"
//! --- /etc/containerd/config.toml
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri".registry]
//!   config_path = "/etc/containerd/certs.d"
//! --- /var/lib/kubelet/config.yaml
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! containerRuntimeEndpoint: unix:///run/containerd/containerd.sock
//! ```
//!
//! ## References
//!
//! - containerd/containerd#6285, containerd/containerd@v1.7.34:pkg/cri/server/image_pull.go (`registryHosts`)
//! - containerd/containerd@v2.2.7:internal/cri/config/config_unix.go (a default for `config_path` from 2.2 on)

use crate::containerd;
use crate::containerd::cri::Cri;
use crate::containerd::on_node::{CONFIG_PATH, values};
use crate::kind::{File, NodeValue, ValueSource, root_of};
use crate::kubelet::on_node::{is_present, written_endpoint};
use crate::node::one_node::is_one_node;
use crate::node::runtime::uses_docker;
use crate::registry_hosts;
use crate::registry_hosts::eras::READS_HOSTS_FILES;
use crate::registry_hosts::kind::FILE_NAME;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "hosts-folder-not-configured",
    summary: "`hosts.toml` in a folder that containerd does not look in",
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

/// Puts in a folder of its own where the files set none.
const HAS_DEFAULT: Releases = Releases::containerd("2.2..");
/// Where such files stand on a node.
const FOLDER: &str = "/etc/containerd/certs.d";

fn check(cx: &mut NodeCx) {
    let loaded = cx.loaded;
    let mut files = loaded.files.iter().copied().filter(|file| is_below_folder(file));
    let Some(first) = files.next() else { return };
    // Other programs read the folder too: only what the kubelet pulls is certain.
    let is_other_runtime = || written_endpoint(loaded).is_some_and(|(endpoint, _)| !endpoint.contains("containerd"));
    if !is_one_node(loaded) || !is_present(loaded) || is_other_runtime() || uses_docker(loaded) {
        return;
    }
    // What a file sets and another one drops, or a missing file, is a fault of its own.
    let is_set = loaded.files.iter().any(|file| sets_path(file));
    if loaded.main().is_none() {
        return;
    }
    let others: Vec<&File> = files.collect();
    let values = values(loaded, &CONFIG_PATH);
    let wrong = values.iter().filter(|value| !names_folder(value) && (value.source != ValueSource::Default || !is_set));
    for value in wrong {
        report(cx, first, &others, value);
    }
}

fn sets_path(file: &File) -> bool {
    let entry = Cri::of(file.body()).images(&["registry", "config_path"]);
    *file.kind == containerd::KIND
        && entry.is_some_and(|entry| entry.value.as_str().is_some_and(|path| !path.is_empty()))
}

fn is_below_folder(file: &File) -> bool {
    let path = root_of(file.path).and_then(|root| file.path.strip_prefix(root));
    *file.kind == registry_hosts::KIND
        && file.name() == FILE_NAME
        && path.is_some_and(|path| path.starts_with(FOLDER.trim_start_matches('/')))
}

fn names_folder(path: &NodeValue) -> bool {
    path.text.split(':').any(|root| root.trim_end_matches('/') == FOLDER)
}

fn report(cx: &mut NodeCx, first: &File, others: &[&File], path: &NodeValue) {
    let mut releases = READS_HOSTS_FILES.and(Releases::only(Product::Containerd, path.releases));
    if path.text.is_empty() {
        releases = releases.without(HAS_DEFAULT);
    }
    let state = match (path.source, path.default_of(Product::Containerd)) {
        (ValueSource::Default, Some(default)) => format!("empty, the {default}"),
        _ => path.text.clone(),
    };
    let span = first.body().entries().first().map(|entry| entry.key_span).unwrap_or_default();
    let finding = cx.report(first.index, span, format!("containerd does not read this file: `config_path` is {state}"));
    finding.ignored(releases).why(WHY).help(format!(
        "Set `config_path = \"{FOLDER}\"` in the registry table of the CRI plugin, and restart containerd."
    ));
    if let Some(place) = path.source.place() {
        finding.label_in(place.file, place.value, "where containerd looks");
    }
    for other in others.iter().take(MAX_LABELS) {
        finding.label_in(other.index, Span::empty(0), "the same here");
    }
}

/// How many further files a finding names.
const MAX_LABELS: usize = 3;

const WHY: &str = "containerd looks for `hosts.toml` below `config_path` alone, and silently ignores other files: the \
    kubelet's images come from the upstream registry.";

//! # `log-rotation-lost`
//!
//! Log options of Docker on a node whose pods containerd runs, without those of the kubelet.
//!
//! ## Why
//!
//! `log-opts` in `daemon.json` hold for Docker's own containers. The logs of pods are written by containerd and
//! rotated by the kubelet: 10 MiB and 5 files for each container, whatever Docker's file sets.
//!
//! ## What to do
//!
//! Set `containerLogMaxSize` and `containerLogMaxFiles` for the kubelet. The units differ: Docker's `10m` is `10Mi`.
//!
//! ## Examples
//!
//! ```json bad
//! --- /etc/docker/daemon.json
//! {"log-opts": {"max-size": "100m", "max-file": "3"}}
//!  ^^^^^^^^^^
//! --- /var/lib/kubelet/config.yaml
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! containerRuntimeEndpoint: unix:///run/containerd/containerd.sock
//! ```
//!
//! ```json good
//! --- /etc/docker/daemon.json
//! {"log-opts": {"max-size": "100m", "max-file": "3"}}
//! --- /var/lib/kubelet/config.yaml
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! containerRuntimeEndpoint: unix:///run/containerd/containerd.sock
//! containerLogMaxSize: 100Mi
//! ```
//!
//! ## References
//!
//! - kubernetes/kubernetes#106855, containerd/containerd#3351, gardener/gardener#6702

use crate::containerd::kind::CRI;
use crate::containerd::loader::Effective;
use crate::docker;
use crate::kind::NodeValue;
use crate::kubelet::kind::is_kubelet_main;
use crate::kubelet::on_node::{values, written_endpoint};
use crate::kubelet::values::meant_size;
use crate::node::one_node::is_one_node;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "log-rotation-lost",
    summary: "Log options of Docker that do not hold for containerd's pods",
    category: Category::Migration,
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut NodeCx) {
    let loaded = cx.loaded;
    let is_written = |value: &NodeValue| value.source.place().is_some();
    let mut limits = ["containerLogMaxSize", "containerLogMaxFiles"].into_iter();
    let is_set = limits.any(|name| values(loaded, name).iter().any(is_written));
    let has_kubelet = loaded.files.iter().any(|file| is_kubelet_main(file));
    if is_set || !has_kubelet || !is_one_node(loaded) || !runs_containerd(cx) {
        return;
    }
    let Some(file) = loaded.files.iter().find(|file| *file.kind == docker::KIND) else { return };
    let Some(entry) = file.body().entry("log-opts") else { return };
    let option = |name: &str| docker::logging::option(file.settings(), name);
    let (size, files) = (option("max-size"), option("max-file"));
    if size.is_none() && files.is_none() {
        return;
    }
    cx.report(file.index, entry.key_span, "these log options do not hold for pods, which containerd runs")
        .advice(Releases::ANY)
        .key("log-opts")
        .why(WHY)
        .help(help(size, files));
}

/// Whether the kubelet uses containerd: by its endpoint, or because containerd's files configure pods.
fn runs_containerd(cx: &NodeCx) -> bool {
    let is_for_pods = |effective: &Effective| {
        let has = |path: &str| effective.item(path).is_some();
        let image = || has("images:sandbox_image") || has("images:pinned_images.sandbox");
        effective.runs(CRI) && (image() || effective.runtimes().next().is_some())
    };
    match written_endpoint(cx.loaded) {
        Some((endpoint, _)) => endpoint.contains("containerd"),
        None => cx.loaded.configurations().iter().any(|one| one.releases.iter().any(is_for_pods)),
    }
}

/// The kubelet's fields with the same values, as far as it takes them.
fn help(size: Option<&str>, files: Option<&str>) -> String {
    let size = size.and_then(meant_size).map(|size| format!("`containerLogMaxSize: {size}`"));
    let files = files.and_then(|number| number.parse::<i64>().ok());
    let files = files.map(|number| format!("`containerLogMaxFiles: {}`", number.max(2)));
    let fields: Vec<String> = size.into_iter().chain(files).collect();
    if fields.is_empty() {
        return "Set `containerLogMaxSize` and `containerLogMaxFiles` in the kubelet's configuration.".to_owned();
    }
    let fields = fields.join(" and ");
    format!("For the same limits set {fields} in the kubelet's configuration; it takes no fewer than 2 files.")
}

const WHY: &str = "containerd writes the logs of pods, and the kubelet rotates them by its own settings: 10Mi and 5 \
    files for each container by default.";

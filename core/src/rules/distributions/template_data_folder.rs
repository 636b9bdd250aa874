//! # `template-data-folder`
//!
//! A template of k3s or RKE2 that names the folder of one release's programs.
//!
//! ## Why
//!
//! k3s unpacks its programs into a folder whose name is a checksum, and writes that folder into `config.toml`. A
//! `config.toml` that was copied to the template keeps it: after the next upgrade containerd looks for CNI plugins in
//! the folder of the old release, which k3s removes in the end, and pods fail with `failed to find plugin`.
//!
//! ## What to do
//!
//! Begin the template with `{{ template "base" . }}`, and leave out what the base has.
//!
//! ## Examples
//!
//! ```toml bad
//! --- /var/lib/rancher/k3s/agent/etc/containerd/config.toml.tmpl
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri".cni]
//!   bin_dir = "/var/lib/rancher/k3s/data/3ccf8a82c8ded01dbf34ba21e1e5096e/bin"
//!             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
//!   conf_dir = "/var/lib/rancher/k3s/agent/etc/cni/net.d"
//! ```
//!
//! ```toml good
//! --- /var/lib/rancher/k3s/agent/etc/containerd/config.toml.tmpl
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri".cni]
//!   bin_dir = "/var/lib/rancher/k3s/data/cni"
//! ```
//!
//! ## References
//!
//! - k3s-io/k3s#7999, k3s-io/k3s#5854, k3s-io/k3s#9557

use crate::containerd;
use crate::containerd::cri::Cri;
use crate::distributions::template::RancherTemplate;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "template-data-folder",
    summary: "Template of k3s or RKE2 with the folder of one release",
    category: Category::Reliability,
    run: Run::File(&[&containerd::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    if RancherTemplate::of(cx.file.path).is_none() {
        return;
    }
    let Some(entry) = Cri::of(cx.root).runtime(&["cni", "bin_dir"]) else { return };
    let Some(folder) = entry.value.as_str().filter(|folder| names_release(folder)) else { return };
    cx.report_value(entry, format!("{} is the folder of one release", excerpt(folder)))
        .harmful(Releases::ANY)
        .why(
            "The next release has another folder. containerd goes on with the plugins of the old one, until k3s \
             removes them and pods fail with `failed to find plugin`.",
        )
        .help("Begin the file with `{{ template \"base\" . }}` and leave this table out.");
}

/// Whether a folder is that of a release: `data/CHECKSUM/bin`.
fn names_release(folder: &str) -> bool {
    let checksum = folder.trim_end_matches('/').strip_suffix("/bin").and_then(|rest| rest.rsplit_once("/data/"));
    checksum.is_some_and(|(_, name)| name.len() >= 32 && name.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

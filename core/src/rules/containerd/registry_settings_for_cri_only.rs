//! # `registry-settings-for-cri-only`
//!
//! Registry settings of the CRI plugin, which `ctr` and `nerdctl` do not read.
//!
//! ## Why
//!
//! Mirrors, certificates and credentials below the CRI plugin are for the kubelet and crictl. `ctr images pull` and
//! `nerdctl pull` do not look at them, so that a test with these ends in 401 or x509 errors although all is well. This is
//! no fault of the file, so the rule runs only when selected.
//!
//! ## What to do
//!
//! Test with `crictl pull`. For ctr, pass `--hosts-dir /etc/containerd/certs.d`; nerdctl reads `/etc/containerd/certs.d` by
//! itself.
//!
//! ## Examples
//!
//! ```toml bad
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri".registry]
//!                                      ^^^^^^^^
//!   config_path = "/etc/containerd/certs.d"
//! ```
//!
//! ```toml good
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri".registry]
//!   config_path = ""
//! ```
//!
//! ## References
//!
//! - containerd/containerd#6438, containerd/containerd#5407, containerd/containerd#6538, containerd/nerdctl#277

use crate::containerd;
use crate::containerd::kind::Cri;
use crate::containerd::settings::{counts, says_nothing};
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "registry-settings-for-cri-only",
    summary: "Registry settings that `ctr` and `nerdctl` do not read",
    category: Category::Suspicious,
    opt_in: true,
    run: Run::File(&[&containerd::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    let Some(registry) = Cri::of(cx.root).images(&["registry"]) else { return };
    if says_nothing(&registry.value.value) {
        return;
    }
    let releases = counts(cx, cx.loaded, registry);
    let path = cx.path_of(registry);
    cx.report(registry.key_span, "these registry settings are for kubelet and crictl; ctr and nerdctl do not read them")
        .advice(releases)
        .key(path)
        .why("The tables belong to the CRI plugin. `ctr images pull` and `nerdctl pull` resolve registries by themselves, and fail with 401 or x509 where only these tables know the credentials or certificates.")
        .help("Test with `crictl pull`. For ctr pass --hosts-dir with the folder of hosts.toml files; nerdctl reads /etc/containerd/certs.d by itself.");
}

//! # `registry-settings-for-cri-only`
//!
//! Registry settings of the CRI plugin, which `ctr`, `nerdctl` and BuildKit do not read.
//!
//! ## Why
//!
//! Mirrors, certificates and credentials below the CRI plugin are for the kubelet and crictl. `ctr images pull` and
//! `nerdctl pull` do not read them, and neither does BuildKit (`nerdctl build`, `buildctl`), so that these end in 401
//! or x509 errors although the node works. The file has no fault, so the rule runs only when selected.
//!
//! ## What to do
//!
//! Test with `crictl pull`. For ctr, pass `--hosts-dir /etc/containerd/certs.d`; nerdctl reads
//! `/etc/containerd/certs.d` by itself; BuildKit reads `/etc/buildkit/buildkitd.toml`.
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

use crate::containerd::values::is_zero_value;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "registry-settings-for-cri-only",
    summary: "Registry settings that `ctr`, `nerdctl` and BuildKit do not read",
    category: Category::Suspicious,
    opt_in: true,
    run: Run::Settings(&[SettingCheck {
        mark: Mark::Key,
        outcomes: &[(Effect::Advice, Releases::ANY)],
        message: "`ctr`, `nerdctl` and BuildKit do not read these registry settings",
        why: "The tables belong to the CRI plugin, which serves kubelet and crictl. `ctr images pull`, `nerdctl pull` \
              and BuildKit resolve registries by themselves, and fail with 401 or x509 where only these tables hold \
              the credentials or certificates.",
        help: "Test with `crictl pull`. For ctr pass --hosts-dir with the folder of hosts.toml files; nerdctl reads \
               /etc/containerd/certs.d by itself, BuildKit /etc/buildkit/buildkitd.toml.",
        ..SettingCheck::of(&daemons::CONTAINERD, "images:registry", Test::Where(has_content))
    }]),
    ..Rule::DEFAULTS
};

fn has_content(setting: &WrittenSetting) -> bool {
    setting.node.is_some_and(|node| !is_zero_value(&node.value))
}

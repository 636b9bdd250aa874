//! # `config-path-two-roots`
//!
//! `registry.config_path` names two folders with a colon between them.
//!
//! ## Why
//!
//! From 2.1 on images are pulled by the transfer service, which takes the value for the name of one folder, finds
//! none, and pulls without any `hosts.toml`: mirrors and certificates silently have no effect. 1.5 to
//! 2.0, and later releases where the CRI plugin pulls by itself, look in both folders.
//!
//! ## What to do
//!
//! Name one folder, or set `use_local_image_pull = true`.
//!
//! ## Examples
//!
//! ```toml bad
//! version = 3
//! [plugins."io.containerd.cri.v1.images".registry]
//!   config_path = "/etc/containerd/certs.d:/etc/docker/certs.d"
//!                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```toml good
//! version = 3
//! [plugins."io.containerd.cri.v1.images".registry]
//!   config_path = "/etc/containerd/certs.d"
//! ```
//!
//! Settings that the transfer service does not have make the CRI plugin pull by itself:
//!
//! ```toml good
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri".containerd]
//!   discard_unpacked_layers = true
//! [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
//!   runtime_type = "io.containerd.runc.v2"
//! [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
//!   SystemdCgroup = true
//! [plugins."io.containerd.grpc.v1.cri".registry]
//!   config_path = "/etc/containerd/certs.d:/etc/docker/certs.d"
//! ```
//!
//! ```toml good
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri"]
//!   max_concurrent_downloads = 10
//! [plugins."io.containerd.grpc.v1.cri".registry]
//!   config_path = "/etc/containerd/certs.d:/etc/docker/certs.d"
//! ```
//!
//! ## References
//!
//! - containerd/containerd#12808, containerd/containerd#12636, containerd/containerd#12415
//! - containerd/containerd@v2.3.4:internal/cri/server/images/image_pull.go, core/transfer/registry/registry.go,
//!   internal/cri/config/config.go (`CheckLocalImagePullConfigs`), plugins/cri/images/plugin.go (`migrateConfig`)

use crate::containerd;
use crate::containerd::cri::Cri;
use crate::containerd::eras::PULLS_BY_TRANSFER_SERVICE;
use crate::containerd::settings::{counts, stands_alone};
use crate::containerd::values::text;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "config-path-two-roots",
    summary: "Two folders in `registry.config_path`, which the transfer service takes for one name",
    run: Run::File(&[&containerd::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    let cri = Cri::of(cx.root);
    let Some(entry) = cri.images(&["registry", "config_path"]) else { return };
    let Some(value) = text(Some(entry)) else { return };
    // Another file may turn local pulls on.
    if !value.contains(":/") || pulls_locally(cri) || !stands_alone(cx) {
        return;
    }
    let first = value.split(':').next().unwrap_or(value);
    let releases = PULLS_BY_TRANSFER_SERVICE.and(counts(cx, cx.loaded, entry));
    cx.report_value(entry, "two folders in `config_path` turn all `hosts.toml` files off")
        .ignored(releases)
        .why(
            "From 2.1 on the transfer service pulls images. It takes the value for one folder, finds none of that \
             name, and silently asks the upstream registries.",
        )
        .help(format!(
            "Keep all hosts.toml files in {first} and set `config_path` to that folder alone, or set \
             `use_local_image_pull = true`."
        ));
}

/// Whether the CRI plugin pulls by itself: as configured, or because of a setting that the transfer service does not
/// have.
fn pulls_locally(cri: Cri) -> bool {
    // Up to version 2 some of them stand in the `containerd` table, which is migrated only if it has runtimes.
    let is_migrated = cri.images(&["containerd", "runtimes"]).is_some();
    let entry = |key: &str| cri.images(&[key]).or_else(|| cri.images(&["containerd", key]).filter(|_| is_migrated));
    let switch = |key: &str| entry(key).and_then(|entry| entry.value.as_bool());
    let has = |key: &&str| cri.images(&["registry", *key]).is_some_and(|entry| !entry.value.entries().is_empty());
    let limit = cri.images(&["max_concurrent_downloads"]);
    ["use_local_image_pull", "discard_unpacked_layers", "image_pull_with_sync_fs"]
        .iter()
        .any(|key| switch(key) == Some(true))
        || switch("disable_snapshot_annotations") == Some(false)
        || limit.is_some_and(|limit| limit.value.as_int() != Some(3))
        || ["mirrors", "configs", "auths"].iter().any(has)
}

//! # `storage-opts-ignored`
//!
//! `storage-opts` while images are stored by containerd.
//!
//! ## Why
//!
//! Storage options are those of a graph driver. With `features.containerd-snapshotter` (24.0 and later) dockerd does
//! not read them, and accepts names that do not exist.
//!
//! ## What to do
//!
//! Remove them.
//!
//! ## Examples
//!
//! ```json bad
//! { "features": { "containerd-snapshotter": true }, "storage-opts": ["overlay2.size=20G"] }
//!                                                   ^^^^^^^^^^^^^^
//! ```
//!
//! ```json good
//! { "storage-driver": "overlay2", "storage-opts": ["overlay2.size=20G"] }
//! ```
//!
//! ## References
//!
//! - moby/moby@docker-v29.7.2:daemon/daemon.go; measured with 24.0.9, 27.5.1, 28.5.2 and 29.7.2

use crate::docker::eras::HAS_CONTAINERD_STORE;
use crate::docker::settings::as_text;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "storage-opts-ignored",
    summary: "Storage options that the containerd image store ignores",
    run: Run::Settings(&[SettingCheck {
        only_if: &[("features.containerd-snapshotter", Test::Is(true))],
        mark: Mark::Key,
        outcomes: &[(Effect::Ignored, HAS_CONTAINERD_STORE)],
        message: "`storage-opts` has no effect: containerd stores the images",
        why: "With `features.containerd-snapshotter` dockerd does not read storage options, and accepts names that do \
              not exist.",
        help: "Remove them, or the feature.",
        ..SettingCheck::of(&daemons::DOCKER, "storage-opts", Test::Where(has_texts))
    }]),
    ..Rule::DEFAULTS
};

fn has_texts(setting: &WrittenSetting) -> bool {
    setting.items().into_iter().any(|item| as_text(item).is_some())
}

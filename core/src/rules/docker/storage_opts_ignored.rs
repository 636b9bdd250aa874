//! # `storage-opts-ignored`
//!
//! `storage-opts` while images are stored by containerd.
//!
//! ## Why
//!
//! Storage options are those of a graph driver. With `features.containerd-snapshotter` (24.0 and later) nobody reads them, not even to
//! complain about a name that does not exist.
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

use crate::docker;
use crate::docker::settings::{feature, texts};
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "storage-opts-ignored",
    summary: "Storage options that nobody reads",
    run: Run::File(&[&docker::KIND], check),
    ..Rule::DEFAULTS
};

const FEATURE: Releases = Releases::docker("24..");

fn check(cx: &mut FileCx) {
    let on = feature(cx.root, "containerd-snapshotter").is_some_and(|(_, on)| on);
    let Some(entry) = cx.root.entry("storage-opts").filter(|_| on && !texts(cx.root, "storage-opts").is_empty()) else {
        return;
    };
    cx.report(entry.key_span, "`storage-opts` does nothing: images are stored by containerd")
        .ignored(FEATURE)
        .key("storage-opts")
        .why("With `features.containerd-snapshotter` nobody reads storage options, not even to complain about a name that does not exist.")
        .help("Remove them, or the feature.");
}

//! # `userns-remap-rootless`
//!
//! `userns-remap` in the file of a rootless Docker.
//!
//! ## Why
//!
//! Rootless Docker reads `~/.config/docker/daemon.json` and runs in a user namespace of its own already. It cannot map
//! users a second time, and dockerd does not start.
//!
//! ## What to do
//!
//! Remove the key: root in a container of rootless Docker is the user who runs it.
//!
//! ## Examples
//!
//! ```json bad
//! --- /home/dev/.config/docker/daemon.json
//! { "userns-remap": "default", "log-driver": "local" }
//!   ^^^^^^^^^^^^^^
//! ```
//!
//! ```json fixed
//! --- /home/dev/.config/docker/daemon.json
//! { "log-driver": "local" }
//! ```
//!
//! ```json good
//! { "userns-remap": "default", "log-driver": "local" }
//! ```
//!
//! ## References
//!
//! - moby/moby#48521, moby/moby#43129

use crate::docker;
use crate::docker::kind::is_rootless;
use crate::docker::settings::is_unset;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "userns-remap-rootless",
    summary: "`userns-remap` in the file of a rootless Docker",
    fix: Some(Applicability::Safe),
    run: Run::File(&[&docker::KIND], check),
    ..Rule::DEFAULTS
};

/// Has rootless mode.
const HAS_ROOTLESS_MODE: Releases = Releases::docker("19.03..");

fn check(cx: &mut FileCx) {
    let Some(entry) = cx.root.entry("userns-remap").filter(|_| is_rootless(cx.file.path)) else { return };
    if is_unset(&entry.value) {
        return;
    }
    let remove = edit::remove(cx.doc(), cx.root, entry);
    cx.report_key(entry, "rootless Docker cannot use `userns-remap`")
        .refused(HAS_ROOTLESS_MODE)
        .why(
            "A daemon.json below ~/.config/docker is that of rootless Docker, which runs in a user namespace already: \
             dockerd does not start with a second mapping.",
        )
        .help("Remove the key: root in a container is the user who runs Docker.")
        .maybe_fix(remove.map(|edit| Fix::one(Applicability::Safe, "Remove `userns-remap`", edit)));
}

//! # `storage-driver-unavailable`
//!
//! `storage-driver` names a driver that Docker does not have, no longer has, or does not have in the image store that the file chooses.
//!
//! ## Why
//!
//! dockerd does not start: `the devicemapper storage-driver has been deprecated and removed` (24.0 to 28), `error initializing
//! graphdriver: driver not supported`, or since 29 `configured driver "aufs" not available: unavailable`. `dockerd --validate` says OK all
//! the same. `aufs` and `overlay` went away in 24.0, `devicemapper` in 25.0. With `features.containerd-snapshotter`, and by default since 29,
//! the name is one of a snapshotter of containerd: `overlayfs`, not `overlay2`.
//!
//! ## What to do
//!
//! Remove `storage-driver`, or write `overlay2`. Images of another driver are not seen any more: push or save them before.
//!
//! ## Examples
//!
//! ```json bad
//! { "storage-driver": "devicemapper" }
//!                     ^^^^^^^^^^^^^^
//! ```
//!
//! ```json bad
//! { "storage-driver": "overlay3" }
//!                     ^^^^^^^^^^
//! ```
//!
//! ```json fixed
//! { "storage-driver": "overlay2" }
//! ```
//!
//! ```json bad docker=29
//! { "storage-driver": "overlay2", "features": { "containerd-snapshotter": true } }
//!                     ^^^^^^^^^^
//! ```
//!
//! ```json good
//! { "storage-driver": "overlay2" }
//! ```
//!
//! ```json good docker=29
//! { "storage-driver": "overlayfs" }
//! ```
//!
//! ## References
//!
//! - lework/kainstall#55, moby/moby#46254, moby/moby#51377
//! - moby/moby@docker-v29.7.2:daemon/image_store_choice.go, moby/moby@v24.0.9, v25.0.7:daemon/graphdriver/driver.go; measured with
//!   20.10.24, 24.0.9, 27.5.1, 28.5.2 and 29.7.2

use crate::docker;
use crate::docker::settings::{is_windows, last_and_next, text};
use crate::docker::storage::{graph_driver, is_snapshotter, store, unavailable};
use crate::keys::drivers::{Driver, storage_drivers};
use crate::keys::nearest;
use crate::rules::prelude::*;
use crate::text::excerpt;

pub(crate) const RULE: Rule = Rule {
    id: "storage-driver-unavailable",
    summary: "A storage driver that Docker does not have",
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&docker::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    let Some((entry, name)) = text(cx.root, "storage-driver") else { return };
    // Plugins were drivers up to 27.
    if is_windows(cx) || name.contains(['/', ':']) {
        return;
    }
    let refused = unavailable(cx.root, name);
    if refused.is_empty() {
        return;
    }
    let driver = graph_driver(name);
    let target = cx.releases().get(Product::Docker);
    let in_containerd = !store(cx.root).containerd.and(refused).and(cx.releases()).is_empty();
    let live =
        storage_drivers().iter().filter(|d| d.platform() != Some("windows") && d.removal().is_none()).map(Driver::name);
    let meant = if driver.is_some() || is_snapshotter(name) { None } else { nearest(name, live) };
    let removed = driver.and_then(|driver| last_and_next(driver.releases())).map(|(_, next)| next);
    let message = match (driver, removed) {
        (Some(_), Some(release)) => format!("Docker has no storage driver `{name}` any more, since {release}"),
        (Some(_), None) if in_containerd => format!("the containerd image store has no snapshotter `{name}`"),
        (None, _) if is_snapshotter(name) => format!("`{name}` is a snapshotter of containerd, and no graph driver"),
        _ => format!("Docker has no storage driver `{}`", excerpt(name)),
    };
    let last = target.ids(Product::Docker).last().unwrap_or_default();
    let words = match (removed, last) {
        (Some(_), "24" | "25" | "26" | "27" | "28") => {
            format!("the {name} storage-driver has been deprecated and removed")
        }
        (_, "29") => format!("configured driver \"{name}\" not available: unavailable"),
        _ => format!("error initializing graphdriver: driver not supported: {name}"),
    };
    let help = match (meant, driver) {
        (Some(meant), _) => format!("Did you mean `{meant}`?"),
        (None, Some(_)) if removed.is_none() => "Remove `storage-driver`, or write `overlayfs`.".to_owned(),
        (None, None) if is_snapshotter(name) => "Remove `storage-driver`, or turn `features.containerd-snapshotter` on.".to_owned(),
        _ => "Remove `storage-driver`, or write `overlay2`. Images of the old driver are not seen any more: push or save them before.".to_owned(),
    };
    let fix = meant.map(|meant| Fix::string(Applicability::Unsafe, &entry.value, meant));
    cx.report(entry.value.span, message)
        .refused(refused)
        .key("storage-driver")
        .why(format!("dockerd does not start: `{words}`. `dockerd --validate` says OK all the same."))
        .help(help)
        .maybe_fix(fix);
}

//! # `storage-driver-unavailable`
//!
//! `storage-driver` is a driver that Docker does not have, or that the image store of the file does not have.
//!
//! ## Why
//!
//! dockerd does not start: `the devicemapper storage-driver has been deprecated and removed` (24.0 to 28), `error
//! initializing graphdriver: driver not supported`, or since 29 `configured driver "aufs" not available:
//! unavailable`. `dockerd --validate` still reports OK. 24.0 removed `aufs` and `overlay`, 25.0 `devicemapper`. With
//! `features.containerd-snapshotter`, and by default since 29, the name must be a snapshotter of containerd:
//! `overlayfs`, not `overlay2`.
//!
//! ## What to do
//!
//! Remove `storage-driver`, or write `overlay2`. Docker no longer shows images of another driver: push or save them
//! before.
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
//! - moby/moby@docker-v29.7.2:daemon/image_store_choice.go, moby/moby@v24.0.9, v25.0.7:daemon/graphdriver/driver.go;
//!   measured with 20.10.24, 24.0.9, 27.5.1, 28.5.2 and 29.7.2

use crate::docker;
use crate::docker::refusals::late_refusal;
use crate::docker::settings::{is_windows, last_and_next, text};
use crate::docker::storage::{graph_driver, is_snapshotter, is_taken_for_snapshotter, store, unavailable};
use crate::keys::drivers::{Driver, storage_drivers};
use crate::keys::nearest;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "storage-driver-unavailable",
    summary: "Storage driver that Docker does not have",
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&docker::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    let Some(setting) = text(cx.settings(), "storage-driver") else { return };
    let name = setting.text.as_ref();
    // Plugins were drivers up to 27.
    let is_plugin = name.contains(['/', ':']);
    let refused = unavailable(cx.settings(), name);
    if is_windows(cx) || is_plugin || refused.is_empty() {
        return;
    }
    let driver = graph_driver(name);
    let removal = driver.and_then(|driver| last_and_next(driver.releases())).map(|(_, release)| release);
    let is_containerd_asked = !store(cx.settings()).containerd.and(refused).and(cx.releases()).is_empty();
    let message = match (driver, removal) {
        _ if is_taken_for_snapshotter(cx.root, name) => {
            format!("Docker 29.0.0 takes the storage driver `{name}` for a snapshotter of containerd")
        }
        (Some(_), Some(release)) => format!("Docker {release} and later do not have the storage driver `{name}`"),
        (Some(_), None) if is_containerd_asked => format!("the containerd image store has no snapshotter `{name}`"),
        (None, _) if is_snapshotter(name) => format!("`{name}` is a snapshotter of containerd, not a graph driver"),
        _ => format!("Docker has no storage driver `{}`", excerpt(name)),
    };
    let meant = if driver.is_none() && !is_snapshotter(name) { nearest(name, remaining_drivers()) } else { None };
    let help = match (meant, driver) {
        _ if is_taken_for_snapshotter(cx.root, name) => "Upgrade to 29.0.1.".to_owned(),
        (Some(meant), _) => format!("Did you mean `{meant}`?"),
        (None, Some(_)) if removal.is_none() => "Remove `storage-driver`, or write `overlayfs`.".to_owned(),
        (None, None) if is_snapshotter(name) => {
            "Remove `storage-driver`, or turn `features.containerd-snapshotter` on.".to_owned()
        }
        _ => HELP.to_owned(),
    };
    let last = cx.releases().get(Product::Docker).latest(Product::Docker).map_or("", |release| release.id);
    cx.report_setting(&setting, message)
        .refused(refused)
        .why(late_refusal(&log(name, removal.is_some(), last)))
        .help(help)
        .maybe_fix(meant.and_then(|meant| setting.replaced_by(Applicability::Unsafe, meant)));
}

fn remaining_drivers() -> impl Iterator<Item = &'static str> {
    let of_linux = storage_drivers().iter().filter(|driver| driver.platform() != Some("windows"));
    of_linux.filter(|driver| driver.removal().is_none()).map(Driver::name)
}

fn log(name: &str, is_removed: bool, release: &str) -> String {
    match release {
        "24" | "25" | "26" | "27" | "28" if is_removed => {
            format!("the {name} storage-driver has been deprecated and removed")
        }
        "29" => format!("configured driver \"{name}\" not available: unavailable"),
        _ => format!("error initializing graphdriver: driver not supported: {name}"),
    }
}

const HELP: &str = "Remove `storage-driver`, or write `overlay2`. Docker no longer shows images of the old driver: \
                    push or save them before.";

//! # `feature-unknown`
//!
//! A switch in `features` that Docker does not have, or that some of the target's releases do not have.
//!
//! ## Why
//!
//! dockerd takes any name there and ignores one that it does not recognize. One is refused instead: `windows-dns-proxy`
//! on Linux, by 26.1 and 27 (`feature option 'windows-dns-proxy' is only available on Windows`).
//!
//! ## What to do
//!
//! Correct the name, or remove it.
//!
//! ## Examples
//!
//! ```json bad
//! { "features": { "containerd-snapshoter": true } }
//!                 ^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```json fixed
//! { "features": { "containerd-snapshotter": true } }
//! ```
//!
//! ```json bad docker=27
//! { "features": { "windows-dns-proxy": true } }
//!                 ^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```json good
//! { "features": { "buildkit": true, "containerd-snapshotter": true } }
//! ```
//!
//! ## References
//!
//! - moby/moby@docker-v29.7.2:daemon (uses of `Features[...]`), moby/moby@v27.5.1:daemon/config/config_linux.go; that
//!   unknown names are taken is measured with 20.10.24, 24.0.9, 27.5.1, 28.5.2 and 29.7.2

use crate::docker;
use crate::docker::settings::{first, in_docker, is_windows};
use crate::keys::{KeySpec, Place, nearest, tables};
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "feature-unknown",
    summary: "Feature switch that Docker does not have",
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&docker::KIND], check),
    ..Rule::DEFAULTS
};

/// Releases that refuse `windows-dns-proxy` on Linux, whatever its value.
const REFUSES_WINDOWS_FEATURE: Releases = Releases::docker("26.1.0..27");

fn check(cx: &mut FileCx) {
    let features = cx.settings().get("features").map(Node::entries).unwrap_or_default();
    // Another rule reports `features` in releases without it.
    let readers = docker::directive("features").map_or(ReleaseSet::ALL, KeySpec::releases);
    for entry in features {
        if entry.value.as_bool().is_none() && !entry.value.is_null() {
            continue;
        }
        // A feature that a release does not have is off.
        let is_on = entry.value.as_bool() == Some(true);
        let name = entry.key.as_ref();
        let known = tables::DOCKER.find(&["features", name]).and_then(|place| place.key());
        let Some(key) = known.filter(|key| key.path() != "features.*") else {
            report(cx, entry, in_docker(readers), format!("Docker has no feature `{}`", excerpt(name)));
            continue;
        };
        let missing = readers.without(key.releases());
        if key.platform() == Some("windows") {
            report_windows(cx, entry);
        } else if !missing.is_empty() {
            let message = format!("Docker has the feature `{name}` from {} on", first(key));
            let finding = report(cx, entry, in_docker(missing), message);
            if !is_on {
                finding.as_info();
            }
        }
    }
}

fn report<'c>(cx: &'c mut FileCx, entry: &Entry, ignored: Releases, message: String) -> &'c mut Finding {
    let features = cx.settings().get("features");
    let names = tables::DOCKER.find(&["features"]).into_iter().flat_map(Place::children).map(Place::name);
    let close = nearest(&entry.key, names.filter(|name| *name != "*"));
    let close = close.filter(|close| features.is_some_and(|features| features.get(close).is_none()));
    let help = match close {
        Some(close) => format!("Did you mean `{close}`?"),
        None => "Remove it, or name the releases of your nodes: `--target docker=...`.".to_owned(),
    };
    let fix = close.map(|close| Fix::rename(Applicability::Unsafe, cx.doc(), entry, close));
    cx.report_key(entry, message)
        .ignored(ignored)
        .why("dockerd takes any name in `features`, and ignores one that it does not recognize.")
        .help(help)
        .maybe_fix(fix)
}

fn report_windows(cx: &mut FileCx, entry: &Entry) {
    if is_windows(cx) {
        return;
    }
    let name = entry.key.as_ref();
    let others = ReleaseSet::ALL.without(REFUSES_WINDOWS_FEATURE.get(Product::Docker));
    cx.report_key(entry, format!("Docker has the feature `{name}` on Windows only"))
        .refused(REFUSES_WINDOWS_FEATURE)
        .ignored(in_docker(others))
        .why(why_windows(name))
        .help("Remove it.");
}

fn why_windows(name: &str) -> String {
    format!(
        "26.1 and 27 do not start on Linux: `feature option '{name}' is only available on Windows`. \
         Other releases ignore it."
    )
}

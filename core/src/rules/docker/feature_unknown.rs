//! # `feature-unknown`
//!
//! A switch in `features` that Docker does not have, or not in some of the target's releases.
//!
//! ## Why
//!
//! dockerd takes any name there and does nothing with one that it does not know. One is refused instead: `windows-dns-proxy` on Linux, by 26.1
//! and 27 (`feature option 'windows-dns-proxy' is only available on Windows`).
//!
//! ## What to do
//!
//! Mend the name, or remove it.
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
//! - moby/moby@docker-v29.7.2:daemon (uses of `Features[...]`), moby/moby@v27.5.1:daemon/config/config_linux.go; that unknown names are taken is
//!   measured with 20.10.24, 24.0.9, 27.5.1, 28.5.2 and 29.7.2

use crate::docker;
use crate::docker::settings::{docker as in_docker, first, is_windows};
use crate::keys::{KeySpec, nearest, tables};
use crate::rules::prelude::*;
use crate::text::excerpt;

pub(crate) const RULE: Rule = Rule {
    id: "feature-unknown",
    summary: "A feature switch that Docker does not have",
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&docker::KIND], check),
    ..Rule::DEFAULTS
};

/// They refuse `windows-dns-proxy` on Linux, whatever its value.
const WINDOWS_ONLY: Releases = Releases::docker("26..27");

fn check(cx: &mut FileCx) {
    let features = cx.root.get("features").map(Node::entries).unwrap_or_default();
    // Where there is no `features` at all, that is the fault.
    let read = docker::directive("features").map_or(ReleaseSet::ALL, KeySpec::releases);
    for entry in features.iter().filter(|e| e.value.as_bool().is_some()) {
        let name = entry.key.as_ref();
        let key =
            tables::DOCKER.find(&["features", name]).and_then(|p| p.key()).filter(|key| key.path() != "features.*");
        match key {
            Some(key) if key.platform() == Some("windows") => {
                if !is_windows(cx) {
                    report_windows(cx, entry);
                }
            }
            // Switching off what is not there is what happens anyway.
            Some(key) if entry.value.as_bool() == Some(true) => {
                let missing = read.without(key.releases());
                if !missing.is_empty() {
                    report(
                        cx,
                        entry,
                        in_docker(missing),
                        format!("Docker has the feature `{name}` from {} on", first(key)),
                    );
                }
            }
            Some(_) => {}
            None => report(cx, entry, in_docker(read), format!("Docker has no feature `{}`", excerpt(name))),
        }
    }
}

fn report(cx: &mut FileCx, entry: &Entry, ignored: Releases, message: String) {
    let path = cx.path_of(entry);
    let features = cx.root.get("features");
    let known = tables::DOCKER.find(&["features"]);
    let names =
        known.into_iter().flat_map(crate::keys::Place::children).map(crate::keys::Place::name).filter(|n| *n != "*");
    let close = nearest(&entry.key, names).filter(|close| features.is_some_and(|f| f.get(close).is_none()));
    let fix = close.map(|close| Fix::rename(Applicability::Unsafe, cx.doc(), entry, close));
    let help = match close {
        Some(close) => format!("Did you mean `{close}`?"),
        None => "Remove it, or name the releases of your nodes: `--target docker=...`.".to_owned(),
    };
    cx.report(entry.key_span, message)
        .ignored(ignored)
        .key(path)
        .why("dockerd takes any name in `features`, and does nothing with one that it does not know.")
        .help(help)
        .maybe_fix(fix);
}

fn report_windows(cx: &mut FileCx, entry: &Entry) {
    let name = entry.key.as_ref();
    let path = cx.path_of(entry);
    cx.report(entry.key_span, format!("the feature `{name}` is one of Windows"))
        .refused(WINDOWS_ONLY)
        .ignored(in_docker(ReleaseSet::ALL.without(WINDOWS_ONLY.get(crate::releases::Product::Docker))))
        .key(path)
        .why(format!("26.1 and 27 do not start on Linux: `feature option '{name}' is only available on Windows`. Others ignore it."))
        .help("Remove it.");
}

//! # `docker-file-misplaced`
//!
//! A `daemon.json` in a place that another Docker reads.
//!
//! ## Why
//!
//! `~/.docker/daemon.json` is that of Docker Desktop. On a Linux node dockerd reads `/etc/docker/daemon.json`,
//! rootless Docker `~/.config/docker/daemon.json`, and the Docker of the snap
//! `/var/snap/docker/current/config/daemon.json`: none of them looks into the places of the others, and none mentions
//! a file there.
//!
//! ## What to do
//!
//! Put the settings where the Docker of the node looks.
//!
//! ## Examples
//!
//! ```json bad
//! --- /home/dev/.docker/daemon.json
//! { "log-driver": "local" }
//! ^
//! ```
//!
//! ```json bad
//! --- /etc/docker/daemon.json
//! { "log-driver": "local" }
//! ^
//! --- /var/snap/docker/current/config/daemon.json
//! { "log-driver": "local" }
//! ```
//!
//! ```json good
//! --- /home/dev/.config/docker/daemon.json
//! { "log-driver": "local" }
//! --- /etc/docker/daemon.json
//! { "log-driver": "local" }
//! ```
//!
//! ## References
//!
//! - docker/docker-install#323, canonical/docker-snap#321, docker-archive/docker-snap#22
//! - moby/moby@docker-v29.7.2:daemon/command/docker.go; canonical/docker-snap@8452deb:snap/snapcraft.yaml

use crate::docker;
use crate::rules::prelude::*;
use crate::systemd::flags;

pub(crate) const RULE: Rule = Rule {
    id: "docker-file-misplaced",
    summary: "`daemon.json` in a place that another Docker reads",
    category: Category::Suspicious,
    run: Run::File(&[&docker::KIND], check),
    ..Rule::DEFAULTS
};

/// The file of the Docker that the snap brings.
const OF_SNAP: &str = "var/snap/docker/current/config/daemon.json";

fn check(cx: &mut FileCx) {
    let path = cx.file.path;
    let files = &cx.view.node.files;
    let is_of_desktop = path.ends_with("/.docker/daemon.json") && !path.contains("Users/");
    // With a unit for dockerd, there are two Dockers.
    let is_beside_snap = path.ends_with("etc/docker/daemon.json")
        && files.iter().any(|file| file.path.ends_with(OF_SNAP))
        && !files.iter().any(|file| *file.kind == flags::KIND);
    let (message, help) = if is_of_desktop {
        (
            "only Docker Desktop reads this file",
            "On a Linux node write /etc/docker/daemon.json, for rootless Docker ~/.config/docker/daemon.json.",
        )
    } else if is_beside_snap {
        ("the Docker of the snap does not read this file", "Write /var/snap/docker/current/config/daemon.json.")
    } else {
        return;
    };
    let span = Span { start: cx.root.span.start, end: cx.root.span.end.min(cx.root.span.start + 1) };
    cx.report(span, message)
        .advice(Releases::ANY)
        .why("Another Docker of the node silently goes on with its own file, or with its defaults.")
        .help(help);
}

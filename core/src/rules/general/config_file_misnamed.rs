//! # `config-file-misnamed`
//!
//! A configuration beside the place where its daemon looks, under a near name.
//!
//! ## Why
//!
//! dockerd reads `/etc/docker/daemon.json`, containerd `/etc/containerd/config.toml`. A file that is missing there is
//! not a fault to them: they start with their defaults, and no setting of the other file is in effect.
//!
//! ## What to do
//!
//! Rename the file, or name it on the command line: `--config-file` of dockerd, `--config` of containerd.
//!
//! ## Examples
//!
//! ```json bad
//! --- /etc/docker/deamon.json
//! { "debug": true }
//!   ^^^^^^^
//! ```
//!
//! ```toml bad
//! --- /etc/containerd.toml
//! version = 2
//! ^^^^^^^
//! ```
//!
//! ```json good
//! --- /etc/docker/daemon.json
//! { "debug": true }
//! ```
//!
//! ```json good
//! --- /etc/docker/deamon.json
//! { "debug": true }
//! --- /etc/systemd/system/docker.service
//! [Service]
//! ExecStart=/usr/bin/dockerd --config-file /etc/docker/deamon.json
//! ```
//!
//! ## References
//!
//! - moby/moby#45254, docker/containerd-packaging#13

use crate::keys::nearest;
use crate::kind::root_of;
use crate::rules::prelude::*;
use crate::systemd::flags;
use crate::{containerd, docker};

pub(crate) const RULE: Rule = Rule {
    id: "config-file-misnamed",
    summary: "Configuration beside the place where its daemon looks",
    run: Run::File(&[&containerd::KIND, &docker::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    let path = cx.file.path;
    let below = root_of(path).and_then(|root| path.strip_prefix(root)).unwrap_or(path).trim_start_matches('/');
    let (daemon, place) = match below.strip_prefix("etc/docker/") {
        Some(name) if is_slip(name) => ("dockerd", "/etc/docker/daemon.json"),
        None if below == "etc/containerd.toml" => ("containerd", "/etc/containerd/config.toml"),
        _ => return,
    };
    let on_node = format!("/{below}");
    let units = cx.view.node.files.iter().filter(|file| *file.kind == flags::KIND);
    if units.flat_map(|unit| flags::flags(unit)).any(|flag| flag.value == Some(&on_node)) {
        return;
    }
    let Some(first) = cx.root.entries().first() else { return };
    let keys: Vec<String> = cx.root.entries().iter().map(|entry| entry.key.clone().into_owned()).collect();
    let finding = cx.report(first.key_span, format!("{daemon} reads {place}, and not {on_node}"));
    let finding = finding.ignored(Releases::ANY).why(WHY);
    keys.into_iter().fold(finding, Finding::key).help(format!("Rename the file to {place}."));
}

fn is_slip(name: &str) -> bool {
    name != "daemon.json" && nearest(name, std::iter::once("daemon.json")).is_some()
}

const WHY: &str = "A missing file is not a fault to the daemon: it starts with its defaults.";

//! # `docker-file-not-read`
//!
//! A `daemon.json` beside a unit that names another file.
//!
//! ## Why
//!
//! With `--config-file` dockerd reads the file named and no other one. The settings of a file under a near name have no
//! effect, and dockerd logs nothing about it. Where the file named does not exist, dockerd does not start.
//!
//! ## What to do
//!
//! Name the file that holds the settings, or leave the flag out: `/etc/docker/daemon.json` is the default.
//!
//! ## Examples
//!
//! ```ini bad
//! --- /etc/systemd/system/docker.service.d/10-file.conf
//! [Service]
//! ExecStart=
//! ExecStart=/usr/bin/dockerd --config-file /etc/docker/deamon.json
//!                                          ^^^^^^^^^^^^^^^^^^^^^^^
//! --- /etc/docker/daemon.json
//! { "log-driver": "local" }
//! ```
//!
//! ```ini fixed
//! --- /etc/systemd/system/docker.service.d/10-file.conf
//! [Service]
//! ExecStart=
//! ExecStart=/usr/bin/dockerd --config-file /etc/docker/daemon.json
//! --- /etc/docker/daemon.json
//! { "log-driver": "local" }
//! ```
//!
//! ```ini bad
//! --- /etc/systemd/system/docker.service.d/10-file.conf
//! [Service]
//! ExecStart=
//! ExecStart=/usr/bin/dockerd --config-file /srv/docker.json
//!                                          ^^^^^^^^^^^^^^^^
//! --- /etc/docker/daemon.json
//! { "log-driver": "local" }
//! --- /srv/docker.json (absent)
//! ```
//!
//! ```ini good
//! --- /etc/systemd/system/docker.service.d/10-file.conf
//! [Service]
//! ExecStart=
//! ExecStart=/usr/bin/dockerd --config-file=/etc/docker/daemon.json
//! --- /etc/docker/daemon.json
//! { "log-driver": "local" }
//! ```
//!
//! ## References
//!
//! - moby/moby#45254; moby/moby@docker-v29.7.2:daemon/command/daemon.go (`loadDaemonCliConfig`)

use crate::docker::command_line::{config_file_flag, daemon_file};
use crate::keys::nearest;
use crate::kind::places::file_name;
use crate::kind::{SourceState, root_of};
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "docker-file-not-read",
    summary: "`daemon.json` that dockerd does not read: its unit names another file",
    fix: Some(Applicability::Unsafe),
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut NodeCx) {
    let (Some(file), Some((unit, flag))) = (daemon_file(cx.loaded), config_file_flag(cx.loaded)) else { return };
    let Some(named) = flag.value.filter(|path| path.starts_with('/') && !path.contains(['$', '%'])) else { return };
    let own = root_of(file.path).and_then(|root| file.path.strip_prefix(root)).map(|path| format!("/{path}"));
    let Some(own) = own.filter(|own| own != named) else { return };
    let is_slip = nearest(file_name(named), std::iter::once("daemon.json")).is_some();
    let is_exact = cx.loaded.file(unit).is_some_and(|unit| flag.value_span.of(unit.doc.text) == named);
    let fix = (is_slip && is_exact)
        .then(|| Fix::edit(Applicability::Unsafe, format!("Write {own}"), flag.value_span, own.as_str()));
    let (effect, why) = match cx.loaded.known.at(&file.on_node(named)) {
        Some(SourceState::Absent) => (Effect::Refused, ABSENT),
        _ => (Effect::Ignored, OTHER),
    };
    let help = match is_slip {
        true => format!("Did you mean {own}?"),
        false => format!("Put the settings into {named}, or leave the flag out."),
    };
    cx.report(unit, flag.value_span, format!("dockerd reads {named}, and not {own}"))
        .outcome(effect, Releases::ANY)
        .key("--config-file")
        .label_in(file.index, Span::empty(0), "nothing here has an effect")
        .why(why)
        .help(help)
        .maybe_fix(fix);
}

const OTHER: &str = "With `--config-file` dockerd reads the file named and no other one, and does not mention it.";
const ABSENT: &str = "The file named does not exist, and dockerd exits: `unable to configure the Docker daemon with \
    file`, `no such file or directory`.";

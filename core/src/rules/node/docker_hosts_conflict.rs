//! # `docker-hosts-conflict`
//!
//! `hosts` in `daemon.json` while the unit starts dockerd with `-H`.
//!
//! ## Why
//!
//! dockerd does not start: `the following directives are specified both as a flag and in the configuration file:
//! hosts: (from flag: [fd://], from file: [tcp://0.0.0.0:2375])`. Docker's own units pass `-H fd://`, so the key
//! stops every node that was installed from packages. Two equal values are a conflict too. Without a unit among the
//! files the finding is for information only.
//!
//! ## What to do
//!
//! Start dockerd without `-H` in a drop-in, and name every address in the file:
//!
//! ```text
//! # /etc/systemd/system/docker.service.d/hosts.conf
//! [Service]
//! ExecStart=
//! ExecStart=/usr/bin/dockerd --containerd=/run/containerd/containerd.sock
//! ```
//!
//! Writing `host` instead of `hosts` removes the error, but dockerd ignores that key.
//!
//! ## Examples
//!
//! ```json bad
//! --- /etc/docker/daemon.json
//! { "hosts": ["fd://", "unix:///run/docker-api.sock"] }
//!   ^^^^^^^
//! --- /lib/systemd/system/docker.service
//! [Service]
//! ExecStart=/usr/bin/dockerd -H fd:// --containerd=/run/containerd/containerd.sock
//! ```
//!
//! ```json good
//! --- /etc/docker/daemon.json
//! { "hosts": ["fd://", "unix:///run/docker-api.sock"] }
//! --- /lib/systemd/system/docker.service
//! [Service]
//! ExecStart=/usr/bin/dockerd -H fd:// --containerd=/run/containerd/containerd.sock
//! --- /etc/systemd/system/docker.service.d/hosts.conf
//! [Service]
//! ExecStart=
//! ExecStart=/usr/bin/dockerd --containerd=/run/containerd/containerd.sock
//! ```
//!
//! ## References
//!
//! - moby/moby#25471, docker/for-linux#732; moby/moby@docker-v29.7.2:daemon/config/config.go
//!   (`findConfigurationConflicts`); measured with 20.10.24, 24.0.9, 27.5.1, 28.5.2 and 29.7.2

use crate::docker::command_line::{conflicts, daemon_file, unit};
use crate::docker::refusals::conflict;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "docker-hosts-conflict",
    summary: "Addresses of Docker in its file and in its unit",
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut NodeCx) {
    if let Some(found) = conflicts(cx.loaded).into_iter().find(|found| found.name == "hosts") {
        let flag = found.flag.value.unwrap_or_default();
        cx.report(found.file, found.entry.key_span, "`hosts` is set here and as a flag in the unit")
            .refused(Releases::ANY)
            .key("hosts")
            .label_in(found.unit, found.flag.span, "the flag")
            .why(conflict(&format!("hosts: (from flag: [{flag}], from file: [...])")))
            .help(HELP);
        return;
    }
    let Some(file) = daemon_file(cx.loaded).filter(|file| file.path.ends_with("etc/docker/daemon.json")) else {
        return;
    };
    let Some(entry) = file.body().entry("hosts").filter(|entry| !entry.value.items().is_empty()) else { return };
    if unit(cx.loaded).is_none() {
        let message = "`hosts` stops Docker if its unit passes `-H`, as Docker's own unit does";
        cx.report(file.index, entry.key_span, message).advice(Releases::ANY).key("hosts").why(WHY_NO_UNIT).help(HELP);
    }
}

const WHY_NO_UNIT: &str = "dockerd does not start if the same setting is given as a flag: `the following directives \
    are specified both as a flag and in the configuration file: hosts`. The packaged unit starts `dockerd -H \
    fd://`.";
const HELP: &str = "Start dockerd without `-H` in a drop-in: `ExecStart=`, and below it `ExecStart=/usr/bin/dockerd` \
    with the other flags. Then name every address in the file.";

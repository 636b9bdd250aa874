//! # `docker-flag-conflict`
//!
//! A setting in `daemon.json` that is also a flag in dockerd's unit.
//!
//! ## Why
//!
//! dockerd does not start: `the following directives are specified both as a flag and in the configuration file:
//! data-root: (from flag: /data, from file: /data)`. Two equal values are a conflict too, and lists and maps such as
//! `log-opts` count as a whole. Only `runtimes` are merged.
//!
//! ## What to do
//!
//! Remove the flag, and keep the setting in the file.
//!
//! ## Examples
//!
//! ```json bad
//! --- /etc/docker/daemon.json
//! { "data-root": "/data/docker" }
//!   ^^^^^^^^^^^
//! --- /etc/systemd/system/docker.service
//! [Service]
//! ExecStart=/usr/bin/dockerd -H fd:// --data-root=/data/docker
//! ```
//!
//! ```json bad
//! --- /etc/docker/daemon.json
//! { "log-opts": { "max-size": "10m", "max-file": "3" } }
//!   ^^^^^^^^^^
//! --- /etc/systemd/system/docker.service
//! [Service]
//! ExecStart=/usr/bin/dockerd -H fd:// --log-opt max-file=3
//! ```
//!
//! The flag may be in an environment file of the unit:
//!
//! ```json bad
//! --- /etc/docker/daemon.json
//! { "live-restore": true, "log-driver": "local" }
//!   ^^^^^^^^^^^^^^
//! --- /usr/lib/systemd/system/docker.service
//! [Service]
//! EnvironmentFile=-/etc/sysconfig/docker
//! ExecStart=/usr/bin/dockerd -H fd:// $OPTIONS
//! --- /etc/sysconfig/docker
//! OPTIONS="--selinux-enabled --live-restore"
//! ```
//!
//! ```json good
//! --- /etc/docker/daemon.json
//! { "runtimes": { "nvidia": { "path": "nvidia-container-runtime" } } }
//! --- /etc/systemd/system/docker.service
//! [Service]
//! ExecStart=/usr/bin/dockerd -H fd:// --add-runtime kata=/usr/bin/kata-runtime
//! ```
//!
//! ## References
//!
//! - moby/moby#25471; moby/moby@docker-v29.7.2:daemon/config/config.go (`findConfigurationConflicts`); measured with
//!   20.10.24, 24.0.9, 27.5.1, 28.5.2 and 29.7.2

use crate::docker::command_line::conflicts;
use crate::docker::refusals::conflict;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "docker-flag-conflict",
    summary: "Setting of Docker in its file and in its unit",
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut NodeCx) {
    for found in conflicts(cx.loaded).into_iter().filter(|found| found.name != "hosts") {
        let name = found.name;
        let flag = found.flag.value.unwrap_or("true");
        let place = match found.variable {
            Some(variable) => format!("as a flag in `{variable}`, which the unit passes to dockerd"),
            None => "as a flag in the unit".to_owned(),
        };
        cx.report(found.file, found.entry.key_span, format!("`{name}` is set here and {place}"))
            .refused(Releases::ANY)
            .key(name)
            .label_in(found.unit, found.flag.span, "the flag")
            .why(conflict(&format!("{name}: (from flag: {flag}, from file: ...)")))
            .help("Remove the flag, and keep the setting in the file.");
    }
}

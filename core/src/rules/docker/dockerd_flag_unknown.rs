//! # `dockerd-flag-unknown`
//!
//! A flag of dockerd that some releases do not take, or one letter away from one that dockerd has.
//!
//! ## Why
//!
//! dockerd does not start: `unknown flag: --graph`; the release that removed a setting may still have its flag, to
//! report that. Units and their drop-ins keep flags longer than the daemon does.
//!
//! ## What to do
//!
//! Write the flag that took its place, or set the key in `daemon.json`.
//!
//! ## Examples
//!
//! ```ini bad docker=29
//! --- /etc/systemd/system/docker.service.d/10-data.conf
//! [Service]
//! ExecStart=
//! ExecStart=/usr/bin/dockerd -H fd:// --graph=/srv/docker
//!                                     ^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```ini bad
//! --- /etc/systemd/system/docker.service.d/10-containerd.conf
//! [Service]
//! ExecStart=
//! ExecStart=/usr/bin/dockerd -H fd:// --containred=/run/containerd/containerd.sock
//!                                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```ini good
//! --- /etc/systemd/system/docker.service.d/10-data.conf
//! [Service]
//! ExecStart=
//! ExecStart=/usr/bin/dockerd -H fd:// --data-root=/srv/docker
//! ```
//!
//! ## References
//!
//! - moby/moby#43493; moby/moby@docker-v29.7.2:daemon/command/config.go, config_unix.go, options.go

use crate::docker::kind::{REFUSED_KEYS, SHORT_FLAGS, directive};
use crate::docker::settings::{flag_key, in_docker, last_and_next};
use crate::keys::flags::{docker_ignored, docker_ignored_all};
use crate::keys::{KeySpec, Place, nearest, tables};
use crate::rules::prelude::*;
use crate::systemd::flags::{self, Flag, Program};

pub(crate) const RULE: Rule = Rule {
    id: "dockerd-flag-unknown",
    summary: "Flag that some releases of dockerd do not take",
    category: Category::Migration,
    run: Run::File(&[&flags::KIND], check),
    ..Rule::DEFAULTS
};

/// Shorter names are too near to each other for a guess.
const SHORTEST: usize = 8;

fn check(cx: &mut FileCx) {
    for flag in flags::flags(cx.file).into_iter().filter(|flag| flag.program == Program::Dockerd) {
        let name = SHORT_FLAGS.iter().find(|(short, _)| *short == flag.name).map_or(flag.name, |(_, name)| name);
        match key_of(name) {
            Some(key) => report_missing(cx, &flag, key),
            None => report_slip(cx, &flag),
        }
    }
}

/// The key of a flag, or of the same name.
fn key_of(name: &str) -> Option<&'static KeySpec> {
    flag_key(name).and_then(directive).or_else(|| directive(name))
}

fn report_missing(cx: &mut FileCx, flag: &Flag, key: &KeySpec) {
    let refused = REFUSED_KEYS.iter().find(|(name, _)| *name == key.path());
    let refused = refused.map_or(ReleaseSet::NONE, |(_, set)| set.get(Product::Docker));
    let taken = key.releases().without(refused);
    let missing = ReleaseSet::ALL.without(taken);
    let Some((_, removed)) = last_and_next(taken) else { return };
    let help = match key.replaced_by().and_then(directive).and_then(KeySpec::flag) {
        Some(other) => format!("Write `{other}`."),
        None => "Remove it.".to_owned(),
    };
    let name = flag.name;
    let why = match refused.is_empty() {
        true => why(name),
        // The release that removed the setting still has the flag, to report that.
        false => format!("dockerd does not start: it reports that the option is removed, or `unknown flag: --{name}`."),
    };
    cx.report(flag.span, format!("Docker {removed} and later do not take `{}`", written(name)))
        .refused(in_docker(missing))
        .key(format!("--{name}"))
        .why(why)
        .help(help);
}

fn report_slip(cx: &mut FileCx, flag: &Flag) {
    let name = flag.name;
    let is_plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if name.len() < SHORTEST || !is_plain || docker_ignored(name).is_some() {
        return;
    }
    let keys = tables::DOCKER.root().children().filter_map(Place::key).filter_map(KeySpec::flag);
    let others = docker_ignored_all().iter().map(|flag| flag.name());
    let known = keys.map(|flag| flag.trim_start_matches('-')).chain(others).filter(|known| known.len() >= SHORTEST);
    let Some(close) = nearest(name, known).filter(|close| *close != name) else { return };
    cx.report(flag.span, format!("dockerd does not have a flag `--{name}`"))
        .refused(Releases::ANY)
        .key(format!("--{name}"))
        .why(why(name))
        .help(format!("Did you mean `--{close}`?"));
}

fn written(name: &str) -> String {
    format!("{}{name}", if name.len() == 1 { "-" } else { "--" })
}

fn why(name: &str) -> String {
    format!("dockerd does not start: `unknown flag: --{name}`.")
}

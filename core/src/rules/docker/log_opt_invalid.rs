//! # `log-opt-invalid`
//!
//! A value in `log-opts` that the log driver does not take, or an option that it misses.
//!
//! ## Why
//!
//! Some values are looked at when the daemon starts, which it then does not: `logger: logging mode not supported: async`. Others,
//! `max-size` and `max-file` among them, only when a container starts: the daemon runs, and no container does. `dockerd --validate` says
//! OK in both cases.
//!
//! ## What to do
//!
//! Write the value in the form shown.
//!
//! ## Examples
//!
//! ```json bad
//! { "log-opts": { "max-size": "ten", "max-file": "3" } }
//!                             ^^^^^
//! ```
//!
//! ```json bad
//! { "log-opts": { "mode": "async" } }
//!                         ^^^^^^^
//! ```
//!
//! ```json bad
//! { "log-opts": { "max-buffer-size": "4m" } }
//!                                    ^^^^
//! ```
//!
//! ```json bad
//! { "log-driver": "gelf", "log-opts": { "tag": "{{.Name}}" } }
//!                         ^^^^^^^^^^
//! ```
//!
//! ```json bad
//! { "log-driver": "syslog", "log-opts": { "syslog-address": "logs.example:514" } }
//!                                                           ^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```json good
//! { "log-opts": { "max-size": "10m", "max-file": "3", "mode": "non-blocking", "max-buffer-size": "4m", "compress": "true" } }
//! ```
//!
//! ## References
//!
//! - moby/moby@docker-v29.7.2:daemon/logger/factory.go and the drivers' `ValidateLogOpt`; measured with 20.10.24, 24.0.9, 27.5.1,
//!   28.5.2 and 29.7.2

use crate::docker;
use crate::docker::logging::{Fault, at_start, check_value, driver, known, options, required};
use crate::docker::settings::docker as in_docker;
use crate::keys::drivers::{Driver, DriverOpt};
use crate::rules::prelude::*;
use crate::text::excerpt;

pub(crate) const RULE: Rule = Rule {
    id: "log-opt-invalid",
    summary: "A value that the log driver does not take",
    run: Run::File(&[&docker::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    let Some(driver) = driver(cx.root).filter(|driver| driver.name() != "none") else { return };
    let has = in_docker(driver.releases());
    for entry in options(cx.root) {
        let (Some(opt), Some(value)) = (known(driver, &entry.key), entry.value.as_str()) else { continue };
        if let Some(fault) = check_value(cx.root, opt, value) {
            let releases = has.and(in_docker(opt.releases())).and(fault.releases);
            report(cx, entry, value, at_start(opt), &fault, releases);
        }
    }
    if let (Some(opt), Some(entry)) = (required(cx.root, driver), cx.root.entry("log-opts")) {
        missing(cx, entry, opt);
    }
    check_conflicts(cx, driver);
}

fn report(cx: &mut FileCx, entry: &Entry, value: &str, at_start: bool, fault: &Fault, releases: Releases) {
    let path = cx.path_of(entry);
    let finding = cx.report(
        entry.value.span,
        format!("`{}` is `{}`, which the log driver does not take", entry.key, excerpt(value)),
    );
    if at_start {
        finding.refused(releases).why(format!(
            "dockerd does not start: `failed to set log opts: {}`. `dockerd --validate` says OK all the same.",
            fault.words
        ));
    } else {
        finding.harmful(releases).why(format!(
            "The daemon starts, and no container does: the value is read when a container starts (`{}`).",
            fault.words
        ));
    }
    finding.key(path).help(format!("Write {}.", fault.wanted));
}

fn missing(cx: &mut FileCx, entry: &Entry, opt: &DriverOpt) {
    let name = opt.name();
    let words = match name {
        "awslogs-group" => "must specify a value for log opt 'awslogs-group'".to_owned(),
        name => format!("{name} is a required parameter"),
    };
    cx.report(entry.key_span, format!("the log driver needs `{name}` as soon as any option is set"))
        .refused(in_docker(opt.releases()))
        .key("log-opts")
        .why(format!(
            "dockerd does not start: `failed to set log opts: {words}`. `dockerd --validate` says OK all the same."
        ))
        .help(format!("Set `{name}`."));
}

/// Options that do not go together: the later one is told.
fn check_conflicts(cx: &mut FileCx, driver: &Driver) {
    let all = options(cx.root);
    for (i, entry) in all.iter().enumerate() {
        let Some(opt) = driver.opt(&entry.key) else { continue };
        let other = all.iter().take(i).find(|e| opt.conflicts().any(|name| name == e.key));
        if let Some(other) = other {
            let path = cx.path_of(entry);
            cx.report(entry.key_span, format!("`{}` and `{}` do not go together", other.key, entry.key))
                .refused(in_docker(opt.releases()))
                .key(path)
                .label(other.key_span, "the other one")
                .why(format!(
                    "dockerd does not start: `failed to set log opts: you cannot configure log opt '{}' and '{}' at the same time`. `dockerd --validate` says OK all the same.",
                    other.key, entry.key
                ))
                .help("Keep one of the two.");
            return;
        }
    }
}

//! # `log-opt-invalid`
//!
//! A value in `log-opts` that the log driver does not accept, or a required option that is missing.
//!
//! ## Why
//!
//! dockerd checks some values when it starts, and does not start: `logger: logging mode not supported: async`. It
//! checks others, `max-size` and `max-file` among them, only when a container starts: the daemon runs, but no
//! container does. `dockerd --validate` reports OK in both cases.
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
//! {
//!   "log-opts": {
//!     "max-size": "10m", "max-file": "3", "compress": "true", "mode": "non-blocking", "max-buffer-size": "4m"
//!   }
//! }
//! ```
//!
//! ## References
//!
//! - moby/moby@docker-v29.7.2:daemon/logger/factory.go and the drivers' `ValidateLogOpt`; measured with 20.10.24,
//!   24.0.9, 27.5.1, 28.5.2 and 29.7.2

use crate::docker;
use crate::docker::logging::{BadOption, at_start, check_value, driver, known, options, required};
use crate::docker::refusals::late_refusal;
use crate::docker::settings::in_docker;
use crate::keys::drivers::{Driver, DriverOpt};
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "log-opt-invalid",
    summary: "Value that the log driver does not accept",
    run: Run::File(&[&docker::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    let Some(driver) = driver(cx.settings()).filter(|driver| driver.name() != "none") else { return };
    for entry in options(cx.settings()) {
        let (Some(opt), Some(value)) = (known(driver, &entry.key), entry.value.as_str()) else { continue };
        if let Some(fault) = check_value(cx.settings(), opt, value) {
            report(cx, entry, driver, opt, &fault);
        }
    }
    if let (Some(opt), Some(entry)) = (required(cx.settings(), driver), cx.settings().entry("log-opts")) {
        report_missing(cx, entry, opt);
    }
    check_conflicts(cx, driver);
}

fn report(cx: &mut FileCx, entry: &Entry, driver: &Driver, opt: &DriverOpt, fault: &BadOption) {
    let value = entry.value.as_str().map(excerpt).unwrap_or_default();
    let releases = in_docker(driver.releases().and(opt.releases())).and(fault.releases);
    let message = format!("`{}` is `{value}`, which the log driver does not accept", entry.key);
    let finding = cx.report_value(entry, message);
    if at_start(opt) {
        finding.refused(releases).why(late_refusal(&format!("failed to set log opts: {}", fault.log)));
    } else {
        finding.harmful(releases).breaks(BreakScope::EveryContainer, "").why(failing_containers(&fault.log));
    }
    finding.help(format!("Write {}.", fault.wanted));
}

fn report_missing(cx: &mut FileCx, entry: &Entry, opt: &DriverOpt) {
    let name = opt.name();
    let log = match name {
        "awslogs-group" => "must specify a value for log opt 'awslogs-group'".to_owned(),
        name => format!("{name} is a required parameter"),
    };
    cx.report(entry.key_span, format!("the log driver needs `{name}` as soon as any option is set"))
        .refused(in_docker(opt.releases()))
        .key("log-opts")
        .why(late_refusal(&format!("failed to set log opts: {log}")))
        .help(format!("Set `{name}`."));
}

/// Of two options that exclude each other the later one is reported.
fn check_conflicts(cx: &mut FileCx, driver: &Driver) {
    let all = options(cx.settings());
    for (index, entry) in all.iter().enumerate() {
        let Some(opt) = driver.opt(&entry.key) else { continue };
        let mut earlier = all.iter().take(index);
        let Some(other) = earlier.find(|other| opt.conflicts().any(|name| name == other.key)) else { continue };
        cx.report_key(entry, format!("`{}` cannot be set beside `{}`", entry.key, other.key))
            .refused(in_docker(opt.releases()))
            .label(other.key_span, "the other one")
            .why(late_refusal(&log_conflict(&other.key, &entry.key)))
            .help("Keep one of the two.");
        return;
    }
}

fn failing_containers(log: &str) -> String {
    format!("The daemon starts, but no container does: the value is read when a container starts (`{log}`).")
}

fn log_conflict(first: &str, second: &str) -> String {
    format!("failed to set log opts: you cannot configure log opt '{first}' and '{second}' at the same time")
}

//! # `log-driver-unknown`
//!
//! `log-driver` is not a driver of Docker, or a removed one.
//!
//! ## Why
//!
//! Without `log-opts` the daemon starts and no container does: `error looking up logging plugin json-log: plugin
//! "json-log" not found`. With them the daemon does not start. `dockerd --validate` reports OK in both cases. 25.0
//! removed `logentries`.
//!
//! Plugins are drivers too: names with a `/` or a `:` and the well-known `loki` are not reported.
//!
//! ## What to do
//!
//! Write the name of a driver: `json-file` (which Kubernetes needs), `local`, `journald`, `syslog`, `fluentd`,
//! `gelf`, `awslogs`, `splunk`, `gcplogs` or `none`. If it is a plugin, install it before the daemon starts, and
//! switch this rule off.
//!
//! ## Examples
//!
//! ```json bad
//! { "log-driver": "json-log" }
//!                 ^^^^^^^^^^
//! ```
//!
//! ```json fixed
//! { "log-driver": "json-file" }
//! ```
//!
//! ```json bad docker=25..29
//! { "log-driver": "logentries", "log-opts": { "logentries-token": "x" } }
//!                 ^^^^^^^^^^^^
//! ```
//!
//! ```json good
//! { "log-driver": "loki", "log-opts": { "loki-url": "http://loki.example/loki/api/v1/push" } }
//! ```
//!
//! ```json good
//! { "log-driver": "elasticsearch", "log-opts": { "elasticsearch-url": "http://elastic.example:9200" } }
//! ```
//!
//! ## References
//!
//! - moby/moby@docker-v29.7.2:daemon/logger/factory.go, plugin.go; measured with 20.10.24, 24.0.9, 27.5.1, 28.5.2 and
//!   29.7.2

use crate::docker;
use crate::docker::logging::options;
use crate::docker::refusals::late_refusal;
use crate::docker::settings::{in_docker, is_windows, last_and_next, text};
use crate::keys::drivers::{Driver, is_log_plugin, log_driver, log_drivers};
use crate::keys::nearest;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "log-driver-unknown",
    summary: "Log driver that Docker does not have",
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&docker::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    let Some(setting) = text(cx.settings(), "log-driver") else { return };
    let name = setting.text.as_ref();
    let known = log_driver(name);
    let driver = known.filter(|driver| driver.platform() != Some("windows") || is_windows(cx));
    let missing = ReleaseSet::ALL.without(driver.map_or(ReleaseSet::NONE, Driver::releases));
    let is_plugin = name.contains(['/', ':']) || is_log_plugin(name);
    if missing.is_empty() || is_plugin {
        return;
    }
    let removal = driver.and_then(|driver| last_and_next(driver.releases()));
    let message = match (removal, known) {
        (Some((_, release)), _) => format!("Docker {release} and later do not have the log driver `{name}`"),
        (None, Some(_)) if driver.is_none() => format!("Docker has the log driver `{name}` on Windows only"),
        _ => format!("Docker has no log driver `{}`", excerpt(name)),
    };
    let close = if known.is_none() { meant(name) } else { None };
    let help = match close {
        Some(close) => format!("Did you mean `{close}`?"),
        None => "Take `local` or `json-file`. If it is a plugin, install it before the daemon starts.".to_owned(),
    };
    let has_options = !options(cx.settings()).is_empty();
    let finding = cx.report(setting.value_span, message);
    let log = format!("error looking up logging plugin {name}: plugin \"{name}\" not found");
    if has_options {
        finding.refused(in_docker(missing)).why(late_refusal(&format!("failed to set log opts: {log}")));
    } else {
        let why = format!("The daemon starts, but no container does: `{log}`.");
        finding.harmful(in_docker(missing)).breaks(BreakScope::EveryContainer, "").why(why);
    }
    finding
        .key("log-driver")
        .help(help)
        .maybe_fix(close.and_then(|close| setting.replaced_by(Applicability::Unsafe, close)));
}

fn meant(name: &str) -> Option<&'static str> {
    match name {
        // `json-log` is in a book on Docker's certificate.
        "json-log" | "json" | "jsonlog" => Some("json-file"),
        "journal" | "systemd" => Some("journald"),
        _ => {
            let of_linux = log_drivers().iter().filter(|driver| driver.platform() != Some("windows"));
            nearest(name, of_linux.map(Driver::name))
        }
    }
}

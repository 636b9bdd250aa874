//! # `log-driver-unknown`
//!
//! `log-driver` names no driver of Docker's, or one that went away.
//!
//! ## Why
//!
//! Without `log-opts` the daemon starts and no container does: `error looking up logging plugin json-log: plugin "json-log" not
//! found`. With them the daemon does not start. `dockerd --validate` says OK in both cases. `logentries` went away in 25.0.
//!
//! Plugins are drivers too: names with a `/` or a `:` and the well-known `loki` are not reported.
//!
//! ## What to do
//!
//! Write the name of a driver: `json-file` (which Kubernetes needs), `local`, `journald`, `syslog`, `fluentd`, `gelf`, `awslogs`,
//! `splunk`, `gcplogs` or `none`. If it is a plugin, install it before the daemon starts, and switch this rule off.
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
//! ## References
//!
//! - moby/moby@docker-v29.7.2:daemon/logger/factory.go, plugin.go; measured with 20.10.24, 24.0.9, 27.5.1, 28.5.2 and 29.7.2

use crate::docker;
use crate::docker::logging::options;
use crate::docker::settings::{docker as in_docker, is_windows, last_and_next, text};
use crate::keys::drivers::{Driver, log_driver, log_drivers};
use crate::keys::nearest;
use crate::rules::prelude::*;
use crate::text::excerpt;

pub(crate) const RULE: Rule = Rule {
    id: "log-driver-unknown",
    summary: "A log driver that Docker does not have",
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&docker::KIND], check),
    ..Rule::DEFAULTS
};

/// Names under which plugins are usually installed.
const PLUGINS: [&str; 5] = ["loki", "sumologic", "logzio", "elastic-logging-plugin", "docker-log-elasticsearch"];

fn check(cx: &mut FileCx) {
    let Some((entry, name)) = text(cx.root, "log-driver") else { return };
    let driver = log_driver(name).filter(|driver| driver.platform() != Some("windows") || is_windows(cx));
    let missing = ReleaseSet::ALL.without(driver.map_or(ReleaseSet::NONE, Driver::releases));
    let plugin = name.contains(['/', ':']) || PLUGINS.contains(&name);
    if missing.is_empty() || plugin {
        return;
    }
    let has_options = !options(cx.root).is_empty();
    let here = driver.is_none() && log_driver(name).is_none();
    // `json-log` is in a book on Docker's certificate.
    let close = match name {
        _ if !here => None,
        "json-log" | "json" | "jsonlog" => Some("json-file"),
        "journal" | "systemd" => Some("journald"),
        _ => nearest(name, log_drivers().iter().filter(|d| d.platform() != Some("windows")).map(Driver::name)),
    };
    let fix = close.map(|close| Fix::string(Applicability::Unsafe, &entry.value, close));
    let gone = driver.and_then(|driver| last_and_next(driver.releases()));
    let message = match (gone, log_driver(name)) {
        (Some((_, next)), _) => format!("Docker has no log driver `{name}` any more, since {next}"),
        (None, Some(_)) if driver.is_none() => format!("the log driver `{name}` is one of Windows"),
        _ => format!("Docker has no log driver `{}`", excerpt(name)),
    };
    let help = match close {
        Some(close) => format!("Did you mean `{close}`?"),
        None => "Take `local` or `json-file`. If it is a plugin, install it before the daemon starts.".to_owned(),
    };
    let finding = cx.report(entry.value.span, message);
    if has_options {
        finding.refused(in_docker(missing)).why(format!(
            "dockerd does not start: `failed to set log opts: error looking up logging plugin {name}: plugin \"{name}\" not found`. `dockerd --validate` says OK all the same."
        ));
    } else {
        finding.harmful(in_docker(missing)).why(format!(
            "The daemon starts, and no container does: `error looking up logging plugin {name}: plugin \"{name}\" not found`."
        ));
    }
    finding.key("log-driver").help(help).maybe_fix(fix);
}

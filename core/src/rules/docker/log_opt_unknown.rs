//! # `log-opt-unknown`
//!
//! An option in `log-opts` that the log driver does not have.
//!
//! ## Why
//!
//! dockerd does not start: `failed to set log opts: unknown log opt 'max-size' for journald log driver`. `dockerd
//! --validate` still reports OK. Every driver takes `mode`, `max-buffer-size` and the `cache-*` options; without
//! `log-driver` the driver is `json-file`.
//!
//! ## What to do
//!
//! Correct the name, remove the option, or name the driver that has it.
//!
//! ## Examples
//!
//! ```json bad
//! { "log-driver": "journald", "log-opts": { "max-size": "10m" } }
//!                                           ^^^^^^^^^^
//! ```
//!
//! ```json bad
//! { "log-driver": "json-file", "log-opts": { "max-sizes": "10m" } }
//!                                            ^^^^^^^^^^^
//! ```
//!
//! ```json fixed
//! { "log-driver": "json-file", "log-opts": { "max-size": "10m" } }
//! ```
//!
//! ```json bad docker=25..28
//! { "log-driver": "local", "log-opts": { "labels": "app" } }
//!                                        ^^^^^^^^
//! ```
//!
//! ```json bad docker=28
//! { "log-driver": "fluentd", "log-opts": { "fluentd-async-connect": "true" } }
//!                                          ^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```json fixed
//! { "log-driver": "fluentd", "log-opts": { "fluentd-async": "true" } }
//! ```
//!
//! ```json good
//! { "log-driver": "none", "log-opts": { "anything": "x" } }
//! ```
//!
//! ```json good
//! { "log-opts": { "max-size": "10m", "max-file": "3", "mode": "non-blocking", "cache-disabled": "true" } }
//! ```
//!
//! ## References
//!
//! - Thom-x/docker-fr24feed-piaware-dump1090#217; moby/moby@docker-v29.7.2:daemon/logger (`ValidateLogOpt` of each
//!   driver); measured with 20.10.24, 24.0.9, 27.5.1, 28.5.2 and 29.7.2

use crate::docker;
use crate::docker::logging::{driver, known, option, options, releases_without};
use crate::docker::refusals::late_refusal;
use crate::docker::settings::{in_docker, last_and_next};
use crate::keys::drivers::{Driver, DriverOpt, log_drivers};
use crate::keys::nearest;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "log-opt-unknown",
    summary: "Log option that the driver does not have",
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&docker::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    let Some(driver) = driver(cx.settings()) else { return };
    for entry in options(cx.settings()) {
        let opt = known(driver, &entry.key);
        let missing = releases_without(driver, opt);
        if !missing.is_empty() {
            report(cx, driver, opt, entry, missing);
        }
    }
}

fn report(cx: &mut FileCx, driver: &Driver, opt: Option<&DriverOpt>, entry: &Entry, missing: ReleaseSet) {
    let name = entry.key.as_ref();
    let close = match opt {
        Some(opt) => opt.replaced_by(),
        None => nearest(name, driver.opts().iter().map(DriverOpt::name)),
    };
    let close = close.filter(|close| option(cx.settings(), close).is_none());
    let mut others = log_drivers().iter().filter(|other| other.platform() != Some("windows"));
    let other = others.find(|other| opt.is_none() && other.opt(name).is_some());
    let help = match (close, other) {
        (Some(close), _) if opt.is_some() => format!("Use `{close}` instead."),
        (Some(close), _) => format!("Did you mean `{close}`?"),
        (None, Some(other)) => {
            format!("Remove it, or take the driver that has it: `\"log-driver\": \"{}\"`.", other.name())
        }
        (None, None) => "Remove it, or name the releases of your nodes: `--target docker=...`.".to_owned(),
    };
    let fix = close.map(|close| Fix::rename(Applicability::Unsafe, cx.doc(), entry, close));
    cx.report_key(entry, message(driver.name(), name, opt))
        .refused(in_docker(missing))
        .why(late_refusal(&format!("failed to set log opts: {}", driver.unknown_message(name))))
        .help(help)
        .maybe_fix(fix);
}

fn message(driver: &str, name: &str, opt: Option<&DriverOpt>) -> String {
    let Some(opt) = opt else {
        return format!("the log driver `{driver}` has no option `{}`", excerpt(name));
    };
    if let Some((_, release)) = last_and_next(opt.releases()) {
        return format!("the log driver `{driver}` of Docker {release} and later has no `{name}`");
    }
    let first = opt.releases().first(Product::Docker);
    format!("the log driver `{driver}` has `{name}` from {} on", first.unwrap_or("a later release"))
}

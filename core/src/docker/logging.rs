//! The log driver of a file, and how dockerd checks its options.

use std::borrow::Cow;

use crate::docker::kind::log_driver_name;
use crate::docker::network::{bad_authority, split_host_port};
use crate::go::boolean::parse_bool;
use crate::go::duration::duration;
use crate::go::size::size;
use crate::keys::drivers::{self, Checked, Driver, DriverOpt, Form};
use crate::releases::{ReleaseSet, Releases};
use crate::syntax::{Entry, Node};
use crate::text::quoted;

/// The log driver, if Docker for Linux has one of this name.
pub(crate) fn driver(root: &Node<'_>) -> Option<&'static Driver> {
    drivers::log_driver(log_driver_name(root)).filter(|driver| driver.platform() != Some("windows"))
}

/// The options, duplicates of the object merged as dockerd merges them.
pub(crate) fn options<'t>(root: &'t Node<'_>) -> Vec<&'t Entry<'t>> {
    root.entries().iter().filter(|e| e.key == "log-opts").flat_map(|e| e.value.entries()).collect()
}

/// The value of an option, as text even where it is a number, which is another fault.
pub(crate) fn option<'t>(root: &'t Node<'_>, name: &str) -> Option<&'t str> {
    let entry = options(root).into_iter().rev().find(|e| e.key == name)?;
    entry.value.as_scalar().filter(|_| !entry.value.is_null()).map(|s| s.text.as_ref())
}

/// What the driver, or every driver, documents about an option.
pub(crate) fn known(driver: &Driver, name: &str) -> Option<&'static DriverOpt> {
    drivers::any_log_opt(name).or_else(|| driver.opt(name))
}

/// Why dockerd refuses the value of an option.
pub(crate) struct BadOption {
    /// What the daemon prints.
    pub(crate) log: Cow<'static, str>,
    /// What to write.
    pub(crate) wanted: Cow<'static, str>,
    /// The releases that find it.
    pub(crate) releases: Releases,
}

fn bad(log: impl Into<Cow<'static, str>>, wanted: impl Into<Cow<'static, str>>) -> Option<BadOption> {
    Some(BadOption { log: log.into(), wanted: wanted.into(), releases: Releases::ANY })
}

/// Checks the value of an option. Most read an empty one as the default.
pub(crate) fn check_value(root: &Node<'_>, opt: &DriverOpt, value: &str) -> Option<BadOption> {
    let name = opt.name();
    if name == "max-buffer-size" && option(root, "mode") != Some("non-blocking") {
        return bad(
            "logger: max-buffer-size option is only supported with 'mode=non-blocking'",
            "`\"mode\": \"non-blocking\"` beside it, or remove it",
        );
    }
    if value.is_empty() {
        return None;
    }
    check_form(opt, value).or_else(|| check_address(root, name, value))
}

fn check_form(opt: &DriverOpt, value: &str) -> Option<BadOption> {
    let name = opt.name();
    let is_wrong = match opt.form {
        Form::Bool => parse_bool(value).is_none(),
        Form::Int(low, high) => !value.parse::<i64>().is_ok_and(|n| (low.into()..=high.into()).contains(&n)),
        Form::DecimalSize(least) => size(value).is_none_or(|n| n < least.into()),
        Form::RamSize => size(value).is_none(),
        Form::Duration(negative) => duration(value).map_or(true, |seconds| match name {
            "fluentd-async-reconnect-interval" => seconds != 0.0 && !(0.1..=10.0).contains(&seconds),
            _ => !negative && seconds < 0.0,
        }),
        Form::OneOf => !opt.values().any(|v| v == value),
        _ => false,
    };
    if name == "syslog-facility" && !is_facility(value) {
        return bad("invalid syslog facility", "a facility such as `daemon` or `local0`, or a number up to 23");
    }
    if !is_wrong {
        return None;
    }
    let log = match (name, opt.form) {
        ("mode", _) => format!("logger: logging mode not supported: {value}"),
        ("cache-disabled", _) => format!("invalid value for option cache-disabled: {value}"),
        ("syslog-format", _) => "Invalid syslog format".to_owned(),
        ("awslogs-format", _) => format!("unsupported log format '{value}'"),
        (_, Form::DecimalSize(_) | Form::RamSize) => format!("invalid size: '{value}'"),
        _ => format!("invalid value for {name}: {value}"),
    };
    let wanted = match opt.form {
        Form::Bool => "`true` or `false`".to_owned(),
        Form::Int(low, i32::MAX) => format!("a whole number, {low} or more"),
        Form::Int(low, high) => format!("a whole number from {low} to {high}"),
        Form::DecimalSize(_) | Form::RamSize => "a size such as `10m`".to_owned(),
        Form::Duration(_) => "a duration such as `1s`".to_owned(),
        _ => quoted(opt.values().filter(|value| !value.is_empty()), " or "),
    };
    bad(log, wanted)
}

/// Source: moby/moby@docker-v29.7.2:daemon/logger/syslog/syslog.go (`facilities`, `parseFacility`).
fn is_facility(value: &str) -> bool {
    const NAMES: [&str; 20] = [
        "kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv", "ftp", "local0",
        "local1", "local2", "local3", "local4", "local5", "local6", "local7",
    ];
    NAMES.contains(&value) || value.parse::<i64>().is_ok_and(|n| (0..=23).contains(&n))
}

/// Source: moby/moby@v23.0.18:daemon/logger/fluentd/fluentd.go (`parseAddress`); 20.10 takes another scheme for a host.
const CHECKS_FLUENTD_SCHEME: Releases = Releases::docker("23..");

fn check_address(root: &Node<'_>, name: &str, value: &str) -> Option<BadOption> {
    let (scheme, rest) = value.split_once("://").map_or(("", value), |(scheme, rest)| (scheme, rest));
    match name {
        "gelf-address" if !matches!(scheme, "udp" | "tcp") => {
            bad("gelf: endpoint needs to be TCP or UDP", "`udp://host:port` or `tcp://host:port`")
        }
        "gelf-address" => {
            let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
            if split_host_port(authority).is_some() && bad_authority(rest).is_none() {
                None
            } else {
                bad("gelf: please provide gelf-address as proto://host:port", "`udp://host:port`")
            }
        }
        "gelf-compression-type" | "gelf-compression-level" if gelf_scheme(root) == Some("tcp") => {
            bad("compression is only supported on UDP", "`udp://` in `gelf-address`, or remove the option")
        }
        "gelf-tcp-max-reconnect" | "gelf-tcp-reconnect-delay" if gelf_scheme(root) == Some("udp") => {
            bad(format!("\"{name}\" is only valid for TCP"), "`tcp://` in `gelf-address`, or remove the option")
        }
        "syslog-address" if !matches!(scheme, "tcp" | "udp" | "tcp+tls" | "unix" | "unixgram") => bad(
            format!("unsupported scheme: '{scheme}'"),
            "`udp://host:port`, `tcp://host:port`, `tcp+tls://host:port` or `unix:///path`",
        ),
        "fluentd-address" if !matches!(scheme, "" | "tcp" | "tls" | "unix") => {
            let mut found = bad(
                format!("invalid fluentd-address ({value}): unsupported scheme: '{scheme}'"),
                "`host:port`, `tcp://host:port`, `tls://host:port` or `unix:///path`",
            )?;
            found.releases = CHECKS_FLUENTD_SCHEME;
            Some(found)
        }
        _ => None,
    }
}

fn gelf_scheme<'t>(root: &'t Node<'_>) -> Option<&'t str> {
    option(root, "gelf-address")?.split_once("://").map(|(scheme, _)| scheme)
}

/// A missing option that a driver needs as soon as any is set. An option that it needs only when a container starts
/// may come with the container.
pub(crate) fn required(root: &Node<'_>, driver: &Driver) -> Option<&'static DriverOpt> {
    let is_set = |opt: &&DriverOpt| option(root, opt.name()).is_some_and(|value| !value.is_empty());
    let mut missing = driver.opts().iter().filter(|opt| opt.is_required() && at_start(opt) && !is_set(opt));
    missing.next().filter(|_| !options(root).is_empty())
}

/// Whether the daemon looks at the value when it starts, and not only when a container does.
pub(crate) fn at_start(opt: &DriverOpt) -> bool {
    opt.checked == Checked::DaemonStart
}

/// The releases that have a driver and not its option, and look at names.
pub(crate) fn releases_without(driver: &Driver, opt: Option<&DriverOpt>) -> ReleaseSet {
    let lacks = driver.releases().without(opt.map_or(ReleaseSet::NONE, DriverOpt::releases));
    lacks.and(driver.checks_names())
}

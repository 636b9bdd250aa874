//! The log driver of a file, and how dockerd checks its options.

use std::borrow::Cow;

use crate::docker::kind::log_driver_name;
use crate::go::address::{split_host_port, url_fault};
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

/// The options.
pub(crate) fn options<'t>(root: &'t Node<'_>) -> &'t [Entry<'t>] {
    root.get("log-opts").map(Node::entries).unwrap_or_default()
}

/// The value of an option, as text even where it is a number, which is another fault.
pub(crate) fn option<'t>(root: &'t Node<'_>, name: &str) -> Option<&'t str> {
    let entry = options(root).iter().rev().find(|e| e.key == name)?;
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
    let mut found = bad(log, wanted)?;
    if name == "fluentd-max-retries" && value.parse::<i64>().is_ok_and(|number| number > 0) {
        found.releases = CHECKS_FLUENTD_RETRIES;
    }
    Some(found)
}

/// Has an upper limit for retries. Source: moby/moby@v28.2.2, @v28.3.0:daemon/logger/fluentd/fluentd.go.
const CHECKS_FLUENTD_RETRIES: Releases = Releases::docker("28.3.0..");

/// Source: moby/moby@docker-v29.7.2:daemon/logger/syslog/syslog.go (`facilities`, `parseFacility`).
fn is_facility(value: &str) -> bool {
    const NAMES: [&str; 20] = [
        "kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv", "ftp", "local0",
        "local1", "local2", "local3", "local4", "local5", "local6", "local7",
    ];
    NAMES.contains(&value) || value.parse::<i64>().is_ok_and(|n| (0..=23).contains(&n))
}

/// Releases that read an address as a URL.
/// Source: `parseAddress` of moby/moby@v23.0.18:daemon/logger/{fluentd/fluentd,gelf/gelf,syslog/syslog}.go.
const READS_URLS: Releases = Releases::docker("23..");
/// Older ones look for a scheme in small letters first, and take any other for a host.
/// Source: `IsTransportURL` of moby/moby@v20.10.27:pkg/urlutil/urlutil.go.
const READS_TRANSPORTS: Releases = Releases::docker("..20.10");
const TRANSPORTS: [&str; 5] = ["tcp://", "tcp+tls://", "udp://", "unix://", "unixgram://"];

fn check_address(root: &Node<'_>, name: &str, value: &str) -> Option<BadOption> {
    match name {
        "gelf-address" => url_option(name, value, gelf_fault(value), "`udp://host:port` or `tcp://host:port`"),
        "syslog-address" => {
            let wanted = "`udp://host:port`, `tcp://host:port`, `tcp+tls://host:port` or `unix:///path`";
            url_option(name, value, syslog_fault(value), wanted)
        }
        "fluentd-address" => fluentd_option(value),
        "gelf-compression-type" | "gelf-compression-level" if gelf_scheme(root) == Some("tcp") => {
            bad("compression is only supported on UDP", "`udp://` in `gelf-address`, or remove the option")
        }
        "gelf-tcp-max-reconnect" | "gelf-tcp-reconnect-delay" if gelf_scheme(root) == Some("udp") => {
            bad(format!("\"{name}\" is only valid for TCP"), "`tcp://` in `gelf-address`, or remove the option")
        }
        _ => None,
    }
}

/// What is wrong with an address that every release takes for a URL.
fn url_option(name: &str, value: &str, fault: Option<String>, wanted: &'static str) -> Option<BadOption> {
    if let Some(log) = fault {
        return bad(log, wanted);
    }
    let is_transport = TRANSPORTS.iter().any(|transport| value.starts_with(transport));
    let found = bad(format!("{name} should be in form proto://address, got {value}"), wanted)?;
    (!is_transport).then_some(BadOption { releases: READS_TRANSPORTS, ..found })
}

fn fluentd_option(value: &str) -> Option<BadOption> {
    let (fault, releases) = match (fluentd_fault(value), fluentd_host_fault(value)) {
        (None, None) => return None,
        (Some(fault), None) => (fault, READS_URLS),
        (None, Some(fault)) => (fault, READS_TRANSPORTS),
        (Some(fault), Some(_)) => (fault, Releases::ANY),
    };
    let log = format!("invalid fluentd-address ({value}): {fault}");
    let found = bad(log, "`host:port`, `tcp://host:port`, `tls://host:port` or `unix:///path`")?;
    Some(BadOption { releases, ..found })
}

/// The parts of a URL: its scheme in small letters, host and port, and path; or Go's error about it.
fn url_parts(url: &str) -> Result<(String, &str, &str), String> {
    if let Some(fault) = url_fault(url) {
        return Err(format!("parse \"{url}\": {fault}"));
    }
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    Ok((scheme.to_ascii_lowercase(), authority.rsplit('@').next().unwrap_or_default(), path))
}

fn gelf_fault(url: &str) -> Option<String> {
    let (scheme, host, _) = match url_parts(url) {
        Ok(parts) => parts,
        Err(fault) => return Some(fault),
    };
    if !matches!(scheme.as_str(), "udp" | "tcp") {
        return Some("gelf: endpoint needs to be TCP or UDP".to_owned());
    }
    split_host_port(host).is_err().then(|| "gelf: please provide gelf-address as proto://host:port".to_owned())
}

fn syslog_fault(url: &str) -> Option<String> {
    let (scheme, host, path) = match url_parts(url) {
        Ok(parts) => parts,
        Err(fault) => return Some(fault),
    };
    match scheme.as_str() {
        // Whether the socket is there depends on the node.
        "unix" | "unixgram" => path.is_empty().then(|| "stat : no such file or directory".to_owned()),
        "tcp" | "udp" | "tcp+tls" => match split_host_port(host) {
            Err(words) if words != "missing port in address" => Some(format!("address {host}: {words}")),
            _ => None,
        },
        other => Some(format!("unsupported scheme: '{other}'")),
    }
}

fn fluentd_fault(address: &str) -> Option<String> {
    let url = if address.contains("://") { Cow::Borrowed(address) } else { Cow::Owned(format!("tcp://{address}")) };
    let (scheme, host, path) = match url_parts(&url) {
        Ok(parts) => parts,
        Err(fault) => return Some(fault),
    };
    match scheme.as_str() {
        "unix" => path.trim_start_matches('/').is_empty().then(|| "path is empty".to_owned()),
        "tcp" | "tls" if !path.is_empty() => Some("should not contain a path element".to_owned()),
        "tcp" | "tls" => {
            let port = host.rsplit_once(':').filter(|(_, port)| !port.is_empty() && !port.ends_with(']'))?.1;
            let is_port = port.parse::<u16>().is_ok();
            (!is_port).then(|| format!("invalid port: strconv.ParseUint: parsing \"{port}\": value out of range"))
        }
        other => Some(format!("unsupported scheme: '{other}'")),
    }
}

/// The same for releases that read a host and a port.
fn fluentd_host_fault(address: &str) -> Option<String> {
    let host = if TRANSPORTS.iter().any(|transport| address.starts_with(transport)) {
        match url_parts(address) {
            Err(fault) => return Some(fault),
            Ok((scheme, ..)) if scheme.starts_with("unix") => return None,
            Ok((_, host, _)) => host,
        }
    } else {
        address
    };
    match split_host_port(host) {
        Err("missing port in address") => None,
        Err(words) => Some(format!("address {host}: {words}")),
        Ok((_, port)) => {
            let is_number = port.parse::<i64>().is_ok();
            (!is_number).then(|| format!("strconv.Atoi: parsing \"{port}\": invalid syntax"))
        }
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

//! # `directive-value-unknown`
//!
//! A word that is none of those that a key takes, as for `log-level`.
//!
//! ## Why
//!
//! dockerd does not start: `invalid logging level: loud`. 25.0 and later refuse `warning` too, which 24.0 and older took for `warn`.
//!
//! ## What to do
//!
//! Write one of the words shown.
//!
//! ## Examples
//!
//! ```json bad
//! { "log-level": "warning" }
//!                ^^^^^^^^^
//! ```
//!
//! ```json fixed
//! { "log-level": "warn" }
//! ```
//!
//! ```json bad
//! { "default-ipc-mode": "host" }
//!                       ^^^^^^
//! ```
//!
//! ```json bad docker=29
//! { "firewall-backend": "iptable" }
//!                       ^^^^^^^^^
//! ```
//!
//! ```json good
//! { "log-level": "WARN", "log-format": "json", "default-ipc-mode": "", "default-cgroupns-mode": "host" }
//! ```
//!
//! ## References
//!
//! - moby/moby@docker-v29.7.2:daemon/config/config.go, config_linux.go; moby/moby@v24.0.9:daemon/config/config.go; measured with
//!   20.10.24, 24.0.9, 27.5.1, 28.5.2 and 29.7.2

use crate::docker;
use crate::docker::kind::directive;
use crate::docker::settings::{readers, text};
use crate::keys::nearest;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "directive-value-unknown",
    summary: "A word that is none of those that a key takes",
    fix: Some(Applicability::Safe),
    run: Run::File(&[&docker::KIND], check),
    ..Rule::DEFAULTS
};

/// They take `warning` for `warn`.
const WARNING: Releases = Releases::docker("..24");
const NO_WARNING: Releases = Releases::docker("25..");

const CHECKED: [&str; 5] = ["log-level", "log-format", "default-ipc-mode", "default-cgroupns-mode", "firewall-backend"];

fn check(cx: &mut FileCx) {
    for name in CHECKED {
        let (Some((entry, value)), Some(key)) = (text(cx.root, name), directive(name)) else { continue };
        let known = key.values().any(|v| v == value || (name == "log-level" && v.eq_ignore_ascii_case(value)));
        if known {
            continue;
        }
        let mut refused = readers(name);
        let warning = name == "log-level" && value.eq_ignore_ascii_case("warning");
        if warning {
            refused = refused.and(NO_WARNING);
        }
        report(cx, entry, value, refused, warning);
    }
}

fn report(cx: &mut FileCx, entry: &Entry, value: &str, refused: Releases, warning: bool) {
    let name = entry.key.as_ref();
    let values: Vec<&str> = directive(name).into_iter().flat_map(|key| key.values()).collect();
    let meant = if warning { Some("warn") } else { nearest(value, values.iter().copied()) };
    let listed = values.iter().map(|v| format!("`{v}`")).collect::<Vec<_>>().join(", ");
    let words = match name {
        "log-level" => format!("invalid logging level: {value}"),
        "log-format" => format!("invalid log format: {value}"),
        "default-ipc-mode" if matches!(value, "host" | "none") || value.starts_with("container:") => {
            format!("IPC mode \"{value}\" is not supported as default value; use \"shareable\" or \"private\"")
        }
        "default-ipc-mode" => {
            format!("default IPC mode setting ({value}) is invalid; use \"shareable\" or \"private\"")
        }
        "default-cgroupns-mode" => {
            format!("default cgroup namespace mode ({value}) is invalid; use \"host\" or \"private\"")
        }
        _ => "invalid firewall-backend: allowed values are \"iptables\" and \"nftables\"".to_owned(),
    };
    let trust = if warning { Applicability::Safe } else { Applicability::Unsafe };
    let fix = meant.map(|meant| Fix::string(trust, &entry.value, meant).keeping_meaning());
    let message = if warning {
        "`log-level` takes `warn`, and no `warning` since 25.0".to_owned()
    } else {
        format!("`{name}` is `{value}`, and takes {listed}")
    };
    let finding = cx.report(entry.value.span, message);
    finding.refused(refused);
    if warning {
        finding.advice(WARNING);
    }
    finding
        .key(name)
        .why(format!("dockerd does not start: `{words}`."))
        .help(meant.map_or_else(|| format!("Write one of {listed}."), |meant| format!("Write `{meant}`.")))
        .maybe_fix(fix);
}

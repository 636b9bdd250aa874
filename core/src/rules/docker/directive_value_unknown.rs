//! # `directive-value-unknown`
//!
//! A word that a key such as `log-level` does not accept.
//!
//! ## Why
//!
//! dockerd does not start: `invalid logging level: chatty`. 25.0 and later refuse `warning` too, which 24.0 and older
//! read as `warn`.
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
//! - moby/moby@docker-v29.7.2:daemon/config/config.go, config_linux.go; moby/moby@v24.0.9:daemon/config/config.go;
//!   measured with 20.10.24, 24.0.9, 27.5.1, 28.5.2 and 29.7.2

use crate::docker;
use crate::docker::kind::directive;
use crate::docker::refusals::refusal;
use crate::docker::settings::text;
use crate::keys::{KeySpec, nearest};
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "directive-value-unknown",
    summary: "Word that a key does not accept",
    fix: Some(Applicability::Safe),
    run: Run::File(&[&docker::KIND], check),
    ..Rule::DEFAULTS
};

/// Releases that read `warning` as `warn`.
const READS_WARNING: Releases = Releases::docker("..24");
const REFUSES_WARNING: Releases = Releases::docker("25..");

const CHECKED: [&str; 5] = ["log-level", "log-format", "default-ipc-mode", "default-cgroupns-mode", "firewall-backend"];

fn check(cx: &mut FileCx) {
    for name in CHECKED {
        let (Some(setting), Some(key)) = (text(cx.settings(), name), directive(name)) else { continue };
        let ignores_case = name == "log-level";
        let value = setting.text.as_ref();
        if key.values().any(|known| known == value || (ignores_case && known.eq_ignore_ascii_case(value))) {
            continue;
        }
        if name == "log-level" && value.eq_ignore_ascii_case("warning") {
            report_warning(cx, &setting);
        } else {
            report(cx, &setting, key);
        }
    }
}

fn report_warning(cx: &mut FileCx, setting: &WrittenSetting) {
    let fix = setting.replaced_by(Applicability::Safe, "warn").map(Fix::keeping_meaning);
    cx.report_setting(setting, "Docker 25.0 and later take `warn`, not `warning`")
        .refused(setting.releases.and(REFUSES_WARNING))
        .advice(READS_WARNING)
        .why(refusal(&log("log-level", &setting.text)))
        .help("Write `warn`.")
        .maybe_fix(fix);
}

fn report(cx: &mut FileCx, setting: &WrittenSetting, key: &KeySpec) {
    let name = setting.path.as_str();
    let value = setting.text.as_ref();
    let listed = quoted(key.values(), ", ");
    let meant = nearest(value, key.values());
    let fix = meant.and_then(|meant| setting.replaced_by(Applicability::Unsafe, meant)).map(Fix::keeping_meaning);
    cx.report(setting.value_span, format!("`{name}` is `{value}`, but must be one of {listed}"))
        .refused(setting.releases)
        .key(name)
        .why(refusal(&log(name, value)))
        .help(meant.map_or_else(|| format!("Write one of {listed}."), |meant| format!("Write `{meant}`.")))
        .maybe_fix(fix);
}

fn log(name: &str, value: &str) -> String {
    match name {
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
    }
}

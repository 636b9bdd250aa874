//! # `exec-opt-invalid`
//!
//! An item of `exec-opts` that dockerd does not recognize.
//!
//! ## Why
//!
//! On Linux there is one option: `native.cgroupdriver`. 28.0 and later do not start on anything else: `invalid
//! exec-opt (foo=bar): unknown option: 'foo'`. Older releases silently ignore it, so a slip of the pen leaves the
//! default cgroup driver.
//!
//! ## What to do
//!
//! Write `native.cgroupdriver=systemd` or `native.cgroupdriver=cgroupfs`.
//!
//! ## Examples
//!
//! ```json bad
//! { "exec-opts": ["cgroupdriver=systemd"] }
//!                 ^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```json fixed
//! { "exec-opts": ["native.cgroupdriver=systemd"] }
//! ```
//!
//! ```json bad
//! { "exec-opts": ["native.cgroupdriver"] }
//!                 ^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```json good
//! { "exec-opts": ["Native.CgroupDriver = systemd"] }
//! ```
//!
//! ## References
//!
//! - moby/moby@docker-v29.7.2:daemon/config/config.go (`parseExecOptions`), config_linux.go; measured with 20.10.24,
//!   24.0.9, 27.5.1, 28.5.2 and 29.7.2

use crate::docker;
use crate::docker::settings::{is_windows, texts};
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "exec-opt-invalid",
    summary: "Execution option that Docker does not recognize",
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&docker::KIND], check),
    ..Rule::DEFAULTS
};

const CHECKS_OPTIONS: Releases = Releases::docker("28..");
const IGNORES_UNKNOWN_OPTIONS: Releases = Releases::docker("..27");

fn check(cx: &mut FileCx) {
    for item in texts(cx.settings(), "exec-opts") {
        let (name, value) = item.text.split_once('=').unwrap_or((&item.text, ""));
        let (name, value) = (name.trim().to_ascii_lowercase(), value.trim());
        let is_driver = matches!(value, "systemd" | "cgroupfs");
        match name.as_str() {
            _ if name.is_empty() || value.is_empty() => report(cx, &item, "must be formatted 'opt=value'", None),
            "native.cgroupdriver" => {}
            "isolation" if is_windows(cx) => {}
            "isolation" => report(cx, &item, "option 'isolation' is only supported on windows", None),
            other => {
                let meant = (other.contains("cgroup") && is_driver).then(|| format!("native.cgroupdriver={value}"));
                report(cx, &item, &format!("unknown option: '{other}'"), meant.as_deref());
            }
        }
    }
}

fn report(cx: &mut FileCx, item: &WrittenSetting, log: &str, meant: Option<&str>) {
    let help = match meant {
        Some(meant) => format!("Write `{meant}`."),
        None => "The only option on Linux is `native.cgroupdriver`, with `systemd` or `cgroupfs`.".to_owned(),
    };
    cx.report_setting(item, format!("Docker does not recognize the execution option `{}`", excerpt(&item.text)))
        .refused(CHECKS_OPTIONS)
        .ignored(IGNORES_UNKNOWN_OPTIONS)
        .why(why(&item.text, log))
        .help(help)
        .maybe_fix(meant.and_then(|meant| item.replaced_by(Applicability::Unsafe, meant)));
}

fn why(option: &str, log: &str) -> String {
    format!(
        "28.0 and later do not start: `invalid exec-opt ({option}): {log}`. Older releases silently ignore the option."
    )
}

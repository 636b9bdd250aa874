//! # `exec-opt-invalid`
//!
//! An item of `exec-opts` that dockerd does not know.
//!
//! ## Why
//!
//! On Linux there is one option: `native.cgroupdriver`. 28.0 and later do not start on anything else: `invalid exec-opt (foo=bar):
//! unknown option: 'foo'`. Older releases ignore it without a word, so a slip of the pen leaves the default cgroup driver.
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
//! - moby/moby@docker-v29.7.2:daemon/config/config.go (`parseExecOptions`), config_linux.go; measured with 20.10.24, 24.0.9,
//!   27.5.1, 28.5.2 and 29.7.2

use crate::docker;
use crate::docker::settings::{is_windows, texts};
use crate::rules::prelude::*;
use crate::text::excerpt;

pub(crate) const RULE: Rule = Rule {
    id: "exec-opt-invalid",
    summary: "An execution option that Docker does not know",
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&docker::KIND], check),
    ..Rule::DEFAULTS
};

const STRICT: Releases = Releases::docker("28..");
const LENIENT: Releases = Releases::docker("..27");

fn check(cx: &mut FileCx) {
    for (node, option) in texts(cx.root, "exec-opts") {
        let (name, value) = match option.split_once('=') {
            Some((name, value)) => (name.trim().to_ascii_lowercase(), Some(value.trim())),
            None => (option.trim().to_ascii_lowercase(), None),
        };
        match (name.as_str(), value) {
            ("native.cgroupdriver", Some(value)) if !value.is_empty() => {}
            // The option of Windows.
            ("isolation", Some(value)) if !value.is_empty() && is_windows(cx) => {}
            (_, None | Some("")) | ("", _) => report(cx, node, option, "must be formatted 'opt=value'", None),
            ("isolation", _) => {
                report(cx, node, option, "option 'isolation' is only supported on windows", None);
            }
            (other, Some(value)) => {
                let driver = other.contains("cgroup") && matches!(value, "systemd" | "cgroupfs");
                let words = format!("unknown option: '{other}'");
                report(cx, node, option, &words, driver.then_some(value));
            }
        }
    }
}

fn report(cx: &mut FileCx, node: &Node, option: &str, words: &str, driver: Option<&str>) {
    let new = driver.map(|value| format!("native.cgroupdriver={value}"));
    let fix = new.as_ref().map(|new| Fix::string(Applicability::Unsafe, node, new));
    cx.report(node.span, format!("Docker knows no execution option `{}`", excerpt(option)))
        .refused(STRICT)
        .ignored(LENIENT)
        .key("exec-opts")
        .why(format!("28.0 and later do not start: `invalid exec-opt ({option}): {words}`. Older releases ignore it without a word."))
        .help(match new {
            Some(new) => format!("Write `{new}`."),
            None => "The only option on Linux is `native.cgroupdriver`, with `systemd` or `cgroupfs`.".to_owned(),
        })
        .maybe_fix(fix);
}

//! # `duration-invalid`
//!
//! A time that Go's duration syntax does not know, such as `4 hours` or `1d`.
//!
//! ## Why
//!
//! Times are numbers with the units `h`, `m`, `s`, `ms`, `us` or `ns`, without blanks: `4h`, `1h30m`, `500ms`. What happens
//! else depends on the key: one of the CRI plugin keeps that plugin from loading (`invalid stream idle timeout`), one below
//! `[timeouts]` stops the daemon at start though `config dump` is content, and most others stop it while it reads the file.
//!
//! ## What to do
//!
//! Write the time with Go's units; a day is `24h`.
//!
//! ## Examples
//!
//! ```toml bad
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri"]
//!   stream_idle_timeout = "4 hours"
//!                         ^^^^^^^^^
//! ```
//!
//! ```toml fixed
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri"]
//!   stream_idle_timeout = "4h"
//! ```
//!
//! ```toml bad
//! version = 2
//! [timeouts]
//!   "io.containerd.timeout.task.state" = "2"
//!                                        ^^^
//! ```
//!
//! ```toml bad
//! version = 3
//! [plugins."io.containerd.gc.v1.scheduler"]
//!   schedule_delay = "1 minute"
//!                    ^^^^^^^^^^
//! ```
//!
//! ```toml good
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri"]
//!   stream_idle_timeout = "4h0m0s"
//!   drain_exec_sync_io_timeout = "0"
//! ```
//!
//! ## References
//!
//! - containerd/containerd@v2.3.4:internal/cri/config/config.go, cmd/containerd/server/server.go
//! - measured with 1.3.10 to 2.4.0-beta.0

use crate::containerd;
use crate::containerd::settings::counts;
use crate::go::duration::duration;
use crate::go::duration::meant;
use crate::keys::{KeySpec, Type};
use crate::rules::prelude::*;
use crate::syntax::ScalarKind;

pub(crate) const RULE: Rule = Rule {
    id: "duration-invalid",
    summary: "A time that is no Go duration",
    fix: Some(crate::fix::Applicability::Safe),
    run: Run::File(&[&containerd::KIND], check),
    ..Rule::DEFAULTS
};

const FROM_1_3: Releases = Releases::containerd("1.3..");

fn check(cx: &mut FileCx) {
    let table = cx.root.get("timeouts");
    for bound in cx.bound {
        let timeouts = table.is_some_and(|table| std::ptr::eq(table, bound.parent));
        let key = bound.key();
        let is_duration =
            key.is_some_and(|k| k.ty() == Type::Duration || k.format() == "duration" && k.ty() == Type::String);
        if !is_duration && !timeouts {
            continue;
        }
        let Some(text) = string(&bound.entry.value) else { continue };
        let strict = timeouts || key.is_some_and(|k| k.ty() == Type::Duration);
        // CRI takes an empty text for the default.
        if text.is_empty() && !strict {
            continue;
        }
        if let Err(fault) = duration(text) {
            let words = fault.words(text);
            report(cx, bound.entry, key, text, &words, timeouts);
        }
    }
}

fn string<'t>(node: &'t Node) -> Option<&'t str> {
    node.as_scalar().filter(|s| s.kind == ScalarKind::String).map(|s| s.text.as_ref())
}

fn report(cx: &mut FileCx, entry: &Entry, key: Option<&KeySpec>, text: &str, words: &str, timeouts: bool) {
    let path = cx.path_of(entry);
    let counts = counts(cx, cx.loaded, entry);
    let strict = key.is_some_and(|k| k.ty() == Type::Duration);
    let (effect, why) = if timeouts {
        (
            Effect::Refused,
            format!(
                "containerd does not start: `unable to parse {text} into a time duration`. `containerd config dump` does not mind."
            ),
        )
    } else if strict {
        (Effect::Refused, format!("containerd does not start: `{words}`."))
    } else {
        (
            Effect::Failed,
            format!(
                "The CRI plugin does not load (`{words}`), and the kubelet finds no runtime service; the daemon itself stays up."
            ),
        )
    };
    let meant = meant(text);
    let help = match &meant {
        Some(meant) => format!("Write \"{meant}\"."),
        None => "Write a number with its unit, such as \"30s\", \"5m\" or \"1h30m\".".to_owned(),
    };
    let span = entry.value.span;
    let fix = meant.map(|meant| Fix::safe(format!("Write \"{meant}\""), span, edit::string(&meant)));
    let releases = if timeouts { counts.and(FROM_1_3) } else { counts };
    cx.report(span, format!("\"{text}\" is no duration for `{}`", entry.key))
        .outcome(effect, releases)
        .key(path)
        .why(why)
        .help(help)
        .maybe_fix(fix);
}

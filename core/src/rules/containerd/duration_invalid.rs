//! # `duration-invalid`
//!
//! A time that is not a Go duration, such as `4 hours` or `1d`.
//!
//! ## Why
//!
//! Times are numbers with the units `h`, `m`, `s`, `ms`, `us` or `ns`, without blanks: `4h`, `1h30m`, `500ms`. What
//! another text does depends on the key: one of the CRI plugin keeps that plugin from loading (`invalid stream idle
//! timeout`), one below `[timeouts]` stops the daemon at start though `config dump` accepts it, and most others stop
//! it while it reads the file.
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
use crate::containerd::eras::HAS_CONFIG_VERSIONS;
use crate::containerd::settings::{counts, decodes_free};
use crate::go::duration::{duration, meant};
use crate::keys::{Bound, Type};
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "duration-invalid",
    summary: "Time that is not a Go duration",
    fix: Some(Applicability::Safe),
    run: Run::File(&[&containerd::KIND], check),
    ..Rule::DEFAULTS
};

/// What reads a time.
#[derive(Clone, Copy, PartialEq)]
enum TimeReader {
    /// The daemon, when it starts: `[timeouts]`.
    Timeouts,
    /// The daemon, when it decodes the file.
    Decoder,
    /// The CRI plugin, when it loads.
    Cri,
}

fn check(cx: &mut FileCx) {
    for bound in cx.bound {
        let Some(reader) = reader(cx, bound) else { continue };
        let Some(text) = bound.entry.value.as_str() else { continue };
        // CRI takes an empty text for the default.
        if text.is_empty() && reader == TimeReader::Cri {
            continue;
        }
        if let Err(fault) = duration(text) {
            report(cx, bound.entry, reader, text, &fault.words(text));
        }
    }
}

fn reader(cx: &FileCx, bound: &Bound) -> Option<TimeReader> {
    if cx.root.get("timeouts").is_some_and(|table| std::ptr::eq(table, bound.parent)) {
        return Some(TimeReader::Timeouts);
    }
    let key = bound.key()?;
    match key.ty() {
        Type::Duration => Some(TimeReader::Decoder),
        Type::String if key.format() == "duration" => Some(TimeReader::Cri),
        _ => None,
    }
}

fn report(cx: &mut FileCx, entry: &Entry, reader: TimeReader, text: &str, words: &str) {
    // containerd parses all of `[timeouts]`, also what no plugin asks for.
    let counts = match reader {
        TimeReader::Timeouts => decodes_free(cx, cx.loaded, entry),
        _ => counts(cx, cx.loaded, entry),
    };
    let span = entry.value.span;
    let meant = meant(text);
    let help = match &meant {
        Some(_) => "Write times as Go does: a number with the unit h, m, s or ms.",
        None => "Write a number with its unit, such as \"30s\", \"5m\" or \"1h30m\".",
    };
    let fix = meant.map(|meant| Fix::string(Applicability::Safe, span, &meant));
    let finding = cx.report_value(entry, format!("`{text}` is not a duration for `{}`", entry.key));
    match reader {
        TimeReader::Timeouts => finding.refused(counts.and(HAS_CONFIG_VERSIONS)).why(format!(
            "containerd does not start: `unable to parse {text} into a time duration`. `containerd config dump` does \
             not report it."
        )),
        TimeReader::Decoder => finding.refused(counts).why(format!("containerd does not start: `{words}`.")),
        TimeReader::Cri => finding.failed(counts).why(format!(
            "The CRI plugin does not load (`{words}`), and the kubelet finds no runtime service; the daemon itself \
             stays up."
        )),
    };
    finding.help(help).maybe_fix(fix);
}

//! # `directive-out-of-range`
//!
//! A number that Docker does not take.
//!
//! ## Why
//!
//! dockerd does not start: `invalid max concurrent downloads: -1`. A 0 means the default; only 20.10 refuses it for
//! `max-download-attempts`.
//!
//! ## What to do
//!
//! Write a number in the range, or remove the line.
//!
//! ## Examples
//!
//! ```json bad
//! { "max-concurrent-downloads": -1 }
//!                               ^^
//! ```
//!
//! ```json bad
//! { "network-diagnostic-port": 70000 }
//!                              ^^^^^
//! ```
//!
//! ```json bad docker=20.10
//! { "max-download-attempts": 0 }
//!                            ^
//! ```
//!
//! ```json good
//! { "max-concurrent-downloads": 0, "mtu": 1450, "shutdown-timeout": -1 }
//! ```
//!
//! ## References
//!
//! - moby/moby@docker-v29.7.2:daemon/config/config.go (`Validate`), moby/moby@v20.10.27:daemon/config/config.go; measured with
//!   20.10.24, 24.0.9, 27.5.1, 28.5.2 and 29.7.2

use crate::docker;
use crate::docker::settings::readers;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "directive-out-of-range",
    summary: "A number that Docker does not take",
    run: Run::File(&[&docker::KIND], check),
    ..Rule::DEFAULTS
};

struct Range {
    key: &'static str,
    low: i64,
    high: i64,
    /// The releases that check it.
    checked: Releases,
    /// The daemon's words before the number.
    words: &'static str,
}

const ALL: Releases = Releases::ANY;

const RANGES: [Range; 7] = [
    range("mtu", 0, i64::MAX, Releases::docker("23.."), "invalid default MTU"),
    range("max-concurrent-downloads", 0, i64::MAX, ALL, "invalid max concurrent downloads"),
    range("max-concurrent-uploads", 0, i64::MAX, ALL, "invalid max concurrent uploads"),
    range("max-download-attempts", 1, i64::MAX, Releases::docker("20.10"), "invalid max download attempts"),
    range("max-download-attempts", 0, i64::MAX, Releases::docker("23.."), "invalid max download attempts"),
    range("default-stop-timeout", 0, i64::MAX, ALL, "invalid default stop timeout"),
    range("network-diagnostic-port", 0, 65535, Releases::docker("28.."), "invalid network-diagnostic-port"),
];

const fn range(key: &'static str, low: i64, high: i64, checked: Releases, words: &'static str) -> Range {
    Range { key, low, high, checked, words }
}

fn check(cx: &mut FileCx) {
    for entry in cx.root.entries() {
        let Some(number) = entry.value.as_int() else { continue };
        let wrong: Vec<&Range> =
            RANGES.iter().filter(|r| r.key == entry.key && !(r.low..=r.high).contains(&number)).collect();
        let checked = wrong.iter().map(|r| r.checked).reduce(Releases::or);
        if let Some((range, checked)) = wrong.last().zip(checked) {
            report(cx, entry, range, number, checked);
        }
    }
}

fn report(cx: &mut FileCx, entry: &Entry, range: &Range, number: i64, checked: Releases) {
    let wanted = match (range.low, range.high) {
        (0, i64::MAX) => "no negative number".to_owned(),
        (low, i64::MAX) => format!("{low} or more"),
        (low, high) => format!("{low} to {high}"),
    };
    cx.report(entry.value.span, format!("`{}` is {number}, and takes {wanted}", entry.key))
        .refused(checked.and(readers(range.key)))
        .key(range.key)
        .why(format!("dockerd does not start: `{}: {number}`.", range.words))
        .help("Write a number in the range, or remove the line to have the default.");
}

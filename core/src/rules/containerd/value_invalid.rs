//! # `value-invalid`
//!
//! A value that containerd checks and does not take.
//!
//! ## Why
//!
//! Most texts are taken as is; these are checked when the daemon or the plugin starts. `containerd config dump` does
//! not report any of them.
//!
//! | key | takes | another value |
//! |---|---|---|
//! | `debug.level` | trace (1.3 and later), debug, info, warn, error, fatal, panic | the daemon does not start |
//! | `debug.format` | text, json (1.5 and later) | the daemon does not start |
//! | `content_sharing_policy` of bolt | shared, isolated | the metadata plugin fails, and nearly all others with it |
//! | `io_type` of a runtime | fifo, streaming (2.0 and later) | CRI does not load |
//! | `socket_dir` of the shim manager | an absolute path of at most 42 characters (2.3 and later) | CRI does not load |
//! | `platform` of an `unpack_config` | such as linux/amd64 (1.7 and later) | no transfer service; from 2.1 on no CRI |
//! | `platform` of a runtime's images | the same (2.0 and later) | CRI does not load |
//! | paths of folders, sockets and runtime specs | no U+0000 | the daemon does not start, or the plugin fails |
//! | `protocol` of the OTLP processor | http/protobuf, grpc (1.7 alone reads it) | no traces |
//!
//! ## What to do
//!
//! Write one of the values that the key takes.
//!
//! ## Examples
//!
//! ```toml bad
//! version = 2
//! [debug]
//!   level = "debgu"
//!           ^^^^^^^
//! ```
//!
//! ```toml fixed
//! version = 2
//! [debug]
//!   level = "debug"
//! ```
//!
//! ```toml bad containerd=2.0..2.3
//! version = 3
//! [plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc]
//!   runtime_type = "io.containerd.runc.v2"
//!   io_type = "pipe"
//!             ^^^^^^
//! ```
//!
//! ```toml bad containerd=..1.2
//! [debug]
//!   level = "trace"
//!           ^^^^^^^
//! ```
//!
//! ```toml good
//! version = 2
//! [debug]
//!   level = "WARNING"
//!   format = "json"
//! ```
//!
//! ## References
//!
//! - the setting's row in `core/data/containerd-checks.toml` names its source
//! - measured with 1.0.3 to 2.4.0-beta.0

use crate::containerd::settings::in_effect;
use crate::containerd::value_checks::{MAX_PATH, RefusedValue, Takes, refused};
use crate::keys::nearest;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "value-invalid",
    summary: "Value that containerd checks and does not take",
    fix: Some(Applicability::Unsafe),
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut NodeCx) {
    for (value, releases) in in_effect(cx.loaded, refused) {
        report(cx, &value, releases);
    }
}

fn report(cx: &mut NodeCx, value: &RefusedValue, releases: Releases) {
    let RefusedValue { place, text, check } = value;
    let path = place.path(cx.loaded);
    let name = path.rsplit('.').next().unwrap_or(&path);
    let words = match check.takes {
        Takes::Words { words, .. } => words,
        _ => &[],
    };
    let fix = nearest(text, words.iter().copied()).map(|word| Fix::string(Applicability::Unsafe, place.value, word));
    cx.report_value(*place, message(text, name, check.takes))
        .outcome(check.effect, releases)
        .why(check.why.replace("{value}", text))
        .help(help(check.takes))
        .maybe_fix(fix);
}

fn message(text: &str, name: &str, takes: Takes) -> String {
    match takes {
        Takes::Words { .. } => format!("`{text}` is not a value of `{name}`"),
        Takes::AbsolutePath => format!("`{text}` is not an absolute path for `{name}`"),
        Takes::ShortPath => format!("`{name}` has {} characters, but may have {MAX_PATH}", text.len()),
        Takes::Platform => format!("`{text}` is not a platform"),
        Takes::Path => format!("the path in `{name}` has the character U+0000"),
    }
}

fn help(takes: Takes) -> String {
    match takes {
        Takes::Words { words, .. } => {
            let words: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
            format!("Write one of {}.", words.join(", "))
        }
        Takes::AbsolutePath => "Write the path from / on.".to_owned(),
        Takes::ShortPath => "Choose a shorter path, such as /run/containerd/s.".to_owned(),
        Takes::Platform => "Write operating system and architecture: \"linux/amd64\".".to_owned(),
        Takes::Path => "Remove the character.".to_owned(),
    }
}

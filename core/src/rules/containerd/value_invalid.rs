//! # `value-invalid`
//!
//! A value that containerd checks, and that is none of those it takes.
//!
//! ## Why
//!
//! Most texts are taken as they are; these are checked when the daemon or the plugin starts. `containerd config dump` does
//! not report any of them.
//!
//! | key | takes | otherwise |
//! |---|---|---|
//! | `debug.level` | trace, debug, info, warn, error, fatal, panic | the daemon does not start |
//! | `debug.format` | text, json (1.5 and later) | the daemon does not start |
//! | `content_sharing_policy` of bolt | shared, isolated | the metadata plugin fails, and nearly all others with it |
//! | `io_type` of a runtime | fifo, streaming (2.0 and later) | CRI does not load |
//! | `socket_dir` of the shim manager | an absolute path of at most 42 characters (2.3 and later) | CRI does not load |
//! | `platform` of an `unpack_config` | such as linux/amd64 (1.7 and later) | no transfer service; from 2.1 on no CRI |
//! | `platform` of a runtime's images | the same (2.0 and later) | CRI does not load |
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
//! ```toml good
//! version = 2
//! [debug]
//!   level = "WARNING"
//!   format = "json"
//! ```
//!
//! ## References
//!
//! - containerd/containerd@v1.7.34:pkg/tracing/plugin/otlp.go, v2.3.4:plugins/metadata/plugin.go,
//!   v2.3.4:core/runtime/v2/shim_manager.go, v2.3.4:internal/cri/config/config.go, containerd/log@v0.1.0:context.go
//! - measured with 1.0.3 to 2.4.0-beta.0

use crate::containerd::effective::{Spot, by_release, some_text};
use crate::containerd::loader::{Effective, Item, Leaf};
use crate::keys::nearest;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "value-invalid",
    summary: "A value that containerd checks and does not take",
    fix: Some(Applicability::Unsafe),
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

/// What a key takes.
#[derive(PartialEq)]
enum Takes {
    OneOf(&'static [&'static str]),
    /// The same, in any letter case.
    AnyCase(&'static [&'static str]),
    AbsolutePath,
    /// A path of at most so many bytes.
    ShortPath(usize),
    Platform,
}

/// What a key takes, and what happens otherwise.
#[derive(PartialEq)]
struct Wanted {
    takes: Takes,
    effect: Effect,
    /// What the daemon does and says; `{}` stands for the value.
    why: &'static str,
}

const LEVEL: Wanted = Wanted::refused(
    Takes::AnyCase(&["trace", "debug", "info", "warn", "warning", "error", "fatal", "panic"]),
    "containerd does not start: `not a valid logrus Level: \"{}\"`.",
);
const FORMAT: Wanted =
    Wanted::refused(Takes::OneOf(&["text", "json"]), "containerd does not start: `unknown log format: {}`.");
const POLICY: Wanted = Wanted::failed(
    Takes::OneOf(&["shared", "isolated"]),
    "The metadata plugin does not load (`unknown policy: {}`), and nearly all plugins with it, CRI included. The daemon still says that it booted.",
);
const IO_TYPE: Wanted = Wanted::failed(
    Takes::OneOf(&["fifo", "streaming"]),
    "The CRI plugin does not load: `io_type can only be streaming or named_pipe`. By named_pipe it means fifo.",
);
const PROTOCOL: Wanted = Wanted::failed(
    Takes::OneOf(&["http/protobuf", "grpc"]),
    "The tracing plugins do not load: `OpenTelemetry protocol \"{}\" : not implemented`.",
);
const SOCKET_DIR: Wanted = Wanted::failed(
    Takes::AbsolutePath,
    "The shim manager does not load (`socket_dir must be an absolute path: \"{}\"`), and the CRI plugin with it.",
);

const SOCKET_DIR_LENGTH: Wanted = Wanted::failed(
    Takes::ShortPath(42),
    "The shim manager does not load (`socket_dir length must be no longer than 42 characters`), and the CRI plugin with it: the kernel takes 108 bytes for the path of a socket, and containerd adds a long name.",
);
const PLATFORM: Wanted = Wanted::failed(
    Takes::Platform,
    "The transfer plugin does not load (`platform configuration {} invalid`), and from 2.1 on the CRI plugin with it.",
);
const OF_RUNTIME: Wanted =
    Wanted::failed(Takes::Platform, "The CRI plugin does not load: `unable to parse platform \"{}\"`.");

const HAS_FORMAT: ReleaseSet = Releases::containerd("1.5..").get(Product::Containerd);
const HAS_POLICY: ReleaseSet = Releases::containerd("1.3..").get(Product::Containerd);
const HAS_SOCKET_DIR: ReleaseSet = Releases::containerd("2.3..").get(Product::Containerd);
const HAS_IO_TYPE: ReleaseSet = Releases::containerd("2.0..").get(Product::Containerd);
/// Others decode the table and do not use it.
const USES_OTLP: ReleaseSet = Releases::containerd("1.7").get(Product::Containerd);

/// A setting at a fixed place: the plugin whose it is, if one's, the path, and the releases that look at it.
type Place = (Option<&'static str>, &'static [&'static str], ReleaseSet, &'static Wanted);

static PLACES: [Place; 5] = [
    (None, &["debug", "level"], ReleaseSet::ALL, &LEVEL),
    (None, &["debug", "format"], HAS_FORMAT, &FORMAT),
    (Some("io.containerd.metadata.v1.bolt"), &["content_sharing_policy"], HAS_POLICY, &POLICY),
    (Some("io.containerd.shim.v1.manager"), &["socket_dir"], HAS_SOCKET_DIR, &SOCKET_DIR),
    (Some("io.containerd.shim.v1.manager"), &["socket_dir"], HAS_SOCKET_DIR, &SOCKET_DIR_LENGTH),
];

fn check(cx: &mut NodeCx) {
    let loaded = cx.loaded;
    for configuration in loaded.configurations() {
        for ((spot, text, wanted), releases) in by_release(configuration, find) {
            report(cx, spot, &text, wanted, releases);
        }
    }
}

fn find(effective: &Effective, out: &mut Vec<(Spot, String, &'static Wanted)>) {
    let is_in = |set| effective.release.is_in(set);
    let mut demand = |leaf: Option<&Leaf>, wanted: &'static Wanted| {
        if let (Some(leaf), Some(text)) = (leaf, some_text(leaf))
            && !wanted.takes(text)
        {
            out.push((Spot::of(leaf), text.to_owned(), wanted));
        }
    };
    for (plugin, path, releases, wanted) in &PLACES {
        if is_in(*releases) {
            demand(plugin.map_or_else(|| effective.setting(path), |uri| effective.of_plugin(uri, path)), wanted);
        }
    }
    if is_in(HAS_IO_TYPE) {
        for (_, runtime) in effective.runtimes() {
            demand(effective.entry(runtime, "io_type").and_then(|item| item.as_leaf()), &IO_TYPE);
        }
    }
    const OTLP: &str = "io.containerd.tracing.processor.v1.otlp";
    // Without an endpoint the plugin is not used.
    if is_in(USES_OTLP) && some_text(effective.of_plugin(OTLP, &["endpoint"])).is_some() {
        demand(effective.of_plugin(OTLP, &["protocol"]), &PROTOCOL);
    }
    let platforms = effective.cri_images(&["runtime_platforms"]).and_then(Item::as_table);
    for (_, one) in platforms.into_iter().flat_map(|all| all.entries()) {
        let platform = one.as_table().and_then(|one| effective.entry(one, "platform"));
        demand(platform.and_then(Item::as_leaf), &OF_RUNTIME);
    }
    if let Some(leaf) = effective.of_plugin("io.containerd.transfer.v1.local", &["unpack_config"]) {
        for item in leaf.value.node().map(Node::items).unwrap_or_default() {
            let Some(entry) = item.entry("platform") else { continue };
            if let Some(text) = entry.value.as_str().filter(|text| !PLATFORM.takes(text)) {
                let spot = Spot { file: leaf.origin.file, key: entry.key_span, value: entry.value.span };
                out.push((spot, text.to_owned(), &PLATFORM));
            }
        }
    }
}

impl Wanted {
    const fn refused(takes: Takes, why: &'static str) -> Self {
        Self { takes, effect: Effect::Refused, why }
    }

    const fn failed(takes: Takes, why: &'static str) -> Self {
        Self { takes, effect: Effect::Failed, why }
    }

    fn takes(&self, text: &str) -> bool {
        match self.takes {
            Takes::OneOf(values) => values.contains(&text),
            Takes::AnyCase(values) => values.iter().any(|v| v.eq_ignore_ascii_case(text)),
            Takes::AbsolutePath => text.starts_with('/'),
            // What is no absolute path is another fault.
            Takes::ShortPath(limit) => text.len() <= limit || !text.starts_with('/'),
            Takes::Platform => is_platform(text),
        }
    }

    fn values(&self) -> &'static [&'static str] {
        match self.takes {
            Takes::OneOf(values) | Takes::AnyCase(values) => values,
            _ => &[],
        }
    }
}

/// Whether a text has the form of a platform: `linux`, `linux/amd64`, `linux/arm/v7`, an OS with features in parentheses.
/// Source: `Parse` of containerd/platforms@v1.0.0:platforms.go.
fn is_platform(text: &str) -> bool {
    let parts: Vec<&str> = text.split('/').collect();
    let word = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"_.-".contains(&b));
    let os = |part: &str| word(part.split_once('(').filter(|_| part.ends_with(')')).map_or(part, |(os, _)| os));
    text == "*"
        || parts.len() <= 3 && parts.iter().enumerate().all(|(i, part)| if i == 0 { os(part) } else { word(part) })
}

fn report(cx: &mut NodeCx, spot: Spot, text: &str, wanted: &Wanted, releases: Releases) {
    let path = spot.path(cx.loaded);
    let name = path.rsplit('.').next().unwrap_or(&path).to_owned();
    let close = nearest(text, wanted.values().iter().copied());
    let fix = close
        .map(|value| Fix::edit(Applicability::Unsafe, format!("Write \"{value}\""), spot.value, edit::string(value)));
    let (message, help) = match wanted.takes {
        Takes::OneOf(values) | Takes::AnyCase(values) => {
            let all: Vec<String> = values.iter().map(|v| format!("\"{v}\"")).collect();
            (format!("\"{text}\" is no `{name}`"), format!("Write one of {}.", all.join(", ")))
        }
        Takes::AbsolutePath => {
            (format!("`{name}` is no absolute path: \"{text}\""), "Write the path from / on.".to_owned())
        }
        Takes::ShortPath(limit) => (
            format!("`{name}` has {} characters, and may have {limit}", text.len()),
            "Choose a shorter path, such as /run/containerd/s.".to_owned(),
        ),
        Takes::Platform => (
            format!("\"{text}\" is no platform"),
            "Write operating system and architecture: \"linux/amd64\".".to_owned(),
        ),
    };
    cx.report(spot.file, spot.value, message)
        .outcome(wanted.effect, releases)
        .key(path)
        .why(wanted.why.replace("{}", text))
        .help(help)
        .maybe_fix(fix);
}

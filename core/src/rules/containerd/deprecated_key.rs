//! # `deprecated-key`
//!
//! A key that works and is announced to go.
//!
//! ## Why
//!
//! containerd logs such keys at start and lists them in `ctr deprecations list`. The release after the announced one drops
//! them without a word (1.x) or with `Ignoring unknown key in TOML` (2.x). One exception is worse: the OpenTelemetry
//! settings of the `otlp` and `tracing` plugins are read by 2.x and not used, only the environment variables count.
//!
//! ## What to do
//!
//! Use what replaces it, once all nodes have a release that knows the replacement.
//!
//! ## Examples
//!
//! ```toml bad
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri".registry.mirrors."docker.io"]
//!                                               ^^^^^^^
//!   endpoint = ["https://mirror.example"]
//! ```
//!
//! ```toml bad
//! version = 2
//! [plugins."io.containerd.tracing.processor.v1.otlp"]
//!   endpoint = "http://127.0.0.1:4318"
//!   ^^^^^^^^
//! ```
//!
//! ```toml good
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri".registry]
//!   config_path = "/etc/containerd/certs.d"
//! ```
//!
//! ## References
//!
//! - containerd/containerd@v1.7.29, v2.3.4:pkg/deprecation/deprecation.go; each key's row in `core/data/containerd.toml`
//! - OpenTelemetry settings: measured with 1.6.39 to 2.4.0-beta.0

use crate::containerd;
use crate::containerd::kind::Cri;
use crate::containerd::settings::{reads, says_nothing, text};
use crate::keys::{Bound, KeySpec};
use crate::rules::containerd::key_not_in_release::{is_below, missing, replacement, target};
use crate::rules::containerd::mirrors_with_config_path::{mirrors, tls};
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "deprecated-key",
    summary: "A key that works and is announced to go",
    category: Category::Deprecation,
    run: Run::File(&[&containerd::KIND], check),
    ..Rule::DEFAULTS
};

/// They read the OpenTelemetry settings and do not use them.
const NO_TRACING: Releases = Releases::containerd("2.0..");
const TRACING: Releases = Releases::containerd("..1.7");

/// A deprecated key with those of the same table that go the same way.
struct Group<'c, 't, 'a> {
    first: &'c Bound<'t, 'a>,
    key: &'static KeySpec,
    others: Vec<&'c Bound<'t, 'a>>,
}

fn check(cx: &mut FileCx) {
    let mut groups: Vec<Group> = vec![];
    let mut told: Option<Span> = None;
    let target = target(cx);
    for bound in cx.bound {
        let Some(key) = bound.key() else { continue };
        let span = bound.entry.key_span.to(bound.entry.value.span);
        // What lies in a table that goes goes with it.
        let below = told.is_some_and(|table| table.contains(span)) || groups.iter().any(|g| is_below(key, g.key));
        if below || !concerns(cx, bound, key, target) {
            continue;
        }
        told = Some(span);
        match groups
            .iter_mut()
            .find(|g| g.first.within == bound.within && g.key.removal() == key.removal() && is_same_end(g.key, key))
        {
            Some(group) => group.others.push(bound),
            None => groups.push(Group { first: bound, key, others: vec![] }),
        }
    }
    for group in groups {
        report(cx, &group);
    }
}

/// Whether the two keys of a table go for the same reason: a plugin goes as a whole, other keys by themselves.
fn is_same_end(a: &KeySpec, b: &KeySpec) -> bool {
    a.replaced_by() == b.replaced_by() || is_tracing(a) && is_tracing(b)
}

fn is_tracing(key: &KeySpec) -> bool {
    key.replaced_by().is_some_and(|by| by.starts_with("OTEL_"))
}

/// Whether the key is worth a word here, and no other rule has it.
fn concerns(cx: &FileCx, bound: &Bound, key: &KeySpec, target: ReleaseSet) -> bool {
    // Without a removal announced, the key only has a new place in a newer config version.
    if key.deprecated().and(key.releases()).and(target).is_empty() || key.removal().is_none() {
        return false;
    }
    let value = &bound.entry.value;
    let speaks = match key.leaf() {
        "enable_cdi" => value.as_bool() == Some(false),
        "bin_dir" | "systemd_cgroup" => false,
        "mirrors" | "configs" if refused_by_config_path(cx) => false,
        _ => !says_nothing(&value.value),
    };
    speaks && missing(bound, key, target).is_empty()
}

fn refused_by_config_path(cx: &FileCx) -> bool {
    let cri = Cri::of(cx.root);
    text(cri.images(&["registry", "config_path"])).is_some() && (mirrors(cri).is_some() || tls(cri).is_some())
}

fn report(cx: &mut FileCx, group: &Group) {
    let key = group.key;
    let entry = group.first.entry;
    let has = Releases::ANY.with(Product::Containerd, key.releases().without(key.lost_in())).and(reads(cx));
    let mut deprecated = has.with(Product::Containerd, key.deprecated().and(has.get(Product::Containerd)));
    let tracing = is_tracing(key);
    let keys: Vec<String> = std::iter::once(&group.first).chain(&group.others).map(|b| cx.path_of(b.entry)).collect();
    let removal = match key.removal() {
        Some(text) if text.starts_with("planned") => format!("removal is {text}"),
        Some(text) => text.to_owned(),
        None => "to be removed".to_owned(),
    };
    let message = match (tracing, group.others.len()) {
        (true, _) => format!("containerd 2.x do not use `{}`: OpenTelemetry is set in the environment", entry.key),
        (_, 0) => format!("`{}` is deprecated: {removal}", entry.key),
        (_, n) => format!("`{}` and {n} more keys of this table are deprecated: {removal}", entry.key),
    };
    let help = match (tracing, key.replaced_by()) {
        (true, Some(variable)) => format!(
            "Set {variable} in the environment of containerd.service; the other settings have variables of the same kind."
        ),
        (_, Some(other)) => replacement(other),
        (_, None) => "Remove it before the release without it.".to_owned(),
    };
    let finding = cx.report(entry.key_span, message);
    if tracing {
        finding.ignored(NO_TRACING.and(has));
        deprecated = deprecated.and(TRACING);
    }
    let why = if tracing {
        "1.7 copies these settings into the OTEL_* variables; 2.x read them and use the environment alone, without a log line."
    } else {
        "It still works; containerd lists it in `ctr deprecations list`. After the removal the setting is dropped and the default applies."
    };
    finding.advice(deprecated).why(why).help(help);
    finding.keys = keys;
    for other in &group.others {
        finding.label(other.entry.key_span, "this one too");
    }
}

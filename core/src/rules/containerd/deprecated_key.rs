//! # `deprecated-key`
//!
//! A key that works and will be removed.
//!
//! ## Why
//!
//! containerd logs such keys at start and lists them in `ctr deprecations list`. The release after the announced one
//! drops them silently (1.x) or with `Ignoring unknown key in TOML` (2.x). One exception is worse: the OpenTelemetry
//! settings of the `otlp` and `tracing` plugins are used by 1.7 alone; 1.6 (from 1.6.32 on) and 2.x read them, and
//! only the environment variables count.
//!
//! ## What to do
//!
//! Use what replaces it, once all nodes have a release that has the replacement.
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
//! ```toml bad containerd=1.6
//! version = 2
//! [plugins."io.containerd.tracing.processor.v1.otlp"]
//!   protocol = "grpc"
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
//! - containerd/containerd@v1.7.29, v2.3.4:pkg/deprecation/deprecation.go; each key's row in
//!   `core/data/containerd.toml`
//! - OpenTelemetry settings: measured with 1.6.39 to 2.4.0-beta.0

use crate::containerd;
use crate::containerd::cri::Cri;
use crate::containerd::eras::USES_TRACING_SETTINGS;
use crate::containerd::lifetime::{is_below, is_tracing, missing, replacement, target};
use crate::containerd::settings::{reads, releases_with};
use crate::containerd::values::{is_zero_value, text};
use crate::keys::{Bound, KeySpec};
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "deprecated-key",
    summary: "Key that works and will be removed",
    category: Category::Deprecation,
    run: Run::File(&[&containerd::KIND], check),
    ..Rule::DEFAULTS
};

/// Does not have the OpenTelemetry settings, or reads them and does not use them.
/// Source: containerd/containerd@v1.6.39, v1.7.34:tracing/plugin/otlp.go and @v2.3.4:pkg/tracing/plugin/otlp.go.
const IGNORES_TRACING: Releases = Releases::containerd("..1.5,1.6.32..1.6,1.7.16..1.7.18,2.0..");

/// A deprecated key with those of the same table that have the same end.
struct Group<'c, 't, 'a> {
    first: &'c Bound<'t, 'a>,
    key: &'static KeySpec,
    others: Vec<&'c Bound<'t, 'a>>,
}

fn check(cx: &mut FileCx) {
    let mut groups: Vec<Group> = vec![];
    let mut reported: Option<Span> = None;
    let target = target(cx);
    for bound in cx.bound {
        let Some(key) = bound.key() else { continue };
        let span = bound.entry.key_span.to(bound.entry.value.span);
        // A table that will be removed stands for what lies in it.
        let is_covered =
            reported.is_some_and(|table| table.contains(span)) || groups.iter().any(|group| is_below(key, group.key));
        if is_covered || !concerns(cx, bound, key, target) {
            continue;
        }
        reported = Some(span);
        match groups.iter_mut().find(|group| group.has_same_end(bound, key)) {
            Some(group) => group.others.push(bound),
            None => groups.push(Group { first: bound, key, others: vec![] }),
        }
    }
    for group in groups {
        report(cx, &group);
    }
}

impl Group<'_, '_, '_> {
    /// Whether a key of the same table is removed for the same reason: a plugin as a whole, other keys by themselves.
    fn has_same_end(&self, bound: &Bound, key: &KeySpec) -> bool {
        let is_same = self.first.within == bound.within && self.key.removal() == key.removal();
        is_same && (self.key.replaced_by() == key.replaced_by() || is_tracing(self.key) && is_tracing(key))
    }
}

/// Whether the key has an effect here, and no other rule reports it.
fn concerns(cx: &FileCx, bound: &Bound, key: &KeySpec, target: ReleaseSet) -> bool {
    // Without a removal announced, the key only has a new place in a newer config version.
    let is_deprecated = is_tracing(key) || !key.deprecated().and(key.releases()).and(target).is_empty();
    if !is_deprecated || key.removal().is_none() {
        return false;
    }
    let value = &bound.entry.value;
    let has_effect = match key.leaf() {
        "enable_cdi" => value.as_bool() == Some(false),
        "bin_dir" | "systemd_cgroup" => false,
        "mirrors" | "configs" if is_refused_by_config_path(cx) => false,
        _ => !is_zero_value(&value.value),
    };
    has_effect && (is_tracing(key) || missing(bound, key, target).is_empty())
}

fn is_refused_by_config_path(cx: &FileCx) -> bool {
    let cri = Cri::of(cx.root);
    let has_folder = text(cri.images(&["registry", "config_path"])).is_some();
    has_folder && (cri.has_mirrors() || cri.has_registry_tls())
}

fn report(cx: &mut FileCx, group: &Group) {
    let Group { first, key, others } = group;
    let reading = reads(cx);
    let has = releases_with(key).and(reading);
    let deprecated = has.and(Releases::only(Product::Containerd, key.deprecated()));
    let keys: Vec<String> = std::iter::once(first).chain(others).map(|bound| cx.path_of(bound.entry)).collect();
    let finding = cx.report(first.entry.key_span, String::new());
    finding.keys = keys;
    if is_tracing(key) {
        finding.message =
            format!("only containerd 1.7 uses `{}`: OpenTelemetry is set in the environment", first.entry.key);
        finding.ignored(IGNORES_TRACING.and(reading)).advice(deprecated.and(USES_TRACING_SETTINGS)).why(
            "1.7 copies these settings into the OTEL_* variables, but for 1.7.16 to 1.7.18; those, 1.6.32 and later \
             1.6 and 2.x read them and use the environment alone, without a log line.",
        );
    } else {
        finding.message = message(&first.entry.key, others.len(), key.removal());
        finding.advice(deprecated).why(
            "It still works; containerd lists it in `ctr deprecations list`. After the removal the setting is dropped \
             and the default applies.",
        );
    }
    finding.help(help(key));
    for other in others {
        finding.label(other.entry.key_span, "this one too");
    }
}

fn message(name: &str, others: usize, removal: Option<&str>) -> String {
    let removal = match removal {
        Some(text) if text.starts_with("planned") => format!("removal is {text}"),
        Some(text) => text.to_owned(),
        None => "to be removed".to_owned(),
    };
    match others {
        0 => format!("`{name}` is deprecated: {removal}"),
        n => format!("`{name}` and {n} more keys of this table are deprecated: {removal}"),
    }
}

fn help(key: &KeySpec) -> String {
    match key.replaced_by() {
        Some(variable) if is_tracing(key) => format!(
            "Set {variable} in the environment of containerd.service; the other settings have variables of the same \
             kind."
        ),
        Some(other) => replacement(other),
        None => "Remove it before the release without it.".to_owned(),
    }
}

//! # `builder-size-invalid`
//!
//! A size or filter in `builder.gc` that Docker does not accept, or a policy without the size that it needs.
//!
//! ## Why
//!
//! 28.0 and later do not start: `error initializing buildkit: ... could not get builder GC policy: failed to parse
//! reservedSpace: invalid size: 'lots'`. `dockerd --validate` still reports OK. Older releases read `keepStorage`
//! alone, and only with `enabled`; then up to 27.4 each policy needs one, and the daemon prints no more than `invalid
//! size: ''`. The filters `until` and `unused-for` exclude each other and take one duration.
//!
//! ## What to do
//!
//! Write a size such as `20GB`.
//!
//! ## Examples
//!
//! ```json bad docker=28..
//! { "builder": { "gc": { "defaultReservedSpace": "lots" } } }
//!                                                ^^^^^^
//! ```
//!
//! ```json bad docker=28..
//! { "builder": { "gc": { "policy": [{ "reservedSpace": "10 gigs", "all": true }] } } }
//!                                                      ^^^^^^^^^
//! ```
//!
//! ```json bad docker=20.10..26
//! { "builder": { "gc": { "enabled": true, "policy": [{ "all": true }] } } }
//!                                                    ^^^^^^^^^^^^^^^
//! ```
//!
//! ```json bad docker=28..
//! { "builder": { "gc": { "policy": [{ "filter": ["unused-for=7d"] }] } } }
//!                                                ^^^^^^^^^^^^^^^
//! ```
//!
//! ```json good docker=28..
//! {
//!   "builder": {
//!     "gc": { "enabled": true, "defaultReservedSpace": "20GB", "policy": [{ "maxUsedSpace": "512MB", "all": true }] }
//!   }
//! }
//! ```
//!
//! ## References
//!
//! - moby/moby@docker-v29.7.2:daemon/internal/builder-next/worker/gc.go; measured with 20.10.24, 24.0.9,
//!   27.5.1, 28.5.2 and 29.7.2

use std::collections::HashMap;

use crate::docker;
use crate::docker::refusals::late_refusal;
use crate::docker::settings::{field, in_docker, is_unset};
use crate::go::duration::duration;
use crate::go::size::size;
use crate::keys::{Bound, tables_around};
use crate::rules::prelude::*;
use crate::syntax::Value;

pub(crate) const RULE: Rule = Rule {
    id: "builder-size-invalid",
    summary: "Invalid size or filter of the build cache",
    run: Run::File(&[&docker::KIND], check),
    ..Rule::DEFAULTS
};

/// Releases with `reservedSpace` and its like, which they read while the collection is on.
const READS_RESERVED_SPACE: Releases = Releases::docker("28..");
/// Of these, those where the collection is on by default.
const COLLECTS_BY_DEFAULT: Releases = Releases::docker("28.2.0..");
/// Releases that have `keepStorage` alone, and read it while the collection is on.
const READS_KEEP_STORAGE: Releases = Releases::docker("18.09..27");
/// Of these, those that read it where it is missing too. Source: moby/moby@v27.4.1:builder/builder-next/controller.go
/// (`getGCPolicy`); @v27.5.1 does not.
const NEEDS_KEEP_STORAGE: Releases = Releases::docker("18.09..27.4.1");
/// Releases that look for the value of each filter while they read the file.
/// Source: moby/moby@v20.10.27:daemon/config/builder.go (`UnmarshalJSON`).
const NEEDS_FILTER_VALUES: Releases = Releases::docker("18.09..20.10");
/// Names of filters that take one value. Source: moby/moby@docker-v29.7.2:daemon/internal/builder-next/builder.go
/// (`cacheFields`).
const SINGLE: [&str; 7] = ["id", "parent", "type", "description", "inuse", "shared", "private"];

/// A fault at a place, and the releases that stop at it.
struct BadPolicy {
    span: Span,
    message: String,
    log: String,
    help: &'static str,
    refused: ReleaseSet,
}

/// The faults found, of each place one.
#[derive(Default)]
struct BadPolicies {
    all: Vec<BadPolicy>,
    by_place: HashMap<Span, usize>,
}

impl BadPolicies {
    fn add(&mut self, span: Span, message: String, log: String, help: &'static str, releases: Releases) {
        let refused = releases.get(Product::Docker);
        let number = *self.by_place.entry(span).or_insert(self.all.len());
        match self.all.get_mut(number) {
            Some(fault) => fault.refused = fault.refused.or(refused),
            None => self.all.push(BadPolicy { span, message, log, help, refused }),
        }
    }

    /// A size that a release reads.
    fn check_size(&mut self, node: Option<&Node>, name: &str, releases: Releases) {
        let Some((node, text)) = node.and_then(|node| Some((node, node.as_str()?))) else { return };
        if !text.is_empty() && size(text).is_none() {
            let message = format!("`{}` is not a size", excerpt(text));
            self.add(node.span, message, format!("failed to parse {name}: invalid size: '{text}'"), SIZE, releases);
        }
    }
}

fn check(cx: &mut FileCx) {
    let mut faults = BadPolicies::default();
    if let Some(gc) = field(cx.settings(), "builder").and_then(|builder| field(builder, "gc")) {
        check_older(&mut faults, gc);
    }
    // From 28.0 on the last object replaces those before.
    let builders = cx.root.entries().iter().filter(|entry| entry.key == "builder");
    let mut objects = builders.flat_map(|builder| builder.value.entries());
    if let Some(gc) = objects.rfind(|entry| entry.key.eq_ignore_ascii_case("gc")) {
        check_newer(&mut faults, &gc.value);
    }
    for fault in faults.all {
        let path = around(cx, fault.span).map(|bound| cx.path_of(bound.entry));
        cx.report(fault.span, fault.message)
            .refused(in_docker(fault.refused))
            .key(path.unwrap_or_default())
            .why(late_refusal(&format!("... could not get builder GC policy: {}", fault.log)))
            .help(fault.help);
    }
}

/// The entry whose value holds a place; entries are bound in their order.
fn around<'b, 't, 'a>(cx: &FileCx<'b, 't, 'a>, place: Span) -> Option<&'b Bound<'t, 'a>> {
    let behind = cx.bound.partition_point(|bound| bound.entry.key_span < place);
    let before = cx.bound.get(behind.checked_sub(1)?)?;
    let mut all = std::iter::once(before).chain(tables_around(cx.bound, before));
    all.find(|bound| bound.entry.value.span.contains(place))
}

/// Releases up to 27.
fn check_older(faults: &mut BadPolicies, gc: &Node) {
    let policies = field(gc, "policy");
    for policy in policies.map(Node::items).unwrap_or_default() {
        check_filter_values(faults, policy);
    }
    if field(gc, "enabled").and_then(Node::as_bool) != Some(true) {
        return;
    }
    faults.check_size(field(gc, "defaultKeepStorage"), "defaultKeepStorage", READS_KEEP_STORAGE);
    for policy in policies.map(Node::items).unwrap_or_default() {
        let kept = field(policy, "keepStorage");
        if kept.is_none_or(is_unset) && (policy.is_null() || matches!(policy.value, Value::Map(_))) {
            let span = kept.filter(|kept| !kept.is_null()).map_or(policy.span, |kept| kept.span);
            let message = "a policy needs `keepStorage` up to Docker 27.4".to_owned();
            faults.add(span, message, "invalid size: ''".to_owned(), KEEP_STORAGE, NEEDS_KEEP_STORAGE);
        } else {
            faults.check_size(kept, "keepStorage", READS_KEEP_STORAGE);
        }
        check_filters(faults, policy, READS_KEEP_STORAGE);
    }
}

/// Releases from 28 on: the newer name wins over the older one beside it.
fn check_newer(faults: &mut BadPolicies, gc: &Node) {
    let releases = match field(gc, "enabled").and_then(Node::as_bool) {
        Some(true) => READS_RESERVED_SPACE,
        Some(false) => return,
        None => COLLECTS_BY_DEFAULT,
    };
    let policies = field(gc, "policy").filter(|policies| !policies.is_null());
    let mut check = |object: &Node, [reserved, kept, used, free]: [&str; 4]| {
        let is_replaced = field(object, reserved).is_some_and(|node| !is_unset(node));
        faults.check_size(field(object, if is_replaced { reserved } else { kept }), reserved, releases);
        faults.check_size(field(object, used), used, releases);
        faults.check_size(field(object, free), free, releases);
    };
    let Some(policies) = policies else {
        let names = ["defaultReservedSpace", "defaultKeepStorage", "defaultMaxUsedSpace", "defaultMinFreeSpace"];
        return check(gc, names);
    };
    for policy in policies.items() {
        check(policy, ["reservedSpace", "keepStorage", "maxUsedSpace", "minFreeSpace"]);
    }
    for policy in policies.items() {
        check_filters(faults, policy, releases);
    }
}

fn check_filter_values(faults: &mut BadPolicies, policy: &Node) {
    for item in field(policy, "filter").map(Node::items).unwrap_or_default() {
        if let Some(text) = item.as_str().filter(|text| !text.contains('=')) {
            let message = format!("`{}` is not a filter and its value", excerpt(text));
            let log = "panic: runtime error: index out of range [1] with length 1".to_owned();
            faults.add(item.span, message, log, FILTER, NEEDS_FILTER_VALUES);
        }
    }
}

fn check_filters(faults: &mut BadPolicies, policy: &Node, releases: Releases) {
    let mut known: HashMap<String, &str> = HashMap::new();
    for item in field(policy, "filter").map(Node::items).unwrap_or_default() {
        let Some(text) = item.as_str() else { continue };
        let (name, value) = text.split_once('=').unwrap_or((text, ""));
        let (name, value) = (name.trim().to_ascii_lowercase(), value.trim());
        let other = match name.as_str() {
            "until" => Some("unused-for"),
            "unused-for" => Some("until"),
            _ => None,
        };
        let is_second = known.get(&name).is_some_and(|earlier| *earlier != value);
        let shown = excerpt(text);
        if other.is_some_and(|other| known.contains_key(other)) {
            let log = "conflicting filters: \"until\" and \"unused-for\"".to_owned();
            faults.add(item.span, format!("`{shown}` conflicts with another filter"), log, ONE_FILTER, releases);
        } else if is_second && (other.is_some() || SINGLE.contains(&name.as_str())) {
            let log = "filters expect only one value".to_owned();
            faults.add(item.span, format!("`{shown}` is a second value of the filter"), log, ONE_FILTER, releases);
        } else if other.is_some() && !is_time(value) {
            let log = format!("\"{name}\" filter expects a duration (e.g., '24h')");
            faults.add(item.span, format!("`{shown}` is not a filter by time"), log, FILTER, releases);
        }
        known.insert(name, value);
    }
}

/// A duration, a number of seconds, or what looks like a time.
/// Source: `Parse` of moby/moby@docker-v29.7.2:daemon/internal/timestamp/timestamp.go.
fn is_time(text: &str) -> bool {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    duration(text).is_ok()
        || is_number(text)
        || (text.contains(['-', ':']) && text.starts_with(|c: char| c.is_ascii_digit()))
}

const SIZE: &str = "Write a size such as `20GB`.";
const KEEP_STORAGE: &str = "Set `keepStorage` to a size such as `20GB`.";
const FILTER: &str = "Write a filter with its value, such as `unused-for=48h`.";
const ONE_FILTER: &str = "Keep one of the two.";

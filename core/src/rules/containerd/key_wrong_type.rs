//! # `key-wrong-type`
//!
//! A value of another type than the key takes.
//!
//! ## Why
//!
//! containerd decodes every plugin's table at start, also of plugins that are not in use, and exits on the first
//! value that does not fit. 1.5 to 1.7 name line and column, 2.x only a Go field. Two exceptions: an integer for a
//! number is refused by 1.x and taken by 2.x; options of a runtime are decoded when a pod starts, so the daemon runs
//! and every pod fails.
//!
//! ## What to do
//!
//! Write the value in its type.
//!
//! ## Examples
//!
//! ```toml bad
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri"]
//!   max_concurrent_downloads = "3"
//!                              ^^^
//! ```
//!
//! ```toml fixed
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri"]
//!   max_concurrent_downloads = 3
//! ```
//!
//! ```toml bad
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
//!   runtime_type = "io.containerd.runc.v2"
//! [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
//!   SystemdCgroup = "true"
//!                   ^^^^^^
//! ```
//!
//! ```toml bad
//! version = 2
//! [plugins]
//!   "io.containerd.grpc.v1.cri" = "off"
//!                                 ^^^^^
//! ```
//!
//! ```toml good
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri"]
//!   max_concurrent_downloads = 3
//! ```
//!
//! ## References
//!
//! - containerd/containerd#8053, NVIDIA/gpu-operator#143; measured with 1.3.10 to 2.4.0-beta.0

use std::collections::BTreeMap;

use crate::containerd;
use crate::containerd::loader::{Effective, Written};
use crate::containerd::settings::{decodes, reads, releases_with};
use crate::keys::type_fault::TypeFault;
use crate::keys::{Binding, Bound, KeySpec, Place, Type};
use crate::rules::prelude::*;
use crate::syntax::{Node, ScalarKind, Value};

pub(crate) const RULE: Rule = Rule {
    id: "key-wrong-type",
    summary: "Value of another type than containerd takes",
    fix: Some(Applicability::Safe),
    run: Run::File(&[&containerd::KIND], check),
    ..Rule::DEFAULTS
};

/// Refuses an integer where a number with a fraction is expected.
const REFUSES_INTEGER_FOR_FLOAT: Releases = Releases::containerd("1.3..1.7");
/// Refuses a bare number where a Go duration is expected.
const REFUSES_NUMBER_FOR_DURATION: Releases = Releases::containerd("1.3..2.3");
/// The same for the timeouts of NRI.
const REFUSES_NUMBER_FOR_NRI: Releases = Releases::containerd("2.0..2.3");

/// Refuses anything but a table for a map. Earlier releases drop the value: `unifyMap` of
/// BurntSushi/toml@v0.3.1:decode.go returns no error for it.
const REQUIRES_MAPS: Releases = Releases::containerd("1.5..");
/// Drops it.
const DROPS_OTHER_THAN_MAPS: Releases = Releases::containerd("..1.4");

fn check(cx: &mut FileCx) {
    for bound in cx.bound {
        let Binding::Known(place) = bound.binding else { continue };
        if place.has_children() && !place.key().is_some_and(|key| key.ty() != Type::Table) {
            check_table(cx, bound, place);
            continue;
        }
        let Some(key) = place.key() else { continue };
        let Some(fault) = fault(bound.entry, key) else { continue };
        if is_of_port_rule(key) && fault.node.as_int().is_some() {
            continue;
        }
        let is_of_plugin = cx.path_of(bound.entry).starts_with("plugins.");
        let read = if is_of_plugin { decodes(cx, cx.loaded, bound.entry) } else { releases_with(key) };
        report(cx, bound.entry, key, &fault, read);
    }
    check_odd(cx);
}

/// The stream port has a rule of its own, with a better help.
fn is_of_port_rule(key: &KeySpec) -> bool {
    key.leaf() == "stream_server_port"
}

/// Settings that have a row only in another place or letter case, where some releases still read them.
fn check_odd(cx: &mut FileCx) {
    if cx.table.is_some() && !cx.bound.iter().any(is_odd) {
        return;
    }
    let index = cx.file.index;
    let loaded = cx.loaded;
    let Some(configuration) = loaded.configuration_of(index) else { return };
    let is_known = |entry: &Entry| cx.bound_of(entry).is_some_and(|bound| bound.key().is_some());
    let mut found: BTreeMap<Span, (&Entry, &'static KeySpec, ReleaseSet)> = BTreeMap::new();
    for Effective { release, loaded, .. } in &configuration.releases {
        for Written { entry, place, .. } in loaded.written_in(index) {
            let Some(key) = place.and_then(Place::key) else { continue };
            if odd_fault(entry, key).is_none() || is_known(entry) || is_of_port_rule(key) {
                continue;
            }
            let (.., set) = found.entry(entry.key_span).or_insert((entry, key, ReleaseSet::NONE));
            *set = set.or(release.set());
        }
    }
    for (entry, key, set) in found.into_values() {
        if let Some(fault) = odd_fault(entry, key) {
            report(cx, entry, key, &fault, Releases::only(Product::Containerd, set));
        }
    }
}

/// What does not fit in the value of a setting that stands in another place. The migration that makes the list
/// `bin_dirs` of a `bin_dir` wants text. Source: `case "bin_dir"` of
/// containerd/containerd@v2.3.4:plugins/cri/runtime/plugin.go.
fn odd_fault<'t, 'a>(entry: &'t Entry<'a>, key: &KeySpec) -> Option<TypeFault<'t, 'a>> {
    if entry.key == "bin_dir" && key.leaf() == "bin_dirs" {
        let fits = Type::String.admits(&entry.value);
        return (!fits).then_some(TypeFault { name: &entry.key, ty: Type::String, node: &entry.value });
    }
    fault(entry, key)
}

/// Whether an entry, or one below it, has no row where it stands.
fn is_odd(bound: &Bound) -> bool {
    match (&bound.entry.value.value, bound.binding) {
        (Value::Map(_), Binding::Known(place)) if place.has_children() => false,
        (Value::Map(map), _) => !map.entries.is_empty(),
        _ => bound.key().is_none(),
    }
}

/// Something else where a table belongs.
fn check_table(cx: &mut FileCx, bound: &Bound, place: Place) {
    let node = &bound.entry.value;
    let fits = match &node.value {
        Value::Map(_) | Value::Missing => true,
        // A list of tables.
        Value::Seq(_) => place.item().is_some(),
        Value::Scalar(_) => false,
    };
    if fits {
        return;
    }
    let path = cx.path_of(bound.entry);
    let mut releases = Releases::only(Product::Containerd, releases_below(place));
    if path.starts_with("plugins.") {
        releases = releases.and(reads(cx));
        // What a migration leaves behind is never decoded; the table of a plugin always is.
        if bound.within.name() != "plugins" {
            releases = releases.and(decodes(cx, cx.loaded, bound.entry));
        }
    }
    let fault = TypeFault { name: &bound.entry.key, ty: Type::Table, node };
    let is_map = place.is_free() || path == "plugins";
    let (refused, ignored) = refused_and_ignored(releases, is_map, node);
    cx.report_value(bound.entry, fault.message(cx.doc().text))
        .refused(refused)
        .ignored(ignored)
        .why("containerd does not start: it expects a table here. 1.x log so, 2.x panic for the table of a plugin.")
        .help(format!("Write a `[{path}]` table with the settings below it, or remove the line."));
}

/// The releases of `releases` that refuse something else where a table belongs, and those that drop it.
fn refused_and_ignored(releases: Releases, is_map: bool, node: &Node<'_>) -> (Releases, Releases) {
    if !is_map {
        return (releases, Releases::NONE);
    }
    let is_empty = matches!(&node.value, Value::Seq(items) if items.is_empty());
    let dropped = if is_empty { Releases::NONE } else { releases.and(DROPS_OTHER_THAN_MAPS) };
    (releases.and(REQUIRES_MAPS), dropped)
}

/// The releases that have anything below a place.
fn releases_below(place: Place) -> ReleaseSet {
    let own = place.key().map_or(ReleaseSet::NONE, |key| key.releases().without(key.lost_in()));
    place.children().fold(own, |all, child| all.or(releases_below(child)))
}

/// What does not fit in the value of a key. Some releases refuse a whole number where a fraction may be.
fn fault<'t, 'a>(entry: &'t Entry<'a>, key: &KeySpec) -> Option<TypeFault<'t, 'a>> {
    let node = &entry.value;
    // As a duration, 0 needs no unit: every release reads the number as text.
    if key.ty() == Type::Duration && node.as_int() == Some(0) {
        return None;
    }
    if key.ty() == Type::Float && node.as_scalar().is_some_and(|scalar| scalar.kind == ScalarKind::Integer) {
        return Some(TypeFault { name: &entry.key, ty: key.ty(), node });
    }
    TypeFault::of_entry(entry, key)
}

fn report(cx: &mut FileCx, entry: &Entry, key: &KeySpec, fault: &TypeFault, read: Releases) {
    let path = cx.path_of(entry);
    let node = fault.node;
    let is_number = node.as_scalar().is_some_and(|s| matches!(s.kind, ScalarKind::Integer | ScalarKind::Float));
    let is_nanoseconds = key.ty() == Type::Duration && is_number;
    let releases = match key.ty() {
        Type::Float if node.as_int().is_some() => read.and(REFUSES_INTEGER_FOR_FLOAT),
        _ if is_nanoseconds && path.contains("nri") => read.and(REFUSES_NUMBER_FOR_NRI),
        _ if is_nanoseconds => read.and(REFUSES_NUMBER_FOR_DURATION),
        _ => read,
    };
    let fix = fault.convert(cx.doc());
    let runtime = runtime_of(cx, entry);
    let finding = cx.report(node.span, fault.message(cx.doc().text));
    if key.path().contains(".options.") {
        finding.harmful(releases).breaks(BreakScope::RuntimeHandler, runtime).why(
            "Options of a runtime are decoded when a pod starts: containerd runs, and every pod of this runtime fails.",
        );
    } else {
        let is_map = matches!(key.ty(), Type::Map(_)) && std::ptr::eq(node, &entry.value);
        let (refused, ignored) = refused_and_ignored(releases, is_map, node);
        finding.refused(refused).ignored(ignored).why(
            "containerd does not start: it decodes every table and exits on a value that does not fit, also for \
             plugins that are not in use.",
        );
    }
    if is_nanoseconds && node.as_int() != Some(0) {
        // A millisecond and more may be meant as the nanoseconds that it is.
        let is_plausible = node.as_int().is_some_and(|number| number >= 1_000_000);
        finding.outcome(if is_plausible { Effect::Advice } else { Effect::Harmful }, read).why(
            "Most releases do not start: they exit on a value that does not fit. Those that take a number, which are \
             1.7 for NRI and 2.4, take it for nanoseconds.",
        );
    }
    finding.key(fault.key(&path, entry)).help(format!("Write {}.", fault.ty.name())).maybe_fix(fix);
}

/// The runtime handler whose options hold an entry.
fn runtime_of(cx: &FileCx, entry: &Entry) -> String {
    let parts = cx.parts_of(entry).unwrap_or_default();
    let options = parts.iter().rposition(|part| *part == "options").and_then(|at| parts.get(at.checked_sub(1)?));
    match options.copied().unwrap_or_default() {
        "default_runtime" => "default".to_owned(),
        "untrusted_workload_runtime" => "untrusted".to_owned(),
        name => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use crate::engine::{Options, Source, check};
    use crate::finding::Effect;

    /// The effects on containerd 1.7, which takes a number for nanoseconds here.
    fn effects(timeout: &str) -> Vec<Effect> {
        let text =
            format!("version = 2\n[plugins.\"io.containerd.nri.v1.nri\"]\n  plugin_request_timeout = {timeout}\n");
        let mut options = Options::default();
        options.target.add("containerd=1.7").unwrap();
        let source = Source { path: "/etc/containerd/config.toml", text: &text, ..Source::default() };
        check(&[source], &options).findings.iter().map(|finding| finding.effect()).collect()
    }

    #[test]
    fn nanoseconds_that_may_be_meant_are_not_a_fault() {
        assert_eq!(effects("2"), [Effect::Harmful]);
        assert_eq!(effects("2000000000"), [Effect::Advice]);
        assert_eq!(effects("\"2s\""), []);
    }
}

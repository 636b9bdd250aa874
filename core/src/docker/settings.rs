//! What rules on Docker's `daemon.json` share: how dockerd reads its values.

use crate::docker::kind::{directive, is_flat};
use crate::keys::{KeySpec, flags};
use crate::kind::{View, WrittenSetting};
use crate::releases::{Product, ReleaseSet, Releases};
use crate::syntax::{Entry, Node, ScalarKind, Value};
use crate::text::Span;

/// Releases of Docker as a condition.
pub(crate) fn docker(set: ReleaseSet) -> Releases {
    Releases::ANY.with(Product::Docker, set)
}

/// The releases that read a key at the top of the file.
pub(crate) fn readers(name: &str) -> Releases {
    directive(name).map_or(Releases::NONE, |key| docker(key.releases()))
}

/// The setting at a path, as the file writes it; the last of several.
pub(crate) fn written<'t>(cx: &View<'_, 't, '_>, path: &str) -> Vec<WrittenSetting<'t>> {
    let parts: Vec<&str> = path.split('.').collect();
    let entry: Option<&'t Entry<'t>> =
        cx.root.entry_at(&parts).or_else(|| switch(cx.root, path).map(|(entry, _)| entry));
    entry.map(|entry| WrittenSetting::of_entry(entry, path.to_owned(), Releases::ANY)).into_iter().collect()
}

/// A string that is not empty: dockerd takes an empty one for the default.
pub(crate) fn text<'t>(root: &'t Node<'_>, name: &str) -> Option<(&'t Entry<'t>, &'t str)> {
    let entry = root.entry(name)?;
    entry.value.as_str().filter(|text| !text.is_empty()).map(|text| (entry, text))
}

/// The strings of a list. Null in a list is an empty string to Go.
pub(crate) fn texts<'t>(root: &'t Node<'_>, name: &str) -> Vec<(&'t Node<'t>, &'t str)> {
    let items = root.get(name).map(Node::items).unwrap_or_default();
    items.iter().filter_map(|item| Some((item, item_text(item)?))).collect()
}

/// The text of an item in a list of strings.
pub(crate) fn item_text<'t>(item: &'t Node<'_>) -> Option<&'t str> {
    if item.is_null() { Some("") } else { item.as_str() }
}

/// A setting as the name check finds it: at the top, or in an object that it looks into.
pub(crate) fn anywhere<'t>(root: &'t Node<'_>, name: &str) -> Option<&'t Entry<'t>> {
    let nested = || {
        let objects = root.entries().iter().filter(|e| is_flat(&e.key).is_empty());
        objects.filter_map(|e| e.value.entry(name)).next_back()
    };
    root.entry(name).or_else(nested)
}

/// A switch as dockerd sets it: also from inside an object of any name, whose children it takes for flags.
/// Source: moby/moby@docker-v29.7.2:daemon/config/config.go (`getConflictFreeConfiguration`).
pub(crate) fn switch<'t>(root: &'t Node<'_>, name: &str) -> Option<(&'t Entry<'t>, bool)> {
    // These are read before the file is.
    let early = matches!(name, "debug" | "tls" | "tlsverify");
    let entry = if early { root.entry(name)? } else { anywhere(root, name)? };
    entry.value.as_bool().map(|on| (entry, on))
}

/// A feature switch.
pub(crate) fn feature<'t>(root: &'t Node<'_>, name: &str) -> Option<(&'t Entry<'t>, bool)> {
    let entry = root.get("features")?.entry(name)?;
    entry.value.as_bool().map(|on| (entry, on))
}

/// The key that a flag's name stands for, if that is what `name` is.
pub(crate) fn flag_key(name: &str) -> Option<&'static str> {
    flags::docker_ignored(name).and_then(flags::IgnoredFlag::key)
}

/// Whether the file is one of a Windows node, as far as its path and its values tell.
pub(crate) fn is_windows(cx: &View<'_, '_, '_>) -> bool {
    let path = cx.file.path.to_ascii_lowercase();
    path.contains("programdata") || path.contains("windows") || has_windows_value(cx.root)
}

fn has_windows_value(node: &Node<'_>) -> bool {
    let own = node.as_str().is_some_and(|text| {
        let drive = matches!(text.as_bytes(), [d, b':', b'\\' | b'/', ..] if d.is_ascii_alphabetic());
        drive || text == "windowsfilter"
    });
    own || node.items().iter().any(has_windows_value) || node.entries().iter().any(|e| has_windows_value(&e.value))
}

/// The last release that has a key, and the one behind it.
pub(crate) fn last_and_next(set: ReleaseSet) -> Option<(&'static str, &'static str)> {
    let last = set.ids(Product::Docker).last()?;
    let mut all = Product::Docker.releases().iter().map(|r| r.id).skip_while(|id| *id != last).skip(1);
    Some((last, all.next()?))
}

/// The first release of a set, for a sentence: the patch release where that is not the first of its line.
pub(crate) fn first(key: &KeySpec) -> &'static str {
    key.first_patch().or_else(|| key.releases().ids(Product::Docker).next()).unwrap_or("a later release")
}

/// A value that the user wrote as `name=value` in an item of a list: its place in the file, when nothing in the item is
/// escaped; else the item.
pub(crate) fn part_span(item: &Node<'_>, doc: &str, part: &str) -> Span {
    let written = item.span.of(doc);
    match written.rfind(part) {
        Some(at) if !part.is_empty() => {
            let start = item.span.start as usize + at;
            Span::new(start, start + part.len())
        }
        _ => item.span,
    }
}

/// What Go calls a JSON value.
pub(crate) fn go_type(node: &Node<'_>) -> &'static str {
    match &node.value {
        Value::Missing => "nothing",
        Value::Seq(_) => "array",
        Value::Map(_) => "object",
        Value::Scalar(scalar) => match scalar.kind {
            ScalarKind::String | ScalarKind::Datetime => "string",
            ScalarKind::Integer | ScalarKind::Float => "number",
            ScalarKind::Bool => "bool",
            ScalarKind::Null => "null",
        },
    }
}

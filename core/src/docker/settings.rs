//! How rules ask for a setting of `daemon.json`: [`written`] for any value, [`text`], [`texts`] and [`is_on`] for one
//! of a type. Below them stands how dockerd reads values.

use std::borrow::Cow;

use crate::docker::kind::{directive, is_flat};
use crate::keys::{KeySpec, flags};
use crate::kind::{View, WrittenSetting};
use crate::releases::{Product, ReleaseSet, Releases};
use crate::syntax::{Entry, Node, ScalarKind, Value};
use crate::text::Span;

/// The setting at a path; `root` are the settings that dockerd works with, [`crate::docker::decoded`].
pub(crate) fn written<'t>(root: &'t Node<'_>, path: &str) -> Option<WrittenSetting<'t>> {
    let mut parts = path.split('.');
    let top = parts.next()?;
    let mut entry = root.entry(top)?;
    for part in parts {
        // The names in a map are exact.
        entry = if top == "features" { entry.value.entry(part)? } else { field_entry(&entry.value, part)? };
    }
    Some(WrittenSetting::of_entry(entry, path.to_owned(), readers(path)))
}

/// The setting, if it is a text that is not empty: dockerd takes an empty one for the default.
pub(crate) fn text<'t>(root: &'t Node<'_>, path: &str) -> Option<WrittenSetting<'t>> {
    written(root, path).filter(|setting| setting.as_str().is_some_and(|text| !text.is_empty()))
}

/// The texts of a list. Null in a list is an empty text to Go.
pub(crate) fn texts<'t>(root: &'t Node<'_>, path: &str) -> Vec<WrittenSetting<'t>> {
    let items = written(root, path).map(|list| list.items()).unwrap_or_default();
    items.into_iter().filter_map(as_text).collect()
}

/// A value that Go reads into a string.
pub(crate) fn as_text(mut item: WrittenSetting<'_>) -> Option<WrittenSetting<'_>> {
    if item.node.is_some_and(Node::is_null) {
        item.text = Cow::Borrowed("");
        return Some(item);
    }
    item.as_str().is_some().then_some(item)
}

/// The value of a switch.
pub(crate) fn is_on(root: &Node<'_>, path: &str) -> Option<bool> {
    written(root, path)?.as_bool()
}

/// Whether listeners on TCP check client certificates: unless `tlsverify` is false, and `tls` alone does so too.
pub(crate) fn checks_certificates(root: &Node<'_>) -> bool {
    is_on(root, "tlsverify").or(is_on(root, "tls")).unwrap_or_default()
}

/// A name as the name check finds it in an object that it looks into.
pub(crate) fn nested<'t>(root: &'t Node<'_>, name: &str) -> Option<&'t Entry<'t>> {
    let objects = root.entries().iter().filter(|entry| is_flat(&entry.key).is_empty());
    objects.filter_map(|entry| entry.value.entry(name)).next_back()
}

/// The field of an object below the top: Go's decoder ignores letter case there, and the last of several counts.
pub(crate) fn field<'t>(object: &'t Node<'_>, name: &str) -> Option<&'t Node<'t>> {
    field_entry(object, name).map(|entry| &entry.value)
}

fn field_entry<'t>(object: &'t Node<'_>, name: &str) -> Option<&'t Entry<'t>> {
    object.entries().iter().rev().find(|entry| entry.key.eq_ignore_ascii_case(name))
}

/// The values of `native.cgroupdriver` in `exec-opts` that are not empty, each in its item.
pub(crate) fn cgroup_drivers<'t>(root: &'t Node<'_>) -> Vec<(WrittenSetting<'t>, String)> {
    let driver = |item: WrittenSetting<'t>| {
        let (name, value) = item.text.split_once('=')?;
        let value = value.trim().to_owned();
        (name.trim().eq_ignore_ascii_case("native.cgroupdriver") && !value.is_empty()).then_some((item, value))
    };
    texts(root, "exec-opts").into_iter().filter_map(driver).collect()
}

/// Releases of Docker as a condition.
pub(crate) fn in_docker(set: ReleaseSet) -> Releases {
    Releases::ANY.with(Product::Docker, set)
}

/// The releases that read a setting, by its name at the top of the file.
pub(crate) fn readers(path: &str) -> Releases {
    let name = path.split('.').next().unwrap_or(path);
    directive(name).map_or(Releases::NONE, |key| in_docker(key.releases()))
}

/// The key of a setting, by the name of its flag.
pub(crate) fn flag_key(name: &str) -> Option<&'static str> {
    flags::docker_ignored(name).and_then(flags::IgnoredFlag::key)
}

/// Whether the path or the values of the file show a Windows node.
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

/// The last release of a set, and the one after it.
pub(crate) fn last_and_next(set: ReleaseSet) -> Option<(&'static str, &'static str)> {
    let last = set.ids(Product::Docker).last()?;
    Some((last, set.next(Product::Docker)?))
}

/// The first releases that have a key, for a sentence.
pub(crate) fn first(key: &KeySpec) -> String {
    key.releases().starts(Product::Docker)
}

/// The place of the value in a list item such as `name=value`; the item where the file escapes characters of it.
pub(crate) fn part_span(item: Span, doc: &str, part: &str) -> Span {
    match item.of(doc).rfind(part) {
        Some(at) if !part.is_empty() => {
            let start = item.start as usize + at;
            Span::new(start, start + part.len())
        }
        _ => item,
    }
}

/// Whether a value is null, or a list or an object with nothing in it.
pub(crate) fn is_empty(node: &Node<'_>) -> bool {
    match &node.value {
        Value::Seq(items) => items.is_empty(),
        Value::Map(map) => map.entries.is_empty(),
        Value::Missing | Value::Scalar(_) => node.is_null(),
    }
}

/// Whether a value sets nothing: an empty text counts too.
pub(crate) fn is_unset(node: &Node<'_>) -> bool {
    match &node.value {
        Value::Missing => true,
        Value::Scalar(scalar) => node.is_null() || scalar.text.is_empty(),
        Value::Seq(_) | Value::Map(_) => is_empty(node),
    }
}

/// Go's name for the type of a JSON value.
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

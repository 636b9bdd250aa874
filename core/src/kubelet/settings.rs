//! The kubelet's settings as a configuration file or a command line writes them, and whether other files may set them
//! too.
//!
//! [`written`] finds the values of one field, [`all`] those of every field.

use std::borrow::Cow;

use super::values::{is_absent, number_of, number_of_flag};
use super::{ConfigRole, command_line, node, quantity};
use crate::go::duration::duration;
use crate::keys::{Bound, KeySpec, path_of, tables};
use crate::kind::{File, View, WrittenSetting};
use crate::kubelet;
use crate::releases::{Product, ReleaseSet, Releases};
use crate::syntax::path::join;
use crate::syntax::{Node, ScalarKind, Value};
use crate::systemd::flags;

/// A value of a known field.
pub(crate) struct FieldValue<'t> {
    /// The field.
    pub(crate) field: &'static KeySpec,
    /// The value, where it is written.
    pub(crate) setting: WrittenSetting<'t>,
}

/// What upstream documents about the field at a path.
pub(crate) fn field(path: &str) -> Option<&'static KeySpec> {
    let parts: Vec<&str> = path.split('.').collect();
    tables::KUBELET.find(&parts)?.key()
}

/// The values that this file or its command lines give to the field at a path. A file gives at most one.
pub(crate) fn written<'t>(cx: &View<'_, 't, '_>, path: &str) -> Vec<WrittenSetting<'t>> {
    if *cx.file.kind != kubelet::KIND {
        return in_flags(cx.file).filter(|value| value.field.path() == path).map(|value| value.setting).collect();
    }
    let parts: Vec<&str> = path.split('.').collect();
    let entry = cx.root.entry_at(&parts).filter(|entry| !is_absent(&entry.value));
    let releases = field(path).map_or(Releases::ANY, |field| kubernetes(field.releases()));
    entry.map(|entry| WrittenSetting::of_entry(entry, path.to_owned(), releases)).into_iter().collect()
}

/// The first of the values at a path, for rules that compare fields.
pub(crate) fn first<'t>(cx: &View<'_, 't, '_>, path: &str) -> Option<WrittenSetting<'t>> {
    written(cx, path).into_iter().next()
}

/// A value with the number of the file that writes it.
pub(crate) struct NodeSetting<'t> {
    pub(crate) file: usize,
    pub(crate) setting: WrittenSetting<'t>,
}

/// The value that the node gives to a field in the end: that of the last flag, or of the last drop-in which has the
/// field, or of the main file.
pub(crate) fn on_node<'t>(cx: &View<'_, 't, '_>, path: &str) -> Option<NodeSetting<'t>> {
    let own = || first(cx, path).map(|setting| NodeSetting { file: cx.file.index, setting });
    if !is_merged(cx) {
        return own();
    }
    let node = node::of(cx);
    let commands = node.commands.iter().filter_map(|file| cx.node.file(*file));
    let mut by_flag = commands.filter_map(|file| {
        let value = in_flags(file).filter(|value| value.field.path() == path).last()?;
        Some(NodeSetting { file: file.index, setting: value.setting })
    });
    if let Some(found) = by_flag.next_back() {
        return Some(found);
    }
    let mut files = node.mains.iter().chain(&node.drop_ins).rev().filter_map(|file| cx.node.file(*file));
    let parts: Vec<&str> = path.split('.').collect();
    let releases = field(path).map_or(Releases::ANY, |field| kubernetes(field.releases()));
    files.find_map(|file| {
        let entry = file.body().entry_at(&parts).filter(|entry| !is_absent(&entry.value))?;
        let setting = WrittenSetting::of_entry(entry, path.to_owned(), releases);
        Some(NodeSetting { file: file.index, setting })
    })
}

/// Whether the files of the node are known to be merged with this one.
pub(crate) fn is_merged(cx: &View<'_, '_, '_>) -> bool {
    let is_layer = *cx.file.kind == kubelet::KIND && matches!(node::role(cx), ConfigRole::Main | ConfigRole::DropIn);
    is_layer && node::of(cx).mains.len() == 1
}

/// The values that this file or its command lines give to any known field.
pub(crate) fn all<'t>(cx: &View<'_, 't, '_>) -> Vec<FieldValue<'t>> {
    if *cx.file.kind != kubelet::KIND {
        return in_flags(cx.file).collect();
    }
    cx.bound.iter().filter_map(|bound| in_file(cx, bound)).collect()
}

/// The value of an entry. Of a field that stands in a table twice, the last one counts.
fn in_file<'t>(cx: &View<'_, 't, '_>, bound: &Bound<'t, '_>) -> Option<FieldValue<'t>> {
    let entry = bound.entry;
    let field = bound.key().filter(|_| !is_absent(&entry.value))?;
    let parts = path_of(cx.bound, bound);
    let is_last = cx.root.entry_at(&parts).is_some_and(|last| last.key_span == entry.key_span);
    let releases = kubernetes(field.releases());
    is_last.then(|| FieldValue { field, setting: WrittenSetting::of_entry(entry, join(&parts), releases) })
}

/// The values that flags give to fields. What a shell or systemd expands is not known.
fn in_flags<'t>(file: &'t File<'_>) -> impl Iterator<Item = FieldValue<'t>> {
    command_line::known_flags(file).filter_map(|(flag, row)| {
        let field = field(row.key()?)?;
        let text = flag.value.filter(|text| !text.contains(['$', '{', '%']))?;
        let name = format!("--{}", row.name());
        let setting = WrittenSetting {
            name: Cow::Owned(name.clone()),
            path: name,
            key_span: flag.value_span,
            value_span: flag.value_span,
            text: Cow::Borrowed(text),
            node: None,
            releases: kubernetes(row.releases()),
        };
        Some(FieldValue { field, setting })
    })
}

/// Whether any file or command line of the node gives a value to a field, as far as it is known.
pub(crate) fn is_set_on_node(cx: &View<'_, '_, '_>, path: &str) -> bool {
    let parts: Vec<&str> = path.split('.').collect();
    let is_set = |value: &Node<'_>| !is_absent(value) && value.as_str() != Some("");
    let in_own = || cx.root.at(&parts).is_some_and(is_set) || first(cx, path).is_some_and(|own| !own.text.is_empty());
    let in_file = |file: &&File<'_>| *file.kind == kubelet::KIND && file.body().at(&parts).is_some_and(is_set);
    in_own() || node::of(cx).fields.contains_key(path) || cx.node.files.iter().any(in_file)
}

/// Whether this text alone determines what the fields at `paths` are: it is a whole configuration or the node has one,
/// and nothing else of the node sets them.
pub(crate) fn settles(cx: &View<'_, '_, '_>, paths: &[&str]) -> bool {
    let node = node::of(cx);
    let is_elsewhere = |path: &&str| {
        let others = node.fields.get(path).is_some_and(|files| files.iter().any(|file| *file != cx.file.index));
        others || node.extra_args.get(&cx.file.index).is_some_and(|args| args.fields.contains(path))
    };
    let is_whole = match node::role(cx) {
        ConfigRole::Main | ConfigRole::Whole => true,
        ConfigRole::DropIn => is_merged(cx) && !paths.iter().any(|path| is_set_by_main(cx, path)),
        ConfigRole::Part => false,
    };
    is_whole && !paths.iter().any(is_elsewhere)
}

/// Whether a flag of the node, or one that kubeadm passes, sets a field.
pub(crate) fn by_flag(cx: &View<'_, '_, '_>, path: &str) -> bool {
    let node = node::of(cx);
    let is_command = |file: &usize| cx.node.file(*file).is_some_and(|file| *file.kind == flags::KIND);
    node.fields.get(path).is_some_and(|files| files.iter().any(is_command))
        || node.extra_args.get(&cx.file.index).is_some_and(|args| args.fields.contains(path))
}

fn is_set_by_main(cx: &View<'_, '_, '_>, path: &str) -> bool {
    let parts: Vec<&str> = path.split('.').collect();
    let mut mains = node::of(cx).mains.iter().filter_map(|file| cx.node.file(*file));
    mains.any(|file| file.body().at(&parts).is_some_and(|value| !is_absent(value)))
}

/// Whether the files of the node are enough to compare the fields at `paths`: they set all of them, or no other source
/// may set them.
pub(crate) fn comparable(cx: &View<'_, '_, '_>, paths: &[&str]) -> bool {
    let is_command = |file: usize| cx.node.file(file).is_some_and(|file| *file.kind == flags::KIND);
    let is_known = |path: &str| on_node(cx, path).is_some_and(|found| is_command(found.file));
    let is_flag = |path: &&str| by_flag(cx, path) && !is_known(path);
    let is_whole = is_merged(cx) || matches!(node::role(cx), ConfigRole::Main | ConfigRole::Whole);
    !paths.iter().any(is_flag) && (is_whole || paths.iter().all(|path| on_node(cx, path).is_some()))
}

/// The number that a setting is.
pub(crate) fn number(setting: &WrittenSetting<'_>) -> Option<f64> {
    setting.node.map_or_else(|| number_of_flag(&setting.text), number_of)
}

/// The seconds of a duration.
pub(crate) fn seconds(setting: &WrittenSetting<'_>) -> Option<f64> {
    match setting.node {
        // Only `logging.flushFrequency` takes a number for a duration, in nanoseconds.
        Some(node) if node.as_str().is_none() => {
            number_of(node).filter(|_| setting.path == "logging.flushFrequency").map(|nanoseconds| nanoseconds / 1e9)
        }
        _ => duration(&setting.text).ok(),
    }
}

/// Whether the value of a field of this format is more than 0, false or nothing.
pub(crate) fn is_nonzero(setting: &WrittenSetting<'_>, format: &str) -> bool {
    match setting.node.map(|node| &node.value) {
        Some(Value::Map(map)) => return !map.entries.is_empty(),
        Some(Value::Seq(items)) => return !items.is_empty(),
        Some(Value::Scalar(scalar)) if scalar.kind == ScalarKind::Bool => {
            return setting.node.and_then(Node::as_bool) == Some(true);
        }
        _ => {}
    }
    let number = match format {
        "quantity" => quantity::parse(&setting.text).ok().map(|quantity| quantity.value),
        "duration" => seconds(setting),
        _ => number(setting),
    };
    number != Some(0.0) && !matches!(setting.text.as_ref(), "" | "false" | "False" | "FALSE" | "f" | "F")
}

/// Releases of Kubernetes, whatever the other products.
pub(crate) fn kubernetes(set: ReleaseSet) -> Releases {
    Releases::ANY.with(Product::Kubernetes, set)
}

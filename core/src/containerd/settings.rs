//! What rules on containerd's configuration share: where an entry counts, and what a file knows about itself.

use crate::containerd::kind::{
    CRI_RUNTIME, Cri, is_drop_in, reads_plugins, releases_of, spoken_version, table_of, written_version,
};
use crate::containerd::loader::{Configuration, Effective, Fate, LoadedNode, Loss};
use crate::keys::{Binding, Bound, KeySpec, list_around};
use crate::kind::{View, WrittenSetting};
use crate::releases::{Product, ReleaseSet, Releases};
use crate::syntax::{Entry, Node, ScalarKind, Value};

/// 2.0 to 2.2 lose what moved of a version 1 file.
const KEEPS_VERSION_1: Releases = Releases::containerd("..1.7,2.3..");

/// The releases that read the plugin tables of the file as it means them. A drop-in without `version` takes the one of the
/// file that imports it.
pub(crate) fn reads(cx: &View<'_, '_, '_>) -> Releases {
    if written_version(cx.root).is_none() && is_imported(cx) {
        return releases_of(spoken_version(cx.root));
    }
    reads_plugins(cx.root)
}

/// The releases in which an entry counts: it is in effect there in the end, in a plugin that is not turned off.
pub(crate) fn counts(cx: &View<'_, '_, '_>, node: &LoadedNode<'_, '_, '_>, entry: &Entry<'_>) -> Releases {
    arrives(cx, node, entry, |fate| *fate == Fate::Live)
}

/// The setting at a path, in the releases in which it counts. `runtime:`, `images:` and `streaming:` before a path stand for
/// the tables of the CRI plugin, wherever the config version has them.
pub(crate) fn written<'t>(cx: &View<'_, 't, '_>, node: &LoadedNode<'_, '_, '_>, path: &str) -> Vec<WrittenSetting<'t>> {
    let (table, path) = path.split_once(':').unwrap_or(("", path));
    let parts: Vec<&str> = path.split('.').collect();
    let cri = Cri::of(cx.root);
    let entry: Option<&'t Entry<'t>> = match (table, path) {
        ("runtime", _) => cri.runtime(&parts),
        ("images", "sandbox_image") => cri.sandbox_image(),
        ("images", _) => cri.images(&parts),
        ("streaming", _) => cri.streaming(&parts),
        _ => cx.root.entry_at(&parts),
    };
    let setting = entry.map(|entry| WrittenSetting::of_entry(entry, cx.path_of(entry), counts(cx, node, entry)));
    setting.into_iter().collect()
}

/// The releases that decode a setting, whether they use it or not.
pub(crate) fn decodes(cx: &View<'_, '_, '_>, node: &LoadedNode<'_, '_, '_>, entry: &Entry<'_>) -> Releases {
    arrives(cx, node, entry, |fate| matches!(fate, Fate::Live | Fate::Lost(Loss::NotUsed)))
}

fn arrives(
    cx: &View<'_, '_, '_>,
    node: &LoadedNode<'_, '_, '_>,
    entry: &Entry<'_>,
    wanted: impl Fn(&Fate) -> bool,
) -> Releases {
    // The loader takes a list as a whole.
    let bound = cx.bound_of(entry);
    let entry = bound.and_then(|bound| list_around(cx.bound, bound)).unwrap_or(entry);
    let known = |c: &&Configuration<'_, '_>| c.files.iter().any(|file| file.index == cx.file.index);
    let is_empty_table = matches!(&entry.value.value, Value::Map(map) if map.entries.is_empty());
    let configuration = node.configurations().iter().find(known);
    // An empty table leaves no trace.
    let Some(configuration) = configuration.filter(|_| !is_empty_table) else { return counts_alone(cx, entry) };
    let mut set = ReleaseSet::NONE;
    for Effective { release, loaded } in &configuration.releases {
        let arrives = match &entry.value.value {
            Value::Map(_) => loaded.has_live(cx.file.index, &entry.value),
            _ => loaded.fate(cx.file.index, entry.key_span).is_some_and(&wanted),
        };
        if arrives {
            set = set.or(release.set());
        }
    }
    Releases::ANY.with(Product::Containerd, set)
}

/// The releases that read the plugin tables of a file whose main file is not known, and have the key in this place.
fn counts_alone(cx: &View<'_, '_, '_>, entry: &Entry<'_>) -> Releases {
    let bound = cx.bound_of(entry);
    match bound.and_then(Bound::key) {
        Some(key) => {
            let set = key.releases().without(key.lost_in());
            reads(cx).and(Releases::ANY.with(Product::Containerd, set))
        }
        // Tables with free names have no row of their own.
        None if spoken_version(cx.root) == 1 => KEEPS_VERSION_1,
        None => reads(cx),
    }
}

/// The releases of 1.x that check the names of plugins in this file: if version 2 holds in the end. The version of the file
/// read last holds for all; 1.3 and 1.4 do not check under a higher one that they read as 2.
pub(crate) fn checks_names(cx: &View<'_, '_, '_>, node: &LoadedNode<'_, '_, '_>) -> Releases {
    const CHECKED: ReleaseSet = Releases::containerd("1.3..1.7").get(Product::Containerd);
    const TWO_ALONE: ReleaseSet = Releases::containerd("1.3..1.4").get(Product::Containerd);
    let known = |c: &&Configuration<'_, '_>| c.files.iter().any(|file| file.index == cx.file.index);
    let Some(configuration) = node.configurations().iter().find(known) else {
        let has_version = written_version(cx.root).is_some_and(|version| version >= 2);
        return if has_version { Releases::ANY.with(Product::Containerd, CHECKED) } else { Releases::NONE };
    };
    let mut versions = configuration.files.iter().filter_map(|file| file.config_version);
    let is_two = versions.rfind(|version| *version != 0) == Some(2);
    let mut set = ReleaseSet::NONE;
    for Effective { release, loaded } in &configuration.releases {
        if loaded.version == 2 && release.is_in(CHECKED) && (is_two || !release.is_in(TWO_ALONE)) {
            set = set.or(release.set());
        }
    }
    Releases::ANY.with(Product::Containerd, set)
}

/// Whether another file loads this one.
pub(crate) fn is_imported(cx: &View<'_, '_, '_>) -> bool {
    is_drop_in(cx.file.path) || cx.node.imports.of(cx.file.index).is_some()
}

/// Whether containerd reads this file alone, so that what is missing here is missing. `config dump` lists the file itself
/// among its imports.
pub(crate) fn stands_alone(cx: &View<'_, '_, '_>) -> bool {
    let imports = cx.root.get("imports").map(Node::items).unwrap_or_default();
    let is_self = |path: &str| path.rsplit('/').next() == Some(cx.file.name());
    !is_imported(cx) && imports.iter().all(|i| i.as_str().is_some_and(is_self))
}

/// Whether a value is what leaving the key out means: dumps spell out empty and false values.
pub(crate) fn says_nothing(value: &Value<'_>) -> bool {
    match value {
        Value::Missing => true,
        Value::Scalar(scalar) => matches!(scalar.text.as_ref(), "" | "0" | "false" | "0s"),
        Value::Seq(items) => items.is_empty(),
        Value::Map(map) => map.entries.iter().all(|e| says_nothing(&e.value.value)),
    }
}

/// A string that is not empty.
pub(crate) fn text<'t>(entry: Option<&'t Entry<'_>>) -> Option<&'t str> {
    entry?.value.as_str().filter(|text| !text.is_empty())
}

/// Whether an entry spells out the default that its key has in every release.
pub(crate) fn is_default(key: &KeySpec, node: &Node<'_>) -> bool {
    let mut defaults = key.defaults();
    match (defaults.next(), defaults.next()) {
        (Some((_, default)), None) => toml(node).as_deref() == Some(default),
        _ => false,
    }
}

/// A value as the data writes defaults.
pub(crate) fn toml(node: &Node<'_>) -> Option<String> {
    match &node.value {
        Value::Scalar(scalar) if scalar.kind == ScalarKind::String => Some(format!("\"{}\"", scalar.text)),
        Value::Scalar(scalar) => Some(scalar.text.as_ref().to_owned()),
        Value::Seq(items) => {
            let items: Option<Vec<String>> = items.iter().map(toml).collect();
            Some(format!("[{}]", items?.join(", ")))
        }
        _ => None,
    }
}

/// The key of config version 3 that an entry unknown to an older version becomes: the migration of the CRI plugin takes all
/// it does not know along to the runtime's table. Source: containerd/containerd@v2.3.4:plugins/cri/runtime/plugin.go.
pub(crate) fn migrated_key(cx: &View<'_, '_, '_>, bound: &Bound<'_, '_>) -> Option<&'static KeySpec> {
    if bound.binding != Binding::Unknown {
        return None;
    }
    let cri = Cri::of(cx.root);
    if cri.version > 2 {
        return None;
    }
    let from = cx.parts_of(bound.entry)?;
    let [top, plugin, rest @ ..] = from.as_slice() else { return None };
    if *plugin != cri.runtime_id() || rest.is_empty() {
        return None;
    }
    let path: Vec<&str> = [*top, CRI_RUNTIME].into_iter().chain(rest.iter().copied()).collect();
    table_of(3)?.find(&path)?.key()
}

//! Values that make sense for a key, beyond those in its row.

use super::plugins;
use super::scene::Scene;
use crate::containerd::{kind as containerd, shims};
use crate::keys::gates::{self, Gate};
use crate::keys::{Item, KeySpec, Place, Type};
use crate::releases::{Product, ReleaseSet};
use crate::syntax::Node;

/// A value with a word about it.
pub(super) struct Known {
    pub(super) text: String,
    pub(super) detail: &'static str,
    /// Whether it is written without quotes.
    pub(super) plain: bool,
}

/// Whether the names in a place are feature gates.
pub(super) fn is_gates(place: Place) -> bool {
    place.key().is_some_and(|key| key.leaf() == "featureGates" && key.ty() == Type::Map(Item::Bool))
}

/// The feature gates that some of these Kubernetes releases have.
pub(super) fn gates(releases: ReleaseSet) -> impl Iterator<Item = &'static Gate> {
    gates::all().iter().filter(move |gate| !gate.releases().and(releases).is_empty())
}

/// The values to offer for a key, best first.
pub(super) fn values(scene: &Scene<'_, '_>, key: &KeySpec) -> Vec<Known> {
    let mut out = vec![];
    let mut add = |text: String, detail, plain| {
        if out.iter().all(|known: &Known| known.text != text) {
            out.push(Known { text, detail, plain });
        }
    };
    if key.ty() == Type::Bool {
        for text in ["true", "false"] {
            add(text.to_owned(), default_note(key, scene, text), true);
        }
        return out;
    }
    for value in key.values() {
        // A remark may stand behind: `referrers (2.2+)`.
        let value = value.split(' ').next().unwrap_or(value);
        let plain = matches!(key.ty(), Type::Int | Type::Float);
        add(value.to_owned(), default_note(key, scene, value), plain);
    }
    match key.leaf() {
        "disabled_plugins" | "required_plugins" if plugins::are_named(scene) => {
            for (name, note) in plugins::names(scene) {
                add(name.to_owned(), note, false);
            }
        }
        "version" if scene.table.product() == Product::Containerd => {
            for (version, note) in containerd::VERSIONS {
                add(version.to_string(), note, true);
            }
        }
        "snapshotter" | "differ" => {
            for (id, note) in plugins::ids(scene) {
                let note = Some(default_note(key, scene, id)).filter(|note| !note.is_empty()).unwrap_or(note);
                add(id.to_owned(), note, false);
            }
        }
        "runtime_type" => {
            for shim in shims::all() {
                if !shim.releases.get(Product::Containerd).and(scene.releases()).is_empty() {
                    add(shim.name.to_owned(), shim.title, false);
                }
            }
        }
        "TypeUrl" | "ConfigPath" => {
            let own = scene.runtime().and_then(|(_, runtime)| runtime?.get("runtime_type")?.as_str());
            let shim = own.and_then(shims::find);
            for (_, value) in shim.iter().flat_map(|s| s.options).filter(|(name, _)| *name == key.leaf()) {
                add((*value).to_owned(), "from its documentation", false);
            }
        }
        "default_runtime_name" | "default-runtime" => {
            for name in runtimes_beside(scene) {
                add(name, "runtime in this file", false);
            }
        }
        _ => {}
    }
    for (set, text) in crate::keys::defaults::by_release(key, scene.table.product()) {
        let text_value = text.strip_prefix('"').and_then(|t| t.strip_suffix('"'));
        match text_value {
            _ if set.and(scene.releases()).is_empty() => {}
            Some("") => {}
            Some(inner) => add(inner.to_owned(), "default", false),
            None if text.starts_with(|c: char| c.is_ascii_digit() || c == '-') => add(text.to_owned(), "default", true),
            None => {}
        }
    }
    // What a list holds already is not offered again, unless it is in hand.
    let listed = scene.node().map(Node::items).unwrap_or_default();
    out.retain(|known| known.text == scene.word() || listed.iter().all(|i| i.as_str() != Some(&known.text)));
    out
}

/// `default`, if the value is that in a release that matters.
fn default_note(key: &KeySpec, scene: &Scene<'_, '_>, value: &str) -> &'static str {
    let all = crate::keys::defaults::by_release(key, scene.table.product());
    let same = |text: &str| text == value || text.trim_matches('"') == value;
    let is_default = all.iter().any(|(set, text)| same(text) && !set.and(scene.releases()).is_empty());
    if is_default { "default" } else { "" }
}

/// The names in the table `runtimes` that stands beside the key.
fn runtimes_beside(scene: &Scene<'_, '_>) -> Vec<String> {
    let mut path: Vec<&str> = scene.cursor.path.iter().map(AsRef::as_ref).collect();
    path.pop();
    path.push("runtimes");
    let runtimes = scene.body.at(&path).map(Node::entries).unwrap_or_default();
    runtimes.iter().map(|e| e.key.as_ref().to_owned()).collect()
}

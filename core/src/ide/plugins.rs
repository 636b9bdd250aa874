//! containerd's plugins: their tables, and the lists that name them.

use super::cursor::Role;
use super::scene::Scene;
use crate::keys::describe::{self, Description};
use crate::kind::plugins::{self, Plugin};
use crate::kind::{containerd, plugin_uri};
use crate::releases::Product;

const NEEDED: &str = "a plugin that others need";

/// Whether the names at the cursor are plugins: tables below `plugins`, or items of a list of plugins.
pub(super) fn are_named(scene: &Scene<'_, '_>) -> bool {
    let [key] = scene.cursor.path.as_slice() else { return false };
    let named = match scene.cursor.role {
        Role::Header | Role::Key => key == "plugins",
        Role::Item => matches!(key.as_ref(), "disabled_plugins" | "required_plugins"),
        Role::Value => false,
    };
    named && *scene.file.kind == containerd::KIND
}

/// What a name stands for in this file.
pub(super) fn about(scene: &Scene<'_, '_>, name: &str) -> Option<Description> {
    if by_short_name(scene) { describe::short_plugin(name) } else { plugins::find(name).map(describe::plugin) }
}

/// The names of the plugins that the target has, as the config version of the file writes them; those that others need come
/// last.
pub(super) fn names(scene: &Scene<'_, '_>) -> Vec<(&'static str, &'static str)> {
    let short = by_short_name(scene);
    let releases = scene.file.releases.get(Product::Containerd);
    let known = |plugin: &&Plugin| {
        let set = if short { plugin.by_short_name() } else { plugin.releases() };
        !set.and(releases).is_empty()
    };
    let name = |plugin: &Plugin| if short { plugin_uri::short(plugin.uri) } else { plugin.uri };
    let note = |plugin: &Plugin| if plugin.needed().and(releases).is_empty() { "a plugin" } else { NEEDED };
    let mut names: Vec<_> = plugins::all().iter().filter(known).map(|plugin| (name(plugin), note(plugin))).collect();
    names.sort_by_key(|(_, note)| *note == NEEDED);
    names
}

fn by_short_name(scene: &Scene<'_, '_>) -> bool {
    containerd::spoken_version(scene.body) == 1
}

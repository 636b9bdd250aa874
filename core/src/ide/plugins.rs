//! containerd's plugins: their tables, and the lists that name them.

use super::cursor::Role;
use super::scene::Scene;
use crate::containerd::plugins;
use crate::containerd::plugins::Plugin;
use crate::containerd::{kind as containerd, plugin_uri};
use crate::describe;
use crate::describe::Description;
use crate::order;
use crate::releases::Product;
use crate::syntax::Node;

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

/// The plugin that a name at the cursor stands for.
pub(super) fn about(scene: &Scene<'_, '_>, name: &str) -> Option<Description> {
    if let Some((ty, _)) = one_of(scene) {
        return plugins::find(&format!("{ty}{name}")).map(describe::plugin);
    }
    match are_named(scene) {
        true if by_short_name(scene) => describe::short_plugin(name),
        true => plugins::find(name).map(describe::plugin),
        false => None,
    }
}

/// Where the value at the cursor is the id of a plugin: the type of plugin, and the word for it in `proxy_plugins`.
fn one_of(scene: &Scene<'_, '_>) -> Option<(&'static str, &'static str)> {
    let key = scene.cursor.path.last().filter(|_| scene.cursor.role == Role::Value)?;
    let ty = match key.as_ref() {
        "snapshotter" => ("io.containerd.snapshotter.v1.", "snapshot"),
        "differ" => ("io.containerd.differ.v1.", "diff"),
        _ => return None,
    };
    (*scene.file.kind == containerd::KIND).then_some(ty)
}

/// The ids that may stand at the cursor, those of proxy plugins in this file first; nothing where no id belongs.
pub(super) fn ids<'s>(scene: &'s Scene<'_, '_>) -> Vec<(&'s str, &'static str)> {
    let Some((ty, proxy)) = one_of(scene) else { return vec![] };
    let releases = scene.file.releases.get(Product::Containerd);
    let proxies = scene.body.get("proxy_plugins").map(Node::entries).unwrap_or_default();
    let own = proxies.iter().filter(|e| e.value.get("type").and_then(Node::as_str) == Some(proxy));
    let own = own.map(|e| (e.key.as_ref(), "proxy plugin in this file"));
    let built_in = plugins::all().iter().filter(|plugin| !plugin.releases().and(releases).is_empty());
    own.chain(built_in.filter_map(|plugin| Some((plugin.uri.strip_prefix(ty)?, "a plugin")))).collect()
}

/// The names of the plugins that the target has, as the config version of the file writes them; those that others need
/// come last.
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
    order::by_key(&mut names, |(_, note)| *note == NEEDED);
    names
}

fn by_short_name(scene: &Scene<'_, '_>) -> bool {
    containerd::spoken_version(scene.body) == 1
}

//! `core/data/containerd-plugins.toml` and `containerd-checks.toml` -> `core/src/containerd/plugin_tables.rs`.

use std::fmt::Write as _;
use std::path::Path;

use serde::Deserialize;

use crate::data::{self, ReleaseFile};
use crate::tables::Generated;
use crate::tables::patches::PatchRanges;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PluginFile {
    plugin: Vec<Plugin>,
    renamed: Vec<Renamed>,
    proxy_type: Vec<ProxyType>,
}

/// A plugin that 2.0 gave another URI.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Renamed {
    old: String,
    new: String,
    #[serde(rename = "source")]
    _source: String,
}

/// A type of a proxy plugin.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProxyType {
    name: String,
    plugin_type: String,
    releases: String,
    #[serde(rename = "source")]
    _source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CheckFile {
    check: Vec<Check>,
}

/// A check of a value.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Check {
    path: String,
    #[serde(default)]
    only_with: String,
    releases: String,
    /// The values that the row is about, if not all.
    #[serde(default)]
    only: Vec<String>,
    #[serde(default)]
    words: Vec<String>,
    #[serde(default)]
    ignore_case: bool,
    #[serde(default)]
    form: String,
    effect: String,
    why: String,
    #[serde(rename = "source")]
    _source: String,
}

/// A plugin that is built into containerd.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Plugin {
    uri: String,
    /// What it does.
    doc: String,
    releases: String,
    /// Releases in which turning it off keeps other plugins from loading.
    #[serde(default)]
    needed: Option<String>,
    /// Releases in which the CRI plugin is among them.
    #[serde(default)]
    serves_cri: Option<String>,
    source: String,
}

/// Generates the table.
pub fn generate(root: &Path) -> Result<Generated, String> {
    let releases: ReleaseFile = data::read(root, "releases.toml")?;
    let containerd = releases.product.iter().find(|p| p.id == "containerd").ok_or("releases.toml: no containerd")?;
    let patches = PatchRanges::of(containerd)?;
    let file: PluginFile = data::read(root, "containerd-plugins.toml")?;
    let mut plugins = file.plugin;
    plugins.sort_by(|a, b| a.uri.cmp(&b.uri));
    let mut code = String::from(
        "// Generated from core/data/containerd-plugins.toml and containerd-checks.toml by `cargo xtask gen`. Do not edit.\n\n\
         use super::plugins::{Plugin, ProxyType};\n\
         use super::value_checks::{Takes, ValueCheck};\n\
         use crate::finding::Effect;\n\
         use crate::releases::Bits;\n\n\
         pub(super) static PLUGINS: &[Plugin] = &[\n",
    );
    for pair in plugins.windows(2) {
        if let [a, b] = pair
            && a.uri == b.uri
        {
            return Err(format!("{} occurs twice in containerd-plugins.toml", a.uri));
        }
    }
    for plugin in &plugins {
        if plugin.source.is_empty() || plugin.doc.is_empty() {
            return Err(format!("{} lacks a source or a doc", plugin.uri));
        }
        let bits = |spec: Option<&String>| spec.map_or(Ok(0), |spec| patches.spec(spec));
        let _ = writeln!(
            code,
            "    Plugin {{ uri: {:?}, doc: {:?}, source: {:?}, releases: {:#x}, needed: {:#x}, serves_cri: {:#x} }},",
            plugin.uri,
            plugin.doc,
            plugin.source,
            bits(Some(&plugin.releases))?,
            bits(plugin.needed.as_ref())?,
            bits(plugin.serves_cri.as_ref())?,
        );
    }
    code.push_str("];\n\npub(super) static RENAMED: &[(&str, &str)] = &[\n");
    for Renamed { old, new, .. } in &file.renamed {
        let _ = writeln!(code, "    ({old:?}, {new:?}),");
    }
    code.push_str("];\n\npub(super) static PROXY_TYPES: &[ProxyType] = &[\n");
    for ProxyType { name, plugin_type, releases, .. } in &file.proxy_type {
        let releases = patches.spec(releases)?;
        let _ = writeln!(
            code,
            "    ProxyType {{ name: {name:?}, plugin_type: {plugin_type:?}, releases: {releases:#x} }},"
        );
    }
    code.push_str("];\n\npub(super) static VALUE_CHECKS: &[ValueCheck] = &[\n");
    for check in data::read::<CheckFile>(root, "containerd-checks.toml")?.check {
        code.push_str(&check.row(&patches)?);
    }
    code.push_str("];\n\npub(super) static PLUGIN_EDGES: &[(&str, Bits)] = &[\n");
    for plugin in &plugins {
        let set = |spec: Option<&String>| spec.map_or(Ok(0), |spec| patches.spec(spec));
        let sets = [Some(&plugin.releases), plugin.needed.as_ref(), plugin.serves_cri.as_ref()];
        let edges = sets.into_iter().try_fold(0, |all, spec| Ok::<_, String>(all | patches.edges(set(spec)?)))?;
        if edges != 0 {
            let name = plugin.uri.rsplit('.').next().unwrap_or_default();
            let _ = writeln!(code, "    ({name:?}, {edges:#x}),");
        }
    }
    code.push_str("];\n");
    Ok(("core/src/containerd/plugin_tables.rs".to_owned(), code))
}

impl Check {
    fn row(&self, patches: &PatchRanges) -> Result<String, String> {
        let Self { path, only_with, only, words, ignore_case, why, .. } = self;
        let takes = match self.form.as_str() {
            "" if words.is_empty() => return Err(format!("{path}: no words and no form")),
            "" => format!("Takes::Words {{ words: &{words:?}, ignore_case: {ignore_case} }}"),
            "absolute-path" => "Takes::AbsolutePath".to_owned(),
            "short-path" => "Takes::ShortPath".to_owned(),
            "platform" => "Takes::Platform".to_owned(),
            "path" => "Takes::Path".to_owned(),
            other => return Err(format!("{path}: form = {other:?}")),
        };
        let effect = match self.effect.as_str() {
            "refused" => "Refused",
            "failed" => "Failed",
            other => return Err(format!("{path}: effect = {other:?}")),
        };
        let releases = patches.spec(&self.releases)?;
        Ok(format!(
            "    ValueCheck {{ path: {path:?}, only_with: {only_with:?}, releases: {releases:#x}, only: &{only:?}, takes: {takes}, \
             effect: Effect::{effect}, why: {why:?} }},\n"
        ))
    }
}

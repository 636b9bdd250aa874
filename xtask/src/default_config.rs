//! Full configurations with every default of a release, made from the key table: what the benches read, and what a test
//! checks to be free of findings.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use crate::data::{self, Key, KeyFile};
use crate::tables::Generated;
use crate::tables::output::numbers;

/// A release and the config version that it writes.
const FILES: [(&str, u8, &str); 2] =
    [("2.3", 4, "benches/config-default.toml"), ("1.7", 2, "benches/config-default-1.7.toml")];

/// The defaults of a release of today, and of one that many nodes have.
pub fn generate(root: &Path) -> Result<Vec<Generated>, String> {
    let file: KeyFile = data::read(root, "containerd.toml")?;
    let written = |(release, version, path): (&str, u8, &str)| (path.into(), config(&file, release, version));
    Ok(FILES.map(written).into())
}

fn config(file: &KeyFile, release: &str, version: u8) -> String {
    let mut tables: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for key in file.key.iter().filter(|k| k.config.contains(&version) && is_written(k, release)) {
        let Some(value) = default_of(key, release) else { continue };
        let (table, leaf) = split_leaf(&key.path);
        tables.entry(table).or_default().push(format!("{leaf} = {value}"));
    }
    let mut out = format!(
        "# Every default of containerd {release}, generated from core/data/containerd.toml by `cargo xtask gen`.\nversion = {version}\n",
    );
    for (table, lines) in tables {
        if !table.is_empty() {
            let _ = write!(out, "\n[{table}]\n");
        }
        for line in lines {
            let indent = if table.is_empty() { "" } else { "  " };
            let _ = writeln!(out, "{indent}{line}");
        }
    }
    out
}

/// Keys with a fixed place that the release has and does not discourage.
fn is_written(key: &Key, release: &str) -> bool {
    let fixed = !key.path.contains('*') && !key.path.contains("[]");
    let from = |since: &Option<String>| since.as_deref().is_none_or(|since| numbers(since) <= numbers(release));
    let has = from(&key.since) && key.until.as_deref().is_none_or(|until| numbers(until) >= numbers(release));
    let deprecated = key.deprecated.is_some() && from(&key.deprecated);
    fixed && has && !deprecated && !key.no_effect && key.path != "version"
}

fn default_of(key: &Key, release: &str) -> Option<String> {
    let since = |pair: &&Vec<toml::Value>| pair.first().and_then(toml::Value::as_str).map(numbers);
    let value = match key.defaults.iter().rfind(|pair| since(pair) <= Some(numbers(release))) {
        Some(pair) => pair.get(1)?,
        None => key.default.as_ref()?,
    };
    Some(value.to_string())
}

/// `plugins."a.b".c` -> (`plugins."a.b"`, `c`).
fn split_leaf(path: &str) -> (String, String) {
    let at = match path.strip_suffix('"') {
        Some(inner) => inner.rfind('"').map_or(0, |i| i.saturating_sub(1)),
        None => path.rfind('.').unwrap_or(0),
    };
    let (table, leaf) = path.split_at(at);
    (table.to_owned(), leaf.trim_start_matches('.').to_owned())
}

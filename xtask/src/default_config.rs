//! A full configuration with every default of a release, made from the key table: what the bench reads, and what a test
//! checks to be free of findings.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use crate::data::{self, Key, KeyFile};
use crate::tables::Generated;

/// The defaults of containerd 2.3 as a version 4 file.
pub fn generate(root: &Path) -> Result<Generated, String> {
    let file: KeyFile = data::read(root, "containerd.toml")?;
    let mut tables: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for key in file.key.iter().filter(|k| k.config.contains(&4) && is_written(k)) {
        let Some(value) = default_of(key) else { continue };
        let (table, leaf) = split_leaf(&key.path);
        tables.entry(table).or_default().push(format!("{leaf} = {value}"));
    }
    let mut out = String::from(
        "# Every default of containerd 2.3, generated from core/data/containerd.toml by `cargo xtask gen`.\nversion = 4\n",
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
    Ok(("benches/config-default.toml".into(), out))
}

/// Keys with a fixed place that 2.3 has and does not discourage.
fn is_written(key: &Key) -> bool {
    let fixed = !key.path.contains('*') && !key.path.contains("[]");
    let has = key.until.is_none() && key.since.as_deref().is_none_or(|s| s != "2.4");
    fixed && has && key.deprecated.is_none() && !key.no_effect && key.path != "version"
}

fn default_of(key: &Key) -> Option<String> {
    let value = match key.defaults.last() {
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

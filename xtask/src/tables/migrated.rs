//! Keys that came with containerd 2.x, in files of config versions 1 and 2.
//!
//! containerd 2.x decode the table of a plugin, or one of the daemon itself, in the same way whatever the version of the
//! file that holds it: the version only decides under which name the table is looked for. A key of version 3 therefore
//! works in older files too, where its table has a name there. The table of the CRI plugin becomes that of its runtime
//! half, except in files of version 1 on 2.0 to 2.2. Source: `configMigration` of
//! containerd/containerd@v2.3.4:plugins/cri/runtime/plugin.go, `MigrateConfigTo` and `Decode` of
//! @v2.3.4:cmd/containerd/server/config/config.go.

use super::split_path;
use crate::data::Key;

const CRI: &str = "io.containerd.grpc.v1.cri";
const CRI_RUNTIME: &str = "io.containerd.cri.v1.runtime";
/// Do not move the table of the CRI plugin of a version 1 file.
const LOSE_VERSION_1: [&str; 3] = ["2.0", "2.1", "2.2"];

/// The rows that `version`, 1 or 2, has besides its own.
pub fn keys(version: u8, all: &[Key]) -> Vec<Key> {
    let rows = |version: u8| all.iter().filter(move |key| key.config.contains(&version));
    let has = |version: u8, path: &str| rows(version).any(|key| key.path == path);
    let mut found = vec![];
    for key in rows(3) {
        let Some(path) = path_in(2, &key.path).filter(|path| !has(2, path)) else { continue };
        let Some(path) = path_in(version, &path).filter(|path| !has(version, path)) else { continue };
        let table = table_of(&path);
        let is_cri = version == 1 && table == ["plugins", "cri"];
        // A table that 2.x no longer look for under this name has rows that end, or that are lost.
        let is_read = |other: &Key| other.until.is_none() && !key.since.iter().any(|id| other.lost_in.contains(id));
        if !rows(version).any(|other| table_of(&other.path) == table && (is_cri || is_read(other))) {
            continue;
        }
        let mut key = Key { path, config: vec![version], ..key.clone() };
        if is_cri {
            key.lost_in = LOSE_VERSION_1.map(str::to_owned).to_vec();
        }
        found.push(key);
    }
    found
}

/// The path of a key in a file of an older version.
fn path_in(version: u8, path: &str) -> Option<String> {
    let Some((uri, rest)) = path.strip_prefix("plugins.\"").and_then(|path| path.split_once('"')) else {
        return Some(path.to_owned());
    };
    let uri = if uri == CRI_RUNTIME { CRI } else { uri };
    match version {
        1 => Some(format!("plugins.{}{rest}", uri.rsplit('.').next()?)),
        _ => Some(format!("plugins.\"{uri}\"{rest}")),
    }
}

/// The names of the table that holds a key: of a plugin, or of the daemon itself.
fn table_of(path: &str) -> Vec<String> {
    let mut parts = split_path(path);
    parts.truncate(if path.starts_with("plugins.") { 2 } else { 1 });
    parts
}

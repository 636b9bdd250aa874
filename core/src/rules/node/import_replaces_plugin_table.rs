//! # `import-replaces-plugin-table`
//!
//! A plugin in the main file and in a drop-in, of which containerd 1.x keep the drop-in's settings alone.
//!
//! ## Why
//!
//! Up to 1.7 an imported file replaces the whole table of a plugin: a drop-in that adds one runtime silently drops
//! the registry, CNI and cgroup settings of the main file. 2.x merge the tables key by key.
//!
//! ## What to do
//!
//! For containerd 1.x, keep all settings of a plugin in one file.
//!
//! ## Examples
//!
//! ```toml bad
//! --- /etc/containerd/config.toml
//! version = 2
//! imports = ["/etc/containerd/conf.d/*.toml"]
//! [plugins."io.containerd.grpc.v1.cri".registry]
//!          ^^^^^^^^^^^^^^^^^^^^^^^^^^^
//!   config_path = "/etc/containerd/certs.d"
//! --- /etc/containerd/conf.d/10-stream.toml
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri"]
//!   stream_idle_timeout = "1h"
//! ```
//!
//! ```toml good containerd=2.0..2.3
//! --- /etc/containerd/config.toml
//! version = 2
//! imports = ["/etc/containerd/conf.d/*.toml"]
//! [plugins."io.containerd.grpc.v1.cri".registry]
//!   config_path = "/etc/containerd/certs.d"
//! --- /etc/containerd/conf.d/10-stream.toml
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri"]
//!   stream_idle_timeout = "1h"
//! ```
//!
//! ## References
//!
//! - containerd/containerd#5837, containerd/containerd#7982, containerd/containerd#9982: merged since 2.0
//! - containerd/containerd@v1.7.29:services/server/config/config.go; measured with 1.3.10 to 2.4.0-beta.0

use std::collections::HashMap;

use crate::containerd;
use crate::containerd::loader;
use crate::containerd::values::more_settings;
use crate::kind::File;
use crate::rules::prelude::*;
use crate::syntax::Value;
use crate::syntax::path::{join, path_to};

pub(crate) const RULE: Rule = Rule {
    id: "import-replaces-plugin-table",
    summary: "Drop-in that replaces all settings of a plugin in the main file",
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

const REPLACES_TABLES: Releases = Releases::containerd("1.3..1.7");

/// The first and the last of the files that have the table of a plugin.
struct PluginTables<'f, 'a> {
    first: &'f File<'a>,
    last: &'f File<'a>,
    /// The table of the last one.
    table: &'f Entry<'a>,
}

fn check(cx: &mut NodeCx) {
    let loaded = cx.loaded;
    let is_main = |file: &&File| *file.kind == containerd::KIND && loaded.imports.of(file.index).is_none();
    for main in loaded.files.iter().copied().filter(is_main) {
        let files = loader::files(loaded, main.index);
        let mut known: HashMap<&str, PluginTables> = HashMap::new();
        for file in &files {
            for table in plugins(file) {
                let tables = known.entry(&table.key).or_insert(PluginTables { first: file, last: file, table });
                if tables.last.index != file.index {
                    (tables.last, tables.table) = (file, table);
                }
            }
        }
        // The finding is where the first file sets the plugin.
        for file in &files {
            for table in plugins(file) {
                if let Some(tables) = known.get(table.key.as_ref())
                    && tables.first.index == file.index
                    && tables.last.index != file.index
                {
                    report(cx, file, table, tables);
                }
            }
        }
    }
}

fn plugins<'t, 'a>(file: &'t File<'a>) -> &'t [Entry<'a>] {
    file.body().get("plugins").map(Node::entries).unwrap_or_default()
}

fn report(cx: &mut NodeCx, file: &File, table: &Entry, by: &PluginTables) {
    let mut lost = vec![];
    collect_lost(&table.value, Some(&by.table.value), &mut lost);
    let Some(first) = lost.first() else { return };
    let name = join(&["plugins", &table.key]);
    let keys: Vec<String> = lost.iter().filter_map(|e| Some(join(&path_to(file.body(), e.key_span)?))).collect();
    let effect = match lost.len() {
        1 => format!("`{}` here has no effect", first.key),
        count => format!("`{}` and {} here have no effect", first.key, more_settings(count - 1)),
    };
    let message = format!("{} replaces all of `[{name}]`: {effect}", by.last.name());
    let finding = cx.report(file.index, table.key_span, message);
    finding
        .ignored(REPLACES_TABLES)
        .label_in(by.last.index, by.table.key_span, "replaces the whole table")
        .why(WHY)
        .help("Keep all settings of this plugin in one file, as long as a node has containerd 1.x.");
    finding.keys = keys;
}

/// The settings of `table` that `by` does not set.
fn collect_lost<'t, 'a>(table: &'t Node<'a>, by: Option<&Node>, lost: &mut Vec<&'t Entry<'a>>) {
    for entry in table.entries() {
        let other = by.and_then(|node| node.get(&entry.key));
        match (&entry.value.value, other) {
            (Value::Map(map), _) if !map.entries.is_empty() => collect_lost(&entry.value, other, lost),
            (_, None) => lost.push(entry),
            _ => {}
        }
    }
}

const WHY: &str = "Up to containerd 1.7 an imported file silently replaces the table of a plugin as a whole; 2.x \
    merge the two key by key.";

//! # `import-replaces-plugin-table`
//!
//! The main file and a drop-in set the same plugin, and containerd 1.x keep the drop-in's settings alone.
//!
//! ## Why
//!
//! Up to 1.7 an imported file replaces the whole table of a plugin: a drop-in that adds one runtime wipes registry,
//! CNI and cgroup settings of the main file, without a word. 2.x merge the tables key by key.
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

use crate::containerd::kind::KIND;
use crate::containerd::loader;
use crate::containerd::values::more_settings;
use crate::kind::File;
use crate::rules::prelude::*;
use crate::syntax::Value;
use crate::syntax::path::{join, path_to};

pub(crate) const RULE: Rule = Rule {
    id: "import-replaces-plugin-table",
    summary: "A drop-in replaces all settings of a plugin in the main file",
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

const REPLACES: Releases = Releases::containerd("1.3..1.7");

fn check(cx: &mut NodeCx) {
    let loaded = cx.loaded;
    // Main files are those that import others; each with what it loads, in load order.
    let mains = loaded.files.iter().copied().filter(|f| *f.kind == KIND && loaded.imports.of(f.index).is_none());
    for main in mains {
        let files = loader::files(loaded, main.index);
        let mut set: HashMap<&str, Setters> = HashMap::new();
        for file in &files {
            for table in plugins(file) {
                let setters = set.entry(&table.key).or_insert(Setters { first: file, last: file, by: table });
                if setters.last.index != file.index {
                    (setters.last, setters.by) = (file, table);
                }
            }
        }
        for file in &files {
            for table in plugins(file) {
                // Told where the first file sets the plugin.
                if let Some(setters) = set.get(table.key.as_ref())
                    && setters.first.index == file.index
                    && setters.last.index != file.index
                {
                    report(cx, file, table, setters.last, setters.by);
                }
            }
        }
    }
}

/// The first and the last of the files that have the table of a plugin.
struct Setters<'f, 'a> {
    first: &'f File<'a>,
    last: &'f File<'a>,
    /// The table of the last one.
    by: &'f Entry<'a>,
}

fn plugins<'t, 'a>(file: &'t File<'a>) -> &'t [Entry<'a>] {
    file.body().get("plugins").map(Node::entries).unwrap_or_default()
}

fn report(cx: &mut NodeCx, file: &File, table: &Entry, last: &File, by: &Entry) {
    let mut lost = vec![];
    collect_lost(&table.value, Some(&by.value), &mut lost);
    let Some(first) = lost.first() else { return };
    let body = file.body();
    let name = join(&["plugins", &table.key]);
    let keys: Vec<String> = lost.iter().filter_map(|e| Some(join(&path_to(body, e.key_span)?))).collect();
    let what = match lost.len() {
        1 => format!("`{}` here has no effect", first.key),
        n => format!("`{}` and {} here have no effect", first.key, more_settings(n - 1)),
    };
    let finding = cx.report(file.index, table.key_span, format!("{} replaces all of `[{name}]`: {what}", last.name()));
    finding
        .ignored(REPLACES)
        .label_in(last.index, by.key_span, "replaces the whole table")
        .why("Up to containerd 1.7 an imported file replaces the table of a plugin as a whole, without a word; 2.x merge the two key by key.")
        .help("Keep all settings of this plugin in one file, as long as a node has containerd 1.x.");
    finding.keys = keys;
}

/// The settings of `table` that `by` does not set.
fn collect_lost<'t, 'a>(table: &'t Node<'a>, by: Option<&Node>, out: &mut Vec<&'t Entry<'a>>) {
    for entry in table.entries() {
        let other = by.and_then(|node| node.get(&entry.key));
        match (&entry.value.value, other) {
            (Value::Map(map), _) if !map.entries.is_empty() => collect_lost(&entry.value, other, out),
            (_, None) => out.push(entry),
            _ => {}
        }
    }
}

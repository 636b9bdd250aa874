//! # `drop-in-version-higher`
//!
//! A drop-in with a newer config version than the file that imports it.
//!
//! ## Why
//!
//! containerd 2.3 does not start: `drop-in config version 3 higher than root config version 2`. 2.0 to 2.2 start, but
//! take the last version that they read for all files: with a drop-in of version 3, containerd does not migrate the
//! main file of version 2, and loses its CNI, registry and runtime settings.
//!
//! ## What to do
//!
//! Give all files the same version: migrate the main file (`containerd config migrate`), or write the drop-in with
//! the version and table names of the main file.
//!
//! ## Examples
//!
//! ```toml bad
//! --- /etc/containerd/config.toml
//! version = 2
//! imports = ["/etc/containerd/conf.d/*.toml"]
//! [plugins."io.containerd.grpc.v1.cri".cni]
//!   conf_dir = "/etc/cni/net.d"
//! --- /etc/containerd/conf.d/99-nvidia.toml
//! version = 3
//!           ^
//! [plugins."io.containerd.cri.v1.runtime".containerd.runtimes.nvidia]
//!   runtime_type = "io.containerd.runc.v2"
//! ```
//!
//! ```toml good
//! --- /etc/containerd/config.toml
//! version = 3
//! imports = ["/etc/containerd/conf.d/*.toml"]
//! --- /etc/containerd/conf.d/99-nvidia.toml
//! version = 3
//! [plugins."io.containerd.cri.v1.runtime".containerd.runtimes.nvidia]
//!   runtime_type = "io.containerd.runc.v2"
//! ```
//!
//! ## References
//!
//! - NVIDIA/aicr#1688, containerd/containerd#12891
//! - containerd/containerd@v2.2.0, v2.3.4:cmd/containerd/server/config/config.go; measured with 2.0.11 to
//!   2.4.0-beta.0

use std::collections::HashMap;

use crate::containerd::kind::{has_moved, written_version};
use crate::kind::{File, Import};
use crate::rules::prelude::*;
use crate::syntax::path::join;

pub(crate) const RULE: Rule = Rule {
    id: "drop-in-version-higher",
    summary: "Drop-in with a newer config version than its main file",
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

const COMPARES_VERSIONS: Releases = Releases::containerd("2.3..");
/// Releases that take the version read last for all files.
const TAKES_LAST_VERSION: Releases = Releases::containerd("2.0..2.2");

fn check(cx: &mut NodeCx) {
    let loaded = cx.loaded;
    // The main file of each imported one: a file comes behind the one that imports it.
    let mut mains: HashMap<usize, usize> = HashMap::new();
    let is_old = |import: &Import| {
        let version = loaded.file(import.file).and_then(|file| written_version(file.body()));
        version.is_some_and(|version| version < 3)
    };
    let last_old = loaded.imports.all.iter().rposition(is_old);
    for (number, import) in loaded.imports.all.iter().enumerate() {
        let main = mains.get(&import.from).copied().unwrap_or(import.from);
        mains.insert(import.file, main);
        let (Some(main), Some(file)) = (loaded.file(main), loaded.file(import.file)) else { continue };
        // Without a version, the main file takes that of its first drop-in.
        let (Some(main_node), Some(node)) = (main.body().get("version"), file.body().get("version")) else { continue };
        let (Some(main_version), Some(version)) = (main_node.as_int(), node.as_int()) else { continue };
        if main_version < 1 || version <= main_version || version > 4 {
            continue;
        }
        let stops_migration = main_version == 2 && version == 3 && last_old.is_none_or(|old| old <= number);
        let message = format!("this drop-in has config version {version}, its main file version {main_version}");
        let finding = cx.report(file.index, node.span, message);
        finding
            .refused(COMPARES_VERSIONS)
            .label_in(main.index, main_node.span, format!("the main file has version {main_version}"))
            .why(why(version, main_version))
            .help(HELP);
        if let Some(table) = moved_table(main).filter(|_| stops_migration) {
            finding
                .ignored(TAKES_LAST_VERSION)
                .label_in(main.index, table.key_span, "containerd 2.0 to 2.2 do not migrate this")
                .why(format!("{} {}", why(version, main_version), why_lost(&join(&["plugins", &table.key]))));
        }
    }
}

/// A table of the main file whose settings need the migration that the drop-in turns off.
fn moved_table<'f, 'a>(main: &'f File<'a>) -> Option<&'f Entry<'a>> {
    let plugins = main.body().get("plugins").map(Node::entries).unwrap_or_default();
    plugins.iter().find(|entry| entry.key.starts_with("io.containerd.") && has_moved(entry))
}

fn why(version: i64, main: i64) -> String {
    format!("containerd 2.3 does not start: `drop-in config version {version} higher than root config version {main}`.")
}

fn why_lost(table: &str) -> String {
    format!(
        "2.0 to 2.2 take the last version for all files: they do not migrate the main file, and its settings in \
         `[{table}]` are lost (`Ignoring unknown key in TOML for plugin`)."
    )
}

const HELP: &str = "Give both the same version: migrate the main file with `containerd config migrate`, or write the \
    drop-in with the version and table names of the main file.";

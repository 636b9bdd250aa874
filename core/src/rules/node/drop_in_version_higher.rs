//! # `drop-in-version-higher`
//!
//! A drop-in has a newer config version than the file that imports it.
//!
//! ## Why
//!
//! containerd 2.3 does not start: `drop-in config version 3 higher than root config version 2`. 2.0 to 2.2 start, but
//! take the last version that they read for all files: with a drop-in of version 3, the main file of version 2 is no
//! longer migrated, and its CNI, registry and runtime settings are lost.
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
use crate::kind::File;
use crate::kind::Import;
use crate::rules::prelude::*;
use crate::syntax::path::join;

pub(crate) const RULE: Rule = Rule {
    id: "drop-in-version-higher",
    summary: "A drop-in has a newer config version than its main file",
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

const CHECKED: Releases = Releases::containerd("2.3..");
/// The version read last holds for all files.
const LAST_COUNTS: Releases = Releases::containerd("2.0..2.2");

fn check(cx: &mut NodeCx) {
    let loaded = cx.loaded;
    // The main file of each imported one: whoever imports it comes before it.
    let mut roots: HashMap<usize, usize> = HashMap::new();
    let old =
        |import: &Import| loaded.file(import.file).and_then(|file| written_version(file.body())).is_some_and(|v| v < 3);
    let last_old = loaded.imports.all.iter().rposition(old);
    for (number, import) in loaded.imports.all.iter().enumerate() {
        let root = roots.get(&import.from).copied().unwrap_or(import.from);
        roots.insert(import.file, root);
        let (Some(root), Some(file)) = (loaded.file(root), loaded.file(import.file)) else { continue };
        // Without a version, the main file takes that of its first drop-in.
        let (Some(root_node), Some(node)) = (root.body().get("version"), file.body().get("version")) else { continue };
        let (Some(main), Some(version)) = (root_node.as_int(), node.as_int()) else { continue };
        if main < 1 || version <= main || version > 4 {
            continue;
        }
        let turns_off = main == 2 && version == 3 && last_old.is_none_or(|old| old <= number);
        let lost = if turns_off { lost(root) } else { None };
        let finding = cx.report(
            file.index,
            node.span,
            format!("this drop-in has config version {version}, its main file version {main}"),
        );
        finding
            .refused(CHECKED)
            .key("version")
            .label_in(root.index, root_node.span, format!("the main file has version {main}"))
            .why(format!("containerd 2.3 does not start: `drop-in config version {version} higher than root config version {main}`."))
            .help("Give both the same version: migrate the main file with `containerd config migrate`, or write the drop-in with the version and table names of the main file.");
        if let Some(table) = lost {
            let name = join(&["plugins", &table.key]);
            finding
                .ignored(LAST_COUNTS)
                .label_in(root.index, table.key_span, "containerd 2.0 to 2.2 no longer migrate this")
                .why(format!("containerd 2.3 does not start: `drop-in config version {version} higher than root config version {main}`. 2.0 to 2.2 take the last version for all files: the main file is not migrated, and what it sets in `[{name}]` is lost (`Ignoring unknown key in TOML for plugin`)."));
        }
    }
}

/// A table of the main file whose settings need the migration that the drop-in turns off.
fn lost<'f, 'a>(root: &'f File<'a>) -> Option<&'f Entry<'a>> {
    let plugins = root.body().get("plugins").map(Node::entries).unwrap_or_default();
    plugins.iter().find(|e| e.key.starts_with("io.containerd.") && has_moved(e))
}

//! # `config-version-missing`
//!
//! A file without a `version` line whose plugin tables have full plugin URIs.
//!
//! ## Why
//!
//! Without `version`, the file is version 1, and version 1 knows plugins by short names such as `cri`. containerd 1.x
//! looks at none of the tables, without a word: mirrors, `SystemdCgroup` and the pause image are all lost. 2.0 to 2.2
//! read only those tables whose name is the same in version 3; 2.3 and later migrate all of them.
//!
//! ## What to do
//!
//! Write the `version` that the table names belong to as the first line.
//!
//! ## Examples
//!
//! ```toml bad
//! [plugins."io.containerd.grpc.v1.cri".registry]
//! ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
//!   config_path = "/etc/containerd/certs.d"
//! ```
//!
//! ```toml fixed
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri".registry]
//!   config_path = "/etc/containerd/certs.d"
//! ```
//!
//! A drop-in takes the version of the file that imports it:
//!
//! ```toml good
//! --- /etc/containerd/conf.d/registry.toml
//! [plugins."io.containerd.grpc.v1.cri".registry]
//!   config_path = "/etc/containerd/certs.d"
//! ```
//!
//! ## References
//!
//! - containerd/containerd#5236, containerd/containerd#5237, kubernetes/kubernetes#107892
//! - measured with `config dump` of 1.3.10 to 2.4.0-beta.0

use crate::containerd;
use crate::containerd::kind::{is_drop_in, spoken_version};
use crate::rules::prelude::*;
use crate::syntax::MapStyle;

pub(crate) const RULE: Rule = Rule {
    id: "config-version-missing",
    summary: "Plugin tables by URI without the `version` that knows them",
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&containerd::KIND], check),
    ..Rule::DEFAULTS
};

const LOSES_ALL: Releases = Releases::containerd("..1.7");
const LOSES_MOVED: Releases = Releases::containerd("..2.2");

fn check(cx: &mut FileCx) {
    let version = spoken_version(cx.root);
    let written = cx.root.get("version");
    if written.is_some_and(|v| v.as_int() != Some(0)) || version == 1 || imported(cx) {
        return;
    }
    let plugins = cx.root.get("plugins").map(Node::entries).unwrap_or_default();
    let Some(first) = plugins.iter().find(|e| e.key.starts_with("io.containerd.")) else {
        return;
    };
    let span = first_header(first).unwrap_or(first.key_span);
    // What version 3 moved is read from its old place by 2.3 and later alone.
    let moved = version == 2 && plugins.iter().any(|e| has_moved(e));
    let releases = if moved { LOSES_MOVED } else { LOSES_ALL };
    let fix = match written {
        Some(zero) => Fix::one(
            Applicability::Unsafe,
            format!("Write version {version}"),
            edit::replace(zero, version.to_string()),
        ),
        None => Fix::one(
            Applicability::Unsafe,
            format!("Add `version = {version}`"),
            edit::first_line(cx.doc(), &format!("version = {version}")),
        ),
    };
    let others = plugins.iter().filter(|e| e.key.starts_with("io.containerd."));
    let keys: Vec<String> = others.map(|e| cx.path_of(e)).collect();
    let finding =
        cx.report(span, format!("without `version = {version}` this is a version 1 file, which knows no such table"));
    finding
        .ignored(releases)
        .why("containerd 1.x looks at none of the plugin tables, without a word; 2.0 to 2.2 read only those whose names version 3 kept; 2.3 and later migrate all of them.")
        .help(format!("Add `version = {version}` as the first line."))
        .fix(fix);
    finding.keys = keys;
}

fn imported(cx: &FileCx) -> bool {
    is_drop_in(cx.file.path) || cx.loaded.imports.of(cx.file.index).is_some()
}

/// Whether version 3 gave what the table holds another place.
pub(crate) fn has_moved(plugin: &Entry) -> bool {
    let v3 = containerd::table_of(3).and_then(|t| t.find(&["plugins", &plugin.key]));
    match v3 {
        None => true,
        Some(place) => plugin.value.entries().iter().any(|e| place.child(&e.key).is_none()),
    }
}

/// The first header that names the table or one below it.
fn first_header(entry: &Entry) -> Option<Span> {
    let map = entry.value.as_map()?;
    let own = map.headers.first().copied();
    let below = map.entries.iter().filter(|e| e.value.as_map().is_some_and(|m| m.style == MapStyle::Table));
    below.filter_map(first_header).chain(own).min()
}

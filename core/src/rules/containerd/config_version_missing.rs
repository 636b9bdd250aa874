//! # `config-version-missing`
//!
//! A file without a `version` line whose plugin tables have full plugin URIs.
//!
//! ## Why
//!
//! Without `version`, the file is version 1, in which plugins have short names such as `cri`. containerd 1.x silently
//! ignores all of the tables: mirrors, `SystemdCgroup` and the pause image are all lost. 2.0 to 2.2
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
use crate::containerd::eras::REPLACES_TABLES;
use crate::containerd::kind::{has_moved, spoken_version};
use crate::containerd::plugin_uri;
use crate::containerd::settings::is_imported;
use crate::order;
use crate::rules::prelude::*;
use crate::syntax::MapStyle;

pub(crate) const RULE: Rule = Rule {
    id: "config-version-missing",
    summary: "Plugin tables by URI in a file without `version`",
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&containerd::KIND], check),
    ..Rule::DEFAULTS
};

/// Looks for the plugins of a file without `version` by their short names.
const LOSES_ALL: Releases = REPLACES_TABLES;
/// Does not read from its old place what version 3 moved.
const LOSES_MOVED: Releases = Releases::containerd("..2.2");

fn check(cx: &mut FileCx) {
    let version = spoken_version(cx.root);
    let written = cx.root.get("version");
    if written.is_some_and(|written| written.as_int() != Some(0)) || version == 1 || is_imported(cx) {
        return;
    }
    let plugins = cx.root.get("plugins").map(Node::entries).unwrap_or_default();
    let with_uri: Vec<&Entry> = plugins.iter().filter(|entry| entry.key.starts_with("io.containerd.")).collect();
    let Some(first) = with_uri.first() else { return };
    let loses_moved = version == 2 && plugins.iter().any(has_moved);
    let (title, edit) = match written {
        Some(zero) => (format!("Write version {version}"), edit::replace(zero, version.to_string())),
        None => {
            let line = format!("version = {version}");
            (format!("Add `{line}`"), edit::first_line(cx.doc(), &line))
        }
    };
    let mut edits = full_names(cx.root);
    edits.push(edit);
    order::by_key(&mut edits, |edit| edit.span);
    let keys: Vec<String> = with_uri.iter().map(|entry| cx.path_of(entry)).collect();
    let span = first_header(first).unwrap_or(first.key_span);
    let finding =
        cx.report(span, format!("without `version = {version}` this is a version 1 file, which has no such table"));
    finding
        .ignored(if loses_moved { LOSES_MOVED } else { LOSES_ALL })
        .why(
            "The file is version 1. containerd 1.x silently ignores all plugin tables; 2.0 to 2.2 read only those \
             whose names version 3 kept; 2.3 and later migrate all of them.",
        )
        .help("Write it before the first table.")
        .fix(Fix::new(Applicability::Unsafe, title, edits));
    finding.keys = keys;
}

/// The plugins that the file lists by the names of version 1, by their URIs: the version written does not have others.
fn full_names(root: &Node) -> Vec<Edit> {
    let lists = ["disabled_plugins", "required_plugins"];
    let items = lists.iter().filter_map(|list| root.get(list)).flat_map(Node::items);
    let short = items.filter_map(|item| Some((item, plugin_uri::of_short_name(item.as_str()?)?)));
    short.map(|(item, uri)| edit::replace(item, edit::string(uri))).collect()
}

/// The first header that names the table or one below it.
fn first_header(entry: &Entry) -> Option<Span> {
    let map = entry.value.as_map()?;
    let own = map.headers.first().copied();
    let below = map.entries.iter().filter(|e| e.value.as_map().is_some_and(|m| m.style == MapStyle::Table));
    below.filter_map(first_header).chain(own).min()
}

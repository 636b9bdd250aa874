//! # `misplaced-key`
//!
//! A key in a table where containerd does not look for it: below the wrong plugin, one level too high or too low, or in
//! the place of another config version.
//!
//! ## Why
//!
//! containerd 1.x silently drops it, 2.x log `Ignoring unknown key in TOML`. Version 1 has all keys of the CRI plugin
//! in `plugins.cri`, version 2 in `plugins."io.containerd.grpc.v1.cri"`. In version 3 the plugin was split in three:
//!
//! | keys | versions 3 and 4 |
//! |---|---|
//! | streaming (`stream_server_address`, ...) | `plugins."io.containerd.grpc.v1.cri"` |
//! | CNI, runtimes | `plugins."io.containerd.cri.v1.runtime"` |
//! | registry, snapshotter, pause image | `plugins."io.containerd.cri.v1.images"` |
//!
//! 2.3 and later migrate the old table once more in a version 3 file and read its keys; 2.0 to 2.2 do not, and in a
//! version 4 file no release does.
//!
//! ## What to do
//!
//! Move the key to the table shown.
//!
//! ## Examples
//!
//! ```toml bad
//! version = 3
//! [plugins."io.containerd.cri.v1.runtime"]
//!   stream_server_address = "127.0.0.1"
//!   ^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```toml fixed
//! version = 3
//! [plugins."io.containerd.cri.v1.runtime"]
//!
//! [plugins."io.containerd.grpc.v1.cri"]
//! stream_server_address = "127.0.0.1"
//! ```
//!
//! ```toml bad
//! version = 3
//! [plugins."io.containerd.grpc.v1.cri".cni]
//!                                      ^^^
//!   conf_dir = "/etc/cni/net.d"
//! ```
//!
//! ```toml fixed
//! version = 3
//! [plugins."io.containerd.cri.v1.runtime".cni]
//!   conf_dir = "/etc/cni/net.d"
//! ```
//!
//! ```toml bad
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
//!   runtime_type = "io.containerd.runc.v2"
//!   SystemdCgroup = true
//!   ^^^^^^^^^^^^^
//! ```
//!
//! Version 4 moved the daemon's own tables:
//!
//! ```toml bad
//! version = 4
//! [grpc]
//!  ^^^^
//!   address = "/run/ctd/containerd.sock"
//! ```
//!
//! ```toml fixed
//! version = 4
//! [plugins."io.containerd.server.v1.grpc"]
//!   address = "/run/ctd/containerd.sock"
//! ```
//!
//! ```toml good
//! version = 3
//! [plugins."io.containerd.grpc.v1.cri"]
//!   stream_server_address = "127.0.0.1"
//! ```
//!
//! ## References
//!
//! - kubernetes/kubernetes#106464, containerd/containerd#12711, containerd/containerd#9886
//! - containerd/containerd@v2.3.4:plugins/cri; measured with 1.3.10 to 2.4.0-beta.0

use crate::containerd;
use crate::containerd::cri::Cri;
use crate::containerd::kind::table_of;
use crate::containerd::lifetime::is_below;
use crate::containerd::misplaced::{Belongs, place_elsewhere, table_name};
use crate::containerd::settings::unknown_in;
use crate::containerd::values::{is_zero_value, toml};
use crate::keys::{Binding, Bound, KeySpec, Place};
use crate::rules::prelude::*;
use crate::syntax::MapStyle;
use crate::syntax::path::{join, split};

pub(crate) const RULE: Rule = Rule {
    id: "misplaced-key",
    summary: "Key in a table where containerd does not look for it",
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&containerd::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    for bound in cx.bound {
        if bound.binding != Binding::Unknown || bound.within.name() == "plugins" {
            continue;
        }
        if let Some(place) = place_elsewhere(cx, bound) {
            report(cx, bound, &place);
        }
    }
    let mut reported: Vec<&KeySpec> = vec![];
    for bound in cx.bound {
        let Some(key) = bound.key().filter(|key| key.has_no_effect()) else { continue };
        let Some(new) = key.replaced_by() else { continue };
        if is_zero_value(&bound.entry.value.value) || reported.iter().any(|table| is_below(key, table)) {
            continue;
        }
        reported.push(key);
        report_moved(cx, bound.entry, new);
    }
}

fn has_tcp(entry: &Entry) -> bool {
    entry.value.entries().iter().any(|e| e.key.starts_with("tcp_"))
}

/// Whether all values in an entry are the defaults of a place.
fn spells_defaults(place: Option<Place>, entry: &Entry) -> bool {
    let nested = entry.value.entries();
    if !nested.is_empty() {
        return nested.iter().all(|e| spells_defaults(place.and_then(|place| place.child(&e.key)), e));
    }
    let default = place.and_then(Place::key).and_then(|key| key.defaults().next());
    default.is_some_and(|(_, default)| toml(&entry.value).as_deref() == Some(default))
}

fn move_fix(cx: &FileCx, entry: &Entry, target: &[&str]) -> Option<Fix> {
    let from = cx.parts_of(entry)?;
    let (name, table) = target.split_last()?;
    let edits = edit::move_to(cx.doc(), cx.root, &from, table, name)?;
    let is_table = entry.value.as_map().is_some_and(|map| map.style == MapStyle::Table);
    let title = match (is_table, table) {
        (true, _) => format!("Write [{}]", join(target)),
        (false, []) => "Move it to the top level".to_owned(),
        (false, table) => format!("Move it to [{}]", join(table)),
    };
    Some(Fix::new(Applicability::Unsafe, title, edits))
}

fn report(cx: &mut FileCx, bound: &Bound, place: &Belongs) {
    let entry = bound.entry;
    let path = cx.path_of(entry);
    let version = Cri::of(cx.root).version;
    let target: Vec<&str> = place.path.iter().map(String::as_str).collect();
    let right = join(&target);
    let fix = move_fix(cx, entry, &target);
    let releases = unknown_in(cx, cx.loaded, entry);
    let message = match place.is_old {
        true => format!("config version {version} has `{}` in another table: {}", entry.key, table_name(&right)),
        false => {
            format!("`{}` has no effect in {}: it belongs in {}", entry.key, table_name(&path), table_name(&right))
        }
    };
    let is_default = spells_defaults(cx.table.and_then(|table| table.find(&target)), entry);
    let finding = cx.report_key(entry, message);
    finding.ignored(releases).why(drops(place, version)).help(format!("Write it as `{right}`.")).maybe_fix(fix);
    if is_default {
        finding.as_info();
    }
}

fn drops(place: &Belongs, version: i64) -> &'static str {
    match (place.is_old, version) {
        (true, 3) => {
            "containerd 2.0 to 2.2 log `Ignoring unknown key in TOML for plugin` and use the default; 2.3 and later \
             read the old place once more."
        }
        (true, _) => {
            "Every release that reads version 4 logs `Ignoring unknown key in TOML for plugin` and uses the default."
        }
        (false, _) => {
            "containerd 1.x silently drops the key here; 2.x log `Ignoring unknown key in TOML` and use the default."
        }
    }
}

/// Reports a table of the daemon that version 4 made one of a plugin: it is silently read, and not used.
fn report_moved(cx: &mut FileCx, entry: &Entry, new: &str) {
    let path = cx.path_of(entry);
    let fix = move_fix(cx, entry, &split(new)).filter(|_| !has_tcp(entry));
    let tcp = if has_tcp(entry) {
        " Keys that start with tcp_ belong in `[plugins.\"io.containerd.server.v1.grpc-tcp\"]`, without the prefix."
    } else {
        ""
    };
    let version = Cri::of(cx.root).version;
    // Version 4 itself has no defaults for the old names.
    let old = cx.parts_of(entry).and_then(|from| table_of(3)?.find(&from));
    let is_default = spells_defaults(old, entry);
    let finding = cx.report_key(entry, format!("config version {version} does not use `{path}`: it is `{new}` there"));
    finding
        .ignored(Releases::ANY)
        .why(
            "Version 4 made the daemon's sockets and metrics plugins. containerd 2.3 and later silently read the old \
             table of a version 4 file and use the default.",
        )
        .help(format!("Write it as `{new}`.{tcp}"))
        .maybe_fix(fix);
    if is_default {
        finding.as_info();
    }
}

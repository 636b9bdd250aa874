//! # `misplaced-key`
//!
//! A key in a table where containerd does not look for it: below the wrong plugin, one level too high or too low, or in
//! the place of another config version.
//!
//! ## Why
//!
//! containerd 1.x drops it without a word, 2.x log `Ignoring unknown key in TOML`. In config version 3 the CRI plugin was
//! split in three, and its keys went to different places:
//!
//! | what | version 1 | version 2 | versions 3 and 4 |
//! |---|---|---|---|
//! | streaming (`stream_server_address`, ...) | `plugins.cri` | `plugins."io.containerd.grpc.v1.cri"` | the same |
//! | CNI, runtimes | `plugins.cri` | `plugins."io.containerd.grpc.v1.cri"` | `plugins."io.containerd.cri.v1.runtime"` |
//! | registry, snapshotter, pause image | `plugins.cri` | `plugins."io.containerd.grpc.v1.cri"` | `plugins."io.containerd.cri.v1.images"` |
//!
//! 2.3 and later migrate the old table once more in a version 3 file and read its keys; 2.0 to 2.2 do not, and in a
//! version 4 file nobody does.
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
use crate::containerd::kind::{CRI, Cri, table_of};
use crate::containerd::settings::{migrated_key, reads, says_nothing, toml};
use crate::keys::{Binding, Bound, KeySpec, Place, Suggestion};
use crate::rules::containerd::key_not_in_release::is_below;
use crate::rules::containerd::unknown_key::table_name;
use crate::rules::prelude::*;
use crate::syntax::MapStyle;
use crate::syntax::path::split;

pub(crate) const RULE: Rule = Rule {
    id: "misplaced-key",
    summary: "A key in a table where containerd does not look for it",
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&containerd::KIND], check),
    ..Rule::DEFAULTS
};

const BEFORE_2_3: Releases = Releases::containerd("..2.2");

/// 1.5 to 1.7 take keys of some CRI tables one level too high.
const NOT_EMBEDDED: Releases = Releases::containerd("..1.4,2.0..");
/// The tables that go-toml 1 fills from their parent where they are missing.
const EMBEDDED: [&str; 4] = ["containerd", "cni", "image_decryption", "x509_key_pair_streaming"];

/// Where a misplaced key belongs: its full path, with the names of this file for free parts.
pub(super) struct Belongs {
    path: Vec<String>,
    /// It stands where config version 2 had it.
    old: bool,
}

fn check(cx: &mut FileCx) {
    for bound in cx.bound {
        if bound.binding != Binding::Unknown || bound.within.name() == "plugins" || migrated_key(cx, bound).is_some() {
            continue;
        }
        if let Some(place) = place_elsewhere(cx, bound) {
            report(cx, bound, &place);
        }
    }
    let mut told: Vec<&KeySpec> = vec![];
    for bound in cx.bound {
        let Some(key) = bound.key().filter(|k| k.has_no_effect()) else { continue };
        let Some(new) = key.replaced_by() else { continue };
        if says_nothing(&bound.entry.value.value) || told.iter().any(|table| is_below(key, table)) {
            continue;
        }
        told.push(key);
        report_moved(cx, bound.entry, new);
    }
}

/// A table of the daemon that version 4 made one of a plugin: read without a word, and not used.
fn report_moved(cx: &mut FileCx, entry: &Entry, new: &str) {
    let path = cx.path_of(entry);
    let target = split(new);
    let fix = move_fix(cx, entry, &target).filter(|_| !has_tcp(entry));
    let tcp = if has_tcp(entry) {
        " What starts with tcp_ goes to `[plugins.\"io.containerd.server.v1.grpc-tcp\"]`, without the prefix."
    } else {
        ""
    };
    let version = Cri::of(cx.root).version;
    // Version 4 itself has no defaults for the old names.
    let old = cx.parts_of(entry).and_then(|from| table_of(3)?.find(&from));
    let default = spells_defaults(old, entry);
    let finding =
        cx.report(entry.key_span, format!("config version {version} does not use `{path}`: it is `{new}` there"));
    finding
        .ignored(Releases::ANY)
        .key(path)
        .why("Version 4 made the daemon's sockets and metrics plugins. containerd 2.3 and later read the old table of a version 4 file without a word and use the default.")
        .help(format!("Write it as `{new}`.{tcp}"))
        .maybe_fix(fix);
    if default {
        finding.as_info();
    }
}

fn has_tcp(entry: &Entry) -> bool {
    entry.value.entries().iter().any(|e| e.key.starts_with("tcp_"))
}

/// Whether all that an entry says are the defaults of a place.
fn spells_defaults(place: Option<Place>, entry: &Entry) -> bool {
    let nested = entry.value.entries();
    if !nested.is_empty() {
        return nested.iter().all(|e| spells_defaults(place.and_then(|p| p.child(&e.key)), e));
    }
    let default = place.and_then(Place::key).and_then(|key| key.defaults().next());
    default.is_some_and(|(_, default)| toml(&entry.value).as_deref() == Some(default))
}

/// The place where a key that is unknown in its own would be right.
pub(super) fn place_elsewhere(cx: &FileCx, bound: &Bound) -> Option<Belongs> {
    let from = cx.parts_of(bound.entry)?;
    let version = Cri::of(cx.root).version;
    if version >= 3 && from.get(1) == Some(&CRI) {
        // The plugin kept the streaming keys alone; where the others went is in the row of version 2.
        let old = table_of(2)?.find(&from)?.key()?;
        return belongs(old.replaced_by()?, &from, true);
    }
    if !cx.may_be_elsewhere(bound) {
        return None;
    }
    match cx.suggest(bound)? {
        Suggestion::Name(_) => None,
        Suggestion::Elsewhere(key) => elsewhere(key, &from),
    }
}

fn elsewhere(key: &'static KeySpec, from: &[&str]) -> Option<Belongs> {
    // Names such as `path`, `address` or `level` are everywhere: only names that tell are guessed at.
    const COMMON: [&str; 18] = [
        "path",
        "address",
        "uid",
        "gid",
        "level",
        "format",
        "type",
        "default",
        "config",
        "env",
        "platform",
        "args",
        "root_path",
        "enable",
        "disable",
        "auth",
        "name",
        "options",
    ];
    if COMMON.contains(&key.leaf()) {
        return None;
    }
    belongs(key.path(), from, false)
}

/// A path of the data with the names of `from` in place of its free parts; nothing if there are none to take.
fn belongs(path: &str, from: &[&str], old: bool) -> Option<Belongs> {
    let mut parts: Vec<String> = split(path).into_iter().map(str::to_owned).collect();
    for i in 0..parts.len() {
        if parts.get(i).is_some_and(|p| p == "*") {
            let before = parts.get(i.checked_sub(1)?)?.clone();
            let at = from.iter().position(|p| *p == before)?;
            let name = from.get(at + 1)?;
            *parts.get_mut(i)? = (*name).to_owned();
        }
    }
    // Texts such as "cgroup v2 delegation" are no paths.
    let is_path = parts.iter().all(|p| !p.contains(' ')) && !parts.iter().any(|p| p == "[]");
    is_path.then_some(Belongs { path: parts, old })
}

fn report(cx: &mut FileCx, bound: &Bound, place: &Belongs) {
    let entry = bound.entry;
    let path = cx.path_of(entry);
    let version = Cri::of(cx.root).version;
    let target: Vec<&str> = place.path.iter().map(String::as_str).collect();
    let right = crate::syntax::path::join(&target);
    let fix = move_fix(cx, bound.entry, &target);
    let plugin = if path.starts_with("plugins.") { reads(cx) } else { Releases::ANY };
    // 2.3 and later run the migration of the old tables once more in a version 3 file.
    let releases = match version {
        3 if place.old => plugin.and(BEFORE_2_3),
        _ if works_embedded(cx, &path, &target) => plugin.and(NOT_EMBEDDED),
        _ => plugin,
    };
    let (message, why) = if place.old {
        (
            format!("config version {version} keeps `{}` elsewhere: in {}", entry.key, table_name(&right)),
            if version == 3 {
                "containerd 2.0 to 2.2 log `Ignoring unknown key in TOML for plugin` and use the default; 2.3 and later read the old place once more."
            } else {
                "Every release that reads version 4 logs `Ignoring unknown key in TOML for plugin` and uses the default."
            },
        )
    } else {
        (
            format!("`{}` has no effect in {}: it belongs in {}", entry.key, table_name(&path), table_name(&right)),
            "containerd 1.x drops the key here without a word; 2.x log `Ignoring unknown key in TOML` and use the default.",
        )
    };
    let default = spells_defaults(cx.table.and_then(|table| table.find(&target)), entry);
    let finding = cx.report(entry.key_span, message);
    finding.ignored(releases).key(path).why(why).help(format!("Write it as `{right}`.")).maybe_fix(fix);
    if default {
        finding.as_info();
    }
}

/// Whether the key stands right above its table, which the file does not have otherwise.
fn works_embedded(cx: &FileCx, path: &str, target: &[&str]) -> bool {
    let [plugins, plugin, table, name] = target else { return false };
    let stands_above = path == crate::syntax::path::join(&[plugins, plugin, name]);
    stands_above && EMBEDDED.contains(table) && cx.root.at(&[plugins, plugin, table]).is_none()
}

fn move_fix(cx: &FileCx, entry: &Entry, target: &[&str]) -> Option<Fix> {
    let from = cx.parts_of(entry)?;
    let (name, table) = target.split_last()?;
    let edits = edit::move_to(cx.doc(), cx.root, &from, table, name)?;
    let is_table = entry.value.as_map().is_some_and(|m| m.style == MapStyle::Table);
    let title = match is_table {
        true => format!("Write [{}]", crate::syntax::path::join(target)),
        false => format!("Move it to [{}]", crate::syntax::path::join(table)),
    };
    Some(Fix::new(Applicability::Unsafe, title, edits))
}

//! # `settings-lost-in-migration`
//!
//! Settings of a version 1 file that containerd 2.0 to 2.2 lose.
//!
//! ## Why
//!
//! These releases raise a version 1 file straight to version 3 and give `[plugins.cri]` its new name, but run the
//! per-plugin migrations only for files that were below version 3 by then: never. The streaming keys survive, because
//! they kept their place. `sandbox_image`, `registry`, `cni`, `containerd` and the rest are unknown there: one warning
//! each in the log, and the defaults apply. For `[plugins.cgroups]`, `[plugins.restart]` and some short names nothing is
//! logged at all. 2.3 migrates version by version and reads them again.
//!
//! ## What to do
//!
//! Write the file as version 2 (`crilint --unsafe-fixes` renames short plugin names there) or as version 3.
//!
//! ## Examples
//!
//! ```toml bad
//! [plugins.cri]
//!   sandbox_image = "registry.example/pause:3.10"
//!   ^^^^^^^^^^^^^
//! [plugins.cri.cni]
//!   conf_dir = "/etc/cni/net.d"
//! ```
//!
//! Where all that is lost are defaults, nothing changes, and the finding is for information only:
//!
//! ```toml bad
//! [plugins.cri]
//!   stream_server_address = "127.0.0.1"
//!   stream_server_port = "0"
//!   enable_tls_streaming = false
//! [plugins.cri.cni]
//!   bin_dir = "/opt/cni/bin"
//!   ^^^^^^^
//!   conf_dir = "/etc/cni/net.d"
//! ```
//!
//! ```toml good containerd=1.7
//! [plugins.cri.cni]
//!   bin_dir = "/opt/cni/bin"
//! ```
//!
//! ```toml good containerd=2.3
//! [plugins.cri.cni]
//!   bin_dir = "/opt/cni/bin"
//! ```
//!
//! ## References
//!
//! - measured with 2.0.11, 2.1.9, 2.2.7 and 2.3.4: `config dump` and the log of the running daemon
//! - containerd/containerd@v2.2.7:cmd/containerd/server/config/config.go

use crate::containerd;
use crate::containerd::effective::more_settings;
use crate::containerd::kind::{is_drop_in, spoken_version};
use crate::containerd::settings::{is_default, says_nothing, toml};
use crate::keys::{Binding, Bound, KeySpec, Type};
use crate::rules::prelude::*;
use crate::syntax::Value;

pub(crate) const RULE: Rule = Rule {
    id: "settings-lost-in-migration",
    summary: "containerd 2.x loses settings of a version 1 file",
    category: Category::Migration,
    run: Run::File(&[&containerd::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    // Under a newer main file a drop-in is not migrated as version 1.
    if spoken_version(cx.root) != 1 || is_drop_in(cx.file.path) || cx.loaded.imports.of(cx.file.index).is_some() {
        return;
    }
    let all = lost(cx);
    let (defaults, losses): (Vec<Lost>, Vec<_>) = all.into_iter().partition(|l| changes_nothing(l.key, &l.entry.value));
    if losses.is_empty() {
        report(cx, &defaults).map(|finding| {
            finding
                .as_info()
                .help("They spell out the defaults, so nothing changes. Write the file as config version 2 before setting anything else.")
        });
    } else {
        let spelt_out: Vec<String> = defaults.iter().map(|l| cx.path_of(l.entry)).collect();
        if let Some(finding) = report(cx, &losses) {
            finding.keys.extend(spelt_out);
        }
    }
}

/// A setting that does not survive.
struct Lost<'t, 'a> {
    entry: &'t Entry<'a>,
    key: &'static KeySpec,
}

fn lost<'t, 'a>(cx: &FileCx<'_, 't, 'a>) -> Vec<Lost<'t, 'a>> {
    let target = cx.releases().get(Product::Containerd);
    let known = cx.bound.iter().filter(|b| is_written(b)).filter_map(|b| Some(Lost { entry: b.entry, key: b.key()? }));
    known.filter(|l| !l.key.lost_in().and(target).is_empty()).collect()
}

fn report<'c>(cx: &'c mut FileCx, lost: &[Lost]) -> Option<&'c mut Finding> {
    let first = lost.first()?;
    let releases = lost.iter().fold(ReleaseSet::NONE, |all, l| all.or(l.key.lost_in()));
    let keys: Vec<String> = lost.iter().map(|l| cx.path_of(l.entry)).collect();
    let names: Vec<_> = lost
        .iter()
        .filter(|l| !matches!(l.entry.value.value, Value::Map(_)))
        .map(|l| format!("`{}`", l.entry.key))
        .collect();
    let few = names.iter().take(3).cloned().collect::<Vec<_>>().join(", ");
    let message = match names.len() {
        0 => "this table of a version 1 file has no effect".to_owned(),
        1 => format!("{few} of this version 1 file has no effect"),
        2 | 3 => format!("{few} of this version 1 file have no effect"),
        n => format!("{few} and {} of this version 1 file have no effect", more_settings(n - 3)),
    };
    let finding = cx.report(first.entry.key_span, message);
    finding
        .ignored(Releases::ANY.with(Product::Containerd, releases))
        .why("containerd 2.0 to 2.2 do not run the CRI plugin's migrations for a version 1 file: what moved to another table since is lost (`Ignoring unknown key in TOML for plugin`), and the defaults apply.")
        .help("Write the file as config version 2 (`version = 2` and plugin URIs), which every release from 1.3 on reads in full.");
    finding.keys = keys;
    Some(finding)
}

/// Whether a value is what the key's successor is set to anyway.
fn changes_nothing(key: &KeySpec, node: &Node) -> bool {
    let new = key.replaced_by().and_then(|path| containerd::table_of(3)?.keys().iter().find(|k| k.path() == path));
    match new {
        Some(new) if matches!(new.ty(), Type::List(_)) && node.as_str().is_some() => {
            new.defaults().all(|(_, default)| toml(node).is_some_and(|one| default == format!("[{one}]")))
        }
        Some(new) if new.defaults().next().is_some() => is_default(new, node),
        _ if key.defaults().next().is_some() => is_default(key, node),
        _ => says_nothing(&node.value),
    }
}

/// Tables that only hold other entries say nothing by themselves.
fn is_written(bound: &Bound) -> bool {
    let speaks_for_itself = match bound.binding {
        Binding::Known(place) => !place.has_children(),
        _ => false,
    };
    match &bound.entry.value.value {
        Value::Map(map) if map.entries.is_empty() => !map.headers.is_empty(),
        Value::Map(_) => speaks_for_itself,
        _ => true,
    }
}

//! # `settings-lost-in-migration`
//!
//! Settings of a version 1 file that containerd 2.0 to 2.2 lose.
//!
//! ## Why
//!
//! These releases raise a version 1 file straight to version 3 and give `[plugins.cri]` its new name, but run the
//! per-plugin migrations only for files that were below version 3 by then: never. The streaming keys survive, because
//! their place is the same. `sandbox_image`, `registry`, `cni`, `containerd` and the rest are unknown there: one
//! warning each in the log, and the defaults apply. For `[plugins.cgroups]`, `[plugins.restart]` and some short names
//! nothing is logged at all. 2.3 migrates version by version and reads them again.
//!
//! ## What to do
//!
//! Write the file as version 2 (`crilint check --fix --unsafe-fixes` renames short plugin names there) or as version 3.
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
//! Where only defaults are lost, nothing changes, and the finding is for information only:
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
use crate::containerd::kind::spoken_version;
use crate::containerd::settings::is_imported;
use crate::containerd::values::{is_default, is_zero_value, more_settings, toml};
use crate::keys::{Binding, Bound, KeySpec, Type};
use crate::rules::prelude::*;
use crate::syntax::Value;

pub(crate) const RULE: Rule = Rule {
    id: "settings-lost-in-migration",
    summary: "Settings of a version 1 file that containerd 2.x lose",
    category: Category::Migration,
    run: Run::File(&[&containerd::KIND], check),
    ..Rule::DEFAULTS
};

/// A setting that does not survive the migration.
struct UnmigratedSetting<'t, 'a> {
    entry: &'t Entry<'a>,
    key: &'static KeySpec,
}

fn check(cx: &mut FileCx) {
    // Under a newer main file a drop-in is not migrated as version 1.
    if spoken_version(cx.root) != 1 || is_imported(cx) {
        return;
    }
    let target = cx.releases().get(Product::Containerd);
    let (mut defaults, mut losses) = (vec![], vec![]);
    for bound in cx.bound.iter().filter(|bound| is_written(bound)) {
        let Some(key) = bound.key().filter(|key| !key.lost_in().and(target).is_empty()) else { continue };
        let group = if changes_nothing(key, &bound.entry.value) { &mut defaults } else { &mut losses };
        group.push(UnmigratedSetting { entry: bound.entry, key });
    }
    if losses.is_empty() {
        report(cx, &defaults, &[]);
    } else {
        report(cx, &losses, &defaults);
    }
}

/// Whether an entry sets anything: tables that only hold other entries do not.
fn is_written(bound: &Bound) -> bool {
    match &bound.entry.value.value {
        Value::Map(map) if map.entries.is_empty() => !map.headers.is_empty(),
        Value::Map(_) => matches!(bound.binding, Binding::Known(place) if !place.has_children()),
        _ => true,
    }
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
        _ => is_zero_value(&node.value),
    }
}

/// Reports what is lost; `defaults` are lost too, and change nothing.
fn report(cx: &mut FileCx, lost: &[UnmigratedSetting], defaults: &[UnmigratedSetting]) {
    let Some(first) = lost.first() else { return };
    let releases = lost.iter().fold(ReleaseSet::NONE, |all, setting| all.or(setting.key.lost_in()));
    let keys: Vec<String> = lost.iter().chain(defaults).map(|setting| cx.path_of(setting.entry)).collect();
    let is_harmless = changes_nothing(first.key, &first.entry.value);
    let finding = cx.report(first.entry.key_span, message(lost));
    finding.keys = keys;
    finding.ignored(Releases::only(Product::Containerd, releases)).why(
        "containerd 2.0 to 2.2 do not run the CRI plugin's migrations for a version 1 file: what moved to another \
         table since is lost (`Ignoring unknown key in TOML for plugin`), and the defaults apply.",
    );
    if is_harmless {
        finding.as_info().help(
            "They spell out the defaults, so nothing changes. Write the file as config version 2 before setting \
             anything else.",
        );
    } else {
        finding.help(
            "Write the file as config version 2 (`version = 2` and plugin URIs), which every release from 1.3 on reads \
             in full.",
        );
    }
}

fn message(lost: &[UnmigratedSetting]) -> String {
    let settings = lost.iter().filter(|setting| !matches!(setting.entry.value.value, Value::Map(_)));
    let names: Vec<_> = settings.map(|setting| format!("`{}`", setting.entry.key)).collect();
    let few = names.iter().take(3).cloned().collect::<Vec<_>>().join(", ");
    match names.len() {
        0 => "this table of a version 1 file has no effect".to_owned(),
        1 => format!("{few} of this version 1 file has no effect"),
        2 | 3 => format!("{few} of this version 1 file have no effect"),
        n => format!("{few} and {} of this version 1 file have no effect", more_settings(n - 3)),
    }
}

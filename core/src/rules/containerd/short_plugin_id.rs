//! # `short-plugin-id`
//!
//! A plugin table by its short version 1 name, such as `[plugins.cri]`, in a file of config version 2 or later.
//!
//! ## Why
//!
//! From version 2 on plugins are named by URI. containerd 1.3 to 1.7 do not start (`invalid plugin key URI "cri" expect
//! io.containerd.x.vx`). 2.x silently drop the whole table. The same happens to a URI without quotes, which TOML
//! reads as five nested tables.
//!
//! ## What to do
//!
//! Write the URI in quotes: `[plugins."io.containerd.grpc.v1.cri"]`.
//!
//! ## Examples
//!
//! ```toml bad containerd=1.7
//! version = 2
//! [plugins.cri]
//!          ^^^
//!   sandbox_image = "registry.k8s.io/pause:3.10"
//! ```
//!
//! ```toml fixed
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri"]
//!   sandbox_image = "registry.k8s.io/pause:3.10"
//! ```
//!
//! ```toml bad
//! version = 2
//! [plugins.io.containerd.grpc.v1.cri.registry]
//!          ^^
//!   config_path = "/etc/containerd/certs.d"
//! ```
//!
//! ```toml good
//! [plugins.cri]
//!   stream_server_address = "127.0.0.1"
//! ```
//!
//! ## References
//!
//! - kata-containers/kata-containers#4124, containerd/containerd#4920
//! - containerd/containerd@v1.7.34:services/server/config/config.go; measured with 1.3.10 to 2.4.0-beta.0

use crate::containerd::eras::{CHECKS_PLUGIN_NAMES_OF_2, MIGRATES};
use crate::containerd::settings::checks_names;
use crate::containerd::{kind as containerd, plugin_uri};
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "short-plugin-id",
    summary: "Plugin table by its version 1 name in a newer file",
    category: Category::Migration,
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&containerd::KIND], check),
    ..Rule::DEFAULTS
};

/// Finds no plugin by such a name: 2.x, and 1.3 and 1.4 where they do not check it.
const DROPS_TABLE: Releases = MIGRATES.or(CHECKS_PLUGIN_NAMES_OF_2);

fn check(cx: &mut FileCx) {
    // 2.x rename the tables of each file by its own version.
    let is_newer = containerd::written_version(cx.root).is_some_and(|version| version >= 2);
    let refused = checks_names(cx, cx.loaded);
    if refused.is_empty() && !is_newer {
        return;
    }
    let ignored = if is_newer { DROPS_TABLE } else { Releases::NONE };
    let plugins = cx.root.get("plugins").map(Node::entries).unwrap_or_default();
    for entry in plugins.iter().filter(|entry| !entry.key.contains('.')) {
        let (message, help) = if entry.key == "io" { without_quotes() } else { short_name(&entry.key) };
        let fix = rename(entry);
        cx.report_key(entry, message)
            .refused(refused)
            .ignored(ignored)
            .why(format!(
                "containerd 1.3 to 1.7 do not start (`invalid plugin key URI \"{}\" expect io.containerd.x.vx`); 2.x \
                 silently drop the table.",
                entry.key
            ))
            .help(help)
            .maybe_fix(fix);
    }
}

/// Writes the URI into every header of the table.
fn rename(entry: &Entry) -> Option<Fix> {
    let uri = plugin_uri::of_short_name(&entry.key)?;
    let edits = edit::rename_table(&entry.value, &["plugins", uri])?;
    Some(Fix::new(Applicability::Unsafe, format!("Write \"{uri}\""), edits))
}

fn without_quotes() -> (String, String) {
    (
        "a plugin URI without quotes is five nested tables, which no plugin reads".to_owned(),
        "Put the URI in quotes: `[plugins.\"io.containerd.grpc.v1.cri\"]`.".to_owned(),
    )
}

fn short_name(name: &str) -> (String, String) {
    let uri = plugin_uri::of_short_name(name).unwrap_or("io.containerd.<type>.v1.<id>");
    (
        format!("`{name}` is the plugin's name in config version 1; later versions have {uri}"),
        format!("Write `[plugins.\"{uri}\"]`."),
    )
}

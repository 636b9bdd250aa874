//! # `short-plugin-id`
//!
//! A plugin table by its short version 1 name, such as `[plugins.cri]`, in a file of config version 2 or later.
//!
//! ## Why
//!
//! From version 2 on plugins go by their URI. containerd 1.3 to 1.7 do not start (`invalid plugin key URI "cri" expect
//! io.containerd.x.vx`). 2.x drop the whole table without a word. The same happens to a URI without quotes, which TOML
//! reads as five tables in each other.
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

use crate::containerd::settings::checks_names;
use crate::containerd::{kind as containerd, plugin_uri};
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "short-plugin-id",
    summary: "A plugin table by its version 1 name in a newer file",
    category: Category::Migration,
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&containerd::KIND], check),
    ..Rule::DEFAULTS
};

/// Where the name is not checked, no plugin is looked for by it.
const UNCHECKED: Releases = Releases::containerd("1.3..1.4");
const DROPPED: Releases = Releases::containerd("2.0..");

fn check(cx: &mut FileCx) {
    // 2.x rename the tables of each file by its own version.
    let newer = containerd::written_version(cx.root).is_some_and(|v| v >= 2);
    let dropped = if newer { DROPPED } else { Releases::NONE };
    let refused = checks_names(cx, cx.loaded);
    if refused.is_empty() && !newer {
        return;
    }
    let plugins = cx.root.get("plugins").map(Node::entries).unwrap_or_default();
    for entry in plugins.iter().filter(|e| !e.key.contains('.')) {
        let unquoted = entry.key == "io";
        let (message, help) = if unquoted {
            (
                "a plugin URI without quotes is five tables in each other, which no plugin reads".to_owned(),
                "Put the URI in quotes: `[plugins.\"io.containerd.grpc.v1.cri\"]`.".to_owned(),
            )
        } else {
            let uri = plugin_uri::of_short_name(&entry.key).unwrap_or("io.containerd.<type>.v1.<id>");
            (
                format!(
                    "`{}` is the name of a plugin in config version 1; version 2 and later know it as {uri}",
                    entry.key
                ),
                format!("Write `[plugins.\"{uri}\"]`."),
            )
        };
        let path = cx.path_of(entry);
        let fix = rename(entry);
        cx.report(entry.key_span, message)
            .refused(refused)
            .ignored(if newer { dropped.or(UNCHECKED) } else { dropped })
            .key(path)
            .why(format!("containerd 1.3 to 1.7 do not start (`invalid plugin key URI \"{}\" expect io.containerd.x.vx`); 2.x drop the table without a word.", entry.key))
            .help(help)
            .maybe_fix(fix);
    }
}

/// Writes the URI into every header of the table.
fn rename(entry: &Entry) -> Option<Fix> {
    let uri = plugin_uri::of_short_name(&entry.key)?;
    Some(Fix::new(
        Applicability::Unsafe,
        format!("Write \"{uri}\""),
        edit::rename_table(&entry.value, &["plugins", uri])?,
    ))
}

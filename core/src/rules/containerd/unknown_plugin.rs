//! # `unknown-plugin`
//!
//! A `[plugins."..."]` table by a URI for which containerd has no plugin, or whose plugin has no settings.
//!
//! ## Why
//!
//! Every release silently ignores such a table. 2.x even print it in `config dump`.
//! Typical slips are `cri.v1.runtimes`, a quote that closes too late (`"io.containerd.grpc.v1.cri.registry"`), and
//! `[plugin."..."]` without its s.
//!
//! ## What to do
//!
//! Correct the name. If your containerd is built with a plugin of its own, as that of k3s is, write
//! `# crilint: ignore[unknown-plugin]`. A plugin that has no settings needs no table.
//!
//! ## Examples
//!
//! ```toml bad
//! version = 3
//! [plugins."io.containerd.cri.v1.runtimes".cni]
//!          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
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
//! [plugins."io.containerd.grpc.v1.cri.registry"]
//!          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
//!   config_path = "/etc/containerd/certs.d"
//! ```
//!
//! ```toml bad
//! version = 3
//! [plugins."io.containerd.grpc.v1.healthcheck"]
//!          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
//!   interval = "5s"
//! ```
//!
//! ```toml good
//! version = 2
//! [plugins."io.containerd.snapshotter.v1.overlayfs"]
//!   root_path = "/data/overlayfs"
//! ```
//!
//! ## References
//!
//! - measured with 1.3.10 to 2.4.0-beta.0: no log line, exit status 0
//! - containerd/containerd@v1.7.34:services/server/server.go,
//!   containerd/containerd@v2.3.4:cmd/containerd/server/server.go: a table is decoded if the plugin has a `Config`

use crate::containerd::settings::{checks_names, counts};
use crate::containerd::{kind as containerd, plugin_uri, plugins};
use crate::keys::{Binding, Bound, Place, nearest};
use crate::rules::prelude::*;
use crate::syntax::Value;
use crate::syntax::path::join;

pub(crate) const RULE: Rule = Rule {
    id: "unknown-plugin",
    summary: "Table of a plugin that containerd does not have, or that has no settings",
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&containerd::KIND], check),
    ..Rule::DEFAULTS
};

/// Reads all of `[plugins]` as tables. Earlier releases decode the table of a plugin when it loads. Source: `Config` of
/// containerd/containerd@v1.4.13, @v1.5.18:services/server/config/config.go.
const REQUIRES_TABLES: Releases = Releases::containerd("1.5..1.7");

fn check(cx: &mut FileCx) {
    for bound in cx.bound {
        // Names without a dot are the fault of another rule.
        let is_unknown = bound.binding == Binding::Unknown && bound.within.name() == "plugins";
        if !is_unknown || !bound.entry.key.contains('.') {
            continue;
        }
        let counts = counts(cx, cx.loaded, bound.entry);
        if counts.is_empty() {
            report(cx, bound);
        } else {
            report_newer(cx, bound.entry, counts);
        }
    }
}

/// Whether containerd has the plugin, and no config version has a setting of it.
fn has_no_settings(uri: &str) -> bool {
    let has = |version| containerd::table_of(version).is_some_and(|table| table.find(&["plugins", uri]).is_some());
    plugins::find(uri).is_some() && !(1..=4).any(has)
}

/// The path below `plugins` that was probably meant.
fn meant(plugins: Place, key: &str) -> Option<Vec<String>> {
    let known = || plugins.children().map(Place::name).filter(|name| name.contains('.'));
    // A quote closed too late: the rest of the name is a table of the plugin.
    let wide = known().find_map(|uri| {
        let rest = key.strip_prefix(uri)?.strip_prefix('.')?;
        let place = plugins.child(uri)?;
        let parts: Vec<String> = rest.split('.').map(str::to_owned).collect();
        place.child(parts.first()?)?;
        Some(std::iter::once(uri.to_owned()).chain(parts).collect())
    });
    wide.or_else(|| nearest(key, known()).map(|uri| vec![uri.to_owned()]))
}

fn rename(entry: &Entry, meant: &[String]) -> Option<Fix> {
    let path: Vec<&str> = std::iter::once("plugins").chain(meant.iter().map(String::as_str)).collect();
    let edits = edit::rename_table(&entry.value, &path)?;
    Some(Fix::new(Applicability::Unsafe, format!("Write [{}]", join(&path)), edits))
}

fn report(cx: &mut FileCx, bound: &Bound) {
    let entry = bound.entry;
    let key = entry.key.as_ref();
    let is_bare = has_no_settings(key);
    let is_table = matches!(entry.value.value, Value::Map(_) | Value::Missing);
    let refused = match plugin_uri::refused(key) {
        _ if !is_table => REQUIRES_TABLES,
        Some(refused) => refused.and(checks_names(cx, cx.loaded)),
        None => Releases::NONE,
    };
    let meant = meant(bound.within, key).filter(|_| !is_bare);
    let fix = meant.as_ref().and_then(|meant| rename(entry, meant));
    let message = match is_bare {
        true => format!("the plugin `{key}` has no settings"),
        false => format!("containerd has no plugin `{key}`"),
    };
    cx.report_key(entry, message)
        .refused(refused)
        .ignored(Releases::ANY)
        .why(why(key, is_table, refused))
        .help(help(is_bare, meant.as_deref()))
        .maybe_fix(fix);
}

/// Reports a table by a name that belongs to another config version, and that some releases still read.
fn report_newer(cx: &mut FileCx, entry: &Entry, reading: Releases) {
    let reading = reading.get(Product::Containerd);
    let version = containerd::written_version(cx.root).unwrap_or(1);
    let others = Releases::only(Product::Containerd, cx.releases().get(Product::Containerd).without(reading));
    let message = format!(
        "in a file of config version {version} only containerd {} reads `{}`",
        reading.describe(Product::Containerd),
        entry.key
    );
    cx.report_key(entry, message)
        .ignored(others)
        .why("The name belongs to a newer config version. 2.x take the table as it is; 1.x silently ignore it.")
        .help(
            "Write the file in the config version of this name, or use the table name of the version that the file \
             has.",
        );
}

fn why(key: &str, is_table: bool, refused: Releases) -> String {
    if !is_table {
        "containerd 1.x do not start: they expect a table for every plugin, known or not. 2.x silently ignore it."
            .to_owned()
    } else if refused.is_empty() {
        "Every release silently ignores the table: nothing in it has an effect.".to_owned()
    } else {
        format!(
            "containerd 2.x silently ignore the table; 1.x want a full URI and do not start \
             (`invalid plugin key URI \"{key}\" expect io.containerd.x.vx`)."
        )
    }
}

fn help(is_bare: bool, meant: Option<&[String]>) -> String {
    match meant {
        _ if is_bare => "Remove the table.".to_owned(),
        Some(meant) => {
            let parts: Vec<&str> = meant.iter().map(String::as_str).collect();
            format!("Did you mean `[plugins.{}]`?", join(&parts))
        }
        None => {
            "Correct the URI, remove the table, or ignore this finding if your containerd is built with that plugin."
                .to_owned()
        }
    }
}

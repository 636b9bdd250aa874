//! # `unknown-plugin`
//!
//! A `[plugins."..."]` table by a URI that containerd has no plugin for, or whose plugin has no settings.
//!
//! ## Why
//!
//! No release says a word about such a table: it is simply never looked at. 2.x even print it back in `config dump`.
//! Typical slips are `cri.v1.runtimes`, a quote that closes too late (`"io.containerd.grpc.v1.cri.registry"`), and
//! `[plugin."..."]` without its s.
//!
//! ## What to do
//!
//! Mend the name. If your containerd is built with a plugin of its own, as k3s is, say so with
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
//! - containerd/containerd@v1.7.34:services/server/server.go, containerd/containerd@v2.3.4:cmd/containerd/server/server.go: a
//!   table is decoded if the plugin has a `Config`

use crate::containerd::settings::{checks_names, counts};
use crate::containerd::{kind as containerd, plugin_uri, plugins};
use crate::keys::{Binding, Place, nearest};
use crate::rules::prelude::*;
use crate::syntax::Value;

pub(crate) const RULE: Rule = Rule {
    id: "unknown-plugin",
    summary: "A table of no plugin that containerd has, or of one without settings",
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&containerd::KIND], check),
    ..Rule::DEFAULTS
};

/// They read all of `[plugins]` as tables.
const WANT_TABLES: Releases = Releases::containerd("1.3..1.7");

fn check(cx: &mut FileCx) {
    let unknown = cx.bound.iter().filter(|b| b.binding == Binding::Unknown && b.within.name() == "plugins");
    for bound in unknown.copied().collect::<Vec<_>>() {
        let entry = bound.entry;
        // Names without a dot are another rule's.
        if !entry.key.contains('.') {
            continue;
        }
        let path = cx.path_of(entry);
        let live = counts(cx, cx.loaded, entry);
        if !live.is_empty() {
            report_newer(cx, entry, path, live);
            continue;
        }
        let bare = without_settings(&entry.key);
        let meant = meant(bound.within, &entry.key);
        let fix = meant.as_ref().filter(|_| !bare).and_then(|meant| rename(entry, meant));
        let help = match &meant {
            _ if bare => "Remove the table.".to_owned(),
            Some(meant) => format!("Did you mean `[plugins.{}]`?", crate::syntax::path::join(&meant.iter().map(String::as_str).collect::<Vec<_>>())),
            None => "Correct the URI, remove the table, or ignore this finding if your containerd is built with that plugin.".to_owned(),
        };
        let scalar = !matches!(entry.value.value, Value::Map(_) | Value::Missing);
        let refused = if scalar { WANT_TABLES } else { refused(cx, &entry.key) };
        let why = if scalar {
            "containerd 1.x do not start: they expect a table for every plugin, known or not. 2.x do not look at it and say nothing.".to_owned()
        } else if refused.is_empty() {
            "No release looks at the table or says a word about it: everything in it has no effect.".to_owned()
        } else {
            format!(
                "containerd 2.x do not look at the table and say nothing; 1.x want a full URI and do not start (`invalid plugin key URI \"{}\" expect io.containerd.x.vx`).",
                entry.key
            )
        };
        let message = if bare {
            format!("the plugin `{}` has no settings", entry.key)
        } else {
            format!("containerd has no plugin `{}`", entry.key)
        };
        cx.report(entry.key_span, message)
            .refused(refused)
            .ignored(Releases::ANY)
            .key(path)
            .why(why)
            .help(help)
            .maybe_fix(fix);
    }
}

/// A table by a name that belongs to another config version, and that some releases read all the same.
fn report_newer(cx: &mut FileCx, entry: &Entry, path: String, live: Releases) {
    let reads = live.get(Product::Containerd);
    let version = containerd::written_version(cx.root).unwrap_or(1);
    let others = Releases::ANY.with(Product::Containerd, cx.releases().get(Product::Containerd).without(reads));
    let message = format!(
        "in a file of config version {version} only containerd {} reads `{}`",
        reads.describe(Product::Containerd),
        entry.key
    );
    cx.report(entry.key_span, message)
        .ignored(others)
        .key(path)
        .why("The name belongs to a newer config version. 2.x take the table as it is; 1.x do not look at it and say nothing.")
        .help("Write the file in the config version of this name, or use the table name of the version that the file has.");
}

/// Whether containerd has the plugin, and no config version has a setting of it.
fn without_settings(uri: &str) -> bool {
    let settings = |version| containerd::table_of(version).is_some_and(|t| t.find(&["plugins", uri]).is_some());
    plugins::find(uri).is_some() && !(1..=4).any(settings)
}

/// The releases that do not start with such a name.
fn refused(cx: &FileCx, name: &str) -> Releases {
    plugin_uri::refused(name).map_or(Releases::NONE, |refused| refused.and(checks_names(cx, cx.loaded)))
}

/// The path below `plugins` that was probably meant.
fn meant(plugins: Place, key: &str) -> Option<Vec<String>> {
    let known = || plugins.children().map(Place::name).filter(|n| n.contains('.'));
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
    Some(Fix::new(
        Applicability::Unsafe,
        format!("Write [{}]", crate::syntax::path::join(&path)),
        edit::rename_table(&entry.value, &path)?,
    ))
}

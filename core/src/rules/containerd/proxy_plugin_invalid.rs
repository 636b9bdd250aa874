//! # `proxy-plugin-invalid`
//!
//! A `[proxy_plugins.NAME]` table that containerd cannot make a plugin of.
//!
//! ## Why
//!
//! A type that the release does not know, or none, makes it panic (`plugin: no type`), and so does the name of a plugin that
//! is built in (`plugin: id already registered`). With a second content store, the metadata plugin of 2.x does not load
//! (`multiple plugins registered for io.containerd.content.v1`), and CRI with it.
//!
//! | type | known by |
//! |---|---|
//! | `snapshot`, `content` | 1.2 and later |
//! | `diff` | 1.7 and later |
//! | `sandbox` | 2.0 and later |
//!
//! ## What to do
//!
//! Write the type of the plugin as the release knows it, and a name of its own.
//!
//! ## Examples
//!
//! ```toml bad
//! version = 2
//! [proxy_plugins.stargz]
//!   type = "snapshotter"
//!          ^^^^^^^^^^^^^
//!   address = "/run/containerd-stargz-grpc/containerd-stargz-grpc.sock"
//! ```
//!
//! ```toml fixed
//! version = 2
//! [proxy_plugins.stargz]
//!   type = "snapshot"
//!   address = "/run/containerd-stargz-grpc/containerd-stargz-grpc.sock"
//! ```
//!
//! ```toml bad
//! version = 2
//! [proxy_plugins.overlayfs]
//!                ^^^^^^^^^
//!   type = "snapshot"
//!   address = "/run/overlayfs.sock"
//! ```
//!
//! ```toml good
//! version = 2
//! [proxy_plugins.soci]
//!   type = "snapshot"
//!   address = "/run/soci-snapshotter-grpc/soci-snapshotter-grpc.sock"
//! ```
//!
//! ## References
//!
//! - containerd/containerd@v1.2.14, v1.7.34:services/server/server.go, v2.3.4:cmd/containerd/server/server.go
//! - measured with 1.0.3 to 2.4.0-beta.0

use crate::containerd::effective::{Spot, by_release};
use crate::containerd::loader::{Effective, Item};
use crate::containerd::plugins;
use crate::keys::nearest;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "proxy-plugin-invalid",
    summary: "A proxy plugin that containerd cannot register",
    fix: Some(Applicability::Unsafe),
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

/// They panic on a plugin without type or with an id that is taken.
const PANICS: ReleaseSet = Releases::containerd("1.2..").get(Product::Containerd);
const ONE_STORE: ReleaseSet = Releases::containerd("2.0..").get(Product::Containerd);

/// The types with their plugin type and the releases that know them.
const TYPES: [(&str, &str, ReleaseSet); 4] = [
    ("snapshot", "io.containerd.snapshotter.v1", Releases::containerd("1.2..").get(Product::Containerd)),
    ("content", "io.containerd.content.v1", Releases::containerd("1.2..").get(Product::Containerd)),
    ("diff", "io.containerd.differ.v1", Releases::containerd("1.7..").get(Product::Containerd)),
    ("sandbox", "io.containerd.sandbox.controller.v1", Releases::containerd("2.0..").get(Product::Containerd)),
];

#[derive(PartialEq)]
enum Fault {
    /// The type is unknown, or missing.
    Type(Spot, String),
    /// The name is that of a plugin that is built in.
    Name(Spot, String),
    /// A second content store.
    Content(Spot),
}

fn check(cx: &mut NodeCx) {
    let loaded = cx.loaded;
    for configuration in loaded.configurations() {
        for (fault, releases) in by_release(configuration, find) {
            report(cx, &fault, releases);
        }
    }
}

fn find(effective: &Effective, out: &mut Vec<Fault>) {
    let proxies = effective.top(&["proxy_plugins"]).and_then(Item::as_table);
    let proxies = proxies.filter(|_| effective.release.is_in(PANICS));
    for (name, item) in proxies.into_iter().flat_map(|proxies| proxies.entries()) {
        let (Some(proxy), Some(at)) = (item.as_table(), Spot::of_item(item)) else { continue };
        let written = effective.entry(proxy, "type").and_then(Item::as_leaf);
        let ty = match written {
            Some(leaf) => leaf.value.as_str(),
            None => Some(""),
        };
        // A value that is no text is another rule's.
        let Some(ty) = ty else { continue };
        let known = TYPES.iter().find(|(short, long, _)| [*short, *long].contains(&ty));
        let Some((_, long, _)) = known.filter(|(.., set)| effective.release.is_in(*set)) else {
            out.push(Fault::Type(written.map_or(at, Spot::of), ty.to_owned()));
            continue;
        };
        let uri = format!("{long}.{name}");
        if plugins::find(&uri).is_some_and(|plugin| effective.release.is_in(plugin.releases())) {
            out.push(Fault::Name(at, uri));
        } else if ty.contains("content") && effective.release.is_in(ONE_STORE) && is_second(effective, &uri) {
            out.push(Fault::Content(at));
        }
    }
}

/// Whether the built-in content store runs beside this one.
fn is_second(effective: &Effective, uri: &str) -> bool {
    effective.runs(uri) && effective.runs("io.containerd.content.v1.content")
}

fn report(cx: &mut NodeCx, fault: &Fault, releases: Releases) {
    let (spot, effect, message, why, help) = match fault {
        Fault::Type(spot, ty) if ty.is_empty() => (
            spot,
            Effect::Refused,
            "the proxy plugin has no type".to_owned(),
            "containerd panics at start: `plugin: no type`.".to_owned(),
            "Add a type: \"snapshot\" for a snapshotter.".to_owned(),
        ),
        Fault::Type(spot, ty) => (
            spot,
            Effect::Refused,
            format!("\"{ty}\" is no type of a proxy plugin"),
            format!("containerd logs `unknown proxy plugin type` with \"{ty}\" and panics: `plugin: no type`."),
            "Write \"snapshot\", \"content\", \"diff\" (1.7 and later) or \"sandbox\" (2.0 and later).".to_owned(),
        ),
        Fault::Name(spot, uri) => (
            spot,
            Effect::Refused,
            format!("the proxy plugin has the name of one that is built in: {uri}"),
            format!("containerd panics at start: `{uri}: plugin: id already registered`."),
            "Give it another name, and use that one where it is meant.".to_owned(),
        ),
        Fault::Content(spot) => (
            spot,
            Effect::Failed,
            "a second content store".to_owned(),
            "The metadata plugin of containerd 2.x does not load (`multiple plugins registered for io.containerd.content.v1`), and nearly all plugins with it, CRI included.".to_owned(),
            "Turn the built-in one off by `disabled_plugins = [\"io.containerd.content.v1.content\"]`, or remove this one.".to_owned(),
        ),
    };
    let close = match fault {
        Fault::Type(_, ty) if !ty.is_empty() => {
            let mut shorts = TYPES.iter().map(|(short, ..)| *short);
            shorts.clone().find(|short| ty.starts_with(short)).or_else(|| nearest(ty, &mut shorts))
        }
        _ => None,
    };
    let fix = close.map(|ty| Fix::edit(Applicability::Unsafe, format!("Write \"{ty}\""), spot.value, edit::string(ty)));
    let path = spot.path(cx.loaded);
    cx.report(spot.file, spot.value, message).outcome(effect, releases).key(path).why(why).help(help).maybe_fix(fix);
}

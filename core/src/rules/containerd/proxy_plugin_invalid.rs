//! # `proxy-plugin-invalid`
//!
//! A `[proxy_plugins.NAME]` table that containerd cannot register as a plugin.
//!
//! ## Why
//!
//! A missing type, or one that the release does not have, makes it panic (`plugin: no type`), and so does the name of
//! a plugin that is built in (`plugin: id already registered`). With a second content store, the metadata plugin of
//! 2.x does not load (`multiple plugins registered for io.containerd.content.v1`), and CRI with it.
//!
//! | type | releases |
//! |---|---|
//! | `snapshot`, `content` | 1.2 and later |
//! | `diff` | 1.7 and later |
//! | `sandbox` | 2.0 and later |
//!
//! ## What to do
//!
//! Write a type that the release has, and a name of its own.
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

use crate::containerd::eras::SPLITS_CRI;
use crate::containerd::loader::Effective;
use crate::containerd::plugins::{proxy_type, proxy_types};
use crate::containerd::settings::in_effect;
use crate::keys::nearest;
use crate::kind::SettingPlace;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "proxy-plugin-invalid",
    summary: "Proxy plugin that containerd cannot register",
    fix: Some(Applicability::Unsafe),
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

/// Panics on a plugin without a type, or with an id that another one has.
const PANICS: Releases = Releases::containerd("1.2..");
/// Has a metadata plugin that allows one content store.
const ALLOWS_ONE_STORE: Releases = SPLITS_CRI;

#[derive(PartialEq)]
enum ProxyFault {
    NoType,
    UnknownType(String),
    /// The name is that of a plugin that is built in.
    BuiltIn(String),
    SecondContentStore,
}

fn check(cx: &mut NodeCx) {
    for ((place, fault), releases) in in_effect(cx.loaded, find) {
        report(cx, place, &fault, releases);
    }
}

fn find(effective: &Effective) -> Vec<(SettingPlace, ProxyFault)> {
    let mut found = vec![];
    for (name, item) in effective.proxies().filter(|_| effective.release.is_in(PANICS)) {
        let (Some(proxy), Some(place)) = (item.as_table(), SettingPlace::of_item(item)) else { continue };
        let written = effective.leaf(proxy, "type");
        // A value that is not text is the fault of another rule.
        let Some(text) = written.map_or(Some(""), |leaf| leaf.value.as_str()) else { continue };
        let known = proxy_type(text).filter(|known| effective.release.is_among(ReleaseSet(known.releases)));
        let Some(known) = known else {
            let fault = if text.is_empty() { ProxyFault::NoType } else { ProxyFault::UnknownType(text.to_owned()) };
            found.push((written.map_or(place, SettingPlace::of), fault));
            continue;
        };
        let uri = format!("{}.{name}", known.plugin_type);
        if effective.has_plugin(&uri) {
            found.push((place, ProxyFault::BuiltIn(uri)));
        } else if known.name == "content" && is_second_store(effective, &uri) {
            found.push((place, ProxyFault::SecondContentStore));
        }
    }
    found
}

/// Whether the built-in content store runs beside this one.
fn is_second_store(effective: &Effective, uri: &str) -> bool {
    let both_run = effective.runs(uri) && effective.runs("io.containerd.content.v1.content");
    both_run && effective.release.is_in(ALLOWS_ONE_STORE)
}

/// The type that is probably meant.
fn close_type(text: &str) -> Option<&'static str> {
    let names = || proxy_types().iter().map(|known| known.name);
    let meant = names().find(|name| text.starts_with(name)).or_else(|| nearest(text, names()));
    // A type of another release is not a slip.
    meant.filter(|meant| *meant != text)
}

fn report(cx: &mut NodeCx, place: SettingPlace, fault: &ProxyFault, releases: Releases) {
    match fault {
        ProxyFault::NoType => cx
            .report_value(place, "the proxy plugin has no type")
            .refused(releases)
            .why("containerd panics at start: `plugin: no type`.")
            .help("Add a type: \"snapshot\" for a snapshotter."),
        ProxyFault::UnknownType(text) => {
            let fix = close_type(text).map(|name| Fix::string(Applicability::Unsafe, place.value, name));
            cx.report_value(place, format!("`{text}` is not a type of a proxy plugin"))
                .refused(releases)
                .why(format!(
                    "containerd logs `unknown proxy plugin type` with \"{text}\" and panics: `plugin: no type`."
                ))
                .help("Write \"snapshot\", \"content\", \"diff\" (1.7 and later) or \"sandbox\" (2.0 and later).")
                .maybe_fix(fix)
        }
        ProxyFault::BuiltIn(uri) => cx
            .report_value(place, format!("the built-in plugin {uri} has the name of this proxy plugin"))
            .refused(releases)
            .why(format!("containerd panics at start: `{uri}: plugin: id already registered`."))
            .help("Give it another name, and use that one where it is meant."),
        ProxyFault::SecondContentStore => cx
            .report_value(place, "a second content store")
            .failed(releases)
            .why(
                "The metadata plugin of containerd 2.x does not load (`multiple plugins registered for \
                 io.containerd.content.v1`), and nearly all plugins with it, CRI included.",
            )
            .help(
                "Turn the built-in one off by `disabled_plugins = [\"io.containerd.content.v1.content\"]`, or remove \
                 this one.",
            ),
    };
}

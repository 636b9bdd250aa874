//! # `listed-plugin-unknown`
//!
//! An entry of `disabled_plugins` or `required_plugins` that names no plugin of the release.
//!
//! ## Why
//!
//! In `required_plugins` it stops containerd: `required plugin [...] not included`. In `disabled_plugins` it has no effect,
//! without a word. 2.0 gave `io.containerd.internal.v1.restart` and `io.containerd.monitor.v1.cgroups` new names, and the
//! migration of older files does not carry these lists along: on 2.x the entries turn nothing off.
//!
//! ## What to do
//!
//! Write the URI as `ctr plugins ls` shows its parts: `io.containerd.<type>.v1.<id>`.
//!
//! ## Examples
//!
//! ```toml bad
//! version = 2
//! required_plugins = ["io.containerd.snapshotter.v1.overlay"]
//!                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```toml fixed
//! version = 2
//! required_plugins = ["io.containerd.snapshotter.v1.overlayfs"]
//! ```
//!
//! ```toml bad containerd=1.7..2.3
//! version = 2
//! disabled_plugins = ["io.containerd.internal.v1.restart"]
//!                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```toml good
//! version = 2
//! disabled_plugins = ["io.containerd.snapshotter.v1.zfs"]
//! ```
//!
//! ## References
//!
//! - containerd/containerd@v1.7.34:services/server/server.go, v2.3.4:cmd/containerd/server/server.go
//! - measured with 1.3.10 to 2.4.0-beta.0; the plugins of each release are in `core/data/containerd-plugins.toml`

use crate::containerd::effective::{Spot, some_text};
use crate::containerd::loader::{Configuration, Effective};
use crate::containerd::{plugin_uri, plugins};
use crate::keys::nearest;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "listed-plugin-unknown",
    summary: "A plugin to turn off or to require that the release does not have",
    fix: Some(Applicability::Unsafe),
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

/// They load Go plugins, which nobody knows, from a folder.
const LOADS_MORE: ReleaseSet = Releases::containerd("..2.0").get(Product::Containerd);
/// The lists, with the releases that have them.
const LISTS: [(&str, ReleaseSet); 2] = [
    ("disabled_plugins", Releases::containerd("1.1..").get(Product::Containerd)),
    ("required_plugins", Releases::containerd("1.3..").get(Product::Containerd)),
];
/// What 2.0 renamed.
const RENAMED: [(&str, &str); 2] = [
    ("io.containerd.internal.v1.restart", "io.containerd.monitor.container.v1.restart"),
    ("io.containerd.monitor.v1.cgroups", "io.containerd.monitor.task.v1.cgroups"),
];

fn check(cx: &mut NodeCx) {
    let loaded = cx.loaded;
    // A proxy plugin may be in a file that is not here.
    for configuration in loaded.configurations().iter().filter(|c| c.complete) {
        for (list, has_list) in LISTS {
            for file in &configuration.files {
                let items = file.body().get(list).map(Node::items).unwrap_or_default();
                for item in items {
                    let Some(name) = item.as_str() else { continue };
                    let releases = lacking(configuration, name, list == "required_plugins", has_list);
                    if !releases.is_empty() {
                        let spot = Spot { file: file.index, key: item.span, value: item.span };
                        let off = configuration.releases.iter().any(|effective| is_off(effective, name));
                        report(cx, spot, list, name, off, releases);
                    }
                }
            }
        }
    }
}

/// The releases that have no plugin of that name.
fn lacking(configuration: &Configuration, name: &str, required: bool, has_list: ReleaseSet) -> Releases {
    let reading = configuration.releases.iter().filter(|effective| effective.release.is_in(has_list));
    let lacks = reading.filter(|effective| !has(effective, name) || required && is_off(effective, name));
    let set = lacks.fold(ReleaseSet::NONE, |all, effective| all.or(effective.release.set()));
    Releases::ANY.with(Product::Containerd, set)
}

/// Whether `disabled_plugins` names it too.
fn is_off(effective: &Effective, written: &str) -> bool {
    let names = effective.loaded.version != 1 && !written.contains('.');
    effective.lists("disabled_plugins", written)
        || names && effective.lists("disabled_plugins", &plugin_uri::migrated(written))
}

fn has(effective: &Effective, written: &str) -> bool {
    let loads_more = some_text(effective.setting(&["plugin_dir"])).is_some();
    if loads_more && effective.release.is_in(LOADS_MORE) {
        return true;
    }
    let in_release = |uri: &str| plugins::find(uri).is_some_and(|plugin| effective.release.is_in(plugin.releases()));
    if effective.loaded.version == 1 {
        // By its id alone.
        return plugins::all().iter().any(|p| plugin_uri::short(p.uri) == written && in_release(p.uri))
            || effective.top(&["proxy_plugins", written]).is_some();
    }
    // Names of another form are another rule's.
    let migrated;
    let uri = if written.contains('.') {
        written
    } else if LISTS.iter().any(|(list, _)| effective.lists(list, written)) {
        return true;
    } else {
        migrated = plugin_uri::migrated(written);
        &migrated
    };
    let proxy = effective.top(&["proxy_plugins", plugin_uri::short(uri)]).is_some();
    plugin_uri::refused(uri).is_some() || in_release(uri) || proxy
}

fn report(cx: &mut NodeCx, spot: Spot, list: &str, name: &str, off: bool, releases: Releases) {
    let renamed = RENAMED.iter().find(|(old, _)| *old == name || plugin_uri::short(old) == name).map(|(_, new)| *new);
    let known = plugins::find(name).is_some() || plugins::all().iter().any(|p| plugin_uri::short(p.uri) == name);
    let close = if known { None } else { nearest(name, plugins::all().iter().map(|plugin| plugin.uri)) };
    let help = match (renamed, close) {
        (Some(new), _) => format!("On 2.x write \"{new}\"; for older releases keep the old name beside it."),
        (None, Some(close)) => format!("Did you mean \"{close}\"?"),
        (None, None) => "Remove the entry.".to_owned(),
    };
    let fix = close
        .map(|close| Fix::edit(Applicability::Unsafe, format!("Write \"{close}\""), spot.value, edit::string(close)));
    let finding = cx.report(spot.file, spot.value, format!("containerd has no plugin \"{name}\""));
    if list == "required_plugins" {
        finding.refused(releases).why(format!("containerd does not start: `required plugin [{name}] not included`."));
        if off {
            finding.message = format!("\"{name}\" is required and turned off by `disabled_plugins`");
        }
    } else {
        finding
            .ignored(releases)
            .why("A plugin that is not there cannot be turned off: the entry has no effect, without a word.");
        // Turning off what the release no longer has is what was meant.
        if known && renamed.is_none() {
            finding.as_info();
        }
    }
    finding.key(list).help(help).maybe_fix(fix);
}

//! # `listed-plugin-unknown`
//!
//! An entry of `disabled_plugins` or `required_plugins` that is not a plugin of the release.
//!
//! ## Why
//!
//! In `required_plugins` it stops containerd: `required plugin [...] not included`. In `disabled_plugins` it silently
//! has no effect. 2.0 gave `io.containerd.internal.v1.restart` and `io.containerd.monitor.v1.cgroups` new names, and
//! the migration of older files does not carry these lists along: on 2.x the entries turn nothing off.
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

use crate::containerd::eras::PLUGIN_LISTS;
use crate::containerd::loader::{Configuration, Effective};
use crate::containerd::{plugin_uri, plugins};
use crate::keys::nearest;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "listed-plugin-unknown",
    summary: "Disabled or required plugin that the release does not have",
    fix: Some(Applicability::Unsafe),
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

/// An entry of a list.
struct Listed<'n> {
    list: &'static str,
    name: &'n str,
    file: usize,
    span: Span,
    /// Whether `disabled_plugins` has it too, in any release.
    is_off: bool,
}

fn check(cx: &mut NodeCx) {
    let loaded = cx.loaded;
    for configuration in loaded.configurations() {
        for (list, has_list) in PLUGIN_LISTS {
            for file in &configuration.files {
                for item in file.body().get(list).map(Node::items).unwrap_or_default() {
                    let Some(name) = item.as_str() else { continue };
                    let releases = lacking(configuration, name, list).and(has_list);
                    if !releases.is_empty() {
                        let is_off = configuration.releases.iter().any(|effective| is_off(effective, name));
                        report(cx, &Listed { list, name, file: file.index, span: item.span, is_off }, releases);
                    }
                }
            }
        }
    }
}

/// The releases that have no plugin of that name.
fn lacking(configuration: &Configuration, name: &str, list: &str) -> Releases {
    configuration.releases_where(|effective| {
        // A proxy plugin may be in a file that is not here.
        effective.is_complete && (!has(effective, name) || list == "required_plugins" && is_off(effective, name))
    })
}

/// Whether `disabled_plugins` names it too.
fn is_off(effective: &Effective, written: &str) -> bool {
    let is_renamed = effective.loaded.version != 1 && !written.contains('.');
    effective.lists("disabled_plugins", written)
        || is_renamed && effective.lists("disabled_plugins", &plugin_uri::migrated(written))
}

fn has(effective: &Effective, written: &str) -> bool {
    if effective.may_have_more_plugins() {
        return true;
    }
    let has_proxy = |name: &str| effective.proxies().any(|(proxy, _)| proxy == name);
    if effective.loaded.version == 1 {
        // By its id alone.
        let mut same = plugins::all().iter().filter(|plugin| plugin_uri::short(plugin.uri) == written);
        return same.any(|plugin| effective.has_plugin(plugin.uri)) || has_proxy(written);
    }
    let is_short = !written.contains('.');
    if is_short && PLUGIN_LISTS.iter().any(|(list, _)| effective.lists(list, written)) {
        // The form of the name is the fault of another rule.
        return true;
    }
    let uri = if is_short { plugin_uri::migrated(written) } else { written.to_owned() };
    plugin_uri::refused(&uri).is_some() || effective.has_plugin(&uri) || has_proxy(plugin_uri::short(&uri))
}

fn report(cx: &mut NodeCx, listed: &Listed, releases: Releases) {
    let Listed { list, name, file, span, is_off } = *listed;
    let is_name_of = |uri: &str| uri == name || plugin_uri::short(uri) == name;
    let renamed = plugins::renamed().iter().find(|(old, _)| is_name_of(old));
    let is_known = plugins::all().iter().any(|plugin| is_name_of(plugin.uri));
    let close = if is_known { None } else { nearest(name, plugins::all().iter().map(|plugin| plugin.uri)) };
    let help = match (renamed, close) {
        (Some((_, new)), _) => format!("On 2.x write \"{new}\"; for older releases keep the old name beside it."),
        (None, Some(close)) => format!("Did you mean \"{close}\"?"),
        (None, None) => "Remove the entry.".to_owned(),
    };
    let fix = close.map(|close| Fix::string(Applicability::Unsafe, span, close));
    let finding = cx.report(file, span, format!("containerd has no plugin `{name}`"));
    if list == "required_plugins" {
        finding.refused(releases).why(format!("containerd does not start: `required plugin [{name}] not included`."));
        if is_off {
            finding.message = format!("`{name}` is required, but turned off by `disabled_plugins`");
        }
    } else {
        finding
            .ignored(releases)
            .why("A plugin that is not there cannot be turned off: the entry silently has no effect.");
        // The entry of a plugin that the release no longer has does what was meant.
        if is_known && renamed.is_none() {
            finding.as_info();
        }
    }
    finding.key(list).help(help).maybe_fix(fix);
}

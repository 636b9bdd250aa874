//! # `disabled-plugin-short-id`
//!
//! An entry of `disabled_plugins` or `required_plugins` by a plugin's short version 1 name, such as `cri`, in a file of
//! config version 2 or later.
//!
//! ## Why
//!
//! containerd does not start: `invalid disabled plugin URI "cri" expect io.containerd.x.vx`. It happens when a
//! `version` line is added to the file that Docker's packages ship. containerd 2.x accept any name that holds a dot
//! and have no plugin of such a name; 1.3 to 1.7 require four parts, and 1.7 requires `io.containerd.` in front.
//!
//! ## What to do
//!
//! Write the plugin's URI, or remove the entry.
//!
//! ## Examples
//!
//! ```toml bad
//! version = 2
//! disabled_plugins = ["cri"]
//!                     ^^^^^
//! ```
//!
//! ```toml fixed
//! version = 2
//! disabled_plugins = ["io.containerd.grpc.v1.cri"]
//! ```
//!
//! ```toml bad containerd=1.6..2.0
//! version = 2
//! required_plugins = ["snapshotter.v1.overlayfs.main"]
//!                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```toml good
//! disabled_plugins = ["cri"]
//! ```
//!
//! ## References
//!
//! - containerd/containerd#10905
//! - containerd/containerd@v1.6.36, v1.7.29:services/server/config/config.go,
//!   v2.3.4:cmd/containerd/server/config/config.go

use crate::containerd::eras::{MIGRATES, PLUGIN_LISTS};
use crate::containerd::settings::checks_names;
use crate::containerd::{kind as containerd, plugin_uri};
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "disabled-plugin-short-id",
    summary: "Disabled or required plugin by its version 1 name in a newer file",
    category: Category::Migration,
    fix: Some(Applicability::Safe),
    run: Run::File(&[&containerd::KIND], check),
    ..Rule::DEFAULTS
};

/// Requires a dot in each name.
const REQUIRES_DOT: Releases = MIGRATES;

fn check(cx: &mut FileCx) {
    // 2.x rename the entries of each file by its own version.
    let is_newer = containerd::written_version(cx.root).is_some_and(|version| version >= 2);
    let in_1 = checks_names(cx, cx.loaded);
    let checked = if is_newer { REQUIRES_DOT.or(in_1) } else { in_1 };
    for (list, has_list) in PLUGIN_LISTS {
        let items = cx.root.get(list).map(Node::items).unwrap_or_default();
        for item in items {
            let Some(name) = item.as_str() else { continue };
            let refused = if name.contains('.') { plugin_uri::refused(name) } else { Some(Releases::ANY) };
            let Some(refused) = refused else { continue };
            let lacking = if name.contains('.') { has_list.and(lacks(cx)) } else { Releases::NONE };
            report(cx, list, item, name, refused.and(checked), lacking);
        }
    }
}

/// The releases that have no plugin of a name which is not a URI: all that do not load plugins from a folder.
fn lacks(cx: &FileCx) -> Releases {
    match cx.loaded.configuration_of(cx.file.index) {
        Some(configuration) => configuration.releases_where(|effective| !effective.may_have_more_plugins()),
        None => MIGRATES,
    }
}

fn report(cx: &mut FileCx, list: &str, item: &Node, name: &str, refused: Releases, lacking: Releases) {
    let uri = plugin_uri::of_short_name(name);
    let fix = uri.map(|uri| Fix::string(Applicability::Safe, item.span, uri).keeping_meaning());
    let help = match uri {
        Some(_) => "Remove the entry if the plugin is to run as usual.",
        None => "Write the plugin's URI, as `ctr plugins ls` shows its parts: \"io.containerd.<type>.v1.<id>\".",
    };
    let finding = cx.report(item.span, format!("`{name}` in `{list}` is not a plugin URI"));
    if list == "disabled_plugins" {
        finding.refused(refused).ignored(lacking);
    } else {
        finding.refused(refused.or(lacking));
    }
    finding.key(list).why(why(list, name)).help(help).maybe_fix(fix);
}

fn why(list: &str, name: &str) -> String {
    let word = list.trim_end_matches("_plugins");
    let checked = format!(
        "Config version 2 and later want URIs. containerd does not start: `invalid {word} plugin URI \"{name}\" expect \
         io.containerd.x.vx`."
    );
    match list {
        _ if !name.contains('.') => checked,
        "disabled_plugins" => format!("{checked} Releases that do not check it silently turn off nothing."),
        _ => format!("{checked} Releases that do not check it exit: `required plugin [{name}] not included`."),
    }
}

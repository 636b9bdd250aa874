//! # `disabled-plugin-short-id`
//!
//! An entry of `disabled_plugins` or `required_plugins` by a plugin's short version 1 name, such as `cri`, in a file of
//! config version 2 or later.
//!
//! ## Why
//!
//! containerd does not start: `invalid disabled plugin URI "cri" expect io.containerd.x.vx`. It happens when a `version`
//! line is added to the file that Docker's packages ship. containerd 2.x are content with any name that holds a dot; 1.3 to
//! 1.7 want four parts, and 1.7 wants `io.containerd.` in front.
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
//! - containerd/containerd@v1.6.36, v1.7.29:services/server/config/config.go, v2.3.4:cmd/containerd/server/config/config.go

use crate::containerd::settings::checks_names;
use crate::containerd::{kind as containerd, plugin_uri};
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "disabled-plugin-short-id",
    summary: "A plugin is disabled or required by its version 1 name in a newer file",
    category: Category::Migration,
    fix: Some(Applicability::Safe),
    run: Run::File(&[&containerd::KIND], check),
    ..Rule::DEFAULTS
};

/// They want a dot in each name.
const CHECKED_BY_2: Releases = Releases::containerd("2.0..");

fn check(cx: &mut FileCx) {
    // 2.x rename the entries of each file by its own version.
    let newer = containerd::written_version(cx.root).is_some_and(|v| v >= 2);
    let checked = if newer { CHECKED_BY_2.or(checks_names(cx, cx.loaded)) } else { checks_names(cx, cx.loaded) };
    for (list, word) in [("disabled_plugins", "disabled"), ("required_plugins", "required")] {
        let items = cx.root.get(list).map(Node::items).unwrap_or_default();
        for item in items {
            let Some(name) = item.as_str() else { continue };
            let refused = if name.contains('.') { plugin_uri::refused(name) } else { Some(Releases::ANY) };
            let Some(refused) = refused.map(|refused| refused.and(checked)).filter(|r| !r.is_empty()) else { continue };
            let uri = plugin_uri::of_short_name(name);
            let fix =
                uri.map(|uri| Fix::safe(format!("Write \"{uri}\""), item.span, edit::string(uri)).keeping_meaning());
            let help = match uri {
                Some(uri) => format!("Write \"{uri}\", or remove the entry."),
                None => {
                    "Write the plugin's URI, as `ctr plugins ls` shows its parts: \"io.containerd.<type>.v1.<id>\"."
                        .to_owned()
                }
            };
            let message = format!("\"{name}\" is no plugin URI, which config version 2 and later want in `{list}`");
            cx.report(item.span, message)
                .refused(refused)
                .key(list)
                .why(format!(
                    "containerd does not start: `invalid {word} plugin URI \"{name}\" expect io.containerd.x.vx`."
                ))
                .help(help)
                .maybe_fix(fix);
        }
    }
}

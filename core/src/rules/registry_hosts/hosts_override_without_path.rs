//! # `hosts-override-without-path`
//!
//! `override_path = true` on a registry host whose URL has no path.
//!
//! ## Why
//!
//! With `override_path`, containerd takes the path of the URL as the root of the registry's API. Where there is none,
//! it asks `/<repository>/manifests/...` without `/v2`, which hardly any registry serves.
//!
//! ## What to do
//!
//! Remove `override_path`, or write the whole path in the URL.
//!
//! ## Examples
//!
//! ```toml bad
//! --- /etc/containerd/certs.d/docker.io/hosts.toml
//! [host."https://mirror.example"]
//!   override_path = true
//!   ^^^^^^^^^^^^^
//! ```
//!
//! ```toml fixed
//! --- /etc/containerd/certs.d/docker.io/hosts.toml
//! [host."https://mirror.example"]
//! ```
//!
//! ```toml good
//! --- /etc/containerd/certs.d/docker.io/hosts.toml
//! [host."https://mirror.example/v2/hub"]
//!   override_path = true
//! ```
//!
//! ## References
//!
//! - containerd/containerd@v2.3.4:core/remotes/docker/config/hosts.go (`parseHostConfig`)

use crate::registry_hosts;
use crate::registry_hosts::eras::HAS_OVERRIDE_PATH;
use crate::registry_hosts::kind::registry_hosts;
use crate::registry_hosts::url::Url;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "hosts-override-without-path",
    summary: "`override_path` on a registry host without a path",
    category: Category::Suspicious,
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&registry_hosts::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    for host in registry_hosts(cx.root) {
        let Some(entry) = host.table.entry("override_path") else { continue };
        let has_no_path = Url::parse(host.url).is_ok_and(|url| url.clean_path().is_empty());
        if !has_no_path || entry.value.as_bool() != Some(true) {
            continue;
        }
        let fix = edit::remove(cx.doc(), host.table, entry)
            .map(|edit| Fix::one(Applicability::Unsafe, "Remove `override_path`", edit));
        cx.report_key(entry, format!("`{}` is asked without `/v2`", host.url))
            .advice(HAS_OVERRIDE_PATH)
            .why(
                "With `override_path` the path of the URL is the root of the API, and this URL has none: containerd \
                 asks for `/<repository>/manifests/...`, which hardly any registry serves.",
            )
            .help("If the API has a path of its own, write all of it in the URL.")
            .maybe_fix(fix);
    }
}

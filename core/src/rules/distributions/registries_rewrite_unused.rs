//! # `registries-rewrite-unused`
//!
//! A `rewrite` in `registries.yaml` for a registry without endpoints.
//!
//! ## Why
//!
//! Rewrites hold for the endpoints of a mirror alone. A registry without endpoints is asked as before, by the names
//! that the images have.
//!
//! ## What to do
//!
//! Add the endpoint for which names are rewritten.
//!
//! ## Examples
//!
//! ```yaml bad
//! --- /etc/rancher/rke2/registries.yaml
//! mirrors:
//!   docker.io:
//!     rewrite:
//!     ^^^^^^^
//!       "^(.*)$": "proxy/$1"
//! ```
//!
//! ```yaml good
//! --- /etc/rancher/rke2/registries.yaml
//! mirrors:
//!   registry.example:
//!   docker.io:
//!     endpoint: [https://registry.example]
//!     rewrite:
//!       "^(.*)$": "proxy/$1"
//! ```
//!
//! ## References
//!
//! - rancher/rke2#6889
//! - k3s-io/k3s@06ea261:pkg/agent/containerd/config.go (`getHostConfigs`)

use crate::distributions::registries::{self, mirrors};
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "registries-rewrite-unused",
    summary: "Rewrite in `registries.yaml` for a registry without endpoints",
    run: Run::File(&[&registries::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    for mirror in mirrors(cx.root) {
        let Some(rewrite) = mirror.value.entry("rewrite").filter(|rewrite| !rewrite.value.entries().is_empty()) else {
            continue;
        };
        let endpoint = mirror.value.get("endpoint");
        // A key that is dropped, such as `endpoints`, is a finding of its own.
        let has_more = mirror.value.entries().len() > 1 && endpoint.is_none();
        if !has_more && endpoint.is_none_or(|endpoint| endpoint.items().is_empty() && endpoint.as_str().is_none()) {
            let name = mirror.key.as_ref();
            cx.report_key(rewrite, format!("`rewrite` has no effect: `{name}` has no endpoint"))
                .ignored(Releases::ANY)
                .why(
                    "Names are rewritten for the endpoints of a mirror alone; the registry itself gets them unchanged.",
                )
                .help("Add `endpoint` with the registry that has the images by their new names.");
        }
    }
}

//! # `template-not-read`
//!
//! A template of k3s or RKE2 for containerd that the release does not read, or whose base it does not have.
//!
//! ## Why
//!
//! `config-v3.toml.tmpl` came with containerd 2.0, in 1.31.6 and 1.32.2; older releases read `config.toml.tmpl` alone
//! and silently ignore it. `{{ template "base" . }}` came with 1.24.17, 1.25.13, 1.26.8, 1.27.5 and 1.28.1: an older
//! release exits, because no template has that name.
//!
//! ## What to do
//!
//! For older releases write `config.toml.tmpl`, with the whole configuration where they have no base.
//!
//! ## Examples
//!
//! ```toml bad kubernetes=v1.31.5+k3s1
//! --- /var/lib/rancher/k3s/agent/etc/containerd/config-v3.toml.tmpl
//! version = 3
//! ^^^^^^^^^^^
//! ```
//!
//! ```toml bad kubernetes=v1.26.4+k3s1
//! --- /var/lib/rancher/k3s/agent/etc/containerd/config.toml.tmpl
//! {{ template "base" . }}
//! ^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```toml bad kubernetes=v1.33.5+k3s1
//! --- /var/lib/rancher/k3s/agent/etc/containerd/config.toml.tmpl
//! {{ template "base" . }}
//! ^^^^^^^^^^^^^^^^^^^^^^^
//! --- /var/lib/rancher/k3s/agent/etc/containerd/config-v3.toml.tmpl
//! {{ template "base" . }}
//! ```
//!
//! ```toml good kubernetes=v1.31.6+k3s1
//! --- /var/lib/rancher/k3s/agent/etc/containerd/config-v3.toml.tmpl
//! version = 3
//! ```
//!
//! ## References
//!
//! - k3s-io/docs@05051a0:docs/advanced.md; k3s-io/k3s@06ea261:pkg/agent/containerd/config.go

use crate::containerd;
use crate::distributions::eras::{HAS_BASE_TEMPLATE, READS_VERSION_3_TEMPLATE};
use crate::distributions::template::{RancherTemplate, place_of_base};
use crate::rules::Reach;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "template-not-read",
    summary: "Template for containerd that k3s or RKE2 does not read or cannot render",
    checks_templates: true,
    reach: Reach::AllIfUnread,
    run: Run::File(&[&containerd::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    let Some(template) = RancherTemplate::of(cx.file.path) else { return };
    let text = cx.doc().text;
    let line = |at: usize| {
        let end = text.get(at..).map_or(at, |rest| at + rest.lines().next().unwrap_or_default().trim_end().len());
        Span::new(at, end)
    };
    if let Some(at) = place_of_base(cx.file) {
        cx.report(line(at), "this release does not have a base template")
            .refused(lacking(HAS_BASE_TEMPLATE))
            .why("k3s exits as it renders the file: `no such template \"base\"`.")
            .help("Write the whole configuration, or use 1.24.17, 1.25.13, 1.26.8, 1.27.5, 1.28.1 or later.");
    }
    let newer = cx.file.path.strip_suffix("config.toml.tmpl").map(|folder| format!("{folder}config-v3.toml.tmpl"));
    if newer.is_some_and(|newer| cx.view.node.files.iter().any(|other| other.path == newer)) {
        cx.report(line(0), "`config-v3.toml.tmpl` beside this template wins")
            .ignored(READS_VERSION_3_TEMPLATE)
            .why("k3s and RKE2 with containerd 2.0 and later read one template alone, that for version 3 first.")
            .help("Move what is needed into config-v3.toml.tmpl, with the table names of config version 3.");
    }
    if template == RancherTemplate::Version3 {
        cx.report(line(0), "this release does not read `config-v3.toml.tmpl`")
            .ignored(lacking(READS_VERSION_3_TEMPLATE))
            .why("It has containerd 1.7, reads `config.toml.tmpl` alone, and silently ignores this file.")
            .help("Write `config.toml.tmpl` with tables of config version 2, or use 1.31.6, 1.32.2 or later.");
    }
}

/// The releases of Kubernetes that are not in a set.
fn lacking(releases: Releases) -> Releases {
    Releases::ANY.with(Product::Kubernetes, releases.get(Product::Kubernetes).complement())
}

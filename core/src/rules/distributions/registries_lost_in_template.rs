//! # `registries-lost-in-template`
//!
//! A `registries.yaml` whose mirrors or credentials do not reach containerd, because of a template without the base.
//!
//! ## Why
//!
//! k3s and RKE2 write mirrors and TLS settings into hosts.toml files, which containerd reads only where its
//! configuration has their `config_path`; credentials stand in the configuration itself. The base template has both. A
//! template of your own without the base replaces it: pulls are anonymous, and no mirror is asked. Newer k3s warns at
//! its start.
//!
//! ## What to do
//!
//! Begin the template with `{{ template "base" . }}`, and leave out what the base has.
//!
//! ## Examples
//!
//! ```yaml bad kubernetes=v1.33.5+k3s1
//! --- /etc/rancher/k3s/registries.yaml
//! mirrors:
//! ^^^^^^^
//!   docker.io:
//!     endpoint: [https://mirror.example]
//! --- /var/lib/rancher/k3s/agent/etc/containerd/config-v3.toml.tmpl
//! version = 3
//! ```
//!
//! ```yaml bad kubernetes=v1.33.5+k3s1
//! --- /etc/rancher/k3s/registries.yaml
//! configs:
//!   registry.example:
//!     auth: { username: puller, password: secret }
//!     ^^^^
//! --- /var/lib/rancher/k3s/agent/etc/containerd/config-v3.toml.tmpl
//! version = 3
//! ```
//!
//! ```yaml good kubernetes=v1.33.5+k3s1
//! --- /etc/rancher/k3s/registries.yaml
//! mirrors:
//!   docker.io:
//!     endpoint: [https://mirror.example]
//! configs:
//!   mirror.example:
//!     auth: { username: puller, password: secret }
//! --- /var/lib/rancher/k3s/agent/etc/containerd/config-v3.toml.tmpl
//! {{ template "base" . }}
//! ```
//!
//! ## References
//!
//! - k3s-io/k3s@06ea261:pkg/agent/containerd/config.go (`warnMissingRegistryAuth`)

use crate::containerd::cri::Cri;
use crate::distributions::eras::{READS_VERSION_3_TEMPLATE, WRITES_HOSTS_FILES};
use crate::distributions::registries::{self, configs, mirrors};
use crate::distributions::template::{RancherTemplate, is_on_base};
use crate::kind::File;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "registries-lost-in-template",
    summary: "Mirrors or credentials of `registries.yaml` that a template leaves out",
    run: Run::File(&[&registries::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    let node = cx.view.node;
    let templates = node.files.iter().filter_map(|file| Some((RancherTemplate::of(file.path)?, *file)));
    let templates: Vec<(RancherTemplate, &File)> = templates.collect();
    let has_newer = templates.iter().any(|(template, _)| *template == RancherTemplate::Version3);
    let other = Releases::ANY.with(Product::Kubernetes, READS_VERSION_3_TEMPLATE.get(Product::Kubernetes).complement());
    // What a template imports may have the settings.
    let is_whole = |file: &File| !is_on_base(file) && file.body().get("imports").is_none();
    for (template, file) in templates.into_iter().filter(|(_, file)| is_whole(file)) {
        let releases = match template {
            RancherTemplate::Version3 => READS_VERSION_3_TEMPLATE,
            RancherTemplate::Version2 if has_newer => other,
            RancherTemplate::Version2 => Releases::ANY,
        };
        check_mirrors(cx, file, releases);
        check_credentials(cx, file, releases);
    }
}

fn check_mirrors(cx: &mut FileCx, template: &File, releases: Releases) {
    let has_endpoints = mirrors(cx.root).iter().any(|mirror| mirror.value.get("endpoint").is_some());
    let has_path = Cri::of(template.body()).images(&["registry", "config_path"]).is_some();
    if let Some(entry) = cx.root.entry("mirrors").filter(|_| has_endpoints && !has_path) {
        cx.report_key(entry, format!("no mirror is asked: {} has no `config_path`", template.name()))
            .ignored(releases.and(WRITES_HOSTS_FILES))
            .label_in(template.index, Span::empty(0), "this template replaces the configuration with `config_path`")
            .why("k3s writes the mirrors into hosts.toml files, and containerd does not look for any.")
            .help("Begin the template with `{{ template \"base\" . }}`.");
    }
}

fn check_credentials(cx: &mut FileCx, template: &File, releases: Releases) {
    let written = Cri::of(template.body()).images(&["registry", "configs"]);
    for config in configs(cx.root) {
        let Some(auth) = config.value.entry("auth").filter(|auth| !auth.value.entries().is_empty()) else { continue };
        let host = config.key.as_ref();
        if written.is_some_and(|written| written.value.at(&[host, "auth"]).is_some()) {
            continue;
        }
        cx.report_key(auth, format!("pulls from `{host}` are anonymous: {} has no `auth` for it", template.name()))
            .ignored(releases)
            .label_in(template.index, Span::empty(0), "this template replaces the configuration with credentials")
            .why("k3s writes credentials into the configuration that its base template makes, and nowhere else.")
            .help("Begin the template with `{{ template \"base\" . }}`, or write `registry.configs` there.");
    }
}

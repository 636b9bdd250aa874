//! # `registries-name-invalid`
//!
//! A name in `mirrors` or `configs` of `registries.yaml` that no registry has.
//!
//! ## Why
//!
//! `mirrors` are found by the registry in the name of an image, `configs` by the host of an endpoint. Both are `host`
//! or `host:port`. With a scheme, a path or a pattern the entry is never found, and k3s does not report it. Images of
//! Docker Hub are those of `docker.io`, however their names are written. The one pattern is `"*"`, for all registries
//! that `mirrors` does not name; k3s and RKE2 1.31.6 and 1.32.2 do not use it, because of a fault in containerd.
//!
//! ## What to do
//!
//! Write host and port alone.
//!
//! ## Examples
//!
//! ```yaml bad
//! --- /etc/rancher/k3s/registries.yaml
//! mirrors:
//!   docker.io:
//!     endpoint: [https://mirror.example]
//! configs:
//!   https://mirror.example:
//!   ^^^^^^^^^^^^^^^^^^^^^^
//!     tls:
//!       insecure_skip_verify: true
//! ```
//!
//! ```yaml fixed
//! --- /etc/rancher/k3s/registries.yaml
//! mirrors:
//!   docker.io:
//!     endpoint: [https://mirror.example]
//! configs:
//!   mirror.example:
//!     tls:
//!       insecure_skip_verify: true
//! ```
//!
//! ```yaml bad
//! --- /etc/rancher/rke2/registries.yaml
//! mirrors:
//!   "*.example.com":
//!   ^^^^^^^^^^^^^^^
//!     endpoint: [https://mirror.example]
//! ```
//!
//! ```yaml bad
//! --- /etc/rancher/k3s/registries.yaml
//! mirrors:
//!   index.docker.io:
//!   ^^^^^^^^^^^^^^^
//!     endpoint: [https://mirror.example]
//! ```
//!
//! ```yaml bad kubernetes=1.32.2
//! --- /etc/rancher/k3s/registries.yaml
//! mirrors:
//!   "*":
//!   ^^^
//!     endpoint: [https://mirror.example]
//! ```
//!
//! ```yaml good
//! --- /etc/rancher/k3s/registries.yaml
//! mirrors:
//!   "*":
//!     endpoint: [https://mirror.example]
//!   registry.example:5000:
//!     endpoint: [http://10.0.0.2:5000]
//! ```
//!
//! ## References
//!
//! - kubernetes-sigs/kubespray#9656, k3s-io/k3s#11857, rancher/rke2#7827
//! - k3s-io/k3s@06ea261:pkg/agent/containerd/config.go (`getHostConfigs`, `configForHost`)

use crate::distributions::eras::LACKS_FALLBACK;
use crate::distributions::registries::{self, configs, mirrors};
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "registries-name-invalid",
    summary: "Name in `registries.yaml` that no registry has",
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&registries::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    let root = cx.root;
    for mirror in mirrors(root) {
        match mirror.key.as_ref() {
            "*" => report_fallback(cx, mirror),
            "index.docker.io" | "hub.docker.com" => report(cx, mirror, "docker.io", "mirrors"),
            name => check_name(cx, mirror, name, "mirrors"),
        }
    }
    for config in configs(root).iter().filter(|config| config.key != "*") {
        check_name(cx, config, &config.key, "configs");
    }
}

fn check_name(cx: &mut FileCx, entry: &Entry, name: &str, table: &str) {
    let host = name.split_once("://").map_or(name, |(_, rest)| rest);
    let host = host.split('/').next().unwrap_or_default();
    if host != name || name.contains('*') || name.is_empty() {
        report(cx, entry, host, table);
    }
}

fn report(cx: &mut FileCx, entry: &Entry, host: &str, table: &str) {
    let name = entry.key.as_ref();
    let is_name = !host.is_empty() && !host.contains('*');
    let is_taken = if table == "mirrors" { mirrors(cx.root) } else { configs(cx.root) }.iter().any(|e| e.key == host);
    let fix = (is_name && !is_taken).then(|| Fix::rename(Applicability::Unsafe, cx.doc(), entry, host));
    let help = if is_name { format!("Write `{host}`.") } else { "Write host and port, or `\"*\"` for all.".to_owned() };
    let why = if table == "mirrors" {
        "k3s looks for the registry in the name of the image, `host` or `host:port`, and does not find this entry: \
         its mirrors are not asked."
    } else {
        "k3s looks for the host of the endpoint, `host` or `host:port`, and does not find this entry: credentials and \
         TLS settings below it are not used."
    };
    cx.report_key(entry, format!("no registry is found by the name `{name}` in `{table}`"))
        .ignored(Releases::ANY)
        .why(why)
        .help(help)
        .maybe_fix(fix);
}

fn report_fallback(cx: &mut FileCx, mirror: &Entry) {
    cx.report_key(mirror, "the containerd of this release does not use the mirrors of `*`")
        .ignored(LACKS_FALLBACK)
        .why("containerd 2.0 of k3s and RKE2 1.31.6 and 1.32.2 asks the registry itself alone.")
        .help("Use 1.31.7, 1.32.3 or later, or name each registry.");
}

//! # `hosts-path-without-override`
//!
//! The URL of a registry host has a path that does not end in `/v2`, and `override_path` is not set.
//!
//! ## Why
//!
//! containerd appends `/v2` to such a path. A mirror written as `/v2/proxy-hub`, as Harbor and others name a project,
//! is asked at `/v2/proxy-hub/v2`, answers 404 or a web page, and containerd goes on to the next host: the mirror is
//! never used, and only the traffic shows it. A path without `/v2` in front may be right: some registries serve their
//! API below it.
//!
//! ## What to do
//!
//! Write the whole root of the registry's API in the URL, and `override_path = true`. containerd 1.5 does not have
//! that key: there, such a mirror cannot be written.
//!
//! ## Examples
//!
//! ```toml bad
//! --- /etc/containerd/certs.d/docker.io/hosts.toml
//! server = "https://registry-1.docker.io"
//! [host."https://harbor.example/v2/proxy-hub"]
//!       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
//!   capabilities = ["pull", "resolve"]
//! ```
//!
//! ```toml fixed
//! --- /etc/containerd/certs.d/docker.io/hosts.toml
//! server = "https://registry-1.docker.io"
//! [host."https://harbor.example/v2/proxy-hub"]
//!   capabilities = ["pull", "resolve"]
//!   override_path = true
//! ```
//!
//! ```toml bad
//! --- /etc/containerd/certs.d/docker.io/hosts.toml
//! [host."https://mirror.example/us"]
//!       ^^^^^^^^^^^^^^^^^^^^^^^^^^^
//!   capabilities = ["pull"]
//! ```
//!
//! ```toml good
//! --- /etc/containerd/certs.d/docker.io/hosts.toml
//! server = "https://registry.example/v2/"
//! [host."https://artifacts.example/artifactory/api/docker/hub"]
//!   capabilities = ["pull", "resolve"]
//! [host."https://harbor.example/v2/proxy-hub"]
//!   override_path = true
//! ```
//!
//! ## References
//!
//! - aws/eks-anywhere#10765, containerd/containerd#6634, goharbor/harbor#18530, bottlerocket-os/bottlerocket#1888
//! - containerd/containerd@v2.3.4:core/remotes/docker/config/hosts.go (`parseHostConfig`); measured with the loaders of
//!   1.7.34, 2.0.11 and 2.3.4

use crate::registry_hosts;
use crate::registry_hosts::eras::READS_HOSTS_FILES;
use crate::registry_hosts::kind::{RegistryHost, registry_hosts};
use crate::registry_hosts::settings::{add_setting, key_of};
use crate::registry_hosts::url::Url;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "hosts-path-without-override",
    summary: "Path of a registry host to which `/v2` is appended",
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&registry_hosts::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    for host in registry_hosts(cx.root) {
        let overridden = host.table.get("override_path");
        if overridden.is_some_and(|value| value.as_bool() != Some(false)) {
            continue;
        }
        let Ok(url) = Url::parse(host.url) else { continue };
        let path = url.clean_path();
        if path.is_empty() || path.ends_with("/v2") || serves_below(&path) {
            continue;
        }
        report(cx, &host, &path, &url.asked_path());
    }
}

/// Whether a known registry serves its API at `/v2` below such a path: Artifactory and Nexus do.
fn serves_below(path: &str) -> bool {
    path.starts_with("/artifactory/") || path.starts_with("/repository/")
}

fn set_override(cx: &FileCx, host: &RegistryHost) -> Option<Fix> {
    let edit = match host.table.get("override_path") {
        Some(node) => edit::replace(node, "true"),
        None => add_setting(cx, host, "override_path", "true")?,
    };
    Some(Fix::one(Applicability::Unsafe, "Add `override_path = true`", edit))
}

fn report(cx: &mut FileCx, host: &RegistryHost, path: &str, asked: &str) {
    let fix = set_override(cx, host);
    let finding = cx.report(host.span, format!("`{}` is asked at `{asked}`", host.url));
    finding.key(key_of(host));
    if path.starts_with("/v2/") {
        finding
            .harmful(READS_HOSTS_FILES)
            .why(
                "containerd appends /v2 to a path that does not end in it, unless `override_path` is true. No registry \
                 answers there: it sends 404 or a web page, and containerd silently goes on to the next host.",
            )
            .help("Set `override_path = true` for this host; containerd 1.5 does not have the key.")
            .maybe_fix(fix);
    } else {
        finding
            .advice(READS_HOSTS_FILES)
            .why("containerd appends /v2 to a path that does not end in it, unless `override_path` is true.")
            .help(format!(
                "Leave it if the registry serves its API there. If it does so at `/v2{path}`, write that path and \
                 `override_path = true`."
            ));
    }
}

//! # `hosts-path-without-override`
//!
//! The URL of a registry host has a path that does not end in `/v2`, and `override_path` is not set.
//!
//! ## Why
//!
//! containerd appends `/v2` to such a path. A mirror written as `/v2/proxy-hub`, as Harbor and others name a project,
//! is asked at `/v2/proxy-hub/v2`, answers 404 or a web page, and containerd goes on to the next host: no image comes
//! from the mirror, and only the traffic shows it. Public registries and those of clouds serve their API at `/v2` of
//! the host, so that a namespace behind the host never works. Elsewhere a path without `/v2` in front may be right:
//! some registries serve their API below it.
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
//! --- /etc/containerd/certs.d/registry.k8s.io/hosts.toml
//! [host."https://registry.cn-hangzhou.aliyuncs.com/team"]
//!       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
//!   capabilities = ["pull", "resolve"]
//! ```
//!
//! ```toml fixed
//! --- /etc/containerd/certs.d/registry.k8s.io/hosts.toml
//! [host."https://registry.cn-hangzhou.aliyuncs.com/v2/team"]
//!   capabilities = ["pull", "resolve"]
//!   override_path = true
//! ```
//!
//! containerd 1.5 cannot ask such a mirror at all:
//!
//! ```toml bad containerd=1.5
//! --- /etc/containerd/certs.d/docker.io/hosts.toml
//! [host."https://harbor.example/v2/proxy-hub"]
//!       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
//!   capabilities = ["pull", "resolve"]
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
use crate::registry_hosts::eras::{HAS_OVERRIDE_PATH, READS_HOSTS_FILES};
use crate::registry_hosts::kind::{RegistryHost, registry_hosts};
use crate::registry_hosts::settings::{add_setting, key_of, write_url};
use crate::registry_hosts::url::{Url, serves_at_root};
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
        report(cx, &host, &path, url);
    }
}

/// Whether a known registry serves its API at `/v2` below such a path: Artifactory and Nexus do.
fn serves_below(path: &str) -> bool {
    path.starts_with("/artifactory/") || path.starts_with("/repository/")
}

/// Sets `override_path`, beside the path that has the version in front if it must.
fn set_override(cx: &FileCx, host: &RegistryHost, new: Option<&str>) -> Option<Fix> {
    let edit = match host.table.get("override_path") {
        Some(node) => edit::replace(node, "true"),
        None => add_setting(cx, host, "override_path", "true")?,
    };
    let Some(new) = new else { return Some(Fix::one(Applicability::Unsafe, "Add `override_path = true`", edit)) };
    let mut edits = write_url(host, new)?;
    edits.push(edit);
    Some(Fix::new(Applicability::Unsafe, format!("Write {new} and `override_path = true`"), edits))
}

fn report(cx: &mut FileCx, host: &RegistryHost, path: &str, url: Url) {
    let has_version = path.starts_with("/v2/");
    let is_wrong = has_version || serves_at_root(url.name());
    let root = if has_version { path.to_owned() } else { format!("/v2{path}") };
    let target = cx.releases().and(READS_HOSTS_FILES);
    let has_key = !target.and(HAS_OVERRIDE_PATH).is_empty();
    let scheme = url.scheme.map(|scheme| format!("{scheme}://")).unwrap_or_default();
    let new = (!has_version).then(|| format!("{scheme}{}{root}", url.host));
    let fix = if is_wrong && has_key { set_override(cx, host, new.as_deref()) } else { None };
    let finding = cx.report(host.span, format!("`{}` is asked at `{}`", host.url, url.asked_path()));
    finding.key(key_of(host));
    if !is_wrong {
        finding.advice(READS_HOSTS_FILES).why(APPENDS_VERSION).help(format!(
            "Leave it if the registry serves its API there. If it does so at `{root}`, write that path and \
             `override_path = true`."
        ));
        return;
    }
    let help = if !has_key {
        "The releases of the target cannot ask a host below a path: `override_path` came with 1.6. Set the mirror in \
         `registry.mirrors` of config.toml, or take one without a path."
            .to_owned()
    } else if has_version {
        "Set `override_path = true` for this host; containerd 1.5 does not have the key.".to_owned()
    } else {
        format!("Write the path as `{root}`, and set `override_path = true`; containerd 1.5 does not have the key.")
    };
    finding
        .harmful(READS_HOSTS_FILES)
        .breaks(BreakScope::RegistryHost, host.url)
        .why(format!(
            "{APPENDS_VERSION} No registry answers there: it sends 404 or a web page, and containerd silently goes on \
             to the next host."
        ))
        .help(help)
        .maybe_fix(fix);
}

const APPENDS_VERSION: &str =
    "containerd appends /v2 to a path that does not end in it, unless `override_path` is true.";

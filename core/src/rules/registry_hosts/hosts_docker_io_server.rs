//! # `hosts-docker-io-server`
//!
//! A URL that names `docker.io` or another web site of Docker as a registry.
//!
//! ## Why
//!
//! Images are named `docker.io/...`, and their registry is `registry-1.docker.io`. containerd maps one to the other
//! only as long as no `server` is written; a URL that is written is asked as is, and `docker.io` is a web site: no
//! image comes from it. As `server` beside a mirror the fault is hidden while the mirror answers. When it does not,
//! there is nothing to fall back to.
//!
//! ## What to do
//!
//! Write `https://registry-1.docker.io`, or leave `server` out. To keep nodes from asking Docker Hub at all, name the
//! mirror as `server`.
//!
//! ## Examples
//!
//! ```toml bad
//! --- /etc/containerd/certs.d/docker.io/hosts.toml
//! server = "https://docker.io"
//!          ^^^^^^^^^^^^^^^^^^^
//! [host."https://mirror.example"]
//!   capabilities = ["pull", "resolve"]
//! ```
//!
//! ```toml fixed
//! --- /etc/containerd/certs.d/docker.io/hosts.toml
//! server = "https://registry-1.docker.io"
//! [host."https://mirror.example"]
//!   capabilities = ["pull", "resolve"]
//! ```
//!
//! ```toml good
//! --- /etc/containerd/certs.d/docker.io/hosts.toml
//! server = "https://docker.io"
//! [host."https://registry-1.docker.io"]
//!   capabilities = ["pull", "resolve"]
//! ```
//!
//! ## References
//!
//! - containerd/containerd#5672, goharbor/harbor#18530
//! - containerd/containerd@v2.3.4:core/remotes/docker/config/hosts.go (`ConfigureHosts`)

use crate::registry_hosts;
use crate::registry_hosts::eras::READS_HOSTS_FILES;
use crate::registry_hosts::kind::{RegistryHost, registry_hosts};
use crate::registry_hosts::settings::{key_of, write_url};
use crate::registry_hosts::url::Url;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "hosts-docker-io-server",
    summary: "Web site of Docker instead of the address of its registry",
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&registry_hosts::KIND], check),
    ..Rule::DEFAULTS
};

const REGISTRY: &str = "registry-1.docker.io";
const SITES: [&str; 3] = ["docker.io", "www.docker.io", "hub.docker.com"];

fn check(cx: &mut FileCx) {
    let all = registry_hosts(cx.root);
    let name = |url: &str| Url::parse(url).map(|url| url.name().to_owned()).unwrap_or_default();
    // The registry itself is asked too: nothing is lost.
    if all.iter().any(|host| name(host.url) == REGISTRY) {
        return;
    }
    let has_mirrors = all.iter().any(|host| !SITES.contains(&name(host.url).as_str()));
    for host in all {
        let site = name(host.url);
        if SITES.contains(&site.as_str()) {
            report(cx, &host, &site, has_mirrors);
        }
    }
}

fn report(cx: &mut FileCx, host: &RegistryHost, site: &str, has_mirrors: bool) {
    let fix = write_url(host, &format!("https://{REGISTRY}"))
        .map(|edits| Fix::new(Applicability::Unsafe, format!("Write https://{REGISTRY}"), edits));
    let consequence = match host.is_server {
        true => "when no mirror answers, the pull fails",
        false => "this host never serves an image",
    };
    let finding = cx.report(host.span, format!("{site} is a web site, not a registry"));
    finding.harmful(READS_HOSTS_FILES);
    // As long as a mirror answers, the server is not asked.
    if !(host.is_server && has_mirrors) {
        finding.breaks(BreakScope::RegistryHost, host.url);
    }
    finding
        .key(key_of(host))
        .why(format!(
            "Images of Docker Hub come from {REGISTRY}. containerd asks the URL as is, and {site} sends a web page: \
             {consequence}."
        ))
        .help("To keep nodes from asking Docker Hub, name the mirror as `server`.")
        .maybe_fix(fix);
}

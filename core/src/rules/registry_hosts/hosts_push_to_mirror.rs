//! # `hosts-push-to-mirror`
//!
//! A mirror of a public registry may be pushed to.
//!
//! ## Why
//!
//! Kubernetes never pushes. `ctr` and `nerdctl` push to the first host that allows it: an image meant for the public
//! registry ends up in the mirror, which most mirrors refuse.
//!
//! ## What to do
//!
//! Leave `push` to the upstream.
//!
//! ## Examples
//!
//! ```toml bad
//! --- /etc/containerd/certs.d/docker.io/hosts.toml
//! server = "https://registry-1.docker.io"
//! [host."https://mirror.example"]
//!   capabilities = ["pull", "resolve", "push"]
//!                                      ^^^^^^
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
//! --- /etc/containerd/certs.d/registry.example/hosts.toml
//! server = "https://registry.example"
//! [host."https://registry.example"]
//!   capabilities = ["pull", "resolve", "push"]
//! ```
//!
//! ## References
//!
//! - containerd/containerd@v2.3.4:docs/hosts.md (capabilities by type of registry)

use crate::registry_hosts;
use crate::registry_hosts::eras::READS_HOSTS_FILES;
use crate::registry_hosts::kind::{RegistryHost, namespace, registry_hosts};
use crate::registry_hosts::url::{Url, is_public};
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "hosts-push-to-mirror",
    summary: "Mirror of a public registry that may be pushed to",
    category: Category::Suspicious,
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&registry_hosts::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    let all = registry_hosts(cx.root);
    let server = all.iter().find(|host| host.is_server).and_then(|host| Url::parse(host.url).ok());
    let upstream = server.map(|url| url.name().to_owned()).or_else(|| namespace(cx.file.path)).unwrap_or_default();
    if !is_public(&upstream) {
        return;
    }
    for host in all.iter().filter(|host| !host.is_server) {
        // The upstream itself may stand among the mirrors.
        if Url::parse(host.url).is_ok_and(|url| is_public(url.name())) {
            continue;
        }
        let Some(list) = host.table.entry("capabilities") else { continue };
        let is_push = |item: &&Node| item.as_str().is_some_and(|text| text.eq_ignore_ascii_case("push"));
        if let Some(push) = list.value.items().iter().find(is_push) {
            report(cx, host, &upstream, list, push);
        }
    }
}

fn report(cx: &mut FileCx, host: &RegistryHost, upstream: &str, list: &Entry, push: &Node) {
    // An empty list would allow everything.
    let edit = edit::remove_item(cx.doc(), &list.value, push).filter(|_| list.value.items().len() > 1);
    let fix = edit.map(|edit| Fix::one(Applicability::Unsafe, "Remove \"push\"", edit));
    let path = cx.path_of(list);
    cx.report(push.span, format!("`{}` is a mirror of {upstream} and may be pushed to", host.url))
        .advice(READS_HOSTS_FILES)
        .key(path)
        .why(
            "`ctr` and `nerdctl` push to the first host that allows it: an image meant for the public registry goes to \
             the mirror. Kubernetes never pushes.",
        )
        .help("Push to the upstream, which always allows it.")
        .maybe_fix(fix);
}

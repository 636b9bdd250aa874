//! # `hosts-unknown-key`
//!
//! A key that no release of containerd has in a `hosts.toml`.
//!
//! ## Why
//!
//! The loader is not strict: it silently drops the key in every release, and the registry is asked as if it were not
//! there. Names of other files are a trap: `insecure`, `insecure_skip_verify`, `endpoint` and `auth` have no effect
//! here.
//!
//! ## What to do
//!
//! Correct the name, or remove the line.
//!
//! ## Examples
//!
//! ```toml bad
//! --- /etc/containerd/certs.d/registry.example/hosts.toml
//! [host."https://registry.example"]
//!   skipverify = true
//!   ^^^^^^^^^^
//! ```
//!
//! ```toml fixed
//! --- /etc/containerd/certs.d/registry.example/hosts.toml
//! [host."https://registry.example"]
//!   skip_verify = true
//! ```
//!
//! ```toml bad
//! --- /etc/containerd/certs.d/docker.io/hosts.toml
//! [hosts."https://a.example"]
//!  ^^^^^
//! [hosts."https://b.example".header]
//!   x-tenant = "1"
//! ```
//!
//! ```toml fixed
//! --- /etc/containerd/certs.d/docker.io/hosts.toml
//! [host."https://a.example"]
//! [host."https://b.example".header]
//!   x-tenant = "1"
//! ```
//!
//! A table of config.toml:
//!
//! ```toml bad
//! --- /etc/containerd/certs.d/registry.example/hosts.toml
//! server = "https://registry.example"
//! [host."https://registry.example"]
//! [plugins."io.containerd.grpc.v1.cri".registry.configs."registry.example".tls]
//!  ^^^^^^^
//!   insecure_skip_verify = true
//! ```
//!
//! ```toml bad
//! --- /etc/containerd/certs.d/registry.example/hosts.toml
//! [host."https://registry.example".auth]
//!                                  ^^^^
//!   username = "puller"
//! ```
//!
//! A URL without quotes falls apart at its dots:
//!
//! ```toml bad
//! --- /etc/containerd/certs.d/docker.io/hosts.toml
//! [host.mirror.example]
//!              ^^^^^^^
//!   capabilities = ["pull"]
//! ```
//!
//! ```toml good
//! --- /etc/containerd/certs.d/registry.example/hosts.toml
//! [host."https://registry.example".header]
//!   x-anything = "goes"
//! ```
//!
//! ```toml good
//! --- /var/lib/rancher/k3s/agent/etc/containerd/certs.d/docker.io/hosts.toml
//! [host."https://registry.example".rewrite]
//!   "^library/(.*)" = "hub/$1"
//! ```
//!
//! ## References
//!
//! - containerd/containerd#11624 (credentials), containerd/containerd#13359 (`proxy` is only proposed)
//! - containerd/containerd@v2.3.4:core/remotes/docker/config/hosts.go; measured with the loaders of 1.7.34, 2.0.11 and
//!   2.3.4

use crate::keys::{Binding, Bound};
use crate::kind::places::has_folder;
use crate::kind::unknown_name::NameGuess;
use crate::registry_hosts;
use crate::registry_hosts::eras::{MATCHES_KEY_CASE, READS_HEADERS, READS_HOSTS_FILES};
use crate::registry_hosts::settings::is_stray_server;
use crate::rules::prelude::*;
use crate::syntax::{MapStyle, Value};

pub(crate) const RULE: Rule = Rule {
    id: "hosts-unknown-key",
    summary: "Key that containerd does not have in a `hosts.toml`",
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&registry_hosts::KIND], check),
    ..Rule::DEFAULTS
};

/// Matches names without regard to letter case, except `host`.
const IGNORES_CASE: Releases = READS_HEADERS;

fn check(cx: &mut FileCx) {
    for bound in cx.bound {
        if bound.binding != Binding::Unknown || is_stray_server(bound) || is_rewrite_of_k3s(cx, bound) {
            continue;
        }
        let key = bound.entry.key.as_ref();
        let meant = alias(key).filter(|name| bound.within.child(name).is_some());
        let guess = meant.map_or_else(|| NameGuess::by_spelling(cx, bound), |name| NameGuess::of(bound, name));
        match guess.other_case(key) {
            _ if is_unquoted_url(cx, bound) && guess.other_case(key).is_none() => report_unquoted(cx, bound.entry),
            Some(name) => report_case(cx, bound, name, &guess),
            None => report(cx, bound, &guess),
        }
    }
}

/// Whether an entry rewrites names of images, which the containerd of k3s and RKE2 does for the hosts of their files.
/// Source: k3s-io/k3s@053afed:pkg/agent/templates/templates.go (`HostsTomlTemplate`).
fn is_rewrite_of_k3s(cx: &FileCx, bound: &Bound) -> bool {
    let path = cx.file.path;
    bound.entry.key == "rewrite" && bound.within.name() == "*" && (has_folder(path, "k3s") || has_folder(path, "rke2"))
}

/// Whether an entry is the rest of a URL without quotes: a table of a host that is written without quotes.
fn is_unquoted_url(cx: &FileCx, bound: &Bound) -> bool {
    let is_table = matches!(&bound.entry.value.value, Value::Map(map) if map.style == MapStyle::Table);
    if bound.within.name() != "*" || !is_table {
        return false;
    }
    let mut mirrors = registry_hosts::mirrors(cx.root).iter();
    let host = mirrors.find(|mirror| std::ptr::eq(&raw const mirror.value, bound.parent));
    host.is_some_and(|host| !host.key_span.of(cx.doc().text).starts_with(['"', '\'']))
}

fn report(cx: &mut FileCx, bound: &Bound, guess: &NameGuess) {
    let key = bound.entry.key.as_ref();
    let fix = guess.fix(cx, bound);
    let help = foreign(key).map_or_else(|| guess.help(), str::to_owned);
    cx.report_key(bound.entry, format!("containerd has no key `{key}` in a hosts.toml"))
        .ignored(READS_HOSTS_FILES)
        .why("containerd silently drops it, in every release.")
        .help(help)
        .maybe_fix(fix);
}

fn report_case(cx: &mut FileCx, bound: &Bound, name: &str, guess: &NameGuess) {
    let key = bound.entry.key.as_ref();
    let fix = guess.fix(cx, bound);
    let finding = cx.report_key(bound.entry, format!("containerd spells `{key}` as `{name}`"));
    match name {
        "host" => finding.ignored(READS_HOSTS_FILES),
        _ if key.bytes().all(|b| !b.is_ascii_lowercase()) => finding.advice(READS_HOSTS_FILES),
        _ => finding.ignored(MATCHES_KEY_CASE).advice(IGNORES_CASE),
    };
    finding
        .why("1.5 to 1.7 silently drop a key in other letter case; 2.x take it, except `host`.")
        .help(format!("Write `{name}`."))
        .maybe_fix(fix);
}

fn report_unquoted(cx: &mut FileCx, entry: &Entry) {
    let path = cx.path_of(entry);
    cx.report_key(entry, format!("`{path}` is not the host that it seems to name: a dot ends a part of the name"))
        .ignored(READS_HOSTS_FILES)
        .why(
            "containerd takes this for a setting of the host in front of the dot, silently drops it, and asks a host \
             of that short name.",
        )
        .help("Write the URL in quotes, such as [host.\"https://registry.example\"].");
}

/// Names of other programs and of config.toml, by the key that does the same here.
fn alias(key: &str) -> Option<&'static str> {
    let plain: String = key.chars().filter(|c| c.is_ascii_alphanumeric()).map(|c| c.to_ascii_lowercase()).collect();
    Some(match plain.as_str() {
        "insecureskipverify" | "insecureskiptlsverify" | "skiptlsverify" | "tlsskipverify" | "insecure" => {
            "skip_verify"
        }
        "cafile" | "cacert" | "cacertificate" | "certificateauthority" | "rootca" => "ca",
        "clientcert" | "certfile" => "client",
        "timeout" | "connecttimeout" => "dial_timeout",
        "upstream" | "default" | "defaultserver" => "server",
        "mirror" | "mirrors" => "host",
        _ => return None,
    })
}

/// What to do about keys that belong in another place.
fn foreign(key: &str) -> Option<&'static str> {
    Some(match key.to_ascii_lowercase().as_str() {
        "plugins" | "plugin" | "version" | "registry" => {
            "This belongs in containerd's config.toml. Here, write `ca`, `client` or `skip_verify` in the table of a \
             host."
        }
        "auth" | "auths" | "username" | "password" | "credentials" | "identitytoken" | "identity_token" => {
            "Give credentials to pods as image pull secrets, or to the kubelet by a credential provider: no release \
             reads them here."
        }
        "endpoint" | "endpoints" => "Write a [host.\"https://...\"] table for each endpoint.",
        "plain_http" | "plain-http" => "Write the URL of the host with http:// instead.",
        "proxy" | "http_proxy" | "https_proxy" => {
            "Remove it, and set HTTPS_PROXY in the environment of containerd.service."
        }
        "key" | "key_file" | "client_key" | "cert" => {
            "Write `client = [[\"client.cert\", \"client.key\"]]`, which names both files."
        }
        "rewrite" => "Remove it: only k3s and RKE2 have it, in their registries.yaml.",
        _ => return None,
    })
}

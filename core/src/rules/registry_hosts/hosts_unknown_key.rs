//! # `hosts-unknown-key`
//!
//! A key that no release of containerd knows in a `hosts.toml`.
//!
//! ## Why
//!
//! The loader is not strict: it drops the key without a word in every release, and the registry is asked as if it
//! were not there. Names from elsewhere are a trap: `insecure`, `insecure_skip_verify`, `endpoint` and `auth` do
//! nothing here.
//!
//! ## What to do
//!
//! Mend the name, or remove the line.
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
//! ## References
//!
//! - containerd/containerd#11624 (credentials), containerd/containerd#13359 (`proxy` is only proposed)
//! - containerd/containerd@v2.3.4:core/remotes/docker/config/hosts.go; measured with the loaders of 1.7.34, 2.0.11 and
//!   2.3.4

use crate::keys::{Binding, Bound};
use crate::kind::unknown_name::Guess;
use crate::registry_hosts;
use crate::registry_hosts::kind::READ;
use crate::rules::prelude::*;
use crate::rules::registry_hosts::hosts_server_in_host::is_stray_server;
use crate::syntax::{MapStyle, Value};

pub(crate) const RULE: Rule = Rule {
    id: "hosts-unknown-key",
    summary: "A key that containerd does not know in a `hosts.toml`",
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&registry_hosts::KIND], check),
    ..Rule::DEFAULTS
};

/// They match names in their exact letter case, or all in capitals.
const EXACT_CASE: Releases = Releases::containerd("1.5..1.7");
/// They match names without regard to letter case, except `host`.
const ANY_CASE: Releases = Releases::containerd("2.0..");

fn check(cx: &mut FileCx) {
    for bound in cx.bound {
        if bound.binding == Binding::Unknown && !is_stray_server(bound) {
            report(cx, bound);
        }
    }
}

fn report(cx: &mut FileCx, bound: &Bound) {
    let entry = bound.entry;
    let key = entry.key.as_ref();
    let meant = alias(key).filter(|name| bound.within.child(name).is_some());
    let guess = meant.map_or_else(|| Guess::by_spelling(cx, bound), |name| Guess::of(bound, name));
    let fix = guess.fix(cx, bound);
    let path = cx.path_of(entry);
    if let Some(name) = guess.other_case(key) {
        let finding = cx.report(entry.key_span, format!("containerd spells `{key}` as `{name}`"));
        match name {
            "host" => finding.ignored(READ),
            _ if key.bytes().all(|b| !b.is_ascii_lowercase()) => finding.advice(READ),
            _ => finding.ignored(EXACT_CASE).advice(ANY_CASE),
        };
        finding
            .key(path)
            .why("1.5 to 1.7 drop a key in other letter case without a word; 2.x take it, except `host`.")
            .help(format!("Write `{name}`."))
            .maybe_fix(fix);
        return;
    }
    let unquoted = bound.within.name() == "*" && is_table(&entry.value.value) && is_bare_host(cx, bound);
    let help = match foreign(key) {
        _ if unquoted => "Write the URL in quotes, such as [host.\"https://registry.example\"].".to_owned(),
        Some(help) => help.to_owned(),
        None => guess.help(),
    };
    let message = if unquoted {
        format!("`{path}` is not the host that it seems to name: a dot ends a part of the name")
    } else {
        format!("containerd knows no key `{key}` in a hosts.toml")
    };
    let why = if unquoted {
        "containerd takes this for a setting of the host in front of the dot, drops it without a word, and asks a host of that short name."
    } else {
        "containerd drops it without a word, in every release."
    };
    cx.report(entry.key_span, message).ignored(READ).key(path).why(why).help(help).maybe_fix(fix.filter(|_| !unquoted));
}

fn is_table(value: &Value) -> bool {
    matches!(value, Value::Map(map) if map.style == MapStyle::Table)
}

/// Whether the host around an entry is written without quotes, and as no URL.
fn is_bare_host(cx: &FileCx, bound: &Bound) -> bool {
    let host = registry_hosts::mirrors(cx.root).iter().find(|e| std::ptr::eq(&raw const e.value, bound.parent));
    host.is_some_and(|e| !e.key_span.of(cx.doc().text).starts_with(['"', '\'']))
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

/// What to do about keys that have their place elsewhere.
fn foreign(key: &str) -> Option<&'static str> {
    Some(match key.to_ascii_lowercase().as_str() {
        "plugins" | "plugin" | "version" | "registry" => {
            "This belongs in containerd's config.toml. Here, write `ca`, `client` or `skip_verify` in the table of a host."
        }
        "auth" | "auths" | "username" | "password" | "credentials" | "identitytoken" | "identity_token" => {
            "Give credentials to pods as image pull secrets, or to the kubelet by a credential provider: no release reads them here."
        }
        "endpoint" | "endpoints" => "Write a [host.\"https://...\"] table for each endpoint.",
        "plain_http" | "plain-http" => "Write the URL of the host with http:// instead.",
        "proxy" | "http_proxy" | "https_proxy" => {
            "Remove it, and set HTTPS_PROXY in the environment of containerd.service."
        }
        "key" | "key_file" | "client_key" | "cert" => {
            "Write `client = [[\"client.cert\", \"client.key\"]]`, which names both files."
        }
        "rewrite" => "Remove it: only k3s and RKE2 know it, in their registries.yaml.",
        _ => return None,
    })
}

//! # `registries-unknown-key`
//!
//! A key that k3s and RKE2 do not have in `registries.yaml`.
//!
//! ## Why
//!
//! k3s silently drops the key with all that stands below it: no mirror is written, or a registry is asked without its
//! credentials. `token` is in an example of the documentation, and no release reads it; `auths` is read, and not used.
//!
//! ## What to do
//!
//! Correct the name.
//!
//! ## Examples
//!
//! ```yaml bad
//! --- /etc/rancher/k3s/registries.yaml
//! mirrors:
//!   docker.io:
//!     endpoints:
//!     ^^^^^^^^^
//!       - https://mirror.example
//! ```
//!
//! ```yaml fixed
//! --- /etc/rancher/k3s/registries.yaml
//! mirrors:
//!   docker.io:
//!     endpoint:
//!       - https://mirror.example
//! ```
//!
//! ```yaml bad
//! --- /etc/rancher/rke2/registries.yaml
//! mirrros:
//! ^^^^^^^
//!   docker.io:
//!     endpoint:
//!       - https://mirror.example
//! ```
//!
//! ```yaml bad
//! --- /etc/rancher/k3s/registries.yaml
//! configs:
//!   registry.example:
//!     tls:
//!       insecure: true
//!       ^^^^^^^^
//! ```
//!
//! ```yaml bad
//! --- /etc/rancher/k3s/registries.yaml
//! configs:
//!   registry.example:
//!     auth:
//!       token: abc
//!       ^^^^^
//! ```
//!
//! ```yaml good
//! --- /etc/rancher/k3s/registries.yaml
//! mirrors:
//!   "*":
//!     endpoint:
//!       - https://mirror.example:5000
//!     rewrite:
//!       "^(.*)$": "proxy/$1"
//! configs:
//!   mirror.example:5000:
//!     auth:
//!       username: puller
//!       password: secret
//! ```
//!
//! ## References
//!
//! - k3s-io/k3s#5502, rancher/rke2#5612
//! - rancher/wharfie@bb7080c:pkg/registries/types.go, registries.go (`yaml.Unmarshal` without strictness)

use crate::distributions::registries;
use crate::keys::{Binding, Bound};
use crate::kind::unknown_name::NameGuess;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "registries-unknown-key",
    summary: "Key that k3s and RKE2 do not have in `registries.yaml`",
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&registries::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    for bound in cx.bound {
        let is_unknown = bound.binding == Binding::Unknown && !is_anchor(cx, bound.entry);
        let is_dead = bound.entry.key == "auths" && bound.above.is_none();
        if is_unknown || is_dead {
            report(cx, bound);
        }
    }
}

/// Whether an entry only holds what others repeat by its anchor.
fn is_anchor(cx: &FileCx, entry: &Entry) -> bool {
    let between = Span { start: entry.key_span.end, end: entry.value.span.start };
    let text = cx.doc().text;
    between.of(text).contains('&') || entry.value.span.of(text).starts_with('&') || entry.key.starts_with("x-")
}

fn report(cx: &mut FileCx, bound: &Bound) {
    let key = bound.entry.key.as_ref();
    let meant = alias(key).filter(|name| bound.within.child(name).is_some());
    let guess = meant.map_or_else(|| NameGuess::by_spelling(cx, bound), |name| NameGuess::of(bound, name));
    let fix = guess.fix(cx, bound);
    let known: Vec<&str> = bound.within.children().map(|place| place.name()).collect();
    let help = match (foreign(key), guess.name) {
        (Some(help), _) => help.to_owned(),
        (None, Some(name)) => format!("Did you mean `{name}`?"),
        (None, None) => format!("Remove it. k3s reads {} here.", known.join(", ")),
    };
    cx.report_key(bound.entry, format!("k3s does not use a key `{key}` of registries.yaml here"))
        .ignored(Releases::ANY)
        .why("k3s and RKE2 silently drop it with all that stands below it.")
        .help(help)
        .maybe_fix(fix);
}

/// Names of other files, by the key that does the same here.
fn alias(key: &str) -> Option<&'static str> {
    let plain: String = key.chars().filter(|c| c.is_ascii_alphanumeric()).map(|c| c.to_ascii_lowercase()).collect();
    Some(match plain.as_str() {
        "insecure" | "skipverify" | "skiptlsverify" | "insecureskiptlsverify" | "tlsskipverify" => {
            "insecure_skip_verify"
        }
        "ca" | "cacert" | "cacertfile" => "ca_file",
        "cert" | "clientcert" => "cert_file",
        "key" | "clientkey" => "key_file",
        "rewrites" => "rewrite",
        "endpoints" | "url" | "urls" => "endpoint",
        "registries" | "registry" => "mirrors",
        "user" => "username",
        "pass" => "password",
        _ => return None,
    })
}

/// What to do about keys that have no other name.
fn foreign(key: &str) -> Option<&'static str> {
    Some(match key {
        "auths" => "Write `auth` below the host in `configs`.",
        "token" | "registrytoken" | "registry_token" => {
            "Write `identity_token`, or `username` and `password`: no release reads a token by another name."
        }
        "override_path" => "Remove it: k3s sets `override_path` itself for an endpoint with a path.",
        "capabilities" | "server" | "host" => {
            "Remove it: this is a key of hosts.toml, which k3s writes. Write a hosts.toml of your own for it."
        }
        _ => return None,
    })
}

//! # `hosts-unknown-capability`
//!
//! A capability of a registry host that containerd does not have, or not yet.
//!
//! ## Why
//!
//! One unknown word costs the whole file: containerd logs `unknown capability`, discards the file at each pull, and
//! asks the upstream registry alone. `referrers` does that to every release before 2.2.
//!
//! ## What to do
//!
//! Write `pull`, `resolve` or `push`, and `referrers` only where all nodes have containerd 2.2. Without any, a host
//! may do all.
//!
//! ## Examples
//!
//! ```toml bad
//! --- /etc/containerd/certs.d/docker.io/hosts.toml
//! [host."https://mirror.example"]
//!   capabilities = ["pull", "resolv"]
//!                           ^^^^^^^^
//! ```
//!
//! ```toml fixed
//! --- /etc/containerd/certs.d/docker.io/hosts.toml
//! [host."https://mirror.example"]
//!   capabilities = ["pull", "resolve"]
//! ```
//!
//! ```toml bad
//! --- /etc/containerd/certs.d/docker.io/hosts.toml
//! [host."https://mirror.example"]
//!   capabilities = ["pull", "resolve", "referrers"]
//!                                      ^^^^^^^^^^^
//! ```
//!
//! ```toml good containerd=2.2..2.3
//! --- /etc/containerd/certs.d/docker.io/hosts.toml
//! [host."https://mirror.example"]
//!   capabilities = ["Pull", "resolve", "referrers"]
//! ```
//!
//! ## References
//!
//! - containerd/containerd@v2.3.4:core/remotes/docker/config/hosts.go (`parseHostConfig`); measured with the loaders of
//!   1.7.34, 2.0.11 and 2.3.4

use crate::containerd::lifetime::first;
use crate::keys::{KeySpec, nearest};
use crate::registry_hosts;
use crate::registry_hosts::eras::READS_HOSTS_FILES;
use crate::registry_hosts::settings::discards_file;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "hosts-unknown-capability",
    summary: "Capability for which containerd discards a `hosts.toml`",
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&registry_hosts::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    for bound in cx.bound {
        let Some(key) = bound.key().filter(|key| key.leaf() == "capabilities") else { continue };
        for item in bound.entry.value.items() {
            let Some(text) = item.as_str() else { continue };
            // Letter case does not matter.
            match key.values_by_release().find(|(value, _)| value.eq_ignore_ascii_case(text)) {
                Some((_, having)) => report_too_new(cx, bound.entry, item, text, having),
                None => report(cx, key, bound.entry, item, text),
            }
        }
    }
}

fn report(cx: &mut FileCx, key: &KeySpec, entry: &Entry, item: &Node, text: &str) {
    let close = nearest(text, key.values());
    let fix = close.map(|word| Fix::string(Applicability::Unsafe, item.span, word));
    let help = match close {
        Some(word) => format!("Did you mean \"{word}\"?"),
        None => format!("Remove it: the words are {}.", key.values().collect::<Vec<_>>().join(", ")),
    };
    let path = cx.path_of(entry);
    cx.report(item.span, format!("`{text}` is not a capability of a registry host"))
        .ignored(READS_HOSTS_FILES)
        .key(path)
        .why(discards_file(&format!("unknown capability {text}")))
        .help(help)
        .maybe_fix(fix);
}

/// Reports a word that not all releases have.
fn report_too_new(cx: &mut FileCx, entry: &Entry, item: &Node, text: &str, having: ReleaseSet) {
    let missing = READS_HOSTS_FILES.get(Product::Containerd).without(having);
    if missing.is_empty() {
        return;
    }
    // An empty list would allow everything.
    let edit = edit::remove_item(cx.doc(), &entry.value, item).filter(|_| entry.value.items().len() > 1);
    let fix = edit.map(|edit| Fix::one(Applicability::Unsafe, format!("Remove \"{text}\""), edit));
    let since = first(having);
    let path = cx.path_of(entry);
    cx.report(item.span, format!("containerd has the capability `{text}` from {since} on"))
        .ignored(Releases::only(Product::Containerd, missing))
        .key(path)
        .why(discards_file(&format!("unknown capability {text}")))
        .help(format!("Remove it until all nodes have containerd {since}."))
        .maybe_fix(fix);
}

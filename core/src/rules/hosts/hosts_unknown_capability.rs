//! # `hosts-unknown-capability`
//!
//! A capability of a registry host that containerd does not know, or not yet.
//!
//! ## Why
//!
//! One unknown word costs the whole file: containerd logs `unknown capability`, throws the file away at each pull, and asks
//! the upstream registry alone. `referrers` does that to every release before 2.2.
//!
//! ## What to do
//!
//! Write `pull`, `resolve` or `push`, and `referrers` only where all nodes have containerd 2.2. Without any, a host may do
//! all.
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

use crate::fix::{Applicability, Fix, edit};
use crate::keys::nearest;
use crate::kind::hosts::{self, READ};
use crate::releases::Releases;
use crate::rules::hosts_values::thrown_away;
use crate::rules::{Category, FileCx, Rule, Run};
use crate::syntax::{Entry, Node};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "hosts-unknown-capability",
    summary: "A capability for which containerd throws a `hosts.toml` away",
    category: Category::Correctness,
    since: "0.1.0",
    fix: Some(Applicability::Unsafe),
    opt_in: false,
    run: Run::File(&[&hosts::KIND], check),
};

const CAPABILITIES: [&str; 3] = ["pull", "resolve", "push"];
const NO_REFERRERS: Releases = Releases::containerd("1.5..2.1");

fn check(cx: &mut FileCx<'_, '_, '_>) {
    let lists = cx.bound.iter().filter(|b| b.key().is_some_and(|key| key.leaf() == "capabilities"));
    for entry in lists.map(|b| b.entry) {
        for item in entry.value.items() {
            let Some(text) = item.as_str() else { continue };
            let word = text.to_lowercase();
            if word == "referrers" {
                report_referrers(cx, entry, item);
            } else if !CAPABILITIES.contains(&word.as_str()) {
                report(cx, entry, item, text);
            }
        }
    }
}

fn report(cx: &mut FileCx<'_, '_, '_>, entry: &Entry<'_>, item: &Node<'_>, text: &str) {
    let close = nearest(text, CAPABILITIES.into_iter());
    let fix =
        close.map(|word| Fix::edit(Applicability::Unsafe, format!("Write \"{word}\""), item.span, edit::string(word)));
    let help = match close {
        Some(word) => format!("Did you mean \"{word}\"?"),
        None => "Remove it: a host may pull, resolve and push, and from 2.2 on list referrers.".to_owned(),
    };
    let path = cx.path_of(entry);
    cx.report(item.span, format!("\"{text}\" is no capability of a registry host"))
        .ignored(READ)
        .key(path)
        .why(thrown_away(&format!("unknown capability {text}")))
        .help(help)
        .maybe_fix(fix);
}

fn report_referrers(cx: &mut FileCx<'_, '_, '_>, entry: &Entry<'_>, item: &Node<'_>) {
    // An empty list would allow everything.
    let others = entry.value.items().len() > 1;
    let fix = edit::remove_item(cx.doc(), &entry.value, item).filter(|_| others).map(|edit| Fix {
        title: "Remove \"referrers\"".to_owned(),
        applicability: Applicability::Unsafe,
        edits: vec![edit],
    });
    let path = cx.path_of(entry);
    cx.report(item.span, "containerd knows the capability \"referrers\" from 2.2 on")
        .ignored(NO_REFERRERS)
        .key(path)
        .why(thrown_away("unknown capability referrers"))
        .help("Remove it until all nodes have containerd 2.2.")
        .maybe_fix(fix);
}

//! # `flag-name-as-directive`
//!
//! The name of a dockerd flag in `daemon.json`, where the key has another name: `host` for `hosts`.
//!
//! ## Why
//!
//! dockerd lets the name pass, because there is a flag of that name, and then reads only the key: it silently ignores
//! the setting. Such a name makes the error about `hosts` go away, but the daemon does not listen.
//!
//! If the value is an object, dockerd takes its children for keys, and does not start when one of them is not a key.
//!
//! ## What to do
//!
//! Use the key shown, with a value of its shape: mostly a list.
//!
//! ## Examples
//!
//! ```json bad
//! { "insecure-registry": ["registry.example:5000"] }
//!   ^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```json fixed
//! { "insecure-registries": ["registry.example:5000"] }
//! ```
//!
//! ```json bad
//! { "exec-opt": "native.cgroupdriver=systemd" }
//!   ^^^^^^^^^^
//! ```
//!
//! ```json fixed
//! { "exec-opts": ["native.cgroupdriver=systemd"] }
//! ```
//!
//! ```json bad
//! { "log-opt": { "max-size": "10m" } }
//!   ^^^^^^^^^
//! ```
//!
//! ```json fixed
//! { "log-opts": { "max-size": "10m" } }
//! ```
//!
//! ```json bad
//! { "restart": false }
//!   ^^^^^^^^^
//! ```
//!
//! ```json good
//! { "insecure-registries": ["registry.example:5000"] }
//! ```
//!
//! ## References
//!
//! - docker/for-linux#732, docker/for-mac#3108
//! - moby/moby@docker-v29.7.2:daemon/config/config.go (`findConfigurationConflicts`); measured with 20.10.24, 24.0.9,
//!   27.5.1, 28.5.2 and 29.7.2

use crate::docker;
use crate::docker::kind::{directive, refused_names};
use crate::docker::refusals::unknown_names;
use crate::docker::settings::in_docker;
use crate::docker::types::wanted;
use crate::keys::flags::docker_ignored;
use crate::keys::{Item, Type};
use crate::rules::prelude::*;
use crate::syntax::Value;

pub(crate) const RULE: Rule = Rule {
    id: "flag-name-as-directive",
    summary: "Name of a flag where the key has another name",
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&docker::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    for entry in cx.root.entries() {
        let Some(flag) = docker_ignored(&entry.key) else { continue };
        // The rule `proxies-at-top-level` reports keys of `proxies`.
        if flag.key().is_none_or(|key| !key.contains('.')) {
            report(cx, entry, flag.key());
        }
    }
}

fn report(cx: &mut FileCx, entry: &Entry, key: Option<&'static str>) {
    let name = entry.key.as_ref();
    let refused = refused_names(entry);
    let refusing = refused.iter().fold(ReleaseSet::NONE, |all, (_, set)| all.or(*set));
    let printed: Vec<&str> = refused.iter().map(|(child, _)| child.key.as_ref()).collect();
    let (message, help) = match key {
        Some(key) => {
            let wanted = directive(key).map_or("its value".to_owned(), |key| wanted(key.ty()));
            (
                format!("`{name}` has no effect in the file: the key is `{key}`"),
                format!("Write `{key}`, with {wanted}."),
            )
        }
        None => (
            format!("`{name}` has no effect in the file"),
            format!("Remove it, or give `--{name}` to dockerd in its systemd unit."),
        ),
    };
    let why = match printed.as_slice() {
        [] => IGNORED.to_owned(),
        [only] if *only == name => IGNORED.to_owned(),
        names => format!("dockerd takes the children of this object for keys. {}", unknown_names(names)),
    };
    let fix = fix(cx, entry, key);
    cx.report_key(entry, message)
        .refused(in_docker(refusing))
        .ignored(in_docker(ReleaseSet::ALL.without(refusing)))
        .why(why)
        .help(help)
        .maybe_fix(fix);
}

/// The key with the same value, in a list where the key takes one.
fn fix(cx: &FileCx, entry: &Entry, key: Option<&str>) -> Option<Fix> {
    let key = key.filter(|key| cx.root.get(key).is_none())?;
    let ty = directive(key)?.ty();
    let mut edits = vec![edit::rename(cx.doc(), entry, key)];
    if !ty.admits(&entry.value) {
        let is_item = matches!((ty, &entry.value.value), (Type::List(Item::String), Value::Scalar(_)));
        entry.value.as_str().filter(|_| is_item)?;
        edits.push(edit::replace(&entry.value, format!("[{}]", entry.value.span.of(cx.doc().text))));
    }
    Some(Fix::new(Applicability::Unsafe, format!("Write `{key}`"), edits))
}

const IGNORED: &str = "dockerd lets the name of a flag pass and reads the key alone: it silently ignores the \
    setting.";

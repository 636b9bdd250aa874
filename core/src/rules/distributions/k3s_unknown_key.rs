//! # `k3s-unknown-key`
//!
//! A misspelled key in `config.yaml` of k3s or RKE2.
//!
//! ## Why
//!
//! Each key is a flag of `k3s server` or `k3s agent`. k3s leaves out a key that the command does not have, with
//! `Unknown flag --kublet-arg found in config.yaml, skipping` in its log, and starts without the setting. crilint
//! reports only names whose meaning is clear; others may be keys of a newer release.
//!
//! ## What to do
//!
//! Correct the name.
//!
//! ## Examples
//!
//! ```yaml bad
//! --- /etc/rancher/k3s/config.yaml
//! kublet-arg:
//! ^^^^^^^^^^
//!   - max-pods=200
//! ```
//!
//! ```yaml fixed
//! --- /etc/rancher/k3s/config.yaml
//! kubelet-arg:
//!   - max-pods=200
//! ```
//!
//! ```yaml bad
//! --- /etc/rancher/rke2/config.yaml.d/10-site.yaml
//! tls_san: node.example
//! ^^^^^^^
//! ```
//!
//! ```yaml good
//! --- /etc/rancher/k3s/config.yaml
//! token: abc
//! kubelet-arg+:
//!   - max-pods=200
//! snapshotter: native
//! some-key-of-a-later-release: 1
//! ```
//!
//! ## References
//!
//! - k3s-io/k3s#8266
//! - k3s-io/k3s@f646604:pkg/configfilearg/parser.go (`stripInvalidFlags`)

use crate::distributions::k3s_config::{self, KEYS, plain};
use crate::keys::nearest;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "k3s-unknown-key",
    summary: "Misspelled key in `config.yaml` of k3s or RKE2",
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&k3s_config::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    for entry in cx.root.entries() {
        let key = plain(&entry.key);
        // A flag may stand before its value.
        let key = key.split('=').next().unwrap_or_default();
        if KEYS.contains(&key) || entry.key.contains('=') {
            continue;
        }
        let hyphens = key.replace('_', "-");
        let Some(close) =
            KEYS.iter().find(|known| **known == hyphens).copied().or_else(|| nearest(key, KEYS.iter().copied()))
        else {
            continue;
        };
        let is_set = cx.root.get(close).is_some();
        let new = if entry.key.ends_with('+') { format!("{close}+") } else { close.to_owned() };
        let fix = (!is_set).then(|| Fix::rename(Applicability::Unsafe, cx.doc(), entry, &new));
        cx.report_key(entry, format!("k3s does not have a key `{key}`"))
            .ignored(Releases::ANY)
            .why(format!("k3s and RKE2 leave it out: `Unknown flag --{key} found in config.yaml, skipping`."))
            .help(format!("Did you mean `{close}`?"))
            .maybe_fix(fix);
    }
}

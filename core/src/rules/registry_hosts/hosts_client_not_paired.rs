//! # `hosts-client-not-paired`
//!
//! `client` lists a certificate and a key side by side, where each item is a file that holds both.
//!
//! ## Why
//!
//! In `client = ["client.cert", "client.key"]` containerd looks for certificate and key in the first file, finds no
//! key and fails the pull: `failed to load X509 key pair`. The file is read, so no other host is asked.
//!
//! ## What to do
//!
//! Put the two in brackets of their own: a list of pairs.
//!
//! ## Examples
//!
//! ```toml bad
//! --- /etc/containerd/certs.d/registry.example/hosts.toml
//! [host."https://registry.example"]
//!   client = ["client.cert", "client.key"]
//!            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```toml fixed
//! --- /etc/containerd/certs.d/registry.example/hosts.toml
//! [host."https://registry.example"]
//!   client = [["client.cert", "client.key"]]
//! ```
//!
//! ```toml good
//! --- /etc/containerd/certs.d/registry.example/hosts.toml
//! [host."https://registry.example"]
//!   client = ["old.pem", "new.pem"]
//! ```
//!
//! ## References
//!
//! - containerd/containerd@v2.3.4:core/remotes/docker/config/hosts.go (`parseHostConfig`, `updateTLSConfigFromHost`)

use crate::registry_hosts::eras::READS_HOSTS_FILES;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "hosts-client-not-paired",
    summary: "Certificate and key in `client` that are not a pair",
    fix: Some(Applicability::Unsafe),
    run: Run::Settings(&[SettingCheck {
        outcomes: &[(Effect::Harmful, READS_HOSTS_FILES)],
        breaks: Some(BreakScope::RegistryHost),
        message: "{value} are not written as a pair",
        why: "In a plain list each file holds certificate and key. containerd finds no key in the first one and fails \
              every pull from this registry: `failed to load X509 key pair`.",
        help: "Write `client = {new}`.",
        fix: Some(Replacement {
            applicability: Applicability::Unsafe,
            title: "Make them a pair",
            setting: "",
            value: NewValue::Of(pair),
        }),
        ..SettingCheck::of(&daemons::REGISTRY_HOSTS, "client", Test::Where(is_unpaired))
    }]),
    ..Rule::DEFAULTS
};

fn is_unpaired(setting: &WrittenSetting) -> bool {
    pair(setting).is_some()
}

/// The certificate and the key of a list of two files as a pair.
fn pair(setting: &WrittenSetting) -> Option<String> {
    let [certificate, key] = setting.node?.items() else { return None };
    let (certificate, key) = (certificate.as_str()?, key.as_str()?);
    let is_pair = !is_key(certificate) && is_key(key);
    is_pair.then(|| format!("[[{}, {}]]", edit::string(certificate), edit::string(key)))
}

/// Whether a file holds a key alone, by its name.
fn is_key(file: &str) -> bool {
    let name = file.rsplit('/').next().unwrap_or(file).to_ascii_lowercase();
    name.ends_with(".key") || name.ends_with("-key.pem") || name.ends_with("_key.pem") || name == "key.pem"
}

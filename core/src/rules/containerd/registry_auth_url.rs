//! # `registry-auth-url`
//!
//! A table of `registry.auths` whose name is not a URL.
//!
//! ## Why
//!
//! The CRI plugin of containerd 1.4 and later does not load: `failed to parse registry url "10.0.0.1:5000" from
//! registry.auths: first path segment in URL cannot contain colon`. A name with a port reads as a URL only by luck.
//!
//! ## What to do
//!
//! Write the URL with `https://`. Better, give credentials to pods as image pull secrets: the table is deprecated.
//!
//! ## Examples
//!
//! ```toml bad
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri".registry.auths."10.0.0.1:5000"]
//!                                                     ^^^^^^^^^^^^^^^
//!   username = "reader"
//! ```
//!
//! ```toml good
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri".registry.auths."https://10.0.0.1:5000"]
//!   username = "reader"
//! ```
//!
//! ## References
//!
//! - containerd/containerd@v1.4.13:vendor/github.com/containerd/cri/pkg/config/config.go,
//!   v1.7.34:pkg/cri/config/config.go, v2.3.4:internal/cri/config/config.go; golang/go@go1.23.0:src/net/url/url.go

use crate::containerd::loader::{Effective, LoadedTable};
use crate::containerd::settings::in_effect;
use crate::go::address::url_fault;
use crate::kind::SettingPlace;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "registry-auth-url",
    summary: "Credentials for a registry whose name is not a URL",
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

const READS_NAME_AS_URL: Releases = Releases::containerd("1.4..");

fn check(cx: &mut NodeCx) {
    for ((place, name, fault), releases) in in_effect(cx.loaded, malformed_names) {
        cx.report_key(place, format!("`{name}` is not a URL"))
            .failed(releases)
            .why(format!(
                "The CRI plugin does not load: `failed to parse registry url \"{name}\" from registry.auths: {fault}`."
            ))
            .help("Write it with https:// in front. Better, use image pull secrets: `auths` is deprecated.");
    }
}

fn malformed_names(effective: &Effective) -> Vec<(SettingPlace, String, String)> {
    let auths = effective.table("images:registry.auths").filter(|_| effective.release.is_in(READS_NAME_AS_URL));
    let auths = auths.into_iter().flat_map(LoadedTable::entries);
    auths.filter_map(|(name, item)| Some((SettingPlace::of_item(item)?, name.to_owned(), url_fault(name)?))).collect()
}

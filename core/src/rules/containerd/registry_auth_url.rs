//! # `registry-auth-url`
//!
//! A table of `registry.auths` by a name that is no URL.
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
//! - containerd/containerd@v1.4.13:vendor/github.com/containerd/cri/pkg/config/config.go, v1.7.34:pkg/cri/config/config.go,
//!   v2.3.4:internal/cri/config/config.go; golang/go@go1.23.0:src/net/url/url.go

use crate::containerd::effective::{Spot, by_release};
use crate::containerd::loader::Item;
use crate::go::address::url_fault;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "registry-auth-url",
    summary: "Credentials for a registry by a name that is no URL",
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

/// Before, the name was not read as a URL.
const CHECKED: ReleaseSet = Releases::containerd("1.4..").get(Product::Containerd);

fn check(cx: &mut NodeCx) {
    let loaded = cx.loaded;
    for configuration in loaded.configurations() {
        let found = by_release(configuration, |effective, out| {
            let auths = effective.cri_images(&["registry", "auths"]).and_then(Item::as_table);
            let auths = auths.filter(|_| effective.release.is_in(CHECKED));
            for (name, item) in auths.into_iter().flat_map(|auths| auths.entries()) {
                if let (Some(fault), Some(spot)) = (url_fault(name), Spot::of_item(item)) {
                    out.push((spot, name.to_owned(), fault));
                }
            }
        });
        for ((spot, name, fault), releases) in found {
            let path = spot.path(cx.loaded);
            cx.report(spot.file, spot.key, format!("\"{name}\" is no URL"))
                .failed(releases)
                .key(path)
                .why(format!("The CRI plugin does not load: `failed to parse registry url \"{name}\" from registry.auths: {fault}`."))
                .help("Write it with https:// in front. Better, use image pull secrets: `auths` is deprecated.");
        }
    }
}

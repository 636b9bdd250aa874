//! # `stream-server-address-invalid`
//!
//! `stream_server_address` is neither an IP address nor a name.
//!
//! ## Why
//!
//! `containerd config dump` does not mind, but at start the CRI service cannot listen (`listen tcp: lookup not an address:
//! no such host`) and takes the whole daemon down. A port does not belong here: `127.0.0.1:10010` is looked up as a name.
//!
//! ## What to do
//!
//! Write an IP address, and the port to `stream_server_port`.
//!
//! ## Examples
//!
//! ```toml bad
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri"]
//!   stream_server_address = "127.0.0.1:10010"
//!                           ^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```toml good
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri"]
//!   stream_server_address = "::1"
//! ```
//!
//! ## References
//!
//! - containerd/containerd@v2.3.4:internal/cri/config/streaming.go; golang/go@go1.23.0:src/net/dnsclient.go
//! - measured with 1.3.10 to 2.4.0-beta.0

use crate::containerd::effective::{Spot, by_release, some_text};
use crate::containerd::loader::Item;
use crate::go::address::is_host;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "stream-server-address-invalid",
    summary: "The stream server's address is no address",
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut NodeCx) {
    let loaded = cx.loaded;
    for configuration in loaded.configurations() {
        let found = by_release(configuration, |effective, out| {
            let leaf = effective.cri_streaming(&["stream_server_address"]).and_then(Item::as_leaf);
            if let (Some(leaf), Some(address)) = (leaf, some_text(leaf))
                && !is_host(address)
            {
                out.push((Spot::of(leaf), address.to_owned()));
            }
        });
        for ((spot, address), releases) in found {
            let path = spot.path(cx.loaded);
            let releases = releases.and(Releases::containerd("1.3.."));
            cx.report(spot.file, spot.value, format!("\"{address}\" is no address to listen on"))
                .refused(releases)
                .key(path)
                .why(format!("The CRI service cannot listen (`lookup {address}: no such host`) and takes the whole daemon down. `containerd config dump` does not report it."))
                .help("Write an IP address alone, such as \"127.0.0.1\"; the port is `stream_server_port`.");
        }
    }
}

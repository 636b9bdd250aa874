//! # `stream-server-address-invalid`
//!
//! `stream_server_address` is neither an IP address nor a name.
//!
//! ## Why
//!
//! `containerd config dump` does not report it, but at start the CRI service cannot listen (`listen tcp: lookup not
//! an address: no such host`) and stops the whole daemon. A port does not belong here: `127.0.0.1:10010` is looked up
//! as a name.
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

use crate::containerd::eras::HAS_CONFIG_VERSIONS;
use crate::containerd::loader::Effective;
use crate::containerd::settings::in_effect;
use crate::go::address::is_host;
use crate::kind::SettingPlace;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "stream-server-address-invalid",
    summary: "Streaming server address that is neither an IP address nor a name",
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut NodeCx) {
    for ((place, address), releases) in in_effect(cx.loaded, find) {
        cx.report_value(place, format!("`{address}` is not an address to listen on"))
            .refused(releases.and(HAS_CONFIG_VERSIONS))
            .why(format!(
                "The CRI service cannot listen (`lookup {address}: no such host`) and stops the whole daemon. \
                 `containerd config dump` does not report it."
            ))
            .help("Write an IP address alone, such as \"127.0.0.1\"; the port is `stream_server_port`.");
    }
}

fn find(effective: &Effective) -> Vec<(SettingPlace, String)> {
    let mut found = effective.texts("streaming:stream_server_address");
    found.retain(|(_, address)| !is_host(address));
    found.into_iter().map(|(place, address)| (place, address.to_owned())).collect()
}

//! # `grpc-tcp-idle`
//!
//! A TCP endpoint for the gRPC API that containerd 2.3 and later do not open.
//!
//! ## Why
//!
//! From 2.3 on the port is opened only for a plugin that serves TCP, and the only one is CRI with
//! `disable_tcp_service = false`. Otherwise containerd skips the endpoint with one line at info level: `no tcp grpc
//! services configured`. Up to 2.2 the port is opened, with nothing behind it.
//!
//! ## What to do
//!
//! Remove it. Clients use the unix socket; a CRI service by TCP lets every machine that reaches the port run pods.
//!
//! ## Examples
//!
//! ```toml bad containerd=2.3
//! version = 2
//! [grpc]
//!   tcp_address = "127.0.0.1:2376"
//!   ^^^^^^^^^^^
//! ```
//!
//! ```toml good containerd=2.3
//! version = 2
//! [grpc]
//!   tcp_address = ""
//! ```
//!
//! ## References
//!
//! - containerd/containerd@v2.3.4:plugins/server/grpc/plugin.go, plugins/cri/cri.go; measured with 2.3.4 and
//!   2.4.0-beta.0

use crate::containerd::eras::SERVERS_ARE_PLUGINS;
use crate::containerd::kind::CRI;
use crate::containerd::loader::{Effective, Leaf};
use crate::containerd::settings::in_effect;
use crate::kind::SettingPlace;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "grpc-tcp-idle",
    summary: "TCP endpoint that containerd 2.3 and later do not open",
    category: Category::Migration,
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut NodeCx) {
    for (address, releases) in in_effect(cx.loaded, unopened_address) {
        cx.report_key(address, "containerd does not open this TCP endpoint")
            .ignored(releases)
            .why(
                "From 2.3 on containerd skips the endpoint at info level (`no tcp grpc services configured`): only CRI \
                 with `disable_tcp_service = false` serves TCP.",
            )
            .help("Remove the TCP settings; clients use the unix socket.");
    }
}

fn unopened_address(effective: &Effective) -> Vec<SettingPlace> {
    let address = effective.setting("io.containerd.server.v1.grpc-tcp:address").filter(|leaf| leaf.text().is_some());
    let Some(address) = address.filter(|_| effective.release.is_in(SERVERS_ARE_PLUGINS)) else { return vec![] };
    // A certificate that cannot be read fails earlier, and that depends on the node.
    if effective.text("io.containerd.server.v1.grpc-tcp:tls_cert").is_some() {
        return vec![];
    }
    let switch = effective.setting("streaming:disable_tcp_service");
    let is_served = switch.and_then(Leaf::as_bool) == Some(false);
    let is_unknown = !effective.is_complete && switch.is_none() && effective.runs(CRI);
    if is_served || is_unknown { vec![] } else { vec![SettingPlace::of(address)] }
}

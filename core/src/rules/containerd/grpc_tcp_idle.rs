//! # `grpc-tcp-idle`
//!
//! A TCP endpoint for the gRPC API that containerd 2.3 and later do not open.
//!
//! ## Why
//!
//! From 2.3 on the port is opened only for a plugin that serves TCP, and the only one is CRI with `disable_tcp_service =
//! false`. Otherwise containerd skips the endpoint with one line at info level: `no tcp grpc services configured`. Up to 2.2
//! the port is opened, with nothing behind it.
//!
//! ## What to do
//!
//! Remove it. Clients use the unix socket; a CRI service by TCP lets anybody who reaches the port run pods.
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
//! - containerd/containerd@v2.3.4:plugins/server/grpc/plugin.go, plugins/cri/cri.go; measured with 2.3.4 and 2.4.0-beta.0

use crate::containerd::effective::{Spot, by_release, some_text};
use crate::containerd::kind::CRI;
use crate::containerd::loader::{Effective, Item};
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "grpc-tcp-idle",
    summary: "A TCP endpoint that containerd 2.3 and later do not open",
    category: Category::Migration,
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

const TCP: &str = "io.containerd.server.v1.grpc-tcp";
const OPENS_ON_DEMAND: ReleaseSet = Releases::containerd("2.3..").get(Product::Containerd);

fn check(cx: &mut NodeCx) {
    let loaded = cx.loaded;
    for configuration in loaded.configurations() {
        let complete = configuration.complete;
        for (spot, releases) in by_release(configuration, |effective, out| find(effective, complete, out)) {
            let path = spot.path(cx.loaded);
            cx.report(spot.file, spot.key, "containerd does not open this TCP endpoint")
                .ignored(releases)
                .key(path)
                .why("From 2.3 on containerd skips the endpoint at info level (`no tcp grpc services configured`): only CRI with `disable_tcp_service = false` serves TCP.")
                .help("Remove the TCP settings; clients use the unix socket.");
        }
    }
}

fn find(effective: &Effective, complete: bool, out: &mut Vec<Spot>) {
    if !effective.release.is_in(OPENS_ON_DEMAND) {
        return;
    }
    let Some(address) = effective.of_plugin(TCP, &["address"]).filter(|leaf| some_text(Some(leaf)).is_some()) else {
        return;
    };
    // A certificate that cannot be read fails earlier, and that is up to the machine.
    if some_text(effective.of_plugin(TCP, &["tls_cert"])).is_some() {
        return;
    }
    let setting = effective.cri_streaming(&["disable_tcp_service"]).and_then(Item::as_leaf);
    let serves = setting.and_then(|leaf| leaf.value.node()).and_then(Node::as_bool) == Some(false);
    let unknown = !complete && setting.is_none() && effective.runs(CRI);
    if !serves && !unknown {
        out.push(Spot::of(address));
    }
}

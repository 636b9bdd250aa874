//! # `socket-address-form`
//!
//! The address of one of containerd's own sockets, written in a form that containerd does not read.
//!
//! ## Why
//!
//! containerd knows no schemes: `grpc.address = "unix:///run/containerd/containerd.sock"` makes a socket at a relative path
//! that starts with a folder `unix:`, without a word, and no client finds it. `debug.address` is a path only if it starts
//! with `/`, otherwise a TCP address, as `metrics.address` and `grpc.tcp_address` are; with one that TCP cannot listen on the
//! daemon does not start (`failed to get listener for debug endpoint`).
//!
//! ## What to do
//!
//! Write the path of a socket without scheme, from `/` on; a TCP address with host and port.
//!
//! ## Examples
//!
//! ```toml bad
//! version = 2
//! [grpc]
//!   address = "unix:///run/containerd/containerd.sock"
//!             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```toml fixed
//! version = 2
//! [grpc]
//!   address = "/run/containerd/containerd.sock"
//! ```
//!
//! ```toml bad
//! version = 2
//! [metrics]
//!   address = "127.0.0.1"
//!             ^^^^^^^^^^^
//! ```
//!
//! ```toml good
//! version = 2
//! [grpc]
//!   address = "/run/containerd/containerd.sock"
//! [debug]
//!   address = "/run/containerd/debug.sock"
//! [metrics]
//!   address = "127.0.0.1:1338"
//! ```
//!
//! ## References
//!
//! - containerd/containerd@v1.7.34:cmd/containerd/command/main.go, v2.3.4:plugins/server/debug/plugin.go,
//!   v2.3.4:plugins/server/metrics/plugin.go, v2.3.4:plugins/server/grpc/plugin.go; measured with 1.6.39 to 2.4.0-beta.0

use crate::containerd::effective::{Spot, by_release, text};
use crate::containerd::loader::Effective;
use crate::go::address::tcp_fault;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "socket-address-form",
    summary: "The address of a socket in a form that containerd does not read",
    fix: Some(Applicability::Unsafe),
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

/// The sockets are plugins.
const PLUGINS: ReleaseSet = Releases::containerd("2.3..").get(Product::Containerd);
/// An empty gRPC address is not the default.
const NO_EMPTY: ReleaseSet = Releases::containerd("..1.2").get(Product::Containerd);

/// A socket: its name in messages, its table in the file, its plugin.
struct Socket {
    name: &'static str,
    path: [&'static str; 2],
    plugin: &'static str,
    tcp: bool,
}

const SOCKETS: [Socket; 5] = [
    Socket { name: "gRPC", path: ["grpc", "address"], plugin: "io.containerd.server.v1.grpc", tcp: false },
    Socket { name: "ttrpc", path: ["ttrpc", "address"], plugin: "io.containerd.server.v1.ttrpc", tcp: false },
    Socket { name: "debug", path: ["debug", "address"], plugin: "io.containerd.server.v1.debug", tcp: true },
    Socket { name: "metrics", path: ["metrics", "address"], plugin: "io.containerd.server.v1.metrics", tcp: true },
    // From 2.3 on it has no effect by itself, which is another rule's.
    Socket { name: "TCP grpc", path: ["grpc", "tcp_address"], plugin: "", tcp: true },
];

#[derive(PartialEq)]
struct Fault {
    spot: Spot,
    address: String,
    effect: Effect,
    why: String,
}

fn check(cx: &mut NodeCx) {
    let loaded = cx.loaded;
    for configuration in loaded.configurations() {
        for (fault, releases) in by_release(configuration, find) {
            report(cx, &fault, releases);
        }
    }
}

fn find(effective: &Effective, out: &mut Vec<Fault>) {
    let plugins = effective.release.is_in(PLUGINS);
    for Socket { name, path, plugin, tcp } in &SOCKETS {
        let leaf = if plugins { effective.of_plugin(plugin, &["address"]) } else { effective.setting(path) };
        // An address that the daemon derived from another one is that one's.
        let Some(leaf) = leaf.filter(|leaf| leaf.value.written().is_some()) else { continue };
        let Some(address) = text(Some(leaf)) else { continue };
        // A pipe of Windows.
        let pipe = address.starts_with('\\') || address.starts_with("npipe:") || address.get(1..2) == Some(":");
        let is_path = address.starts_with('/');
        let fault = if address.is_empty() {
            let refused = *name == "gRPC" && effective.release.is_in(NO_EMPTY);
            refused.then(|| (Effect::Refused, "containerd does not start: `grpc address cannot be empty`.".to_owned()))
        } else if pipe || *tcp && is_path && *name == "debug" {
            None
        } else if *tcp {
            let word = if *name == "TCP grpc" { "TCP grpc" } else { name };
            tcp_fault(address).map(|said| {
                (
                    Effect::Refused,
                    format!(
                        "containerd does not start: `failed to get listener for {word} endpoint: listen tcp: {said}`."
                    ),
                )
            })
        } else if is_path {
            None
        } else {
            let why = format!(
                "containerd makes the {name} socket at that path below its working directory, without a word: no client finds it."
            );
            Some((Effect::Harmful, why))
        };
        if let Some((effect, why)) = fault {
            out.push(Fault { spot: Spot::of(leaf), address: address.to_owned(), effect, why });
        }
    }
}

fn report(cx: &mut NodeCx, fault: &Fault, releases: Releases) {
    let Fault { spot, address, effect, why } = fault;
    let path = spot.path(cx.loaded);
    let bare = address.strip_prefix("unix://").map(|rest| format!("/{}", rest.trim_start_matches('/')));
    let fix = bare
        .as_ref()
        .map(|bare| Fix::edit(Applicability::Unsafe, format!("Write \"{bare}\""), spot.value, edit::string(bare)));
    let help = match &bare {
        Some(bare) => format!("Write \"{bare}\", without a scheme."),
        None if *effect == Effect::Refused && !address.is_empty() => {
            "Write host and port, such as \"127.0.0.1:1338\".".to_owned()
        }
        None => "Write the path of the socket from / on.".to_owned(),
    };
    let message = match address.as_str() {
        "" => "the address of the gRPC socket is empty".to_owned(),
        _ => format!("\"{address}\" is no address that containerd understands here"),
    };
    cx.report(spot.file, spot.value, message)
        .outcome(*effect, releases)
        .key(path)
        .why(why.clone())
        .help(help)
        .maybe_fix(fix);
}

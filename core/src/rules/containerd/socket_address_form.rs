//! # `socket-address-form`
//!
//! The address of one of containerd's own sockets, written in a form that containerd does not read.
//!
//! ## Why
//!
//! containerd reads no schemes: `grpc.address = "unix:///run/containerd/containerd.sock"` silently makes a socket at
//! a relative path that starts with a folder `unix:`, and no client finds it. `debug.address` is a path only if it
//! starts with `/`, otherwise a TCP address, as `metrics.address` and `grpc.tcp_address` are; with one that TCP
//! cannot listen on the daemon does not start (`failed to get listener for debug endpoint`).
//!
//! The path of a socket may have 104 bytes; the ttrpc socket has the path of the gRPC socket with `.ttrpc` behind it.
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
//! ```toml bad
//! version = 2
//! [grpc]
//!   address = "/run/a-folder-name-that-goes-on-and-on/another-one-that-is-just-as-long/and-one-more/containerd.sock"
//!             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
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
//!   v2.3.4:plugins/server/metrics/plugin.go, v2.3.4:plugins/server/grpc/plugin.go; measured with 1.6.39 to
//!   2.4.0-beta.0

use crate::containerd::eras::{HAS_NO_CONFIG_VERSIONS, SERVERS_ARE_PLUGINS};
use crate::containerd::loader::Effective;
use crate::containerd::settings::in_effect;
use crate::go::address::tcp_fault;
use crate::kind::SettingPlace;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "socket-address-form",
    summary: "Address of a socket in a form that containerd does not read",
    fix: Some(Applicability::Unsafe),
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

/// Does not take an empty gRPC address for the default.
const REFUSES_EMPTY_ADDRESS: Releases = HAS_NO_CONFIG_VERSIONS;

/// The longest path of a socket, in bytes. Source: `CreateUnixSocket` of containerd/containerd@v1.0.3,
/// v1.7.34:sys/socket_unix.go, v2.3.4:pkg/sys/socket_unix.go.
const LONGEST_SOCKET: usize = 104;
/// Has a ttrpc socket, at the address of the gRPC socket with [`TTRPC`] behind it unless it has its own.
const HAS_TTRPC: Releases = Releases::containerd("1.3..");
const TTRPC: &str = ".ttrpc";

#[derive(PartialEq)]
enum AddressForm {
    /// A path.
    Path,
    /// A path, or a TCP address if it does not start with `/`.
    PathOrTcp,
    Tcp,
}

/// A socket: its name in messages, where its address is, and where it is from 2.3 on.
struct Socket {
    name: &'static str,
    setting: &'static str,
    of_plugin: &'static str,
    form: AddressForm,
}

const fn socket(name: &'static str, setting: &'static str, of_plugin: &'static str, form: AddressForm) -> Socket {
    Socket { name, setting, of_plugin, form }
}

/// From 2.3 on the TCP endpoint has no effect by itself, which `grpc-tcp-idle` reports.
const SOCKETS: [Socket; 5] = [
    socket("gRPC", "grpc.address", "io.containerd.server.v1.grpc:address", AddressForm::Path),
    socket("ttrpc", "ttrpc.address", "io.containerd.server.v1.ttrpc:address", AddressForm::Path),
    socket("debug", "debug.address", "io.containerd.server.v1.debug:address", AddressForm::PathOrTcp),
    socket("metrics", "metrics.address", "io.containerd.server.v1.metrics:address", AddressForm::Tcp),
    socket("TCP grpc", "grpc.tcp_address", "", AddressForm::Tcp),
];

#[derive(PartialEq)]
struct WrongAddress {
    place: SettingPlace,
    address: String,
    socket: &'static str,
    fault: AddressFault,
}

#[derive(PartialEq)]
enum AddressFault {
    Empty,
    RelativePath,
    /// The path of this socket is longer than [`LONGEST_SOCKET`].
    TooLong(&'static str),
    /// What Go reports.
    Tcp(String),
}

fn check(cx: &mut NodeCx) {
    for (wrong, releases) in in_effect(cx.loaded, find) {
        report(cx, &wrong, releases);
    }
}

fn find(effective: &Effective) -> Vec<WrongAddress> {
    let are_plugins = effective.release.is_in(SERVERS_ARE_PLUGINS);
    let refuses_empty = effective.release.is_in(REFUSES_EMPTY_ADDRESS);
    let mut found = vec![];
    for socket in &SOCKETS {
        let path = if are_plugins { socket.of_plugin } else { socket.setting };
        let leaf = Some(path).filter(|path| !path.is_empty()).and_then(|path| effective.setting(path));
        // An address that the daemon derived from another one has the fault of that one.
        let Some(leaf) = leaf.filter(|leaf| leaf.value.written().is_some()) else { continue };
        let Some(address) = leaf.value.as_str() else { continue };
        if let Some(name) = too_long(effective, address, socket) {
            let fault = AddressFault::TooLong(name);
            let place = SettingPlace::of(leaf);
            found.push(WrongAddress { place, address: address.to_owned(), socket: socket.name, fault });
            continue;
        }
        let fault = match address {
            "" => (socket.name == "gRPC" && refuses_empty).then_some(AddressFault::Empty),
            address => fault(address, &socket.form),
        };
        let place = SettingPlace::of(leaf);
        let wrong = fault.map(|fault| WrongAddress { place, address: address.to_owned(), socket: socket.name, fault });
        found.extend(wrong);
    }
    found
}

/// The socket, this one or the ttrpc one beside it, whose path is longer than containerd accepts.
fn too_long(effective: &Effective, address: &str, socket: &Socket) -> Option<&'static str> {
    let is_path = socket.form == AddressForm::Path || socket.form == AddressForm::PathOrTcp && address.starts_with('/');
    if !is_path || address.starts_with('\\') {
        return None;
    }
    let beside = || {
        if !effective.release.is_in(SERVERS_ARE_PLUGINS) {
            let has_own = effective.text("ttrpc.address").is_some();
            return effective.release.is_in(HAS_TTRPC) && !has_own;
        }
        // In config version 4 the daemon derives none.
        effective.setting("io.containerd.server.v1.ttrpc:address").is_some_and(|leaf| leaf.value.written().is_none())
    };
    match address.len() {
        len if len > LONGEST_SOCKET => Some(socket.name),
        len if len + TTRPC.len() > LONGEST_SOCKET && socket.name == "gRPC" && beside() => Some("ttrpc"),
        _ => None,
    }
}

fn fault(address: &str, form: &AddressForm) -> Option<AddressFault> {
    let is_windows_pipe = address.starts_with('\\') || address.starts_with("npipe:") || address.get(1..2) == Some(":");
    let is_path = address.starts_with('/') && *form != AddressForm::Tcp;
    if is_windows_pipe || is_path {
        return None;
    }
    match form {
        AddressForm::Path => Some(AddressFault::RelativePath),
        AddressForm::PathOrTcp | AddressForm::Tcp => tcp_fault(address).map(AddressFault::Tcp),
    }
}

fn report(cx: &mut NodeCx, wrong: &WrongAddress, releases: Releases) {
    let WrongAddress { place, address, fault, .. } = wrong;
    let path = address.strip_prefix("unix://").map(|rest| format!("/{}", rest.trim_start_matches('/')));
    let fix = path.as_ref().map(|path| Fix::string(Applicability::Unsafe, place.value, path));
    let help = match fault {
        _ if path.is_some() => "Leave the scheme out: containerd takes the address as a path.",
        AddressFault::Tcp(_) => "Write host and port, such as \"127.0.0.1:1338\".",
        AddressFault::Empty | AddressFault::RelativePath => "Write the path of the socket from / on.",
        AddressFault::TooLong(_) => "Choose a shorter path, such as /run/containerd/containerd.sock.",
    };
    let message = match fault {
        AddressFault::TooLong(name) => too_long_message(wrong, name),
        AddressFault::Empty => "the address of the gRPC socket is empty".to_owned(),
        _ => format!("`{address}` is not an address that containerd reads here"),
    };
    let effect = if *fault == AddressFault::RelativePath { Effect::Harmful } else { Effect::Refused };
    cx.report_value(*place, message).outcome(effect, releases).why(why(wrong)).help(help).maybe_fix(fix);
}

fn too_long_message(wrong: &WrongAddress, name: &str) -> String {
    let behind = if name == wrong.socket { "" } else { TTRPC };
    let len = wrong.address.len() + behind.len();
    format!("the path of the {name} socket has {len} bytes, and may have {LONGEST_SOCKET}")
}

fn why(wrong: &WrongAddress) -> String {
    let socket = wrong.socket;
    match &wrong.fault {
        AddressFault::Empty => "containerd does not start: `grpc address cannot be empty`.".to_owned(),
        AddressFault::RelativePath => format!(
            "containerd silently makes the {socket} socket at that path below its working directory: no client finds \
             it."
        ),
        AddressFault::TooLong(name) => format!(
            "containerd does not start: `unix socket path too long (> {LONGEST_SOCKET})` for the {name} socket. The \
             ttrpc socket has the address of the gRPC socket with `{TTRPC}` behind it, unless `ttrpc.address` is set."
        ),
        AddressFault::Tcp(words) => {
            format!("containerd does not start: `failed to get listener for {socket} endpoint: listen tcp: {words}`.")
        }
    }
}

//! Config version 3 to 4, as 2.3 and later migrate it: the sockets and metrics of the daemon become plugins.
//!
//! Source: `serviceMigrate` of containerd/containerd@v2.3.4:cmd/containerd/server/config/config.go.

use std::borrow::Cow;

use super::status::{Loss, Status, Statuses};
use super::tree::{Leaf, LoadedItem, LoadedTable};
use super::value::LeafValue;

/// Names of settings in the old table, each with its name in the new one.
type Names = [(&'static str, &'static str)];

const SOCKET: &Names = &[("address", "address"), ("uid", "uid"), ("gid", "gid")];
const GRPC_SOCKET: &Names = &[
    ("address", "address"),
    ("uid", "uid"),
    ("gid", "gid"),
    ("max_recv_message_size", "max_recv_message_size"),
    ("max_send_message_size", "max_send_message_size"),
];
const MESSAGES: &Names =
    &[("max_recv_message_size", "max_recv_message_size"), ("max_send_message_size", "max_send_message_size")];
const TCP_SOCKET: &Names = &[
    ("tcp_address", "address"),
    ("tcp_tls_ca", "tls_ca"),
    ("tcp_tls_cert", "tls_cert"),
    ("tcp_tls_key", "tls_key"),
    ("tcp_tls_common_name", "tls_common_name"),
];
/// The settings of `metrics`, each with its plugin.
const METRICS: [(&str, &str); 2] =
    [("grpc_histogram", "io.containerd.metrics.v1.grpc-prometheus"), ("address", "io.containerd.server.v1.metrics")];
const GRPC: &str = "io.containerd.server.v1.grpc";
const TTRPC: &str = "io.containerd.server.v1.ttrpc";

/// Moves the tables. A table whose plugin the file has already stays, and nothing reads it. `merged` is what the files
/// before it make.
pub(super) fn migrate(table: &mut LoadedTable, merged: &LoadedTable, statuses: &mut Statuses) {
    let mut take = |name| table.take_table(name).unwrap_or_default();
    let (mut debug, mut grpc, mut ttrpc, mut metrics) = (take("debug"), take("grpc"), take("ttrpc"), take("metrics"));
    let before = merged.table("plugins");
    leave_zeros(&debug, "io.containerd.server.v1.debug", SOCKET, before, statuses);
    leave_zeros(&grpc, GRPC, GRPC_SOCKET, before, statuses);
    leave_zeros(&grpc, "io.containerd.server.v1.grpc-tcp", TCP_SOCKET, before, statuses);
    leave_zeros(&ttrpc, TTRPC, SOCKET, before, statuses);
    for (name, uri) in METRICS {
        leave_zeros(&metrics, uri, &[(name, name)], before, statuses);
    }
    let Some(plugins) = table.make_table("plugins") else { return };
    if set(&debug, "address").is_some() && add(plugins, "io.containerd.server.v1.debug", pick(&debug, SOCKET)) {
        SOCKET.iter().for_each(|(name, _)| drop(debug.take(name)));
    }
    let socket = pick(&grpc, GRPC_SOCKET);
    let has_tcp = set(&grpc, "tcp_address").is_some();
    let is_grpc_moved = !socket.is_empty() || has_tcp;
    if !socket.is_empty() {
        add(plugins, GRPC, socket);
    }
    if has_tcp {
        let tcp = [TCP_SOCKET, MESSAGES].concat();
        add(plugins, "io.containerd.server.v1.grpc-tcp", pick(&grpc, &tcp));
    }
    if plugins.get(TTRPC).is_none() {
        let socket = ttrpc_socket(&ttrpc, &grpc);
        if !socket.is_empty() {
            add(plugins, TTRPC, socket);
        }
        ttrpc = LoadedTable::default();
    }
    for (name, uri) in METRICS {
        if set(&metrics, name).is_some() && add(plugins, uri, pick(&metrics, &[(name, name)])) {
            metrics.take(name);
        }
    }
    if is_grpc_moved {
        grpc = LoadedTable::default();
    }
    for (name, old) in [("debug", debug), ("ttrpc", ttrpc), ("metrics", metrics), ("grpc", grpc)] {
        if !old.is_empty() {
            table.set(Cow::Borrowed(name), LoadedItem::Table(old));
        }
    }
}

/// A zero value is like no value: the migration leaves it behind. That loses something only where a file before sets
/// another value.
fn leave_zeros(table: &LoadedTable, uri: &str, names: &Names, before: Option<&LoadedTable>, statuses: &mut Statuses) {
    let before = before.and_then(|plugins| plugins.table(uri));
    for (old, new) in names {
        let Some(leaf) = table.leaf(old).filter(|leaf| leaf.value.is_zero()) else { continue };
        match before.and_then(|before| set(before, new)) {
            Some(_) => statuses.set(leaf, Status::Lost(Loss::Zero)),
            None => statuses.live(leaf),
        }
    }
}

/// The socket for ttrpc: without an address of its own, the one of gRPC with a suffix.
fn ttrpc_socket<'t, 'a>(ttrpc: &LoadedTable<'t, 'a>, grpc: &LoadedTable<'t, 'a>) -> LoadedTable<'t, 'a> {
    let mut socket = pick(ttrpc, SOCKET);
    if let Some(address) = set(grpc, "address").filter(|_| socket.get("address").is_none()) {
        let text = format!("{}.ttrpc", address.value.as_str().unwrap_or_default());
        socket.set(Cow::Borrowed("address"), LoadedItem::Leaf(address.with(LeafValue::Text(text))));
        for name in ["uid", "gid"] {
            if let (None, Some(leaf)) = (socket.get(name), set(grpc, name)) {
                socket.set(Cow::Borrowed(name), LoadedItem::Leaf(leaf.clone()));
            }
        }
    }
    // An owner without an address leaves the daemon without this socket.
    if socket.get("address").is_none()
        && let Some(LoadedItem::Leaf(owner)) = socket.get("uid").or(socket.get("gid"))
    {
        let leaf = owner.with(LeafValue::Text(String::new()));
        socket.set(Cow::Borrowed("address"), LoadedItem::Leaf(leaf));
    }
    socket
}

/// Adds the table of a plugin unless there is one; whether it did.
fn add<'t, 'a>(plugins: &mut LoadedTable<'t, 'a>, uri: &'static str, table: LoadedTable<'t, 'a>) -> bool {
    let is_free = plugins.get(uri).is_none();
    if is_free {
        plugins.set(Cow::Borrowed(uri), LoadedItem::Table(table));
    }
    is_free
}

/// A setting that is not zero.
fn set<'s, 't, 'a>(table: &'s LoadedTable<'t, 'a>, name: &str) -> Option<&'s Leaf<'t, 'a>> {
    table.leaf(name).filter(|leaf| !leaf.value.is_zero())
}

/// The settings that are not zero, under their new names.
fn pick<'t, 'a>(table: &LoadedTable<'t, 'a>, names: &Names) -> LoadedTable<'t, 'a> {
    let mut picked = LoadedTable::default();
    for (old, new) in names {
        if let Some(leaf) = set(table, old) {
            picked.set(Cow::Borrowed(*new), LoadedItem::Leaf(leaf.clone()));
        }
    }
    picked
}

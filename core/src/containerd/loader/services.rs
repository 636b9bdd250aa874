//! Config version 3 to 4, as 2.3 and later migrate it: the sockets and metrics of the daemon become plugins.
//!
//! Source: `serviceMigrate` of containerd/containerd@v2.3.4:cmd/containerd/server/config/config.go.

use std::borrow::Cow;

use super::status::Statuses;
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
const GRPC_TCP: &Names = &[
    ("tcp_address", "address"),
    ("tcp_tls_ca", "tls_ca"),
    ("tcp_tls_cert", "tls_cert"),
    ("tcp_tls_key", "tls_key"),
    ("tcp_tls_common_name", "tls_common_name"),
    ("max_recv_message_size", "max_recv_message_size"),
    ("max_send_message_size", "max_send_message_size"),
];
/// The settings of `metrics`, each with its plugin.
const METRICS: [(&str, &str); 2] =
    [("grpc_histogram", "io.containerd.metrics.v1.grpc-prometheus"), ("address", "io.containerd.server.v1.metrics")];
const TTRPC: &str = "io.containerd.server.v1.ttrpc";

/// Moves the tables. A table whose plugin the file has already stays, and nothing reads it.
pub(super) fn migrate(table: &mut LoadedTable, statuses: &mut Statuses) {
    let mut take = |name| table.take_table(name).unwrap_or_default();
    let (mut debug, mut grpc, mut ttrpc, mut metrics) = (take("debug"), take("grpc"), take("ttrpc"), take("metrics"));
    for old in [&debug, &grpc, &ttrpc, &metrics] {
        keep_zeros(old, statuses);
    }
    let Some(plugins) = table.make_table("plugins") else { return };
    if set(&debug, "address").is_some() && add(plugins, "io.containerd.server.v1.debug", pick(&debug, SOCKET)) {
        SOCKET.iter().for_each(|(name, _)| drop(debug.take(name)));
    }
    let socket = pick(&grpc, GRPC_SOCKET);
    let has_tcp = set(&grpc, "tcp_address").is_some();
    let is_grpc_moved = !socket.is_empty() || has_tcp;
    if !socket.is_empty() {
        add(plugins, "io.containerd.server.v1.grpc", socket);
    }
    if has_tcp {
        add(plugins, "io.containerd.server.v1.grpc-tcp", pick(&grpc, GRPC_TCP));
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

/// Zero values are like no values, and lose nothing.
fn keep_zeros(table: &LoadedTable, statuses: &mut Statuses) {
    for (_, item) in table.entries() {
        if let LoadedItem::Leaf(leaf) = item
            && leaf.value.is_zero()
        {
            statuses.live(leaf);
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

//! `hosts.toml` of a registry host namespace, below containerd's `config_path`.

use super::detect::has_folder;
use super::{EXACT, File, Kind, no_version, no_wrapper, root_body};
use crate::host::Facts;
use crate::keys::{Table, tables};
use crate::releases::Product;
use crate::syntax::Node;

/// The kind.
pub static KIND: Kind = Kind {
    id: "containerd-hosts",
    title: "containerd hosts.toml",
    product: Product::Containerd,
    places: &["/etc/containerd/certs.d/*/hosts.toml"],
    unwrap: no_wrapper,
    bodies: root_body,
    table,
    lookup: EXACT,
    version: no_version,
    otherwise: &[],
    facts,
};

pub(super) fn looks_like(path: &str, root: &Node<'_>) -> bool {
    has_folder(path, "certs.d") || ["server", "host", "capabilities"].iter().any(|key| root.get(key).is_some())
}

fn table(_: &Node<'_>) -> Option<&'static Table> {
    Some(&tables::HOSTS)
}

fn facts(file: &File<'_>, facts: &mut Facts) {
    facts.registry_hosts.push(file.index);
}

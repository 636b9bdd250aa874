//! `registries.yaml` of k3s and RKE2, which they make into `hosts.toml` files and settings of the CRI plugin.

use crate::keys::{Table, tables};
use crate::kind::Kind;
use crate::kind::places::{file_name, has_folder};
use crate::registry_hosts::url::Url;
use crate::releases::Product;
use crate::syntax::{Entry, Format, Node};

/// The kind.
pub static KIND: Kind = Kind {
    id: "k3s-registries",
    title: "registries.yaml of k3s and RKE2",
    product: Product::Kubernetes,
    formats: &[Format::Yaml],
    places: &["/etc/rancher/k3s/registries.yaml", "/etc/rancher/rke2/registries.yaml"],
    table,
    ..Kind::DEFAULTS
};

/// Whether a YAML file is of this kind: by its place, or by its name and a table that no other file has.
pub(crate) fn looks_like(path: &str, root: &Node<'_>) -> bool {
    let is_named = ["registries.yaml", "registries.yml"].contains(&file_name(path));
    let has_table = |name: &str| root.get(name).is_some_and(|table| table.as_map().is_some());
    is_named && (has_folder(path, "k3s") || has_folder(path, "rke2") || has_table("mirrors") || has_table("configs"))
}

fn table(_: &Node<'_>) -> Option<&'static Table> {
    Some(&tables::K3S_REGISTRIES)
}

/// The entries of the table `mirrors`.
pub(crate) fn mirrors<'t, 'a>(root: &'t Node<'a>) -> &'t [Entry<'a>] {
    root.get("mirrors").map(Node::entries).unwrap_or_default()
}

/// The entries of the table `configs`.
pub(crate) fn configs<'t, 'a>(root: &'t Node<'a>) -> &'t [Entry<'a>] {
    root.get("configs").map(Node::entries).unwrap_or_default()
}

/// The endpoints of a mirror that are texts, each with its node.
pub(crate) fn endpoints<'t>(mirror: &'t Entry<'_>) -> Vec<(&'t Node<'t>, &'t str)> {
    let items = mirror.value.get("endpoint").map(Node::items).unwrap_or_default();
    items.iter().filter_map(|item| Some((item, item.as_str()?))).collect()
}

/// The hosts that containerd asks, each as `configs` must name it: those of all endpoints, and the registries that
/// have mirrors.
pub(crate) fn asked_hosts<'t>(root: &'t Node<'_>) -> Vec<&'t str> {
    let mirrors = mirrors(root);
    let urls = mirrors.iter().flat_map(endpoints).filter_map(|(_, text)| Url::parse_endpoint(text).ok());
    urls.map(|url| url.host).chain(mirrors.iter().map(|mirror| mirror.key.as_ref())).collect()
}

/// Whether settings of `configs` under a name hold for a host.
/// Source: k3s-io/k3s@06ea261:pkg/agent/containerd/config.go (`configForHost`).
pub(crate) fn is_config_of(name: &str, host: &str) -> bool {
    const DOCKER: [&str; 2] = ["docker.io", "registry-1.docker.io"];
    name == host || DOCKER.contains(&name) && DOCKER.contains(&host)
}

/// A name of a registry without its port.
pub(crate) fn without_port(name: &str) -> &str {
    let port = name.rsplit_once(':').filter(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit()));
    port.map_or(name, |(host, _)| host)
}

//! Networks of CNI: the files of the CRI plugin's `conf_dir`, of which containerd loads the first one by name.
//!
//! Source: containerd/go-cni@v1.1.13:opts.go (`loadFromConfDir`), containernetworking/cni@v1.3.0:libcni/conf.go.

use super::cri::Cri;
use super::kind::KIND as CONTAINERD;
use crate::kind::places::{file_name, has_folder};
use crate::kind::{File, Kind, NodeFiles};
use crate::releases::Product;
use crate::syntax::{Entry, Format, Node};

/// The kind.
pub static KIND: Kind = Kind {
    id: "cni",
    title: "CNI network",
    product: Product::Containerd,
    formats: &[Format::Json],
    places: &["/etc/cni/net.d/*.conflist", "/etc/cni/net.d/*.conf", "/etc/cni/net.d/*.json"],
    ..Kind::DEFAULTS
};

/// Whether the path shows a file of a network.
pub(crate) fn is_own_path(path: &str) -> bool {
    let extension = file_name(path).rsplit_once('.').map_or("", |(_, extension)| extension);
    let in_folder = path.rsplit('/').nth(1) == Some("net.d");
    // No folder below is read.
    extension == "conflist" && (in_folder || !has_folder(path, "net.d"))
        || in_folder && has_folder(path, "cni") && matches!(extension, "conf" | "json")
}

/// Whether a file holds a list of plugins rather than one.
pub(crate) fn is_list(path: &str) -> bool {
    path.ends_with(".conflist")
}

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The file that is loaded instead of this one: `max_conf_num`, usually 1, is how many of a folder are, in the order
/// of their names. Nothing where this one is loaded.
pub(crate) fn loaded_before<'f, 'a>(node: &NodeFiles<'f, 'a>, file: &File<'_>) -> Option<&'f File<'a>> {
    let containerd = node.files.iter().filter(|file| *file.kind == CONTAINERD);
    let mut numbers =
        containerd.filter_map(|file| Cri::of(file.body()).runtime(&["cni", "max_conf_num"])?.value.as_int());
    let limit = numbers.next_back().unwrap_or(1);
    let is_before =
        |other: &&&File<'_>| *other.kind == KIND && folder(other.path) == folder(file.path) && other.path < file.path;
    let before = node.files.iter().filter(is_before);
    let is_full = limit > 0 && before.clone().count() >= usize::try_from(limit).unwrap_or(usize::MAX);
    before.copied().min_by_key(|other| other.path).filter(|_| is_full)
}

/// The type of a plugin; Go's decoder takes the key in any letter case.
pub(crate) fn plugin_type<'t, 'a>(plugin: &'t Node<'a>) -> Option<&'t Entry<'a>> {
    plugin.entries().iter().rev().find(|entry| entry.key.eq_ignore_ascii_case("type"))
}

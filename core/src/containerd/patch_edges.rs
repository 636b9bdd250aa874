//! Where patch releases of one release load the same files differently.
//!
//! The loader runs once for the patch releases that treat the files alike. Most files have no key in which the patches
//! of a release differ, so it runs once for a release.

use super::eras::ERA_EDGES;
use super::plugin_tables::PLUGIN_EDGES;
use crate::keys::tables::CONTAINERD_EDGES;
use crate::kind::File;
use crate::releases::{Bits, Product, ReleaseSet, Releases};
use crate::syntax::{Node, Value};

/// The patch ranges that treat the files in another way than the range before.
pub(crate) fn edges(files: &[&File<'_>]) -> ReleaseSet {
    let mut edges = 0;
    for file in files {
        add(file.body(), &mut edges);
    }
    ReleaseSet(edges)
}

fn add(node: &Node<'_>, edges: &mut Bits) {
    for entry in node.entries() {
        *edges |= of_name(&entry.key);
        add(&entry.value, edges);
    }
    for item in node.items() {
        add(item, edges);
    }
    if let Value::Scalar(_) = &node.value
        && let Some(text) = node.as_str()
    {
        *edges |= of_name(text);
    }
}

/// The edges of a key, or of a plugin by its name or URI.
fn of_name(name: &str) -> Bits {
    let name = name.rsplit('.').next().unwrap_or(name);
    let of_key = CONTAINERD_EDGES.binary_search_by(|(key, _)| (*key).cmp(name)).ok();
    let of_key = of_key.and_then(|at| CONTAINERD_EDGES.get(at)).map_or(0, |(_, edges)| *edges);
    let of_plugin = PLUGIN_EDGES.iter().filter(|(plugin, _)| *plugin == name).map(|(_, edges)| *edges);
    let of_era = ERA_EDGES.iter().filter(|(key, _)| *key == name).map(|(_, era)| edges_of(*era));
    of_plugin.chain(of_era).fold(of_key, |all, edges| all | edges)
}

const fn edges_of(era: Releases) -> Bits {
    era.get(Product::Containerd).edges().0
}

//! Which image store a file chooses, and what that means for its storage driver.

use crate::docker::eras::{HAS_CONTAINERD_STORE, LACKS_CONTAINERD_STORE, USES_CONTAINERD_STORE, USES_GRAPH_DRIVERS};
use crate::docker::settings::{in_docker, is_on, text};
pub(crate) use crate::keys::drivers::is_snapshotter;
use crate::keys::drivers::{self, Driver};
use crate::releases::{ReleaseSet, Releases};
use crate::syntax::Node;

/// The releases that store images in the way of a graph driver, and those that leave it to containerd.
pub(crate) struct Store {
    pub(crate) graph: Releases,
    pub(crate) containerd: Releases,
}

/// Which store is used. Without a driver in the file 29 chooses that of containerd, unless the node has images from
/// before.
/// Source: moby/moby@docker-v29.7.2:daemon/image_store_choice.go (`determineImageStoreChoice`).
pub(crate) fn store(root: &Node<'_>) -> Store {
    let named = text(root, "storage-driver");
    match is_on(root, "features.containerd-snapshotter") {
        Some(true) => Store { graph: LACKS_CONTAINERD_STORE, containerd: HAS_CONTAINERD_STORE },
        Some(false) => Store { graph: Releases::ANY, containerd: Releases::NONE },
        None if named.is_some_and(|name| is_graph_driver(&name.text, USES_CONTAINERD_STORE)) => {
            Store { graph: Releases::ANY, containerd: Releases::NONE }
        }
        None => Store { graph: USES_GRAPH_DRIVERS, containerd: USES_CONTAINERD_STORE },
    }
}

/// Whether a graph driver of this name exists for Linux in any of these releases.
fn is_graph_driver(name: &str, releases: Releases) -> bool {
    graph_driver(name).is_some_and(|driver| !in_docker(driver.releases()).and(releases).is_empty())
}

/// The graph driver of this name for Linux.
pub(crate) fn graph_driver(name: &str) -> Option<&'static Driver> {
    drivers::storage_driver(name).filter(|driver| driver.platform() != Some("windows"))
}

/// The releases in which a storage driver makes the daemon stop.
pub(crate) fn unavailable(root: &Node<'_>, name: &str) -> Releases {
    let store = store(root);
    let missing = ReleaseSet::ALL.without(graph_driver(name).map_or(ReleaseSet::NONE, Driver::releases));
    let graph = store.graph.and(in_docker(missing));
    // dockerd before 29 does not ask containerd at start.
    let containerd = if is_snapshotter(name) { Releases::NONE } else { store.containerd.and(USES_CONTAINERD_STORE) };
    match (graph.is_empty(), containerd.is_empty()) {
        (true, true) => Releases::NONE,
        (false, true) => graph,
        (true, false) => containerd,
        (false, false) => graph.or(containerd),
    }
}

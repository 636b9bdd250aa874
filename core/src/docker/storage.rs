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
    let mistaken = if is_taken_for_snapshotter(root, name) { TAKES_FOR_SNAPSHOTTER } else { Releases::NONE };
    let all = [graph, containerd, mistaken].into_iter().filter(|releases| !releases.is_empty());
    all.reduce(Releases::or).unwrap_or(Releases::NONE)
}

/// Takes every graph driver but three for a snapshotter of containerd. Source: moby/moby@docker-v29.0.0,
/// @docker-v29.0.1:daemon/image_store_choice.go.
const TAKES_FOR_SNAPSHOTTER: Releases = Releases::docker("29.0.0");

/// Whether 29.0.0 takes the name of a graph driver for that of a snapshotter.
pub(crate) fn is_taken_for_snapshotter(root: &Node<'_>, name: &str) -> bool {
    is_on(root, "features.containerd-snapshotter").is_none()
        && !matches!(name, "overlay2" | "vfs" | "btrfs")
        && is_graph_driver(name, USES_CONTAINERD_STORE)
}

//! Which image store a file chooses, and what that means for its storage driver.

use crate::docker::settings::{docker, feature, text};
use crate::keys::drivers::{self, Driver};
use crate::releases::{ReleaseSet, Releases};
use crate::syntax::Node;

/// Releases that know the feature of the containerd image store.
const FEATURE: Releases = Releases::docker("24..");
/// It is the default there, for a data root without images of a graph driver.
const BY_DEFAULT: Releases = Releases::docker("29..");
const BEFORE_DEFAULT: Releases = Releases::docker("..28");

/// Snapshotters of containerd, built in or as well-known plugins. Others may be there too; a slip of a name is far more likely.
const SNAPSHOTTERS: [&str; 14] = [
    "overlayfs",
    "native",
    "btrfs",
    "zfs",
    "devmapper",
    "blockfile",
    "erofs",
    "stargz",
    "nydus",
    "soci",
    "fuse-overlayfs",
    "overlaybd",
    "windows",
    "cimfs",
];

/// The releases that store images in the way of a graph driver, and those that leave it to containerd.
pub(crate) struct Store {
    pub(crate) graph: Releases,
    pub(crate) containerd: Releases,
}

/// Which store is used. Where the file does not name a driver and 29 chooses, it is containerd's, unless the node has images
/// from before.
/// Source: moby/moby@docker-v29.7.2:daemon/image_store_choice.go.
pub(crate) fn store(root: &Node<'_>) -> Store {
    let named = text(root, "storage-driver").map(|(_, name)| name);
    match feature(root, "containerd-snapshotter").map(|(_, on)| on) {
        Some(true) => Store { graph: Releases::docker("..23"), containerd: FEATURE },
        Some(false) => Store { graph: Releases::ANY, containerd: Releases::NONE },
        None if named.is_some_and(|name| is_graph_driver(name, BY_DEFAULT)) => {
            Store { graph: Releases::ANY, containerd: Releases::NONE }
        }
        None => Store { graph: BEFORE_DEFAULT, containerd: BY_DEFAULT },
    }
}

/// Whether a graph driver of this name exists for Linux in any of these releases.
fn is_graph_driver(name: &str, releases: Releases) -> bool {
    graph_driver(name).is_some_and(|driver| !docker(driver.releases()).and(releases).is_empty())
}

/// The graph driver of this name for Linux.
pub(crate) fn graph_driver(name: &str) -> Option<&'static Driver> {
    drivers::storage_driver(name).filter(|driver| driver.platform() != Some("windows"))
}

/// Whether containerd has a snapshotter of this name, as far as anybody knows.
pub(crate) fn is_snapshotter(name: &str) -> bool {
    SNAPSHOTTERS.contains(&name)
}

/// The releases in which a storage driver makes the daemon stop.
pub(crate) fn unavailable(root: &Node<'_>, name: &str) -> Releases {
    let store = store(root);
    let missing = ReleaseSet::ALL.without(graph_driver(name).map_or(ReleaseSet::NONE, Driver::releases));
    let graph = store.graph.and(docker(missing));
    // Before 29 nobody asks containerd at start.
    let containerd = if is_snapshotter(name) { Releases::NONE } else { store.containerd.and(BY_DEFAULT) };
    match (graph.is_empty(), containerd.is_empty()) {
        (true, true) => Releases::NONE,
        (false, true) => graph,
        (true, false) => containerd,
        (false, false) => graph.or(containerd),
    }
}

//! Sets of releases that describe how dockerd behaves, each with its source. A set that one rule alone needs stays in
//! that rule.

use crate::releases::Releases;

/// Releases with the feature `containerd-snapshotter`, which leaves images to containerd.
/// Source: moby/moby@v24.0.9:daemon/daemon.go (`NewDaemon`); @v23.0.18 has none.
pub(crate) const HAS_CONTAINERD_STORE: Releases = Releases::docker("24..");
pub(crate) const LACKS_CONTAINERD_STORE: Releases = Releases::docker("..23");

/// Releases that leave images to containerd by default, for a data root without images of a graph driver.
/// Source: moby/moby@docker-v29.7.2:daemon/image_store_choice.go (`determineImageStoreChoice`).
pub(crate) const USES_CONTAINERD_STORE: Releases = Releases::docker("29..");
pub(crate) const USES_GRAPH_DRIVERS: Releases = Releases::docker("..28");

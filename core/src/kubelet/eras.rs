//! Sets of Kubernetes releases that more than one file names, each for what those releases do.

use crate::releases::Releases;

/// Releases whose kubelet merges the files of `--config-dir`.
/// Source: kubernetes/kubernetes@v1.28.0:cmd/kubelet/app/server.go (`mergeKubeletConfigurations`).
pub(crate) const MERGES_DROP_INS: Releases = Releases::kubernetes("1.28..");

/// Releases that merge drop-ins as JSON; 1.28 merges structs, with the defaults of each file.
/// Source: kubernetes/kubernetes@v1.28.0, v1.29.0:cmd/kubelet/app/server.go (`mergeKubeletConfigurations`).
pub(crate) const MERGES_JSON: Releases = Releases::kubernetes("1.29..");

/// Releases that merge drop-ins over the JSON of the internal Go type, whose keys are the names of Go fields: null in a
/// drop-in removes nothing of the main file, and no default is set afterwards.
/// Source: kubernetes/kubernetes@v1.29.0, v1.31.0, v1.32.0:cmd/kubelet/app/server.go (`mergeKubeletConfigurations`).
pub(crate) const MERGES_BY_GO_NAMES: Releases = Releases::kubernetes("1.29..1.31");

/// Releases in which null in a drop-in removes the value before the defaults are set. Source: as above.
pub(crate) const REMOVES_BY_NULL: Releases = Releases::kubernetes("1.32..");

/// Releases without dockershim: only a CRI runtime runs containers.
/// Source: kubernetes/kubernetes@v1.23.0, v1.24.0:pkg/kubelet/config/flags.go.
pub(crate) const LACKS_DOCKERSHIM: Releases = Releases::kubernetes("1.24..");

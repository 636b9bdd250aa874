//! Sets of Kubernetes releases that more than one file names, each for what those releases do.

use crate::releases::Releases;

/// Releases whose kubelet merges the files of `--config-dir`.
/// Source: kubernetes/kubernetes@v1.28.0:cmd/kubelet/app/server.go (`mergeKubeletConfigurations`).
pub(crate) const MERGES_DROP_INS: Releases = Releases::kubernetes("1.28..");

/// Releases without dockershim: only a CRI runtime runs containers.
/// Source: kubernetes/kubernetes@v1.23.0, v1.24.0:pkg/kubelet/config/flags.go.
pub(crate) const LACKS_DOCKERSHIM: Releases = Releases::kubernetes("1.24..");

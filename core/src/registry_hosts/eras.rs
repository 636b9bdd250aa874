//! Sets of containerd's releases, named for what these releases do with a `hosts.toml`.
//!
//! Source of all: containerd/containerd@v1.5.18, @v1.6.39, @v1.7.34:remotes/docker/config/hosts.go and
//! @v2.3.4:core/remotes/docker/config/hosts.go; measured with the loaders of 1.7.34, 2.0.11 and 2.3.4.

use crate::releases::Releases;

/// Has a CRI plugin that reads such files: `registry.config_path` came with 1.5.
pub const READS_HOSTS_FILES: Releases = Releases::containerd("1.5..");
/// Matches names in their exact letter case, or all in capitals.
pub(crate) const MATCHES_KEY_CASE: Releases = Releases::containerd("1.5..1.7");
/// Matches names without regard to letter case, except `host`; and lists the mirrors by the headers of the file.
pub(crate) const READS_HEADERS: Releases = Releases::containerd("2.0..");
/// Has `override_path`.
pub(crate) const HAS_OVERRIDE_PATH: Releases = Releases::containerd("1.6..");

//! Distributions of Kubernetes that bring their own containerd: k3s, RKE2, k0s and the snaps of Canonical.
//!
//! [`releases`] has the containerd of each release, [`registries`] reads `registries.yaml` of k3s and RKE2,
//! [`k3s_config`] their `config.yaml`, [`template`] the templates of their containerd's configuration, [`snap`]
//! the arguments of snaps, [`generated`] lists files that people do not write, [`eras`] has the releases that differ.

pub(crate) mod eras;
pub(crate) mod generated;
pub mod k3s_config;
pub mod registries;
pub mod releases;
pub(crate) mod snap;
pub(crate) mod template;

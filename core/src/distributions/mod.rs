//! Distributions of Kubernetes that bring their own containerd: k3s, RKE2 and k0s.
//!
//! [`releases`] has the containerd of each release, [`registries`] reads `registries.yaml` of k3s and RKE2, [`eras`]
//! has the releases that differ.

pub(crate) mod eras;
pub mod registries;
pub mod releases;

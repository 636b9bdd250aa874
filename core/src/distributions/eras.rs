//! Sets of releases of k3s and RKE2, by those of their Kubernetes, named for what these releases do.

use crate::releases::Releases;

/// Writes mirrors and TLS settings of `registries.yaml` into `hosts.toml` files, as do all later releases.
/// Source: k3s-io/k3s#9127, #9128 and #9322, in the releases of January 2024.
pub(crate) const WRITES_HOSTS_FILES: Releases =
    Releases::kubernetes("1.26.13..1.26,1.27.10..1.27,1.28.6..1.28,1.29.1..");

/// Writes an endpoint that is listed twice as two tables of one name, which containerd refuses.
/// Source: k3s-io/k3s#9693 and its backports, fixed in the releases of March 2024.
pub(crate) const WRITES_ENDPOINTS_TWICE: Releases =
    Releases::kubernetes("1.26.13..1.26.14,1.27.10..1.27.11,1.28.6..1.28.7,1.29.1..1.29.2");

/// Writes TLS settings of a registry that is not an endpoint of a mirror in a way that containerd refuses.
/// Source: k3s-io/k3s#9839, k3s-io/k3s#9983 and rancher/rke2#5658: the releases of March 2024, fixed in April.
pub(crate) const LOSES_TLS_WITHOUT_MIRROR: Releases = Releases::kubernetes("1.26.15,1.27.12,1.28.8,1.29.3");

/// Does not use the mirrors of `"*"`: a fault of the containerd 2.0 that they bring.
/// Source: k3s-io/k3s#11857 and rancher/rke2#7827, fixed in 1.31.7 and 1.32.3.
pub(crate) const LACKS_FALLBACK: Releases = Releases::kubernetes("1.31.6,1.32.2");

/// Reads `config-v3.toml.tmpl`: since they bring containerd 2.0.
/// Source: k3s-io/docs@05051a0:docs/advanced.md (v1.31.6, v1.32.2).
pub(crate) const READS_VERSION_3_TEMPLATE: Releases = Releases::kubernetes("1.31.6..1.31,1.32.2..");

/// Has a base template, which others name by `{{ template "base" . }}`.
/// Source: k3s-io/docs@05051a0:docs/advanced.md (v1.24.17, 1.25.13, 1.26.8, 1.27.5, 1.28.1).
pub(crate) const HAS_BASE_TEMPLATE: Releases =
    Releases::kubernetes("1.24.17,1.25.13..1.25,1.26.8..1.26,1.27.5..1.27,1.28.1..");

/// Releases of k0s that leave merging to containerd and stop at a drop-in that is not of config version 3.
/// Source: k0sproject/k0s@main:pkg/component/worker/containerd.
pub(crate) const K0S_CHECKS_DROP_INS: Releases = Releases::kubernetes("1.36..");

//! Which release of a distribution has which containerd. A release is named by that of its Kubernetes: `v1.33.5+k3s1`.

/// A distribution whose releases have the version of their Kubernetes with a suffix.
#[derive(Debug, PartialEq, Eq)]
pub struct Distribution {
    /// The name in sentences.
    pub title: &'static str,
    /// The start of the suffix, behind `+`; image tags have `-` instead.
    suffix: &'static str,
    /// The release of containerd from each Kubernetes release on, oldest first.
    containerd: &'static [(KubernetesVersion, &'static str)],
}

/// Minor and patch release of Kubernetes 1.
type KubernetesVersion = (u32, u32);

/// k3s and RKE2 take up a containerd with the same Kubernetes patch.
/// Source: the Dockerfile of every tag of rancher/rke2 up to v1.36.2+rke2r1; release notes of k3s-io/docs@05051a0.
const OF_RANCHER: &[(KubernetesVersion, &str)] = &[
    ((20, 0), "1.4"),
    ((22, 0), "1.5"),
    ((24, 0), "1.6"),
    ((24, 14), "1.7"),
    ((25, 0), "1.6"),
    ((25, 10), "1.7"),
    ((26, 0), "1.6"),
    ((26, 5), "1.7"),
    ((27, 0), "1.6"),
    ((27, 2), "1.7"),
    ((31, 6), "2.0"),
    ((31, 13), "2.1"),
    ((32, 0), "1.7"),
    ((32, 2), "2.0"),
    ((32, 9), "2.1"),
    ((33, 0), "2.0"),
    ((33, 5), "2.1"),
    ((33, 10), "2.2"),
    ((34, 0), "2.1"),
    ((34, 6), "2.2"),
    ((35, 0), "2.1"),
    ((35, 3), "2.2"),
    ((36, 2), "2.3"),
];

/// Source: the versions of embedded binaries in each release branch of k0sproject/k0s, 1.20 to 1.36.
const OF_K0S: &[(KubernetesVersion, &str)] =
    &[((20, 0), "1.4"), ((22, 0), "1.5"), ((24, 0), "1.6"), ((27, 0), "1.7"), ((36, 0), "2.3")];

/// The distributions.
pub static DISTRIBUTIONS: [Distribution; 3] = [
    Distribution { title: "k3s", suffix: "k3s", containerd: OF_RANCHER },
    Distribution { title: "RKE2", suffix: "rke2r", containerd: OF_RANCHER },
    Distribution { title: "k0s", suffix: "k0s.", containerd: OF_K0S },
];

impl Distribution {
    /// The distribution of a version with its suffix, such as `v1.33.5+k3s1` or `1.33.5-rke2r1`.
    #[must_use]
    pub fn of_version(version: &str) -> Option<&'static Self> {
        let (_, suffix) = version.split_once(['+', '-'])?;
        DISTRIBUTIONS.iter().find(|distribution| suffix.starts_with(distribution.suffix))
    }

    /// The release of containerd in a release, by its Kubernetes; nothing for releases before the first one known. A
    /// release without a patch has the containerd of its newest one.
    #[must_use]
    pub fn containerd(&self, kubernetes: &str) -> Option<&'static str> {
        let digits = kubernetes.trim_start_matches('v').split(['+', '-']).next()?;
        let mut parts = digits.split('.');
        let minor = parts.next().filter(|major| *major == "1").and_then(|_| parts.next()?.parse().ok())?;
        let patch = parts.next().map_or(Some(u32::MAX), |patch| patch.parse().ok())?;
        let version: KubernetesVersion = (minor, patch);
        let older = self.containerd.partition_point(|(from, _)| *from <= version);
        self.containerd.get(older.checked_sub(1)?).map(|(_, containerd)| *containerd)
    }
}

#[cfg(test)]
mod tests {
    use super::Distribution;

    #[test]
    fn a_version_shows_the_containerd_that_it_brings() {
        for (version, containerd) in [
            ("v1.33.5+k3s1", Some(("k3s", "2.1"))),
            ("1.33.4+k3s1", Some(("k3s", "2.0"))),
            ("v1.32.1-k3s1", Some(("k3s", "1.7"))),
            ("v1.31.5+rke2r1", Some(("RKE2", "1.7"))),
            ("v1.31.6+rke2r1", Some(("RKE2", "2.0"))),
            ("v1.30.14+rke2r1", Some(("RKE2", "1.7"))),
            ("v1.24.13+rke2r1", Some(("RKE2", "1.6"))),
            ("v1.36+rke2r1", Some(("RKE2", "2.3"))),
            ("v1.99.0+k3s1", Some(("k3s", "2.3"))),
            ("v1.35.7+k0s.0", Some(("k0s", "1.7"))),
            ("v1.36.0+k0s.0", Some(("k0s", "2.3"))),
            ("v1.33.5-eks-113cf36", None),
            ("v1.33.5", None),
        ] {
            let found = Distribution::of_version(version);
            let found = found.map(|found| (found.title, found.containerd(version).unwrap_or_default()));
            assert_eq!(found, containerd, "{version}");
        }
        let k3s = Distribution::of_version("v1.19.0+k3s1").map(|k3s| k3s.containerd("v1.19.0+k3s1"));
        assert_eq!(k3s, Some(None));
    }
}

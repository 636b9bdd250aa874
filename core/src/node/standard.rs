//! The standard places of a node: where daemons, distributions and people put the files that crilint checks. Units and
//! what they name are found by [`crate::systemd::services`].
//!
//! Paths are from the root of the node on. `*` stands for any name, and `~` for `/root` and each folder in `/home`.

use crate::kind::Kind;
use crate::systemd::flags;
use crate::{docker, kubelet};

/// Places that belong together.
#[derive(Debug)]
pub struct PlaceGroup {
    /// The distribution; empty for places of every node.
    pub name: &'static str,
    /// The group counts where one of these paths exists; always, if there is none.
    pub markers: &'static [&'static str],
    /// Files and patterns, each with the kind that its content may not show.
    pub places: &'static [(&'static str, Option<&'static Kind>)],
}

/// A file of another program in a place where people look for containerd's.
#[derive(Debug)]
pub struct OtherProgram {
    /// The file or pattern.
    pub path: &'static str,
    /// The program.
    pub name: &'static str,
}

const KUBELET: Option<&Kind> = Some(&kubelet::KIND);
const FLAGS: Option<&Kind> = Some(&flags::KIND);
const DOCKER: Option<&Kind> = Some(&docker::KIND);

/// All standard places, those of every node first.
pub static PLACE_GROUPS: &[PlaceGroup] = &[
    PlaceGroup {
        name: "",
        markers: &[],
        places: &[
            ("/etc/containerd/config.toml", None),
            // A drop-in that no import names is a fault.
            ("/etc/containerd/*/*.toml", None),
            ("/etc/containerd/certs.d/*/hosts.toml", None),
            ("/etc/containerd/certs.d/*/*/hosts.toml", None),
            ("/etc/docker/daemon.json", DOCKER),
            // A file under a near name, or beside the place of the daemon, is a fault.
            ("/etc/docker/*.json", None),
            ("/etc/containerd.toml", None),
            ("/etc/defaults/docker", FLAGS),
            ("/etc/defaults/kubelet", FLAGS),
            ("/etc/docker/certs.d/*/hosts.toml", None),
            ("/var/lib/kubelet/config.yaml", KUBELET),
            ("/var/lib/kubelet/instance-config.yaml", KUBELET),
            ("/var/lib/kubelet/kubeadm-flags.env", FLAGS),
            ("/etc/kubernetes/kubelet.conf.d/*.conf", KUBELET),
            ("/etc/kubernetes/kubelet.conf.d/*.yaml", KUBELET),
            ("/etc/kubernetes/kubelet.conf.d/*.yml", KUBELET),
            ("/etc/kubernetes/kubelet.conf.d/*.json", KUBELET),
            ("/etc/default/kubelet", FLAGS),
            ("/etc/default/docker", FLAGS),
            ("/etc/sysconfig/kubelet", FLAGS),
            ("/etc/sysconfig/docker", FLAGS),
            ("/etc/conf.d/kubelet", FLAGS),
            ("/etc/conf.d/docker", FLAGS),
            ("/etc/systemd/logind.conf", None),
            ("/etc/systemd/logind.conf.d/*.conf", None),
            ("/etc/crictl.yaml", None),
            ("/etc/cni/net.d/*.conflist", None),
            ("/etc/cni/net.d/*.conf", None),
            ("/etc/cni/net.d/*.json", None),
        ],
    },
    PlaceGroup {
        name: "k3s",
        markers: &["/etc/rancher/k3s", "/var/lib/rancher/k3s"],
        places: &[
            ("/etc/rancher/k3s/config.yaml", None),
            ("/etc/rancher/k3s/config.yaml.d/*.yaml", None),
            ("/etc/rancher/k3s/registries.yaml", None),
            ("/etc/systemd/system/k3s.service.env", None),
            ("/etc/systemd/system/k3s-agent.service.env", None),
            ("/var/lib/rancher/k3s/agent/etc/crictl.yaml", None),
            ("/var/lib/rancher/k3s/agent/etc/kubelet.conf.d/*.conf", KUBELET),
            ("/var/lib/rancher/k3s/agent/etc/containerd/config.toml", None),
            ("/var/lib/rancher/k3s/agent/etc/containerd/config.toml.tmpl", None),
            ("/var/lib/rancher/k3s/agent/etc/containerd/config-v3.toml.tmpl", None),
            ("/var/lib/rancher/k3s/agent/etc/containerd/config.toml.d/*.toml", None),
            ("/var/lib/rancher/k3s/agent/etc/containerd/config-v3.toml.d/*.toml", None),
            ("/var/lib/rancher/k3s/agent/etc/containerd/certs.d/*/hosts.toml", None),
        ],
    },
    PlaceGroup {
        name: "RKE2",
        markers: &["/etc/rancher/rke2", "/var/lib/rancher/rke2"],
        places: &[
            ("/etc/rancher/rke2/config.yaml", None),
            ("/etc/rancher/rke2/config.yaml.d/*.yaml", None),
            ("/etc/rancher/rke2/registries.yaml", None),
            ("/var/lib/rancher/rke2/agent/etc/crictl.yaml", None),
            ("/var/lib/rancher/rke2/agent/etc/kubelet.conf.d/*.conf", KUBELET),
            ("/var/lib/rancher/rke2/agent/etc/containerd/config.toml", None),
            ("/var/lib/rancher/rke2/agent/etc/containerd/config.toml.tmpl", None),
            ("/var/lib/rancher/rke2/agent/etc/containerd/config-v3.toml.tmpl", None),
            ("/var/lib/rancher/rke2/agent/etc/containerd/config.toml.d/*.toml", None),
            ("/var/lib/rancher/rke2/agent/etc/containerd/config-v3.toml.d/*.toml", None),
            ("/var/lib/rancher/rke2/agent/etc/containerd/certs.d/*/hosts.toml", None),
        ],
    },
    PlaceGroup {
        name: "k0s",
        markers: &["/etc/k0s", "/var/lib/k0s"],
        places: &[
            ("/etc/k0s/containerd.toml", None),
            // Other folders beside it are not read, which is a fault.
            ("/etc/k0s/*/*.toml", None),
            ("/etc/k0s/k0s.yaml", None),
            ("/run/k0s/kubelet/config.yaml", KUBELET),
        ],
    },
    PlaceGroup {
        name: "microk8s",
        markers: &["/var/snap/microk8s"],
        places: &[
            ("/var/snap/microk8s/current/args/kubelet", FLAGS),
            ("/var/snap/microk8s/current/args/containerd", FLAGS),
            ("/var/snap/microk8s/current/args/containerd-template.toml", None),
            ("/var/snap/microk8s/current/args/containerd.toml", None),
            ("/var/snap/microk8s/current/args/certs.d/*/hosts.toml", None),
        ],
    },
    PlaceGroup {
        name: "Canonical Kubernetes (k8s snap)",
        markers: &["/var/snap/k8s"],
        places: &[
            ("/var/snap/k8s/common/args/kubelet", FLAGS),
            ("/var/snap/k8s/common/args/containerd", FLAGS),
            ("/etc/containerd/hosts.d/*/hosts.toml", None),
        ],
    },
    PlaceGroup {
        name: "Docker snap",
        markers: &["/var/snap/docker"],
        places: &[("/var/snap/docker/current/config/daemon.json", DOCKER)],
    },
    PlaceGroup {
        name: "Talos",
        markers: &["/etc/cri"],
        places: &[
            ("/etc/cri/containerd.toml", None),
            ("/etc/cri/conf.d/cri.toml", None),
            ("/etc/cri/conf.d/*.part", None),
            ("/etc/cri/conf.d/hosts/*/hosts.toml", None),
            ("/etc/kubernetes/kubelet.yaml", KUBELET),
        ],
    },
    PlaceGroup {
        name: "kubespray",
        markers: &["/etc/kubernetes/kubelet-config.yaml"],
        places: &[("/etc/kubernetes/kubelet-config.yaml", KUBELET), ("/etc/kubernetes/kubelet.env", FLAGS)],
    },
    PlaceGroup {
        name: "kops",
        markers: &["/var/lib/kubelet/kubelet.conf"],
        places: &[("/var/lib/kubelet/kubelet.conf", KUBELET)],
    },
    PlaceGroup {
        name: "EKS",
        markers: &["/etc/eks"],
        places: &[
            ("/etc/kubernetes/kubelet/config.json", KUBELET),
            ("/etc/kubernetes/kubelet/config.json.d/*.conf", KUBELET),
            ("/etc/kubernetes/kubelet/config.json.d/*.yaml", KUBELET),
            ("/etc/kubernetes/kubelet/config.json.d/*.yml", KUBELET),
            ("/etc/kubernetes/kubelet/config.json.d/*.json", KUBELET),
            ("/etc/kubernetes/kubelet/kubelet-config.json", KUBELET),
            ("/etc/eks/kubelet/environment", FLAGS),
            ("/etc/eks/image-credential-provider/config.json", None),
            ("/etc/eks/nodeadm.d/*.yaml", None),
            ("/etc/eks/nodeadm.d/*.yml", None),
            ("/etc/eks/nodeadm.d/*.json", None),
        ],
    },
    PlaceGroup {
        name: "AKS",
        markers: &["/etc/default/kubeletconfig.json"],
        places: &[("/etc/default/kubeletconfig.json", KUBELET)],
    },
    PlaceGroup {
        name: "Bottlerocket",
        markers: &["/etc/kubernetes/kubelet/env"],
        places: &[("/etc/kubernetes/kubelet/config", KUBELET), ("/etc/kubernetes/kubelet/env", FLAGS)],
    },
    PlaceGroup {
        name: "EKS Anywhere",
        markers: &["/etc/containerd/config_append.toml"],
        places: &[("/etc/containerd/config_append.toml", None)],
    },
    PlaceGroup {
        name: "Flatcar",
        markers: &["/usr/share/containerd/config.toml"],
        places: &[("/usr/share/containerd/config.toml", None)],
    },
    PlaceGroup {
        name: "MicroShift",
        markers: &["/etc/microshift"],
        places: &[("/etc/microshift/config.yaml", None), ("/etc/microshift/config.d/*.yaml", None)],
    },
    PlaceGroup {
        name: "rootless",
        markers: &["~/.config/docker/daemon.json", "~/.config/containerd"],
        places: &[
            ("~/.config/docker/daemon.json", DOCKER),
            ("~/.config/containerd/config.toml", None),
            ("~/.config/containerd/*/*.toml", None),
            ("~/.config/containerd/certs.d/*/hosts.toml", None),
        ],
    },
];

/// Files that are not containerd's, in places where people look for its files.
pub static OTHER_PROGRAMS: &[OtherProgram] = &[
    OtherProgram { path: "/etc/containerd/runsc.toml", name: "gVisor" },
    OtherProgram { path: "/run/containerd/runsc/config.toml", name: "gVisor" },
    OtherProgram { path: "/etc/kata-containers/configuration.toml", name: "Kata Containers" },
    OtherProgram { path: "/opt/kata/share/defaults/kata-containers/configuration.toml", name: "Kata Containers" },
    OtherProgram { path: "/etc/containerd-stargz-grpc/config.toml", name: "stargz snapshotter" },
    OtherProgram { path: "/etc/soci-snapshotter-grpc/config.toml", name: "SOCI snapshotter" },
    OtherProgram { path: "/etc/nydus/config.toml", name: "nydus snapshotter" },
    OtherProgram { path: "/etc/buildkit/buildkitd.toml", name: "BuildKit" },
    OtherProgram { path: "/etc/nvidia-container-runtime/config.toml", name: "NVIDIA container runtime" },
    OtherProgram { path: "/etc/nerdctl/nerdctl.toml", name: "nerdctl" },
    OtherProgram { path: "/etc/crio/crio.conf", name: "CRI-O" },
];

/// The paths that a place means, as a folder's names come from `names`; none of them need exist.
pub fn expand(place: &str, mut names: impl FnMut(&str) -> Vec<String>) -> Vec<String> {
    let mut homes = |below: &str| {
        let users = names("/home").into_iter().map(|user| format!("/home/{user}{below}"));
        std::iter::once(format!("/root{below}")).chain(users).collect()
    };
    let starts: Vec<String> = match place.strip_prefix('~') {
        Some(below) => homes(below),
        None => vec![place.to_owned()],
    };
    // Beside `hosts.toml`, containerd reads nothing in the folders of registries.
    let is_of_registry = |path: &String| ["/certs.d/", "/hosts.d/"].iter().any(|folder| path.contains(folder));
    let counts = |path: &String| !is_of_registry(path) || path.ends_with("/hosts.toml");
    let paths = starts.iter().flat_map(|pattern| super::wanted::expand(pattern, false, &mut names));
    paths.filter(counts).collect()
}

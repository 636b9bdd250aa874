//! Which files hold configurations of a node, and where: data, each with its source.

use super::faults::KIND_VERSION;
use crate::distributions::k3s_config;
use crate::kind::places::{file_name, has_folder};
use crate::syntax::Node;

/// A kind of document that holds configurations.
pub(super) struct Wrapper {
    /// Whether a document is one, by its path and content.
    pub(super) is: fn(&str, &Node<'_>) -> bool,
    /// Where the places begin: keys with dots between them, or nothing.
    pub(super) below: &'static [&'static str],
    /// The places: keys with dots between them, `*` for each item of a list.
    pub(super) slots: &'static [(&'static str, Holding)],
}

/// What a place of a wrapper holds.
#[derive(Clone, Copy)]
pub(super) enum Holding {
    /// The text of a file of containerd that is merged into another one, of this config version if it has none.
    Containerd(Option<i64>),
    /// The text of the file at this path.
    Text(&'static str),
    /// Documents for kubeadm, or parts of them.
    Kubeadm,
    /// A node of kind, with patches for kubeadm.
    KindNode,
    /// Fields of KubeletConfiguration as a part of the tree.
    Kubelet,
    /// Flags of the kubelet but for these: a table of names and values, or a list.
    Flags(&'static [&'static str]),
    /// Flags of the kubelet without their dashes: one, or a list.
    BareFlags,
    /// Fields of Docker's `daemon.json` as a part of the tree.
    Docker,
    /// A table with the path and the content of a file.
    File(FileKeys),
    /// A table with the name and the content of a unit, and with its drop-ins.
    Unit,
}

/// The keys of a table that describes a file.
#[derive(Clone, Copy)]
pub(super) struct FileKeys {
    pub(super) path: &'static str,
    pub(super) content: &'static [&'static str],
    /// The key of the name of the encoding, or of a switch for base64.
    pub(super) encoding: &'static str,
    /// Whether the wrapper takes files for containerd's CRI alone, which it merges.
    pub(super) is_cri: bool,
}

impl FileKeys {
    const COMMON: Self = Self { path: "path", content: &["content"], encoding: "encoding", is_cri: false };
}

/// Source: coreos/ignition@v2.19.0:config/v3_4/schema/ignition.json, coreos/butane@v0.22.0:base/v0_5/schema.go.
const IGNITION_FILE: FileKeys =
    FileKeys { path: "path", content: &["contents.inline", "contents.source"], encoding: "", is_cri: false };

/// Texts that show that a file may be a wrapper: a text without any of them is not looked at.
pub(super) const MARKS: [&str; 24] = [
    "kubelet-arg",
    "write_files",
    "kubeletExtraArgs",
    "containerdConfigPatches",
    "kubeadmConfigPatches",
    "extraConfig",
    "extraArgs",
    "/cri/",
    "workerProfiles",
    "configOverride",
    "fileAssets",
    "ignition",
    "variant:",
    "NodeConfig",
    "multipart/",
    "kubelet:",
    "docker:",
    "config.toml",
    "hosts.toml",
    "daemon.json",
    "/etc/containerd",
    "/etc/docker",
    "KubeletConfiguration",
    "/kubelet",
];

/// The places of a wrapper begin at the root.
const ROOT: &[&str] = &[""];

pub(super) static WRAPPERS: &[Wrapper] = &[
    // Source: canonical/cloud-init@24.4:cloudinit/config/cc_write_files.py.
    Wrapper {
        is: |_, root| root.get("write_files").is_some(),
        below: ROOT,
        slots: &[("write_files.*", Holding::File(FileKeys::COMMON))],
    },
    // Source: coreos/ignition@v2.19.0:config/v3_4/schema/ignition.json; Butane has the same places.
    Wrapper {
        is: |_, root| root.at(&["ignition", "version"]).is_some() || root.get("variant").is_some(),
        below: ROOT,
        slots: IGNITION,
    },
    // Source: openshift/machine-config-operator@release-4.17:docs/MachineConfiguration.md.
    Wrapper {
        is: |_, root| has_api(root, "machineconfiguration.openshift.io/"),
        below: &["spec.config"],
        slots: IGNITION,
    },
    // Source: kubernetes/kubernetes@v1.36.0:cmd/kubeadm/app/apis/kubeadm/v1beta4/types.go (`NodeRegistrationOptions`).
    Wrapper {
        is: |_, root| is_kubeadm(root),
        below: ROOT,
        slots: &[("nodeRegistration.kubeletExtraArgs", Holding::Flags(&[]))],
    },
    // Source: kubernetes-sigs/cluster-api@v1.10.0:bootstrap/kubeadm/api/v1beta1/kubeadmconfig_types.go,
    // controlplane/kubeadm/api/v1beta1/kubeadm_control_plane_types.go.
    Wrapper {
        is: |_, root| is_cluster_api(root),
        below: &CLUSTER_API_SPECS,
        slots: &[
            ("files.*", Holding::File(FileKeys::COMMON)),
            ("initConfiguration.nodeRegistration.kubeletExtraArgs", Holding::Flags(&[])),
            ("joinConfiguration.nodeRegistration.kubeletExtraArgs", Holding::Flags(&[])),
        ],
    },
    // Source: kubernetes-sigs/kind@v0.32.0:pkg/apis/config/v1alpha4/types.go, pkg/internal/patch/toml.go.
    Wrapper {
        is: |_, root| is_kind(root),
        below: ROOT,
        slots: &[
            ("containerdConfigPatches.*", Holding::Containerd(Some(KIND_VERSION))),
            ("kubeadmConfigPatches.*", Holding::Kubeadm),
            ("nodes.*", Holding::KindNode),
        ],
    },
    // Source: siderolabs/talos@v1.13.9:pkg/machinery/config/types/v1alpha1/v1alpha1_types.go.
    Wrapper {
        is: |_, root| is_talos(root),
        below: &["machine"],
        slots: &[
            ("kubelet.extraConfig", Holding::Kubelet),
            ("kubelet.extraArgs", Holding::Flags(&TALOS_REFUSED_ARGS)),
            ("files.*", Holding::File(FileKeys { encoding: "", is_cri: true, ..FileKeys::COMMON })),
        ],
    },
    // Source: awslabs/amazon-eks-ami@81fec2e:nodeadm/api/v1alpha1/nodeconfig_types.go.
    Wrapper {
        is: |_, root| has_api(root, "node.eks.aws/"),
        below: &["spec"],
        slots: &[
            ("kubelet.config", Holding::Kubelet),
            ("kubelet.flags", Holding::Flags(&[])),
            ("containerd.config", Holding::Containerd(None)),
        ],
    },
    // Source: k0sproject/k0s@v1.34.10+k0s.0:pkg/apis/k0s/v1beta1/worker.go; k0sproject/k0sctl@v0.25.0:README.md.
    Wrapper {
        is: |_, root| has_api(root, "k0s.k0sproject.io/") || has_api(root, "k0sctl.k0sproject.io/"),
        below: &["spec", "spec.k0s.config.spec"],
        slots: &[("workerProfiles.*.values", Holding::Kubelet)],
    },
    // Source: kubernetes/kops@268927e:pkg/apis/kops/containerdconfig.go, cluster.go (`FileAssetSpec`),
    // instancegroup.go (`UserData`).
    Wrapper {
        is: |_, root| has_api(root, "kops.k8s.io/"),
        below: &["spec"],
        slots: &[
            ("containerd.configOverride", Holding::Text("/etc/containerd/config.toml")),
            ("fileAssets.*", Holding::File(FileKeys { encoding: "isBase64", ..FileKeys::COMMON })),
            ("additionalUserData.*.content", Holding::Text(USER_DATA)),
        ],
    },
    // Source: openshift/microshift@8e16b12:pkg/config/config.go (`Kubelet`).
    Wrapper {
        is: |path, root| has_folder(path, "microshift") && root.get("kubelet").is_some(),
        below: ROOT,
        slots: &[("kubelet", Holding::Kubelet)],
    },
    // Source: k3s-io/k3s@005499a:pkg/daemons/config/types.go (`GetArgs`).
    Wrapper {
        is: k3s_config::looks_like,
        below: ROOT,
        slots: &[("kubelet-arg", Holding::BareFlags), ("kubelet-arg+", Holding::BareFlags)],
    },
    // Source: abiosoft/colima@490420d:config/config.go (`Docker`).
    Wrapper { is: |path, _| file_name(path) == "colima.yaml", below: ROOT, slots: &[("docker", Holding::Docker)] },
];

/// Where Ignition and Butane hold files and units.
const IGNITION: &[(&str, Holding)] =
    &[("storage.files.*", Holding::File(IGNITION_FILE)), ("systemd.units.*", Holding::Unit)];

/// The name of user data that a file holds.
pub(super) const USER_DATA: &str = "user-data.yaml";

/// The only file for containerd that Talos takes. Source: siderolabs/talos@v1.13.9:pkg/machinery/constants
/// (`CRICustomizationConfigPart`).
pub(super) const TALOS_PART: &str = "/etc/cri/conf.d/20-customization.part";

/// Folders in which people put files for containerd.
pub(super) const TALOS_CRI_FOLDERS: [&str; 4] = ["/etc/cri/", "/etc/containerd/", "/var/cri/", "/var/etc/cri/"];

/// Source: siderolabs/talos@v1.13.9:pkg/machinery/kubelet/kubelet.go (`ProtectedConfigurationFields`).
pub(super) const TALOS_REFUSED_FIELDS: [&str; 13] = [
    "apiVersion",
    "authentication",
    "authorization",
    "cgroupRoot",
    "kind",
    "kubeletCgroups",
    "port",
    "protectKernelDefaults",
    "resolvConf",
    "rotateCertificates",
    "systemCgroups",
    "staticPodPath",
    "seccompDefault",
];

/// Source: siderolabs/talos@v1.13.9:internal/app/machined/pkg/controllers/k8s/kubelet_spec.go (`MergeDenied`).
pub(super) const TALOS_REFUSED_ARGS: [&str; 6] =
    ["bootstrap-kubeconfig", "kubeconfig", "container-runtime", "container-runtime-endpoint", "config", "cert-dir"];

/// Whether a document is one that kubeadm reads and that describes a node.
pub(super) fn is_kubeadm(root: &Node<'_>) -> bool {
    let kind = text(root, "kind");
    let version = text(root, "apiVersion");
    ["InitConfiguration", "JoinConfiguration"].contains(&kind)
        && (version.is_empty() || version.starts_with("kubeadm.k8s.io/"))
}

/// Where the objects of Cluster API hold what a node gets.
pub(super) const CLUSTER_API_SPECS: [&str; 4] =
    ["spec", "spec.template.spec", "spec.kubeadmConfigSpec", "spec.template.spec.kubeadmConfigSpec"];

pub(super) fn is_cluster_api(root: &Node<'_>) -> bool {
    has_api(root, "bootstrap.cluster.x-k8s.io/") || has_api(root, "controlplane.cluster.x-k8s.io/")
}

pub(super) fn is_kind(root: &Node<'_>) -> bool {
    has_api(root, "kind.x-k8s.io/")
}

pub(super) fn is_talos(root: &Node<'_>) -> bool {
    let Some(machine) = root.get("machine") else { return false };
    let parts = ["kubelet", "files", "registries", "install", "network"];
    text(root, "version") == "v1alpha1" || parts.iter().any(|part| machine.get(part).is_some())
}

fn has_api(root: &Node<'_>, prefix: &str) -> bool {
    text(root, "apiVersion").starts_with(prefix)
}

fn text<'n>(root: &'n Node<'_>, key: &str) -> &'n str {
    root.get(key).and_then(Node::as_str).unwrap_or_default()
}

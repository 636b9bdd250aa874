//! `config.yaml` of k3s and RKE2, and the files of `config.yaml.d`: each key is a flag of their command line.

use crate::kind::Kind;
use crate::kind::places::{file_name, has_folder};
use crate::releases::Product;
use crate::syntax::{Format, Node};

/// The kind.
pub static KIND: Kind = Kind {
    id: "k3s-config",
    title: "config.yaml of k3s and RKE2",
    product: Product::Kubernetes,
    formats: &[Format::Yaml],
    places: &["/etc/rancher/k3s/config.yaml", "/etc/rancher/rke2/config.yaml.d/*.yaml"],
    ..Kind::DEFAULTS
};

/// Whether a YAML file is of this kind, by its place. Other programs have a `config.yaml` in such folders too, which
/// names its kind.
pub(crate) fn looks_like(path: &str, root: &Node<'_>) -> bool {
    let folder = path.rsplit('/').nth(1).unwrap_or_default();
    let is_named = ["config.yaml", "config.yml"].contains(&file_name(path)) || folder == "config.yaml.d";
    let is_own = has_folder(path, "k3s") || has_folder(path, "rke2");
    is_named && is_own && root.get("apiVersion").is_none()
}

/// The keys that hold flags of another program, and the program.
pub(crate) const ARGUMENTS: [(&str, &str); 9] = [
    ("kubelet-arg", "kubelet"),
    ("kube-proxy-arg", "kube-proxy"),
    ("kube-apiserver-arg", "kube-apiserver"),
    ("kube-controller-manager-arg", "kube-controller-manager"),
    ("kube-controller-arg", "kube-controller-manager"),
    ("kube-cloud-controller-manager-arg", "cloud-controller-manager"),
    ("kube-cloud-controller-arg", "cloud-controller-manager"),
    ("kube-scheduler-arg", "kube-scheduler"),
    ("etcd-arg", "etcd"),
];

/// The flags of `k3s server`, `k3s agent` and those that RKE2 adds, which are the keys of the file.
/// Source: k3s-io/docs@05051a0:docs/cli/server.md, docs/cli/agent.md; rancher/rke2-docs@9477b7b:docs/reference.
pub(crate) const KEYS: &[&str] = &[
    "advertise-address",
    "advertise-port",
    "agent-token",
    "agent-token-file",
    "airgap-extra-registry",
    "alsologtostderr",
    "audit-policy-file",
    "bind-address",
    "bind-address-v6",
    "cloud-provider-config",
    "cloud-provider-name",
    "cluster-cidr",
    "cluster-dns",
    "cluster-domain",
    "cluster-init",
    "cluster-reset",
    "cluster-reset-restore-path",
    "cni",
    "container-runtime-endpoint",
    "control-plane-probe-configuration",
    "control-plane-resource-limits",
    "control-plane-resource-requests",
    "data-dir",
    "datastore-cafile",
    "datastore-certfile",
    "datastore-endpoint",
    "datastore-keyfile",
    "debug",
    "default-local-storage-path",
    "default-runtime",
    "disable",
    "disable-apiserver",
    "disable-apiserver-lb",
    "disable-cloud-controller",
    "disable-controller-manager",
    "disable-default-registry-endpoint",
    "disable-etcd",
    "disable-helm-controller",
    "disable-kube-proxy",
    "disable-network-policy",
    "disable-scheduler",
    "docker",
    "egress-selector-mode",
    "embedded-registry",
    "enable-pprof",
    "enable-servicelb",
    "etcd-arg",
    "etcd-disable-snapshots",
    "etcd-expose-metrics",
    "etcd-s3",
    "etcd-s3-access-key",
    "etcd-s3-bucket",
    "etcd-s3-config-secret",
    "etcd-s3-endpoint",
    "etcd-s3-endpoint-ca",
    "etcd-s3-folder",
    "etcd-s3-insecure",
    "etcd-s3-proxy",
    "etcd-s3-region",
    "etcd-s3-secret-key",
    "etcd-s3-session-token",
    "etcd-s3-skip-ssl-verify",
    "etcd-s3-timeout",
    "etcd-snapshot-compress",
    "etcd-snapshot-dir",
    "etcd-snapshot-name",
    "etcd-snapshot-retention",
    "etcd-snapshot-schedule-cron",
    "flannel-backend",
    "flannel-cni-conf",
    "flannel-conf",
    "flannel-external-ip",
    "flannel-iface",
    "flannel-ipv6-masq",
    "helm-job-image",
    "https-listen-port",
    "image-credential-provider-bin-dir",
    "image-credential-provider-config",
    "image-service-endpoint",
    "ingress-controller",
    "kube-apiserver-arg",
    "kube-cloud-controller-arg",
    "kube-cloud-controller-manager-arg",
    "kube-controller-arg",
    "kube-controller-manager-arg",
    "kube-proxy-arg",
    "kube-scheduler-arg",
    "kubelet-arg",
    "kubelet-path",
    "lb-server-port",
    "log",
    "multi-cluster-cidr",
    "node-external-dns",
    "node-external-ip",
    "node-internal-dns",
    "node-ip",
    "node-label",
    "node-name",
    "node-name-from-cloud-provider-metadata",
    "node-taint",
    "nonroot-devices",
    "pause-image",
    "pod-security-admission-config-file",
    "prefer-bundled-bin",
    "private-registry",
    "profile",
    "protect-kernel-defaults",
    "resolv-conf",
    "rootless",
    "secrets-encryption",
    "secrets-encryption-provider",
    "selinux",
    "server",
    "service-cidr",
    "service-node-port-range",
    "servicelb-namespace",
    "snapshotter",
    "supervisor-metrics",
    "system-default-registry",
    "tls-san",
    "tls-san-security",
    "token",
    "token-file",
    "vmodule",
    "vpn-auth",
    "vpn-auth-file",
    "with-node-id",
    "write-kubeconfig",
    "write-kubeconfig-group",
    "write-kubeconfig-mode",
];

/// A key without the sign that adds its values to those of the files before.
/// Source: k3s-io/k3s@f646604:pkg/configfilearg/parser.go (`readConfigFile`).
pub(crate) fn plain(key: &str) -> &str {
    key.strip_suffix('+').unwrap_or(key)
}

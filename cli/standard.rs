//! The standard places of a node, as its daemons look at them.

use std::collections::BTreeMap;
use std::io::{self, ErrorKind};
use std::path::Path;

use crate::disk::{Root, Sort};
use crate::error::Error;
use crate::walk::shown;

/// A place where a daemon looks, from the root of its node.
enum Place {
    /// A file.
    File(&'static str),
    /// Files with this ending anywhere below a folder.
    Below(&'static str, &'static str),
    /// A systemd unit and its drop-ins, in any of [`UNIT_FOLDERS`].
    Unit(&'static str),
}

const PLACES: &[Place] = &[
    Place::File("etc/containerd/config.toml"),
    Place::Below("etc/containerd", ".toml"),
    Place::File("etc/docker/daemon.json"),
    Place::File("var/lib/kubelet/config.yaml"),
    Place::File("var/lib/kubelet/instance-config.yaml"),
    Place::Below("etc/kubernetes/kubelet.conf.d", ".conf"),
    Place::Below("etc/kubernetes/kubelet.conf.d", ".yaml"),
    Place::Below("etc/kubernetes/kubelet.conf.d", ".yml"),
    Place::Below("etc/kubernetes/kubelet.conf.d", ".json"),
    Place::Unit("containerd"),
    Place::Unit("docker"),
    Place::Unit("kubelet"),
    Place::File("var/lib/kubelet/kubeadm-flags.env"),
    Place::File("etc/default/kubelet"),
    Place::File("etc/default/docker"),
    Place::File("etc/sysconfig/kubelet"),
    Place::File("etc/sysconfig/docker"),
    Place::File("etc/systemd/logind.conf"),
    Place::Below("etc/systemd/logind.conf.d", ".conf"),
    Place::File("etc/crictl.yaml"),
    Place::Below("etc/cni/net.d", ".conflist"),
    Place::Below("etc/cni/net.d", ".conf"),
    Place::Below("etc/cni/net.d", ".json"),
    Place::File("etc/eks/image-credential-provider/config.json"),
    Place::File("var/snap/docker/current/config/daemon.json"),
    Place::File("root/.config/docker/daemon.json"),
    // k3s and RKE2
    Place::File("etc/rancher/k3s/config.yaml"),
    Place::Below("etc/rancher/k3s/config.yaml.d", ".yaml"),
    Place::File("etc/rancher/k3s/registries.yaml"),
    Place::Below("var/lib/rancher/k3s/agent/etc/containerd", ".toml"),
    Place::Below("var/lib/rancher/k3s/agent/etc/containerd", ".tmpl"),
    Place::Below("var/lib/rancher/k3s/agent/etc/kubelet.conf.d", ".conf"),
    Place::File("etc/rancher/rke2/config.yaml"),
    Place::Below("etc/rancher/rke2/config.yaml.d", ".yaml"),
    Place::File("etc/rancher/rke2/registries.yaml"),
    Place::Below("var/lib/rancher/rke2/agent/etc/containerd", ".toml"),
    Place::Below("var/lib/rancher/rke2/agent/etc/containerd", ".tmpl"),
    Place::Below("var/lib/rancher/rke2/agent/etc/kubelet.conf.d", ".conf"),
    // k0s
    Place::File("etc/k0s/k0s.yaml"),
    Place::File("etc/k0s/containerd.toml"),
    Place::Below("etc/k0s/containerd.d", ".toml"),
    // microk8s and Canonical Kubernetes
    Place::File("var/snap/microk8s/current/args/kubelet"),
    Place::File("var/snap/microk8s/current/args/containerd"),
    Place::File("var/snap/microk8s/current/args/containerd-template.toml"),
    Place::Below("var/snap/microk8s/current/args/certs.d", "hosts.toml"),
    Place::File("var/snap/k8s/common/args/kubelet"),
    Place::File("var/snap/k8s/common/args/containerd"),
    Place::Below("etc/containerd/hosts.d", "hosts.toml"),
    // Talos
    Place::Below("etc/cri/conf.d", ".part"),
    // EKS
    Place::File("etc/kubernetes/kubelet/config.json"),
    Place::Below("etc/kubernetes/kubelet/config.json.d", ".conf"),
];

/// Where systemd looks for units; a file in an earlier folder hides one of the same name in a later one.
/// Source: systemd.unit(5), "Unit File Load Path".
const UNIT_FOLDERS: [&str; 5] = [
    "etc/systemd/system",
    "run/systemd/system",
    "usr/local/lib/systemd/system",
    "usr/lib/systemd/system",
    "lib/systemd/system",
];

/// How deep folders are read; links may go round in circles.
const MAX_DEPTH: usize = 8;

/// How many names are looked at below one folder. A link to `/` in a folder of the image must not read all of it.
const MAX_NAMES: usize = 10_000;

/// The files in the standard places.
#[derive(Debug, Default)]
pub(crate) struct Places {
    /// Files, each with its path from the root of the node.
    pub(crate) files: Vec<String>,
    /// Places that could not be looked at, with the reason.
    pub(crate) errors: Vec<Error>,
}

/// Looks at the standard places below `root`.
pub(crate) fn places(root: &Root) -> Places {
    let mut search = Search { root, places: Places::default() };
    for place in PLACES {
        match place {
            Place::File(path) => search.file(path),
            Place::Below(folder, ending) => search.all_below(folder, ending),
            Place::Unit(name) => search.unit(name),
        }
    }
    search.places
}

/// The standard places, one a line.
pub(crate) fn described() -> String {
    let lines = PLACES.iter().map(|place| match place {
        Place::File(path) => format!("  /{path}"),
        Place::Below(folder, ending) => format!("  /{folder}/**/*{ending}"),
        Place::Unit(name) => format!("  {name}.service and {name}.service.d/*.conf in systemd's folders"),
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// A search for files below a root.
struct Search<'r> {
    root: &'r Root,
    places: Places,
}

impl Search<'_> {
    fn file(&mut self, path: &str) {
        let path = format!("/{path}");
        if self.places.files.contains(&path) {
            return;
        }
        match self.sort(&path) {
            Some(Sort::File) => self.places.files.push(path),
            Some(Sort::Other) => self.failed(&path, io::Error::other("not a regular file")),
            Some(Sort::Folder) | None => {}
        }
    }

    fn all_below(&mut self, folder: &str, ending: &str) {
        let mut left = MAX_NAMES;
        self.search_below(folder, ending, MAX_DEPTH, &mut left);
        if left == 0 {
            let reason = format!("more than {MAX_NAMES} names below it, and the rest is not looked at");
            self.failed(folder, io::Error::other(reason));
        }
    }

    fn search_below(&mut self, folder: &str, ending: &str, depth: usize, left: &mut usize) {
        for name in self.names(folder) {
            if *left == 0 {
                return;
            }
            *left -= 1;
            let path = format!("{folder}/{name}");
            if self.sort(&path) == Some(Sort::Folder) {
                if depth > 0 {
                    self.search_below(&path, ending, depth - 1, left);
                }
            } else if name.ends_with(ending) && !is_other_toml_of_registry(&path) {
                self.file(&path);
            }
        }
    }

    /// The unit that counts, and of each drop-in's name the one that counts, in systemd's order.
    fn unit(&mut self, name: &str) {
        let unit = UNIT_FOLDERS.iter().map(|folder| format!("{folder}/{name}.service"));
        if let Some(path) = unit.into_iter().find(|path| self.sort(path) == Some(Sort::File)) {
            self.file(&path);
        }
        let mut drop_ins = BTreeMap::new();
        for folder in UNIT_FOLDERS {
            let folder = format!("{folder}/{name}.service.d");
            let names = self.names(&folder);
            for name in names.into_iter().filter(|name| name.ends_with(".conf")) {
                let path = format!("{folder}/{name}");
                drop_ins.entry(name).or_insert(path);
            }
        }
        for path in drop_ins.values() {
            self.file(path);
        }
    }

    /// The sort of thing at a path; nothing if nothing is there, or if it cannot be looked at, which is an error.
    fn sort(&mut self, path: &str) -> Option<Sort> {
        match self.root.locate(Path::new(path)).and_then(|spot| spot.sort()) {
            Ok(sort) => Some(sort),
            Err(error) => {
                self.failed(path, error);
                None
            }
        }
    }

    /// The names in a folder, in order; none if there is no such folder.
    fn names(&mut self, folder: &str) -> Vec<String> {
        match self.root.names(Path::new(folder)) {
            Ok(names) => names.iter().map(|name| name.to_string_lossy().into_owned()).collect(),
            Err(error) => {
                self.failed(folder, error);
                vec![]
            }
        }
    }

    fn failed(&mut self, path: &str, source: io::Error) {
        if !matches!(source.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) {
            let path = shown(&self.root.outside(path));
            let error = Error::Read { path, source };
            // A file below a folder that is looked at as a whole is found twice.
            let text = error.to_string();
            if self.places.errors.iter().all(|known| known.to_string() != text) {
                self.places.errors.push(error);
            }
        }
    }
}

/// Beside `hosts.toml`, nothing in a registry's folder is read by containerd.
fn is_other_toml_of_registry(path: &str) -> bool {
    path.starts_with("etc/containerd/certs.d/") && !path.ends_with("/hosts.toml")
}

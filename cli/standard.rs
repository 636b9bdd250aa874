//! The standard places of a node, as its daemons look at them.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::walk::shown;

/// A place where a daemon looks, from the root of its host.
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
    Place::Unit("containerd"),
    Place::Unit("docker"),
    Place::Unit("kubelet"),
    Place::File("var/lib/kubelet/kubeadm-flags.env"),
    Place::File("etc/default/kubelet"),
    Place::File("etc/default/docker"),
    Place::File("etc/sysconfig/kubelet"),
    Place::File("etc/sysconfig/docker"),
    Place::File("etc/crictl.yaml"),
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

/// What was found in the standard places.
#[derive(Debug, Default)]
pub(crate) struct Places {
    /// Files, each with its path from the root of the host.
    pub(crate) files: Vec<(PathBuf, String)>,
    /// What could not be looked at.
    pub(crate) errors: Vec<Error>,
}

/// Looks at the standard places below `root`.
pub(crate) fn places(root: &Path) -> Places {
    let mut places = Places::default();
    for place in PLACES {
        match place {
            Place::File(path) => places.file(root, path),
            Place::Below(folder, ending) => places.below(root, folder, ending, MAX_DEPTH),
            Place::Unit(name) => places.unit(root, name),
        }
    }
    places
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

impl Places {
    fn file(&mut self, root: &Path, path: &str) {
        let file = through_link(root, root.join(path));
        let path = format!("/{path}");
        if self.files.iter().any(|(_, known)| *known == path) {
            return;
        }
        match file.metadata() {
            Ok(about) if about.is_file() => self.files.push((file, path)),
            Ok(_) => {}
            Err(error) if is_absent(&error) => {}
            Err(source) => self.errors.push(Error::Read { path: shown(&file), source }),
        }
    }

    fn below(&mut self, root: &Path, folder: &str, ending: &str, depth: usize) {
        for name in self.names(root, folder) {
            let path = format!("{folder}/{name}");
            if root.join(&path).is_dir() {
                if depth > 0 {
                    self.below(root, &path, ending, depth - 1);
                }
            } else if name.ends_with(ending) && !is_other_toml_of_registry(&path) {
                self.file(root, &path);
            }
        }
    }

    /// The unit that counts, and of each drop-in's name the one that counts, in systemd's order.
    fn unit(&mut self, root: &Path, name: &str) {
        let unit = UNIT_FOLDERS.iter().map(|folder| format!("{folder}/{name}.service"));
        if let Some(path) = unit.into_iter().find(|path| root.join(path).exists()) {
            self.file(root, &path);
        }
        let mut drop_ins = BTreeMap::new();
        for folder in UNIT_FOLDERS {
            let folder = format!("{folder}/{name}.service.d");
            let names = self.names(root, &folder);
            for name in names.into_iter().filter(|name| name.ends_with(".conf")) {
                let path = format!("{folder}/{name}");
                drop_ins.entry(name).or_insert(path);
            }
        }
        for path in drop_ins.values() {
            self.file(root, path);
        }
    }

    /// The names in a folder, in order; none if there is no such folder.
    fn names(&mut self, root: &Path, folder: &str) -> Vec<String> {
        let folder = root.join(folder);
        let listed = fs::read_dir(&folder).and_then(|entries| {
            entries.map(|entry| entry.map(|entry| entry.file_name().to_string_lossy().into_owned())).collect()
        });
        let mut names: Vec<String> = match listed {
            Ok(names) => names,
            Err(error) if is_absent(&error) => vec![],
            Err(source) => {
                self.errors.push(Error::Read { path: shown(&folder), source });
                vec![]
            }
        };
        names.sort_unstable();
        names
    }
}

/// In an image, an absolute link means a file of the image, not of this node.
fn through_link(root: &Path, file: PathBuf) -> PathBuf {
    let target = file.read_link().ok();
    let inner = target.as_deref().and_then(|target| target.strip_prefix("/").ok());
    inner.map(|inner| root.join(inner)).unwrap_or(file)
}

fn is_absent(error: &std::io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}

/// Beside `hosts.toml`, nothing in a registry's folder is read by containerd.
fn is_other_toml_of_registry(path: &str) -> bool {
    path.starts_with("etc/containerd/certs.d/") && !path.ends_with("/hosts.toml")
}

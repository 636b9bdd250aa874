//! The files and patterns that the files of a node name: what a daemon, or systemd, reads besides them.

use crate::containerd::{self, cri::Cri, imports};
use crate::kind::{File, Kind, NodeFiles};
use crate::syntax::{Format, Node, Value};
use crate::systemd::flags::{self, Flag, Program};
use crate::text::Span;
use crate::{docker, kubelet, registry_hosts};

/// What a file is named for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NamedRole {
    /// `imports` of containerd.
    Import,
    /// A file in a usual folder of drop-ins beside a main file, which imports it or not.
    BesideMain,
    /// `hosts.toml` below a `config_path` of containerd.
    RegistryHosts,
    /// `--config` of containerd.
    ContainerdConfig,
    /// `--config-file` of dockerd.
    DockerConfig,
    /// The file that dockerd reads without `--config-file`.
    DockerDefault,
    /// `--config` of the kubelet.
    KubeletConfig,
    /// The folder of `--config-dir` of the kubelet.
    KubeletFolder,
    /// A file in that folder.
    KubeletDropIn,
    /// The other files of a unit: the unit of a drop-in, drop-ins, a unit of the same name in another folder.
    UnitPart,
    /// `EnvironmentFile=` of a unit; `-` before the path: it may be absent.
    Environment {
        /// Whether the unit starts without the file.
        is_optional: bool,
    },
}

/// A file or pattern that a file of a node names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedFile {
    /// The number of the file that names it.
    pub by: usize,
    /// Where.
    pub span: Span,
    /// What it is named for.
    pub role: NamedRole,
    /// Its path, as the paths of the node are written.
    pub path: String,
}

impl NamedRole {
    /// The kind of the file; nothing for a folder.
    #[must_use]
    pub fn kind(self) -> Option<&'static Kind> {
        Some(match self {
            Self::Import | Self::BesideMain | Self::ContainerdConfig => &containerd::KIND,
            Self::RegistryHosts => &registry_hosts::KIND,
            Self::DockerConfig | Self::DockerDefault => &docker::KIND,
            Self::KubeletConfig | Self::KubeletDropIn => &kubelet::KIND,
            Self::Environment { .. } | Self::UnitPart => &flags::KIND,
            Self::KubeletFolder => return None,
        })
    }
}

impl NamedRole {
    /// Whether no setting names the file: it is where a daemon, or systemd, looks anyway.
    #[must_use]
    pub const fn is_implied(self) -> bool {
        matches!(self, Self::BesideMain | Self::DockerDefault | Self::UnitPart)
    }

    /// The setting that names such files.
    pub(crate) const fn key(self) -> &'static str {
        match self {
            Self::Import | Self::BesideMain => "imports",
            Self::RegistryHosts => "config_path",
            Self::ContainerdConfig | Self::KubeletConfig => "--config",
            Self::DockerConfig | Self::DockerDefault => "--config-file",
            Self::KubeletFolder | Self::KubeletDropIn => "--config-dir",
            Self::Environment { .. } | Self::UnitPart => "EnvironmentFile",
        }
    }
}

impl NamedFile {
    /// Whether the path is a pattern: containerd expands what holds a `*`, systemd any pattern of a shell.
    #[must_use]
    pub fn is_pattern(&self) -> bool {
        match self.role {
            NamedRole::Import | NamedRole::UnitPart => self.path.contains('*'),
            NamedRole::RegistryHosts | NamedRole::KubeletDropIn | NamedRole::BesideMain => true,
            NamedRole::Environment { .. } => self.path.contains(['*', '?', '[']),
            NamedRole::ContainerdConfig
            | NamedRole::DockerConfig
            | NamedRole::DockerDefault
            | NamedRole::KubeletConfig
            | NamedRole::KubeletFolder => false,
        }
    }
}

/// What the files of a node name, in their order.
pub(crate) fn named_files(node: &NodeFiles<'_, '_>) -> Vec<NamedFile> {
    node.files.iter().flat_map(|file| named_by(file)).collect()
}

/// What one file names.
pub(crate) fn named_by(file: &File<'_>) -> Vec<NamedFile> {
    let mut all = vec![];
    if *file.kind == containerd::KIND {
        of_containerd(file, &mut all);
    } else if *file.kind == flags::KIND {
        all = by_flags(file);
        of_unit(file, &mut all);
    }
    all
}

fn of_containerd(file: &File<'_>, all: &mut Vec<NamedFile>) {
    for (path, span) in imports::patterns(file) {
        // A folder, which is never read.
        let last = span.of(file.doc.text).trim_matches(['"', '\'']).rsplit('/').next().unwrap_or_default();
        if !matches!(last, "" | "." | "..") && !path.contains('\0') {
            all.push(NamedFile { by: file.index, span, role: NamedRole::Import, path });
        }
    }
    let folder = file.path.strip_suffix("/config.toml").filter(|folder| folder.ends_with("containerd"));
    for name in folder.into_iter().flat_map(|_| ["conf.d", "config.d"]) {
        let (path, span) = (file.on_node(&format!("{name}/*.toml")), Span::empty(0));
        all.push(NamedFile { by: file.index, span, role: NamedRole::BesideMain, path });
    }
    let Some(entry) = Cri::of(file.body()).images(&["registry", "config_path"]) else { return };
    let roots = entry.value.as_str().unwrap_or_default().split(':').filter(|root| root.starts_with('/'));
    for root in roots {
        let path = format!("{}/*/{}", file.on_node(root).trim_end_matches('/'), registry_hosts::FILE_NAME);
        all.push(NamedFile { by: file.index, span: entry.value.span, role: NamedRole::RegistryHosts, path });
    }
}

/// The configurations that flags in a file name.
pub(crate) fn by_flags(file: &File<'_>) -> Vec<NamedFile> {
    let mut all = vec![];
    let flags = flags::flags(file);
    if flags.iter().any(|flag| flag.program == Program::Dockerd) {
        let (path, span) = (file.on_node("/etc/docker/daemon.json"), Span::empty(0));
        all.push(NamedFile { by: file.index, span, role: NamedRole::DockerDefault, path });
    }
    for flag in flags {
        let role = match (flag.program, flag.name) {
            (Program::Containerd, "config" | "c") => NamedRole::ContainerdConfig,
            (Program::Dockerd, "config-file") => NamedRole::DockerConfig,
            (Program::Kubelet, "config") => NamedRole::KubeletConfig,
            (Program::Kubelet, "config-dir") => NamedRole::KubeletFolder,
            _ => continue,
        };
        let Some(path) = path_of(&flag) else { continue };
        let named = |role, path| NamedFile { by: file.index, span: flag.value_span, role, path };
        // The working folder of a service is `/`.
        let path = file.on_node(&format!("/{path}"));
        if role == NamedRole::KubeletFolder {
            // The kubelet reads `.conf` alone; the others are there by mistake.
            let endings = ["conf", "yaml", "yml", "json"];
            let drop_ins = endings.iter().map(|ending| named(NamedRole::KubeletDropIn, format!("{path}/*.{ending}")));
            all.extend(drop_ins);
        }
        all.push(named(role, path));
    }
    all
}

/// The value of a flag as far as it is a path as written: variables and specifiers are not expanded.
fn path_of<'t>(flag: &Flag<'t>) -> Option<&'t str> {
    flag.value.filter(|path| !path.is_empty() && !path.contains(['$', '%', '{']))
}

/// Where the units of daemons are.
const UNIT_FOLDERS: [&str; 5] = [
    "/etc/systemd/system",
    "/run/systemd/system",
    "/usr/local/lib/systemd/system",
    "/usr/lib/systemd/system",
    "/lib/systemd/system",
];

/// The unit that a file in the system's folders of units is, or is a drop-in of.
fn unit_name<'p>(file: &File<'p>) -> Option<&'p str> {
    let (folder, name) = file.path.rsplit_once('/')?;
    let (folder, name) = match folder.strip_suffix(".d") {
        Some(unit) => unit.rsplit_once('/')?,
        None => (folder, name),
    };
    let is_unit = file.doc.format == Format::Unit && name.ends_with(".service") && folder.ends_with("systemd/system");
    is_unit.then_some(name)
}

fn of_unit(file: &File<'_>, all: &mut Vec<NamedFile>) {
    if let Some(unit) = unit_name(file) {
        for folder in UNIT_FOLDERS {
            for path in [format!("{folder}/{unit}"), format!("{folder}/{unit}.d/*.conf")] {
                let (path, span) = (file.on_node(&path), Span::empty(0));
                all.push(NamedFile { by: file.index, span, role: NamedRole::UnitPart, path });
            }
        }
    }
    for directive in file.body().get("Service").map(Node::entries).unwrap_or_default() {
        let Value::Scalar(value) = &directive.value.value else { continue };
        let path = value.text.strip_prefix('-');
        let role = NamedRole::Environment { is_optional: path.is_some() };
        let path = path.unwrap_or(&value.text);
        if directive.key == "EnvironmentFile" && path.starts_with('/') && !path.contains(['$', '%', '{']) {
            all.push(NamedFile { by: file.index, span: directive.value.span, role, path: file.on_node(path) });
        }
    }
}

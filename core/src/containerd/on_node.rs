//! The values of containerd's settings on a node in the end, release by release: a flag wins over the files, and what
//! none of them sets has the default of the release.
//!
//! Source: `applyFlags` of containerd/containerd@v2.3.4:cmd/containerd/command/main.go.

use std::borrow::Cow;

use super::eras::{MIGRATES_EACH_FILE, REPLACES_TABLES};
use super::imports::only_own_globs;
use super::kind::{CRI, CRI_IMAGES, CRI_RUNTIME, KIND, is_main, table_of};
use super::loader::{Configuration, ContainerdRelease, Effective, Leaf, LoadedNode};
use crate::keys::{built_in, defaults};
use crate::kind::{NodeFiles, NodeValue, NodeValues, SettingPlace, ValueSource};
use crate::releases::{Product, ReleaseSet};
use crate::syntax::path::{join, split};
use crate::systemd::flags::{PlacedFlag, Program};
use crate::systemd::on_node::{last_flag, unit_of};

/// A setting, by its paths in all config versions (see [`super::settings`]) and its flags.
pub(crate) struct DaemonSetting {
    /// The first that a release has counts.
    paths: &'static [&'static str],
    flags: &'static [&'static str],
    /// Whether the daemon takes an empty text for the default.
    is_default_if_empty: bool,
}

const OF_CRI: DaemonSetting = DaemonSetting { paths: &[], flags: &[], is_default_if_empty: false };

/// The gRPC socket.
pub(crate) const SOCKET: DaemonSetting = DaemonSetting {
    paths: &["io.containerd.server.v1.grpc:address", "grpc.address"],
    flags: &["address", "a"],
    is_default_if_empty: true,
};
/// The folder of images and containers.
pub(crate) const ROOT: DaemonSetting = DaemonSetting { paths: &["root"], flags: &["root"], is_default_if_empty: true };
/// The folder of what is lost at a boot.
pub(crate) const STATE: DaemonSetting =
    DaemonSetting { paths: &["state"], flags: &["state"], is_default_if_empty: true };
/// The level of the log.
pub(crate) const LOG_LEVEL: DaemonSetting =
    DaemonSetting { paths: &["debug.level"], flags: &["log-level", "l"], is_default_if_empty: true };
/// The settings that have flags.
pub(crate) const WITH_FLAGS: [&DaemonSetting; 4] = [&SOCKET, &ROOT, &STATE, &LOG_LEVEL];
/// The pause image.
pub(crate) const SANDBOX_IMAGE: DaemonSetting =
    DaemonSetting { paths: &["images:pinned_images.sandbox", "images:sandbox_image"], ..OF_CRI };
/// The folders of CNI plugins.
pub(crate) const CNI_BIN: DaemonSetting =
    DaemonSetting { paths: &["runtime:cni.bin_dirs", "runtime:cni.bin_dir"], is_default_if_empty: true, ..OF_CRI };
/// The folder of CNI networks.
pub(crate) const CNI_CONF: DaemonSetting =
    DaemonSetting { paths: &["runtime:cni.conf_dir"], is_default_if_empty: true, ..OF_CRI };
/// The folders of `hosts.toml` files.
pub(crate) const CONFIG_PATH: DaemonSetting = DaemonSetting { paths: &["images:registry.config_path"], ..OF_CRI };

/// Whether a file of the node belongs to containerd, a drop-in without its main file too.
pub(crate) fn has_file(node: &NodeFiles<'_, '_>) -> bool {
    node.files.iter().any(|file| *file.kind == KIND)
}

/// The values of a setting; none in releases in which they are not known, or CRI is disabled.
pub(crate) fn values(node: &LoadedNode<'_, '_, '_>, setting: &DaemonSetting) -> Vec<NodeValue> {
    let mut values = NodeValues::default();
    let flag = || last_flag(node, Program::Containerd, setting.flags);
    if let Some(flag) = (!setting.flags.is_empty()).then(flag).flatten() {
        if let Some(text) = flag.known_value().filter(|text| !text.is_empty()) {
            values.add(text, flag.file.releases.get(Product::Containerd), ValueSource::Flag(flag.place()));
        }
        return values.into_vec();
    }
    match node.main() {
        Some(configuration) => {
            let has_defaults = has_defaults(node, configuration);
            for effective in &configuration.releases {
                in_release(effective, setting, has_defaults, &mut values);
            }
        }
        None => add_defaults(setting, releases_without_file(node), &mut values),
    }
    values.into_vec()
}

/// A value of a file that a flag overrides, with the releases in which it is not the default.
pub(crate) struct OverriddenValue<'f, 'a> {
    pub(crate) flag: PlacedFlag<'f, 'a>,
    pub(crate) place: SettingPlace,
    pub(crate) releases: ReleaseSet,
}

/// The values of files that flags override by others. What dumps spell out as it is by default is left out.
pub(crate) fn overridden<'f, 'a>(node: &LoadedNode<'_, 'f, 'a>) -> Vec<OverriddenValue<'f, 'a>> {
    let mut all: Vec<OverriddenValue<'_, '_>> = vec![];
    let Some(configuration) = node.main() else { return all };
    for setting in WITH_FLAGS {
        let flag = || last_flag(node, Program::Containerd, setting.flags);
        if flag().is_none_or(|flag| flag.known_value().is_none_or(str::is_empty)) {
            continue;
        }
        let first = all.len();
        for effective in &configuration.releases {
            let release = effective.release;
            let Some(leaf) = setting.paths.iter().find_map(|path| effective.setting(path)) else { continue };
            let Some(flag) = flag() else { continue };
            let (text, place) = (text(leaf), SettingPlace::of(leaf));
            let default = setting.paths.iter().find_map(|path| default_of(path, release));
            if text.is_empty() || flag.known_value() == Some(&text) || default == Some(&text) {
                continue;
            }
            match all.iter_mut().skip(first).find(|known| known.place == place) {
                Some(known) => known.releases = known.releases.or(release.set()),
                None => all.push(OverriddenValue { flag, place, releases: release.set() }),
            }
        }
    }
    all
}

/// Whether what is missing in a configuration has its default: no file that it loads is unknown.
pub(crate) fn has_defaults(node: &LoadedNode<'_, '_, '_>, configuration: &Configuration<'_, '_>) -> bool {
    let is_read = || configuration.files.iter().all(|file| file.template.is_none() && only_own_globs(node, file));
    is_main(node, configuration.main) && is_read()
}

/// The releases of a containerd that has no file at all: the node has its unit, which names no configuration.
pub(crate) fn releases_without_file(node: &NodeFiles<'_, '_>) -> ReleaseSet {
    let unit = unit_of(node, Program::Containerd);
    let is_elsewhere = last_flag(node, Program::Containerd, &["config", "c"]).is_some();
    match unit {
        Some(unit) if !has_file(node) && !is_elsewhere => unit.releases.get(Product::Containerd),
        _ => ReleaseSet::NONE,
    }
}

fn in_release(effective: &Effective<'_, '_>, setting: &DaemonSetting, has_defaults: bool, values: &mut NodeValues) {
    let set = effective.release.set();
    if setting.is_of_cri() && !effective.runs(CRI) {
        return;
    }
    let written = setting.paths.iter().find_map(|path| effective.setting(path));
    match written.map(|leaf| (leaf, text(leaf))) {
        Some((leaf, text)) if !text.is_empty() || !setting.is_default_if_empty => {
            values.add(&text, set, ValueSource::File(SettingPlace::of(leaf)));
        }
        None if !has_defaults => {}
        Some(_) | None => add_defaults(setting, set, values),
    }
}

impl DaemonSetting {
    fn is_of_cri(&self) -> bool {
        self.paths.iter().any(|path| path.starts_with("runtime:") || path.starts_with("images:"))
    }
}

/// The path of the setting that a flag sets, as a release has it.
pub(crate) fn path_of_flag(name: &str, release: ReleaseSet) -> Option<Vec<&'static str>> {
    let release = ContainerdRelease::of(release, ReleaseSet::NONE).next()?;
    let is_plugin = native_version(release) > 3;
    Some(match name {
        "root" => vec!["root"],
        "state" => vec!["state"],
        "log-level" => vec!["debug", "level"],
        "address" if is_plugin => vec!["plugins", "io.containerd.server.v1.grpc", "address"],
        "address" => vec!["grpc", "address"],
        _ => return None,
    })
}

fn text<'s>(leaf: &'s Leaf<'_, '_>) -> Cow<'s, str> {
    leaf.value.as_str().map_or_else(|| Cow::Owned(leaf.value.texts().join(",")), Cow::Borrowed)
}

/// Adds the defaults of releases.
fn add_defaults(setting: &DaemonSetting, releases: ReleaseSet, values: &mut NodeValues) {
    for release in ContainerdRelease::of(releases, ReleaseSet::ALL) {
        let set = release.set();
        let default = setting.paths.iter().find_map(|path| default_of(path, release)).unwrap_or_default();
        values.add(default, set, ValueSource::Default);
    }
}

/// The config version that a release has its own settings in.
pub(crate) fn native_version(release: ContainerdRelease) -> i64 {
    if release.is_in(REPLACES_TABLES) {
        2
    } else if release.is_in(MIGRATES_EACH_FILE) {
        4
    } else {
        3
    }
}

/// The default of the setting at a path in a release; of a list its only item.
fn default_of(path: &str, release: ContainerdRelease) -> Option<&'static str> {
    let version = native_version(release);
    let (plugin, below) = path.split_once(':').unwrap_or(("", path));
    let plugin = match plugin {
        "runtime" if version > 2 => CRI_RUNTIME,
        "images" if version > 2 => CRI_IMAGES,
        "runtime" | "images" => CRI,
        plugin => plugin,
    };
    let mut parts = if plugin.is_empty() { vec![] } else { vec!["plugins", plugin] };
    parts.extend(split(below));
    let known = table_of(version)?.find(&parts).and_then(|place| place.key());
    let own = known.and_then(|key| defaults::in_release(key, Product::Containerd, release.set()));
    let value = own.or_else(|| {
        let path = join(&parts);
        built_in::of(version, release.set()).find(|(built_in, _)| *built_in == path).map(|(_, value)| value)
    })?;
    Some(value.trim_matches(['[', ']']).trim_matches('"'))
}

//! containerd's `config.toml` and its drop-ins, config versions 1 to 4.

use super::eras::{
    HAS_CONFIG_VERSIONS, HAS_NO_CONFIG_VERSIONS, MIGRATES_EACH_FILE, READS_ANY_VERSION_AS_2, READS_VERSION_3,
    READS_VERSION_4,
};
use super::shims;
use crate::keys::{Lookup, Place, Table, tables};
use crate::kind::places::{file_name, has_folder};
use crate::kind::{File, Kind, NodeFiles, Reread};
use crate::releases::{Product, ReleaseSet, Releases};
use crate::syntax::{Document, Entry, Format, Node, Scalar, ScalarKind, Style, Value, toml};
use crate::text::Span;

/// The kind.
pub static KIND: Kind = Kind {
    id: "containerd",
    title: "containerd config.toml",
    product: Product::Containerd,
    formats: &[Format::Toml],
    places: &["/etc/containerd/config.toml", "/etc/containerd/conf.d/*.toml"],
    unwrap: add_version_of_part,
    table,
    lookup: Lookup { any_case, free: is_free },
    version,
    rereads: &[
        Reread { releases: READS_ANY_VERSION_AS_2, change: read_as_version_2, is_reported: true },
        Reread { releases: HAS_NO_CONFIG_VERSIONS, change: read_as_version_1, is_reported: false },
    ],
    complete_template: Some(add_version_of_base),
    ..Kind::DEFAULTS
};

/// The plugin of config versions 1 (by its short id) and 2; in 3 and 4 it keeps the streaming keys alone.
pub const CRI: &str = "io.containerd.grpc.v1.cri";
/// The runtime half of the CRI plugin in config versions 3 and 4.
pub const CRI_RUNTIME: &str = "io.containerd.cri.v1.runtime";
/// The image half of the CRI plugin in config versions 3 and 4.
pub const CRI_IMAGES: &str = "io.containerd.cri.v1.images";

/// Whether the path alone shows that the file is containerd's: its own folder on a node, or `containerd/config.toml`
/// and `containerd/conf.d/` in a repository.
pub(crate) fn is_own_path(path: &str) -> bool {
    let mut parts = path.rsplit('/');
    let (name, folder, above) = (parts.next().unwrap_or_default(), parts.next(), parts.next());
    let in_own_folder = match (folder, above) {
        (Some("containerd"), Some("etc")) => true,
        (Some("containerd"), _) => name == "config.toml",
        (Some(folder), Some("containerd")) => folder.ends_with(".d") && folder != "certs.d",
        _ => false,
    };
    let is_part = name.ends_with(".part") && folder == Some("conf.d") && above == Some("cri");
    (in_own_folder && name != "hosts.toml")
        || is_part
        || name == "containerd.toml"
        || (name.starts_with("containerd-config") && name.ends_with(".toml"))
}

/// Whether the path is the place of another program's file, whatever it holds. Sources: google/gvisor@3c5eee1,
/// NVIDIA/nvidia-container-toolkit@v1.20.0, kata-containers/kata-containers@7c6ba40, containerd/nerdctl@8da5040,
/// containerd/stargz-snapshotter@7cf47cb, awslabs/soci-snapshotter@77fb426, containerd/nydus-snapshotter@a7a1f07,
/// moby/buildkit: documentation of each.
pub(crate) fn is_place_of_other_program(path: &str) -> bool {
    const FOLDERS: [&str; 9] = [
        "nvidia-container-runtime",
        "kata-containers",
        "containerd-stargz-grpc",
        "soci-snapshotter-grpc",
        "nydus",
        "nydus-snapshotter",
        "buildkit",
        "nerdctl",
        "runsc",
    ];
    file_name(path) == "runsc.toml" || FOLDERS.iter().any(|folder| has_folder(path, folder))
}

/// Whether a file beside `config.toml` is that of another program, such as a shim: it has no key of containerd.
pub(crate) fn is_of_other_program(path: &str, root: &Node) -> bool {
    let keys = root.entries();
    let is_known = |key: &str| (1..=4).any(|version| table_of(version).is_some_and(|t| t.find(&[key]).is_some()));
    let is_any_name = file_name(path) != "config.toml" && !is_drop_in(path);
    is_any_name && !keys.is_empty() && !keys.iter().any(|entry| is_known(&entry.key))
}

/// Whether the content is containerd's: a plugin table by a containerd name, or keys that no other program's file has.
pub(crate) fn looks_like(root: &Node) -> bool {
    const OWN: [&str; 10] = [
        "disabled_plugins",
        "required_plugins",
        "proxy_plugins",
        "stream_processors",
        "oom_score",
        "plugin_dir",
        "ttrpc",
        "timeouts",
        "grpc",
        "cgroup",
    ];
    let plugins = ["plugins", "plugin"].iter().filter_map(|key| root.get(key));
    let mut names = plugins.flat_map(Node::entries).map(|e| e.key.as_ref());
    let short = |name: &str| tables::CONTAINERD_V1.find(&["plugins", name]).is_some();
    names.any(|name| name == "io" || name.starts_with("io.containerd.") || short(name))
        || root.entries().iter().filter(|e| OWN.contains(&e.key.as_ref())).count() >= 1
            && root.entries().iter().all(|e| tables::CONTAINERD_V3.find(&[&e.key]).is_some())
}

/// The config version written, as far as it is a whole number.
#[must_use]
pub fn written_version(root: &Node) -> Option<i64> {
    root.get("version").and_then(Node::as_int)
}

/// The config version written in a text of TOML.
pub(crate) fn written_version_of(text: &str) -> Option<i64> {
    text.contains("version").then(|| written_version(&toml::read(text).root))?
}

/// The config version whose tables the file has: the one written, else the one that its plugin tables belong to.
#[must_use]
pub fn spoken_version(root: &Node) -> i64 {
    match written_version(root) {
        Some(version @ 1..=4) => version,
        Some(version) if version > 4 => 4,
        _ => {
            let plugins = root.get("plugins").map(Node::entries).unwrap_or_default();
            let has = |prefix: &str| plugins.iter().any(|e| e.key.starts_with(prefix));
            if has("io.containerd.cri.v1.") {
                3
            } else if has("io.containerd.") {
                2
            } else {
                1
            }
        }
    }
}

fn table(root: &Node) -> Option<&'static Table> {
    // The keys of a config version to come are not known.
    written_version(root).is_none_or(|v| v <= 4).then(|| table_of(spoken_version(root)))?
}

/// The key table of a config version.
#[must_use]
pub fn table_of(version: i64) -> Option<&'static Table> {
    Some(match version {
        1 => &tables::CONTAINERD_V1,
        2 => &tables::CONTAINERD_V2,
        3 => &tables::CONTAINERD_V3,
        4 => &tables::CONTAINERD_V4,
        _ => return None,
    })
}

/// The releases that read a config version, natively or by migration. Source:
/// `ValidateVersion` and `migrations` of containerd/containerd@v2.3.4:cmd/containerd/server/config/config.go.
#[must_use]
pub fn releases_of(version: i64) -> Releases {
    match version {
        ..=1 => Releases::ANY,
        2 => HAS_CONFIG_VERSIONS,
        3 => READS_VERSION_3,
        4 => READS_VERSION_4,
        _ => Releases::only(Product::Containerd, ReleaseSet::NONE),
    }
}

/// The config versions that are worth writing, each with who reads it; see [`releases_of`].
pub const VERSIONS: [(i64, &str); 3] =
    [(2, "read by 1.3 and later"), (3, "read by 2.0 and later"), (4, "read by 2.3 and later")];

fn read_as_version_1(doc: &mut Document) -> bool {
    change_version(doc, 1, "1")
}

fn read_as_version_2(doc: &mut Document) -> bool {
    change_version(doc, 2, "2")
}

/// Lowers the version written to the one that counts.
fn change_version(doc: &mut Document, newest: i64, text: &'static str) -> bool {
    let Value::Map(map) = &mut doc.root.value else { return false };
    let entry = map.entries.iter_mut().rev().find(|e| e.key == "version");
    let Some(entry) = entry.filter(|e| e.value.as_int().is_some_and(|v| v > newest)) else { return false };
    if let Value::Scalar(scalar) = &mut entry.value.value {
        scalar.text = text.into();
    }
    true
}

/// Adds the version line of the template that k3s and RKE2 have as base: 3 for `config-v3.toml.tmpl`, 2 for
/// `config.toml.tmpl`. Source: https://docs.k3s.io/advanced#configuring-containerd
fn add_version_of_base(doc: &mut Document, path: &str) {
    let span = doc.problems.iter().find(|problem| problem.code == "template").map(|problem| problem.span);
    let Some(span) = span.filter(|_| doc.root.get("version").is_none()) else { return };
    let Value::Map(map) = &mut doc.root.value else { return };
    let version = if file_name(path).starts_with("config-v3.") { "3" } else { "2" };
    let scalar = Scalar { text: version.into(), kind: ScalarKind::Integer, style: Style::Plain };
    let value = Node { span, value: Value::Scalar(scalar) };
    let at = map.entries.partition_point(|entry| entry.key_span < span);
    map.entries.insert(at, Entry { key: "version".into(), key_span: span, value });
}

/// Adds the version of the file into which Talos merges a part: 3 since Talos 1.8, which has containerd 2.0, 2 before.
/// Source: siderolabs/talos@v1.13.9:internal/app/machined/pkg/controllers/files/cri_config_parts.go.
fn add_version_of_part(doc: &mut Document, path: &str) {
    if !path.ends_with(".part") || doc.root.get("version").is_some() {
        return;
    }
    let version = if spoken_version(&doc.root) == 2 { "2" } else { "3" };
    let Value::Map(map) = &mut doc.root.value else { return };
    let scalar = Scalar { text: version.into(), kind: ScalarKind::Integer, style: Style::Plain };
    let span = Span::default();
    map.entries
        .insert(0, Entry { key: "version".into(), key_span: span, value: Node { span, value: Value::Scalar(scalar) } });
}

fn version(root: &Node) -> (Option<i64>, Releases) {
    let written = written_version(root);
    (written, releases_of(written.unwrap_or(0)))
}

/// The releases that read the plugin tables of a file as its config version means them. A file without a `version`
/// line whose tables have full plugin URIs is version 1 to the daemon: 1.x ignores all of them, 2.0 to 2.2 take
/// them for version 3, and 2.3 migrates them as what they are. Source: case
/// `v1-missing-version-uri` of conformance/containerd.jsonl.
#[must_use]
pub fn reads_plugins(root: &Node) -> Releases {
    match (written_version(root), spoken_version(root)) {
        (Some(1..), _) | (_, 1) => Releases::ANY,
        (_, 2) => MIGRATES_EACH_FILE,
        _ => READS_VERSION_3,
    }
}

/// Whether version 3 gave what the table of a plugin holds another place.
pub(crate) fn has_moved(plugin: &Entry) -> bool {
    match table_of(3).and_then(|table| table.find(&["plugins", &plugin.key])) {
        None => true,
        Some(place) => plugin.value.entries().iter().any(|entry| place.child(&entry.key).is_none()),
    }
}

/// Whether a file is loaded by another one rather than by the daemon itself, by its path.
#[must_use]
pub fn is_drop_in(path: &str) -> bool {
    let mut folders = path.rsplit('/').skip(1);
    let folder = folders.next().unwrap_or_default();
    let is_below_own = folders.next() == Some("containerd") && folders.next() == Some("etc");
    is_below_own || folder.ends_with(".d")
}

/// Runtime options are matched by the shim without regard to letter case.
fn any_case(place: Place) -> bool {
    place.name() == "options"
}

/// Only the options of runc are known; the shims of other runtimes take what they like.
fn is_free(way: &[&Node], within: Place) -> bool {
    if within.name() != "options" {
        return false;
    }
    // The options table comes last, its runtime before it.
    let runtime = way.len().checked_sub(2).and_then(|i| way.get(i));
    let written = runtime.and_then(|r| r.get("runtime_type")).and_then(Node::as_str);
    written.is_some_and(shims::is_foreign)
}

/// The file that containerd is started with.
pub(crate) fn is_main(host: &NodeFiles, file: &File) -> bool {
    let mains = &host.imports.mains;
    let is_main = if mains.is_empty() { !is_drop_in(file.path) } else { mains.contains(&file.index) };
    *file.kind == KIND && is_main && host.imports.of(file.index).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn config_versions_determine_who_reads_them() {
        for (version, note) in VERSIONS {
            let releases = releases_of(version).get(Product::Containerd);
            assert_eq!(note, format!("read by {}", releases.describe(Product::Containerd)));
        }
    }
}

//! Docker's `daemon.json`.

use crate::docker::decoded::decoded;
use crate::keys::{KeySpec, Lookup, Place, Table, Type, flags, tables};
use crate::kind::Kind;
use crate::kind::places::{count_known, file_name};
use crate::releases::{Product, ReleaseSet, Releases};
use crate::syntax::json::go::first_value;
use crate::syntax::{Document, Entry, Format, Node, Value};

/// The kind.
pub static KIND: Kind = Kind {
    id: "docker",
    title: "Docker daemon.json",
    product: Product::Docker,
    formats: &[Format::Json],
    places: &["/etc/docker/daemon.json", "~/.config/docker/daemon.json", "/var/snap/docker/current/config/daemon.json"],
    unwrap: |doc, _| keep_first_value(doc),
    table,
    // Below the top level Go's decoder matches names without regard to case and skips those it does not recognize.
    // The names of feature switches are the keys of a Go map, which are exact.
    lookup: Lookup {
        any_case: |place: Place| !matches!(place.name(), "" | "features"),
        free: |_, within| !within.name().is_empty() && within.name() != "nri-opts",
    },
    decode: decoded,
    ..Kind::DEFAULTS
};

pub(crate) fn is_own_path(path: &str) -> bool {
    let name = file_name(path);
    name == "daemon.json" || name.ends_with("-daemon.json") || name == "deamon.json"
}

/// Whether a path is the place of a rootless Docker's file, in the home folder of a user. Source:
/// moby/moby@docker-v29.7.2:daemon/command/docker.go (`honorXDG`).
pub(crate) fn is_rootless(path: &str) -> bool {
    path.ends_with(".config/docker/daemon.json")
}

/// A JSON object by another name: most of its keys must be Docker's.
pub(crate) fn looks_like(path: &str, root: &Node<'_>) -> bool {
    let known = count_known(root, |key| tables::DOCKER.find(&[key]).is_some());
    let named = ["docker", "daemon"].iter().any(|word| file_name(path).contains(word));
    named && known > 0 && known * 2 >= root.entries().len()
}

/// Drops keys behind the end of the first value, which the reader adds to the object: no release takes them for its
/// keys.
fn keep_first_value(doc: &mut Document<'_>) {
    if doc.problems.is_empty() {
        return;
    }
    let mark = if doc.text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let end = first_value(doc.text.get(mark..).unwrap_or_default()).map(|end| end + mark);
    if let (Ok(end), Value::Map(map)) = (end, &mut doc.root.value) {
        map.entries.retain(|entry| (entry.key_span.start as usize) < end);
    }
}

fn table(_: &Node<'_>) -> Option<&'static Table> {
    Some(&tables::DOCKER)
}

/// The name of the log driver; without one in the file it is `json-file`.
#[must_use]
pub fn log_driver_name<'t>(root: &'t Node<'_>) -> &'t str {
    root.get("log-driver").and_then(Node::as_str).filter(|name| !name.is_empty()).unwrap_or("json-file")
}

/// A key at the top of the file that some release takes; not one that only dockerd's own struct has.
#[must_use]
pub fn directive(name: &str) -> Option<&'static KeySpec> {
    let key = tables::DOCKER.find(&[name])?.key()?;
    (!key.is_unreachable() && key.platform() != Some("windows")).then_some(key)
}

/// Releases that have a key and refuse any value of it. Source: moby/moby@v23.0.18, v28.5.2:daemon/config/config.go
/// (`Validate`), @v23.0.18:cmd/dockerd/daemon.go (`checkDeprecatedOptions`), @v25.0.7:daemon/config/config_linux.go
/// (`ValidatePlatformConfig`).
pub(crate) const REFUSED_KEYS: [(&str, Releases); 6] = [
    ("graph", Releases::docker("23")),
    ("cluster-store", Releases::docker("23")),
    ("cluster-store-opts", Releases::docker("23")),
    ("cluster-advertise", Releases::docker("23")),
    ("oom-score-adjust", Releases::docker("25")),
    ("api-cors-header", Releases::docker("28")),
];

/// Flags of one letter, and the keys of the same settings.
/// Source: moby/moby@docker-v29.7.2:daemon/command/config.go, config_unix.go, options.go, and for `g`
/// moby/moby@v20.10.27:cmd/dockerd/config.go.
pub(crate) const SHORT_FLAGS: [(&str, &str); 8] = [
    ("D", "debug"),
    ("G", "group"),
    ("H", "hosts"),
    ("b", "bridge"),
    ("g", "graph"),
    ("l", "log-level"),
    ("p", "pidfile"),
    ("s", "storage-driver"),
];

/// Whether dockerd's struct has a field of this name, in any letter case, that takes no object: the names inside
/// pass, and the decoder refuses the object.
pub(crate) fn refuses_object(name: &str) -> bool {
    let mut fields = tables::DOCKER.root().children().filter(|place| place.name().eq_ignore_ascii_case(name));
    let is_simple = |ty: Type| !matches!(ty, Type::Map(_) | Type::Table | Type::Any);
    directive(name).is_none() && fields.any(|place| place.key().is_some_and(|key| is_simple(key.ty())))
}

/// Releases whose name check lets a name pass: it is a key, or the name of a flag.
#[must_use]
pub fn releases_with(name: &str) -> ReleaseSet {
    let key = match directive(name) {
        // An object of flags, none of which has this name.
        Some(key) if key.path() != "proxies" => key.releases(),
        _ => ReleaseSet::NONE,
    };
    let flag = flags::docker_ignored(name).map_or(ReleaseSet::NONE, flags::IgnoredFlag::releases);
    key.or(flag)
}

/// Releases that look for this name itself when it holds an object. All others look for the names inside the object
/// instead. Source: moby/moby@docker-v29.7.2:daemon/config/config.go (`flatOptions`, `configValuesSet`).
#[must_use]
pub fn is_flat(name: &str) -> ReleaseSet {
    match directive(name) {
        // dockerd's list still has it, long after the removal of the key.
        _ if name == "cluster-store-opts" => ReleaseSet::ALL,
        Some(key) if key.path() != "proxies" && matches!(key.ty(), Type::Map(_) | Type::Table) => key.releases(),
        _ => ReleaseSet::NONE,
    }
}

/// The names that dockerd checks for an entry at the top of the file, each with the releases that refuse it.
#[must_use]
pub fn refused_names<'t, 'a>(entry: &'t Entry<'a>) -> Vec<(&'t Entry<'a>, ReleaseSet)> {
    let checks = |entry: &'t Entry<'a>, within: ReleaseSet| (entry, within.without(releases_with(&entry.key)));
    let mut all = match &entry.value.value {
        Value::Map(map) => {
            let flat = is_flat(&entry.key);
            let nested = ReleaseSet::ALL.without(flat);
            let children = map.entries.iter().map(|child| checks(child, nested));
            children.chain([checks(entry, flat)]).collect()
        }
        _ => vec![checks(entry, ReleaseSet::ALL)],
    };
    all.retain(|(_, refused)| !refused.is_empty());
    all
}

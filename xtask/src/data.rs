//! The rows of `core/data/*.toml`. Unknown fields are errors, so that a typo in the data is found at once.

use std::path::Path;

use serde::Deserialize;

/// Reads one data file.
pub fn read<T: serde::de::DeserializeOwned>(root: &Path, name: &str) -> Result<T, String> {
    let path = root.join("core/data").join(name);
    let text = std::fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
    toml::from_str(&text).map_err(|e| format!("{}: {e}", path.display()))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReleaseFile {
    pub as_of: String,
    pub product: Vec<Product>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Product {
    pub id: String,
    #[serde(rename = "title")]
    pub _title: String,
    pub releases: Vec<Release>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Release {
    pub id: String,
    /// The day on which support ends.
    #[serde(default)]
    pub end: Option<String>,
    /// The first patch release, if that is not `.0`.
    #[serde(default)]
    pub first: Option<String>,
    /// The newest patch release that was looked at.
    #[serde(default)]
    pub last: Option<String>,
    /// All patch releases, where they cannot be counted from the first to the last.
    #[serde(default)]
    pub patches: Vec<String>,
    /// Patch releases that treat some configuration in another way than the patch before.
    #[serde(default)]
    pub splits: Vec<String>,
    #[serde(default)]
    pub default: bool,
    #[serde(default)]
    pub preview: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyFile {
    pub key: Vec<Key>,
    /// Docker: flag names that the file accepts and ignores.
    #[serde(default)]
    pub ignored: Vec<Ignored>,
}

/// A key in one place, for one or several config versions.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Key {
    pub path: String,
    /// containerd's config versions that have it in this place.
    #[serde(default)]
    pub config: Vec<u8>,
    #[serde(rename = "type")]
    pub ty: String,
    #[serde(default)]
    pub format: String,
    #[serde(default)]
    pub values: Vec<String>,
    #[serde(default)]
    pub enforced: bool,
    pub default: Option<toml::Value>,
    /// Pairs of first release and value; no value means none.
    #[serde(default)]
    pub defaults: Vec<Vec<toml::Value>>,
    #[serde(rename = "default_windows")]
    pub _default_windows: Option<toml::Value>,
    pub since: Option<String>,
    pub until: Option<String>,
    #[serde(default)]
    pub first_patch: Vec<String>,
    #[serde(default)]
    pub lost_in: Vec<String>,
    #[serde(default)]
    pub no_effect: bool,
    pub deprecated: Option<String>,
    #[serde(default)]
    pub removal: String,
    pub removed_in: Option<String>,
    #[serde(rename = "unknown_since")]
    pub _unknown_since: Option<String>,
    #[serde(default)]
    pub replaced_by: String,
    #[serde(default)]
    pub only_for: String,
    #[serde(default)]
    pub ignore_case: bool,
    #[serde(default)]
    pub unreachable: bool,
    #[serde(default)]
    pub zero_is_default: bool,
    /// The value is a secret, or holds some.
    #[serde(default)]
    pub secret: bool,
    #[serde(default)]
    pub relative_to_file: bool,
    #[serde(default)]
    pub flag: String,
    #[serde(default)]
    pub env: String,
    #[serde(rename = "cri_tools_since", default)]
    pub _cri_tools_since: String,
    #[serde(default)]
    pub platform: String,
    #[serde(default)]
    pub reload: bool,
    #[serde(default)]
    pub gate: String,
    #[serde(default)]
    pub constraint: String,
    /// Names that make sense in a map.
    #[serde(default)]
    pub entries: Vec<String>,
    #[serde(default)]
    pub conflicts: Vec<String>,
    pub doc: String,
    #[serde(default)]
    pub note: String,
    #[serde(default)]
    pub verified: String,
    pub source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ignored {
    pub flag: String,
    /// The first release with the flag; none if all have it.
    pub since: Option<String>,
    #[serde(default)]
    pub key: String,
    #[serde(rename = "note", default)]
    pub _note: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FlagFile {
    pub flag: Vec<Flag>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flag {
    pub name: String,
    /// How the value is read; `string` if it is missing.
    #[serde(rename = "type", default)]
    pub ty: String,
    #[serde(default)]
    pub key: String,
    #[serde(rename = "key_since")]
    pub _key_since: Option<String>,
    pub since: String,
    pub deprecated: Option<String>,
    pub removed_in: Option<String>,
    #[serde(rename = "group")]
    pub _group: String,
    #[serde(default)]
    pub deprecation: String,
    /// The value is a secret, or holds some.
    #[serde(default)]
    pub secret: bool,
    #[serde(default)]
    pub note: String,
    /// What has the flag's effect where it is removed, in a sentence.
    #[serde(default)]
    pub instead: String,
    pub source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GateFile {
    pub gate: Vec<Gate>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gate {
    pub name: String,
    pub stages: Vec<Stage>,
    pub removed_in: Option<String>,
    /// Gates that must be on wherever this one is.
    #[serde(default)]
    pub depends: Vec<Depend>,
    #[serde(rename = "packages")]
    pub _packages: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Depend {
    pub on: String,
    pub from: String,
    pub to: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stage {
    pub stage: String,
    pub default: bool,
    #[serde(default)]
    pub locked: bool,
    pub from: String,
    pub to: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DriverFile {
    pub any_log_driver: Vec<DriverOption>,
    pub log_driver: Vec<Driver>,
    pub storage_driver: Vec<Driver>,
    pub log_plugin: Vec<SourcedName>,
    pub snapshotter: Vec<SourcedName>,
    /// The storage drivers that the daemon tries when none is named; for people.
    #[serde(rename = "storage_priority")]
    pub _storage_priority: Vec<StoragePriority>,
}

/// A name and where upstream has it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourcedName {
    pub name: String,
    #[serde(rename = "source")]
    pub _source: String,
}

/// A log driver or a storage driver of Docker.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Driver {
    pub name: String,
    #[serde(default)]
    pub platform: String,
    pub since: String,
    pub until: Option<String>,
    pub deprecated: Option<String>,
    pub removed_in: Option<String>,
    /// First release that refuses unknown names of options.
    pub names_checked: Option<String>,
    #[serde(default)]
    pub unknown_message: String,
    #[serde(rename = "value_messages", default)]
    pub _value_messages: Vec<String>,
    #[serde(default)]
    pub ignore_case: bool,
    pub doc: String,
    #[serde(default)]
    pub note: String,
    pub source: String,
    #[serde(default)]
    pub option: Vec<DriverOption>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DriverOption {
    pub name: String,
    pub form: String,
    pub min: Option<i32>,
    pub max: Option<i32>,
    #[serde(default)]
    pub values: Vec<String>,
    #[serde(default)]
    pub default: String,
    #[serde(default)]
    pub required: bool,
    pub since: Option<String>,
    pub until: Option<String>,
    pub deprecated: Option<String>,
    #[serde(rename = "removed_in")]
    pub _removed_in: Option<String>,
    #[serde(default)]
    pub replaced_by: String,
    #[serde(default)]
    pub conflicts: Vec<String>,
    #[serde(default)]
    pub checked: String,
    #[serde(default)]
    pub security: bool,
    pub doc: String,
    #[serde(default)]
    pub note: String,
    /// The source upstream, if it is not that of the driver.
    #[serde(rename = "source", default)]
    pub _source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoragePriority {
    #[serde(rename = "since")]
    pub _since: String,
    #[serde(rename = "drivers")]
    pub _drivers: Vec<String>,
    #[serde(rename = "note", default)]
    pub _note: String,
}

/// Entries of maps that are built into containerd.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BuiltInFile {
    pub entry: Vec<BuiltIn>,
}

/// One setting of a built-in entry.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BuiltIn {
    pub path: String,
    pub config: Vec<u8>,
    pub value: toml::Value,
    pub since: Option<String>,
    pub until: Option<String>,
    pub source: String,
}

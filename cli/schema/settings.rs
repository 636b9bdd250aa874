//! The form of `crilint.toml`, from which its JSON Schema is written. [`crilint_core::config`] reads the file; a test
//! compares the settings of both.

use std::collections::BTreeMap;

use schemars::JsonSchema;

/// Configuration of crilint, the linter for container runtime configuration.
#[derive(JsonSchema, Debug, Default)]
#[schemars(deny_unknown_fields, default, rename_all = "kebab-case", rename = "crilint.toml")]
#[schemars(extend("$id" = "https://crilint.github.io/crilint/schemas/crilint.schema.json"))]
pub struct Settings {
    /// The releases that matter, by product. A product left out gets what its upstream maintains.
    pub target: Targets,
    /// Also run the rules of this profile, and list its items.
    pub profile: Option<ProfileName>,
    /// Run only these rules: ids, categories or `all`. Empty: every rule that is not off by default.
    pub select: Vec<String>,
    /// Do not run these rules: ids or categories.
    pub ignore: Vec<String>,
    /// The severity of rules, by id or category; an id wins over a category.
    pub levels: BTreeMap<String, LevelName>,
    /// The level from which findings make the exit code 1.
    pub fail_on: Option<FailOn>,
    /// Settings for some files; of several entries that match a file, all apply, and the last kind wins.
    pub files: Vec<FileSettings>,
    /// Folders whose files are one node (machine) each, as if the folder were `/`.
    pub nodes: Vec<NodeSettings>,
}

/// Releases by product, such as `2.1`, `1.7..2.2`, `1.34..`, `all`, or several with commas.
#[derive(JsonSchema, Debug, Default)]
#[schemars(deny_unknown_fields, default)]
pub struct Targets {
    /// Releases of containerd.
    pub containerd: Option<String>,
    /// Releases of Docker Engine.
    pub docker: Option<String>,
    /// Releases of Kubernetes, for the kubelet.
    pub kubernetes: Option<String>,
}

/// Settings for some files.
#[derive(JsonSchema, Debug)]
#[schemars(deny_unknown_fields)]
pub struct FileSettings {
    /// Which files: a glob relative to this file. Without a slash it matches names in any folder.
    pub path: String,
    /// The id of their kind, whatever their names and content.
    pub kind: Option<String>,
    /// Rules that do not report on them: ids, categories or `all`.
    #[schemars(default)]
    pub ignore: Vec<String>,
    /// Do not check them with their folder, or in a hook.
    #[schemars(default)]
    pub exclude: bool,
}

/// A folder that stands for the root of a node.
#[derive(JsonSchema, Debug)]
#[schemars(deny_unknown_fields)]
pub struct NodeSettings {
    /// The folder, relative to this file.
    pub root: String,
}

/// Rules and items that are asked for by one name.
#[derive(JsonSchema, Debug, Clone, Copy)]
#[schemars(rename_all = "kebab-case")]
pub enum ProfileName {
    /// The CIS benchmarks for Docker and for worker nodes of Kubernetes.
    Cis,
}

/// The severity of a rule.
#[derive(JsonSchema, Debug, Clone, Copy)]
#[schemars(rename_all = "kebab-case")]
pub enum LevelName {
    /// The rule does not run.
    Off,
    /// For information.
    Info,
    /// A warning.
    Warning,
    /// An error.
    Error,
}

/// From which level on findings make the exit code 1.
#[derive(JsonSchema, Debug, Clone, Copy)]
#[schemars(rename_all = "kebab-case")]
pub enum FailOn {
    /// Errors.
    Error,
    /// Warnings and errors.
    Warning,
    /// Every finding.
    Info,
    /// No finding.
    Never,
}

//! The form of the report for programs, from which `schemas/report.schema.json` is written. [`crilint_core::report`]
//! writes reports; a test reads one back by these types.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Releases by product (`containerd`, `docker`, `kubernetes`), oldest first. A release such as `2.2` stands for its newest
/// patch; `2.2.0..2.2.1` are older ones.
pub type ReleaseIds = BTreeMap<String, Vec<String>>;

/// The findings of a run.
#[derive(Serialize, Deserialize, JsonSchema, Debug, PartialEq)]
#[serde(deny_unknown_fields)]
#[schemars(extend("$id" = "https://crilint.github.io/crilint/schemas/report.schema.json"))]
pub struct Report {
    /// The version of this form.
    pub version: u32,
    /// The version of crilint.
    pub crilint: String,
    /// How places are counted.
    pub counting: Counting,
    /// The releases that the user cares about.
    pub target: ReleaseIds,
    /// Releases of the target that crilint takes for another one, in sentences.
    pub notes: Vec<String>,
    /// The node whose standard places were looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub node: Option<Node>,
    /// The files checked. Files of no known kind are not among them.
    pub files: Vec<File>,
    /// The findings: those of a node together, the most urgent first, those of one urgency by file and place.
    pub findings: Vec<Finding>,
    /// The items of the profile that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<ProfileItems>,
    /// The places of all findings counted.
    pub summary: Summary,
    /// Inputs that could not be read, in sentences. If there is any, the exit code is 2.
    pub errors: Vec<String>,
}

/// What was looked at on a node.
#[derive(Serialize, Deserialize, JsonSchema, Debug, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Node {
    /// The root, as the user named it.
    pub root: String,
    /// The name of the system.
    pub system: Option<String>,
    /// Distributions whose places are there.
    pub distributions: Vec<String>,
    /// The daemons that a unit starts, a package brings or a file is for.
    pub daemons: Vec<NodeDaemon>,
    /// Files and patterns that others name and that do not exist, as they are named.
    pub absent: Vec<String>,
    /// Files of other programs in places where people look for containerd's.
    pub not_checked: Vec<NotChecked>,
    /// Which releases the node is judged for, and why, in sentences.
    pub notes: Vec<String>,
}

/// A daemon of a node.
#[derive(Serialize, Deserialize, JsonSchema, Debug, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct NodeDaemon {
    /// `containerd`, `dockerd`, `kubelet`, the same with ` of HOME` for a user's own, or the name of the unit of another
    /// program.
    pub program: String,
    /// The package that brings it.
    pub package: Option<String>,
    /// The version of the package.
    pub version: Option<String>,
    /// The unit that starts it.
    pub unit: Option<String>,
    /// `ok`, `refused`, `masked` or `missing`: the state of the unit.
    pub state: Option<String>,
    /// The unit, its drop-ins and environment files, in the order in which systemd reads them.
    pub unit_files: Vec<String>,
    /// Its configuration files that were read.
    pub files: Vec<String>,
}

/// A file of another program.
#[derive(Serialize, Deserialize, JsonSchema, Debug, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct NotChecked {
    /// The path on the node.
    pub path: String,
    /// The program.
    pub program: String,
}

/// How places are counted.
#[derive(Serialize, Deserialize, JsonSchema, Debug, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Counting {
    /// The unit of offsets, which start at 0: `utf-8` for bytes.
    pub offset: String,
    /// The unit of columns: `utf-32` for characters (Unicode scalar values); a byte order mark is not one of them.
    pub column: String,
    /// The number of the first line and of the first column.
    pub base: u32,
}

/// A file checked.
#[derive(Serialize, Deserialize, JsonSchema, Debug, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// The path as given.
    pub path: String,
    /// The number of its node; files with the same number are one node (machine).
    pub node: usize,
    /// The path of the file that names it (imports, flags, `config_path`), where the user did not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub named_by: Option<String>,
    /// The kind that the file was taken for: `containerd`, `docker`, ...
    pub kind: String,
    /// The config version written in it (containerd).
    pub config_version: Option<i64>,
    /// Whether its syntax is in order.
    pub reads: bool,
    /// The releases of its daemon that it was judged for.
    pub releases: ReleaseIds,
}

/// One kind of fault in one file. `message` to `fixable` are those of its first place.
#[derive(Serialize, Deserialize, JsonSchema, Debug, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Finding {
    /// The rule's id.
    pub rule: String,
    /// The rule's category.
    pub category: String,
    /// The severity.
    pub severity: Severity,
    /// The worst that the daemon does with it.
    pub effect: Effect,
    /// Where that or anything less happens. A product is left out if it is in all releases of the target.
    pub releases: ReleaseIds,
    /// The releases for people; empty if it is all of the target.
    pub scope: String,
    /// What the daemon does in which releases.
    pub outcomes: Vec<Outcome>,
    /// What fails though the daemon runs, in some outcome.
    pub breaks: Option<Broken>,
    /// The rule's documentation.
    pub url: String,
    /// The file.
    pub path: String,
    /// What is wrong.
    pub message: String,
    /// What the daemon will do, with the words it prints.
    pub why: String,
    /// What to do.
    pub help: String,
    /// The key concerned, if it is about one.
    pub key: Option<String>,
    /// All keys concerned.
    pub keys: Vec<String>,
    /// Where the offending text begins.
    pub start: Position,
    /// Where it ends.
    pub end: Position,
    /// Related places.
    pub labels: Vec<Label>,
    /// Repairs, the best first.
    pub fixes: Vec<Fix>,
    /// Whether `--fix` (safe) or `--fix --unsafe-fixes` (unsafe) applies the first of them; null if neither does.
    pub fixable: Option<Applicability>,
    /// How many places there are: more than are listed if a file has more than 1000 findings of the rule.
    pub count: usize,
    /// All places, in the order of the file. The sentences of two places differ in quoted text and numbers alone.
    pub places: Vec<Place>,
}

/// A place of a finding, with what is to be done there.
#[derive(Serialize, Deserialize, JsonSchema, Debug, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// What is wrong.
    pub message: String,
    /// What the daemon will do, with the words it prints.
    pub why: String,
    /// What to do.
    pub help: String,
    /// The key concerned, if it is about one.
    pub key: Option<String>,
    /// All keys concerned.
    pub keys: Vec<String>,
    /// Where the offending text begins.
    pub start: Position,
    /// Where it ends.
    pub end: Position,
    /// Related places.
    pub labels: Vec<Label>,
    /// Repairs, the best first.
    pub fixes: Vec<Fix>,
    /// Whether `--fix` (safe) or `--fix --unsafe-fixes` (unsafe) applies the first of them; null if neither does.
    pub fixable: Option<Applicability>,
}

/// All that fails though the daemon runs. The verdict on the daemon does not show it.
#[derive(Serialize, Deserialize, JsonSchema, Debug, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Broken {
    /// What fails.
    pub scope: BreakScope,
    /// The runtime handler, or the registry or host; empty for the other scopes.
    pub name: String,
}

/// What happens in some releases.
#[derive(Serialize, Deserialize, JsonSchema, Debug, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Outcome {
    /// What the daemon does.
    pub effect: Effect,
    /// In which releases. A product is left out if it is in all releases of the target.
    pub releases: ReleaseIds,
    /// Whether only patch releases do so that newer ones of the target supersede.
    pub superseded: bool,
    /// What fails there though the daemon runs.
    pub breaks: Option<BreakScope>,
}

/// A related place.
#[derive(Serialize, Deserialize, JsonSchema, Debug, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Label {
    /// The file.
    pub path: String,
    /// Where it begins.
    pub start: Position,
    /// Where it ends.
    pub end: Position,
    /// The relation of the place to the finding.
    pub text: String,
}

/// The items of a profile (`--profile`).
#[derive(Serialize, Deserialize, JsonSchema, Debug, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct ProfileItems {
    /// The profile: `cis`.
    pub id: String,
    /// Its benchmarks on each node with a daemon that they are about.
    pub benchmarks: Vec<Assessment>,
}

/// A benchmark on one node.
#[derive(Serialize, Deserialize, JsonSchema, Debug, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Assessment {
    /// `docker` or `kubernetes-worker`.
    pub id: String,
    /// The name that it is published under.
    pub title: String,
    /// The edition that the numbers of items are from.
    pub edition: String,
    /// The number of the node.
    pub node: usize,
    /// Every item, in order.
    pub items: Vec<AssessedItem>,
}

/// An item of a benchmark with its verdict.
#[derive(Serialize, Deserialize, JsonSchema, Debug, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct AssessedItem {
    /// The published number.
    pub number: String,
    /// What holds where it passes, in crilint's words.
    pub title: String,
    /// Whether the benchmark leaves the verdict to people.
    pub manual: bool,
    /// The verdict.
    pub status: ItemStatus,
    /// Why files do not decide; empty if they do.
    pub reason: String,
    /// The findings that show the failure, as numbers in `findings`, from 0.
    pub findings: Vec<usize>,
}

/// The verdict on an item.
#[derive(Serialize, Deserialize, JsonSchema, Debug, PartialEq, Eq, Clone, Copy)]
#[serde(rename_all = "lowercase")]
pub enum ItemStatus {
    /// The settings in effect pass it.
    Pass,
    /// They do not; findings show where.
    Fail,
    /// They do not, and a comment or the configuration silences the finding.
    Ignored,
    /// Files do not decide.
    Undecided,
}

/// A repair.
#[derive(Serialize, Deserialize, JsonSchema, Debug, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Fix {
    /// What the fix does.
    pub title: String,
    /// How far to trust it.
    pub applicability: Applicability,
    /// The edits, in the order of the text; no two overlap. Empty if they are withheld.
    pub edits: Vec<Edit>,
    /// Why the edits are left out: the text that goes or comes holds a secret. `crilint --fix` applies them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withheld: Option<String>,
}

/// A replacement of text.
#[derive(Serialize, Deserialize, JsonSchema, Debug, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Edit {
    /// The file.
    pub path: String,
    /// Where the text begins that goes.
    pub start: Position,
    /// Where it ends.
    pub end: Position,
    /// The new text.
    pub text: String,
}

/// A place in a text.
#[derive(Serialize, Deserialize, JsonSchema, Debug, PartialEq, Eq, Clone, Copy)]
#[serde(deny_unknown_fields)]
pub struct Position {
    /// Bytes before it, in UTF-8.
    pub offset: u32,
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1, in characters (Unicode scalar values).
    pub column: u32,
}

/// The places of all findings counted.
#[derive(Serialize, Deserialize, JsonSchema, Debug, PartialEq, Eq, Clone, Copy)]
#[serde(deny_unknown_fields)]
pub struct Summary {
    /// Places of severity error.
    pub errors: usize,
    /// Places of severity warning.
    pub warnings: usize,
    /// Places of severity info.
    pub infos: usize,
    /// Files checked.
    pub files: usize,
    /// Places that `--fix` would fix.
    pub fixable: usize,
    /// Places that `--fix --unsafe-fixes` would fix beyond those.
    pub fixable_unsafe: usize,
    /// Places fixed in this run.
    pub fixed: usize,
}

/// The severity of a finding.
#[derive(Serialize, Deserialize, JsonSchema, Debug, PartialEq, Eq, Clone, Copy)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// For information.
    Info,
    /// Probably not what was meant.
    Warning,
    /// The node will not work as written.
    Error,
}

/// What the daemon does with the text.
#[derive(Serialize, Deserialize, JsonSchema, Debug, PartialEq, Eq, Clone, Copy)]
#[serde(rename_all = "lowercase")]
pub enum Effect {
    /// The daemon does not start.
    Refused,
    /// The daemon runs, but a part of it such as the CRI plugin does not.
    Failed,
    /// The setting has no effect.
    Ignored,
    /// The setting works and does harm.
    Harmful,
    /// The setting works; another value is better.
    Advice,
}

/// What fails though the daemon runs.
#[derive(Serialize, Deserialize, JsonSchema, Debug, PartialEq, Eq, Clone, Copy)]
#[serde(rename_all = "kebab-case")]
pub enum BreakScope {
    /// Every pod of a runtime handler of containerd.
    RuntimeHandler,
    /// Every pull from a registry, or from one of its hosts.
    RegistryHost,
    /// Every container of the daemon.
    EveryContainer,
    /// Every pod of the node.
    EveryPod,
}

/// Whether a fix may be applied without asking.
#[derive(Serialize, Deserialize, JsonSchema, Debug, PartialEq, Eq, Clone, Copy)]
#[serde(rename_all = "lowercase")]
pub enum Applicability {
    /// Only to be shown: the user must complete it.
    Display,
    /// May change what a working daemon does.
    Unsafe,
    /// Keeps the meaning, or repairs what no daemon accepts.
    Safe,
}

//! The report for programs. Its schema is `schemas/report.schema.json`; [`VERSION`] rises when a reader must change.

use std::collections::BTreeMap;

use crilint_core::finding::{self, Outcome as CoreOutcome};
use crilint_core::fix;
use crilint_core::releases::{Product, ReleaseSet, Releases};
use crilint_core::rules;
use crilint_core::text::Span;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::render::Checked;

/// The version of the report's form. New fields may come without a new version.
pub const VERSION: u32 = 1;

const WITHHELD: &str =
    "the edits hold a secret; crilint --fix applies them, crilint --diff --output-file FILE writes them";

/// Ids of releases by product (`containerd`, `docker`, `kubernetes`), oldest first.
pub type ReleaseIds = BTreeMap<String, Vec<String>>;

/// What crilint found.
#[derive(Serialize, Deserialize, JsonSchema, Debug, PartialEq)]
#[serde(deny_unknown_fields)]
#[schemars(extend("$id" = "https://crilint.github.io/crilint/schemas/report.schema.json"))]
pub struct Report {
    /// The version of this form.
    pub version: u32,
    /// The version of crilint.
    pub crilint: String,
    /// The releases that the user cares about.
    pub target: ReleaseIds,
    /// The files checked. Files of no known kind are not among them.
    pub files: Vec<File>,
    /// The findings, by file and place.
    pub findings: Vec<Finding>,
    /// The findings counted.
    pub summary: Summary,
    /// What could not be read, in sentences. If there is any, the exit code is 2.
    pub errors: Vec<String>,
}

/// A file checked.
#[derive(Serialize, Deserialize, JsonSchema, Debug, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// Its path as given.
    pub path: String,
    /// What it was taken for: `containerd`, `docker`, ...
    pub kind: String,
    /// The config version written in it (containerd).
    pub config_version: Option<i64>,
    /// The releases of its daemon that it was judged for.
    pub releases: ReleaseIds,
}

/// One fault.
#[derive(Serialize, Deserialize, JsonSchema, Debug, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Finding {
    /// The rule's id.
    pub rule: String,
    /// The rule's category.
    pub category: String,
    /// How loud it is.
    pub severity: Severity,
    /// The worst that the daemon does with it.
    pub effect: Effect,
    /// Where that or anything less happens. A product is left out if it is in all releases of the target.
    pub releases: ReleaseIds,
    /// The releases for people; empty if it is all of the target.
    pub scope: String,
    /// What the daemon does in which releases.
    pub outcomes: Vec<Outcome>,
    /// What is wrong.
    pub message: String,
    /// What the daemon will do, with the words it prints.
    pub why: String,
    /// What to do.
    pub help: String,
    /// The rule's documentation.
    pub url: String,
    /// The file.
    pub path: String,
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

/// What happens in some releases.
#[derive(Serialize, Deserialize, JsonSchema, Debug, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Outcome {
    /// What the daemon does.
    pub effect: Effect,
    /// In which releases. A product is left out if it is in all releases of the target.
    pub releases: ReleaseIds,
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
    /// What it has to do with the finding.
    pub text: String,
}

/// A repair.
#[derive(Serialize, Deserialize, JsonSchema, Debug, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Fix {
    /// What it does.
    pub title: String,
    /// How far to trust it.
    pub applicability: Applicability,
    /// Its edits, in the order of the text; no two overlap. Empty if they are withheld.
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
    /// What comes.
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

/// The findings counted.
#[derive(Serialize, Deserialize, JsonSchema, Debug, PartialEq, Eq, Clone, Copy, Default)]
#[serde(deny_unknown_fields)]
pub struct Summary {
    /// Findings of severity error.
    pub errors: usize,
    /// Findings of severity warning.
    pub warnings: usize,
    /// Findings of severity info.
    pub infos: usize,
    /// Files checked.
    pub files: usize,
    /// Findings that `--fix` would mend.
    pub fixable: usize,
    /// Findings that `--fix --unsafe-fixes` would mend beyond those.
    pub fixable_unsafe: usize,
    /// Findings mended in this run.
    pub fixed: usize,
}

/// How loud a finding is.
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
    /// It runs, but a part of it such as the CRI plugin does not.
    Failed,
    /// The setting has no effect.
    Ignored,
    /// It works and hurts.
    Harmful,
    /// It could be better.
    Advice,
}

/// Whether a fix may be applied without asking.
#[derive(Serialize, Deserialize, JsonSchema, Debug, PartialEq, Eq, Clone, Copy)]
#[serde(rename_all = "lowercase")]
pub enum Applicability {
    /// Only to be shown: the user must complete it.
    Display,
    /// May change what a working daemon does.
    Unsafe,
    /// Keeps the meaning, or mends what no daemon accepts.
    Safe,
}

impl From<finding::Severity> for Severity {
    fn from(severity: finding::Severity) -> Self {
        match severity {
            finding::Severity::Info => Self::Info,
            finding::Severity::Warning => Self::Warning,
            finding::Severity::Error => Self::Error,
        }
    }
}

impl From<finding::Effect> for Effect {
    fn from(effect: finding::Effect) -> Self {
        match effect {
            finding::Effect::Refused => Self::Refused,
            finding::Effect::Failed => Self::Failed,
            finding::Effect::Ignored => Self::Ignored,
            finding::Effect::Harmful => Self::Harmful,
            finding::Effect::Advice => Self::Advice,
        }
    }
}

impl From<fix::Applicability> for Applicability {
    fn from(applicability: fix::Applicability) -> Self {
        match applicability {
            fix::Applicability::Display => Self::Display,
            fix::Applicability::Unsafe => Self::Unsafe,
            fix::Applicability::Safe => Self::Safe,
        }
    }
}

impl Report {
    /// The report of a check.
    pub(crate) fn new(checked: &Checked<'_>) -> Self {
        Self {
            version: VERSION,
            crilint: env!("CARGO_PKG_VERSION").to_owned(),
            target: Product::ALL.into_iter().map(|product| ids(product, checked.target.get(product))).collect(),
            files: files(checked),
            findings: checked
                .findings()
                .iter()
                .enumerate()
                .map(|(at, finding)| Finding::new(checked, at, finding))
                .collect(),
            summary: checked.summary(),
            errors: checked.errors.iter().map(ToString::to_string).collect(),
        }
    }
}

fn files(checked: &Checked<'_>) -> Vec<File> {
    let known = checked.files().filter_map(|(input, info)| {
        let kind = info.kind?;
        Some(File {
            path: input.found.shown.clone(),
            kind: kind.id.to_owned(),
            config_version: info.config_version,
            releases: [ids(kind.product, info.releases.get(kind.product))].into(),
        })
    });
    known.collect()
}

impl Finding {
    fn new(checked: &Checked<'_>, number: usize, finding: &finding::Finding) -> Self {
        let (start, end) = range(checked, finding.file, finding.span);
        let rule = rules::find(finding.rule);
        Self {
            rule: finding.rule.to_owned(),
            category: rule.map(|rule| rule.category.id()).unwrap_or_default().to_owned(),
            severity: finding.severity.into(),
            effect: finding.effect().into(),
            releases: narrowed(checked, finding.releases()),
            scope: finding.scope.clone(),
            outcomes: finding.outcomes.iter().map(|outcome| Outcome::new(checked, outcome)).collect(),
            message: finding.message.clone(),
            why: finding.why.clone(),
            help: finding.help.clone(),
            url: rule.map(rules::Rule::url).unwrap_or_default(),
            path: checked.path(finding.file).to_owned(),
            key: finding.keys.first().cloned(),
            keys: finding.keys.clone(),
            start,
            end,
            labels: finding.labels.iter().map(|label| Label::new(checked, label)).collect(),
            fixes: finding.fixes.iter().map(|fix| Fix::new(checked, finding.file, fix)).collect(),
            fixable: checked.fixable(number).map(Into::into),
        }
    }
}

impl Outcome {
    fn new(checked: &Checked<'_>, outcome: &CoreOutcome) -> Self {
        Self { effect: outcome.effect.into(), releases: narrowed(checked, outcome.releases) }
    }
}

impl Label {
    fn new(checked: &Checked<'_>, label: &finding::Label) -> Self {
        let (start, end) = range(checked, label.file, label.span);
        Self { path: checked.path(label.file).to_owned(), start, end, text: label.text.clone() }
    }
}

impl Fix {
    fn new(checked: &Checked<'_>, file: usize, fix: &fix::Fix) -> Self {
        let secrets = checked.secrets();
        let is_secret = |edit: &fix::Edit| secrets.touches(file, edit.span) || secrets.shows(&edit.text);
        let withheld = fix.edits.iter().any(is_secret);
        let edits = fix.edits.iter().filter(|_| !withheld).map(|edit| {
            let (start, end) = range(checked, file, edit.span);
            Edit { path: checked.path(file).to_owned(), start, end, text: edit.text.clone() }
        });
        Self {
            title: fix.title.clone(),
            applicability: fix.applicability.into(),
            edits: edits.collect(),
            withheld: withheld.then(|| WITHHELD.to_owned()),
        }
    }
}

fn range(checked: &Checked<'_>, file: usize, span: Span) -> (Position, Position) {
    (checked.position(file, span.start), checked.position(file, span.end))
}

/// The releases by product, without those products where it is all of the target.
fn narrowed(checked: &Checked<'_>, releases: Releases) -> ReleaseIds {
    let narrow = |product: &Product| !releases.get(*product).covers(checked.target.get(*product));
    Product::ALL.into_iter().filter(narrow).map(|product| ids(product, releases.get(product))).collect()
}

fn ids(product: Product, set: ReleaseSet) -> (String, Vec<String>) {
    (product.id().to_owned(), set.ids(product).map(str::to_owned).collect())
}

//! The form of a report for programs: JSON that the command line prints and the Wasm module gives to JavaScript.
//!
//! Both have the same fields; `schemas/report.schema.json` and `wasm/src/types.d.ts` describe them. They differ in how
//! places are counted ([`Counting`], which the report contains), and in what only a run of the program has
//! ([`RunOutcome`]).

mod groups;

use std::cell::OnceCell;

use crate::benchmark::{Assessment, Profile};
use crate::engine::{Report, Target};
use crate::finding::{BreakScope, Finding, Severity};
use crate::fix::{Applicability, Edit, Fix};
use crate::json::{Json, JsonObject};
use crate::releases::{Product, ReleaseSet, Releases};
use crate::rules::{self, Rule};
use crate::text::{Encoding, LineIndex, Position, Span};

pub use groups::{FindingGroup, grouped};

/// The version of the form. New fields may come without a new version.
pub const VERSION: u32 = 2;

/// How places are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counting {
    /// The unit of offsets, which start at 0: bytes, or UTF-16 units.
    pub offset: Encoding,
    /// The unit of columns.
    pub column: Encoding,
    /// The number of the first line and of the first column.
    pub base: u32,
}

impl Counting {
    /// As programs read files and people read lines.
    pub const PROGRAMS: Self = Self { offset: Encoding::Utf8, column: Encoding::Char, base: 1 };
    /// As JavaScript and editors count.
    pub const JAVASCRIPT: Self = Self { offset: Encoding::Utf16, column: Encoding::Utf16, base: 0 };
}

/// A file of a report.
#[derive(Debug)]
pub struct ReportFile<'a> {
    /// The path as the user gave it.
    pub path: &'a str,
    /// The text.
    pub text: &'a str,
    /// Whether the text is all that the user's file holds. If not, no fix may write U+FFFD, which stands for the rest.
    pub is_exact: bool,
    /// The number of its node.
    pub node: usize,
    /// The path of the file that names it, where the user did not.
    pub named_by: Option<&'a str>,
    /// Whether it is a file, rather than a path at which nothing was read.
    pub is_listed: bool,
    lines: OnceCell<LineIndex>,
}

/// What to write.
pub struct ReportForm<'a> {
    /// The report.
    pub report: &'a Report,
    /// The files of the report, in the same order.
    pub files: Vec<&'a ReportFile<'a>>,
    /// The releases that the user cares about.
    pub target: &'a Target,
    /// How to count places.
    pub counting: Counting,
    /// The items of the profile that was asked for.
    pub profile: Option<(Profile, &'a [Assessment])>,
    /// What only a run of the program has.
    pub run: Option<RunOutcome<'a>>,
}

/// What only a run of the program has, beside the report.
pub struct RunOutcome<'a> {
    /// For each finding: the applicability of its fix, if `--fix` applies one.
    pub fixable: &'a [Option<Applicability>],
    /// How many findings this run fixed.
    pub fixed: usize,
    /// What could not be read, in sentences.
    pub errors: Vec<String>,
    /// What is known of the node whose standard places were looked at.
    pub node: Option<&'a dyn JsonObject>,
    /// For a fix of a file whose edits are left out of the report: the reason.
    pub withheld: &'a dyn Fn(usize, &Fix) -> Option<&'static str>,
}

/// The places of all findings counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Places of severity error.
    pub errors: usize,
    /// Places of severity warning.
    pub warnings: usize,
    /// Places of severity info.
    pub infos: usize,
    /// Files of known kinds.
    pub files: usize,
    /// Places that `--fix` fixes.
    pub fixable: usize,
    /// Places that `--fix --unsafe-fixes` fixes beyond those.
    pub fixable_unsafe: usize,
}

impl<'a> ReportFile<'a> {
    /// A file by its path and text, on node 0.
    #[must_use]
    pub fn new(path: &'a str, text: &'a str) -> Self {
        Self { path, text, is_exact: true, node: 0, named_by: None, is_listed: true, lines: OnceCell::new() }
    }

    /// The lines of the text.
    #[must_use]
    pub fn lines(&self) -> &LineIndex {
        self.lines.get_or_init(|| LineIndex::new(self.text))
    }

    /// The line and column of a byte, from 0.
    #[must_use]
    pub fn position(&self, byte: u32, encoding: Encoding) -> Position {
        self.lines().position(self.text, byte, encoding)
    }

    /// The byte of a UTF-16 offset.
    #[must_use]
    pub fn byte(&self, utf16_offset: u32) -> u32 {
        self.lines().byte(self.text, utf16_offset)
    }

    /// Whether the user's file can take the edits.
    #[must_use]
    pub fn can_take(&self, edits: &[Edit]) -> bool {
        self.is_exact || edits.iter().all(|edit| !edit.text.contains(char::REPLACEMENT_CHARACTER))
    }

    /// Writes the fields `start` and `end`.
    pub fn range(&self, json: &mut Json, span: Span, counting: Counting) {
        for (name, byte) in [("start", span.start), ("end", span.end)] {
            json.object_in(name, |json| {
                let at = self.position(byte, counting.column);
                let is_utf16 = counting.offset == Encoding::Utf16;
                json.field("offset", &if is_utf16 { self.lines().utf16_offset(self.text, byte) } else { byte });
                json.field("line", &(at.line + counting.base));
                json.field("column", &(at.column + counting.base));
            });
        }
    }

    /// Writes the field `edits`.
    pub fn edits(&self, json: &mut Json, edits: &[Edit], counting: Counting) {
        json.objects("edits", edits, |json, edit| {
            json.field("path", &self.path);
            self.range(json, edit.span, counting);
            json.field("text", &edit.text);
        });
    }
}

impl Summary {
    /// Counts the findings of a report; `fixable` has the applicability of the fix that is applied to each.
    #[must_use]
    pub fn of(report: &Report, fixable: &[Option<Applicability>]) -> Self {
        let mut summary =
            Self { files: report.files.iter().filter(|info| info.kind.is_some()).count(), ..Self::default() };
        for finding in &report.findings {
            match finding.severity {
                Severity::Error => summary.errors += finding.count,
                Severity::Warning => summary.warnings += finding.count,
                Severity::Info => summary.infos += finding.count,
            }
        }
        let count = |wanted| fixable.iter().flatten().filter(|applicability| **applicability == wanted).count();
        (summary.fixable, summary.fixable_unsafe) = (count(Applicability::Safe), count(Applicability::Unsafe));
        summary
    }
}

impl ReportForm<'_> {
    /// Writes the whole report.
    pub fn write(&self, json: &mut Json) {
        json.object(|json| {
            json.field("version", &VERSION);
            json.field("crilint", &env!("CARGO_PKG_VERSION"));
            json.object_in("counting", |json| {
                json.field("offset", &self.counting.offset.id());
                json.field("column", &self.counting.column.id());
                json.field("base", &self.counting.base);
            });
            json.object_in("target", |json| {
                for product in Product::ALL {
                    self.releases_of(json, product, ReleaseSet::ALL);
                }
            });
            json.field("notes", &self.target.notes());
            if let Some(node) = self.run.as_ref().and_then(|run| run.node) {
                json.object_in("node", |json| node.fields(json));
            }
            self.files(json);
            let groups = grouped(&self.report.findings);
            self.findings(json, &groups);
            self.profile(json, &groups);
            self.summary(json);
            if let Some(run) = &self.run {
                json.field("errors", &run.errors);
            }
        });
    }

    /// All files of a workspace; of a run of the program, which may walk through anything, those of known kinds.
    fn files(&self, json: &mut Json) {
        let files = self.files.iter().zip(&self.report.files);
        let listed = files.filter(|(file, info)| file.is_listed && (self.run.is_none() || info.kind.is_some()));
        json.objects("files", listed, |json, (file, info)| {
            json.field("path", &file.path);
            json.field("node", &file.node);
            if let Some(path) = file.named_by {
                json.field("named_by", &path);
            }
            json.field("kind", &info.kind.map(|kind| kind.id));
            json.field("config_version", &info.config_version);
            json.field("reads", &info.reads);
            json.object_in("releases", |json| {
                if let Some(kind) = info.kind {
                    self.releases_of(json, kind.product, info.releases.get(kind.product));
                }
            });
        });
    }

    /// Writes the field `findings`: a group of findings of one kind as one, with its places.
    pub fn findings(&self, json: &mut Json, groups: &[FindingGroup]) {
        let shown = groups.iter().filter(|group| group.first().is_some_and(|number| self.found(*number).is_some()));
        json.objects("findings", shown, |json, group| self.group(json, group));
    }

    fn found(&self, number: usize) -> Option<(&Finding, &ReportFile<'_>)> {
        let finding = self.report.findings.get(number)?;
        Some((finding, *self.files.get(finding.file)?))
    }

    fn group(&self, json: &mut Json, group: &FindingGroup) {
        let Some((number, (finding, file))) = group.first().and_then(|number| Some((*number, self.found(*number)?)))
        else {
            return;
        };
        let rule = rules::find(finding.rule);
        json.field("rule", &finding.rule);
        json.field("category", &rule.map_or("", |rule| rule.category.id()));
        json.field("severity", &finding.severity.id());
        json.field("effect", &finding.effect().id());
        json.object_in("releases", |json| self.narrowed(json, finding.releases()));
        json.field("scope", &finding.scope);
        json.objects("outcomes", &finding.outcomes, |json, outcome| {
            json.field("effect", &outcome.effect.id());
            json.object_in("releases", |json| self.narrowed(json, outcome.releases));
            json.field("superseded", &outcome.is_superseded);
            json.field("breaks", &outcome.breaks.map(BreakScope::id));
        });
        match finding.scope_of_break() {
            None => json.field("breaks", &None::<&str>),
            Some(scope) => json.object_in("breaks", |json| {
                json.field("scope", &scope.id());
                json.field("name", &finding.broken);
            }),
        }
        json.field("url", &rule.map(Rule::url).unwrap_or_default());
        json.field("path", &file.path);
        self.place(json, number, finding, file);
        let all = || group.iter().filter_map(|number| Some((*number, self.found(*number)?)));
        json.field("count", &all().map(|(_, (finding, _))| finding.count).sum::<usize>());
        json.objects("places", all(), |json, (number, (finding, file))| self.place(json, number, finding, file));
    }

    /// What belongs to one place of a finding.
    fn place(&self, json: &mut Json, number: usize, finding: &Finding, file: &ReportFile<'_>) {
        json.field("message", &finding.message);
        json.field("why", &finding.why);
        json.field("help", &finding.help);
        json.field("key", &finding.keys.first().map(String::as_str));
        json.field("keys", &finding.keys);
        file.range(json, finding.span, self.counting);
        let labels = finding.labels.iter().filter_map(|label| Some((*self.files.get(label.file)?, label)));
        json.objects("labels", labels, |json, (file, label)| {
            json.field("path", &file.path);
            file.range(json, label.span, self.counting);
            json.field("text", &label.text);
        });
        let fixes = finding.fixes.iter().filter(|fix| file.can_take(&fix.edits));
        json.objects("fixes", fixes, |json, fix| self.fix(json, finding.file, file, fix));
        if let Some(run) = &self.run {
            json.field("fixable", &run.fixable.get(number).copied().flatten().map(Applicability::id));
        }
    }

    fn fix(&self, json: &mut Json, number: usize, file: &ReportFile<'_>, fix: &Fix) {
        let withheld = self.run.as_ref().and_then(|run| (run.withheld)(number, fix));
        json.field("title", &fix.title);
        json.field("applicability", &fix.applicability.id());
        file.edits(json, if withheld.is_some() { &[] } else { &fix.edits }, self.counting);
        if let Some(withheld) = withheld {
            json.field("withheld", &withheld);
        }
    }

    fn profile(&self, json: &mut Json, groups: &[FindingGroup]) {
        let Some((profile, assessments)) = self.profile else { return };
        let listed = |number: &usize| groups.iter().position(|group| group.contains(number));
        json.object_in("profile", |json| {
            json.field("id", &profile.id());
            json.objects("benchmarks", assessments, |json, assessment| {
                json.field("id", &assessment.benchmark.id);
                json.field("title", &assessment.benchmark.title);
                json.field("edition", &assessment.benchmark.edition);
                json.field("node", &assessment.node);
                json.objects("items", &assessment.items, |json, assessed| {
                    json.field("number", &assessed.item.number);
                    json.field("title", &assessed.item.title);
                    json.field("manual", &assessed.item.is_manual);
                    json.field("status", &assessed.status.id());
                    json.field("reason", &assessed.reason);
                    let mut findings: Vec<usize> = assessed.findings.iter().filter_map(listed).collect();
                    findings.dedup();
                    json.field("findings", &findings);
                });
            });
        });
    }

    fn summary(&self, json: &mut Json) {
        let summary = Summary::of(self.report, self.run.as_ref().map_or(&[], |run| run.fixable));
        json.object_in("summary", |json| {
            json.field("errors", &summary.errors);
            json.field("warnings", &summary.warnings);
            json.field("infos", &summary.infos);
            json.field("files", &summary.files);
            if let Some(run) = &self.run {
                json.field("fixable", &summary.fixable);
                json.field("fixable_unsafe", &summary.fixable_unsafe);
                json.field("fixed", &run.fixed);
            }
        });
    }

    /// The releases of those products where they are not all of the target.
    fn narrowed(&self, json: &mut Json, releases: Releases) {
        let target = self.target.all();
        for product in Product::ALL {
            let set = releases.get(product);
            if !set.covers(target.get(product)) {
                self.releases_of(json, product, set);
            }
        }
    }

    fn releases_of(&self, json: &mut Json, product: Product, set: ReleaseSet) {
        json.field(product.id(), &self.target.names_in(product, set));
    }
}

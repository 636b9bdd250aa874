//! `crilint compat`: what each release of the daemon does with each file.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};
use std::fmt::Write as _;

use crilint_core::compat::{Compat, Forecast, Verdict, compat};
use crilint_core::containerd::imports;
use crilint_core::engine::Options;
use crilint_core::finding::BreakScope;
use crilint_core::releases::Product;
use crilint_core::report::ReportFile;
use crilint_core::{Encoding, Finding, Report};
use owo_colors::{OwoColorize, Style};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use textwrap::{WordSeparator, WordSplitter};

use crate::args::{CompatArgs, ListFormat};
use crate::check::{self, Session};
use crate::error::Error;
use crate::printable::{self, escaped, one_line};
use crate::read::Input;
use crate::terminal::Terminal;
use crate::{CLEAN, FAILURE, FINDINGS, options, output};

/// The verdict of each release on each file, for programs.
#[derive(Serialize, Deserialize, JsonSchema, Debug, PartialEq)]
#[serde(deny_unknown_fields)]
#[schemars(extend("$id" = "https://crilint.github.io/crilint/schemas/compat.schema.json"))]
pub struct Forecasts {
    /// The version of this form; rises when a reader must change.
    pub version: u32,
    /// Releases of the target that crilint takes for another one, in sentences.
    pub notes: Vec<String>,
    /// The files. Those of no known kind are not among them.
    pub files: Vec<File>,
}

/// A file through the releases.
#[derive(Serialize, Deserialize, JsonSchema, Debug, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// The path as given.
    pub path: String,
    /// The text inside of the file that it is about: its path on the node, or the keys at which it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inside: Option<String>,
    /// The kind that the file was taken for: `containerd`, `docker`, ...
    pub kind: String,
    /// Why the file has no verdicts: `template`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_judged: Option<String>,
    /// Imports that were not read: what they set is not part of the verdicts.
    pub unread_imports: Vec<UnreadImport>,
    /// By product (`containerd`, `docker`, `kubernetes`), then by release.
    pub verdicts: BTreeMap<String, BTreeMap<String, Release>>,
}

/// An import that was not read.
#[derive(Serialize, Deserialize, JsonSchema, Debug, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct UnreadImport {
    /// The path or pattern, as written.
    pub path: String,
    /// Why nothing was read; null where no such file was given.
    pub reason: Option<String>,
}

/// The verdict of a release on a file.
#[derive(Serialize, Deserialize, JsonSchema, Debug, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Release {
    /// `accepted`, `ignored`, `failed` or `refused`.
    pub verdict: String,
    /// Whether imports that were not read may change the verdict.
    #[serde(default)]
    pub depends_on_unread: bool,
    /// The rules of its findings, the worst first.
    pub rules: Vec<String>,
    /// Keys without effect.
    pub ignored_keys: Vec<String>,
    /// The faults, in sentences, the worst first.
    pub reasons: Vec<String>,
    /// What fails though the daemon runs, which the verdict does not show.
    pub breaks: Vec<Break>,
    /// Older patch releases that differ, oldest first. The release itself stands for its newest patch.
    pub patches: Vec<Patches>,
}

/// The verdict of older patch releases on a file.
#[derive(Serialize, Deserialize, JsonSchema, Debug, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Patches {
    /// Which: `2.2.0..2.2.1`, or one.
    pub releases: String,
    /// `accepted`, `ignored`, `failed` or `refused`.
    pub verdict: String,
    /// Keys without effect.
    pub ignored_keys: Vec<String>,
    /// The faults, the worst first.
    pub findings: Vec<Fault>,
    /// What fails though the daemon runs.
    pub breaks: Vec<Break>,
}

/// A fault of older patch releases.
#[derive(Serialize, Deserialize, JsonSchema, Debug, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// The rule.
    pub rule: String,
    /// The fault in a sentence.
    pub message: String,
}

/// All that fails though the daemon runs.
#[derive(Serialize, Deserialize, JsonSchema, Debug, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Break {
    /// `runtime-handler`, `registry-host`, `every-container` or `every-pod`.
    pub scope: String,
    /// The runtime handler, or the registry or host; empty for the other scopes.
    pub name: String,
    /// The rule that reports it.
    pub rule: String,
}

/// Runs the command and gives its exit code.
pub(crate) fn run(args: &CompatArgs, terminal: &Terminal) -> Result<u8, Error> {
    let loaded = check::load(&args.input)?;
    let options = Options { target: options::target(&args.input, &loaded.config), ..Options::default() };
    let mut session = Session::open(&args.input, &loaded, options)?;
    let sources: Vec<_> = session.inputs.iter().map(Input::source).collect();
    let (report, all) = compat(&sources, &session.options);
    drop(sources);
    session.errors.extend(check::unusable(&session, &report, &args.input));
    let files = session.inputs.iter().map(Input::reported).collect();
    let notes = session.options.target.notes();
    let shown = Shown { files, report: &report, notes: &notes, terminal };
    output::print(&match args.format {
        ListFormat::Text => shown.text(&all),
        ListFormat::Json => shown.json(&all),
    })?;
    session.close(terminal);
    let is_stop = |forecast: &Forecast| forecast.verdict >= Verdict::Failed || !forecast.breaks.is_empty();
    let stops = all.iter().flat_map(|compat| &compat.forecasts).any(is_stop);
    Ok(match (session.errors.is_empty(), stops) {
        (false, _) => FAILURE,
        (true, true) => FINDINGS,
        (true, false) => CLEAN,
    })
}

impl UnreadImport {
    pub(crate) fn of(import: &imports::UnreadImport) -> Self {
        Self { path: import.path.clone(), reason: import.reason.clone() }
    }
}

/// The sentence about an import that was not read.
pub(crate) fn unknown(import: &imports::UnreadImport) -> String {
    match &import.reason {
        Some(reason) => format!("unknown: {} was not read: {reason}", import.path),
        None => format!("unknown: {}: no such file is at hand", import.path),
    }
}

struct Shown<'s> {
    files: Vec<ReportFile<'s>>,
    report: &'s Report,
    notes: &'s [String],
    terminal: &'s Terminal,
}

impl Shown<'_> {
    fn path(&self, compat: &Compat) -> &str {
        self.files.get(compat.file).map(|file| file.path).unwrap_or_default()
    }

    fn kind(&self, compat: &Compat) -> Option<&'static crilint_core::kind::Kind> {
        self.report.info(compat.file, compat.text)?.kind
    }

    fn findings(&self, forecast: &Forecast) -> Vec<&Finding> {
        forecast.findings.iter().filter_map(|i| self.report.findings.get(*i)).collect()
    }

    /// What fails though the release runs, by which finding.
    fn breaks(&self, product: Product, forecast: &Forecast) -> impl Iterator<Item = (BreakScope, &Finding)> {
        let findings = forecast.breaks.iter().filter_map(|number| self.report.findings.get(*number));
        findings.filter_map(move |finding| Some((finding.breaks_in(product, forecast.set.newest())?, finding)))
    }

    fn breaks_of(&self, product: Product, forecast: &Forecast) -> Vec<Break> {
        let breaks = self.breaks(product, forecast);
        let broken = breaks.map(|(scope, finding)| Break {
            scope: scope.id().to_owned(),
            name: finding.broken.clone(),
            rule: finding.rule.to_owned(),
        });
        broken.collect()
    }

    /// The keys without effect, of whichever file.
    fn ignored(&self, compat: &Compat, forecast: &Forecast) -> Vec<String> {
        let mut known = HashSet::new();
        let keys = compat.ignored_keys(self.report, forecast).into_iter().map(|(_, key)| key);
        keys.filter(|key| known.insert(*key)).map(str::to_owned).collect()
    }

    fn json(&self, all: &[Compat]) -> String {
        let files = all.iter().map(|compat| {
            let releases = compat.forecasts.iter().map(|f| (f.release.clone(), self.release(compat, f)));
            File {
                path: self.path(compat).to_owned(),
                inside: self.report.inside(compat.file, compat.text).map(str::to_owned),
                kind: self.kind(compat).map(|kind| kind.id.to_owned()).unwrap_or_default(),
                not_judged: compat.is_template.then(|| "template".to_owned()),
                unread_imports: compat.unread_imports.iter().map(UnreadImport::of).collect(),
                verdicts: [(compat.product.id().to_owned(), releases.collect())].into(),
            }
        });
        let forecasts = Forecasts { version: 1, notes: self.notes.to_vec(), files: files.collect() };
        // Plain structs with text keys always serialise.
        printable::json(serde_json::to_string_pretty(&forecasts).unwrap_or_default() + "\n")
    }

    fn release(&self, compat: &Compat, forecast: &Forecast) -> Release {
        let findings = self.findings(forecast);
        let mut known = HashSet::new();
        let rules = findings.iter().map(|finding| finding.rule).filter(|rule| known.insert(*rule));
        let rules = rules.map(str::to_owned).collect();
        Release {
            verdict: forecast.verdict.id().to_owned(),
            depends_on_unread: compat.depends_on_unread(forecast),
            rules,
            ignored_keys: self.ignored(compat, forecast),
            reasons: findings.iter().map(|finding| finding.message.clone()).collect(),
            breaks: self.breaks_of(compat.product, forecast),
            patches: forecast.patches.iter().map(|patches| self.patches(compat, patches)).collect(),
        }
    }

    fn patches(&self, compat: &Compat, forecast: &Forecast) -> Patches {
        let findings = self.findings(forecast);
        let fault = |finding: &&Finding| Fault { rule: finding.rule.to_owned(), message: finding.message.clone() };
        Patches {
            releases: forecast.release.clone(),
            verdict: forecast.verdict.id().to_owned(),
            ignored_keys: self.ignored(compat, forecast),
            findings: findings.iter().map(fault).collect(),
            breaks: self.breaks_of(compat.product, forecast),
        }
    }

    fn text(&self, all: &[Compat]) -> String {
        let bold = self.style(Style::new().bold());
        let mut out = String::new();
        for compat in all {
            if !out.is_empty() {
                out.push('\n');
            }
            let title = self.kind(compat).map(|kind| kind.title).unwrap_or_default();
            let name = named(self.path(compat), self.report.inside(compat.file, compat.text));
            let _ = writeln!(out, "{}  {title}", escaped(&name).style(bold));
            for import in &compat.unread_imports {
                let _ = writeln!(out, "  {}", escaped(&unknown(import)));
            }
            if compat.is_template {
                let _ = writeln!(out, "  not judged: a template, which no daemon reads as is");
            } else if compat.forecasts.is_empty() {
                let _ = writeln!(out, "  no release of {} in the target", compat.product.title());
            }
            let parts = parts(compat);
            let rows: Vec<(String, &Forecast)> =
                parts.chunk_by(Part::is_same).filter_map(|run| Some((label(run), run.first()?.forecast))).collect();
            let width = rows.iter().map(|(releases, _)| releases.len()).max().unwrap_or(0).max(16);
            for (releases, forecast) in &rows {
                self.lines(&mut out, compat, &format!("{releases:width$}"), forecast);
            }
        }
        out
    }

    /// `12:6`, with the file's name where it is another than the one that the table is about.
    fn place(&self, compat: &Compat, finding: &Finding) -> String {
        let Some(file) = self.files.get(finding.file) else { return String::new() };
        let at = file.position(finding.span.start, Encoding::Char);
        let name = file.path.rsplit('/').next().unwrap_or_default();
        let name = if finding.file == compat.file { String::new() } else { format!("{name}:") };
        format!("{name}{}:{}", at.line + 1, at.column + 1)
    }

    /// A row for releases that do the same: `2.0 to 2.2  ignored   ...`.
    fn lines(&self, out: &mut String, compat: &Compat, releases: &str, forecast: &Forecast) {
        let indent = " ".repeat(releases.len() + 13);
        let product = compat.product;
        // A daemon that does not run breaks everything.
        let is_broken = forecast.verdict < Verdict::Failed && !forecast.breaks.is_empty();
        let verdict = self.style(match forecast.verdict {
            _ if is_broken => Style::new().red().bold(),
            Verdict::Accepted => Style::new().green(),
            Verdict::Ignored => Style::new().yellow(),
            Verdict::Failed | Verdict::Refused => Style::new().red().bold(),
        });
        let mark = match (is_broken, compat.depends_on_unread(forecast)) {
            (true, true) => "!?",
            (true, false) => "!",
            (false, true) => "?",
            (false, false) => "",
        };
        let head =
            format!("  {releases} {} ", format!("{:9}", format!("{}{mark}", forecast.verdict.id())).style(verdict));
        let findings = self.findings(forecast);
        let mut lines: Vec<String> = vec![];
        for (scope, finding) in self.breaks(product, forecast).filter(|_| is_broken) {
            let what = scope.describe(&finding.broken);
            lines.push(format!("{what}: {}: {} [{}]", self.place(compat, finding), finding.message, finding.rule));
        }
        let is_whole = |finding: &&&Finding| finding.breaks_in(product, forecast.set.newest()).is_none();
        for finding in findings.iter().filter(is_whole) {
            let effect = effect_in(product, forecast, finding);
            // Settings lost beside a refusal matter less than the refusal.
            if effect == forecast.verdict {
                lines.push(format!("{}: {} [{}]", self.place(compat, finding), finding.message, finding.rule));
            }
        }
        let keys = self.ignored(compat, forecast);
        if forecast.verdict == Verdict::Ignored {
            lines.push(format!("without effect: {}", keys.join(", ")));
        } else if !keys.is_empty() {
            lines.push(format!("also without effect: {}", keys.join(", ")));
        }
        if let Some(finding) = findings.first().filter(|_| forecast.verdict >= Verdict::Failed) {
            lines.push(finding.why.clone());
        }
        let options = textwrap::Options::new(self.terminal.width)
            .initial_indent(&indent)
            .subsequent_indent(&indent)
            .word_separator(WordSeparator::AsciiSpace)
            .word_splitter(WordSplitter::NoHyphenation);
        let body: Vec<String> = lines.iter().map(|line| textwrap::fill(&one_line(line), &options)).collect();
        let body = body.join("\n");
        let _ = writeln!(out, "{}", format!("{head}{}", body.trim_start()).trim_end());
    }

    fn style(&self, style: Style) -> Style {
        if self.terminal.color { style } else { Style::new() }
    }
}

/// The name of a file, with that of a text inside of it.
pub(crate) fn named<'n>(path: &'n str, inside: Option<&str>) -> Cow<'n, str> {
    inside.map_or(Cow::Borrowed(path), |inside| Cow::Owned(format!("{path}: {inside}")))
}

/// Patch releases of one release that do the same.
struct Part<'c> {
    /// The forecast of the release.
    release: &'c Forecast,
    /// The one that holds for these patches.
    forecast: &'c Forecast,
    /// The oldest and the newest patch release.
    first: &'static str,
    last: &'static str,
    /// Whether they are the oldest patches of the target, and the newest.
    begins: bool,
    ends: bool,
}

impl Part<'_> {
    fn is_same(&self, other: &Self) -> bool {
        self.forecast.is_same(other.forecast)
    }
}

/// The releases of a table, split where their patches differ, oldest first.
fn parts(compat: &Compat) -> Vec<Part<'_>> {
    let mut parts = vec![];
    for release in &compat.forecasts {
        let mut of_release: Vec<Part<'_>> = vec![];
        for (set, forecast) in release.by_patches() {
            let Some((first, last)) = set.patches(compat.product) else { continue };
            of_release.push(Part { release, forecast, first, last, begins: false, ends: false });
        }
        if let Some(oldest) = of_release.first_mut() {
            oldest.begins = true;
        }
        if let Some(newest) = of_release.last_mut() {
            newest.ends = true;
        }
        parts.extend(of_release);
    }
    parts
}

/// The releases of a row: `2.1`, `2.0 to 2.2`, `2.2.0 to 2.2.1`, `2.2.2 to 2.3`.
fn label(run: &[Part<'_>]) -> String {
    let [first, .., last] = run else {
        return run.first().map_or_else(String::new, |only| {
            match (only.begins && only.ends, only.first == only.last) {
                (true, _) => only.release.release.clone(),
                (_, true) => only.first.to_owned(),
                _ => format!("{} to {}", only.first, only.last),
            }
        });
    };
    let start = if first.begins { first.release.release.as_str() } else { first.first };
    let end = if last.ends { last.release.release.as_str() } else { last.last };
    format!("{start} to {end}")
}

/// The meaning of a finding for the release of a forecast.
fn effect_in(product: Product, forecast: &Forecast, finding: &Finding) -> Verdict {
    finding.effect_in(product, forecast.set.newest()).map_or(Verdict::Accepted, Verdict::of)
}

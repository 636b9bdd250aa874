//! `crilint show`: the configuration that a daemon has in the end, and the file that sets it.

use std::borrow::Cow;
use std::fmt::Write as _;

use crilint_core::engine::Options;
use crilint_core::releases::Product;
use crilint_core::report::ReportFile;
use crilint_core::show::{EffectiveSetting, SettingSource, Shown, page, reveal, show};
use crilint_core::syntax::edit::string;
use crilint_core::syntax::path::join;
use crilint_core::{Encoding, Finding, Report};
use owo_colors::{OwoColorize, Style};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::args::{ListFormat, ShowArgs};
use crate::check::{self, Session};
use crate::compat::named;
use crate::compat::{UnreadImport, unknown};
use crate::error::Error;
use crate::follow::Extent;
use crate::printable::{self, escaped};
use crate::read::Input;
use crate::terminal::Terminal;
use crate::{CLEAN, FAILURE, options, output, services};

/// Effective configurations, for programs.
#[derive(Serialize, Deserialize, JsonSchema, Debug, PartialEq)]
#[serde(deny_unknown_fields)]
#[schemars(extend("$id" = "https://crilint.github.io/crilint/schemas/show.schema.json"))]
pub struct Configurations {
    /// The version of this form; rises when a reader must change.
    pub version: u32,
    /// One for each file that a daemon is started with.
    pub configurations: Vec<Configuration>,
}

/// The effective configuration of a daemon.
#[derive(Serialize, Deserialize, JsonSchema, Debug, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Configuration {
    /// The file that the daemon is started with.
    pub path: String,
    /// The text inside of the file: its path on the node.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inside: Option<String>,
    /// The files merged over it, in their order.
    pub loads: Vec<String>,
    /// The files with the command line, whose flags win.
    #[serde(default)]
    pub commands: Vec<String>,
    /// `containerd`, `dockerd`, `kubelet` or `crictl`.
    pub program: String,
    /// Its imports that were not read: what they set is not among the settings.
    #[serde(default)]
    pub unread_imports: Vec<UnreadImport>,
    /// `containerd`, `docker` or `kubernetes`.
    pub product: String,
    /// The release.
    pub release: String,
    /// Whether the daemon starts.
    pub starts: bool,
    /// Why it does not start.
    pub reasons: Vec<Reason>,
    /// What fails though the daemon starts: a plugin, pods, a runtime or a registry.
    pub failures: Vec<Reason>,
    /// The settings, by path.
    pub settings: Vec<Value>,
    /// How many further settings are left out, because there are more than people read.
    #[serde(default)]
    pub omitted: usize,
}

/// A fault that keeps a daemon from starting, or a part of it from working.
#[derive(Serialize, Deserialize, JsonSchema, Debug, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// The file.
    pub path: String,
    /// The line in it, from 1.
    pub line: u32,
    /// The rule that reports it.
    pub rule: String,
    /// What is wrong.
    pub message: String,
}

/// What sets a value.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Copy, Debug, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum SetBy {
    /// A flag of the daemon.
    Flag,
    /// A file.
    File,
    /// The release.
    Default,
}

/// A setting.
#[derive(Serialize, Deserialize, JsonSchema, Debug, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Value {
    /// The key, as a path; a flag without a key by its name.
    pub key: String,
    /// The value.
    pub value: serde_json::Value,
    /// The file that sets it, by a flag too; nothing for a default.
    pub path: Option<String>,
    /// The line in it, from 1.
    pub line: Option<u32>,
    /// What sets it.
    pub set_by: SetBy,
    /// Whether nothing in the release reads the key.
    pub unused: bool,
    /// What the setting is about, on the page of a node.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
}

/// Runs the command and gives its exit code.
pub(crate) fn run(args: &ShowArgs, terminal: &Terminal) -> Result<u8, Error> {
    if args.services {
        return services::run(args, terminal);
    }
    let loaded = check::load(&args.input)?;
    let options = Options { target: options::target(&args.input, &loaded.config), ..Options::default() };
    let mut session = Session::open(&args.input, &loaded, options)?;
    let sources: Vec<_> = session.inputs.iter().map(Input::source).collect();
    let show = if args.reveal_secrets { reveal } else { show };
    let (report, all) = show(&sources, &session.options);
    drop(sources);
    session.errors.extend(check::unusable(&session, &report, &args.input));
    let files = session.inputs.iter().map(Input::reported).collect();
    let named = &args.input.paths;
    let is_page = !args.all && (named.is_empty() || named.iter().any(|path| path.is_dir()));
    let page = Page {
        files,
        roots: session.inputs.iter().map(root_of).collect(),
        report: &report,
        terminal,
        changed: args.changed,
        is_page,
    };
    let all: Vec<Shown> = all.into_iter().filter(|shown| is_page || shown.program != CRICTL).collect();
    output::print(&match args.format {
        ListFormat::Text if is_page => page.overview(&all),
        ListFormat::Text => page.text(&all),
        ListFormat::Json => page.json(&all),
    })?;
    if all.is_empty() && session.errors.is_empty() {
        session.errors.push(Error::NothingToShow);
    }
    session.close(terminal);
    Ok(if session.errors.is_empty() { CLEAN } else { FAILURE })
}

/// How many settings of a configuration are printed, and how many bytes of their values.
const MAX_SETTINGS: usize = 10_000;
const MAX_BYTES: usize = 1 << 20;

/// The program that is not a daemon: its file has a place on the page, and is not shown as a whole.
pub(crate) const CRICTL: &str = "crictl";

/// How far settings push their places to the right, in characters.
const WIDTH: usize = 76;

/// How effective configurations are printed.
pub(crate) struct Page<'p> {
    pub(crate) files: Vec<ReportFile<'p>>,
    /// The root of each file's node, as its path begins; nothing for this machine and for files of no node.
    pub(crate) roots: Vec<&'p str>,
    pub(crate) report: &'p Report,
    pub(crate) terminal: &'p Terminal,
    pub(crate) changed: bool,
    pub(crate) is_page: bool,
}

impl Page<'_> {
    pub(crate) fn path(&self, file: usize) -> &str {
        self.files.get(file).map(|file| file.path).unwrap_or_default()
    }

    fn line(&self, source: SettingSource) -> Option<(&str, u32)> {
        let SettingSource::Written(origin) = source else { return None };
        let file = self.files.get(origin.file)?;
        Some((file.path, file.position(origin.key.start, Encoding::Utf8).line + 1))
    }

    /// The settings to print, on the page with their subjects, and how many are left out. Aliases of YAML make millions of
    /// a few lines.
    fn settings<'s>(&self, shown: &'s Shown) -> (Vec<Printed<'s>>, usize) {
        let wanted = |(_, setting): &Printed<'_>| !self.changed || setting.source != SettingSource::Default;
        let whole = || shown.settings.iter().map(|setting| ("", setting)).collect();
        let mut all: Vec<Printed<'_>> = if self.is_page { page(shown) } else { whole() };
        all.retain(wanted);
        let mut bytes = 0;
        let mut fits = |(_, setting): &Printed<'_>| {
            bytes += setting.value.len();
            bytes <= MAX_BYTES
        };
        let kept = all.iter().take(MAX_SETTINGS).take_while(|setting| fits(setting)).count();
        let omitted = all.len() - kept;
        all.truncate(kept);
        (all, omitted)
    }

    /// The places as comments: TOML for containerd, YAML for the others.
    fn text(&self, all: &[Shown]) -> String {
        let bold = self.style(Style::new().bold());
        let mut out = String::new();
        for shown in all {
            if !out.is_empty() {
                out.push('\n');
            }
            let title = self.report.info(shown.file, shown.text).and_then(|f| f.kind).map_or("", |kind| kind.title);
            let release = release(shown);
            if let Some(line) = self.verdict(shown) {
                let _ = writeln!(out, "{}", format!("# {line}").style(bold));
            }
            let name = named(self.path(shown.file), self.report.inside(shown.file, shown.text));
            let head = format!("# {}: {title}, as {release} has it", escaped(&name));
            let _ = writeln!(out, "{}", head.style(bold));
            for file in &shown.loads {
                let _ = writeln!(out, "{}", format!("# and {}", escaped(self.path(*file))).style(bold));
            }
            for file in &shown.commands {
                let _ = writeln!(out, "{}", format!("# with the flags of {}", escaped(self.path(*file))).style(bold));
            }
            for import in &shown.unread_imports {
                let _ = writeln!(out, "{}", format!("# {}", escaped(&unknown(import))).style(bold));
            }
            // Settings of a table come before its sub-tables.
            let (settings, omitted) = self.settings(shown);
            let mut rows: Vec<_> = settings.into_iter().filter_map(|(_, s)| Some((s.path.split_last()?, s))).collect();
            match shown.product {
                Product::Containerd => {
                    rows.sort_by(|a, b| a.0.1.cmp(b.0.1));
                    self.toml(&mut out, shown, &rows);
                }
                _ => self.yaml(&mut out, shown, &rows),
            }
            if omitted > 0 {
                let _ = writeln!(out, "# {omitted} more settings are not shown: there are more than people read");
            }
        }
        out
    }

    /// The page: what does not start, then each daemon by subject.
    fn overview(&self, all: &[Shown]) -> String {
        let bold = self.style(Style::new().bold());
        let mut out = String::new();
        for line in self.verdicts(all) {
            let _ = writeln!(out, "{line}");
        }
        let mut last = "";
        for shown in all {
            let (settings, omitted) = self.settings(shown);
            if settings.is_empty() && shown.program == CRICTL {
                continue;
            }
            if !out.is_empty() {
                out.push('\n');
            }
            let root = self.root(shown.file);
            if root != last {
                let _ = writeln!(out, "{}\n", format!("Node {}", escaped(root)).style(bold));
                last = root;
            }
            let without = if shown.has_file { "" } else { ", without a configuration file" };
            let files = std::iter::once(&shown.file).chain(&shown.loads).chain(&shown.commands);
            let files: Vec<String> = files.map(|file| self.below(root, self.path(*file))).collect();
            let _ = writeln!(out, "{} ({}){without}", release(shown).style(bold), files.join(", "));
            self.rows(&mut out, shown, root, &settings);
            if omitted > 0 {
                let _ = writeln!(out, "  {omitted} more settings are not shown: there are more than people read");
            }
        }
        out
    }

    /// The settings of a daemon on the page, with their places as those of the node.
    fn rows(&self, out: &mut String, shown: &Shown, root: &str, settings: &[Printed<'_>]) {
        let dim = self.style(Style::new().dimmed());
        let mut last = "";
        let mut rows: Vec<(String, String)> = vec![];
        for (subject, setting) in settings {
            let label = if *subject == last { "" } else { *subject };
            last = subject;
            let value = printable::json(setting.value.clone());
            let entry = format!("  {label:14}{} = {value}", printable::json(short_key(setting)));
            rows.push((entry, self.origin(shown, setting, root)));
        }
        let width = rows.iter().map(|(entry, _)| entry.chars().count()).filter(|width| *width <= WIDTH).max();
        for (entry, origin) in rows {
            let _ = writeln!(out, "{entry:0$}  {1}", width.unwrap_or(0), format!("# {origin}").style(dim));
        }
    }

    /// What stands before the system's folders in the path of a file: nothing for this machine.
    pub(crate) fn root(&self, file: usize) -> &str {
        let root = self.roots.get(file).copied().unwrap_or_default();
        let is_below = self.path(file).strip_prefix(root).is_some_and(|rest| rest.starts_with('/'));
        if is_below { root } else { "" }
    }

    /// A path as the node has it.
    fn below(&self, root: &str, path: &str) -> String {
        escaped(path.strip_prefix(root).unwrap_or(path)).into_owned()
    }

    /// Which daemons do not start, or fail in part, a line each.
    pub(crate) fn verdicts(&self, all: &[Shown]) -> Vec<String> {
        all.iter().filter_map(|shown| self.verdict(shown)).collect()
    }

    /// Why the daemon does not start, or what of it fails, on one line.
    fn verdict(&self, shown: &Shown) -> Option<String> {
        let with = if self.is_page { "" } else { " with this" };
        let (verdict, findings) = match (shown.refusals.as_slice(), shown.failures.as_slice()) {
            ([], []) => return None,
            ([], failures) => (format!("starts{with}, but not all of it works"), failures),
            (refusals, _) => (format!("does not start{with}"), refusals),
        };
        let mut reasons = self.reasons(findings).into_iter();
        let Reason { path, line, rule, message } = reasons.next()?;
        let more = match reasons.count() {
            0 => String::new(),
            1 => ", and for another reason".to_owned(),
            more => format!(", and for {more} other reasons"),
        };
        let text = format!("{} {verdict}: {path}:{line}: {message} [{rule}]{more}", release(shown));
        Some(escaped(&text).into_owned())
    }

    pub(crate) fn reasons(&self, findings: &[usize]) -> Vec<Reason> {
        let findings = findings.iter().filter_map(|number| self.report.findings.get(*number));
        let reason = |finding: &Finding| {
            let file = self.files.get(finding.file)?;
            Some(Reason {
                path: file.path.to_owned(),
                line: file.position(finding.span.start, Encoding::Utf8).line + 1,
                rule: finding.rule.to_owned(),
                message: finding.message.clone(),
            })
        };
        findings.filter_map(reason).collect()
    }

    /// A flag is written in a file of the command line.
    fn set_by(&self, source: SettingSource) -> SetBy {
        let SettingSource::Written(origin) = source else { return SetBy::Default };
        let kind = self.report.files.get(origin.file).and_then(|file| file.kind);
        if kind.is_some_and(|kind| kind.id == "flags") { SetBy::Flag } else { SetBy::File }
    }

    fn toml(&self, out: &mut String, shown: &Shown, rows: &[((&String, &[String]), &EffectiveSetting)]) {
        let mut table: &[String] = &[];
        for ((name, parents), setting) in rows {
            if *parents != table {
                table = parents;
                let names: Vec<&str> = parents.iter().map(String::as_str).collect();
                let _ = writeln!(out, "\n[{}]", join(&names));
            }
            self.entry(out, shown, setting, &format!("{} = {}", join(&[name.as_str()]), setting.value));
        }
    }

    fn yaml(&self, out: &mut String, shown: &Shown, rows: &[((&String, &[String]), &EffectiveSetting)]) {
        let mut open: Vec<&String> = vec![];
        for ((name, parents), setting) in rows {
            let common = open.iter().zip(parents.iter()).take_while(|(a, b)| **a == *b).count();
            open.truncate(common);
            for parent in parents.iter().skip(common) {
                let _ = writeln!(out, "{}{}:", "  ".repeat(open.len()), yaml_key(parent));
                open.push(parent);
            }
            let indent = "  ".repeat(open.len());
            self.entry(
                out,
                shown,
                setting,
                &format!("{indent}{}: {}", yaml_key(name), printable::json(json(setting).to_string())),
            );
        }
    }

    fn entry(&self, out: &mut String, shown: &Shown, setting: &EffectiveSetting, entry: &str) {
        let dim = self.style(Style::new().dimmed());
        let _ = writeln!(out, "{entry:40} {}", format!("# {}", self.origin(shown, setting, "")).style(dim));
    }

    pub(crate) fn origin(&self, shown: &Shown, setting: &EffectiveSetting, root: &str) -> String {
        let place = self.line(setting.source);
        let origin = place.map_or_else(
            || format!("default of {}", shown.release),
            |(path, line)| {
                let flag = if self.set_by(setting.source) == SetBy::Flag { "flag in " } else { "" };
                format!("{flag}{}:{line}", self.below(root, path))
            },
        );
        if setting.unused { format!("{origin}, without effect: nothing reads it") } else { origin }
    }

    fn json(&self, all: &[Shown]) -> String {
        let configurations = all.iter().map(|shown| (shown, self.settings(shown)));
        let configurations = configurations.map(|(shown, (settings, omitted))| Configuration {
            path: self.path(shown.file).to_owned(),
            inside: self.report.inside(shown.file, shown.text).map(str::to_owned),
            loads: shown.loads.iter().map(|file| self.path(*file).to_owned()).collect(),
            commands: shown.commands.iter().map(|file| self.path(*file).to_owned()).collect(),
            program: shown.program.to_owned(),
            unread_imports: shown.unread_imports.iter().map(UnreadImport::of).collect(),
            product: shown.product.id().to_owned(),
            release: shown.release.to_owned(),
            starts: shown.starts(),
            reasons: self.reasons(&shown.refusals),
            failures: self.reasons(&shown.failures),
            settings: settings.into_iter().map(|(subject, setting)| self.value(subject, setting)).collect(),
            omitted,
        });
        let all = Configurations { version: 1, configurations: configurations.collect() };
        // Plain structs with text keys always serialise.
        printable::json(serde_json::to_string_pretty(&all).unwrap_or_default() + "\n")
    }

    pub(crate) fn value(&self, subject: &str, setting: &EffectiveSetting) -> Value {
        let names: Vec<&str> = setting.path.iter().map(String::as_str).collect();
        let place = self.line(setting.source);
        Value {
            key: join(&names),
            value: json(setting),
            path: place.map(|(path, _)| path.to_owned()),
            line: place.map(|(_, line)| line),
            set_by: self.set_by(setting.source),
            unused: setting.unused,
            subject: (!subject.is_empty()).then(|| subject.to_owned()),
        }
    }

    pub(crate) fn style(&self, style: Style) -> Style {
        if self.terminal.color { style } else { Style::new() }
    }
}

/// The root of a file's node as its path begins, without the last `/`.
pub(crate) fn root_of(input: &Input) -> &str {
    match &input.found.base {
        Some(base) if base.extent != Extent::Beside => base.shown.trim_end_matches('/'),
        _ => "",
    }
}

/// A setting to print, on the page with its subject.
type Printed<'s> = (&'static str, &'s EffectiveSetting);

/// The daemon with its release: `containerd 2.3`, `kubelet 1.36`.
pub(crate) fn release(shown: &Shown) -> String {
    match shown.program {
        "dockerd" => format!("Docker {}", shown.release),
        CRICTL => CRICTL.to_owned(),
        program => format!("{program} {}", shown.release),
    }
}

/// The path of a setting, below the plugin that it is one of.
fn short_key(setting: &EffectiveSetting) -> String {
    let names: Vec<&str> = setting.path.iter().map(String::as_str).collect();
    match names.as_slice() {
        ["plugins", _, rest @ ..] if !rest.is_empty() => join(rest),
        names => join(names),
    }
}

/// A name as a YAML key: in quotes unless it is plainly a word.
fn yaml_key(name: &str) -> Cow<'_, str> {
    let is_word = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '/'))
        && !matches!(
            name.to_ascii_lowercase().as_str(),
            "true" | "false" | "yes" | "no" | "on" | "off" | "null" | "y" | "n"
        );
    if is_word { name.into() } else { string(name).into() }
}

/// A setting's value; its text as is if it does not parse.
fn json(setting: &EffectiveSetting) -> serde_json::Value {
    let table: toml::Table = toml::from_str(&format!("x = {}", setting.value)).unwrap_or_default();
    let value = table.get("x").and_then(|value| serde_json::to_value(value).ok());
    value.unwrap_or_else(|| serde_json::Value::String(setting.value.clone()))
}

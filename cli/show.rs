//! `crilint show`: the configuration that a daemon has in the end, and the file that sets it.

use std::borrow::Cow;
use std::fmt::Write as _;

use crilint_core::engine::Options;
use crilint_core::releases::Product;
use crilint_core::report::ReportFile;
use crilint_core::show::{EffectiveSetting, SettingSource, Shown, reveal, show};
use crilint_core::syntax::edit::string;
use crilint_core::syntax::path::join;
use crilint_core::{Encoding, Report};
use owo_colors::{OwoColorize, Style};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::args::{ListFormat, ShowArgs};
use crate::check::{self, Session};
use crate::compat::named;
use crate::error::Error;
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
    /// `containerd`, `docker` or `kubernetes`.
    pub product: String,
    /// The release.
    pub release: String,
    /// The settings, by path.
    pub settings: Vec<Value>,
    /// How many further settings are left out, because there are more than people read.
    #[serde(default)]
    pub omitted: usize,
}

/// A setting.
#[derive(Serialize, Deserialize, JsonSchema, Debug, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Value {
    /// The key, as a path.
    pub key: String,
    /// The value.
    pub value: serde_json::Value,
    /// The file that sets it; nothing for a default.
    pub path: Option<String>,
    /// The line in it, from 1.
    pub line: Option<u32>,
    /// Whether nothing in the release reads the key.
    pub unused: bool,
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
    let page = Page { files, report: &report, terminal, changed: args.changed };
    output::print(&match args.format {
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

struct Page<'p> {
    files: Vec<ReportFile<'p>>,
    report: &'p Report,
    terminal: &'p Terminal,
    changed: bool,
}

impl Page<'_> {
    fn path(&self, file: usize) -> &str {
        self.files.get(file).map(|file| file.path).unwrap_or_default()
    }

    fn line(&self, source: SettingSource) -> Option<(&str, u32)> {
        let SettingSource::Written(origin) = source else { return None };
        let file = self.files.get(origin.file)?;
        Some((file.path, file.position(origin.key.start, Encoding::Utf8).line + 1))
    }

    /// The settings to print, and how many are left out. Aliases of YAML make millions of a few lines.
    fn settings<'s>(&self, shown: &'s Shown) -> (Vec<&'s EffectiveSetting>, usize) {
        let wanted = |setting: &&EffectiveSetting| !self.changed || setting.source != SettingSource::Default;
        let mut all: Vec<&EffectiveSetting> = shown.settings.iter().filter(wanted).collect();
        let mut bytes = 0;
        let mut fits = |setting: &&EffectiveSetting| {
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
            let release = format!("{} {}", shown.product.title(), shown.release);
            let name = named(self.path(shown.file), self.report.inside(shown.file, shown.text));
            let head = format!("# {}: {title}, as {release} has it", escaped(&name));
            let _ = writeln!(out, "{}", head.style(bold));
            for file in &shown.loads {
                let _ = writeln!(out, "{}", format!("# and {}", escaped(self.path(*file))).style(bold));
            }
            // Settings of a table come before its sub-tables.
            let (settings, omitted) = self.settings(shown);
            let mut rows: Vec<_> = settings.into_iter().filter_map(|s| Some((s.path.split_last()?, s))).collect();
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
        let _ = writeln!(out, "{entry:40} {}", format!("# {}", self.origin(shown, setting)).style(dim));
    }

    fn origin(&self, shown: &Shown, setting: &EffectiveSetting) -> String {
        let place = self.line(setting.source);
        let origin = place.map_or_else(
            || format!("default of {}", shown.release),
            |(path, line)| format!("{}:{line}", escaped(path)),
        );
        if setting.unused { format!("{origin}, without effect: nothing reads it") } else { origin }
    }

    fn json(&self, all: &[Shown]) -> String {
        let configurations = all.iter().map(|shown| (shown, self.settings(shown)));
        let configurations = configurations.map(|(shown, (settings, omitted))| Configuration {
            path: self.path(shown.file).to_owned(),
            inside: self.report.inside(shown.file, shown.text).map(str::to_owned),
            loads: shown.loads.iter().map(|file| self.path(*file).to_owned()).collect(),
            product: shown.product.id().to_owned(),
            release: shown.release.to_owned(),
            settings: settings.into_iter().map(|setting| self.value(setting)).collect(),
            omitted,
        });
        let all = Configurations { version: 1, configurations: configurations.collect() };
        // Plain structs with text keys always serialise.
        printable::json(serde_json::to_string_pretty(&all).unwrap_or_default() + "\n")
    }

    fn value(&self, setting: &EffectiveSetting) -> Value {
        let names: Vec<&str> = setting.path.iter().map(String::as_str).collect();
        let place = self.line(setting.source);
        Value {
            key: join(&names),
            value: json(setting),
            path: place.map(|(path, _)| path.to_owned()),
            line: place.map(|(_, line)| line),
            unused: setting.unused,
        }
    }

    fn style(&self, style: Style) -> Style {
        if self.terminal.color { style } else { Style::new() }
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

//! `crilint diff`: what the daemons of two nodes, images, folders or files have in the end, side by side.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use crilint_core::Report;
use crilint_core::engine::Options;
use crilint_core::show::{EffectiveSetting, Shown, mask, reveal};
use crilint_core::syntax::path::join;
use owo_colors::{OwoColorize, Style};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::args::{DiffArgs, InputArgs, ListFormat};
use crate::check::{self, Session};
use crate::error::Error;
use crate::printable::{self, escaped};
use crate::read::Input;
use crate::show::{CRICTL, Page, Reason, Value, release, root_of};
use crate::terminal::Terminal;
use crate::walk::shown as shown_path;
use crate::{CLEAN, FAILURE, FINDINGS, options, output};

/// A comparison, for programs.
#[derive(Serialize, Deserialize, JsonSchema, Debug, PartialEq)]
#[serde(deny_unknown_fields)]
#[schemars(extend("$id" = "https://crilint.github.io/crilint/schemas/diff.schema.json"))]
pub struct Comparison {
    /// The version of this form; rises when a reader must change.
    pub version: u32,
    /// Whether all daemons have the same settings on both sides, and start or do not start on both.
    pub same: bool,
    /// The daemons of both sides.
    pub daemons: Vec<ComparedDaemon>,
}

/// A daemon on both sides.
#[derive(Serialize, Deserialize, JsonSchema, Debug, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct ComparedDaemon {
    /// `containerd`, `dockerd` or `kubelet`.
    pub program: String,
    /// The daemon of the first side; nothing if that side has none.
    pub a: Option<ComparedSide>,
    /// The daemon of the second side; nothing if that side has none.
    pub b: Option<ComparedSide>,
    /// The settings that differ, by key; with `--all` every setting. None for a daemon of one side.
    pub settings: Vec<ComparedSetting>,
}

/// A daemon of one side.
#[derive(Serialize, Deserialize, JsonSchema, Debug, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct ComparedSide {
    /// The file that the daemon is started with; its unit, if it has none.
    pub path: String,
    /// The release.
    pub release: String,
    /// Whether the daemon starts.
    pub starts: bool,
    /// Why it does not start.
    pub reasons: Vec<Reason>,
}

/// A setting on both sides.
#[derive(Serialize, Deserialize, JsonSchema, Debug, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct ComparedSetting {
    /// The key, as a path.
    pub key: String,
    /// Whether both sides have the same value.
    pub same: bool,
    /// The value of the first side; nothing if it has none.
    pub a: Option<Value>,
    /// The value of the second side; nothing if it has none.
    pub b: Option<Value>,
}

/// Runs the command and gives its exit code.
pub(crate) fn run(args: &DiffArgs, terminal: &Terminal) -> Result<u8, Error> {
    let a = Side::open(&args.a, &args.target_a, args)?;
    let b = Side::open(&args.b, &args.target_b, args)?;
    let (page_a, page_b) = (a.page(terminal), b.page(terminal));
    let comparer = Comparer { a: &a, b: &b, page_a, page_b, all: args.all };
    let pairs = pairs(&a, &b);
    let is_same = pairs.iter().all(|pair| comparer.is_same(*pair));
    let heads = [&args.a, &args.b].map(|path| shown_path(path));
    output::print(&match args.format {
        ListFormat::Text => comparer.text(&pairs, is_same, &heads),
        ListFormat::Json => comparer.json(&pairs, is_same),
    })?;
    let has_errors = [&a, &b].iter().any(|side| !side.session.errors.is_empty());
    a.session.close(terminal);
    b.session.close(terminal);
    Ok(match (has_errors, is_same) {
        (true, _) => FAILURE,
        (false, true) => CLEAN,
        (false, false) => FINDINGS,
    })
}

/// One side of the comparison.
struct Side {
    session: Session,
    report: Report,
    /// The daemons with every secret, to compare.
    all: Vec<Shown>,
    /// The same to print.
    printed: Vec<Shown>,
}

impl Side {
    fn open(path: &Path, target: &[String], args: &DiffArgs) -> Result<Self, Error> {
        let is_node = ["etc", "var/lib", "usr/lib"].iter().any(|folder| path.join(folder).is_dir());
        let input = InputArgs {
            paths: if is_node { vec![] } else { vec![path.to_owned()] },
            target: args.target.iter().chain(target).cloned().collect(),
            root: is_node.then(|| path.to_owned()),
            kind: args.kind,
            stdin_path: None,
            skip_unknown: false,
            config: None,
            no_config: false,
        };
        let loaded = check::load(&input)?;
        let options = Options { target: options::target(&input, &loaded.config), ..Options::default() };
        let mut session = Session::open(&input, &loaded, options)?;
        let sources: Vec<_> = session.inputs.iter().map(Input::source).collect();
        let (report, mut all) = reveal(&sources, &session.options);
        drop(sources);
        session.errors.extend(check::unusable(&session, &report, &input));
        all.retain(|shown| shown.program != CRICTL);
        let mut printed = all.clone();
        if !args.reveal_secrets {
            mask(&report, &mut printed);
        }
        if all.is_empty() && session.errors.is_empty() {
            session.errors.push(Error::NothingToShow);
        }
        Ok(Self { session, report, all, printed })
    }

    fn page<'s>(&'s self, terminal: &'s Terminal) -> Page<'s> {
        let files = self.session.inputs.iter().map(Input::reported).collect();
        Page {
            files,
            roots: self.session.inputs.iter().map(root_of).collect(),
            report: &self.report,
            terminal,
            changed: false,
            is_page: true,
        }
    }

    /// The path of a daemon's file as its node has it.
    fn place(&self, number: usize) -> &str {
        let Some(input) = self.all.get(number).and_then(|shown| self.session.inputs.get(shown.file)) else { return "" };
        let path = input.reported().path;
        path.strip_prefix(root_of(input)).unwrap_or(path).trim_start_matches('/')
    }
}

/// A daemon of both sides, or of one, by its number among those of the side.
type Pair = (Option<usize>, Option<usize>);

/// The daemons of both sides: those of one program by the paths of their files, else in order.
fn pairs(a: &Side, b: &Side) -> Vec<Pair> {
    let mut rest: Vec<usize> = (0..b.all.len()).collect();
    let mut pairs: Vec<Pair> = vec![];
    let mut left = vec![];
    for (number, shown) in a.all.iter().enumerate() {
        let is_same = |other: &usize| {
            let program = b.all.get(*other).map(|other| other.program);
            program == Some(shown.program) && b.place(*other) == a.place(number)
        };
        match rest.iter().position(is_same) {
            Some(at) => pairs.push((Some(number), Some(rest.remove(at)))),
            None => left.push(number),
        }
    }
    for number in left {
        let program = a.all.get(number).map(|shown| shown.program);
        let at = rest.iter().position(|other| b.all.get(*other).map(|other| other.program) == program);
        pairs.push((Some(number), at.map(|at| rest.remove(at))));
    }
    pairs.extend(rest.into_iter().map(|number| (None, Some(number))));
    pairs.sort_by_key(|(number, other)| (number.is_none(), *number, *other));
    pairs
}

/// A setting of both sides, by its numbers in the lists of the daemon.
type SettingPair<'s> = [Option<(&'s EffectiveSetting, &'s EffectiveSetting)>; 2];

struct Comparer<'c> {
    a: &'c Side,
    b: &'c Side,
    page_a: Page<'c>,
    page_b: Page<'c>,
    all: bool,
}

impl Comparer<'_> {
    fn is_same(&self, (a, b): Pair) -> bool {
        let (Some(first), Some(second)) = (self.first(a), self.second(b)) else { return false };
        first.starts() == second.starts() && self.settings((a, b)).iter().all(is_equal)
    }

    fn first(&self, number: Option<usize>) -> Option<&Shown> {
        self.a.all.get(number?)
    }

    fn second(&self, number: Option<usize>) -> Option<&Shown> {
        self.b.all.get(number?)
    }

    /// The settings of a daemon, by key: each as it is and as it is printed.
    fn settings(&self, (a, b): Pair) -> Vec<SettingPair<'_>> {
        let mut all: BTreeMap<&[String], SettingPair<'_>> = BTreeMap::new();
        for (side, number, slot) in [(self.a, a, 0), (self.b, b, 1)] {
            let Some(number) = number else { return vec![] };
            let (Some(own), Some(printed)) = (side.all.get(number), side.printed.get(number)) else { continue };
            let own = own.settings.iter().chain(&own.registry_hosts);
            for pair in own.zip(printed.settings.iter().chain(&printed.registry_hosts)) {
                if let Some(place) = all.entry(&pair.0.path).or_default().get_mut(slot) {
                    *place = Some(pair);
                }
            }
        }
        all.into_values().collect()
    }

    /// The settings to print.
    fn wanted(&self, pair: Pair) -> Vec<SettingPair<'_>> {
        let mut settings = self.settings(pair);
        settings.retain(|setting| self.all || !is_equal(setting));
        settings
    }

    fn text(&self, pairs: &[Pair], is_same: bool, heads: &[String; 2]) -> String {
        let bold = self.page_a.style(Style::new().bold());
        let dim = self.page_a.style(Style::new().dimmed());
        let mut out = String::new();
        let [head_a, head_b] = heads;
        let _ = writeln!(out, "A  {}\nB  {}", escaped(head_a), escaped(head_b));
        for (side, shown) in [("A", self.page_a.verdicts(&self.a.all)), ("B", self.page_b.verdicts(&self.b.all))] {
            for line in shown {
                let _ = writeln!(out, "{side}: {line}");
            }
        }
        for (a, b) in pairs {
            let settings = self.wanted((*a, *b));
            let (first, second) = (self.first(*a), self.second(*b));
            let title = match (first, second) {
                (Some(first), Some(second)) if release(first) == release(second) => release(first),
                (Some(first), Some(second)) => format!("{}, {}", release(first), release(second)),
                (Some(one), None) => format!("{}: on A alone", release(one)),
                (None, Some(one)) => format!("{}: on B alone", release(one)),
                (None, None) => continue,
            };
            if first.is_some() && second.is_some() && settings.is_empty() {
                continue;
            }
            let files =
                [first.map(|shown| self.page_a.path(shown.file)), second.map(|shown| self.page_b.path(shown.file))];
            let files: Vec<_> = files.into_iter().flatten().map(escaped).collect();
            let _ = writeln!(out, "\n{} ({})", title.style(bold), files.join(", "));
            for setting in settings {
                let sides = [("A", &self.page_a, first), ("B", &self.page_b, second)];
                let Some((_, printed)) = setting.iter().flatten().next() else { continue };
                let names: Vec<&str> = printed.path.iter().map(String::as_str).collect();
                let _ = writeln!(out, "  {}", printable::json(join(&names)));
                for ((name, page, shown), value) in sides.into_iter().zip(setting) {
                    let (Some(shown), Some((_, value))) = (shown, value) else {
                        let _ = writeln!(out, "    {name}  {}", "not set".style(dim));
                        continue;
                    };
                    let text = printable::json(value.value.clone());
                    let origin = format!("# {}", page.origin(shown, value, ""));
                    let _ = writeln!(out, "    {name}  {text}  {}", origin.style(dim));
                }
            }
        }
        if is_same {
            let count = pairs.iter().filter(|pair| pair.0.is_some()).count();
            let _ = writeln!(out, "no differences in {count} {}", if count == 1 { "daemon" } else { "daemons" });
        }
        out
    }

    fn json(&self, pairs: &[Pair], same: bool) -> String {
        let daemon = |pair: &Pair| {
            let (first, second) = (self.first(pair.0), self.second(pair.1));
            let settings = self.wanted(*pair).into_iter().filter_map(|setting| {
                let [a, b] = setting;
                let a = a.map(|(_, value)| self.page_a.value("", value));
                let b = b.map(|(_, value)| self.page_b.value("", value));
                let key = a.as_ref().or(b.as_ref())?.key.clone();
                Some(ComparedSetting { key, same: is_equal(&setting), a, b })
            });
            Some(ComparedDaemon {
                program: first.or(second)?.program.to_owned(),
                a: first.map(|shown| side(&self.page_a, shown)),
                b: second.map(|shown| side(&self.page_b, shown)),
                settings: settings.collect(),
            })
        };
        let comparison = Comparison { version: 1, same, daemons: pairs.iter().filter_map(daemon).collect() };
        // Plain structs with text keys always serialise.
        printable::json(serde_json::to_string_pretty(&comparison).unwrap_or_default() + "\n")
    }
}

/// Whether both sides have the same value, and both or none of them is without effect.
fn is_equal(setting: &SettingPair<'_>) -> bool {
    match setting {
        [Some((a, _)), Some((b, _))] => a.value == b.value && a.unused == b.unused,
        _ => false,
    }
}

fn side(page: &Page<'_>, shown: &Shown) -> ComparedSide {
    ComparedSide {
        path: page.path(shown.file).to_owned(),
        release: shown.release.clone(),
        starts: shown.starts(),
        reasons: page.reasons(&shown.refusals),
    }
}

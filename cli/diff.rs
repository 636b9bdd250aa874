//! `--diff`: what `--fix` would change, as a patch. A patch is applied, so nothing in it is masked: on standard output
//! hunks that hold a secret are left out, on a terminal they are shown masked, and `--output-file` gets all of them.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, IsTerminal as _};
use std::path::Path;
use std::time::Duration;

use crilint_core::secrets::Secrets;
use crilint_core::{Report, Source, engine};
use owo_colors::{OwoColorize, Style};
use similar::{Algorithm, ChangeTag, TextDiff};

use crate::args::CheckArgs;
use crate::check::Session;
use crate::disk;
use crate::error::Error;
use crate::fix::fixed;
use crate::output;
use crate::printable;
use crate::read::Input;
use crate::terminal::Terminal;
use crate::walk::shown;
use crate::{CLEAN, FINDINGS};

/// How long to look for the shortest patch of a file.
const LONGEST_SEARCH: Duration = Duration::from_millis(200);

/// The treatment of a hunk that holds a secret.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Secret {
    /// The hunk is part of the patch.
    Kept,
    /// The hunk is left out.
    Omitted,
    /// The secrets are masked.
    Masked,
}

/// Prints what fixing would change, or writes it to a file.
pub(crate) fn run(session: &Session, report: &Report, args: &CheckArgs, terminal: &Terminal) -> Result<u8, Error> {
    if let Some(path) = args.output_file.as_deref().filter(|path| is_input(session, path)) {
        return Err(Error::OutputIsInput(shown(path)));
    }
    let texts = fixed(session, report, args);
    let is_changed = session.inputs.iter().zip(&texts).any(|(input, text)| input.text != *text);
    let how = match &args.output_file {
        Some(_) => Secret::Kept,
        None if terminal.color || io::stdout().is_terminal() => Secret::Masked,
        None => Secret::Omitted,
    };
    let after = if is_changed && how != Secret::Kept { secrets_of(session, &texts) } else { Secrets::default() };
    let mut patch = Patch { how, before: &report.secrets, after: &after, terminal, text: String::new() };
    for (file, (input, text)) in session.inputs.iter().zip(&texts).enumerate() {
        patch.file(file, input, text);
    }
    match &args.output_file {
        // A file that is there is not given up for an empty patch.
        Some(path) if is_changed => write(path, &patch.text)?,
        Some(_) => {}
        None => output::print(&patch.text)?,
    }
    if !args.quiet && !is_changed {
        output::note("nothing to fix");
    }
    Ok(if is_changed { FINDINGS } else { CLEAN })
}

/// Whether a path, after all links, is a file that is checked.
fn is_input(session: &Session, path: &Path) -> bool {
    let Ok(path) = path.canonicalize() else { return false };
    let is_same =
        |input: &Input| input.found.place.path().and_then(|file| file.canonicalize().ok()) == Some(path.clone());
    session.inputs.iter().any(is_same)
}

fn write(path: &Path, text: &str) -> Result<(), Error> {
    disk::write_private(path, text.as_bytes()).map_err(|reason| Error::Write { path: shown(path), reason })
}

/// The secrets of the texts after fixing: a text that reads again may show more of them.
fn secrets_of(session: &Session, texts: &[String]) -> Secrets {
    let sources = session.inputs.iter().zip(texts).map(|(input, text)| Source { text, ..input.source() });
    engine::check(&sources.collect::<Vec<_>>(), &session.options).secrets
}

struct Patch<'p> {
    how: Secret,
    before: &'p Secrets,
    after: &'p Secrets,
    terminal: &'p Terminal,
    text: String,
}

impl Patch<'_> {
    /// Adds a unified diff that `patch -p0` takes; nothing if the file does not change.
    fn file(&mut self, file: usize, input: &Input, text: &str) {
        if input.text == text {
            return;
        }
        let path = printable::in_patch(&input.found.shown);
        let (old, new) = (masked(self.before, file, &input.text), masked(self.after, file, text));
        let (old, new) = (lines_of(&old), lines_of(&new));
        let (plain_old, plain_new) = (lines_of(&input.text), lines_of(text));
        // Lines that occur once are anchors, so that the cost is linear where many lines change. Where hardly any line
        // occurs once, the patch is right in any case, and the shortest one is not worth waiting for.
        let diff = TextDiff::configure()
            .algorithm(Algorithm::Patience)
            .timeout(LONGEST_SEARCH)
            .diff_slices(&plain_old, &plain_new);
        let mut head = format!("--- {path}\n+++ {path}\n");
        for hunk in diff.unified_diff().iter_hunks() {
            let mut lines = String::new();
            let mut secret = None;
            for change in hunk.iter_changes() {
                let old_line = change.old_index().and_then(|i| old.get(i));
                let new_line = change.new_index().and_then(|i| new.get(i));
                // A line that stays may be a secret in one of the texts alone.
                let shown = [old_line, new_line].into_iter().flatten().find(|line| **line != change.value());
                if shown.is_some() && secret.is_none() {
                    secret = change.old_index().or(hunk.ops().first().map(|op| op.old_range().start));
                }
                let value = if self.how == Secret::Masked { shown.copied() } else { None };
                let value = value.unwrap_or(change.value());
                let color = match change.tag() {
                    ChangeTag::Delete => Style::new().red(),
                    ChangeTag::Insert => Style::new().green(),
                    ChangeTag::Equal => Style::new(),
                };
                let value = value.trim_end_matches('\n');
                // A patch holds the bytes of the file; people are shown what they can see.
                let value = if self.how == Secret::Masked { printable::lines(value) } else { value.into() };
                let line = format!("{}{value}", change.tag());
                let _ = writeln!(lines, "{}", line.style(self.paint(color)));
                if change.missing_newline() {
                    lines.push_str("\\ No newline at end of file\n");
                }
            }
            if let Some(line) = secret.filter(|_| self.how == Secret::Omitted) {
                output::note(&format!(
                    "{path}:{}: a change that holds a secret is left out; --diff --output-file FILE writes the whole patch",
                    line + 1
                ));
                continue;
            }
            self.text.push_str(&std::mem::take(&mut head));
            let _ = writeln!(self.text, "{}", hunk.header().style(self.paint(Style::new().cyan())));
            self.text.push_str(&lines);
        }
    }

    fn paint(&self, style: Style) -> Style {
        if self.terminal.color && self.how != Secret::Kept { style } else { Style::new() }
    }
}

/// The lines of a text as patches count them: a carriage return alone ends none.
fn lines_of(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

/// A text with its secrets masked; it has the same lines.
fn masked<'t>(secrets: &Secrets, file: usize, text: &'t str) -> Cow<'t, str> {
    secrets.source(file, text).map_or(Cow::Borrowed(text), |masked| Cow::Owned(masked.text))
}

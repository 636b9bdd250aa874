//! `crilint.toml`: the settings that hold for all files of a repository. This is the only reader of it: the command
//! line and the Wasm module both get a [`Config`] from here, the latter also from a JavaScript object with the same
//! keys.
//!
//! `read` turns a tree into a [`Config`], `selection` decides which rules run, `glob` matches paths.

mod fault;
mod glob;
mod read;
mod selection;

pub use fault::Fault;
pub use glob::Glob;
pub use read::SETTINGS;
pub use selection::Selection;

use crate::engine::{Options, Selector, Target};
use crate::finding::Severity;
use crate::kind::Kind;
use crate::syntax::{self, Document};

/// What holds for the files of a repository.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Config {
    /// The releases that matter.
    pub target: Target,
    /// Which rules run, and with which severity.
    pub selection: Selection,
    /// From which severity on findings make the exit code 1.
    pub fail_on: Option<FailOn>,
    /// What holds for some files.
    pub files: Vec<FileRules>,
    /// Folders whose files are one node each, as if the folder were `/`.
    pub nodes: Vec<String>,
}

/// From which severity on findings make the exit code 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

/// What holds for some files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileRules {
    /// Which files.
    pub path: Glob,
    /// What they are, whatever their names and content.
    pub kind: Option<&'static Kind>,
    /// Rules that do not report on them.
    pub ignore: Vec<Selector>,
    /// Whether they are not checked.
    pub exclude: bool,
}

impl Config {
    /// Reads the text of a `crilint.toml`.
    ///
    /// # Errors
    /// The first fault, with its place.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        Self::of(&syntax::toml::read(text))
    }

    /// Reads a tree with the keys of a `crilint.toml`.
    ///
    /// # Errors
    /// The first fault, with its place.
    pub fn of(doc: &Document<'_>) -> Result<Self, Fault> {
        let config = match doc.problems.first() {
            Some(problem) => Err(Fault { span: problem.span, message: problem.message.clone() }),
            None => read::config(&doc.root),
        };
        config.map_err(|fault| fault.masked(doc.text))
    }

    /// How to check with it.
    #[must_use]
    pub fn options(&self) -> Options {
        let levels = self.selection.levels(&Selection::default());
        Options { target: self.target.clone(), levels, ..Options::default() }
    }

    /// The entries of `files` that match a file; its path is relative to the configuration's folder.
    pub fn rules_for(&self, path: &str) -> Vec<&FileRules> {
        self.files.iter().filter(|rules| rules.path.matches(path)).collect()
    }
}

impl FailOn {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Error, Self::Warning, Self::Info, Self::Never];

    /// The word in settings and arguments.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Info => "info",
            Self::Never => "never",
        }
    }

    /// Whether a finding of this severity makes the exit code 1.
    #[must_use]
    pub fn includes(self, severity: Severity) -> bool {
        match self {
            Self::Error => severity >= Severity::Error,
            Self::Warning => severity >= Severity::Warning,
            Self::Info => true,
            Self::Never => false,
        }
    }
}

//! What a repository says once for all its files: the content of `crilint.toml`, from TOML or any other tree.
//!
//! The command line reads the same file by its own schema, which it publishes; what the words mean is decided here for
//! both ([`Selection`]).

mod glob;
mod read;
mod selection;

pub use glob::Glob;
pub use read::Fault;
pub use selection::Selection;

use crate::engine::{Options, Selector, Target};
use crate::kind::Kind;
use crate::releases::Product;
use crate::syntax::Node;

/// What holds for the files of a repository.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Config {
    /// The releases that matter.
    pub target: Target,
    /// Which rules run and how loud they are.
    pub selection: Selection,
    /// What holds for some files.
    pub files: Vec<FileRules>,
    /// Folders whose files are one host each.
    pub hosts: Vec<String>,
}

/// What holds for some files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileRules {
    /// Which files.
    pub path: Glob,
    /// What they are, whatever their names and content.
    pub kind: Option<&'static Kind>,
    /// Rules that say nothing about them.
    pub ignore: Vec<Selector>,
    /// Whether they are left alone.
    pub exclude: bool,
}

impl Config {
    /// Reads a configuration; nothing of it counts when something is wrong.
    ///
    /// # Errors
    /// The first fault, with its place.
    pub fn read(root: &Node<'_>) -> Result<Self, Fault> {
        read::config(root)
    }

    /// How to check with it.
    #[must_use]
    pub fn options(&self) -> Options {
        let levels = self.selection.levels(&Selection::default());
        Options { target: self.target, levels, ..Options::default() }
    }

    /// What is said about a file; its path is relative to the configuration's folder.
    pub fn rules_for<'c>(&'c self, path: &'c str) -> impl Iterator<Item = &'c FileRules> {
        self.files.iter().filter(move |rules| rules.path.meets(path))
    }

    /// The releases of a product that it names.
    #[must_use]
    pub fn names(&self, product: Product) -> bool {
        self.target.names(product)
    }
}

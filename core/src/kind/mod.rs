//! What a kind of file is, a file of a kind, and the files of one node: plain data, without any daemon.

mod known;
mod kubelet;
mod node;
pub(crate) mod places;
mod setting;
pub mod unknown_name;
mod view;
mod written;

pub use known::{KnownPaths, SourceState};
pub(crate) use kubelet::{ExtraArgs, GateState, KubeletNode};
pub(crate) use node::ArgvPlace;
pub use node::{Import, Imports, NodeFiles, root_of};
pub use setting::{EffectiveSetting, Origin, SettingSource};
pub(crate) use setting::{NodeValue, NodeValues, SettingPlace, ValueSource};
pub use view::View;
pub(crate) use written::WrittenSetting;

use std::collections::HashSet;

use crate::keys::{Lookup, Place, Table};
use crate::releases::{Product, Releases};
use crate::syntax::template::TemplateForm;
use crate::syntax::{Document, Format, Node};
use crate::text::Span;

/// A kind of file. Compare by [`Kind::id`].
pub struct Kind {
    /// The name in options and reports.
    pub id: &'static str,
    /// The name in sentences.
    pub title: &'static str,
    /// The product whose releases matter.
    pub product: Product,
    /// The formats of its files; the first is that of a text whose path does not show another one.
    pub(crate) formats: &'static [Format],
    /// The usual places of such files, for texts.
    pub places: &'static [&'static str],
    /// Replaces wrapped documents by what they wrap, before anything else looks at the tree, or completes a part of a
    /// file, by its path.
    pub(crate) unwrap: fn(&mut Document<'_>, &str),
    /// The nodes that hold a configuration of this kind; usually the root alone.
    pub(crate) bodies: for<'t, 'a> fn(&'t Document<'a>) -> Vec<&'t Node<'a>>,
    /// The first of them; the root if there is none.
    pub(crate) body: for<'t, 'a> fn(&'t Document<'a>) -> &'t Node<'a>,
    /// The key table for a body.
    pub(crate) table: fn(&Node<'_>) -> Option<&'static Table>,
    /// How names are looked up in it.
    pub(crate) lookup: Lookup,
    /// The config version written in a body, and the releases that read it.
    pub(crate) version: fn(&Node<'_>) -> (Option<i64>, Releases),
    /// Whether the daemon skips a file, by its path.
    pub(crate) skips: fn(&str) -> bool,
    /// How some releases read a file as one of another config version.
    pub(crate) rereads: &'static [Reread],
    /// What the daemon's decoder makes of a body in which names are written twice; nothing where that is the body.
    pub(crate) decode: for<'a> fn(&Node<'a>) -> Option<Node<'a>>,
    /// Whether the literal parts of a template are judged, and what then completes them: the text that its base has.
    pub(crate) complete_template: Option<fn(&mut Document<'_>, &str)>,
}

/// How some releases read a file as one of another config version.
#[derive(Clone, Copy)]
pub(crate) struct Reread {
    /// Those releases.
    pub(crate) releases: Releases,
    /// Makes the tree what these releases see; whether it differs from the text.
    pub(crate) change: fn(&mut Document<'_>) -> bool,
    /// Whether rules report what follows from it, rather than only that it happens.
    pub(crate) is_reported: bool,
}

impl Kind {
    /// What holds for most kinds. A kind names what differs and ends with `..Kind::DEFAULTS`.
    pub(crate) const DEFAULTS: Self = Self {
        id: "",
        title: "",
        product: Product::Kubernetes,
        formats: &[],
        places: &[],
        unwrap: |_, _| {},
        bodies: |doc| vec![&doc.root],
        body: |doc| &doc.root,
        table: |_| None,
        lookup: EXACT,
        version: |_| (None, Releases::ANY),
        skips: |_| false,
        rereads: &[],
        decode: |_| None,
        complete_template: None,
    };

    /// The formats of its files.
    #[must_use]
    pub fn formats(&self) -> &'static [Format] {
        self.formats
    }

    /// The format of a text whose path does not show another one.
    pub(crate) fn format(&self) -> Format {
        self.formats.first().copied().unwrap_or(Format::Yaml)
    }

    /// Whether names right below a place match in any letter case.
    #[must_use]
    pub fn ignores_case(&self, place: Place) -> bool {
        (self.lookup.any_case)(place)
    }
}

impl PartialEq for Kind {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Kind {}

impl std::fmt::Debug for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.id)
    }
}

/// Who may read and change a file of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileAttributes {
    /// The permission bits.
    pub mode: u32,
    /// The number of its user.
    pub owner: u32,
    /// The number of its group.
    pub group: u32,
}

/// A text with its kind.
#[derive(Debug)]
pub struct File<'a> {
    /// The index of the file in the report.
    pub index: usize,
    /// The path as given, with `/`.
    pub path: &'a str,
    /// The root of its node, as the paths are written: `/`, `images/a/`.
    pub root: &'a str,
    /// The tree.
    pub doc: Document<'a>,
    /// The kind.
    pub kind: &'static Kind,
    /// The config version written in it (containerd's `version`).
    pub config_version: Option<i64>,
    /// The releases that read a file of this config version.
    pub admits: Releases,
    /// The releases it is judged for: what the user targets, cut to what the file admits.
    pub releases: Releases,
    /// The form of the template that the text is, if it is one.
    pub(crate) template: Option<TemplateForm>,
    /// Who may read and change it, where it was read from a node.
    pub(crate) attributes: Option<FileAttributes>,
    /// The tree is what some releases see rather than what is written.
    pub(crate) reread: bool,
    /// What the daemon's decoder makes of the first body, where that is something else.
    pub(crate) decoded: Option<Node<'a>>,
    /// The names of variables that reach no command line, by what other files of the node set.
    pub(crate) unread: HashSet<Span>,
    /// The names of the programs that variables reach, by the places of the variables' names, in order.
    pub(crate) reached: Vec<(Span, &'static str)>,
}

impl<'a> File<'a> {
    /// Whether nothing of the text is judged: a template whose literal parts may be left out or repeated.
    #[must_use]
    pub(crate) fn is_unjudged(&self) -> bool {
        match self.template {
            None => false,
            Some(form) => form == TemplateForm::Statements || self.kind.complete_template.is_none(),
        }
    }

    /// A path written in the file, as the paths of its node are.
    #[must_use]
    pub(crate) fn on_node(&self, written: &str) -> String {
        let folder = self.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        places::on_node(self.root, folder, written)
    }

    /// The nodes that hold a configuration of the file's kind.
    #[must_use]
    pub fn bodies<'t>(&'t self) -> Vec<&'t Node<'a>> {
        (self.kind.bodies)(&self.doc)
    }

    /// The first of them; the root if there is none.
    #[must_use]
    pub fn body<'t>(&'t self) -> &'t Node<'a> {
        (self.kind.body)(&self.doc)
    }

    /// The settings of the first body as the daemon works with them.
    #[must_use]
    pub(crate) fn settings<'t>(&'t self) -> &'t Node<'a> {
        self.decoded.as_ref().unwrap_or_else(|| self.body())
    }

    /// The last part of the path.
    #[must_use]
    pub fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(self.path)
    }
}

/// Exact names, nothing free.
pub(crate) const EXACT: Lookup = Lookup { any_case: |_| false, free: |_, _| false };

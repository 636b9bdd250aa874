//! The engine: reads sources, runs the rules, and applies suppressions, levels and targets once for all of them.
//!
//! The unit of work is one node. [`check`] is a loop over nodes, and nothing of one reaches another, so that they may
//! be checked in any order. In [`node`] is what happens to one: `read` opens its files, the rules run, `reread` adds
//! what is wrong in releases that take a file for another, `stages` is for what daemons do with failures of others,
//! `settle` cuts the findings to the user's releases, and `suppress` drops what comments silence. `fixes` applies
//! fixes.

mod fixes;
mod inside;
mod node;
mod options;
mod read;
mod reread;
mod settle;
mod stages;
mod suppress;
mod target;
mod wanted;

pub use fixes::{FixFault, FixedTexts, fault, fix, fix_once, fixable, withdraw};
pub use options::{Level, Options, Selector};
pub use read::identify;
pub(crate) use read::open;
pub use target::{Target, TargetRelease};
pub use wanted::wanted;

use crate::finding::Finding;
pub use crate::kind::SourceState;
use crate::kind::{FileAttributes, Kind, NodeFiles};
use crate::order;
use crate::releases::Releases;
use crate::secrets::Secrets;
use crate::text::Span;
use inside::NumberedText;

/// What stands at a path of a node: a text to check, or what is known of a path that has none.
#[derive(Clone, Debug, Default)]
pub struct Source<'a> {
    /// The path, with `/`; decides on the kind of the file, and on the files of its node.
    pub path: &'a str,
    /// The content; empty for what is not a text.
    pub text: &'a str,
    /// What stands at the path. Only a text is a file to check.
    pub state: SourceState<'a>,
    /// The kind, where the user names it.
    pub kind: Option<&'static Kind>,
    /// The node it belongs to; sources with the same number form one node.
    pub node: usize,
    /// Rules that do not report on it.
    pub ignore: &'a [Selector],
    /// Where the text stands for bytes that are not UTF-8, if it does.
    pub invalid_utf8: Option<usize>,
    /// Whether fixing leaves it as it is: its bytes are not UTF-8, so the text is not what the file holds.
    pub frozen: bool,
    /// Who may read and change it, where it was read from a node. Files of a repository have those of the checkout,
    /// which mean nothing.
    pub attributes: Option<FileAttributes>,
}

/// The result of a check.
#[derive(Debug)]
pub struct Report {
    /// The kind that each source was taken for, in their order.
    pub files: Vec<FileInfo>,
    /// The findings; what people read of them holds no secret. [`check`] gives those of a node together, the most
    /// urgent first, those of one urgency by file and place.
    pub findings: Vec<Finding>,
    /// The secrets of the sources, for front ends that show more than the findings.
    pub secrets: Secrets,
}

/// The kind that a source was taken for.
#[derive(Clone, Debug)]
pub struct FileInfo {
    /// The kind; nothing if crilint does not support it.
    pub kind: Option<&'static Kind>,
    /// The config version that the file sets.
    pub config_version: Option<i64>,
    /// The releases it was judged for.
    pub releases: Releases,
    /// Whether it is a template.
    pub is_template: bool,
    /// Whether its syntax is in order.
    pub reads: bool,
    /// How many syntax faults it has, whether reported or not.
    pub faults: usize,
    /// The texts inside of it; [`Finding::text`] counts them from 1.
    pub texts: Vec<TextInfo>,
}

/// A text inside of a source.
#[derive(Clone, Debug)]
pub struct TextInfo {
    /// Where it goes on the node: a path, or the keys of a part of the tree.
    pub name: String,
    /// What it was taken for.
    pub info: FileInfo,
}

/// A file as an index into the sources, and the number of a text inside of it; 0 is the file itself.
pub(crate) type TextPlace = (usize, usize);

/// Where the files of a node stand, for callers of [`examine`].
#[derive(Clone, Copy, Debug)]
pub(crate) enum NodePlace<'p> {
    /// They are sources: these of all.
    Sources(&'p [usize]),
    /// They are texts inside of a source.
    Inside(usize, &'p [&'p NumberedText]),
}

impl NodePlace<'_> {
    /// The source of a file of the node, and the number of the text in it, counted from 1; 0 is the source itself.
    pub(crate) fn of(&self, file: usize) -> (usize, usize) {
        match self {
            Self::Sources(files) => (files.get(file).copied().unwrap_or(file), 0),
            Self::Inside(source, texts) => (*source, texts.get(file).map_or(0, |text| text.number)),
        }
    }

    /// A place in the source.
    pub(crate) fn span(&self, file: usize, span: Span) -> Span {
        match self {
            Self::Sources(_) => span,
            Self::Inside(_, texts) => texts.get(file).map_or(span, |text| text.text.map.outer(span)),
        }
    }
}

/// The purpose of findings.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// For people: suppressions count, and a release that does not read the file is reported once.
    Report,
    /// For fixes: the same, and nothing is left out of the list.
    Fix,
    /// For verdicts: everything that happens in a release counts.
    Verdict,
}

/// The sources of one node.
struct NodeSources<'s, 'a> {
    /// As indices of all sources, in order.
    files: Vec<usize>,
    sources: Vec<&'s Source<'a>>,
}

/// Checks sources: each node by itself.
#[must_use]
pub fn check(sources: &[Source<'_>], options: &Options) -> Report {
    let mut report = examine(sources, options, Purpose::Report, |_, _| {});
    report.put_urgent_first(|file| sources.get(file).map_or(0, |source| source.node));
    report
}

/// Checks the sources of one node together, whatever their [`Source::node`].
#[must_use]
pub fn check_node(sources: &[&Source<'_>], options: &Options) -> Report {
    let mut report = node::examine(sources, options, Purpose::Report, &mut |_, _| {});
    report.put_urgent_first(|_| 0);
    report
}

/// Checks sources for a purpose, each node by itself; `look` sees each node, and where its files stand.
pub(crate) fn examine(
    sources: &[Source<'_>],
    options: &Options,
    purpose: Purpose,
    mut look: impl FnMut(&NodeFiles<'_, '_>, NodePlace<'_>),
) -> Report {
    let mut all = Report::of_none(sources.len());
    for node in by_node(sources) {
        let mut look = |files: &NodeFiles<'_, '_>, place: NodePlace<'_>| match place {
            NodePlace::Sources(_) => look(files, NodePlace::Sources(&node.files)),
            NodePlace::Inside(source, texts) => {
                look(files, NodePlace::Inside(node.files.get(source).copied().unwrap_or(source), texts));
            }
        };
        let report = node::examine(&node.sources, options, purpose, &mut look);
        all.add(report, &node.files);
    }
    // Within a file they are in order.
    order::by_key(&mut all.findings, |finding| finding.file);
    all
}

fn by_node<'s, 'a>(sources: &'s [Source<'a>]) -> Vec<NodeSources<'s, 'a>> {
    let mut all: Vec<(usize, &Source<'_>)> = sources.iter().enumerate().collect();
    order::by_key(&mut all, |(_, source)| source.node);
    let nodes = all.chunk_by(|(_, a), (_, b)| a.node == b.node);
    nodes.map(|node| node.iter().copied().unzip()).map(|(files, sources)| NodeSources { files, sources }).collect()
}

impl Report {
    fn of_none(files: usize) -> Self {
        Self { files: vec![FileInfo::UNKNOWN; files], findings: vec![], secrets: Secrets::of_none(files) }
    }

    /// What is known of a text inside of a file, by its number; of the file itself for 0.
    #[must_use]
    pub fn info(&self, file: usize, text: usize) -> Option<&FileInfo> {
        let info = self.files.get(file)?;
        if text == 0 { Some(info) } else { info.texts.get(text - 1).map(|text| &text.info) }
    }

    /// The name of a text inside of a file, by its number; nothing for the file itself.
    #[must_use]
    pub fn inside(&self, file: usize, text: usize) -> Option<&str> {
        Some(self.files.get(file)?.texts.get(text.checked_sub(1)?)?.name.as_str())
    }

    /// Puts findings, which are by file and place, into the reader's order.
    fn put_urgent_first(&mut self, node_of: impl Fn(usize) -> usize) {
        order::by_key(&mut self.findings, |finding| (node_of(finding.file), finding.urgency(), finding.file));
    }

    /// Adds the report on a node; `files` are its files as indices of this report's.
    fn add(&mut self, node: Self, files: &[usize]) {
        let of_all = |file: usize| files.get(file).copied().unwrap_or(file);
        for (file, info) in node.files.into_iter().enumerate() {
            if let Some(slot) = self.files.get_mut(of_all(file)) {
                *slot = info;
            }
        }
        for mut finding in node.findings {
            finding.file = of_all(finding.file);
            finding.labels.iter_mut().for_each(|label| label.file = of_all(label.file));
            self.findings.push(finding);
        }
        self.secrets.add(node.secrets, files);
    }
}

impl FileInfo {
    /// What is judged: the texts inside of the source, or the source itself if it has none.
    pub fn with_texts(&self) -> impl Iterator<Item = &Self> {
        let own = (self.texts.is_empty()).then_some(self);
        own.into_iter().chain(self.texts.iter().map(|text| &text.info))
    }

    /// That of a source of no known kind.
    const UNKNOWN: Self = Self {
        kind: None,
        config_version: None,
        releases: Releases::NONE,
        is_template: false,
        reads: true,
        faults: 0,
        texts: vec![],
    };
}

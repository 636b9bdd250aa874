//! Texts inside of other files: what cloud-init, Ignition, Talos, kind, kubeadm and others write on a node, and values
//! of Helm or Ansible that are named as a file of a daemon is.
//!
//! A wrapper is such a file. `wrappers` states where each of them holds texts, `values` finds texts by the name of
//! their key, `mime` the parts of user data. `scalar` and `region` make a text of what stands there, with a [`TextMap`]
//! back to the wrapper; `decode` and `inflate` read encoded ones. `faults` is what a wrapper itself refuses or skips.
//! The engine checks the texts of a wrapper as files of a node and maps what it finds back.

mod collect;
mod decode;
mod faults;
mod inflate;
mod map;
mod mime;
mod region;
mod scalar;
mod values;
mod wrappers;

pub(crate) use faults::comments;
pub use faults::{WrapperFault, WrapperFaultKind, faults};
pub use map::TextMap;

use crate::kind::Kind;
use crate::kinds;
use crate::syntax::template;
use crate::syntax::{self, Document, Format};

/// A text inside of another file.
#[derive(Clone, Debug)]
pub struct EmbeddedText {
    /// Where it goes: its path on the node, or the keys of a part of the tree.
    pub name: String,
    /// The path by which it is judged.
    pub path: String,
    /// The kind, where its place decides on it.
    pub kind: Option<&'static Kind>,
    /// The text that the node has in the end.
    pub text: String,
    /// The way back to the file that holds it.
    pub map: TextMap,
    /// The node: texts of a file with the same number form one.
    pub(crate) node: usize,
}

/// The texts inside of a file that may be configurations of a node.
#[must_use]
pub fn texts(path: &str, doc: &Document<'_>) -> Vec<EmbeddedText> {
    if !matches!(doc.format, Format::Yaml | Format::Json) || !may_hold(doc.text) {
        return vec![];
    }
    let mut all = collect::texts(path, doc);
    // Where statements of a template lie behind a text, the text may be cut.
    all.retain(|text| !is_cut(doc.text, text.map.whole.end as usize));
    all
}

/// Whether a file is known by what it holds.
#[must_use]
pub fn is_wrapper(path: &str, doc: &Document<'_>) -> bool {
    !faults(path, doc).is_empty() || texts(path, doc).iter().any(EmbeddedText::is_known)
}

/// Whether a text may hold others: whether it has any of the words by which they are found.
fn may_hold(text: &str) -> bool {
    wrappers::MARKS.iter().any(|mark| text.contains(mark))
}

fn is_cut(text: &str, end: usize) -> bool {
    let rest = text.get(end..).unwrap_or_default();
    let next = rest.lines().map(str::trim_start).find(|line| !line.is_empty()).unwrap_or_default();
    ["{{", "{%", "{#", "<%", "%{"].iter().any(|mark| next.starts_with(mark)) && template::has_marker_in_line(next, 0)
}

impl EmbeddedText {
    /// Whether the text is of a known kind, or holds one that is.
    fn is_known(&self) -> bool {
        let is_known = |format: &Format| {
            let doc = syntax::read(&self.text, *format);
            kinds::detect(&self.path, &doc).is_some() || is_wrapper(&self.path, &doc)
        };
        self.kind.is_some() || kinds::formats_of(&self.path).iter().any(is_known)
    }
}

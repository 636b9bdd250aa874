//! From sources to files: the kind of each, and its tree.

use std::collections::HashSet;

use super::{Options, Source, suppress};
use crate::containerd::imports::Waiting;
use crate::embedded;
use crate::kind::{File, Kind, KnownPaths, SourceState, root_of};
use crate::kinds;
use crate::node::{self, named_by};
use crate::order;
use crate::syntax::template::{self, TemplateForm};
use crate::syntax::{self, Dialect, Document};
use crate::text::Span;

/// Reads the sources of a node that are of known kinds. What one of them names is of the kind that it is named for,
/// whatever its name and content.
pub(super) fn open_all<'a>(sources: &[&Source<'a>], options: &Options) -> Vec<File<'a>> {
    let mut files: Vec<File<'_>> = vec![];
    // A file that another one names may be anywhere below the root that the other shows.
    let root = sources.iter().find_map(|source| root_of(source.path));
    let mut unknown = vec![];
    let texts = sources.iter().enumerate().filter(|(_, source)| source.state == SourceState::Text);
    for (index, source) in texts {
        match open(index, source, root, options) {
            Some(file) => files.push(file),
            None => unknown.push((source.path, index)),
        }
    }
    if !unknown.is_empty() {
        // Which program the flags of a variable are for shows its unit.
        node::connect(&mut files);
    }
    let mut waiting = Waiting::new(unknown);
    let mut next = 0;
    while let Some(file) = files.get(next).filter(|_| !waiting.is_empty()) {
        next += 1;
        for named in named_by(file) {
            let Some(kind) = named.role.kind() else { continue };
            for index in waiting.take(&named.path, named.is_pattern()) {
                let source = sources.get(index).map(|source| Source { kind: Some(kind), ..(*source).clone() });
                files.extend(source.and_then(|source| open(index, &source, root, options)));
            }
        }
    }
    order::by_key(&mut files, |file| file.index);
    files
}

/// What stands at the paths of the sources.
pub(super) fn known<'a>(sources: &[&Source<'a>]) -> KnownPaths<'a> {
    KnownPaths::of(sources.iter().map(|source| (source.path, source.state)))
}

/// Reads a source, if it is of a known kind; `root` is that of its node where its own path shows none.
pub(crate) fn open<'a>(
    index: usize,
    source: &Source<'a>,
    root: Option<&'a str>,
    options: &Options,
) -> Option<File<'a>> {
    let root = root_of(source.path).or(root.filter(|root| source.path.starts_with(root))).unwrap_or("/");
    let (kind, mut doc) = identify(source.path, source.text, source.kind)?;
    if let Some(at) = source.invalid_utf8 {
        doc.dialects.push((Dialect::InvalidUtf8, Span::new(at, at + char::REPLACEMENT_CHARACTER.len_utf8())));
    }
    let template = template::form(&doc);
    if template.is_some() {
        template::report(&mut doc);
    }
    let body = (kind.body)(&doc);
    let (config_version, admits) = (kind.version)(body);
    let releases = options.target.releases(admits);
    let decoded = (kind.decode)(body);
    Some(File {
        index,
        path: source.path,
        root,
        doc,
        kind,
        config_version,
        admits,
        releases,
        template,
        attributes: source.attributes,
        reread: false,
        decoded,
        unread: HashSet::new(),
        reached: vec![],
    })
}

/// Leaves in the trees of templates what a daemon will read as written.
pub(super) fn leave_literals(files: &mut [File<'_>], options: &Options) {
    for file in files.iter_mut().filter(|file| file.template.is_some() && !file.is_unjudged()) {
        template::leave_literals(&mut file.doc);
        if let Some(complete) = file.kind.complete_template.filter(|_| file.template == Some(TemplateForm::Base)) {
            complete(&mut file.doc, file.path);
        }
        (file.config_version, file.admits) = (file.kind.version)(file.body());
        file.releases = options.target.releases(file.admits);
    }
}

/// Reads a text whose path shows no format in the first format of a kind in which it is in order.
fn read_as<'a>(text: &'a str, kind: &'static Kind) -> Document<'a> {
    let others = kind.formats.iter().skip(1);
    let first = syntax::read(text, kind.format());
    if first.problems.is_empty() {
        return first;
    }
    others.map(|format| syntax::read(text, *format)).find(|doc| doc.problems.is_empty()).unwrap_or(first)
}

/// The kind of a text, and its tree.
#[must_use]
pub fn identify<'a>(path: &str, text: &'a str, forced: Option<&'static Kind>) -> Option<(&'static Kind, Document<'a>)> {
    let formats = kinds::formats_of(path);
    let mut doc = match (formats.first(), forced) {
        (Some(format), _) => syntax::read(text, *format),
        (None, forced) => read_as(text, forced?),
    };
    // A comment names the kind of a text that shows none itself: it must not hide a text from its own rules.
    let shown = kinds::detect(path, &doc);
    let named = forced.or_else(|| if shown.is_none() { suppress::named_kind(&doc) } else { None });
    let mut kind = named.or(shown);
    if let Some(kind) = named
        && !kind.formats.contains(&doc.format)
    {
        doc = syntax::read(text, kind.format());
    } else if kind.is_none()
        && let Some(format) = formats.get(1)
    {
        let other = syntax::read(text, *format);
        kind = kinds::detect(path, &other);
        if kind.is_some() {
            doc = other;
        }
    }
    let kind = kind.or_else(|| embedded::is_wrapper(path, &doc).then_some(&kinds::WRAPPER))?;
    (kind.unwrap)(&mut doc, path);
    Some((kind, doc))
}

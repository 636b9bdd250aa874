//! Texts inside of the files of a node: checked as nodes of their own, with what is found mapped back to the files.

use std::cell::OnceCell;

use super::node::{Look, examine_at};
use super::{FileInfo, NodePlace, Options, Purpose, Report, Source, TextInfo};
use crate::embedded::{self, EmbeddedText};
use crate::finding::Finding;
use crate::kind::{File, NodeFiles};
use crate::order;
use crate::secrets::Secrets;
use crate::text::{Encoding, LineIndex, Span};

/// How deep texts may lie inside of each other.
const MAX_INSIDE: usize = 3;

/// A text with its number in its file, counted from 1.
#[derive(Debug)]
pub(crate) struct NumberedText {
    pub(crate) number: usize,
    pub(crate) text: EmbeddedText,
    /// The lines of the text, made when the first finding asks.
    lines: OnceCell<LineIndex>,
}

impl NumberedText {
    /// The line of a byte, from 1.
    fn line(&self, at: u32) -> u32 {
        let text = self.text.text.as_str();
        self.lines.get_or_init(|| LineIndex::new(text)).position(text, at, Encoding::Utf8).line + 1
    }
}

/// The texts inside of a file.
pub(super) struct Inside {
    /// The index of the file.
    file: usize,
    texts: Vec<NumberedText>,
}

/// What was found inside of the files of a node.
#[derive(Default)]
pub(super) struct FoundInside {
    pub(super) findings: Vec<Finding>,
    /// The texts of each file, by its index.
    pub(super) texts: Vec<(usize, Vec<TextInfo>)>,
    /// The secrets, with the file in which they stand.
    pub(super) secrets: Vec<(usize, Secrets)>,
    /// The places of the texts that were checked, with the file in which they stand.
    pub(super) checked: Vec<(usize, Span)>,
}

/// The texts inside of files. A comment in a text belongs to the text alone, and not to the file around it.
pub(super) fn find(files: &mut [File<'_>], depth: usize) -> Vec<Inside> {
    let mut all = vec![];
    for file in files.iter_mut().filter(|_| depth < MAX_INSIDE) {
        file.doc.comments.extend(embedded::comments(file.path, &file.doc));
        order::by_key(&mut file.doc.comments, |comment| *comment);
        let texts = embedded::texts(file.path, &file.doc);
        if texts.is_empty() {
            continue;
        }
        file.doc.comments.retain(|comment| !texts.iter().any(|text| text.map.contains(*comment)));
        let numbered =
            texts.into_iter().zip(1..).map(|(text, number)| NumberedText { number, text, lines: OnceCell::new() });
        all.push(Inside { file: file.index, texts: numbered.collect() });
    }
    all
}

impl Inside {
    /// Checks the texts, node by node.
    pub(super) fn check(
        &self,
        sources: &[&Source<'_>],
        options: &Options,
        purpose: Purpose,
        look: &mut Look<'_>,
        depth: usize,
        found: &mut FoundInside,
    ) {
        let Some(outer) = sources.get(self.file) else { return };
        let mut texts: Vec<&NumberedText> = self.texts.iter().collect();
        order::by_key(&mut texts, |numbered| numbered.text.node);
        let mut infos: Vec<TextInfo> = self.texts.iter().map(TextInfo::unknown).collect();
        for node in texts.chunk_by(|a, b| a.text.node == b.text.node) {
            let inner: Vec<Source<'_>> =
                node.iter().map(|numbered| Source { ignore: outer.ignore, ..numbered.text.source() }).collect();
            let mut seen = |files: &NodeFiles<'_, '_>, place: NodePlace<'_>| {
                // Texts inside of texts have no place of their own.
                if matches!(place, NodePlace::Sources(_)) {
                    look(files, NodePlace::Inside(self.file, node));
                }
            };
            let inner: Vec<&Source<'_>> = inner.iter().collect();
            let report = examine_at(&inner, options, purpose, &mut seen, depth + 1);
            for (numbered, info) in node.iter().zip(report.files) {
                if info.kind.is_some() && !numbered.text.map.is_opaque() {
                    found.checked.push((self.file, numbered.text.map.outer(Span::new(0, numbered.text.text.len()))));
                }
                if let Some(slot) = infos.get_mut(numbered.number - 1) {
                    slot.info = info;
                }
            }
            found.findings.extend(report.findings.into_iter().filter_map(|f| mapped(f, node, self.file, outer.text)));
            let place = |file: usize, span| node.get(file).map_or(span, |numbered| numbered.text.map.outer(span));
            found.secrets.push((self.file, report.secrets.inside(outer.text, place)));
        }
        found.texts.push((self.file, infos));
    }
}

/// A finding in a text as one in the file that holds it.
fn mapped(mut finding: Finding, node: &[&NumberedText], file: usize, outer: &str) -> Option<Finding> {
    let numbered = node.get(finding.file)?;
    let NumberedText { number, text, .. } = numbered;
    let map = &text.map;
    // What is about the part that the file does not hold is about another program's part.
    if map.is_made_up(finding.span) {
        return None;
    }
    if map.is_opaque() {
        let line = numbered.line(finding.span.start);
        finding.message = format!("{} (line {line} of the text)", finding.message);
    }
    finding.fixes.retain_mut(|fix| match map.edits(outer, &text.text, &fix.edits) {
        Some(edits) => {
            fix.edits = edits;
            true
        }
        None => false,
    });
    finding.span = map.outer(finding.span);
    finding.labels.retain(|label| node.get(label.file).is_some_and(|text| !text.text.map.is_made_up(label.span)));
    for label in &mut finding.labels {
        if let Some(other) = node.get(label.file) {
            label.span = other.text.map.outer(label.span);
        }
        label.file = file;
    }
    finding.file = file;
    finding.text = *number;
    Some(finding)
}

impl EmbeddedText {
    /// The text as a file to check.
    pub(crate) fn source(&self) -> Source<'_> {
        Source { path: &self.path, text: &self.text, kind: self.kind, ..Source::default() }
    }
}

impl TextInfo {
    fn unknown(numbered: &NumberedText) -> Self {
        Self { name: numbered.text.name.clone(), info: FileInfo::UNKNOWN }
    }
}

impl Report {
    /// Adds what is known of the texts inside of files.
    pub(super) fn add_texts(&mut self, texts: Vec<(usize, Vec<TextInfo>)>) {
        for (file, texts) in texts {
            let Some(info) = self.files.get_mut(file) else { continue };
            info.reads &= texts.iter().all(|text| text.info.reads);
            info.faults += texts.iter().map(|text| text.info.faults).sum::<usize>();
            info.texts = texts;
        }
    }
}

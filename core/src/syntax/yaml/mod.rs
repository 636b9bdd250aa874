//! The reader of YAML, as the kubelet, kubeadm and crictl read it.
//!
//! The parser (the crate `granit_parser`) stops at the first fault of a document. `recovery` therefore reads a text
//! several times: each fault is named, repaired in a draft of the text, and the draft is read again until nothing is
//! left to repair. So the whole file is in the tree, each fault is one problem, and its repair is the fix where only
//! one is sensible.
//!
//! 1. `draft` is the text with the repairs made so far, and the way back to positions of the source.
//! 2. `reading` runs the parser over the draft once; `tree`, `scalar_node`, `scalar_kind` and `alias` build nodes
//!    from its events. A character that only looks like a blank is a letter to the daemons' parser, so it is one here.
//! 3. `diagnose` goes from the place where the parser gave up (`failure_cause`) to a `repair`. `entry`, `indentation`,
//!    `flow`, `quotes`, `tab`, `value`, `template` and `foreign_line` handle one kind of fault each; `line` and
//!    `columns` describe lines.
//! 4. `verify` leaves only those fixes safe that work. `budget` bounds how often a text is read.
//!
//! Positions are those of the original text throughout. Below an alias, and for entries that `<<` brought in, nodes lie
//! where the anchor is, not inside their parent.

mod alias;
mod budget;
mod columns;
mod depth;
mod diagnose;
mod draft;
mod entry;
mod failure_cause;
mod flow;
mod foreign_line;
mod indentation;
mod line;
mod quotes;
mod reading;
mod recovery;
mod repair;
mod scalar_kind;
mod scalar_node;
mod tab;
mod template;
mod tree;
mod value;
mod verify;

use std::ops::Range;

use self::budget::ReadingBudget;
use self::recovery::YamlReader;
use self::verify::verify;
use super::MAX_LEN;
use super::problems::Problems;
use super::tree::{Document, Format, Node, Problem, Scalar, Style, Value};
use crate::fix::{Applicability, Fix};
use crate::order;
use crate::text::Span;

/// Reads a YAML text: one document, or a stream of them.
#[must_use]
pub fn read(text: &str) -> Document<'_> {
    read_until(text, text.len())
}

/// What stands at the start of a text and stops the daemons' parser. With two byte order marks it loses the first
/// letter of each line.
/// Source: `yaml_parser_process_directives` in go-yaml/yaml@v2.4.0:parserc.go, `is_bom` in yamlprivateh.go.
fn head_problem(text: &str, start: usize) -> Option<Problem> {
    let rest = text.get(start..)?;
    let mut problems = Problems::default();
    let first = rest.lines().find(|line| !line.trim().is_empty() && !line.starts_with('#')).unwrap_or("");
    if start > 0 && rest.starts_with('\u{feff}') {
        let span = Span::new(start, start + '\u{feff}'.len_utf8());
        let problem = problems.report("byte-order-mark", span, "two byte order marks stand at the start");
        problem.fix(Fix::edit(Applicability::Safe, "Remove the byte order mark", span, ""));
    } else if let Some(version) = first.strip_prefix("%YAML ").map(str::trim).filter(|version| *version != "1.1") {
        let at = start + rest.find("%YAML ")? + "%YAML ".len();
        let message = format!("the parser reads YAML 1.1, not {version}");
        problems.report("yaml-version", Span::new(at, at + version.len()), message).help("remove the line");
    }
    problems.done().into_iter().next()
}

/// Reads a part of `text`, such as a document embedded in a block scalar, whose lines may all be indented alike. All
/// spans are those of `text`.
#[must_use]
pub fn read_at(text: &str, region: Span) -> Document<'_> {
    let range = region.range();
    if text.get(range.clone()).is_some() {
        read_and_verify(text, range, true)
    } else {
        read_and_verify(text, 0..0, false)
    }
}

/// Reads the text before `end` alone. All spans are those of `text`.
#[must_use]
pub fn read_until(text: &str, end: usize) -> Document<'_> {
    let (start, mark) = super::byte_order_mark(text);
    let mut document = read_and_verify(text, start..end.max(start), false);
    document.dialects.extend(mark);
    document.problems.splice(0..0, head_problem(text, start));
    document
}

/// Where the marker stands that ends the first document of a stream; nothing if the text is one document.
#[must_use]
pub fn first_document_end(text: &str) -> Option<usize> {
    let (mut at, _) = super::byte_order_mark(text);
    let mut is_open = false;
    for line in text.get(at..)?.split_inclusive('\n') {
        let content = line.trim_end_matches(['\n', '\r']);
        if line::is_marker(content) && is_open {
            return Some(at);
        }
        is_open |= !content.trim_start_matches([' ', '\t']).is_empty() && !content.starts_with(['#', '%']);
        at += line.len();
    }
    None
}

/// The lines of a literal block scalar (`|`), from the start of its first line: what [`read_at`] takes.
#[must_use]
pub fn block_content(text: &str, node: &Node<'_>) -> Option<Span> {
    let literal = matches!(&node.value, Value::Scalar(Scalar { style: Style::Block, .. }));
    let whole = node.span.of(text);
    if !literal || !whole.starts_with('|') {
        return None;
    }
    let mut start = whole.find('\n')? + 1;
    loop {
        let rest = whole.get(start..)?;
        let line = rest.find('\n').unwrap_or(rest.len());
        if !rest.get(..line)?.trim().is_empty() {
            break;
        }
        start += line + 1;
    }
    // The last line end is part of the text unless the header strips it (`|-`).
    let header = whole.lines().next().unwrap_or("");
    let after = text.get(node.span.range().end..).unwrap_or("");
    let line_end = ["\r\n", "\n"].into_iter().find(|e| after.starts_with(e) && !header.contains('-'));
    let base = node.span.range().start;
    Some(Span::new(base + start, base + whole.len() + line_end.map_or(0, str::len)))
}

fn read_and_verify(text: &str, region: Range<usize>, indented: bool) -> Document<'_> {
    let document = read_region(text, region.clone(), indented, &mut ReadingBudget::of(region.len()));
    let mut budget = ReadingBudget::of(region.len());
    let mut document = verify(document, region.clone(), indented, &mut budget);
    let own_limit = document.problems.iter_mut().find(|problem| problem.code == "too-deep");
    if let Some(problem) = own_limit
        && depth::exceeds_loader(text.get(region).unwrap_or_default())
    {
        problem.code = "max-depth";
        problem.message = format!("this nests more than {} levels deep", depth::LOADER_DEPTH);
    }
    document
}

fn read_region<'a>(text: &'a str, region: Range<usize>, indented: bool, budget: &mut ReadingBudget) -> Document<'a> {
    let root = Node::missing(region.start);
    let mut document = Document { root, ..Document::new(text, Format::Yaml) };
    if region.len() > MAX_LEN {
        let mut problems = Problems::default();
        problems.too_long(region.start);
        document.problems = problems.done();
        return document;
    }
    let mut reader = YamlReader::new(text, region.clone());
    if indented {
        reader.dedent(text, region.start);
    }
    let reading = reader.read(budget);
    document.problems = reader.problems.done();
    let mut roots = reading.roots.into_iter();
    document.root = roots.next().unwrap_or(document.root);
    document.more = roots.collect();
    document.comments = reading.comments;
    order::by_key(&mut document.comments, |c| *c);
    document
}

//! What holds for every text, good or broken.

use crilint_core::fix::{Applicability, Fix, apply};
use crilint_core::syntax::{Document, Format, Node, Problem, read};
use crilint_core::text::Span;

/// Spans lie in the text, on borders of characters, and in their parents; lists are in order; messages are phrases.
pub(crate) fn check(document: &Document<'_>) {
    let text = document.text;
    let fits = |span: Span| assert!(text.get(span.range()).is_some(), "{span:?} in {text:?}");
    for root in std::iter::once(&document.root).chain(&document.more) {
        check_node(document, root);
    }
    for (_, span) in &document.dialects {
        fits(*span);
    }
    let mut end = 0;
    for comment in &document.comments {
        fits(*comment);
        assert!(comment.start >= end && comment.start < comment.end, "comments overlap in {text:?}");
        assert!(document.format != Format::Yaml || comment.of(text).starts_with('#'), "{comment:?} in {text:?}");
        end = comment.end;
    }
    assert!(document.problems.is_sorted_by_key(|p| p.span.start), "problems out of order in {text:?}");
    for problem in &document.problems {
        fits(problem.span);
        problem.related.iter().for_each(|(span, _)| fits(*span));
        let message = &problem.message;
        let is_phrase = !message.is_empty() && (!message.ends_with('.') || message.ends_with("..."));
        assert!(is_phrase && !message.starts_with(char::is_uppercase) && !message.contains('\n'), "{message:?}");
        let edits = problem.fix.as_ref().map_or(&[][..], |fix| &fix.edits);
        assert!(problem.fix.is_none() || !edits.is_empty(), "{problem:?} has a fix that does nothing in {text:?}");
        edits.iter().for_each(|edit| fits(edit.span));
        assert!(edits.windows(2).all(|e| e[0].span.end <= e[1].span.start), "{problem:?} in {text:?}");
    }
}

fn check_node(document: &Document<'_>, node: &Node<'_>) {
    let text = document.text;
    // Aliases and merged entries of YAML lie where their anchor is.
    let is_elsewhere = document.format == Format::Yaml && (text.contains('*') || text.contains("<<"));
    let inside = |span: Span| {
        assert!(text.get(span.range()).is_some(), "{span:?} in {text:?}");
        assert!(is_elsewhere || node.span.contains(span), "{span:?} in {:?} in {text:?}", node.span);
    };
    inside(node.span);
    node.as_map().map_or(&[][..], |map| &map.headers).iter().for_each(|header| inside(*header));
    for entry in node.entries() {
        inside(entry.key_span);
        inside(entry.value.span);
        let is_in_order = entry.key_span.end <= entry.value.span.start;
        // Tables of TOML and sections of units start at their headers.
        let has_headers = matches!(document.format, Format::Toml | Format::Unit | Format::Env);
        assert!(is_in_order || has_headers || is_elsewhere, "a value before its key in {text:?}");
        check_node(document, &entry.value);
    }
    for item in node.items() {
        inside(item.span);
        check_node(document, item);
    }
}

fn safe_fix(problem: &Problem) -> Option<&Fix> {
    problem.fix.as_ref().filter(|fix| fix.applicability == Applicability::Safe)
}

/// A safe fix leaves fewer problems of its kind, or fewer in all. In YAML, where a fault hides those behind it, the
/// problem is absent from its line.
pub(crate) fn check_fixes(text: &str, format: Format) {
    let document = read(text, format);
    let count = |document: &Document<'_>, code| document.problems.iter().filter(|p| p.code == code).count();
    for problem in &document.problems {
        let Some(fix) = safe_fix(problem) else { continue };
        let fixed = apply(text, &fix.edits);
        let after = read(&fixed, format);
        let is_fixed = count(&after, problem.code) < count(&document, problem.code)
            || after.problems.len() < document.problems.len()
            || format == Format::Yaml && count_same(&after, problem, text) < count_same(&document, problem, text);
        assert!(is_fixed, "{problem:?}\nbefore: {text:?}\nafter: {fixed:?}\n{:#?}", after.problems);
    }
}

/// How many problems of a document report the same about the line where `problem` stands in `text`.
fn count_same(document: &Document<'_>, problem: &Problem, text: &str) -> usize {
    let line = |text: &str, span: Span| text[..span.range().start].matches('\n').count();
    let is_same = |other: &&Problem| {
        (other.code, &other.message) == (problem.code, &problem.message)
            && line(document.text, other.span) == line(text, problem.span)
    };
    document.problems.iter().filter(is_same).count()
}

/// Safe fixes, the first one first, come to an end.
pub(crate) fn check_fixing_ends(text: &str, format: Format) {
    let mut text = text.to_owned();
    for _ in 0..200 {
        let problems = read(&text, format).problems;
        let Some(fix) = problems.iter().find_map(safe_fix) else { return };
        text = apply(&text, &fix.edits);
    }
    panic!("fixing does not end: {text}");
}

//! Texts that are templates of a configuration: which parts of them a daemon reads as written.

use super::problems::shown;
use super::recover::template;
use super::{Document, Entry, Format, Map, Node, Problem, Value};
use crate::text::{Span, line_of};

/// A template, by what is known about the text that it makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TemplateForm {
    /// Statements may repeat or leave out any part: Jinja, ERB, Terraform, Go templates that are whole files.
    Statements,
    /// Its own lines behind those of another template: `{{ template "base" . }}` of k3s.
    Base,
    /// Variables in values alone: `${NAME}`.
    Variables,
}

/// The action of a Go template that stands for all that k3s writes itself.
const BASE: &str = "template \"base\"";

/// The form of a template; nothing if the text is not a template. Markers inside strings count in TOML and YAML:
/// those of Docker's JSON may be templates of its own, and units expand variables.
#[must_use]
pub fn form(doc: &Document<'_>) -> Option<TemplateForm> {
    let in_strings = matches!(doc.format, Format::Toml | Format::Yaml);
    let is_reported = doc.problems.iter().any(|problem| problem.code == "template");
    let is_template = is_reported || in_strings && first_marker(&doc.root).is_some();
    if !is_template {
        return None;
    }
    let lines = doc.text.lines().filter(|line| !line.trim_start().starts_with('#'));
    let has = |line: &str| {
        let has_any = |markers: &[&str]| markers.iter().any(|marker| line.contains(marker));
        (has_any(&["{%", "<%", "%{"]) || line.contains("{#") && line.contains("#}"), line.contains("{{"))
    };
    let (statements, actions) = lines.map(has).fold((false, false), |a, b| (a.0 || b.0, a.1 || b.1));
    Some(match (statements, actions) {
        (true, _) => TemplateForm::Statements,
        (_, true) if doc.text.contains(BASE) => TemplateForm::Base,
        (_, true) => TemplateForm::Statements,
        _ => TemplateForm::Variables,
    })
}

/// Reports a template whose markers stand in strings alone.
pub(crate) fn report(doc: &mut Document<'_>) {
    if let Some(span) = first_marker(&doc.root).filter(|_| doc.problems.iter().all(|p| p.code != "template")) {
        let message = format!("{} is a template marker: this file is not rendered yet", shown(span.of(doc.text)));
        doc.problems.insert(0, Problem::new("template", span, message));
    }
}

/// Leaves out of the tree what holds a marker: entries with one in their key or value, and lists with one in an item.
pub(crate) fn leave_literals(doc: &mut Document<'_>) {
    let text = doc.text;
    prune(text, &mut doc.root);
}

/// Whether a line holds a marker.
pub(crate) fn has_marker_in_line(text: &str, at: usize) -> bool {
    let line = line_of(text, at).of(text);
    has_marker(line) || has_bare_marker(line)
}

fn prune(text: &str, node: &mut Node<'_>) {
    let Value::Map(map) = &mut node.value else { return };
    let Map { entries, style, headers, .. } = std::mem::take(map);
    let kept = entries.into_iter().filter(|entry| is_literal(text, entry));
    let mut entries: Vec<Entry<'_>> = kept.collect();
    entries.iter_mut().for_each(|entry| prune(text, &mut entry.value));
    *map = Map::new(entries, style, headers);
}

fn is_literal(text: &str, entry: &Entry<'_>) -> bool {
    let is_table = matches!(entry.value.value, Value::Map(_));
    let value = entry.value.span.of(text);
    !has_marker(entry.key_span.of(text)) && (is_table || !has_marker(value) && !has_bare_marker(value))
}

/// The place of the first string or key with a marker.
fn first_marker(node: &Node<'_>) -> Option<Span> {
    match &node.value {
        Value::Missing => None,
        Value::Scalar(scalar) => has_marker(&scalar.text).then_some(node.span),
        Value::Seq(items) => items.iter().find_map(first_marker),
        Value::Map(map) => map.entries.iter().find_map(|entry| match has_marker(&entry.key) {
            true => Some(entry.key_span),
            false => first_marker(&entry.value),
        }),
    }
}

fn has_marker(text: &str) -> bool {
    let is_action = || template::find(text).and_then(|at| template::len(text.get(at..)?)).is_some();
    text.contains(['{', '<', '%', '$']) && (is_action() || has_variable(text))
}

/// Whether a text holds `${NAME}`, `$(command)` or `$NAME`.
fn has_variable(text: &str) -> bool {
    text.match_indices('$').any(|(at, _)| match text.as_bytes().get(at + 1) {
        Some(b'{') => text.get(at..).is_some_and(|rest| rest.contains('}')),
        Some(b'(') => text.get(at..).is_some_and(|rest| rest.contains(')')),
        _ => false,
    })
}

/// Whether a word is `$NAME` or a verb of `printf` (`%d`), which are markers where no quotes stand around them.
fn has_bare_marker(text: &str) -> bool {
    let mut words = text.split(|c: char| c.is_whitespace() || matches!(c, '=' | ',' | '[' | ']'));
    words.any(|word| {
        let name = word.strip_prefix('$').unwrap_or_default();
        name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') || template::is_verb(word)
    })
}

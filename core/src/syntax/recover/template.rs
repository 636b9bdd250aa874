//! Markers of template languages: Go templates, Jinja, Handlebars, ERB, Terraform. A file with such markers is not a
//! configuration yet, so that one problem reports them, and the readers go on as if a marker were a value.

use crate::syntax::Problem;
use crate::syntax::problems::shown;
use crate::text::Span;

/// The open and the close of a marker.
#[derive(Clone, Copy)]
pub(in crate::syntax) struct TemplateMarker {
    pub(in crate::syntax) open: &'static str,
    pub(in crate::syntax) close: &'static str,
}

const fn marker(open: &'static str, close: &'static str) -> TemplateMarker {
    TemplateMarker { open, close }
}

/// The markers that mean nothing else in any of the formats.
pub(in crate::syntax) const MARKERS: [TemplateMarker; 5] =
    [marker("{{", "}}"), marker("{%", "%}"), marker("{#", "#}"), marker("<%", "%>"), TERRAFORM];

/// A directive of Terraform.
pub(in crate::syntax) const TERRAFORM: TemplateMarker = marker("%{", "}");

/// `${NAME}` of a shell, as `envsubst` replaces it.
pub(in crate::syntax) const SHELL: TemplateMarker = marker("${", "}");

/// `$(command)` of a shell.
pub(in crate::syntax) const COMMAND: TemplateMarker = marker("$(", ")");

/// The marker that `text` starts with.
pub(in crate::syntax) fn at(text: &str) -> Option<TemplateMarker> {
    MARKERS.into_iter().find(|marker| text.starts_with(marker.open))
}

/// Where the first marker in `text` opens.
pub(in crate::syntax) fn find(text: &str) -> Option<usize> {
    MARKERS.iter().filter_map(|marker| text.find(marker.open)).min()
}

/// Whether a word is a verb of Go's `Printf`.
pub(in crate::syntax) fn is_verb(word: &str) -> bool {
    matches!(word.as_bytes(), [b'%', b'd' | b'q' | b's' | b't' | b'v'])
}

/// The length of the marker that `text` starts with; nothing if it is not closed.
pub(in crate::syntax) fn len(text: &str) -> Option<usize> {
    let TemplateMarker { open, close } = at(text)?;
    Some(open.len() + text.get(open.len()..)?.find(close)? + close.len())
}

/// The problem of a file whose first marker stands at `span`.
pub(in crate::syntax) fn problem(text: &str, span: Span) -> Problem {
    let written = shown(span.of(text));
    let message = format!("{written} is a template marker: this file is not rendered yet");
    let mut problem = Problem::new("template", span, message);
    problem.help("render the template, and check the file that it makes");
    problem
}

//! Lines of other languages: code fences of Markdown and comments.

use crate::syntax::Problem;
use crate::text::Span;

/// Whether a line starts like a code fence of Markdown.
pub(in crate::syntax) fn is_fence(line: &str) -> bool {
    line.starts_with("```") || line.starts_with("~~~")
}

/// The problem of a code fence.
pub(in crate::syntax) fn fence(span: Span) -> Problem {
    Problem::new("markdown-fence", span, "a code fence of Markdown is not part of the configuration")
}

/// The problem of `//`, `/*` or `;` where only `#` starts a comment.
pub(in crate::syntax) fn comment_marker(span: Span, marker: &str, format: &str) -> Problem {
    let mut problem = Problem::new("comment-marker", span, format!("`{marker}` does not start a comment in {format}"));
    problem.help("comments start with `#`");
    problem
}

/// The title of the fix of a comment.
pub(in crate::syntax) const START_WITH_HASH: &str = "Start the comment with `#`";

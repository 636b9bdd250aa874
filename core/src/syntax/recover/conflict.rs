//! Lines that Git leaves in a file whose merge has a conflict.

use crate::syntax::Problem;
use crate::text::Span;

/// The sign of the conflict marker that a line starts with: `<`, `|`, `=` or `>`, seven times.
pub(in crate::syntax) fn marker(line: &str) -> Option<u8> {
    let sign = line.bytes().next().filter(|sign| b"<|=>".contains(sign))?;
    let signs = line.bytes().take_while(|b| *b == sign).count();
    let is_whole = matches!(line.as_bytes().get(7), None | Some(b' ' | b'\r' | b'\n'));
    (signs == 7 && is_whole).then_some(sign)
}

/// The problem of a conflict whose first marker stands at `line`.
pub(in crate::syntax) fn problem(line: Span) -> Problem {
    let mut problem = Problem::new("conflict-marker", line, "a Git merge conflict is not resolved");
    problem.help("keep one of the two versions, and remove the lines `<<<<<<<`, `=======` and `>>>>>>>`");
    problem
}

//! The cursor in a TOML text.

use std::ops::ControlFlow::{Break, Continue};

use super::scan::{Scan, ScanFlow};
use super::{Cursor, Path, Role};
use crate::text::Span;

/// The place at `offset`.
pub(super) fn at(text: &str, offset: usize) -> Option<Cursor<'_>> {
    let mut scan = Scan { text, at: 0, offset, dotted: true, depth: 0 };
    let mut table = Path::new();
    loop {
        match line(&mut scan, &mut table) {
            Break(found) => return found,
            Continue(()) if scan.at >= text.len() => return None,
            Continue(()) => scan.at += 1,
        }
    }
}

/// Over a line, or the lines of a value.
fn line<'a>(scan: &mut Scan<'a>, table: &mut Path<'a>) -> ScanFlow<'a> {
    scan.depth = 0;
    scan.blanks();
    if scan.offset < scan.at {
        return scan.stop_at(table, Role::Key, Span::empty(scan.offset));
    }
    match scan.peek() {
        Some(b'[') => {
            let brackets = if scan.rest().starts_with("[[") { 2 } else { 1 };
            scan.at += brackets;
            scan.not_passed()?;
            // Until the new header is read, the table is the root.
            *table = scan.keys(&Path::new(), Role::Header)?;
        }
        Some(b'#' | b'\r') => {}
        _ => {
            let path = scan.keys(table, Role::Key)?;
            if scan.peek() == Some(b'=') {
                scan.at += 1;
                scan.not_passed()?;
                scan.value(&path, Role::Value)?;
            }
        }
    }
    scan.skip_line();
    // A comment, or blanks behind a value.
    if scan.offset <= scan.at { Break(None) } else { Continue(()) }
}

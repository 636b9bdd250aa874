//! Whether a text nests deeper than the daemons' own parser goes.
//!
//! Source: `max_flow_level` and `max_indents` of go-yaml/yaml@v2.4.0:scannerc.go and kubernetes-sigs/yaml, whose
//! error is `exceeded max depth of 10000`.

/// How deep goyaml reads.
pub(super) const LOADER_DEPTH: usize = 10_000;

/// Whether brackets, or dashes in a line, nest deeper than goyaml reads. Quotes and comments hide brackets.
pub(super) fn exceeds_loader(text: &str) -> bool {
    let mut depth = 0_usize;
    for line in text.lines() {
        if depth == 0 && compact_levels(line) > LOADER_DEPTH {
            return true;
        }
        let mut quote: Option<u8> = None;
        let mut before = b' ';
        let mut bytes = line.bytes();
        while let Some(byte) = bytes.next() {
            match (quote, byte) {
                (Some(b'"'), b'\\') => drop(bytes.next()),
                (Some(open), _) if open == byte => quote = None,
                (Some(_), _) => {}
                (None, b'"' | b'\'') if b" \t[{,:".contains(&before) => quote = Some(byte),
                (None, b'#') if matches!(before, b' ' | b'\t') => break,
                (None, b'[' | b'{') if depth > 0 || b" \t:-[{".contains(&before) => depth += 1,
                (None, b']' | b'}') => depth = depth.saturating_sub(1),
                (None, _) => {}
            }
            if depth > LOADER_DEPTH {
                return true;
            }
            before = byte;
        }
    }
    false
}

/// How many lists and keys a line opens inside each other: `- - ? a`.
fn compact_levels(line: &str) -> usize {
    let mut rest = line.trim_start_matches(' ');
    let mut levels = 0;
    while let Some(inner) = ["- ", "? "].iter().find_map(|mark| rest.strip_prefix(mark)) {
        levels += 1;
        rest = inner.trim_start_matches(' ');
    }
    levels
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_and_dashes_count_and_quoted_ones_do_not() {
        let deep = |open: &str, levels: usize| exceeds_loader(&format!("a: {}", open.repeat(levels)));
        assert!(!deep("[", LOADER_DEPTH) && deep("[", LOADER_DEPTH + 1));
        assert!(!deep("{a: ", LOADER_DEPTH) && deep("{a: ", LOADER_DEPTH + 1));
        assert!(!deep("[]", LOADER_DEPTH + 1));
        assert!(!exceeds_loader(&format!("a: '{}'", "[".repeat(LOADER_DEPTH + 1))));
        assert!(!exceeds_loader(&format!("a: b # {}", "[".repeat(LOADER_DEPTH + 1))));
        assert!(!exceeds_loader(&format!("a: it{}", "[".repeat(LOADER_DEPTH + 1))));
        let dashes = |levels: usize| exceeds_loader(&format!("a:\n  {}1\n", "- ".repeat(levels)));
        assert!(!dashes(LOADER_DEPTH) && dashes(LOADER_DEPTH + 1));
    }
}

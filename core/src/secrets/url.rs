//! Passwords of URLs and addresses: `https://user:PASSWORD@host`, `user:PASSWORD@host`.
//!
//! All by bytes: what ends a word or a part of a URL is ASCII, and slices of bytes take less code than those of text.

use super::names::{is_reference, looks_random};
use crate::text::Span;

/// The passwords in a text, in its order. Linear: between two steps the search goes on behind the word just seen.
pub(super) fn scan(text: &str, out: &mut Vec<Span>) {
    let bytes = text.as_bytes();
    let mut from = 0;
    while let Some(at) = text.get(from..).and_then(|rest| rest.find('@')).map(|i| from + i) {
        let before = bytes.get(from..at).unwrap_or_default();
        let start = before.iter().rposition(|b| ends_word(*b)).map_or(from, |i| from + i + 1);
        let end = find(bytes, at, ends_word).unwrap_or(bytes.len());
        word(text, start, end, out);
        from = end;
    }
}

/// The first place from `from` on that has such a byte.
fn find(bytes: &[u8], from: usize, is: fn(u8) -> bool) -> Option<usize> {
    let rest = bytes.get(from..)?;
    rest.iter().position(|b| is(*b)).map(|i| from + i)
}

fn ends_word(b: u8) -> bool {
    b.is_ascii_whitespace() || matches!(b, b'"' | b'\'' | b'`')
}

/// The passwords in one word, which may hold several URLs.
pub(super) fn word(text: &str, start: usize, end: usize, out: &mut Vec<Span>) {
    let bytes = text.as_bytes().get(..end).unwrap_or_default();
    let mut region = start;
    let mut has_scheme = false;
    loop {
        let mut next = region;
        // `://`, also as JSON may write it.
        let (stop, len) = loop {
            let Some(colon) = find(bytes, next, |b| b == b':') else { break (end, 0) };
            let rest = bytes.get(colon..).unwrap_or_default();
            if rest.starts_with(b"://") {
                break (colon, 3);
            }
            if rest.starts_with(b":\\/\\/") {
                break (colon, 5);
            }
            next = colon + 1;
        };
        out.extend(password(text, region, stop, has_scheme));
        if len == 0 {
            return;
        }
        region = stop + len;
        has_scheme = true;
    }
}

/// The password of what stands between a scheme and the next one.
fn password(text: &str, mut start: usize, end: usize, mut has_scheme: bool) -> Option<Span> {
    let bytes = text.as_bytes().get(..end)?;
    let last = bytes.get(start..)?.iter().rposition(|b| *b == b'@')? + start;
    while bytes.get(start) == Some(&b'/') {
        has_scheme |= bytes.get(start + 1) == Some(&b'/');
        start += 1;
    }
    let slash = find(bytes, start, |b| matches!(b, b'/' | b'?' | b'#' | b'\\')).unwrap_or(end);
    let colon = find(bytes, start, |b| b == b':').filter(|colon| *colon < last);
    let at = match bytes.get(start..slash)?.iter().rposition(|b| *b == b'@') {
        Some(at) => start + at,
        // A slash within the password, unless a port stands before it.
        None => {
            let before = bytes.get(colon? + 1..slash)?;
            if before.iter().all(u8::is_ascii_digit) {
                return None;
            }
            last
        }
    };
    let Some(colon) = colon.filter(|colon| *colon < at) else {
        // A token may stand in the place of the user.
        let user = text.get(start..at)?;
        return (has_scheme && user.len() >= 16 && looks_random(user)).then(|| Span::new(start, at));
    };
    let secret = text.get(colon + 1..at)?;
    let user = bytes.get(start..colon)?;
    let host = bytes.get(at + 1..)?;
    let is_host = host.first().is_some_and(|b| b.is_ascii_alphanumeric() || *b >= 0x80 || b"[${%<-_".contains(b));
    // `mailto:me@host`
    let is_mail = user.ends_with(b"mailto") || user.ends_with(b"mail") || user.ends_with(b"contact");
    if secret.is_empty() || is_reference(secret) || is_digest(host) || !has_scheme && (!is_host || is_mail) {
        return None;
    }
    Some(Span::new(colon + 1, at))
}

/// `sha256:0123...`, behind the `@` of an image.
fn is_digest(host: &[u8]) -> bool {
    let digits = |b: &&u8| b.is_ascii_hexdigit();
    host.starts_with(b"sha")
        && find(host, 0, |b| b == b':').is_some_and(|colon| {
            let digest = host.get(colon + 1..).unwrap_or_default();
            digest.is_empty() || digest.iter().take_while(digits).count() >= 6
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        let mut spans = vec![];
        scan(text, &mut spans);
        spans.into_iter().map(|span| span.of(text)).collect()
    }

    #[test]
    fn passwords_of_urls() {
        for (text, wanted) in [
            ("https://u:PASS@h", vec!["PASS"]),
            ("\"u:PASS@h:5000\", 'htp://u:PA/SS@h/'", vec!["PASS", "PA/SS"]),
            ("http://u:P@SS@h/a?b=c@d", vec!["P@SS"]),
            ("a=http://u:P1@h,http://u:P2@h;x", vec!["P1", "P2"]),
            ("http:\\/\\/u:PASS@h", vec!["PASS"]),
            ("--registry-mirror=u:PASS@m u:PASS@registry/pause:3.10", vec!["PASS", "PASS"]),
            ("https://ghp0123456789ABCDEFabc@github.com/x", vec!["ghp0123456789ABCDEFabc"]),
            ("http://:PASS@h http://u:@h", vec!["PASS"]),
            ("redis://:PASS@[::1]:6379/0", vec!["PASS"]),
        ] {
            assert_eq!(found(text), wanted, "{text}");
        }
    }

    #[test]
    fn addresses_without_passwords() {
        for text in [
            "registry.k8s.io/pause:3.10@sha256:7c38f24774e3cbd906d2d33c38354ccf787635581c122965132c9bd309754d4a",
            "localhost:5000/x@sha256:7c38f2",
            "git@github.com:owner/repository",
            "ssh://git@host/x",
            "docker@1.service a@b.c mailto:a@b.c",
            "unix:///run/x@y tcp://0.0.0.0:2375",
            "http://$U:$P@h http://u:${PASS}@h http://u:***@h",
            "http://host:5000/a@b",
            "unix:@abstract",
        ] {
            assert!(found(text).is_empty(), "{text}: {:?}", found(text));
        }
    }
}

//! The host and the path of a URL, as Go's `url.Parse` takes them.
//!
//! Source: `parseHost`, `validOptionalPort`, `unescape` of golang/go@go1.23.0:src/net/url/url.go.

/// Whether Go takes a text for host and port; its own words if it does not.
pub(crate) fn check_host(host: &str) -> Result<(), String> {
    let port = if host.starts_with('[') {
        match host.rfind(']') {
            Some(end) => host.get(end + 1..),
            None => return Err("missing ']' in host".into()),
        }
    } else {
        host.rfind(':').and_then(|at| host.get(at..))
    };
    let port = port.unwrap_or_default();
    let digits = port.strip_prefix(':').unwrap_or(if port.is_empty() { "" } else { "?" });
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(format!("invalid port \"{port}\" after host"));
    }
    // What Go takes unescaped in a host; all beyond ASCII goes too.
    let allowed = |c: char| !c.is_ascii() || c.is_ascii_alphanumeric() || "-_.~!$&'()*+,;=:[]<>\"%".contains(c);
    match host.chars().find(|c| !allowed(*c)) {
        Some(c) => Err(format!("invalid character \"{}\" in host name", c.escape_debug())),
        None => check_escapes(host),
    }
}

/// Whether two hexadecimal digits follow each `%`; Go's error if not.
pub(crate) fn check_escapes(text: &str) -> Result<(), String> {
    for (at, _) in text.match_indices('%') {
        let code = text.get(at + 1..at + 3).unwrap_or_default();
        if code.len() != 2 || !code.bytes().all(|b| b.is_ascii_hexdigit()) {
            let shown = text.get(at..at + 3).or(text.get(at..)).unwrap_or_default();
            return Err(format!("invalid URL escape \"{shown}\""));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_read_as_go_reads_them() {
        for host in [
            "",
            "m.test",
            "m.test:",
            "m.test:5000",
            "m.test:99999",
            "[::1]",
            "[::1]:80",
            "m\u{fc}ller.test",
            "m%C3.test",
        ] {
            assert_eq!(check_host(host), Ok(()), "{host}");
        }
        for (host, words) in [
            ("m.test:port", "invalid port \":port\" after host"),
            ("m.test:80:x", "invalid port \":x\" after host"),
            ("m.test:-1", "invalid port \":-1\" after host"),
            ("[::1", "missing ']' in host"),
            ("[::1]80", "invalid port \"80\" after host"),
            ("m test", "invalid character \" \" in host name"),
            ("m\\test", "invalid character \"\\\\\" in host name"),
            ("m{test}", "invalid character \"{\" in host name"),
            ("m%zz.test", "invalid URL escape \"%zz\""),
            ("m.test%4", "invalid URL escape \"%4\""),
        ] {
            assert_eq!(check_host(host), Err(words.to_owned()), "{host}");
        }
    }
}

//! Addresses and URLs as Go reads them.

use std::net::{IpAddr, Ipv6Addr};

use super::host::{check_escapes, check_host};

/// Whether only the node itself reaches an address.
pub(crate) fn is_loopback(address: &str) -> bool {
    let ip: Result<std::net::IpAddr, _> = address.trim_matches(['[', ']']).parse();
    address == "localhost" || ip.is_ok_and(|ip| ip.is_loopback())
}

/// Whether Go's resolver would ask for a name at all: labels of letters, digits, `-` and `_`, not all of them numbers.
/// Source: `isDomainName` of golang/go@go1.23.0:src/net/dnsclient.go.
pub(crate) fn is_domain_name(name: &str) -> bool {
    let trimmed = name.strip_suffix('.').unwrap_or(name);
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
    };
    let numeric = trimmed.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    trimmed.len() <= 253 && !numeric && trimmed.split('.').all(label)
}

/// Whether a host can be listened on: an IP address or a name.
pub(crate) fn is_host(host: &str) -> bool {
    let without_zone = host.split_once('%').map_or(host, |(address, _)| address);
    let ip = if without_zone.len() == host.len() {
        host.parse::<IpAddr>().is_ok()
    } else {
        without_zone.parse::<Ipv6Addr>().is_ok()
    };
    ip || is_domain_name(host)
}

/// Whether Go itself has a port of this name. Source: `services` of golang/go@go1.23.0:src/net/port.go.
pub(crate) fn is_service(name: &str) -> bool {
    const SERVICES: [&str; 15] = [
        "domain",
        "ftp",
        "ftps",
        "gopher",
        "http",
        "https",
        "imap2",
        "imap3",
        "imaps",
        "pop3",
        "pop3s",
        "smtp",
        "ssh",
        "submissions",
        "telnet",
    ];
    SERVICES.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// The host and the port of an address, or Go's words about it.
/// Source: `SplitHostPort` of golang/go@go1.23.0:src/net/ipsock.go.
pub(crate) fn split_host_port(address: &str) -> Result<(&str, &str), &'static str> {
    let (before, port) = address.rsplit_once(':').ok_or("missing port in address")?;
    let host = match address.strip_prefix('[') {
        Some(inner) => {
            let (host, behind) = inner.split_once(']').ok_or("missing ']' in address")?;
            match behind.strip_prefix(':') {
                Some(rest) if rest.contains(':') => return Err("too many colons in address"),
                Some(_) => host,
                None => return Err("missing port in address"),
            }
        }
        None if before.contains(':') => return Err("too many colons in address"),
        None => before,
    };
    if host.contains('[') || port.contains('[') {
        return Err("unexpected '[' in address");
    }
    if host.contains(']') || port.contains(']') {
        return Err("unexpected ']' in address");
    }
    Ok((host, port))
}

/// Go's error about an address to listen on by TCP; nothing if it is valid.
/// Source: `parsePort` of golang/go@go1.23.0:src/net/port.go.
pub(crate) fn tcp_fault(address: &str) -> Option<String> {
    let (host, port) = match split_host_port(address) {
        Ok(split) => split,
        Err(words) => return Some(format!("address {address}: {words}")),
    };
    if !host.is_empty() && !is_host(host) {
        return Some(format!("lookup {host}: no such host"));
    }
    match port.parse::<i64>() {
        Ok(0..=65535) => None,
        Ok(_) => Some(format!("address {port}: invalid port")),
        // A service by its name may be known on the machine.
        Err(_) if port.is_empty() || port.bytes().any(|b| b.is_ascii_alphabetic()) && is_domain_name(port) => None,
        Err(_) => Some(format!("lookup tcp/{port}: unknown port")),
    }
}

/// Go's error about a URL; nothing if it is valid.
/// Source: `parse`, `getScheme` of golang/go@go1.23.0:src/net/url/url.go.
pub(crate) fn url_fault(text: &str) -> Option<String> {
    if text.bytes().any(|b| b < b' ' || b == 0x7f) {
        return Some("net/url: invalid control character in URL".to_owned());
    }
    let text = text.split_once('#').map_or(text, |(before, _)| before);
    let (scheme, rest) = match split_scheme(text) {
        Ok(split) => split,
        Err(fault) => return Some(fault.to_owned()),
    };
    let rest = rest.split_once('?').map_or(rest, |(before, _)| before);
    if !rest.starts_with('/') {
        let first = rest.split('/').next().unwrap_or(rest);
        let wrong = scheme.is_empty() && first.contains(':');
        return wrong.then(|| "first path segment in URL cannot contain colon".to_owned());
    }
    let authority = rest.strip_prefix("//").filter(|_| !scheme.is_empty() || !rest.starts_with("///"));
    let (authority, path) = authority.map_or(("", rest), |rest| rest.split_at(rest.find('/').unwrap_or(rest.len())));
    let host = authority.rsplit('@').next().unwrap_or_default();
    check_host(host).and_then(|()| check_escapes(path)).err()
}

fn split_scheme(text: &str) -> Result<(&str, &str), &'static str> {
    for (i, byte) in text.bytes().enumerate() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' => {}
            b'0'..=b'9' | b'+' | b'-' | b'.' if i > 0 => {}
            b':' if i == 0 => return Err("missing protocol scheme"),
            b':' => return Ok((text.get(..i).unwrap_or_default(), text.get(i + 1..).unwrap_or_default())),
            _ => break,
        }
    }
    Ok(("", text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_addresses_or_names() {
        for (host, good) in [
            ("127.0.0.1", true),
            ("::1", true),
            ("fe80::1%eth0", true),
            ("localhost", true),
            ("node_1.example.", true),
            ("0.0.0.0", true),
            ("1-2", true),
            ("", false),
            ("a..b", false),
            ("-a.b", false),
            ("a-.b", false),
            ("[::1]", false),
            ("1.2.3.4%eth0", false),
            ("010.0.0.1", false),
            ("not an address", false),
            ("127.0.0.1:10010", false),
            ("256.1.1.1", false),
            ("10.0.0.0/8", false),
            ("http://localhost", false),
        ] {
            assert_eq!(is_host(host), good, "{host}");
        }
    }

    #[test]
    fn hosts_and_ports_are_split_as_go_splits_them() {
        for (address, split) in [
            ("127.0.0.1:9323", Ok(("127.0.0.1", "9323"))),
            ("[::1]:80", Ok(("::1", "80"))),
            ("[fe80::1%eth0]:80", Ok(("fe80::1%eth0", "80"))),
            ("[]:80", Ok(("", "80"))),
            (":80", Ok(("", "80"))),
            ("a:", Ok(("a", ""))),
            (":", Ok(("", ""))),
            ("", Err("missing port in address")),
            ("nope", Err("missing port in address")),
            ("[::1]", Err("missing port in address")),
            ("[::1]80", Err("missing port in address")),
            ("[a]b:80", Err("missing port in address")),
            ("[::1]:80:90", Err("too many colons in address")),
            ("::1:80", Err("too many colons in address")),
            ("a:b:c", Err("too many colons in address")),
            ("[::1:80", Err("missing ']' in address")),
            ("[[::1]:80", Err("unexpected '[' in address")),
            ("a[b:80", Err("unexpected '[' in address")),
            ("a]b:80", Err("unexpected ']' in address")),
            ("a:80]", Err("unexpected ']' in address")),
        ] {
            assert_eq!(split_host_port(address), split, "{address}");
        }
    }

    #[test]
    fn tcp_addresses_need_a_port() {
        for (address, fault) in [
            ("127.0.0.1:1338", None),
            (":1338", None),
            ("127.0.0.1:", None),
            ("[::1]:80", None),
            ("localhost:http", None),
            ("localhost:+80", None),
            ("1.2.3.4:0", None),
            ("1.2.3.4:65535", None),
            ("127.0.0.1", Some("address 127.0.0.1: missing port in address")),
            ("unix:///run/d.sock", Some("lookup tcp////run/d.sock: unknown port")),
            ("::1:80", Some("address ::1:80: too many colons in address")),
            ("no host:80", Some("lookup no host: no such host")),
            ("1.2.3.4:65536", Some("address 65536: invalid port")),
            ("1.2.3.4:-1", Some("address -1: invalid port")),
            ("1.2.3.4:8 0", Some("lookup tcp/8 0: unknown port")),
        ] {
            assert_eq!(tcp_fault(address).as_deref(), fault, "{address}");
        }
    }

    #[test]
    fn urls_are_read_as_go_does() {
        for (text, good) in [
            ("https://registry.example:5000", true),
            ("registry.example", true),
            ("registry.example:5000", true),
            ("10.0.0.1:5000", false),
            ("my_registry:5000", false),
            (":5000", false),
            ("", true),
            ("/v2", true),
            ("//registry.example:port", false),
            ("///a b", true),
            ("mailto:user", true),
            ("docker.io/a:b", true),
            ("https://user:secret@registry.example", true),
            ("https://registry.example:", true),
            ("https://registry.example?a b", true),
            ("https://registry.example:port", false),
            ("https://[::1:5000", false),
            ("https://registry example", false),
            ("https://registry.example/%zz", false),
            ("/%zz", false),
            ("https://registry.example\n", false),
        ] {
            assert_eq!(url_fault(text).is_none(), good, "{text}");
        }
    }
}

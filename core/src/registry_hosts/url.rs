//! URLs of registry hosts, as containerd reads them: no scheme means https, the rest is Go's `url.Parse`.
//!
//! Source: containerd/containerd@v2.3.4:core/remotes/docker/config/hosts.go (`parseHostConfig`); Go's net/url.

use crate::go::host::{check_escapes, check_host};

/// A URL that containerd makes sense of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Url<'t> {
    /// `http` or `https`; nothing where it is left out.
    pub(crate) scheme: Option<&'t str>,
    /// Host and port.
    pub(crate) host: &'t str,
    /// The path, with its slash; may be empty.
    pub(crate) path: &'t str,
}

/// Why a URL does not work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Go does not parse it, in its words: the whole file is thrown away.
    Unparsable(String),
    /// It parses, and names no host that could be asked.
    NoHost,
    /// Another scheme than http and https.
    Scheme,
}

impl<'t> Url<'t> {
    /// Reads a URL.
    pub(crate) fn parse(text: &'t str) -> Result<Self, Fault> {
        if let Some(c) = text.chars().find(|c| c.is_ascii_control()) {
            return Err(Fault::Unparsable(format!("invalid control character in URL ({c:?})")));
        }
        // Whatever starts with these letters is taken as it stands, all else as a host by https.
        let (scheme, rest) = if text.starts_with("http") { split_scheme(text)? } else { (None, text) };
        let rest = rest.split(['?', '#']).next().unwrap_or_default();
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let host = authority.rsplit('@').next().unwrap_or_default();
        check_host(host).map_err(Fault::Unparsable)?;
        check_escapes(path).map_err(Fault::Unparsable)?;
        if scheme.is_none() && text.contains("://") {
            return Err(Fault::Scheme);
        }
        if host.is_empty() || host.starts_with(':') { Err(Fault::NoHost) } else { Ok(Self { scheme, host, path }) }
    }

    /// Whether it is plain http.
    pub(crate) fn is_http(self) -> bool {
        self.scheme == Some("http")
    }

    /// The host without its port.
    pub(crate) fn name(self) -> &'t str {
        match self.host.rsplit_once(':') {
            Some((name, port)) if !port.ends_with(']') => name,
            _ => self.host,
        }
    }

    /// The port, if written.
    pub(crate) fn port(self) -> Option<&'t str> {
        self.host.get(self.name().len() + 1..).filter(|port| !port.is_empty())
    }

    /// The root of the API that containerd asks when `override_path` is not set.
    pub(crate) fn asked_path(self) -> String {
        let mut path = self.clean_path();
        if !path.ends_with("/v2") {
            path.push_str("/v2");
        }
        path
    }

    /// The path without empty and dot parts; empty for the root.
    pub(crate) fn clean_path(self) -> String {
        let mut parts: Vec<&str> = vec![];
        for part in self.path.split('/') {
            match part {
                "" | "." => {}
                ".." => drop(parts.pop()),
                part => parts.push(part),
            }
        }
        parts.iter().flat_map(|part| ["/", part]).collect()
    }
}

/// The scheme of a text that starts with `http`, and what stands behind its slashes.
fn split_scheme(text: &str) -> Result<(Option<&str>, &str), Fault> {
    let segment = text.split('/').next().unwrap_or_default();
    let Some((scheme, _)) = segment.split_once(':') else { return Err(Fault::NoHost) };
    if !scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b)) {
        return Err(Fault::Unparsable("first path segment in URL cannot contain colon".into()));
    }
    match text.split_once("://") {
        Some((scheme @ ("http" | "https"), rest)) => Ok((Some(scheme), rest)),
        Some((before, _)) if before == scheme => Err(Fault::Scheme),
        _ => Err(Fault::NoHost),
    }
}

/// Whether a host is a registry of the public internet whose certificate any system trusts.
pub(crate) fn is_public(host: &str) -> bool {
    const PUBLIC: [&str; 13] = [
        "docker.io",
        "registry-1.docker.io",
        "index.docker.io",
        "ghcr.io",
        "quay.io",
        "gcr.io",
        "k8s.gcr.io",
        "mirror.gcr.io",
        "registry.k8s.io",
        "public.ecr.aws",
        "mcr.microsoft.com",
        "registry.gitlab.com",
        "nvcr.io",
    ];
    PUBLIC.contains(&host)
}

/// Whether a text holds a place to be filled in before any daemon reads it.
pub(crate) fn is_placeholder(text: &str) -> bool {
    ["${", "$(", "{{", "__", "<"].iter().any(|mark| text.contains(mark)) || text.starts_with('$')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_read_as_containerd_reads_them() {
        for (text, scheme, host, path) in [
            ("https://m.test", Some("https"), "m.test", ""),
            ("http://m.test:5000/v2/x", Some("http"), "m.test:5000", "/v2/x"),
            ("m.test:5000", None, "m.test:5000", ""),
            ("https://user@[::1]:5000/", Some("https"), "[::1]:5000", "/"),
            ("mirror", None, "mirror", ""),
            ("10.0.0.1:5000/v2", None, "10.0.0.1:5000", "/v2"),
            ("https://m.test?ns=x", Some("https"), "m.test", ""),
            ("https://m.test/a%20b#c", Some("https"), "m.test", "/a%20b"),
            ("https://m.test:", Some("https"), "m.test:", ""),
        ] {
            assert_eq!(Url::parse(text), Ok(Url { scheme, host, path }), "{text}");
        }
    }

    #[test]
    fn faults_are_told_apart() {
        for (text, fault) in [
            ("https:/m.test", Fault::NoHost),
            ("httpd.test:5000", Fault::NoHost),
            ("https://", Fault::NoHost),
            ("docker://m.test", Fault::Scheme),
            ("HTTPS://m.test", Fault::Scheme),
            ("http+unix://m.test", Fault::Scheme),
            (" https://m.test", Fault::Unparsable("invalid character \" \" in host name".into())),
            ("http_cache:5000", Fault::Unparsable("first path segment in URL cannot contain colon".into())),
            ("https://m.test:port", Fault::Unparsable("invalid port \":port\" after host".into())),
            ("https://m test", Fault::Unparsable("invalid character \" \" in host name".into())),
            ("https://m.test/%zz", Fault::Unparsable("invalid URL escape \"%zz\"".into())),
            ("https://[::1", Fault::Unparsable("missing ']' in host".into())),
            ("https://m.test\n", Fault::Unparsable("invalid control character in URL ('\\n')".into())),
            ("", Fault::NoHost),
            ("/run/registry.sock", Fault::NoHost),
            ("https://:5000", Fault::NoHost),
            ("http.test", Fault::NoHost),
            ("http:m.test", Fault::NoHost),
        ] {
            assert_eq!(Url::parse(text), Err(fault), "{text}");
        }
    }

    #[test]
    fn the_version_is_appended_once() {
        let asked = |text| Url::parse(text).unwrap().asked_path();
        for (text, path) in [
            ("https://m.test", "/v2"),
            ("https://m.test/", "/v2"),
            ("https://m.test/v2/", "/v2"),
            ("https://m.test/us//./x/../y/", "/us/y/v2"),
            ("https://m.test/v2/proj", "/v2/proj/v2"),
        ] {
            assert_eq!(asked(text), path, "{text}");
        }
        assert_eq!(Url::parse("https://[::1]:5000").unwrap().name(), "[::1]");
        assert_eq!(Url::parse("https://[::1]").unwrap().port(), None);
        assert_eq!(Url::parse("https://m.test:80").unwrap().port(), Some("80"));
    }
}

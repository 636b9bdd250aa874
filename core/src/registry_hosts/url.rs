//! URLs of registry hosts, as containerd reads them: no scheme means https, the rest is Go's `url.Parse`.
//!
//! Source: containerd/containerd@v2.3.4:core/remotes/docker/config/hosts.go (`parseHostConfig`); Go's net/url.

use crate::go::host::{check_escapes, check_host};

/// A URL that containerd can use.
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
pub(crate) enum UrlFault {
    /// Go does not parse it, in its words: the whole file is discarded.
    Unparsable(String),
    /// The URL parses, and has no host that could be asked.
    NoHost,
    /// Another scheme than http and https.
    Scheme,
    /// Two URLs in one: `https://a://b`.
    Doubled,
    /// The name has a character that no host has, such as the `*` of a pattern.
    NotAName,
}

impl<'t> Url<'t> {
    /// Reads a URL.
    pub(crate) fn parse(text: &'t str) -> Result<Self, UrlFault> {
        if let Some(c) = text.chars().find(|c| c.is_ascii_control()) {
            return Err(UrlFault::Unparsable(format!("invalid control character in URL ({c:?})")));
        }
        // A text that starts with these letters is a URL as is, any other one a host by https.
        let (scheme, rest) = if text.starts_with("http") { split_scheme(text)? } else { (None, text) };
        Self::of_parts(text, scheme, rest)
    }

    /// Reads a URL as k3s and RKE2 do: a text without `://` is a host, and has no scheme yet.
    /// Source: k3s-io/k3s@06ea261:pkg/agent/containerd/config.go (`normalizeEndpointAddress`).
    pub(crate) fn parse_endpoint(text: &'t str) -> Result<Self, UrlFault> {
        let (scheme, rest) = if text.contains("://") { split_scheme(text)? } else { (None, text) };
        if scheme.is_none() && (text.starts_with("http:/") || text.starts_with("https:/")) {
            return Err(UrlFault::NoHost);
        }
        Self::of_parts(text, scheme, rest)
    }

    /// Reads what stands behind the scheme of `text`.
    fn of_parts(text: &str, scheme: Option<&'t str>, rest: &'t str) -> Result<Self, UrlFault> {
        let rest = rest.split(['?', '#']).next().unwrap_or_default();
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let host = authority.rsplit('@').next().unwrap_or_default();
        check_host(host).map_err(UrlFault::Unparsable)?;
        check_escapes(path).map_err(UrlFault::Unparsable)?;
        if scheme.is_none() && text.contains("://") {
            return Err(UrlFault::Scheme);
        }
        let url = Self { scheme, host, path };
        // A port without a name is that port of the node itself.
        match url.name() {
            "" if host.is_empty() => Err(UrlFault::NoHost),
            _ if host.ends_with(':') && path.starts_with("//") => Err(UrlFault::Doubled),
            name if !name.starts_with('[') && !name.chars().all(is_of_name) => Err(UrlFault::NotAName),
            _ => Ok(url),
        }
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

/// Whether a name that the network can resolve may have the character. Go's parser takes more: `*`, `!`, `,`.
fn is_of_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '.' | '_' | '%')
}

/// The scheme of a text that starts with `http`, and what stands behind its slashes.
fn split_scheme(text: &str) -> Result<(Option<&str>, &str), UrlFault> {
    let segment = text.split('/').next().unwrap_or_default();
    let Some((scheme, _)) = segment.split_once(':') else { return Err(UrlFault::NoHost) };
    if !scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b)) {
        return Err(UrlFault::Unparsable("first path segment in URL cannot contain colon".into()));
    }
    match text.split_once("://") {
        Some((scheme @ ("http" | "https"), rest)) => Ok((Some(scheme), rest)),
        Some((before, _)) if before == scheme => Err(UrlFault::Scheme),
        _ => Err(UrlFault::NoHost),
    }
}

/// Whether a host is a registry of the public internet, whose certificate any system trusts.
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

/// Whether a host is a registry service that serves its API at `/v2` of the host alone, so that no path stands before
/// it: the public registries, and those that clouds give their customers, as their documentation writes image names.
pub(crate) fn serves_at_root(host: &str) -> bool {
    const CLOUDS: [&str; 9] = [
        ".gcr.io",
        ".pkg.dev",
        ".azurecr.io",
        ".aliyuncs.com",
        ".aliyun.com",
        ".tencentcloudcr.com",
        ".tencentyun.com",
        ".myhuaweicloud.com",
        ".ocir.io",
    ];
    let is_aws = host.contains(".dkr.ecr.") && host.contains(".amazonaws.com");
    is_public(host) || is_aws || CLOUDS.iter().any(|cloud| host.ends_with(cloud))
}

/// Whether a text holds a placeholder, which is filled in before any daemon reads it.
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
            ("http://:5000", Some("http"), ":5000", ""),
        ] {
            assert_eq!(Url::parse(text), Ok(Url { scheme, host, path }), "{text}");
        }
    }

    #[test]
    fn faults_are_distinguished() {
        for (text, fault) in [
            ("https:/m.test", UrlFault::NoHost),
            ("httpd.test:5000", UrlFault::NoHost),
            ("https://", UrlFault::NoHost),
            ("docker://m.test", UrlFault::Scheme),
            ("HTTPS://m.test", UrlFault::Scheme),
            ("http+unix://m.test", UrlFault::Scheme),
            (" https://m.test", UrlFault::Unparsable("invalid character \" \" in host name".into())),
            ("http_cache:5000", UrlFault::Unparsable("first path segment in URL cannot contain colon".into())),
            ("https://m.test:port", UrlFault::Unparsable("invalid port \":port\" after host".into())),
            ("https://m test", UrlFault::Unparsable("invalid character \" \" in host name".into())),
            ("https://m.test/%zz", UrlFault::Unparsable("invalid URL escape \"%zz\"".into())),
            ("https://[::1", UrlFault::Unparsable("missing ']' in host".into())),
            ("https://m.test\n", UrlFault::Unparsable("invalid control character in URL ('\\n')".into())),
            ("", UrlFault::NoHost),
            ("/run/registry.sock", UrlFault::NoHost),
            ("https:///v2", UrlFault::NoHost),
            ("http.test", UrlFault::NoHost),
            ("*", UrlFault::NotAName),
            ("https://*.m.test:5000", UrlFault::NotAName),
            ("https://a.test,b.test", UrlFault::NotAName),
            ("https://a.test,https://b.test", UrlFault::Doubled),
            ("https://m.t://m.test", UrlFault::Doubled),
            ("http:m.test", UrlFault::NoHost),
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

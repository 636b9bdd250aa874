//! # `registry-mirror-invalid`
//!
//! An item of `registry-mirrors` that is no plain address with `https://` or `http://`.
//!
//! ## Why
//!
//! dockerd does not start: `invalid mirror: no scheme specified for "mirror.example"`. A query, a fragment, or a user with a password
//! is refused too, and up to 24.0.7 a path. Before 28.3 `dockerd --validate` says OK all the same.
//!
//! ## What to do
//!
//! Write `https://host` or `https://host:port`.
//!
//! ## Examples
//!
//! ```json bad
//! { "registry-mirrors": ["mirror.example:5000"] }
//!                        ^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```json fixed
//! { "registry-mirrors": ["https://mirror.example:5000"] }
//! ```
//!
//! ```json bad
//! { "registry-mirrors": ["https//mirror.example"] }
//!                        ^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```json fixed
//! { "registry-mirrors": ["https://mirror.example"] }
//! ```
//!
//! ```json bad docker=20.10
//! { "registry-mirrors": ["https://mirror.example/docker"] }
//!                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```json good
//! { "registry-mirrors": ["https://mirror.example", "http://localhost:5000/"] }
//! ```
//!
//! ## References
//!
//! - moby/moby#50233, moby/moby#34476, moby/moby#36598
//! - moby/moby@docker-v29.7.2:daemon/pkg/registry/config.go (`ValidateMirror`), moby/moby@v20.10.27, v24.0.9:registry/config.go;
//!   measured with 20.10.24, 24.0.9, 27.5.1, 28.5.2 and 29.7.2

use crate::docker;
use crate::docker::network::bad_authority;
use crate::docker::settings::texts;
use crate::rules::prelude::*;
use crate::text::excerpt;

pub(crate) const RULE: Rule = Rule {
    id: "registry-mirror-invalid",
    summary: "A registry mirror that is no plain address",
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&docker::KIND], check),
    ..Rule::DEFAULTS
};

/// They refuse a path. Source: moby/moby@v23.0.18:registry/config.go.
const NO_PATH: Releases = Releases::docker("..23");

/// Built with a Go that reads no second colon. Source: moby/moby@docker-v29.7.2:go.mod.
const ONE_COLON: Releases = Releases::docker("29..");

/// What is wrong with a mirror.
struct Fault {
    what: &'static str,
    words: String,
    refused: Releases,
    /// The address that was meant.
    meant: Option<String>,
}

fn check(cx: &mut FileCx) {
    for (node, mirror) in texts(cx.root, "registry-mirrors") {
        if let Some(fault) = fault(mirror) {
            report(cx, node, mirror, &fault);
        }
    }
}

fn fault(mirror: &str) -> Option<Fault> {
    let found = |what, words: &str, refused, meant| {
        Some(Fault { what, words: format!("invalid mirror: {words} \"{mirror}\""), refused, meant })
    };
    let Some((scheme, rest)) = mirror.split_once("://").filter(|(scheme, _)| !scheme.is_empty()) else {
        return found("has no scheme", "no scheme specified for", Releases::ANY, with_scheme(mirror));
    };
    if !matches!(scheme.to_ascii_lowercase().as_str(), "http" | "https") {
        return found(
            "is no http or https address",
            &format!("unsupported scheme \"{scheme}\" in"),
            Releases::ANY,
            None,
        );
    }
    if bad_authority(rest).is_some() {
        return found("is no address", "not a valid URI:", Releases::ANY, None);
    }
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if !authority.contains('[') && authority.matches(':').count() > 1 && !authority.contains('@') {
        return found("has more than one port", "not a valid URI:", ONE_COLON, None);
    }
    let fragment = rest.split_once('#').is_some_and(|(_, fragment)| !fragment.is_empty());
    let before = rest.split('#').next().unwrap_or_default();
    if fragment || before.split_once('?').is_some_and(|(_, query)| !query.is_empty()) {
        return found("has a query or a fragment", "query or fragment at end of the URI", Releases::ANY, None);
    }
    if authority.contains('@') {
        return found("has a user in it", "username/password not allowed in URI", Releases::ANY, None);
    }
    let path = before.split('?').next().and_then(|p| p.get(authority.len()..)).unwrap_or_default();
    if !matches!(path, "" | "/") {
        return found("has a path", "path, query, or fragment at end of the URI", NO_PATH, None);
    }
    None
}

/// The address that was meant by one without a scheme, or with a broken one: `https//host`, `https:/host`.
fn with_scheme(mirror: &str) -> Option<String> {
    for scheme in ["https", "http"] {
        if let Some(rest) = mirror.strip_prefix(scheme).filter(|rest| rest.starts_with([':', '/'])) {
            let host = rest.trim_start_matches([':', '/']);
            return (!host.is_empty()).then(|| format!("{scheme}://{host}"));
        }
    }
    let plain = !mirror.is_empty() && mirror.bytes().all(|b| b.is_ascii_alphanumeric() || b".-:/".contains(&b));
    (plain && !mirror.starts_with(['/', ':'])).then(|| format!("https://{mirror}"))
}

fn report(cx: &mut FileCx, node: &Node, mirror: &str, fault: &Fault) {
    let fix = fault.meant.as_ref().map(|meant| Fix::string(Applicability::Unsafe, node, meant));
    let help = match &fault.meant {
        Some(meant) => format!("Write `{meant}`."),
        None => "Write `https://host` or `https://host:port`.".to_owned(),
    };
    cx.report(node.span, format!("the mirror `{}` {}", excerpt(mirror), fault.what))
        .refused(fault.refused)
        .key("registry-mirrors")
        .why(format!(
            "dockerd does not start: `{}`. Before 28.3 `dockerd --validate` says OK all the same.",
            fault.words
        ))
        .help(help)
        .maybe_fix(fix);
}

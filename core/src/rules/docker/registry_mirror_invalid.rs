//! # `registry-mirror-invalid`
//!
//! An item of `registry-mirrors` that is not a plain address with `https://` or `http://`.
//!
//! ## Why
//!
//! dockerd does not start: `invalid mirror: no scheme specified for "mirror.example"`. A query, a fragment, or a user
//! with a password is refused too, and up to 24.0.7 a path. Before 28.3 `dockerd --validate` still reports OK.
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
//! - moby/moby@docker-v29.7.2:daemon/pkg/registry/config.go (`ValidateMirror`), moby/moby@v20.10.27,
//!   v24.0.9:registry/config.go; measured with 20.10.24, 24.0.9, 27.5.1, 28.5.2 and 29.7.2

use crate::docker;
use crate::docker::network::bad_authority;
use crate::docker::settings::texts;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "registry-mirror-invalid",
    summary: "Registry mirror is not a plain address",
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&docker::KIND], check),
    ..Rule::DEFAULTS
};

/// Source: moby/moby@v23.0.18, @v24.0.7, @v24.0.8:registry/config.go.
const REFUSES_PATH: Releases = Releases::docker("..24.0.7");
/// Built with a Go that reads no second colon. Source: moby/moby@docker-v29.7.2:go.mod.
const REFUSES_SECOND_COLON: Releases = Releases::docker("29..");

/// What is wrong with a mirror.
struct BadMirror {
    what: &'static str,
    log: String,
    refused: Releases,
}

fn check(cx: &mut FileCx) {
    for item in texts(cx.settings(), "registry-mirrors") {
        if let Some(fault) = fault(&item.text) {
            report(cx, &item, &fault);
        }
    }
}

fn fault(mirror: &str) -> Option<BadMirror> {
    let bad = |what, reason: &str, refused| {
        Some(BadMirror { what, log: format!("invalid mirror: {reason} \"{mirror}\""), refused })
    };
    let Some((scheme, rest)) = split_scheme(mirror) else {
        return bad("has no scheme", "no scheme specified for", Releases::ANY);
    };
    if !scheme.eq_ignore_ascii_case("http") && !scheme.eq_ignore_ascii_case("https") {
        let reason = format!("unsupported scheme \"{scheme}\" in");
        return bad("is not an http or https address", &reason, Releases::ANY);
    }
    if bad_authority(rest).is_some() {
        return bad("is not an address", "not a valid URI:", Releases::ANY);
    }
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if !authority.contains(['[', '@']) && authority.matches(':').count() > 1 {
        return bad("has more than one port", "not a valid URI:", REFUSES_SECOND_COLON);
    }
    let (before, fragment) = rest.split_once('#').unwrap_or((rest, ""));
    let (address, query) = before.split_once('?').unwrap_or((before, ""));
    if !fragment.is_empty() || !query.is_empty() {
        return bad("has a query or a fragment", "query or fragment at end of the URI", Releases::ANY);
    }
    if authority.contains('@') {
        return bad("has a user in it", "username/password not allowed in URI", Releases::ANY);
    }
    let path = address.get(authority.len()..).unwrap_or_default();
    if !matches!(path, "" | "/") {
        return bad("has a path", "path, query, or fragment at end of the URI", REFUSES_PATH);
    }
    None
}

fn split_scheme(mirror: &str) -> Option<(&str, &str)> {
    mirror.split_once("://").filter(|(scheme, _)| !scheme.is_empty())
}

/// The address that was meant by one without a scheme, or with a broken one: `https//host`, `https:/host`.
fn meant(mirror: &str) -> Option<String> {
    if split_scheme(mirror).is_some() {
        return None;
    }
    for scheme in ["https", "http"] {
        if let Some(rest) = mirror.strip_prefix(scheme).filter(|rest| rest.starts_with([':', '/'])) {
            let host = rest.trim_start_matches([':', '/']);
            return (!host.is_empty()).then(|| format!("{scheme}://{host}"));
        }
    }
    let is_plain = mirror.bytes().all(|b| b.is_ascii_alphanumeric() || b".-:/".contains(&b));
    (is_plain && !mirror.is_empty() && !mirror.starts_with(['/', ':'])).then(|| format!("https://{mirror}"))
}

fn report(cx: &mut FileCx, item: &WrittenSetting, fault: &BadMirror) {
    let meant = meant(&item.text);
    let help = match &meant {
        Some(meant) => format!("Write `{meant}`."),
        None => "Write `https://host` or `https://host:port`.".to_owned(),
    };
    cx.report_setting(item, format!("the mirror `{}` {}", excerpt(&item.text), fault.what))
        .refused(fault.refused)
        .why(why(&fault.log))
        .help(help)
        .maybe_fix(meant.and_then(|meant| item.replaced_by(Applicability::Unsafe, &meant)));
}

fn why(log: &str) -> String {
    format!("dockerd does not start: `{log}`. Before 28.3 `dockerd --validate` still reports OK.")
}

//! # `proxies-at-top-level`
//!
//! `http-proxy`, `https-proxy` or `no-proxy` at the top level instead of in `proxies`.
//!
//! ## Why
//!
//! Docker 23.0 and later let the names pass, because there are flags of these names, and read `proxies` alone: pulls go out without
//! the proxy. Older releases have no proxies in the file at all, and do not start.
//!
//! ## What to do
//!
//! Put them in `proxies`.
//!
//! ## Examples
//!
//! ```json bad
//! {
//!   "http-proxy": "http://proxy.example:3128",
//!   ^^^^^^^^^^^^
//!   "no-proxy": "localhost,.example"
//! }
//! ```
//!
//! ```json fixed
//! {
//!   "proxies": { "http-proxy": "http://proxy.example:3128", "no-proxy": "localhost,.example" }
//! }
//! ```
//!
//! ```json good
//! { "proxies": { "http-proxy": "http://proxy.example:3128" } }
//! ```
//!
//! ## References
//!
//! - moby/moby@docker-v29.7.2:daemon/config/config.go (`Proxies`); measured with 20.10.24, 24.0.9, 27.5.1, 28.5.2 and 29.7.2

use crate::docker;
use crate::docker::kind::refused_names;
use crate::docker::settings::{docker as in_docker, flag_key};
use crate::rules::prelude::*;
use crate::syntax::Value;

pub(crate) const RULE: Rule = Rule {
    id: "proxies-at-top-level",
    summary: "Proxy settings outside of `proxies`",
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&docker::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    let is_proxy = |entry: &&Entry| flag_key(&entry.key).is_some_and(|key| key.starts_with("proxies."));
    let all: Vec<&Entry> = cx.root.entries().iter().filter(is_proxy).collect();
    let Some((first, others)) = all.split_first() else { return };
    let refused = all.iter().flat_map(|e| refused_names(e)).fold(ReleaseSet::NONE, |all, (_, set)| all.or(set));
    let fix = fix(cx, &all);
    let names: Vec<String> = all.iter().map(|e| format!("`{}`", e.key)).collect();
    let paths: Vec<String> = all.iter().map(|e| cx.path_of(e)).collect();
    let does = if others.is_empty() { "does" } else { "do" };
    let finding = cx.report(
        first.key_span,
        format!("{} {does} nothing at the top level: Docker reads `proxies`", names.join(", ")),
    );
    finding
        .refused(in_docker(refused))
        .ignored(in_docker(ReleaseSet::ALL.without(refused)))
        .why("dockerd lets the name of a flag pass and reads `proxies` alone: pulls go out without the proxy. Before 23.0 it does not start: `the following directives don't match any configuration option`.")
        .help("Put them in `proxies`: `\"proxies\": { \"http-proxy\": \"...\" }`.")
        .maybe_fix(fix);
    finding.keys = paths;
    for other in others {
        finding.label(other.key_span, "this one too");
    }
}

/// One object in the place of neighbours.
fn fix(cx: &FileCx, all: &[&Entry]) -> Option<Fix> {
    let text = cx.doc().text;
    let (first, last) = (all.first()?, all.last()?);
    let start = first.key_span.start;
    let apart = |between: &[&Entry]| match between {
        [a, b] => text.get(a.value.span.end as usize..b.key_span.start as usize).is_none_or(|gap| gap.trim() != ","),
        _ => false,
    };
    let scalar = all.iter().all(|e| matches!(e.value.value, Value::Scalar(_)));
    if !scalar || cx.root.get("proxies").is_some() || all.windows(2).any(apart) {
        return None;
    }
    let members: Vec<&str> = all.iter().map(|e| e.key_span.to(e.value.span).of(text)).collect();
    let edit = Edit::new(
        Span::new(start as usize, last.value.span.end as usize),
        format!("\"proxies\": {{ {} }}", members.join(", ")),
    );
    Some(Fix::one(Applicability::Unsafe, "Put them in `proxies`", edit))
}

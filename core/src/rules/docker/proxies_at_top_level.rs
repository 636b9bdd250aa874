//! # `proxies-at-top-level`
//!
//! `http-proxy`, `https-proxy` or `no-proxy` at the top level instead of in `proxies`.
//!
//! ## Why
//!
//! Docker 23.0 and later let the names pass, because there are flags of these names, and read `proxies` alone: pulls
//! go out without the proxy. Older releases have no proxies in the file at all, and do not start.
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
//! - moby/moby@docker-v29.7.2:daemon/config/config.go (`Proxies`); measured with 20.10.24, 24.0.9, 27.5.1, 28.5.2 and
//!   29.7.2

use crate::docker;
use crate::docker::kind::refused_names;
use crate::docker::settings::{flag_key, in_docker};
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
    let refused = all.iter().flat_map(|entry| refused_names(entry));
    let refused = refused.fold(ReleaseSet::NONE, |all, (_, set)| all.or(set));
    let fix = fix(cx, &all);
    let paths: Vec<String> = all.iter().map(|entry| cx.path_of(entry)).collect();
    let names = quoted(all.iter().map(|entry| entry.key.as_ref()), ", ");
    let have = if others.is_empty() { "has" } else { "have" };
    let message = format!("{names} {have} no effect at the top level: Docker reads `proxies`");
    let finding = cx.report(first.key_span, message);
    finding
        .refused(in_docker(refused))
        .ignored(in_docker(ReleaseSet::ALL.without(refused)))
        .why(WHY)
        .help("Put them in `proxies`: `\"proxies\": { \"http-proxy\": \"...\" }`.")
        .maybe_fix(fix);
    finding.keys = paths;
    for other in others {
        finding.label(other.key_span, "this one too");
    }
}

/// One object in the place of neighbors.
fn fix(cx: &FileCx, all: &[&Entry]) -> Option<Fix> {
    let text = cx.doc().text;
    let (first, last) = (all.first()?, all.last()?);
    let are_apart = |pair: &[&Entry]| match pair {
        [a, b] => text.get(a.value.span.end as usize..b.key_span.start as usize).is_none_or(|gap| gap.trim() != ","),
        _ => false,
    };
    let are_scalars = all.iter().all(|entry| matches!(entry.value.value, Value::Scalar(_)));
    if !are_scalars || cx.root.get("proxies").is_some() || all.windows(2).any(are_apart) {
        return None;
    }
    let members: Vec<&str> = all.iter().map(|entry| entry.key_span.to(entry.value.span).of(text)).collect();
    let object = format!("\"proxies\": {{ {} }}", members.join(", "));
    Some(Fix::edit(Applicability::Unsafe, "Put them in `proxies`", first.key_span.to(last.value.span), object))
}

const WHY: &str = "dockerd lets the name of a flag pass and reads `proxies` alone: pulls do not use the proxy. \
                   Before 23.0 it does not start: `the following directives don't match any configuration option`.";

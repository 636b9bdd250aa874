//! # `builder-size-invalid`
//!
//! A size below `builder.gc` that is none.
//!
//! ## Why
//!
//! 28.0 and later do not start: `error initializing buildkit: ... could not get builder GC policy: failed to parse reservedSpace: invalid
//! size: 'lots'`. `dockerd --validate` says OK all the same. Older releases read `keepStorage` alone, and only with `enabled`.
//!
//! ## What to do
//!
//! Write a size such as `20GB`.
//!
//! ## Examples
//!
//! ```json bad docker=28..
//! { "builder": { "gc": { "defaultReservedSpace": "lots" } } }
//!                                                ^^^^^^
//! ```
//!
//! ```json bad docker=28..
//! { "builder": { "gc": { "policy": [{ "reservedSpace": "10 gigs", "all": true }] } } }
//!                                                      ^^^^^^^^^
//! ```
//!
//! ```json good docker=28..
//! { "builder": { "gc": { "enabled": true, "defaultReservedSpace": "20GB", "policy": [{ "maxUsedSpace": "512MB", "all": true }] } } }
//! ```
//!
//! ## References
//!
//! - moby/moby@docker-v29.7.2:daemon/internal/builder/builder-next/worker/gc.go; measured with 20.10.24, 24.0.9, 27.5.1, 28.5.2 and
//!   29.7.2

use crate::docker;
use crate::go::size::size;
use crate::rules::prelude::*;
use crate::text::excerpt;

pub(crate) const RULE: Rule = Rule {
    id: "builder-size-invalid",
    summary: "A size of the build cache that is none",
    run: Run::File(&[&docker::KIND], check),
    ..Rule::DEFAULTS
};

/// The collection is on by default since 28.2.
const ON_BY_DEFAULT: Releases = Releases::docker("28..");
/// They know `keepStorage` alone, and read it while the collection is switched on.
const KEEP_STORAGE: Releases = Releases::docker("18.09..27");

fn check(cx: &mut FileCx) {
    let value =
        |path: &str| cx.bound.iter().rfind(|b| b.key().is_some_and(|key| key.path() == path)).map(|b| &b.entry.value);
    let enabled = value("builder.GC.Enabled").and_then(|node| node.as_bool());
    // Nobody reads the sizes while the collection is off.
    if enabled == Some(false) {
        return;
    }
    let has_policy = value("builder.GC.Policy").is_some_and(|node| !node.is_null());
    let mut wrong = vec![];
    for bound in cx.bound {
        let Some(key) = bound.key().filter(|key| key.path().starts_with("builder.GC.") && key.format() == "size")
        else {
            continue;
        };
        let Some(text) = bound.entry.value.as_str().filter(|text| !text.is_empty() && size(text).is_none()) else {
            continue;
        };
        let keep = key.path().ends_with("KeepStorage");
        let of_policy = key.path().starts_with("builder.GC.Policy");
        // The newer name wins over the older one beside it.
        let newer = |name: &str| {
            bound.parent.entries().iter().any(|e| e.key.eq_ignore_ascii_case(name) && e.value.as_str() != Some(""))
        };
        let replaced = keep && newer(if of_policy { "reservedSpace" } else { "defaultReservedSpace" });
        let mut refused = if of_policy == has_policy && !replaced { Some(ON_BY_DEFAULT) } else { None };
        if keep && enabled == Some(true) {
            refused = Some(refused.map_or(KEEP_STORAGE, |set| set.or(KEEP_STORAGE)));
        }
        wrong.extend(refused.map(|refused| (bound.entry, text, refused)));
    }
    for (entry, text, refused) in wrong {
        let path = cx.path_of(entry);
        cx.report(entry.value.span, format!("`{}` is no size", excerpt(text)))
            .refused(refused)
            .key(path)
            .why(format!(
                "dockerd does not start: `error initializing buildkit: ... could not get builder GC policy: failed to parse {}: invalid size: '{text}'`. `dockerd --validate` says OK all the same.",
                entry.key
            ))
            .help("Write a size such as `20GB`.");
    }
}

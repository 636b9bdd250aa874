//! # `builder-size-invalid`
//!
//! A text in `builder.gc` that is not a size.
//!
//! ## Why
//!
//! 28.0 and later do not start: `error initializing buildkit: ... could not get builder GC policy: failed to parse
//! reservedSpace: invalid size: 'lots'`. `dockerd --validate` still reports OK. Older releases read `keepStorage`
//! alone, and only with `enabled`.
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
//! {
//!   "builder": {
//!     "gc": { "enabled": true, "defaultReservedSpace": "20GB", "policy": [{ "maxUsedSpace": "512MB", "all": true }] }
//!   }
//! }
//! ```
//!
//! ## References
//!
//! - moby/moby@docker-v29.7.2:daemon/internal/builder-next/worker/gc.go; measured with 20.10.24, 24.0.9,
//!   27.5.1, 28.5.2 and 29.7.2

use crate::docker;
use crate::docker::refusals::late_refusal;
use crate::go::size::size;
use crate::keys::Bound;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "builder-size-invalid",
    summary: "Invalid size of the build cache",
    run: Run::File(&[&docker::KIND], check),
    ..Rule::DEFAULTS
};

/// The collection is on by default since 28.2.
const COLLECTS_BY_DEFAULT: Releases = Releases::docker("28..");
/// Releases that have `keepStorage` alone, and read it while the collection is on.
const READS_KEEP_STORAGE: Releases = Releases::docker("18.09..27");

fn check(cx: &mut FileCx) {
    let is_collecting = value(cx, "builder.GC.Enabled").and_then(Node::as_bool);
    // dockerd does not read the sizes while the collection is off.
    if is_collecting == Some(false) {
        return;
    }
    let has_policy = value(cx, "builder.GC.Policy").is_some_and(|node| !node.is_null());
    for bound in cx.bound {
        let Some(key) = bound.key().filter(|key| key.path().starts_with("builder.GC.") && key.format() == "size")
        else {
            continue;
        };
        let Some(text) = bound.entry.value.as_str().filter(|text| !text.is_empty() && size(text).is_none()) else {
            continue;
        };
        let is_keep_storage = key.path().ends_with("KeepStorage");
        let is_of_policy = key.path().starts_with("builder.GC.Policy");
        // The newer name wins over the older one beside it.
        let newer = if is_of_policy { "reservedSpace" } else { "defaultReservedSpace" };
        let is_replaced = is_keep_storage && is_set(bound, newer);
        let mut refused = Releases::NONE;
        if is_of_policy == has_policy && !is_replaced {
            refused = COLLECTS_BY_DEFAULT;
        }
        if is_keep_storage && is_collecting == Some(true) {
            refused = if refused.is_empty() { READS_KEEP_STORAGE } else { refused.or(READS_KEEP_STORAGE) };
        }
        if !refused.is_empty() {
            report(cx, bound.entry, text, refused);
        }
    }
}

/// The last value of a setting.
fn value<'t>(cx: &FileCx<'_, 't, '_>, path: &str) -> Option<&'t Node<'t>> {
    let bound = cx.bound.iter().rfind(|bound| bound.key().is_some_and(|key| key.path() == path))?;
    Some(&bound.entry.value)
}

fn is_set(bound: &Bound, name: &str) -> bool {
    let siblings = bound.parent.entries();
    siblings.iter().any(|entry| entry.key.eq_ignore_ascii_case(name) && entry.value.as_str() != Some(""))
}

fn report(cx: &mut FileCx, entry: &Entry, text: &str, refused: Releases) {
    cx.report_value(entry, format!("`{}` is not a size", excerpt(text)))
        .refused(refused)
        .why(late_refusal(&log(&entry.key, text)))
        .help("Write a size such as `20GB`.");
}

fn log(key: &str, text: &str) -> String {
    format!(
        "error initializing buildkit: ... could not get builder GC policy: \
         failed to parse {key}: invalid size: '{text}'"
    )
}

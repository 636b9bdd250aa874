//! # `min-api-version-invalid`
//!
//! `min-api-version` is no version of the API that Docker serves.
//!
//! ## Why
//!
//! dockerd 29 does not start: `failed to start API server: invalid minimum API version (banana): must be between 1.24 and 1.55`.
//! `dockerd --validate` says OK all the same.
//!
//! ## What to do
//!
//! Write a version such as `1.40`, or remove the line.
//!
//! ## Examples
//!
//! ```json bad docker=29
//! { "min-api-version": "v1.40" }
//!                      ^^^^^^^
//! ```
//!
//! ```json good docker=29
//! { "min-api-version": "1.24" }
//! ```
//!
//! ## References
//!
//! - moby/moby@docker-v29.7.2:daemon/server/middleware/version.go; measured with 29.7.2

use crate::docker;
use crate::docker::settings::text;
use crate::rules::prelude::*;
use crate::text::excerpt;

pub(crate) const RULE: Rule = Rule {
    id: "min-api-version-invalid",
    summary: "A lowest API version that Docker does not serve",
    run: Run::File(&[&docker::KIND], check),
    ..Rule::DEFAULTS
};

const CHECKED: Releases = Releases::docker("29..");
/// The lowest version that 29.7.2 serves, and the highest. A later release of 29 may serve more.
const LOWEST: (u32, u32) = (1, 24);
const HIGHEST: (u32, u32) = (1, 55);

fn check(cx: &mut FileCx) {
    let Some((entry, value)) = text(cx.root, "min-api-version") else { return };
    let version = value.split_once('.').and_then(|(major, minor)| Some((major.parse().ok()?, minor.parse().ok()?)));
    if version.is_some_and(|v: (u32, u32)| LOWEST <= v && v <= HIGHEST) {
        return;
    }
    cx.report(entry.value.span, format!("`min-api-version` is `{}`, and takes 1.24 to 1.55", excerpt(value)))
        .refused(CHECKED)
        .key("min-api-version")
        .why(format!(
            "dockerd does not start: `failed to start API server: invalid minimum API version ({value}): must be between 1.24 and 1.55`. `dockerd --validate` says OK all the same."
        ))
        .help("Write a version such as `1.40`, without a `v`, or remove the line.");
}

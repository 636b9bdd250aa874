//! # `min-api-version-invalid`
//!
//! `min-api-version` is not a version of the API that Docker serves.
//!
//! ## Why
//!
//! dockerd 29 does not start: `failed to start API server: invalid minimum API version (banana): must be between 1.24
//! and 1.55`. `dockerd --validate` still reports OK.
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

use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "min-api-version-invalid",
    summary: "Lowest API version is not one that Docker serves",
    run: Run::Settings(&[SettingCheck {
        outcomes: &[(Effect::Refused, CHECKS_VERSION)],
        message: "`min-api-version` is `{value}`, but must be from 1.24 to 1.55",
        why: "dockerd does not start: `failed to start API server: invalid minimum API version ({value}): must be \
              between 1.24 and 1.55`. `dockerd --validate` still reports OK.",
        help: "Write a version such as `1.40`, without a `v`, or remove the line.",
        ..SettingCheck::of(&daemons::DOCKER, "min-api-version", Test::Where(is_not_served))
    }]),
    ..Rule::DEFAULTS
};

const CHECKS_VERSION: Releases = Releases::docker("29..");
/// The lowest version that 29.7.2 serves, and the highest. A later release of 29 may serve more.
const LOWEST: (u32, u32) = (1, 24);
const HIGHEST: (u32, u32) = (1, 55);

fn is_not_served(setting: &WrittenSetting) -> bool {
    let Some(text) = setting.as_str().filter(|text| !text.is_empty()) else { return false };
    let Some((major, minor)) = text.split_once('.') else { return true };
    let (Ok(major), Ok(minor)) = (major.parse(), minor.parse()) else { return true };
    !(LOWEST..=HIGHEST).contains(&(major, minor))
}

//! # `path-not-absolute`
//!
//! A directory of Docker that is not an absolute path: `~/docker`, `$HOME/docker`, `docker`.
//!
//! ## Why
//!
//! Docker does not expand `~` or variables in the file: it makes a folder named `~` below its working directory,
//! which is `/` for a service, and keeps all images there.
//!
//! ## What to do
//!
//! Write the absolute path.
//!
//! ## Examples
//!
//! ```json bad
//! { "data-root": "~/docker" }
//!                ^^^^^^^^^^
//! ```
//!
//! ```json bad
//! { "exec-root": "$XDG_RUNTIME_DIR/docker" }
//!                ^^^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```json good
//! { "data-root": "/data/docker" }
//! ```
//!
//! ```json good
//! { "data-root": "D:\\docker" }
//! ```
//!
//! ## References
//!
//! - moby/moby@docker-v29.7.2:daemon/command/daemon.go; measured with 20.10.24, 24.0.9, 27.5.1, 28.5.2 and 29.7.2

use crate::docker::settings::is_windows;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "path-not-absolute",
    summary: "Directory is not an absolute path",
    category: Category::Suspicious,
    run: Run::Settings(&[
        unexpanded("data-root"),
        relative("data-root"),
        unexpanded("graph"),
        relative("graph"),
        unexpanded("exec-root"),
        relative("exec-root"),
        unexpanded("pidfile"),
        relative("pidfile"),
    ]),
    ..Rule::DEFAULTS
};

const fn unexpanded(setting: &'static str) -> SettingCheck {
    SettingCheck { message: "Docker does not expand `{value}`: it uses the text as is", ..path(setting, has_variable) }
}

const fn relative(setting: &'static str) -> SettingCheck {
    SettingCheck { message: "`{name}` is `{value}`, which is not an absolute path", ..path(setting, is_relative) }
}

const fn path(setting: &'static str, test: fn(&WrittenSetting) -> bool) -> SettingCheck {
    SettingCheck {
        applies: |cx| !is_windows(cx),
        outcomes: &[(Effect::Harmful, Releases::ANY)],
        why: "Docker uses the path as is, below its working directory, which is `/` for a service: it makes a folder \
              named `~` there.",
        help: "Write the absolute path.",
        ..SettingCheck::of(&daemons::DOCKER, setting, Test::Where(test))
    }
}

fn has_variable(setting: &WrittenSetting) -> bool {
    let path = setting.as_str().unwrap_or_default();
    path.contains("/~/") || (!path.starts_with('/') && path.contains(['~', '$']))
}

fn is_relative(setting: &WrittenSetting) -> bool {
    setting.as_str().is_some_and(|path| !path.is_empty() && !path.starts_with('/')) && !has_variable(setting)
}

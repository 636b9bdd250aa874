//! # `pipe-on-linux`
//!
//! A named pipe of Windows in `hosts`.
//!
//! ## Why
//!
//! On Linux dockerd does not start: `failed to load listeners: invalid protocol format: "npipe"`. `dockerd
//! --validate` still reports OK. crilint does not report a file that looks like one of a Windows node.
//!
//! ## What to do
//!
//! Listen on a socket: `unix:///var/run/docker.sock`.
//!
//! ## Examples
//!
//! ```json bad
//! { "hosts": ["npipe:////./pipe/docker_engine"] }
//!             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```json good
//! --- C/ProgramData/docker/config/daemon.json
//! { "hosts": ["npipe:////./pipe/docker_engine"] }
//! ```
//!
//! ## References
//!
//! - moby/moby@docker-v29.7.2:daemon/listeners/listeners_linux.go; measured with 20.10.24, 24.0.9, 27.5.1, 28.5.2 and
//!   29.7.2

use crate::docker::settings::is_windows;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "pipe-on-linux",
    summary: "Named pipe of Windows to listen on",
    run: Run::Settings(&[SettingCheck {
        applies: |cx| !is_windows(cx),
        outcomes: &[(Effect::Refused, Releases::ANY)],
        message: "`{value}` is a named pipe, which only Windows has",
        why: "dockerd does not start on Linux: `failed to load listeners: invalid protocol format: \"npipe\"`. \
              `dockerd --validate` still reports OK.",
        help: "Listen on `unix:///var/run/docker.sock`.",
        ..SettingCheck::of(&daemons::DOCKER, "hosts[]", Test::Where(is_pipe))
    }]),
    ..Rule::DEFAULTS
};

fn is_pipe(host: &WrittenSetting) -> bool {
    host.as_str().is_some_and(|host| host.trim().starts_with("npipe://"))
}

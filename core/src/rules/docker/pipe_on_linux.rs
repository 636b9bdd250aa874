//! # `pipe-on-linux`
//!
//! A named pipe of Windows in `hosts`.
//!
//! ## Why
//!
//! On Linux dockerd does not start: `failed to load listeners: invalid protocol format: "npipe"`. `dockerd --validate` says OK all
//! the same. A file that looks like one of a Windows node is left alone.
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
//! - moby/moby@docker-v29.7.2:daemon/listeners/listeners_linux.go; measured with 20.10.24, 24.0.9, 27.5.1, 28.5.2 and 29.7.2

use crate::docker;
use crate::docker::settings::{is_windows, texts};
use crate::rules::prelude::*;
use crate::text::excerpt;

pub(crate) const RULE: Rule = Rule {
    id: "pipe-on-linux",
    summary: "A named pipe of Windows to listen on",
    run: Run::File(&[&docker::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    if is_windows(cx) {
        return;
    }
    for (node, host) in texts(cx.root, "hosts") {
        if host.trim().starts_with("npipe://") {
            cx.report(node.span, format!("`{}` is a named pipe, which only Windows has", excerpt(host)))
                .refused(Releases::ANY)
                .key("hosts")
                .why("dockerd does not start on Linux: `failed to load listeners: invalid protocol format: \"npipe\"`. `dockerd --validate` says OK all the same.")
                .help("Listen on `unix:///var/run/docker.sock`.");
        }
    }
}

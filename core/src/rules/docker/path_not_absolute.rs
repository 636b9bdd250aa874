//! # `path-not-absolute`
//!
//! A directory of Docker's that does not start at the root: `~/docker`, `$HOME/docker`, `docker`.
//!
//! ## Why
//!
//! Nobody expands `~` or variables in the file: Docker makes a folder called `~` below its working directory, which is `/` for a
//! service, and keeps all images there.
//!
//! ## What to do
//!
//! Write the whole path.
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

use crate::docker;
use crate::docker::settings::{is_windows, text};
use crate::rules::prelude::*;
use crate::text::excerpt;

pub(crate) const RULE: Rule = Rule {
    id: "path-not-absolute",
    summary: "A directory that does not start at the root",
    category: Category::Suspicious,
    run: Run::File(&[&docker::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    if is_windows(cx) {
        return;
    }
    for key in ["data-root", "graph", "exec-root", "pidfile"] {
        let Some((entry, path)) = text(cx.root, key) else { continue };
        if path.starts_with('/') && !path.contains("/~/") {
            continue;
        }
        let message = if path.contains(['~', '$']) {
            format!("nobody expands `{}`: it is taken as it stands", excerpt(path))
        } else {
            format!("`{key}` is `{}`, which does not start at the root", excerpt(path))
        };
        cx.report(entry.value.span, message)
            .harmful(Releases::ANY)
            .key(key)
            .why("Docker takes the path as it stands, below its working directory, which is `/` for a service: a folder called `~` is made there.")
            .help("Write the whole path.");
    }
}

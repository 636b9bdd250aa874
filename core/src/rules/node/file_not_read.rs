//! # `file-not-read`
//!
//! A file that is named and that crilint did not read.
//!
//! ## Why
//!
//! crilint follows imports, files that flags name, registry hosts and environment files, but only below the root of the
//! node that the naming file shows: the machine that checks a file of a repository is not the node that the file is
//! for. What the other file sets is unknown, and findings that depend on it are left out.
//!
//! ## What to do
//!
//! Check the node with `crilint`, or an image or a copy of it with `--root DIR`, or name the other files too.
//!
//! ## Examples
//!
//! ```toml bad
//! version = 2
//! imports = ["/etc/containerd/site.toml"]
//!            ^^^^^^^^^^^^^^^^^^^^^^^^^^^
//! --- /etc/containerd/site.toml (not read: not a regular file)
//! ```
//!
//! ```toml good
//! version = 2
//! imports = ["/etc/containerd/site.toml"]
//! --- /etc/containerd/site.toml
//! version = 2
//! ```
//!
//! ## References
//!
//! - containerd/containerd@v2.3.4:cmd/containerd/server/config/config.go (`resolveImports`)

use crate::kind::SourceState;
use crate::node::{NamedRole, named_by};
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "file-not-read",
    summary: "File that is named and that crilint did not read",
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut NodeCx) {
    let loaded = cx.loaded;
    for named in loaded.files.iter().flat_map(|file| named_by(file)) {
        let Some(SourceState::Unread(reason)) = loaded.known.at(&named.path) else { continue };
        // Of drop-ins the folder is reported.
        if named.role == NamedRole::KubeletDropIn || named.role.is_implied() {
            continue;
        }
        let Some(file) = loaded.file(named.by) else { continue };
        let shown = named.path.strip_prefix(file.root).map_or(named.path.clone(), |below| format!("/{below}"));
        cx.report(named.by, named.span, format!("{shown} was not read: {reason}"))
            .advice(Releases::ANY)
            .key(named.role.key())
            .why("What it sets is unknown, and what depends on it is not reported.")
            .help("Name the file too, or check the whole node: `crilint`, `crilint --root DIR`.");
    }
}

//! # `import-absent`
//!
//! An import of a file that the node does not have.
//!
//! ## Why
//!
//! containerd opens every import without a `*`. From 1.5 on the daemon does not start without the file: `open
//! /etc/containerd/site.toml: no such file or directory`. 1.3 and 1.4 start, and silently skip the file and all
//! imports behind it. A pattern that no file matches does no harm.
//!
//! The rule reports only where all files of the node are at hand: on the node itself, below `--root`, in a folder with
//! a whole system.
//!
//! ## What to do
//!
//! Put the file in place, or remove the import. An absolute pattern such as `/etc/containerd/conf.d/*.toml` may match
//! nothing.
//!
//! ## Examples
//!
//! ```toml bad
//! version = 2
//! imports = ["/etc/containerd/site.toml"]
//!            ^^^^^^^^^^^^^^^^^^^^^^^^^^^
//! --- /etc/containerd/site.toml (absent)
//! ```
//!
//! ```toml good
//! version = 2
//! imports = ["/etc/containerd/conf.d/*.toml"]
//! --- /etc/containerd/conf.d/*.toml (absent)
//! ```
//!
//! ## References
//!
//! - containerd/containerd@v1.4.13, v1.5.18, v1.7.34:services/server/config/config.go (`LoadConfig`) and
//!   v2.3.4:cmd/containerd/server/config/config.go; measured with 1.4.13 to 2.3.4 (cases `import-missing-file` and
//!   `fresh-import-missing-plain` of conformance/containerd.jsonl)

use crate::containerd;
use crate::containerd::eras::{NEEDS_IMPORTS, SKIPS_ABSENT_IMPORTS};
use crate::kind::SourceState;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "import-absent",
    summary: "Import of a file that the node does not have",
    run: Run::File(&[&containerd::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    let imports = cx.root.get("imports").map(Node::items).unwrap_or_default();
    let is_loaded = containerd::is_main(cx.loaded, cx.file) || cx.loaded.imports.of(cx.file.index).is_some();
    for import in imports.iter().filter(|_| is_loaded) {
        // Of a path with `?` or `[`, another rule reports that containerd does not expand it.
        let Some(path) = import.as_str().filter(|path| !path.contains(['*', '?', '['])) else { continue };
        let on_node = cx.file.on_node(path);
        if cx.loaded.known.at(&on_node) != Some(SourceState::Absent) {
            continue;
        }
        cx.report(import.span, format!("`{path}` does not exist"))
            .refused(NEEDS_IMPORTS)
            .ignored(SKIPS_ABSENT_IMPORTS)
            .key("imports")
            .why(format!(
                "containerd 1.5 and later do not start: `open {path}: no such file or directory`. 1.3 and 1.4 silently \
                 skip it and the imports behind it."
            ))
            .help("Put the file in place, or remove the import.");
    }
}

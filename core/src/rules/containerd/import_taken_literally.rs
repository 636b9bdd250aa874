//! # `import-taken-literally`
//!
//! An import with `?` or `[...]` and no `*`, which containerd takes for the name of one file.
//!
//! ## Why
//!
//! containerd looks for files that match only if the path holds a `*`. Any other path must be a file by exactly that
//! name: `open conf.d/?.toml: no such file or directory`, and the daemon does not start. 1.3 and 1.4 silently skip
//! the rest of the imports.
//!
//! ## What to do
//!
//! Write `*`, or name each file.
//!
//! ## Examples
//!
//! ```toml bad
//! version = 2
//! imports = ["/etc/containerd/conf.d/?0.toml"]
//!            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```toml good
//! version = 2
//! imports = ["/etc/containerd/conf.d/?0*.toml"]
//! ```
//!
//! ## References
//!
//! - containerd/containerd@v2.3.4:cmd/containerd/server/config/config.go (`resolveImports`)
//! - measured with 1.3.10 to 2.4.0-beta.0

use crate::containerd;
use crate::containerd::eras::{NEEDS_IMPORTS, SKIPS_ABSENT_IMPORTS};
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "import-taken-literally",
    summary: "Import with `?` or `[` that containerd does not expand",
    run: Run::File(&[&containerd::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    let imports = cx.root.get("imports").map(Node::items).unwrap_or_default();
    for import in imports {
        let Some(path) = import.as_str() else { continue };
        // The node may have a file of that very name.
        let exists = cx.loaded.imports.finds(cx.file.index, import.span);
        if path.contains('*') || !path.contains(['?', '[']) || exists {
            continue;
        }
        cx.report(import.span, format!("`{path}` names one file: a path without `*` is not a pattern"))
            .refused(NEEDS_IMPORTS)
            .ignored(SKIPS_ABSENT_IMPORTS)
            .key("imports")
            .why(format!(
                "containerd does not start: `open {path}: no such file or directory`. It expands only paths that hold \
                 a `*`."
            ))
            .help("Write a `*` where any name is meant, or name each file.");
    }
}

//! # `import-relative-glob`
//!
//! A relative import with a `*`, which older patch releases of containerd look for in another folder.
//!
//! ## Why
//!
//! containerd before 1.6.29 and 1.7.16 looks for such files below the folder that it was started in, which is `/` for
//! a systemd unit. Nothing is found there, and the drop-ins are silently not loaded. A relative path without `*` was
//! always looked for beside the file that names it, as later releases do with both.
//!
//! ## What to do
//!
//! Write an absolute path.
//!
//! ## Examples
//!
//! ```toml bad containerd=1.7.15
//! version = 2
//! imports = ["conf.d/*.toml"]
//!            ^^^^^^^^^^^^^^^
//! ```
//!
//! ```toml good containerd=1.7.15
//! version = 2
//! imports = ["/etc/containerd/conf.d/*.toml", "more.toml"]
//! ```
//!
//! ## References
//!
//! - containerd/containerd@v1.3.10, @v1.7.15, @v1.7.16:services/server/config/config.go (`resolveImports`); backported
//!   to 1.6.29

use crate::containerd;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "import-relative-glob",
    summary: "Relative import with `*` that older patches look for in another folder",
    category: Category::Migration,
    run: Run::File(&[&containerd::KIND], check),
    ..Rule::DEFAULTS
};

const LOOKS_IN_WORKING_FOLDER: Releases = Releases::containerd("1.3..1.6.28,1.7.0..1.7.15");

fn check(cx: &mut FileCx) {
    let imports = cx.root.get("imports").map(Node::items).unwrap_or_default();
    for import in imports {
        let Some(path) = import.as_str().filter(|path| path.contains('*') && !path.starts_with('/')) else { continue };
        // What is lost is known where the files are.
        let finds = cx.loaded.imports.finds(cx.file.index, import.span);
        let effect = if finds { Effect::Ignored } else { Effect::Harmful };
        cx.report(import.span, format!("`{path}` is relative to the folder that containerd was started in"))
            .outcome(effect, LOOKS_IN_WORKING_FOLDER)
            .key("imports")
            .why(
                "containerd before 1.6.29 and 1.7.16 looks for a pattern below its working folder, which is `/` for a \
                 systemd unit, and silently loads nothing.",
            )
            .help("Write an absolute path.");
    }
}

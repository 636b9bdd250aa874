//! # `import-unreadable`
//!
//! An import that containerd cannot open as a file: a folder, an empty path, a broken pattern.
//!
//! ## Why
//!
//! containerd opens every import without a `*` as a file, and an empty path means the folder of the file that imports
//! it. A pattern must be one that Go's `filepath.Glob` reads, up to its first `*` in any case. With any of these the
//! daemon does not start: `read /etc/containerd/conf.d: is a directory`, `syntax error in pattern`.
//!
//! ## What to do
//!
//! Name files, or write an absolute pattern such as `/etc/containerd/conf.d/*.toml`.
//!
//! ## Examples
//!
//! ```toml bad
//! version = 2
//! imports = ["/etc/containerd/conf.d/"]
//!            ^^^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```toml bad
//! version = 2
//! imports = [""]
//!            ^^
//! ```
//!
//! ```toml bad
//! version = 2
//! imports = ["/etc/containerd/[*.toml"]
//!            ^^^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```toml good
//! version = 2
//! imports = ["/etc/containerd/conf.d/*.toml"]
//! ```
//!
//! ## References
//!
//! - `resolveImports` of containerd/containerd@v1.4.13, v1.5.18, v1.7.34:services/server/config/config.go and
//!   v2.3.4:cmd/containerd/server/config/config.go; Go's path/filepath/match.go
//! - measured with 1.4.13, 1.6.20, 1.7.24, 2.0.11 and 2.3.4

use crate::containerd;
use crate::containerd::eras::HAS_CONFIG_VERSIONS;
use crate::containerd::imports::pattern_fault;
use crate::kind::SourceState;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "import-unreadable",
    summary: "Import that containerd cannot open as a file",
    run: Run::File(&[&containerd::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    let imports = cx.root.get("imports").map(Node::items).unwrap_or_default();
    for import in imports {
        let Some(path) = import.as_str() else { continue };
        if path.contains('*') {
            let Some(fault) = pattern_fault(path, has_files_beside(cx, path)) else { continue };
            cx.report(import.span, format!("the pattern `{path}` has {fault}"))
                .refused(HAS_CONFIG_VERSIONS)
                .key("imports")
                .why("containerd does not start: `syntax error in pattern`.")
                .help("Close the bracket, or put a backslash before it.");
        } else if path.contains('\0') {
            cx.report(import.span, "an import has the character U+0000")
                .refused(HAS_CONFIG_VERSIONS)
                .key("imports")
                .why("containerd does not start: `invalid argument`. The kernel has no such path.")
                .help("Write the path of a file.");
        } else if is_folder(cx, path) {
            let message = match path {
                "" => "an empty import means the folder of this file".to_owned(),
                path => format!("`{path}` is a folder, and an import without `*` must be a file"),
            };
            cx.report(import.span, message)
                .refused(HAS_CONFIG_VERSIONS)
                .key("imports")
                .why("containerd does not start: `read ...: is a directory`.")
                .help(format!("Write a pattern, such as \"{}*.toml\".", folder_of(path)));
        }
    }
}

/// Whether a path is a folder, by its form or by the files of the node.
fn is_folder(cx: &FileCx, path: &str) -> bool {
    let last = path.rsplit('/').next().unwrap_or_default();
    if matches!(last, "" | "." | "..") {
        return true;
    }
    let path = cx.file.on_node(path);
    if cx.loaded.known.at(&path) == Some(SourceState::Folder) {
        return true;
    }
    let below = format!("{path}/");
    cx.loaded.files.iter().any(|file| file.path.starts_with(&below))
}

/// Whether the folder of a pattern has a file.
fn has_files_beside(cx: &FileCx, pattern: &str) -> bool {
    let whole = cx.file.on_node(pattern);
    let folder = whole.rsplit_once('/').map_or("", |(folder, _)| folder);
    cx.loaded.files.iter().any(|file| file.path.rsplit_once('/').is_some_and(|(of_file, _)| of_file == folder))
}

/// A folder, as the start of a pattern.
fn folder_of(path: &str) -> String {
    match path {
        "" | "." | "./" => "conf.d/".to_owned(),
        path if path.ends_with('/') => path.to_owned(),
        path => format!("{path}/"),
    }
}

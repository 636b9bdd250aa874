//! Which host a file belongs to, and under which path that host sees it.

use std::path::Path;

use crilint_core::host;

use crate::config::Loaded;
use crate::walk::{Origin, absolute, shown};

/// A file as its host sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OnHost {
    /// The path that decides what kind it is, and which imports name it.
    pub(crate) path: String,
    /// A name for the host; files of the same one are checked together.
    pub(crate) host: String,
}

/// The configured root around a file, or the root that its own path shows, or the folder that was named. Files named one by
/// one without a root are one host together.
pub(crate) fn on_host(file: &Path, origin: &Origin, loaded: &Loaded) -> OnHost {
    let full = absolute(file);
    if let Some(root) = loaded.root_of(&full) {
        let below = full.strip_prefix(&root).unwrap_or(&full);
        return OnHost { path: format!("/{}", shown(below)), host: shown(&root) };
    }
    let path = shown(file);
    if let Some(root) = host::root_of(&path) {
        let host = shown(&absolute(Path::new(if root.is_empty() { "." } else { root })));
        return OnHost { path, host };
    }
    // `cd /etc/containerd; crilint config.toml`: only this node's own folders say what a short path leaves out.
    let full = shown(&full);
    if host::root_of(&full) == Some("/") {
        return OnHost { path: full, host: "/".to_owned() };
    }
    let host = match origin {
        Origin::Folder(folder) => shown(&absolute(Path::new(folder))),
        Origin::Named | Origin::Standard => String::new(),
    };
    OnHost { path, host }
}

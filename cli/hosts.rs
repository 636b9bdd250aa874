//! Which host a file belongs to, and under which path that host sees it.

use std::path::Path;

use crilint_core::kind;
use crilint_core::node;
use crilint_core::node::OnHost;

use crate::config::Loaded;
use crate::walk::{Origin, absolute, shown};

/// The configured root around a file, or the root that its own path shows, or the folder that was named. Files named one by
/// one without a root are one host together.
pub(crate) fn on_host(file: &Path, origin: &Origin, loaded: &Loaded) -> OnHost {
    let full = absolute(file);
    if let Some(found) = loaded.on_host(&full) {
        return found;
    }
    let path = shown(file);
    if let Some(found) = node::on_host(&path, &[]) {
        let root = if found.host.is_empty() { "." } else { &found.host };
        return OnHost { host: shown(&absolute(Path::new(root))), path };
    }
    // `cd /etc/containerd; crilint config.toml`: only this node's own folders say what a short path leaves out.
    let full = shown(&full);
    if kind::root_of(&full) == Some("/") {
        return OnHost { path: full, host: "/".to_owned() };
    }
    let host = match origin {
        Origin::Folder(folder) => shown(&absolute(Path::new(folder))),
        Origin::Named | Origin::Standard => String::new(),
    };
    OnHost { path, host }
}

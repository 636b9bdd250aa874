//! Which node a file belongs to, and under which path that node sees it.

use std::path::Path;

use crilint_core::kind;
use crilint_core::node;
use crilint_core::node::OnNode;

use crate::config::Loaded;
use crate::walk::{Origin, absolute, shown};

/// The configured root around a file, or the root that its own path shows, or the folder that was named. Files named
/// one by one without a root are one node together.
pub(crate) fn on_node(file: &Path, origin: &Origin, loaded: &Loaded) -> OnNode {
    let full = absolute(file);
    if let Some(found) = loaded.on_node(&full) {
        return found;
    }
    let path = shown(file);
    if let Some(found) = node::on_node(&path, &[]) {
        let root = if found.node.is_empty() { "." } else { &found.node };
        return OnNode { node: shown(&absolute(Path::new(root))), path };
    }
    // `cd /etc/containerd; crilint config.toml`: only this node's own folders complete a short path.
    let full = shown(&full);
    if kind::root_of(&full) == Some("/") {
        return OnNode { path: full, node: "/".to_owned() };
    }
    let node = match origin {
        Origin::Folder(folder) => shown(&absolute(Path::new(folder))),
        Origin::Named | Origin::Standard => String::new(),
    };
    OnNode { path, node }
}

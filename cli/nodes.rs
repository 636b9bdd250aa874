//! Which node a file belongs to, and under which path that node sees it.

use std::path::{Path, PathBuf};

use crilint_core::kind;
use crilint_core::node;
use crilint_core::node::OnNode;

use crate::config::Loaded;
use crate::follow::{Base, Extent};
use crate::walk::{OnBase, Origin, absolute, shown};

/// The configured root around a file, or the root that its own path shows, or the folder that was named. Files named
/// one by one without a root are one node together. With it comes where the files are that this one names.
pub(crate) fn on_node(file: &Path, origin: &Origin, loaded: &Loaded) -> OnBase {
    let full = absolute(file);
    if let Some(found) = loaded.on_node(&full) {
        let folder = PathBuf::from(&found.node);
        let base = Base::node(folder.clone(), shown_root(file, &full, &folder));
        return (found, Some(base));
    }
    let path = shown(file);
    if let Some(found) = node::on_node(&path, &[]) {
        let root = if found.node.is_empty() { "." } else { &found.node };
        let folder = absolute(Path::new(root));
        let extent = if folder == Path::new("/") { Extent::Node } else { Extent::Copy };
        let base = Base { folder: PathBuf::from(root), prefix: found.node.clone(), shown: found.node, extent };
        return (OnNode { node: shown(&folder), path }, Some(base));
    }
    // `cd /etc/containerd; crilint config.toml`: only this node's own folders complete a short path.
    let full = shown(&full);
    if kind::root_of(&full) == Some("/") {
        let base = Base::node(PathBuf::from("/"), "/".to_owned());
        return (OnNode { path: full, node: "/".to_owned() }, Some(base));
    }
    let node = match origin {
        Origin::Folder(folder) => shown(&absolute(Path::new(folder))),
        Origin::Named | Origin::Standard | Origin::NamedBy { .. } => String::new(),
    };
    let prefix = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let folder = if prefix.is_empty() {
        PathBuf::from(if path.starts_with('/') { "/" } else { "." })
    } else {
        PathBuf::from(prefix)
    };
    let prefix = if prefix.is_empty() && !path.starts_with('/') { String::new() } else { format!("{prefix}/") };
    let base = Base { folder, shown: prefix.clone(), prefix, extent: Extent::Beside };
    (OnNode { path, node }, Some(base))
}

/// The root of a node as reports show it: the start of a file's path as the user wrote it.
fn shown_root(file: &Path, full: &Path, root: &Path) -> String {
    let below = full.strip_prefix(root).ok().and_then(|below| file.to_str()?.strip_suffix(below.to_str()?));
    below.map_or_else(|| format!("{}/", shown(root)), |start| shown(Path::new(start)))
}

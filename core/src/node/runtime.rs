//! Which runtime the kubelet of a node uses.

use crate::containerd::{self, kind::CRI, loader::LoadedNode};
use crate::docker;
use crate::kubelet::on_node::{flag, written_endpoint};

/// Whether the kubelet talks to Docker: by its endpoint, by the flag that dockershim had, or because the node has a
/// Docker and no containerd that serves CRI.
pub(crate) fn uses_docker(node: &LoadedNode<'_, '_, '_>) -> bool {
    if let Some((endpoint, _)) = written_endpoint(node) {
        return endpoint.contains("docker");
    }
    if let Some(given) = flag(node, "container-runtime") {
        return given.known_value() == Some("docker");
    }
    docker::on_node::is_present(node) && !serves_cri(node)
}

/// Whether a containerd of the node serves CRI in some release.
fn serves_cri(node: &LoadedNode<'_, '_, '_>) -> bool {
    let mut files = node.files.iter().filter(|file| *file.kind == containerd::KIND).peekable();
    if files.peek().is_none() {
        return false;
    }
    let mut releases = node.configurations().iter().flat_map(|one| &one.releases).peekable();
    releases.peek().is_none() || releases.any(|effective| effective.runs(CRI))
}

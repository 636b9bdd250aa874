//! Whether the files of a node can be those of one node: a folder of a repository may hold those of many.

use crate::kind::{File, NodeFiles};
use crate::{containerd, docker, kubelet};

/// Whether no daemon has two main configurations here. With two, it is unknown which files belong together.
pub(crate) fn is_one_node(node: &NodeFiles<'_, '_>) -> bool {
    let count = |is_main: &dyn Fn(&File<'_>) -> bool| node.files.iter().filter(|file| is_main(file)).count();
    count(&|file| containerd::is_main(node, file)) <= 1
        && count(&kubelet::is_kubelet_main) <= 1
        && count(&|file| *file.kind == docker::KIND) <= 1
}

//! Whether the files of a host can be those of one node: a folder of a repository may hold those of many.

use crate::host::Host;
use crate::kind::kubelet::{Role, role};
use crate::kind::{File, containerd, docker, kubelet};

/// Whether no daemon has two main configurations here. Where one has, nobody knows which belongs to which.
pub(in crate::rules) fn is_one_node(host: &Host<'_, '_>) -> bool {
    let count = |is_main: &dyn Fn(&File<'_>) -> bool| host.files.iter().filter(|file| is_main(file)).count();
    count(&|file| is_containerd_main(host, file)) <= 1
        && count(&is_kubelet_main) <= 1
        && count(&|file| *file.kind == docker::KIND) <= 1
}

/// The file that containerd is started with.
pub(crate) fn is_containerd_main(host: &Host<'_, '_>, file: &File<'_>) -> bool {
    *file.kind == containerd::KIND && !containerd::is_drop_in(file.path) && host.imports.of(file.index).is_none()
}

/// The file that the kubelet is started with.
pub(in crate::rules) fn is_kubelet_main(file: &File<'_>) -> bool {
    *file.kind == kubelet::KIND && matches!(role(file, file.body()), Role::Main | Role::Whole)
}

//! Which files form a node, and which runtime its kubelet uses.

mod group;
pub(crate) mod named;
pub mod one_node;
pub(crate) mod runtime;
pub mod standard;
pub(crate) mod wanted;

pub use group::{OnNode, below_root, number, on_node};
pub(crate) use named::named_by;
pub use named::{NamedFile, NamedRole};

use crate::containerd::imports;
use crate::kind::{File, KnownPaths, NodeFiles};
use crate::systemd::flags;
use crate::systemd::on_node::find_uses;

/// Marks what the daemons of a node read, or do not read, of one file because of another.
pub(crate) fn connect(files: &mut [File<'_>]) {
    let uses = find_uses(files);
    files.iter_mut().for_each(|file| file.reached.clear());
    for (number, name) in uses.unread {
        if let Some(file) = files.get_mut(number) {
            file.unread.insert(name);
        }
    }
    for (number, name, program) in uses.reached {
        if let Some(file) = files.get_mut(number) {
            file.reached.push((name, program));
        }
    }
}

/// Finds out which of containerd's files of a node loads which; `known` is what stands at all paths.
#[must_use]
pub fn gather<'f, 'a>(files: Vec<&'f File<'a>>, known: &'f KnownPaths<'a>) -> NodeFiles<'f, 'a> {
    let flags = files.iter().filter(|file| *file.kind == flags::KIND).flat_map(|file| named::by_flags(file));
    let mains = flags.filter(|named| named.role == NamedRole::ContainerdConfig).map(|named| named.path);
    let imports = imports::resolve(&files, &mains.collect::<Vec<_>>());
    NodeFiles::new(files, imports, known)
}

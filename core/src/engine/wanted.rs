//! What the sources of a node do not answer yet.

use super::{Options, Source, read};
use crate::kind::File;
use crate::node::{self, NamedFile};

/// The files and patterns that the files of one node name and that no source stands at, whatever its state: imports,
/// configurations named by flags, registry hosts, environment files. `by` is an index of `sources`.
///
/// A front end answers each with a source at its path, and a pattern with the files that it means and one source that
/// is [`Listed`](crate::kind::SourceState::Listed) or absent at its own path. It asks again until nothing is wanted.
#[must_use]
pub fn wanted(sources: &[&Source<'_>], options: &Options) -> Vec<NamedFile> {
    let mut files = read::open_all(sources, options);
    read::leave_literals(&mut files, options);
    node::connect(&mut files);
    let judged: Vec<&File<'_>> = files.iter().filter(|file| !file.is_unjudged()).collect();
    let known = read::known(sources);
    node::wanted::wanted(&node::gather(judged, &known))
}

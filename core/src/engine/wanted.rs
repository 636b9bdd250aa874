//! What the sources of nodes do not answer yet.

use super::{Options, Source, read};
use crate::kind::File;
use crate::kind::SourceState;
use crate::node::wanted::may_name_files;
use crate::node::{self, NamedFile};
use crate::order;

/// The files and patterns that files name and that no source of their node stands at, whatever its state: imports,
/// configurations named by flags, registry hosts, environment files. `by` is an index of `sources`.
///
/// A front end answers each with a source at its path, and a pattern with the files that it means and one source that
/// is [`Listed`](crate::kind::SourceState::Listed) or absent at its own path. It asks again until nothing is wanted.
#[must_use]
pub fn wanted(sources: &[&Source<'_>], options: &Options) -> Vec<NamedFile> {
    let mut numbers: Vec<usize> = (0..sources.len()).collect();
    let node = |number: usize| sources.get(number).map_or(0, |source| source.node);
    order::by_key(&mut numbers, |number| node(*number));
    let mut all = vec![];
    for own in numbers.chunk_by(|a, b| node(*a) == node(*b)) {
        let of_node: Vec<&Source<'_>> = own.iter().filter_map(|number| sources.get(*number).copied()).collect();
        for mut named in wanted_by_node(&of_node, options) {
            named.by = own.get(named.by).copied().unwrap_or(named.by);
            all.push(named);
        }
    }
    all
}

fn wanted_by_node(sources: &[&Source<'_>], options: &Options) -> Vec<NamedFile> {
    // What names nothing need not be read, which is most of the work.
    let unread = |source: &Source<'_>| source.state == SourceState::Text && !may_name_files(source.path);
    let other: Vec<Source<'_>> = sources
        .iter()
        .map(|source| match unread(source) {
            true => Source { state: SourceState::Listed, text: "", ..(*source).clone() },
            false => (*source).clone(),
        })
        .collect();
    let mut files = read::open_all(&other.iter().collect::<Vec<_>>(), options);
    read::leave_literals(&mut files, options);
    node::connect(&mut files);
    let judged: Vec<&File<'_>> = files.iter().filter(|file| !file.is_unjudged()).collect();
    let known = read::known(sources);
    node::wanted::wanted(&node::gather(judged, &known))
}

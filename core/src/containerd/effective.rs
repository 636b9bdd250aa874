//! What rules on containerd's settings in effect share: finding a fault release by release, and telling it once.

use crate::containerd::loader::{Configuration, Effective, Item, Leaf};
use crate::kind::NodeFiles;
use crate::kind::Origin;
use crate::releases::{Product, ReleaseSet, Releases};
use crate::syntax::Node;
use crate::text::Span;

/// A place in one of the files: a key with its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Spot {
    /// The file, by its number in the report.
    pub(crate) file: usize,
    /// The key.
    pub(crate) key: Span,
    /// The value; the key for a table.
    pub(crate) value: Span,
}

impl Spot {
    /// The place of a setting.
    pub(crate) fn of(leaf: &Leaf<'_, '_>) -> Self {
        let Origin { file, key } = leaf.origin;
        let value = leaf.value.written().map_or(key, |node| node.span);
        Self { file, key, value }
    }

    /// The place of a table.
    pub(crate) fn of_key(Origin { file, key }: Origin) -> Self {
        Self { file, key, value: key }
    }

    /// The place of a table or setting.
    pub(crate) fn of_item(item: &Item<'_, '_>) -> Option<Self> {
        match item {
            Item::Leaf(leaf) => Some(Self::of(leaf)),
            Item::Table(_) => item.origin().map(Self::of_key),
        }
    }

    /// The key's path, as people write it.
    pub(crate) fn path(self, node: &NodeFiles<'_, '_>) -> String {
        node.path_at(self.file, self.key)
    }
}

/// What `find` says of each release, the same things together with the releases of which it says them.
pub(crate) fn by_release<'f, 'a, F: PartialEq>(
    configuration: &Configuration<'f, 'a>,
    find: impl Fn(&Effective<'f, 'a>, &mut Vec<F>),
) -> Vec<(F, Releases)> {
    let mut all: Vec<(F, ReleaseSet)> = vec![];
    for effective in &configuration.releases {
        let mut found = vec![];
        find(effective, &mut found);
        for fault in found {
            match all.iter_mut().find(|(known, _)| *known == fault) {
                Some((_, releases)) => *releases = releases.or(effective.release.set()),
                None => all.push((fault, effective.release.set())),
            }
        }
    }
    all.into_iter().map(|(fault, set)| (fault, Releases::ANY.with(Product::Containerd, set))).collect()
}

/// The text of a setting, if it is text.
pub(crate) fn text<'s>(leaf: Option<&'s Leaf<'_, '_>>) -> Option<&'s str> {
    leaf?.value.as_str()
}

/// Text that is not empty.
pub(crate) fn some_text<'s>(leaf: Option<&'s Leaf<'_, '_>>) -> Option<&'s str> {
    text(leaf).filter(|text| !text.is_empty())
}

/// Whether a setting is `true`.
pub(crate) fn is_on(leaf: Option<&Leaf<'_, '_>>) -> bool {
    leaf.and_then(|leaf| leaf.value.written()).and_then(Node::as_bool) == Some(true)
}

/// `1 more setting`, `2 more settings`.
pub(crate) fn more_settings(count: usize) -> String {
    format!("{count} more setting{}", if count == 1 { "" } else { "s" })
}

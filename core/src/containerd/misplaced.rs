//! Where a key belongs that stands in the wrong table.

use super::cri::Cri;
use super::kind::{CRI, table_of};
use crate::keys::{Bound, Suggestion};
use crate::kind::View;
use crate::syntax::path::split;

/// Where a misplaced key belongs.
pub(crate) struct Belongs {
    /// Its full path, with the names of this file for free parts.
    pub(crate) path: Vec<String>,
    /// Whether it stands where config version 2 had it.
    pub(crate) is_old: bool,
}

/// Names that many tables have: a key of such a name is not looked for in other tables.
const COMMON: [&str; 18] = [
    "path",
    "address",
    "uid",
    "gid",
    "level",
    "format",
    "type",
    "default",
    "config",
    "env",
    "platform",
    "args",
    "root_path",
    "enable",
    "disable",
    "auth",
    "name",
    "options",
];

/// The place where a key that is unknown in its own would be right.
pub(crate) fn place_elsewhere(cx: &View, bound: &Bound) -> Option<Belongs> {
    let from = cx.parts_of(bound.entry)?;
    if Cri::of(cx.root).version >= 3 && from.get(1) == Some(&CRI) {
        // The plugin kept the streaming keys alone; where the others are now is in the row of version 2.
        let old = table_of(2)?.find(&from)?.key()?;
        return belongs(old.replaced_by()?, &from, true);
    }
    if !cx.may_be_elsewhere(bound) {
        return None;
    }
    match cx.suggest(bound)? {
        Suggestion::Elsewhere(key) if !COMMON.contains(&key.leaf()) => belongs(key.path(), &from, false),
        _ => None,
    }
}

/// A path of the data with the names of `from` in place of its free parts; nothing if there are none to take.
fn belongs(path: &str, from: &[&str], is_old: bool) -> Option<Belongs> {
    let mut parts: Vec<String> = split(path).into_iter().map(str::to_owned).collect();
    for i in 0..parts.len() {
        if parts.get(i).is_some_and(|part| part == "*") {
            let before = parts.get(i.checked_sub(1)?)?.clone();
            let at = from.iter().position(|name| *name == before)?;
            let name = from.get(at + 1)?;
            *parts.get_mut(i)? = (*name).to_owned();
        }
    }
    // Texts such as "cgroup v2 delegation" are not paths.
    let is_path = !parts.iter().any(|part| part.contains(' ') || part == "[]");
    is_path.then_some(Belongs { path: parts, is_old })
}

/// The table around a path, for a sentence.
pub(crate) fn table_name(path: &str) -> String {
    // The last part may be a name with dots, in quotes.
    let end = match path.strip_suffix('"') {
        Some(rest) => rest.rfind('"'),
        None => path.rfind('.'),
    };
    let table = end.and_then(|end| path.get(..end)).map(|table| table.trim_end_matches('.')).unwrap_or_default();
    if table.is_empty() { "the top level".to_owned() } else { format!("`[{table}]`") }
}

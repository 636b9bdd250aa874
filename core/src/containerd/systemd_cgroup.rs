//! The two switches that let runc make cgroups by systemd: the option `SystemdCgroup` of a runtime, and the older
//! `systemd_cgroup` of the CRI plugin.

use super::cri::Cri;
use crate::fix::Edit;
use crate::kind::View;
use crate::syntax::path::join;
use crate::syntax::{Entry, MapStyle, Node, edit};
use crate::text::Span;

/// The old switch, where it is on.
pub(crate) fn old_switch<'t, 'a>(root: &'t Node<'a>) -> Option<&'t Entry<'a>> {
    let cri = Cri::of(root);
    let entry = cri.runtime(&["systemd_cgroup"]).filter(|_| cri.version < 3)?;
    (entry.value.as_bool() == Some(true)).then_some(entry)
}

/// The option of a runtime, by its name in any letter case.
pub(crate) fn option<'t, 'a>(runtime: &'t Entry<'a>) -> Option<&'t Entry<'a>> {
    let mut entries = runtime.value.get("options")?.entries().iter().rev();
    entries.find(|entry| entry.key.eq_ignore_ascii_case("SystemdCgroup"))
}

/// The edits that turn the option on for a runtime.
pub(crate) fn set_option(cx: &View, runtime: &Entry) -> Option<Vec<Edit>> {
    if let Some(option) = option(runtime) {
        return Some(vec![edit::replace(&option.value, "true")]);
    }
    if let Some(options) = runtime.value.get("options") {
        return Some(vec![edit::add_entry(cx.doc(), options, "SystemdCgroup", "true")?]);
    }
    let map = runtime.value.as_map()?;
    if map.style != MapStyle::Table {
        return Some(vec![edit::add_entry(cx.doc(), &runtime.value, "options", "{ SystemdCgroup = true }")?]);
    }
    let header = map.headers.last()?;
    let own = map.entries.iter().filter(|entry| entry.value.as_map().is_none_or(|map| map.style != MapStyle::Table));
    let end = own.map(|entry| entry.value.span.end).max().unwrap_or(header.end).max(header.end);
    let mut path = cx.parts_of(runtime)?;
    path.push("options");
    let above = Span { start: header.start, end };
    let mut edit = edit::line_after(cx.doc(), above, &format!("[{}]", join(&path)));
    let indent = edit.text.trim_start_matches('\n').split('[').next().unwrap_or_default().to_owned();
    edit.text.push_str(&format!("\n{indent}  SystemdCgroup = true"));
    Some(vec![edit])
}

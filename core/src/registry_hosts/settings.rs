//! What rules on `hosts.toml` share: where settings of a host go, and how its URL is written anew.

use crate::fix::Edit;
use crate::kind::View;
use crate::registry_hosts::kind::RegistryHost;
use crate::syntax::edit;
use crate::syntax::{MapStyle, Value};

/// What happens to a file with a fault that the loader does not forgive, and the words it prints if all releases
/// print the same.
pub(crate) fn thrown_away(words: &str) -> String {
    let words = if words.is_empty() { String::new() } else { format!(", then `{words}`") };
    format!(
        "containerd throws the whole file away at each pull, with one line in its log (`failed to decode`{words}), and asks the upstream registry alone."
    )
}

/// Adds a setting to a host, behind its other plain settings. Nothing where the place is in doubt.
pub(crate) fn add_setting(cx: &View<'_, '_, '_>, host: &RegistryHost<'_, '_>, key: &str, value: &str) -> Option<Edit> {
    let line = format!("{key} = {value}");
    if host.is_server {
        return Some(edit::line_after(cx.doc(), host.entry.key_span.to(host.entry.value.span), &line));
    }
    let map = host.table.as_map()?;
    if map.style == MapStyle::Inline {
        return edit::add_entry(cx.doc(), host.table, key, value);
    }
    let header = map.headers.first()?;
    let plain = |value: &Value<'_>| !matches!(value, Value::Map(map) if map.style != MapStyle::Inline);
    let last = map.entries.iter().rfind(|e| plain(&e.value.value));
    // The last setting may end on a later line than its key stands on: the indentation is the key's.
    let place = last.map_or(*header, |e| e.key_span.to(e.value.span));
    Some(edit::line_after(cx.doc(), place, &line))
}

/// Writes another URL: in every header that names the host, or in the value of `server`.
pub(crate) fn write_url(host: &RegistryHost<'_, '_>, url: &str) -> Option<Vec<Edit>> {
    if host.is_server {
        return Some(vec![edit::replace(&host.entry.value, edit::string(url))]);
    }
    match host.table.as_map()?.style {
        MapStyle::Table => edit::rename_table(host.table, &["host", url]),
        MapStyle::Inline => Some(vec![Edit::new(host.span, edit::string(url))]),
        _ => None,
    }
}

/// The host's name in a path: `host."https://mirror.example"`, or `server`.
pub(crate) fn key_of(host: &RegistryHost<'_, '_>) -> String {
    if host.is_server { "server".to_owned() } else { crate::syntax::path::join(&["host", host.url]) }
}

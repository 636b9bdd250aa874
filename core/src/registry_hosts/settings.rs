//! How rules on `hosts.toml` ask for a setting, where settings of a host belong, and how its URL is rewritten.

use crate::fix::Edit;
use crate::keys::{Binding, Bound};
use crate::kind::{View, WrittenSetting};
use crate::registry_hosts::eras::READS_HOSTS_FILES;
use crate::registry_hosts::kind::RegistryHost;
use crate::syntax::edit;
use crate::syntax::path::join;
use crate::syntax::{MapStyle, Value};

/// The settings of this name, of each registry host and of the upstream.
pub(crate) fn written<'t>(cx: &View<'_, 't, '_>, name: &str) -> Vec<WrittenSetting<'t>> {
    let named = cx.bound.iter().filter(|bound| bound.key().is_some_and(|key| key.leaf() == name));
    named.map(|bound| WrittenSetting::of_entry(bound.entry, cx.path_of(bound.entry), READS_HOSTS_FILES)).collect()
}

/// What containerd does with a file with a fault that the loader does not tolerate. `words` are what it prints, if all
/// releases print the same.
pub(crate) fn discards_file(words: &str) -> String {
    let words = if words.is_empty() { String::new() } else { format!(", then `{words}`") };
    format!(
        "containerd discards the whole file at each pull, with one line in its log (`failed to decode`{words}), and \
         asks the upstream registry alone."
    )
}

/// Whether an entry is a `server` in the table of a host.
pub(crate) fn is_stray_server(bound: &Bound) -> bool {
    bound.binding == Binding::Unknown && bound.entry.key == "server" && bound.within.name() == "*"
}

/// Adds a setting to a host, behind its other plain settings. Nothing where the place is in doubt.
pub(crate) fn add_setting(cx: &View, host: &RegistryHost, key: &str, value: &str) -> Option<Edit> {
    let line = format!("{key} = {value}");
    if host.is_server {
        return Some(edit::line_after(cx.doc(), host.entry.key_span.to(host.entry.value.span), &line));
    }
    let map = host.table.as_map()?;
    if map.style == MapStyle::Inline {
        return edit::add_entry(cx.doc(), host.table, key, value);
    }
    let header = map.headers.first()?;
    let is_plain = |value: &Value| !matches!(value, Value::Map(map) if map.style != MapStyle::Inline);
    let last = map.entries.iter().rfind(|entry| is_plain(&entry.value.value));
    // The last setting may end on a later line than its key stands on: the indentation is the key's.
    let place = last.map_or(*header, |entry| entry.key_span.to(entry.value.span));
    Some(edit::line_after(cx.doc(), place, &line))
}

/// Writes another URL: in every header that names the host, or in the value of `server`.
pub(crate) fn write_url(host: &RegistryHost, url: &str) -> Option<Vec<Edit>> {
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
pub(crate) fn key_of(host: &RegistryHost) -> String {
    if host.is_server { "server".to_owned() } else { join(&["host", host.url]) }
}

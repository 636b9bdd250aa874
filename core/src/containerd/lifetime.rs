//! Which releases have a key, and what replaces it in the others.

use super::eras::{READS_VERSION_3, USES_TRACING_SETTINGS};
use super::kind::table_of;
use super::loader::ContainerdRelease;
use super::settings::reads;
use super::shims;
use super::values::is_zero_value;
use crate::keys::{Bound, KeySpec};
use crate::kind::View;
use crate::releases::{Product, ReleaseSet};
use crate::syntax::Entry;

/// The target's releases that read the plugin tables of the file.
pub(crate) fn target(cx: &View) -> ReleaseSet {
    cx.releases().and(reads(cx)).get(Product::Containerd)
}

/// The same of an entry in a file that 2.0 to 2.2 take for one of version 3.
pub(crate) fn target_as_version_3(cx: &View, entry: &Entry) -> ReleaseSet {
    // Names in lists are not in the tables under this path.
    let is_kept = |way: &[&str]| table_of(3).is_some_and(|table| table.find(way.get(..3).unwrap_or(way)).is_some());
    let has_place = cx.parts_of(entry).is_some_and(|way| is_kept(&way));
    let releases = if has_place { READS_VERSION_3.or(reads(cx)) } else { reads(cx) };
    cx.releases().and(releases).get(Product::Containerd)
}

/// The releases of `target` that do not have the key, where writing it has a meaning.
pub(crate) fn missing(bound: &Bound, key: &KeySpec, target: ReleaseSet) -> ReleaseSet {
    let missing = target.without(key.releases()).without(key.lost_in());
    if missing.is_empty() || has_own_rule(bound, key, missing) {
        return ReleaseSet::NONE;
    }
    // Dumps of older releases spell out empty and false values: losing them loses nothing. Where the default is on, off
    // has a meaning.
    let is_zero = |default| matches!(default, "" | "\"\"" | "0" | "0.0" | "false" | "[]" | "\"0s\"");
    let is_on_by_default = key.defaults().any(|(_, default)| !is_zero(default));
    if is_zero_value(&bound.entry.value.value) && !is_on_by_default { ReleaseSet::NONE } else { missing }
}

/// Whether a rule of its own reports the key in these releases.
fn has_own_rule(bound: &Bound, key: &KeySpec, missing: ReleaseSet) -> bool {
    match key.leaf() {
        "version" => key.path() == "version",
        _ if is_tracing(key) => true,
        // The old switch, in its old place.
        "systemd_cgroup" => !key.releases().and_earlier().covers(missing),
        leaf => shims::is_linux_runtime_setting(leaf) && is_set(bound),
    }
}

/// Whether a key is one of the OpenTelemetry settings, which only [`USES_TRACING_SETTINGS`] use.
pub(crate) fn is_tracing(key: &KeySpec) -> bool {
    key.replaced_by().is_some_and(|by| by.starts_with("OTEL_"))
}

/// Whether a release that has a key uses it in this place. A zero value of a setting that is not used loses nothing.
pub(crate) fn is_used(key: &KeySpec, release: ContainerdRelease, is_zero: bool) -> bool {
    !key.has_no_effect() && (is_zero || !is_tracing(key) || release.is_in(USES_TRACING_SETTINGS))
}

/// Whether a setting of the linux runtime has a value that its rule reports.
fn is_set(bound: &Bound) -> bool {
    bound.entry.value.as_str().is_some() || bound.entry.value.as_bool() == Some(true)
}

/// Whether a key stands below another one in the data.
pub(crate) fn is_below(key: &KeySpec, table: &KeySpec) -> bool {
    key.path().strip_prefix(table.path()).is_some_and(|rest| rest.starts_with(['.', '[']))
}

/// What to do instead, in a sentence.
pub(crate) fn replacement(by: &str) -> String {
    if by.contains("registry.") {
        "Write a hosts.toml for each registry below one folder, and set `registry.config_path` to that folder."
            .to_owned()
    } else if by == "ImagePullSecrets" {
        "Give credentials to pods as image pull secrets, or to the kubelet by a credential provider.".to_owned()
    } else if let Some((_, what)) = by.split_once(": ") {
        format!("Remove it: {what}.")
    } else {
        format!("Use `{by}` instead.")
    }
}

/// The first releases of a set, for a sentence.
pub(crate) fn first(set: ReleaseSet) -> String {
    set.starts(Product::Containerd)
}

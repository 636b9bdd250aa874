//! The cgroup driver that runc has for pods, release by release.

use super::eras::REPLACES_TABLES;
use super::kind::CRI;
use super::loader::{Effective, Leaf, LoadedNode, LoadedTable};
use super::on_node::{has_defaults, releases_without_file};
use super::shims::RUNC_V2;
use crate::kind::{SettingPlace, ValueSource};
use crate::releases::ReleaseSet;

/// The cgroup driver of containerd's default runtime in some releases.
#[derive(Debug)]
pub(crate) struct RuncDriver {
    pub(crate) is_systemd: bool,
    pub(crate) releases: ReleaseSet,
    pub(crate) source: ValueSource,
    /// The runtime's table without the option, with its name.
    pub(crate) runtime: Option<(String, SettingPlace)>,
}

/// The drivers; none in releases whose default runtime is not known to be runc.
pub(crate) fn drivers(node: &LoadedNode<'_, '_, '_>) -> Vec<RuncDriver> {
    let mut all: Vec<RuncDriver> = vec![];
    let Some(configuration) = node.main() else {
        let releases = releases_without_file(node);
        let cgroupfs = RuncDriver { is_systemd: false, releases, source: ValueSource::Default, runtime: None };
        return Some(cgroupfs).filter(|_| !releases.is_empty()).into_iter().collect();
    };
    let has_defaults = has_defaults(node, configuration);
    for effective in &configuration.releases {
        let Some(driver) = driver(effective, has_defaults) else { continue };
        let is_same = |known: &&mut RuncDriver| {
            (known.source, &known.runtime, known.is_systemd) == (driver.source, &driver.runtime, driver.is_systemd)
        };
        match all.iter_mut().find(is_same) {
            Some(known) => known.releases = known.releases.or(driver.releases),
            None => all.push(driver),
        }
    }
    all
}

fn driver(effective: &Effective<'_, '_>, has_defaults: bool) -> Option<RuncDriver> {
    let is_old_switch_on = || effective.setting("runtime:systemd_cgroup").and_then(Leaf::as_bool) == Some(true);
    let has_old_table = || effective.table("runtime:containerd.default_runtime").is_some();
    if !effective.runs(CRI) || is_old_switch_on() || has_old_table() {
        return None;
    }
    let name = effective.text("runtime:containerd.default_runtime_name").unwrap_or("runc");
    let of = |is_systemd, source, runtime| {
        Some(RuncDriver { is_systemd, releases: effective.release.set(), source, runtime })
    };
    let Some((_, runtime)) = effective.runtimes().find(|(known, _)| *known == name) else {
        // 1.x have no runtime but those of the files, if these have any.
        let is_built_in = !effective.release.is_in(REPLACES_TABLES) || effective.runtimes().next().is_none();
        let is_default = name == "runc" && is_built_in && has_defaults;
        return is_default.then(|| of(false, ValueSource::Default, None))?;
    };
    if let Some(option) = option(runtime)
        && let Some(is_systemd) = option.as_bool()
    {
        return of(is_systemd, ValueSource::File(SettingPlace::of(option)), None);
    }
    let written = effective.leaf(runtime, "runtime_type").and_then(Leaf::text);
    let built_in = (name == "runc" && !effective.release.is_in(REPLACES_TABLES)).then_some(RUNC_V2);
    // Only runc's shim has the option.
    let is_runc = written.or(built_in) == Some(RUNC_V2);
    let place = SettingPlace::of_key(runtime.origin()?);
    is_runc.then(|| of(false, ValueSource::Default, Some((name.to_owned(), place))))?
}

/// The option `SystemdCgroup` of a runtime, in any letter case.
fn option<'s, 'f, 'a>(runtime: &'s LoadedTable<'f, 'a>) -> Option<&'s Leaf<'f, 'a>> {
    runtime.table("options")?.get_any_case("SystemdCgroup")?.as_leaf()
}

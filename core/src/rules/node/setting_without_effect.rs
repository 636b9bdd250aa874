//! # `setting-without-effect`
//!
//! A setting of containerd that is lost between the file and the daemon.
//!
//! ## Why
//!
//! Before containerd uses a configuration it merges imported files, and 2.x migrate older config versions. Both lose
//! settings, mostly silently: a migration drops them (`snapshotter` of a version 2 file without a `runtimes` table),
//! another name of the same setting wins, or an imported file tries to reset a value to 0, "" or false. crilint
//! merges and migrates as each release does, and reports the settings that are lost.
//!
//! ## What to do
//!
//! Write the setting where the daemon looks for it: in the config version and table of the release that runs, in one
//! place.
//!
//! ## Examples
//!
//! ```toml bad containerd=2.0..2.3
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri".containerd]
//!   snapshotter = "stargz"
//!   ^^^^^^^^^^^
//! ```
//!
//! ```toml bad containerd=2.0..2.3
//! --- /etc/containerd/config.toml
//! version = 2
//! imports = ["/etc/containerd/conf.d/*.toml"]
//! oom_score = -500
//! --- /etc/containerd/conf.d/10-oom.toml
//! version = 2
//! oom_score = 0
//! ^^^^^^^^^
//! ```
//!
//! ```toml good containerd=2.0..2.3
//! version = 3
//! [plugins."io.containerd.cri.v1.images"]
//!   snapshotter = "stargz"
//!   disable_snapshot_annotations = false
//! [proxy_plugins.stargz]
//!   type = "snapshot"
//!   address = "/run/containerd-stargz-grpc/containerd-stargz-grpc.sock"
//! ```
//!
//! ## References
//!
//! - containerd/containerd@v2.3.4:plugins/cri/images/plugin.go, plugins/cri/runtime/plugin.go (`configMigration`)
//! - containerd/containerd@v2.3.4:cmd/containerd/server/config/config.go (`mergeConfig`, `serviceMigrate`)

use std::cell::OnceCell;
use std::collections::HashMap;
use std::mem::{Discriminant, discriminant};

use crate::containerd::eras::HAS_CONFIG_VERSIONS;
use crate::containerd::kind::{is_drop_in, spoken_version, table_of};
use crate::containerd::lifetime::replacement;
use crate::containerd::loader::{Configuration, Effective, Loss, Status};
use crate::containerd::values::{is_default_in, more_settings};
use crate::keys::{KeySpec, Table};
use crate::kind::{File, Origin};
use crate::rules::prelude::*;
use crate::syntax::path::{Paths, join};

pub(crate) const RULE: Rule = Rule {
    id: "setting-without-effect",
    summary: "Setting that is lost between the file and the daemon",
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

/// A setting that some releases lose.
struct IneffectiveSetting<'t, 'a> {
    file: &'t File<'a>,
    entry: &'t Entry<'a>,
    /// The names on the way to it.
    parts: Vec<&'t str>,
    key: Option<&'static KeySpec>,
    loss: Loss,
    releases: ReleaseSet,
    /// Those in which another value is effective.
    harmful: ReleaseSet,
}

impl IneffectiveSetting<'_, '_> {
    fn add(&mut self, release: ReleaseSet) {
        self.releases = self.releases.or(release);
        // Where another value stays or wins, even an empty one was meant to change something.
        // In the table of a plugin that is turned off, any value was meant to.
        let competes = matches!(
            self.loss,
            Loss::Zero | Loss::Shadowed(_) | Loss::Replaced(_) | Loss::Disabled | Loss::CriDisabled
        );
        if competes || !is_default_in(self.key, &self.entry.value, release) {
            self.harmful = self.harmful.or(release);
        }
    }

    /// Whether its value is the effective one already, in each release that loses the setting.
    fn is_harmless(&self) -> bool {
        self.harmful.and(self.releases).is_empty()
    }
}

fn check(cx: &mut NodeCx) {
    let loaded = cx.loaded;
    // What becomes of a drop-in depends on its main file.
    let whole = loaded.configurations().iter().filter(|configuration| !is_drop_in(configuration.main.path));
    let mut all: Vec<Vec<IneffectiveSetting>> = whole.map(lost).filter(|lost| !lost.is_empty()).collect();
    if all.is_empty() {
        return;
    }
    // A file is part of one configuration, so the findings on the others do not matter.
    let reported = Reported::of(cx.found());
    let counted = cx.excess_places();
    for lost in &mut all {
        for setting in &mut *lost {
            setting.releases = setting.releases.without(reported.releases_of(setting));
        }
        lost.retain(|setting| {
            !setting.releases.is_empty() && !counted.contains(&(setting.file.index, setting.entry.key_span))
        });
    }
    for lost in all {
        report(cx, &lost);
    }
}

/// A file with the paths of its entries and its key table, which the first lost setting computes.
struct IndexedFile<'t, 'a> {
    file: &'t File<'a>,
    index: OnceCell<(Paths<'t>, Option<&'static Table>)>,
}

/// What each release of the target loses.
fn lost<'t, 'a>(configuration: &Configuration<'t, 'a>) -> Vec<IneffectiveSetting<'t, 'a>> {
    let mut all: Vec<IneffectiveSetting<'t, 'a>> = vec![];
    let mut known: HashMap<(usize, Span, Discriminant<Loss>), usize> = HashMap::new();
    let indexed = |file: &&'t File<'a>| (file.index, IndexedFile { file, index: OnceCell::new() });
    let files: HashMap<usize, IndexedFile<'t, 'a>> = configuration.files.iter().map(indexed).collect();
    for Effective { release, loaded, is_complete } in
        configuration.releases.iter().filter(|e| e.release.is_in(HAS_CONFIG_VERSIONS))
    {
        for written in &loaded.written {
            let Status::Lost(loss) = &written.status else { continue };
            // Releases may lose a setting for different reasons.
            let place = (written.file, written.entry.key_span, discriminant(loss));
            // What the plugin needs may be in a file that is not here.
            if *loss == Loss::Skipped && !is_complete {
                continue;
            }
            if let Some(known) = known.get(&place).and_then(|number| all.get_mut(*number)) {
                known.add(release.set());
                continue;
            }
            let Some(IndexedFile { file, index }) = files.get(&written.file) else { continue };
            let (paths, table) = index.get_or_init(|| (Paths::of(file.body()), table_of(spoken_version(file.body()))));
            let Some(parts) = paths.to(written.entry.key_span) else { continue };
            let key = table.and_then(|table| table.find(&parts)).and_then(|place| place.key());
            // A dump has the defaults of plugins that skip themselves.
            if *loss == Loss::Skipped && is_default_in(key, &written.entry.value, release.set()) {
                continue;
            }
            let (entry, loss) = (written.entry, loss.clone());
            let (releases, harmful) = (ReleaseSet::NONE, ReleaseSet::NONE);
            let mut setting = IneffectiveSetting { file, entry, parts, key, loss, releases, harmful };
            setting.add(release.set());
            known.insert(place, all.len());
            all.push(setting);
        }
    }
    all
}

/// The keys that other findings report as ignored or worse, by file, with the releases.
struct Reported<'f>(HashMap<(usize, &'f str), ReleaseSet>);

impl<'f> Reported<'f> {
    fn of(found: &'f [Finding]) -> Self {
        let mut all = HashMap::new();
        for finding in found {
            let outcomes = finding.outcomes.iter().filter(|outcome| outcome.effect <= Effect::Ignored);
            let set = outcomes.fold(ReleaseSet::NONE, |all, o| all.or(o.releases.get(Product::Containerd)));
            for key in &finding.keys {
                let known = all.entry((finding.file, key.as_str())).or_insert(ReleaseSet::NONE);
                *known = known.or(set);
            }
        }
        Self(all)
    }

    /// The releases in which a finding reports the setting, or a table around it.
    fn releases_of(&self, lost: &IneffectiveSetting) -> ReleaseSet {
        let path = join(&lost.parts);
        let ends = path.match_indices('.').map(|(at, _)| at).chain([path.len()]);
        let keys = ends.filter_map(|end| path.get(..end));
        let sets = keys.filter_map(|key| self.0.get(&(lost.file.index, key)));
        sets.fold(ReleaseSet::NONE, |all, set| all.or(*set))
    }
}

/// One finding for the settings of a table that are lost for the same reason, and one for all harmless settings.
fn report(cx: &mut NodeCx, lost: &[IneffectiveSetting]) {
    let mut groups: Vec<Vec<&IneffectiveSetting>> = vec![];
    let mut known: HashMap<_, usize> = HashMap::new();
    for setting in lost {
        let reason = (!setting.is_harmless()).then(|| (table_around(setting), discriminant(&setting.loss)));
        let number = *known.entry((setting.file.index, setting.releases, reason)).or_insert(groups.len());
        match groups.get_mut(number) {
            Some(group) => group.push(setting),
            None => groups.push(vec![setting]),
        }
    }
    for group in groups {
        if let Some(first) = group.first() {
            report_group(cx, first, &group);
        }
    }
}

/// The names of the table at the top, or below `plugins`, that holds a setting.
fn table_around<'l>(lost: &'l IneffectiveSetting) -> &'l [&'l str] {
    lost.parts.get(..lost.parts.len().min(2)).unwrap_or_default()
}

fn report_group(cx: &mut NodeCx, first: &IneffectiveSetting, group: &[&IneffectiveSetting]) {
    let message = message(&first.entry.key, first.is_harmless(), group.len() - 1);
    let (why, help) = texts(&first.loss);
    // One setting that has another place: it is the help.
    let is_moved = group.len() == 1 && matches!(first.loss, Loss::Unknown | Loss::NoPlugin | Loss::NotUsed);
    let by = first.key.and_then(KeySpec::replaced_by).filter(|_| is_moved);
    let help = by.map_or_else(|| help.to_owned(), replacement);
    let winner = match first.loss {
        Loss::Replaced(by) => Some((by, "replaces the whole table")),
        Loss::Shadowed(by) => Some((by, "this one wins")),
        _ => None,
    };
    let finding = cx.report(first.file.index, first.entry.key_span, message);
    finding.ignored(Releases::ANY.with(Product::Containerd, first.releases)).why(why).help(help);
    if let Some((Origin { file, key }, text)) = winner {
        finding.label_in(file, key, text);
    }
    if first.is_harmless() {
        finding.as_info().help(HELP_HARMLESS);
    }
    finding.keys = group.iter().map(|lost| join(&lost.parts)).collect();
}

fn message(name: &str, is_harmless: bool, others: usize) -> String {
    match (is_harmless, others) {
        (true, 0) => format!("`{name}` has no effect here; its value is already the effective one"),
        (true, _) => {
            let others = more_settings(others);
            format!("`{name}` and {others} have no effect here; their values are already the effective ones")
        }
        (false, 0) => format!("`{name}` has no effect here"),
        (false, _) => format!("`{name}` and {} of this table have no effect here", more_settings(others)),
    }
}

/// The reason of a loss, and what to do.
fn texts(loss: &Loss) -> (&'static str, &'static str) {
    match loss {
        Loss::Unknown => (
            "The release has no such key where the migration puts the setting: 1.x silently drop it, 2.x log \
             `Ignoring unknown key in TOML`.",
            "Remove it, or write the setting that replaces it.",
        ),
        Loss::NoPlugin => (
            "No plugin of the release reads the table: containerd silently drops it.",
            "Remove the table, or name the plugin that reads these settings.",
        ),
        Loss::NotUsed => (
            "The release silently reads the key and does not use it.",
            "Write it where the config version of this file has it.",
        ),
        Loss::Disabled | Loss::CriDisabled => (
            "`disabled_plugins` turns off the plugin that uses the setting: nothing in its table has an effect.",
            "Remove the settings, or the plugin from `disabled_plugins`.",
        ),
        Loss::Skipped => (
            "The plugin skips itself, as a setting that it needs is missing or empty: `pool_name` of devmapper, or \
             `address` of a server. containerd logs it at level info.",
            "Set what the plugin needs, or remove the table.",
        ),
        Loss::Migration => (
            "containerd 2.x migrate the file to a newer config version and silently drop this setting.",
            "Write the file in the config version of the release (`containerd config migrate` shows it), and set this \
             there.",
        ),
        Loss::Replaced(_) => (
            "A file that is loaded later silently replaces the table as a whole.",
            "Keep all settings of this table in one file.",
        ),
        Loss::Shadowed(_) => (
            "The file sets the same by its old and by its new name, and only one of them is used.",
            "Keep one of the two.",
        ),
        Loss::Zero => (
            "0, \"\" or false in an imported file does not override: the value of the file before stays.",
            "Change the value in the main file.",
        ),
    }
}

const HELP_HARMLESS: &str = "Nothing changes by it. Remove it, or write the file in the config version of the \
    release that runs, before you set anything else.";

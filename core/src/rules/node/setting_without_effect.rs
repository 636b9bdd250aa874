//! # `setting-without-effect`
//!
//! A setting of containerd is lost on its way from the file to the daemon.
//!
//! ## Why
//!
//! Before containerd uses a configuration it merges imported files, and 2.x migrate older config versions. On that
//! way settings get lost, mostly without a word: a migration leaves them behind (`snapshotter` of a version 2 file
//! without a `runtimes` table), another name of the same setting wins, or an imported file tries to reset a value to
//! 0, "" or false. crilint goes that way as each release does and tells which settings do not arrive.
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

use crate::containerd::eras::HAS_CONFIG_VERSIONS;
use crate::containerd::kind::{is_drop_in, spoken_version, table_of};
use crate::containerd::loader::{Configuration, Effective, Loss, Status};
use crate::containerd::values::more_settings;
use crate::containerd::values::{is_default, says_nothing};
use crate::keys::Table;
use crate::kind::File;
use crate::kind::Origin;
use crate::rules::prelude::*;
use crate::syntax::path::{Paths, join};

pub(crate) const RULE: Rule = Rule {
    id: "setting-without-effect",
    summary: "A setting is lost on its way to the daemon",
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

/// A setting that some releases lose.
struct Lost<'t, 'a> {
    file: &'t File<'a>,
    entry: &'t Entry<'a>,
    /// The names on the way to it.
    parts: Vec<&'t str>,
    loss: Loss,
    releases: ReleaseSet,
    /// It says what holds anyway.
    harmless: bool,
}

fn check(cx: &mut NodeCx) {
    let loaded = cx.loaded;
    // What becomes of a drop-in depends on its main file.
    let whole = loaded.configurations().iter().filter(|c| !is_drop_in(c.main.path));
    let mut all: Vec<Vec<Lost>> = whole.map(lost).filter(|lost| !lost.is_empty()).collect();
    if all.is_empty() {
        return;
    }
    // A file is part of one configuration, so what is reported of the others does not matter.
    let told = Told::of(cx.found());
    let counted = cx.excess_places();
    for lost in &mut all {
        for one in &mut *lost {
            one.releases = one.releases.without(told.of_setting(one));
        }
        lost.retain(|one| !one.releases.is_empty() && !counted.contains(&(one.file.index, one.entry.key_span)));
    }
    for lost in all {
        report(cx, &lost);
    }
}

/// A file with the paths of its entries and its key table, which are made when the first lost setting asks.
struct Ways<'t, 'a> {
    file: &'t File<'a>,
    known: OnceCell<(Paths<'t>, Option<&'static Table>)>,
}

/// What each release of the target loses.
fn lost<'t, 'a>(configuration: &Configuration<'t, 'a>) -> Vec<Lost<'t, 'a>> {
    let mut all: Vec<Lost<'t, 'a>> = vec![];
    let mut known: HashMap<(usize, Span), usize> = HashMap::new();
    let files: HashMap<usize, Ways<'t, 'a>> =
        configuration.files.iter().map(|file| (file.index, Ways { file, known: OnceCell::new() })).collect();
    for Effective { release, loaded, .. } in
        configuration.releases.iter().filter(|e| e.release.is_in(HAS_CONFIG_VERSIONS))
    {
        for written in &loaded.written {
            let Status::Lost(loss) = &written.status else { continue };
            let place = (written.file, written.entry.key_span);
            if let Some(known) = known.get(&place).and_then(|number| all.get_mut(*number)) {
                known.releases = known.releases.or(release.set());
                continue;
            }
            let Some(ways) = files.get(&written.file) else { continue };
            let file = ways.file;
            let (paths, table) =
                ways.known.get_or_init(|| (Paths::of(file.body()), table_of(spoken_version(file.body()))));
            let Some(parts) = paths.to(written.entry.key_span) else { continue };
            let key = table.and_then(|t| t.find(&parts)).and_then(|p| p.key());
            let value = &written.entry.value;
            // Where another value stays or wins, even an empty one was meant to change something.
            let competes = matches!(loss, Loss::Zero | Loss::Shadowed(_) | Loss::Replaced(_));
            let harmless = !competes && (says_nothing(&value.value) || key.is_some_and(|key| is_default(key, value)));
            known.insert(place, all.len());
            all.push(Lost { file, entry: written.entry, parts, loss: loss.clone(), releases: release.set(), harmless });
        }
    }
    all
}

/// What other findings say has no effect or worse: keys of a file with the releases, by key.
struct Told<'f>(HashMap<(usize, &'f str), ReleaseSet>);

impl<'f> Told<'f> {
    fn of(found: &'f [Finding]) -> Self {
        let mut all = HashMap::new();
        for finding in found {
            let outcomes = finding.outcomes.iter().filter(|o| o.effect <= Effect::Ignored);
            let set = outcomes.fold(ReleaseSet::NONE, |all, o| all.or(o.releases.get(Product::Containerd)));
            for key in &finding.keys {
                let known = all.entry((finding.file, key.as_str())).or_insert(ReleaseSet::NONE);
                *known = known.or(set);
            }
        }
        Self(all)
    }

    /// The releases in which a finding says so of the setting, or of a table around it.
    fn of_setting(&self, lost: &Lost) -> ReleaseSet {
        let path = join(&lost.parts);
        let ends = path.match_indices('.').map(|(at, _)| at).chain([path.len()]);
        let keys = ends.filter_map(|end| path.get(..end));
        let sets = keys.filter_map(|key| self.0.get(&(lost.file.index, key)));
        sets.fold(ReleaseSet::NONE, |all, set| all.or(*set))
    }
}

fn report(cx: &mut NodeCx, lost: &[Lost]) {
    let mut groups: Vec<Vec<&Lost>> = vec![];
    let mut known: HashMap<_, usize> = HashMap::new();
    for one in lost {
        // Lost together: in the same table for the same reason; all that changes nothing in one.
        let reason = (!one.harmless).then(|| (table_around(one), std::mem::discriminant(&one.loss)));
        let number = *known.entry((one.file.index, one.releases, reason)).or_insert(groups.len());
        match groups.get_mut(number) {
            Some(group) => group.push(one),
            None => groups.push(vec![one]),
        }
    }
    for group in groups {
        if let Some(first) = group.first() {
            report_group(cx, first, &group);
        }
    }
}

/// The names of the table at the top, or below `plugins`, that holds a setting.
fn table_around<'l>(lost: &'l Lost) -> &'l [&'l str] {
    lost.parts.get(..lost.parts.len().min(2)).unwrap_or_default()
}

fn report_group(cx: &mut NodeCx, first: &Lost, group: &[&Lost]) {
    let name = &first.entry.key;
    let message = match (first.harmless, group.len()) {
        (true, 1) => format!("`{name}` has no effect here, and says what holds anyway"),
        (true, n) => {
            format!("`{name}` and {} have no effect here, and say what holds anyway", more_settings(n - 1))
        }
        (false, 1) => format!("`{name}` has no effect here"),
        (false, n) => format!("`{name}` and {} of this table have no effect here", more_settings(n - 1)),
    };
    let keys: Vec<String> = group.iter().map(|lost| join(&lost.parts)).collect();
    let (why, help) = words(&first.loss);
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
    if first.harmless {
        finding.as_info().help("Nothing changes by it. Remove it, or write the file in the config version of the release that runs, before you set anything else.");
    }
    finding.keys = keys;
}

fn words(loss: &Loss) -> (&'static str, &'static str) {
    match loss {
        Loss::Unknown => (
            "The release has no such key at the place where the setting ends up: 1.x drop it without a word, 2.x log `Ignoring unknown key in TOML`.",
            "Remove it, or write what has taken its place.",
        ),
        Loss::NoPlugin => (
            "No plugin of the release reads the table: it is dropped without a word.",
            "Remove the table, or name the plugin that reads these settings.",
        ),
        Loss::NotUsed => (
            "The release reads the key without a word and does not use it.",
            "Write it where the config version of this file has it.",
        ),
        Loss::Migration => (
            "containerd 2.x migrate the file to a newer config version and leave this behind, without a word.",
            "Write the file in the config version of the release (`containerd config migrate` shows it), and set this there.",
        ),
        Loss::Replaced(_) => (
            "A file that is loaded later replaces the table as a whole, without a word.",
            "Keep all settings of this table in one file.",
        ),
        Loss::Shadowed(_) => (
            "The file sets the same by its old and by its new name, and only one of them counts.",
            "Keep one of the two.",
        ),
        Loss::Zero => (
            "0, \"\" or false in an imported file is no value to the merge: what the file before says stays.",
            "Change the value in the main file.",
        ),
    }
}

//! The effective configuration: every setting that a release has in the end, with the place that sets it, and whether
//! the daemon starts with it.

mod flags;
mod hosts;
mod page;
mod plain;

pub use crate::kind::{EffectiveSetting, SettingSource};
pub use page::page;

use std::collections::HashMap;

use crate::containerd;
use crate::containerd::imports::{self, UnreadImport};
use crate::containerd::loader::{self, ContainerdRelease};
use crate::crictl;
use crate::docker;
use crate::engine::{NodePlace, Options, Purpose, Report, Source, TargetRelease, TextPlace, examine};
use crate::finding::{Effect, Finding};
use crate::keys::tables;
use crate::kind::{File, NodeFiles};
use crate::kubelet::kind::{ConfigRole, role};
use crate::kubelet::overrides::drop_ins;
use crate::order;
use crate::releases::{Product, ReleaseSet};
use crate::systemd::flags::Program;

/// The effective configuration of one daemon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The name of the program: `containerd`, `dockerd`, `kubelet` or `crictl`.
    pub program: &'static str,
    /// The file that the daemon is started with, as an index into the sources; its unit, if it has none.
    pub file: usize,
    /// The text inside of the file, counted from 1; 0 is the file itself.
    pub text: usize,
    /// Whether that is a configuration file.
    pub has_file: bool,
    /// The files that are merged over it, in their order.
    pub loads: Vec<usize>,
    /// The files with its command line: their flags win.
    pub commands: Vec<usize>,
    /// Its imports that were not read: what they set is not among the settings.
    pub unread_imports: Vec<UnreadImport>,
    /// The daemon.
    pub product: Product,
    /// The release.
    pub release: String,
    /// The patch range that the release is judged by.
    pub set: ReleaseSet,
    /// The settings, by path.
    pub settings: Vec<EffectiveSetting>,
    /// The registry hosts that containerd finds in the `hosts.toml` files of the node, by registry.
    pub registry_hosts: Vec<EffectiveSetting>,
    /// The findings by which the daemon does not start, as indices into the report's findings.
    pub refusals: Vec<usize>,
    /// The findings by which a plugin does not load, or pods, registries or runtimes fail, though the daemon runs.
    pub failures: Vec<usize>,
    /// The file, what it loads and its command line.
    places: Vec<TextPlace>,
}

impl Shown {
    /// Whether the daemon starts.
    #[must_use]
    pub fn starts(&self) -> bool {
        self.refusals.is_empty()
    }
}

/// The effective configuration of each daemon whose main file is among the sources, in the newest release of the target
/// that reads it, or in the newest one. Secrets are masked.
#[must_use]
pub fn show(sources: &[Source<'_>], options: &Options) -> (Report, Vec<Shown>) {
    let (report, mut all) = reveal(sources, options);
    mask(&report, &mut all);
    (report, all)
}

/// Masks the secrets of settings that [`reveal`] gave, with its report.
pub fn mask(report: &Report, all: &mut [Shown]) {
    for shown in all {
        for setting in shown.settings.iter_mut().chain(&mut shown.registry_hosts) {
            match setting.source {
                SettingSource::Written(origin) => report.secrets.mask_setting(setting, origin.file, origin.key),
                // A default stands below names that a file chooses.
                SettingSource::Default => report.secrets.mask_path(setting, shown.file),
            }
        }
    }
}

/// The same with every secret.
#[must_use]
pub fn reveal(sources: &[Source<'_>], options: &Options) -> (Report, Vec<Shown>) {
    let mut all = vec![];
    let report = examine(sources, options, Purpose::Verdict, |node, place| {
        all.extend(of_node(node, options).into_iter().map(|shown| shown.placed(place)));
    });
    order::by_key(&mut all, |shown| shown.file);
    let mut of_file: HashMap<TextPlace, Vec<usize>> = HashMap::new();
    for (number, finding) in report.findings.iter().enumerate() {
        of_file.entry((finding.file, finding.text)).or_default().push(number);
    }
    all.iter_mut().for_each(|shown| shown.judge(&report.findings, &of_file));
    (report, all)
}

impl Shown {
    /// The same with files and places of a node as those of the sources.
    fn placed(mut self, place: NodePlace<'_>) -> Self {
        for setting in self.settings.iter_mut().chain(&mut self.registry_hosts) {
            if let SettingSource::Written(origin) = &mut setting.source {
                origin.key = place.span(origin.file, origin.key);
                origin.file = place.of(origin.file).0;
            }
        }
        let files = std::iter::once(self.file).chain(self.loads.iter().chain(&self.commands).copied());
        self.places = files.map(|file| place.of(file)).collect();
        (self.file, self.text) = place.of(self.file);
        self.loads.iter_mut().chain(&mut self.commands).for_each(|file| *file = place.of(*file).0);
        self
    }

    /// Finds out what keeps the daemon from starting, or a part of it from working.
    fn judge(&mut self, findings: &[Finding], of_file: &HashMap<TextPlace, Vec<usize>>) {
        let own = self.places.iter().filter_map(|place| of_file.get(place)).flatten();
        let mut numbers: Vec<usize> = own.copied().collect();
        order::by_key(&mut numbers, |number| *number);
        numbers.dedup();
        for number in numbers {
            let Some(finding) = findings.get(number) else { continue };
            let effect = finding.effect_in(self.product, self.set);
            if effect == Some(Effect::Refused) {
                self.refusals.push(number);
            } else if effect == Some(Effect::Failed) || finding.breaks_in(self.product, self.set).is_some() {
                self.failures.push(number);
            }
        }
    }
}

/// The daemons of a node: those with a file, and those that are started without one.
fn of_node(node: &NodeFiles<'_, '_>, options: &Options) -> Vec<Shown> {
    let mut all: Vec<Shown> = node.files.iter().filter_map(|file| of_file(node, file, options)).collect();
    for program in [Program::Containerd, Program::Dockerd, Program::Kubelet] {
        let unit = flags::unit_without_file(node, program);
        all.extend(unit.and_then(|unit| settings(node, unit, &[], program, options)));
    }
    all
}

fn of_file(node: &NodeFiles<'_, '_>, file: &File<'_>, options: &Options) -> Option<Shown> {
    if *file.kind == containerd::KIND && containerd::is_main(node, file) {
        return settings(node, file, &loader::files(node, file.index), Program::Containerd, options);
    }
    if *file.kind == docker::KIND {
        return settings(node, file, &[file], Program::Dockerd, options);
    }
    if *file.kind == crate::kubelet::KIND && !matches!(role(file, file.body()), ConfigRole::DropIn | ConfigRole::Part) {
        let mut files = drop_ins(node);
        files.insert(0, file);
        return settings(node, file, &files, Program::Kubelet, options);
    }
    let TargetRelease { name: release, judged: set, .. } = options.target.columns(Product::Kubernetes).pop()?;
    (*file.kind == crictl::KIND).then(|| Shown {
        program: "crictl",
        file: file.index,
        text: 0,
        has_file: true,
        loads: vec![],
        unread_imports: vec![],
        commands: vec![],
        product: Product::Kubernetes,
        release,
        set,
        settings: plain::settings(&[file], &tables::CRICTL, set),
        registry_hosts: vec![],
        refusals: vec![],
        failures: vec![],
        places: vec![],
    })
}

/// The settings of a program with these files, the main one first, and its flags. `file` is the main file, or the unit.
fn settings(
    node: &NodeFiles<'_, '_>,
    file: &File<'_>,
    files: &[&File<'_>],
    program: Program,
    options: &Options,
) -> Option<Shown> {
    let (name, product) = match program {
        Program::Containerd => ("containerd", Product::Containerd),
        Program::Dockerd => ("dockerd", Product::Docker),
        _ => ("kubelet", Product::Kubernetes),
    };
    // Drop-ins may change the version, so that another release reads the file after all.
    let columns = options.target.columns(product);
    let read = columns.iter().rfind(|column| file.releases.get(product).covers(column.judged));
    let TargetRelease { name: release, judged: set, .. } = read.or(columns.last())?.clone();
    let mut settings = match program {
        Program::Containerd => containerd::show::settings(files, ContainerdRelease::of(set, ReleaseSet::NONE).next()?),
        Program::Dockerd => plain::settings(files, &tables::DOCKER, set),
        _ => plain::settings(files, &tables::KUBELET, set),
    };
    // With several main files, the command line may be that of another one.
    let is_alone = node.files.iter().filter(|other| other.kind == file.kind && is_main(node, other)).count() <= 1;
    let commands = if is_alone { flags::commands(node, program) } else { vec![] };
    if is_alone {
        flags::apply(node, program, set, &mut settings);
    }
    if files.iter().any(|file| file.template.is_some()) {
        // What a template leaves out may be in its base.
        settings.retain(|setting| setting.source != SettingSource::Default);
    }
    let registry_hosts = if program == Program::Containerd { hosts::settings(node) } else { vec![] };
    let imports = files.iter().filter(|loaded| *loaded.kind == containerd::KIND);
    let unread_imports = imports.flat_map(|loaded| imports::unread(node, loaded)).collect();
    Some(Shown {
        program: name,
        file: file.index,
        text: 0,
        has_file: !files.is_empty(),
        loads: files.iter().map(|f| f.index).filter(|index| *index != file.index).collect(),
        unread_imports,
        commands: commands.iter().map(|f| f.index).filter(|index| *index != file.index).collect(),
        product,
        release,
        set,
        settings,
        registry_hosts,
        refusals: vec![],
        failures: vec![],
        places: vec![],
    })
}

fn is_main(node: &NodeFiles<'_, '_>, file: &File<'_>) -> bool {
    containerd::is_main(node, file) || *file.kind == docker::KIND || crate::kubelet::kind::is_kubelet_main(file)
}

//! The effective configuration: every setting that a release has in the end, with the place that sets it.

mod plain;

pub use crate::kind::{EffectiveSetting, SettingSource};

use crate::containerd;
use crate::containerd::loader::{self, ContainerdRelease};
use crate::engine::{NodePlace, Options, Purpose, Report, Source, TargetRelease, examine};
use crate::keys::tables;
use crate::kind::File;
use crate::kind::NodeFiles;
use crate::kubelet::kind::{ConfigRole, role};
use crate::kubelet::overrides::drop_ins;
use crate::order;
use crate::releases::{Product, ReleaseSet};

/// The effective configuration of one daemon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The file that the daemon is started with, as an index into the sources.
    pub file: usize,
    /// The text inside of the file, counted from 1; 0 is the file itself.
    pub text: usize,
    /// The files that are merged over it, in their order.
    pub loads: Vec<usize>,
    /// The daemon.
    pub product: Product,
    /// The release.
    pub release: String,
    /// The settings, by path.
    pub settings: Vec<EffectiveSetting>,
}

/// The effective configuration of each daemon whose main file is among the sources, in the newest release of the target
/// that reads it, or in the newest one. Secrets are masked.
#[must_use]
pub fn show(sources: &[Source<'_>], options: &Options) -> (Report, Vec<Shown>) {
    let (report, mut all) = reveal(sources, options);
    for shown in &mut all {
        for setting in &mut shown.settings {
            match setting.source {
                SettingSource::Written(origin) => report.secrets.mask_setting(setting, origin.file, origin.key),
                // A default stands below names that a file chooses.
                SettingSource::Default => report.secrets.mask_path(setting, shown.file),
            }
        }
    }
    (report, all)
}

/// The same with every secret.
#[must_use]
pub fn reveal(sources: &[Source<'_>], options: &Options) -> (Report, Vec<Shown>) {
    let mut all = vec![];
    let report = examine(sources, options, Purpose::Verdict, |node, place| {
        let of_node = node.files.iter().filter_map(|file| shown(node, file, options));
        all.extend(of_node.map(|shown| shown.placed(place)));
    });
    order::by_key(&mut all, |shown| shown.file);
    (report, all)
}

impl Shown {
    /// The same with files and places of a node as those of the sources.
    fn placed(mut self, place: NodePlace<'_>) -> Self {
        for setting in &mut self.settings {
            if let SettingSource::Written(origin) = &mut setting.source {
                origin.key = place.span(origin.file, origin.key);
                origin.file = place.of(origin.file).0;
            }
        }
        (self.file, self.text) = place.of(self.file);
        self.loads.iter_mut().for_each(|file| *file = place.of(*file).0);
        self
    }
}

fn shown(node: &NodeFiles<'_, '_>, file: &File<'_>, options: &Options) -> Option<Shown> {
    let product = file.kind.product;
    // Drop-ins may change the version, so that another release reads the file after all.
    let columns = options.target.columns(product);
    let read = columns.iter().rfind(|column| file.releases.get(product).covers(column.judged));
    let TargetRelease { name: release, judged: set, .. } = read.or(columns.last())?.clone();
    let (files, settings) = if *file.kind == crate::containerd::KIND && containerd::is_main(node, file) {
        let files = loader::files(node, file.index);
        let settings = containerd::show::settings(&files, ContainerdRelease::of(set, ReleaseSet::NONE).next()?);
        (files, settings)
    } else if *file.kind == crate::docker::KIND {
        (vec![], plain::settings(&[file], &tables::DOCKER, set))
    } else if *file.kind == crate::kubelet::KIND
        && !matches!(role(file, file.body()), ConfigRole::DropIn | ConfigRole::Part)
    {
        let mut files = drop_ins(node);
        files.insert(0, file);
        let settings = plain::settings(&files, &tables::KUBELET, set);
        (files, settings)
    } else {
        return None;
    };
    let loads = files.iter().map(|f| f.index).filter(|index| *index != file.index).collect();
    Some(Shown { file: file.index, text: 0, loads, product, release, settings })
}

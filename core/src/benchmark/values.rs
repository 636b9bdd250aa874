//! The settings in effect of a daemon, over all files of its node: flags win over files, drop-ins over the main file,
//! and where none sets it, the release's default holds.

use std::borrow::Cow;

use crate::docker;
use crate::docker::settings::is_unset;
use crate::keys::gates::{self, Gate};
use crate::keys::{KeySpec, defaults};
use crate::kind::{File, NodeFiles, WrittenSetting};
use crate::kubelet;
use crate::kubelet::command_line::{own_flags, row};
use crate::kubelet::feature_gates;
use crate::kubelet::kind::{extra_args, is_drop_in, is_kubelet_main};
use crate::kubelet::values::{is_absent, is_zero_value};
use crate::order;
use crate::releases::{Product, ReleaseSet, Releases};
use crate::syntax::Node;
use crate::systemd::flags::{self, Flag};

/// A daemon as the files of its node configure it.
pub(super) struct DaemonFiles<'f, 'a> {
    pub(super) product: Product,
    /// The file that the daemon is started with.
    pub(super) main: Option<&'f File<'a>>,
    /// Files that are merged over it, in this order.
    drop_ins: Vec<&'f File<'a>>,
    /// All files of the node, if it is known that they are the daemon's.
    pub(super) node_files: Vec<&'f File<'a>>,
    /// Its command line, with the file of each flag.
    pub(super) flags: Vec<(&'f File<'a>, Flag<'f>)>,
}

/// What a setting is.
pub(super) enum InEffect<'t> {
    /// Written, by the source that wins; several for a flag that is repeated.
    Written(Vec<(usize, WrittenSetting<'t>)>),
    /// As TOML.
    Default(&'static str),
    /// Neither written nor given a value by the release.
    Unset,
    /// Not visible in the files, for this reason.
    Unknown(&'static str),
}

/// The daemons of a product on a node. With several main files it is unknown which flags and drop-ins belong to which.
pub(super) fn daemons<'f, 'a>(node: &NodeFiles<'f, 'a>, product: Product) -> Vec<DaemonFiles<'f, 'a>> {
    let files = || node.files.iter().copied();
    let (mains, drop_ins, flags): (Vec<_>, Vec<_>, Vec<_>) = match product {
        Product::Docker => (files().filter(|file| *file.kind == docker::KIND).collect(), vec![], of_dockerd(node)),
        Product::Kubernetes => {
            let is_own_drop_in = |file: &&File<'_>| *file.kind == kubelet::KIND && is_drop_in(file.path);
            let mut drop_ins: Vec<_> = files().filter(is_own_drop_in).collect();
            order::by_name(&mut drop_ins, |file| file.name());
            let units = files().filter(|file| *file.kind == flags::KIND);
            let flags = units.flat_map(|file| own_flags(file).map(move |flag| (file, flag)));
            (files().filter(|file| is_kubelet_main(file)).collect(), drop_ins, flags.collect())
        }
        Product::Containerd => return vec![],
    };
    let node_files = node.files.clone();
    match mains.as_slice() {
        [] if drop_ins.is_empty() && flags.is_empty() => vec![],
        [] => vec![DaemonFiles { product, main: None, drop_ins, node_files, flags }],
        [main] => vec![DaemonFiles { product, main: Some(*main), drop_ins, node_files, flags }],
        mains => {
            let alone = |main: &&'f File<'a>| {
                let (drop_ins, node_files, flags) = (vec![], vec![], vec![]);
                DaemonFiles { product, main: Some(*main), drop_ins, node_files, flags }
            };
            mains.iter().map(alone).collect()
        }
    }
}

fn of_dockerd<'f, 'a>(node: &NodeFiles<'f, 'a>) -> Vec<(&'f File<'a>, Flag<'f>)> {
    let Some(unit) = docker::command_line::unit(node) else { return vec![] };
    docker::command_line::flags_of_unit(node).into_iter().map(|flag| (unit, flag)).collect()
}

impl<'f, 'a> DaemonFiles<'f, 'a> {
    /// All its files.
    pub(super) fn files(&self) -> impl Iterator<Item = &'f File<'a>> {
        self.main.into_iter().chain(self.drop_ins.iter().copied()).chain(self.flags.iter().map(|(file, _)| *file))
    }

    /// The files that an item on files means: the daemon's configuration, its unit with drop-ins, or one by its path.
    pub(super) fn named(&self, name: &str) -> Vec<&'f File<'a>> {
        let is_meant = |file: &&File<'_>| match name {
            "unit" if self.product == Product::Docker => file.name() == "docker.service",
            "unit" => file.path.contains("kubelet.service"),
            path => file.path.ends_with(path),
        };
        match name {
            "main" => self.main.into_iter().collect(),
            _ => self.node_files.iter().copied().filter(is_meant).collect(),
        }
    }

    /// What a setting is in a release.
    pub(super) fn in_effect(&self, setting: &'static str, release: ReleaseSet) -> InEffect<'f> {
        match self.product {
            Product::Docker => self.of_docker(setting, release),
            _ => self.of_kubelet(setting, release),
        }
    }

    fn of_docker(&self, setting: &'static str, release: ReleaseSet) -> InEffect<'f> {
        let names = |flag: &Flag<'_>| docker::command_line::directive_of(flag.name) == Some(setting);
        let flags: Vec<_> =
            self.flags.iter().filter(|(_, flag)| names(flag)).map(|(file, flag)| of_flag(file, flag)).collect();
        if !flags.is_empty() {
            return InEffect::Written(flags);
        }
        let key = docker::directive(setting).filter(|key| !key.releases().and(release).is_empty());
        let written = self.main.filter(|_| key.is_some()).and_then(|main| {
            let setting = docker::settings::written(main.settings(), setting)?;
            Some((main.index, setting)).filter(|(_, setting)| setting.node.is_some_and(|node| !is_unset(node)))
        });
        written.map_or_else(|| default_of(key, self.product, release), |written| InEffect::Written(vec![written]))
    }

    fn of_kubelet(&self, setting: &'static str, release: ReleaseSet) -> InEffect<'f> {
        if let Some(name) = setting.strip_prefix("--") {
            return self.of_flags(|flag| flag.name.replace('_', "-") == name, name).unwrap_or(InEffect::Unset);
        }
        if let Some(gate) = setting.strip_prefix("featureGates.") {
            return self.of_gate(gate, release);
        }
        let field = kubelet::settings::field(setting).filter(|field| !field.releases().and(release).is_empty());
        let sets = |flag: &Flag<'_>| row(flag.name).and_then(|row| row.key()) == Some(setting);
        let flag =
            field.and_then(|field| self.of_flags(sets, field.flag().unwrap_or_default().trim_start_matches("--")));
        if let Some(flag) = flag {
            return flag;
        }
        let written = field.and_then(|field| {
            let files = self.main.into_iter().chain(self.drop_ins.iter().copied());
            files.filter_map(|file| of_field(file, setting, field)).last()
        });
        match written {
            Some(written) => InEffect::Written(vec![written]),
            None if self.main.is_none() => InEffect::Unknown("the kubelet's configuration is not among the files"),
            None => default_of(field, self.product, release),
        }
    }

    /// A flag that wins over files: on the command line, or among the arguments that kubeadm passes.
    fn of_flags(&self, wanted: impl Fn(&Flag<'_>) -> bool, name: &str) -> Option<InEffect<'f>> {
        let own = self.flags.iter().rev().find(|(_, flag)| wanted(flag));
        if let Some((file, flag)) = own {
            let is_expanded = flag.value.is_some_and(|value| value.contains(['$', '{', '%']));
            let unknown = InEffect::Unknown("systemd or a shell expands the flag's value");
            return Some(if is_expanded { unknown } else { InEffect::Written(vec![of_flag(file, flag)]) });
        }
        let main = self.main?;
        let (_, value) = extra_args(&main.doc).into_iter().rfind(|(argument, _)| *argument == name)?;
        Some(InEffect::Written(vec![(main.index, of_argument(name, value))]))
    }

    fn of_gate(&self, gate: &'static str, release: ReleaseSet) -> InEffect<'f> {
        let files = self.main.into_iter().chain(self.drop_ins.iter().copied());
        let mut files: Vec<_> = files.chain(self.flags.iter().map(|(file, _)| *file)).collect();
        files.dedup_by_key(|file| file.index);
        let of_file = |file: &&'f File<'a>| {
            let setting = feature_gates::of_file(file).into_iter().rfind(|setting| setting.name == gate)?;
            let text = if setting.value? { "true" } else { "false" };
            let written = WrittenSetting {
                name: Cow::Borrowed(gate),
                path: setting.key(),
                key_span: setting.span,
                value_span: setting.entry.map_or(setting.span, |(_, entry)| entry.value.span),
                text: Cow::Borrowed(text),
                node: None,
                releases: Releases::ANY,
            };
            Some((file.index, written))
        };
        if let Some(written) = files.iter().rev().find_map(of_file) {
            return InEffect::Written(vec![written]);
        }
        let stages = gates::find(gate).map(Gate::stages).unwrap_or_default();
        let stage = stages.iter().find(|stage| !stage.releases().and(release).is_empty());
        stage.map_or(InEffect::Unset, |stage| InEffect::Default(if stage.default { "true" } else { "false" }))
    }
}

/// The value of a field in one file. Null and, where that means the default, zero set nothing.
fn of_field<'f>(file: &'f File<'_>, path: &str, field: &KeySpec) -> Option<(usize, WrittenSetting<'f>)> {
    let parts: Vec<&str> = path.split('.').collect();
    let entry = file.body().entry_at(&parts)?;
    let sets_nothing = is_absent(&entry.value) || field.zero_is_default() && is_zero_value(&entry.value);
    (!sets_nothing).then(|| (file.index, WrittenSetting::of_entry(entry, path.to_owned(), Releases::ANY)))
}

/// A flag without a value is a switch that is on.
fn of_flag<'f>(file: &File<'_>, flag: &Flag<'f>) -> (usize, WrittenSetting<'f>) {
    let name = format!("--{}", flag.name);
    let setting = WrittenSetting {
        name: Cow::Owned(name.clone()),
        path: name,
        key_span: flag.span,
        value_span: flag.span,
        text: Cow::Borrowed(flag.value.unwrap_or("true")),
        node: None,
        releases: Releases::ANY,
    };
    (file.index, setting)
}

fn of_argument<'f>(name: &str, value: &'f Node<'_>) -> WrittenSetting<'f> {
    let text = value.as_scalar().map_or(Cow::Borrowed(""), |scalar| Cow::Borrowed(scalar.text.as_ref()));
    WrittenSetting {
        name: Cow::Owned(format!("--{name}")),
        path: format!("--{name}"),
        key_span: value.span,
        value_span: value.span,
        text,
        node: None,
        releases: Releases::ANY,
    }
}

fn default_of<'t>(key: Option<&'static KeySpec>, product: Product, release: ReleaseSet) -> InEffect<'t> {
    let default = key.and_then(|key| defaults::in_release(key, product, release));
    default.map_or(InEffect::Unset, InEffect::Default)
}

//! The settings that flags set: they win over the files of the daemon.

use crate::containerd::on_node;
use crate::docker::command_line::directive_of;
use crate::keys::{Item, KeySpec, Type};
use crate::kind::{EffectiveSetting, File, NodeFiles, Origin, SettingSource};
use crate::kubelet::command_line::row;
use crate::kubelet::settings::field;
use crate::releases::ReleaseSet;
use crate::syntax::edit::string;
use crate::syntax::path::split;
use crate::systemd::flags::{self, Flag, PlacedFlag, Program};
use crate::systemd::on_node::{flags_in_order, last_flag, unit_of};
use crate::{containerd, docker, kubelet};

/// The files of a node that start a program or hold flags of it.
pub(super) fn commands<'f, 'a>(node: &NodeFiles<'f, 'a>, program: Program) -> Vec<&'f File<'a>> {
    let files = node.files.iter().copied().filter(|file| *file.kind == flags::KIND);
    files.filter(|file| flags::starts(&[*file], program).is_some()).collect()
}

/// The values of one flag, which may stand on the command line several times.
struct ShownFlag {
    name: String,
    texts: Vec<String>,
    origin: Origin,
}

/// Puts the settings that flags set over those of files.
pub(super) fn apply(node: &NodeFiles<'_, '_>, program: Program, release: ReleaseSet, all: &mut Vec<EffectiveSetting>) {
    for given in given(node, program) {
        let (parts, ty, unused) = match program {
            Program::Kubelet => {
                let known = row(&given.name);
                let field = known.and_then(|row| field(row.key()?));
                let unused = known.is_some_and(|row| row.releases().and(release).is_empty());
                (field.map(|field| split(field.path())), field.map(KeySpec::ty), unused)
            }
            Program::Dockerd => {
                let key = directive_of(&given.name).and_then(docker::directive);
                (key.map(|key| split(key.path())), key.map(KeySpec::ty), false)
            }
            _ => (on_node::path_of_flag(&given.name, release), None, false),
        };
        let flag = format!("--{}", given.name);
        let parts = parts.unwrap_or_else(|| vec![&flag]);
        let path: Vec<String> = parts.iter().map(|part| (*part).to_owned()).collect();
        let source = SettingSource::Written(given.origin);
        let adds_up = path.first().is_some_and(|first| first == "featureGates");
        all.retain(|setting| adds_up || !setting.path.starts_with(&path));
        for (name, value) in values(ty, &given.texts) {
            let path: Vec<String> = path.iter().cloned().chain(name).collect();
            all.retain(|setting| setting.path != path);
            let at = all.partition_point(|setting| setting.path < path);
            all.insert(at, EffectiveSetting { path, value, source, unused });
        }
    }
}

/// The flags of a program, each once.
fn given(node: &NodeFiles<'_, '_>, program: Program) -> Vec<ShownFlag> {
    let mut all: Vec<ShownFlag> = vec![];
    for PlacedFlag { file, flag } in flags_in_order(node, program) {
        let name = long_name(&flag, program);
        let text = flag.value.unwrap_or("true").to_owned();
        let origin = Origin { file: file.index, key: flag.span };
        match all.iter_mut().find(|given| given.name == name) {
            Some(given) => {
                given.texts.push(text);
                given.origin = origin;
            }
            None => all.push(ShownFlag { name, texts: vec![text], origin }),
        }
    }
    all
}

fn long_name(flag: &Flag<'_>, program: Program) -> String {
    match (program, flag.name) {
        (Program::Kubelet, name) => name.replace('_', "-"),
        (Program::Dockerd, "H" | "host") => "hosts".to_owned(),
        (Program::Containerd, "a") => "address".to_owned(),
        (Program::Containerd, "l") => "log-level".to_owned(),
        (Program::Containerd, "c") => "config".to_owned(),
        (_, name) => name.to_owned(),
    }
}

/// A flag's values as TOML, those of a table by name. What a shell or systemd expands stays as written.
fn values(ty: Option<Type>, texts: &[String]) -> Vec<(Option<String>, String)> {
    let last = texts.last().map(String::as_str).unwrap_or_default();
    let is_plain = |text: &str| !text.contains(['$', '{', '%']);
    match ty {
        Some(Type::Bool) if matches!(last, "true" | "false") => vec![(None, last.to_owned())],
        Some(Type::Int | Type::Float) if last.parse::<i64>().is_ok() => vec![(None, last.to_owned())],
        Some(Type::List(_)) => {
            let items: Vec<String> =
                texts.iter().flat_map(|text| text.split(',')).map(|item| string(item.trim())).collect();
            vec![(None, format!("[{}]", items.join(", ")))]
        }
        Some(Type::Map(item)) if texts.iter().all(|text| is_plain(text)) => {
            let pairs = texts.iter().flat_map(|text| text.split(',')).filter_map(|pair| pair.split_once(['=', '<']));
            let value = |value: &str| match item {
                Item::Bool if matches!(value, "true" | "false") => value.to_owned(),
                _ => string(value),
            };
            pairs.map(|(name, text)| (Some(name.trim().to_owned()), value(text.trim()))).collect()
        }
        _ => vec![(None, string(last))],
    }
}

/// The unit of a daemon that is started without a configuration: the node was read, and has none of its files.
pub(super) fn unit_without_file<'f, 'a>(node: &NodeFiles<'f, 'a>, program: Program) -> Option<&'f File<'a>> {
    let (names, kind): (&[&str], _) = match program {
        Program::Containerd => (&["config", "c"], &containerd::KIND),
        Program::Dockerd => (&["config-file"], &docker::KIND),
        Program::Kubelet => (&["config"], &kubelet::KIND),
    };
    let has_file = last_flag(node, program, names).is_some() || node.files.iter().any(|file| *file.kind == *kind);
    unit_of(node, program).filter(|unit| unit.attributes.is_some() && !has_file)
}

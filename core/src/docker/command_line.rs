//! The settings on dockerd's command line that its file has too.

use crate::docker;
use crate::docker::kind::{SHORT_FLAGS, is_flat};
use crate::keys::flags::docker_ignored;
use crate::kind::File;
use crate::kind::NodeFiles;
use crate::order;
use crate::syntax::{Entry, Node, Value};
use crate::systemd::flags;
use crate::systemd::flags::{Flag, Program};
use crate::systemd::{KnownProgram, on_node};

/// A setting that is in the file and on the command line: dockerd refuses that, also where both values are the same.
/// Source: moby/moby@docker-v29.7.2:daemon/config/config.go (`findConfigurationConflicts`).
pub(crate) struct Conflict<'t> {
    /// The file with the setting.
    pub(crate) file: usize,
    /// The setting.
    pub(crate) entry: &'t Entry<'t>,
    /// Its name in dockerd's message.
    pub(crate) name: &'static str,
    /// The unit, or the environment file of it.
    pub(crate) unit: usize,
    /// The flag in it.
    pub(crate) flag: Flag<'t>,
    /// The variable that holds the flag.
    pub(crate) variable: Option<&'t str>,
}

/// A flag that reaches dockerd.
struct ReachingFlag<'t> {
    flag: Flag<'t>,
    /// The file that holds it.
    file: usize,
    variable: Option<&'t str>,
}

/// Docker's configuration, if the node has one alone.
pub(crate) fn daemon_file<'t, 'a>(node: &NodeFiles<'t, 'a>) -> Option<&'t File<'a>> {
    let mut all = node.files.iter().copied().filter(|f| *f.kind == docker::KIND);
    all.next().filter(|_| all.next().is_none())
}

/// The unit file or drop-in whose command line starts dockerd: the last drop-in with an `ExecStart`, else the unit,
/// where the administrator's own goes before the packaged one.
pub(crate) fn unit<'t, 'a>(node: &NodeFiles<'t, 'a>) -> Option<&'t File<'a>> {
    let sets = |file: &&File<'_>| *file.kind == flags::KIND && exec_start(file).is_some();
    let mut drop_ins: Vec<_> =
        node.files.iter().copied().filter(|f| f.path.contains("docker.service.d/")).filter(sets).collect();
    order::by_name(&mut drop_ins, |f| f.name());
    let mut units: Vec<_> = node.files.iter().copied().filter(|f| f.name() == "docker.service").filter(sets).collect();
    order::by_key(&mut units, |f| !f.path.contains("etc/systemd/"));
    drop_ins.pop().or_else(|| units.into_iter().next())
}

/// The last command line of a unit that is not empty: an empty one clears those before.
fn exec_start<'t>(file: &'t File<'_>) -> Option<&'t Node<'t>> {
    let service = file.body().get("Service")?;
    let lines = service.entries().iter().rev().filter(|e| e.key == "ExecStart").map(|e| &e.value);
    lines.into_iter().find(|line| !line.items().is_empty())
}

/// The flags that dockerd is started with.
pub(crate) fn flags_of_unit<'t>(node: &NodeFiles<'t, '_>) -> Vec<Flag<'t>> {
    let Some(unit) = unit(node) else { return vec![] };
    let Some(line) = exec_start(unit) else { return vec![] };
    let mut all = flags::flags(unit);
    all.retain(|flag| flag.program == Program::Dockerd && line.span.contains(flag.span));
    all
}

/// All settings that are in both places.
pub(crate) fn conflicts<'t>(node: &NodeFiles<'t, '_>) -> Vec<Conflict<'t>> {
    let (Some(file), Some(unit)) = (daemon_file(node), unit(node)) else { return vec![] };
    let Some(line) = exec_start(unit) else { return vec![] };
    let mut all = given(unit, line);
    let names_other_file =
        |flag: &Flag<'_>| flag.name == "config-file" && flag.value.is_none_or(|path| !path.ends_with(file.name()));
    if all.iter().any(|given| names_other_file(&given.flag)) {
        return vec![];
    }
    all.extend(from_variables(node));
    let mut conflicts: Vec<Conflict<'t>> = vec![];
    for ReachingFlag { flag, file: unit, variable } in all {
        let Some(name) = directive_of(flag.name) else { continue };
        let is_known = conflicts.iter().any(|conflict| conflict.name == name);
        if let Some(entry) = setting(file.body(), name).filter(|_| !is_known) {
            conflicts.push(Conflict { file: file.index, entry, name, unit, flag, variable });
        }
    }
    conflicts
}

/// The flag that names dockerd's file, on its command line, with the number of the unit.
pub(crate) fn config_file_flag<'t>(node: &NodeFiles<'t, '_>) -> Option<(usize, Flag<'t>)> {
    let unit = unit(node)?;
    let flag = given(unit, exec_start(unit)?).into_iter().rfind(|given| given.flag.name == "config-file")?;
    Some((unit.index, flag.flag))
}

/// The flags on a command line of a unit.
fn given<'t>(unit: &'t File<'_>, line: &Node<'_>) -> Vec<ReachingFlag<'t>> {
    let flags = flags::flags(unit).into_iter();
    let own = flags.filter(|flag| flag.program == Program::Dockerd && line.span.contains(flag.span));
    own.map(|flag| ReachingFlag { flag, file: unit.index, variable: None }).collect()
}

/// The flags in variables that reach the command line.
fn from_variables<'t>(node: &NodeFiles<'t, '_>) -> Vec<ReachingFlag<'t>> {
    let mut all = vec![];
    for service in on_node::of_node(node) {
        if service.direct_program() != Some(KnownProgram::Dockerd) {
            continue;
        }
        for file in &service.files {
            let variables = on_node::variables(file);
            let flags = flags::flags(file).into_iter().filter(|flag| flag.program == Program::Dockerd);
            all.extend(flags.filter_map(|flag| {
                let behind = variables.partition_point(|entry| entry.key_span.start <= flag.span.start);
                let holder = variables.get(behind.checked_sub(1)?)?;
                if !holder.value.span.contains(flag.span) {
                    return None;
                }
                Some(ReachingFlag { flag, file: file.index, variable: Some(holder.key.as_ref()) })
            }));
        }
    }
    all
}

/// The name in the file that a flag conflicts with. Runtimes of both places are merged.
pub(crate) fn directive_of(flag: &str) -> Option<&'static str> {
    if let Some((_, name)) = SHORT_FLAGS.iter().find(|(short, _)| *short == flag) {
        return Some(name);
    }
    match (flag, docker_ignored(flag)) {
        ("add-runtime", _) => None,
        ("host-gateway-ip", _) => Some("host-gateway-ips"),
        // Keys of `proxies` are compared by their own name, and flags without a key by theirs.
        (_, Some(ignored)) => {
            let key = ignored.key().unwrap_or(ignored.name());
            Some(key.strip_prefix("proxies.").unwrap_or(key))
        }
        (_, None) => Some(docker::directive(flag)?.path()),
    }
}

/// The setting as the comparison finds it: at the top, or inside an object that is looked into.
fn setting<'t>(root: &'t Node<'t>, name: &str) -> Option<&'t Entry<'t>> {
    let looked_into = |entry: &&Entry<'_>| matches!(entry.value.value, Value::Map(_)) && is_flat(&entry.key).is_empty();
    let nested = || root.entries().iter().filter(looked_into).find_map(|e| e.value.entry(name));
    root.entry(name).filter(|entry| !looked_into(entry)).or_else(nested)
}

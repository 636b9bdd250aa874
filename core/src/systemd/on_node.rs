//! The services that the files of a node start, each with the files that it reads.

use std::collections::{HashMap, HashSet};

use super::expand::names_in;
use super::flags::{KIND, PlacedFlag, Program, flags, is_env_path};
use super::lookup::{file_name, is_service};
use super::programs::KnownProgram;
use super::service::{Service, ServiceState};
use super::services::services;
use super::tree::{UnitPath, UnitTree};
use super::{Assumptions, FileRole, UnitPlace};
use crate::kind::{ArgvPlace, File, NodeFiles};
use crate::order;
use crate::syntax::{Entry, Format, Node};
use crate::text::Span;

/// A service, with the files of its node.
#[derive(Debug)]
pub(crate) struct NodeService<'f, 'a> {
    /// The service. One without a unit among the files has the commands of its drop-ins.
    pub(crate) service: Service,
    /// The files that it reads, in the order of [`Service::files`].
    pub(crate) files: Vec<&'f File<'a>>,
    /// The names of the variables that its commands use.
    used: HashSet<String>,
}

impl<'f, 'a> NodeService<'f, 'a> {
    /// The file of a place.
    pub(crate) fn file(&self, place: UnitPlace) -> Option<&'f File<'a>> {
        self.files.get(place.file).copied()
    }

    /// The program, if each command starts a known one itself: a shell or a script may read any variable.
    pub(crate) fn direct_program(&self) -> Option<KnownProgram> {
        let program = |program: &str| KnownProgram::of_name(file_name(program));
        let mut all = self.service.commands.iter().map(|command| program(&command.program));
        let first = all.next()??;
        all.all(|program| program.is_some()).then_some(first)
    }

    /// Whether the unit itself is among the files.
    pub(crate) fn has_unit(&self) -> bool {
        self.service.files.iter().any(|file| file.role == FileRole::Unit)
    }

    /// Whether a command that a drop-in drops used a variable.
    pub(crate) fn used(&self, name: &str) -> bool {
        self.service.dropped.iter().any(|dropped| {
            let commands = self.file(dropped.key).map(directives).unwrap_or_default();
            let command = commands.iter().find(|entry| entry.key_span == dropped.key.span);
            let words = command.map(|entry| entry.value.items()).unwrap_or_default();
            words.iter().filter_map(Node::as_str).any(|word| names_in(word).any(|used| used == name))
        })
    }

    /// Whether a command uses a variable.
    pub(crate) fn uses(&self, name: &str) -> bool {
        self.used.contains(name)
    }
}

/// The services of a node.
pub(crate) fn of_node<'f, 'a>(node: &NodeFiles<'f, 'a>) -> Vec<NodeService<'f, 'a>> {
    of_files(&node.files)
}

fn of_files<'f, 'a>(files: &[&'f File<'a>]) -> Vec<NodeService<'f, 'a>> {
    let own: Vec<&'f File<'a>> = files.iter().copied().filter(|file| *file.kind == KIND).collect();
    if !own.iter().any(|file| file.doc.format == Format::Unit) {
        return vec![];
    }
    let paths = own.iter().map(|file| (path_on_node(file), UnitPath::Text(file.doc.text)));
    let tree = UnitTree::new(paths);
    let all = services(&tree, &Assumptions::default());
    let with_files = all.into_iter().map(|service| {
        let files = service.files.iter().filter_map(|read| own.get(read.number).copied()).collect();
        let own = service.commands.iter().flat_map(|command| &command.variables);
        let used = own.chain(&service.other_variables).cloned().collect();
        NodeService { service, files, used }
    });
    with_files.collect()
}

/// The path from the root of the node on. A unit or drop-in whose path shows no root is the administrator's.
fn path_on_node(file: &File<'_>) -> String {
    let below = file.path.strip_prefix(file.root).unwrap_or(file.path);
    let path = format!("/{}", below.trim_start_matches('/'));
    if path.contains("/systemd/") || file.doc.format != Format::Unit {
        return path;
    }
    let mut parts = path.rsplit('/');
    let name = parts.next().unwrap_or_default();
    match parts.next().filter(|folder| folder.strip_suffix(".d").is_some_and(is_service)) {
        Some(folder) => format!("/etc/systemd/system/{folder}/{name}"),
        None => format!("/etc/systemd/system/{name}"),
    }
}

/// Whether a file in a folder of drop-ins is not read by systemd: the name does not end in `.conf`.
pub(crate) fn is_unread_drop_in(path: &str) -> bool {
    let folder = path.rsplit('/').nth(1).unwrap_or_default();
    folder.ends_with(".service.d") && !path.ends_with(".conf")
}

/// The flags of a program on a node, in the order in which it gets them. What no command line of a unit has comes
/// first.
pub(crate) fn flags_in_order<'f, 'a>(node: &NodeFiles<'f, 'a>, program: Program) -> Vec<PlacedFlag<'f, 'a>> {
    let commands = node.files.iter().copied().filter(|file| *file.kind == KIND);
    let flags = commands.flat_map(|file| flags(file).into_iter().map(move |flag| PlacedFlag { file, flag }));
    let mut all: Vec<PlacedFlag<'_, '_>> = flags.filter(|placed| placed.flag.program == program).collect();
    order::by_key(&mut all, |placed| rank(node, placed.file.index, placed.flag.span.start));
    all
}

/// The last flag of a program with one of these names: that one counts where a flag takes one value.
pub(crate) fn last_flag<'f, 'a>(
    node: &NodeFiles<'f, 'a>,
    program: Program,
    names: &[&str],
) -> Option<PlacedFlag<'f, 'a>> {
    let is_wanted = |placed: &PlacedFlag<'_, '_>| names.contains(&placed.flag.name.replace('_', "-").as_str());
    flags_in_order(node, program).into_iter().rfind(is_wanted)
}

/// The unit that starts a program itself, with a command line of which every word is known.
pub(crate) fn unit_of<'f, 'a>(node: &NodeFiles<'f, 'a>, program: Program) -> Option<&'f File<'a>> {
    let known = match program {
        Program::Kubelet => KnownProgram::Kubelet,
        Program::Dockerd => KnownProgram::Dockerd,
        Program::Containerd => KnownProgram::Containerd,
    };
    let is_known = |one: &NodeService<'_, '_>| {
        let mut words = one.service.commands.iter().flat_map(|command| &command.argv);
        one.direct_program() == Some(known) && one.has_unit() && words.all(|word| word.text.is_some())
    };
    let service = of_node(node).into_iter().find(is_known)?;
    service.file(service.service.commands.first()?.place)
}

/// The place of a file among those with flags: by the last word of a command line that stands in it.
pub(crate) fn rank_of_file(node: &NodeFiles<'_, '_>, file: usize) -> usize {
    let words = argv(node);
    let from = words.partition_point(|word| word.file < file);
    let own = words.iter().skip(from).take_while(|word| word.file == file);
    own.map(|word| word.rank).max().unwrap_or_default()
}

/// The number of the word at a place among those of all command lines; 0 if none has it.
fn rank(node: &NodeFiles<'_, '_>, file: usize, start: u32) -> usize {
    let words = argv(node);
    let behind = words.partition_point(|word| (word.file, word.span.start) <= (file, start));
    let word = behind.checked_sub(1).and_then(|at| words.get(at));
    word.filter(|word| word.file == file && start < word.span.end).map_or(0, |word| word.rank)
}

/// The words of all command lines, by file and place.
fn argv<'n>(node: &'n NodeFiles<'_, '_>) -> &'n [ArgvPlace] {
    node.argv.get_or_init(|| {
        let mut all = vec![];
        for service in of_node(node) {
            for word in service.service.commands.iter().flat_map(|command| &command.argv) {
                let Some(file) = service.file(word.place) else { continue };
                all.push(ArgvPlace { file: file.index, span: word.place.span, rank: all.len() + 1 });
            }
        }
        order::by_key(&mut all, |word| (word.file, word.span, word.rank));
        all
    })
}

/// What of the files of a node reaches its daemons, by the numbers of the files.
#[derive(Default)]
pub(crate) struct Uses {
    /// The names of what does not: variables that no command uses or another place sets again, commands that a drop-in
    /// drops, files that another one hides.
    pub(crate) unread: Vec<(usize, Span)>,
    /// The names of variables that do, in order, each with the name of the program.
    pub(crate) reached: Vec<(usize, Span, &'static str)>,
}

/// Finds what reaches the daemons of a node.
pub(crate) fn find_uses(files: &[File<'_>]) -> Uses {
    let refs: Vec<&File<'_>> = files.iter().collect();
    let services = of_files(&refs);
    if services.is_empty() {
        return Uses::default();
    }
    let mut reached = vec![];
    for node in &services {
        let Some(program) = node.direct_program().and_then(KnownProgram::daemon) else { continue };
        for (number, name) in node.live_names() {
            let index = node.files.get(number).map(|file| file.index);
            let number = index.and_then(|index| files.binary_search_by_key(&index, |file| file.index).ok());
            reached.extend(number.map(|number| (number, name, program)));
        }
    }
    order::by_key(&mut reached, |(number, name, _)| (*number, *name));
    // By file: how many services read it, and for how many of them each name has no effect.
    let mut readers: HashMap<usize, usize> = HashMap::new();
    let mut lost: HashMap<(usize, Span), usize> = HashMap::new();
    for node in &services {
        let is_direct = node.direct_program().is_some();
        let live: HashSet<(usize, Span)> = node.live_names().collect();
        let commands: HashSet<(usize, Span)> =
            node.service.commands.iter().map(|one| (one.key.file, one.key.span)).collect();
        for (number, file) in node.files.iter().enumerate() {
            *readers.entry(file.index).or_default() += 1;
            for entry in names(file) {
                let place = (number, entry.key_span);
                let is_command = entry.key == "ExecStart" && file.doc.format == Format::Unit;
                let is_lost = if is_command { !commands.contains(&place) } else { is_direct && !live.contains(&place) };
                if is_lost {
                    *lost.entry((file.index, entry.key_span)).or_default() += 1;
                }
            }
        }
    }
    let mut unread = vec![];
    for (number, file) in files.iter().enumerate().filter(|(_, file)| *file.kind == KIND) {
        let count = readers.get(&file.index).copied().unwrap_or_default();
        let is_hidden = count == 0 && services.iter().any(|node| node.hides(file)) || is_unread_drop_in(file.path);
        for entry in names(file) {
            if is_hidden || count > 0 && lost.get(&(file.index, entry.key_span)) == Some(&count) {
                unread.push((number, entry.key_span));
            }
        }
    }
    Uses { unread, reached }
}

impl NodeService<'_, '_> {
    /// The variables that reach a command.
    fn live_names(&self) -> impl Iterator<Item = (usize, Span)> {
        let reaching = self.service.environment.iter().filter(|variable| self.uses(&variable.name));
        reaching.filter_map(|variable| variable.key).map(|key| (key.file, key.span))
    }

    /// Whether a file that the service does not read would be one of its files: a unit or drop-in that another one of
    /// its name hides, or the file of variables in the usual place.
    pub(crate) fn hides(&self, file: &File<'_>) -> bool {
        if !self.has_unit() && self.service.state == ServiceState::Missing {
            return false;
        }
        match file.doc.format {
            Format::Unit => {
                let parts = file.path.rsplit('/').take(2);
                let units = parts.filter_map(|part| Some(part.split_once(".service")?.0));
                units.into_iter().any(|unit| self.service.unit.strip_suffix(".service") == Some(unit))
            }
            Format::Env => self.ignores_usual_file(file),
            _ => false,
        }
    }

    /// Whether a file of variables in the usual place of the program is not named by its unit.
    pub(crate) fn ignores_usual_file(&self, file: &File<'_>) -> bool {
        let is_usual = is_env_path(file.path) && !file.path.contains("/conf.d/");
        let unit = self.service.unit.strip_suffix(".service");
        is_usual
            && self.has_unit()
            && self.direct_program().is_some()
            && unit == Some(file_name(file.path))
            && self.files.iter().all(|read| read.index != file.index)
    }
}

/// The names in a file that may have an effect: commands and variables.
fn names<'t, 'a>(file: &'t File<'a>) -> Vec<&'t Entry<'a>> {
    let mut all = variables(file);
    if file.doc.format == Format::Unit {
        all.extend(directives(file).iter().filter(|directive| directive.key == "ExecStart"));
    }
    all
}

/// The variables that a unit or an environment file sets.
pub(crate) fn variables<'t, 'a>(file: &'t File<'a>) -> Vec<&'t Entry<'a>> {
    if file.doc.format != Format::Unit {
        return file.body().entries().iter().collect();
    }
    directives(file).iter().flat_map(|directive| directive.value.entries()).collect()
}

fn directives<'t, 'a>(file: &'t File<'a>) -> &'t [Entry<'a>] {
    file.body().get("Service").map(Node::entries).unwrap_or_default()
}

//! Command lines of kubelet, dockerd and containerd: systemd units, their drop-ins, and environment files such as
//! `kubeadm-flags.env`.

use std::collections::HashSet;

use super::programs::of_unit_name;
use crate::keys::flags::Reads;
use crate::keys::{self, Table};
use crate::kind::SettingPlace;
use crate::kind::places::{file_name, has_folder};
use crate::kind::{File, Kind};
use crate::releases::Product;
use crate::syntax::{Entry, Format, Node, Value};
use crate::text::Span;

/// The kind.
pub static KIND: Kind = Kind {
    id: "flags",
    title: "kubelet or dockerd flags",
    product: Product::Kubernetes,
    formats: &[Format::Unit, Format::Env, Format::Args],
    places: &[
        "/var/lib/kubelet/kubeadm-flags.env",
        "/etc/default/kubelet",
        "/etc/sysconfig/kubelet",
        "/etc/systemd/system/kubelet.service.d/*.conf",
        "/lib/systemd/system/docker.service",
        "/var/snap/microk8s/current/args/kubelet",
    ],
    table,
    ..Kind::DEFAULTS
};

/// The program of a command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Program {
    /// The kubelet.
    Kubelet,
    /// dockerd.
    Dockerd,
    /// containerd.
    Containerd,
}

impl Program {
    /// The daemon with this file name.
    pub(crate) fn of_name(name: &str) -> Option<Self> {
        match name {
            "kubelet" => Some(Self::Kubelet),
            // `dockerd-current` is that of Red Hat's packages.
            "dockerd" | "dockerd-current" | "docker-current" | "dockerd-latest" => Some(Self::Dockerd),
            "containerd" => Some(Self::Containerd),
            _ => None,
        }
    }
}

/// A flag as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flag<'t> {
    /// Whose.
    pub program: Program,
    /// Without dashes.
    pub name: &'t str,
    /// The value, if one is given.
    pub value: Option<&'t str>,
    /// The flag with its value.
    pub span: Span,
    /// The value alone; empty behind the flag if there is none.
    pub value_span: Span,
}

/// A part of a flag's value, between commas.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FlagPart<'t> {
    pub(crate) text: &'t str,
    pub(crate) span: Span,
    /// Whether the value is written as it reads, so that its parts have places of their own.
    pub(crate) is_exact: bool,
}

impl<'t> Flag<'t> {
    /// The parts of the value between commas.
    pub(crate) fn parts(&self, source: &str) -> Vec<FlagPart<'t>> {
        let Some(value) = self.value else { return vec![] };
        let is_exact = self.value_span.of(source) == value;
        let mut start = self.value_span.start as usize;
        let part = |text: &'t str| {
            let span = if is_exact { Span::new(start, start + text.len()) } else { self.value_span };
            start += text.len() + 1;
            FlagPart { text, span, is_exact }
        };
        value.split(',').map(part).collect()
    }
}

impl FlagPart<'_> {
    /// The place of `len` bytes from byte `from` of the part on.
    pub(crate) fn place(&self, from: usize, len: usize) -> Span {
        let start = self.span.start as usize + from;
        if self.is_exact { Span::new(start, start + len) } else { self.span }
    }
}

const ENV_NAMES: [&str; 2] = ["kubelet", "docker"];

/// `/etc/default/kubelet`, `/etc/sysconfig/kubelet`, `/etc/conf.d/kubelet`. `/etc/defaults` is a slip that a rule
/// reports.
pub(crate) fn is_env_path(path: &str) -> bool {
    let name = file_name(path);
    ENV_NAMES.contains(&name) && ["default", "defaults", "sysconfig", "conf.d"].iter().any(|f| has_folder(path, f))
}

/// `/var/snap/microk8s/current/args/kubelet`, `/var/snap/k8s/common/args/containerd`.
pub(crate) fn is_args_path(path: &str) -> bool {
    let is_of_snap = has_folder(path, "microk8s") || has_folder(path, "k8s");
    is_of_snap && path.rsplit('/').nth(1) == Some("args") && ["kubelet", "containerd"].contains(&file_name(path))
}

pub(crate) fn looks_like(path: &str, root: &Node<'_>) -> bool {
    let name = file_name(path);
    name == "kubeadm-flags.env"
        || is_env_path(path)
        || is_daemon_unit(path)
        || !words(path, root, &HashSet::new(), &[]).flags.is_empty()
        || root.entries().iter().any(|e| e.key.starts_with("KUBELET_"))
}

/// Whether a path is that of a unit of a daemon, or of a drop-in of one.
fn is_daemon_unit(path: &str) -> bool {
    let units = path.rsplit('/').take(2).filter_map(|part| Some(part.split_once(".service")?.0));
    program_by_path(path).is_some() || units.into_iter().any(of_unit_name)
}

fn program_by_path(path: &str) -> Option<Program> {
    let name = file_name(path);
    let unit = path.rsplit('/').take(2).find_map(|part| part.split_once(".service").map(|(unit, _)| unit));
    match unit.unwrap_or(name) {
        "kubelet" | "kubeadm-flags.env" | "10-kubeadm.conf" => Some(Program::Kubelet),
        "docker" => Some(Program::Dockerd),
        "containerd" => Some(Program::Containerd),
        _ => None,
    }
}

/// What the command lines and variables of a file hold.
#[derive(Default)]
struct CommandWords<'t> {
    flags: Vec<Flag<'t>>,
    strays: Vec<Stray<'t>>,
}

/// A word that is not a flag, behind a flag that takes no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stray<'t> {
    /// The flag before it.
    pub flag: Flag<'t>,
    /// The word.
    pub word: &'t str,
    /// The place of the word.
    pub span: Span,
}

/// The flags of all command lines and variables in a file.
#[must_use]
pub fn flags<'t>(file: &'t File<'_>) -> Vec<Flag<'t>> {
    words(file.path, file.body(), &file.unread, &file.reached).flags
}

/// The product whose releases matter for a file: the program that it starts.
#[must_use]
pub fn product(file: &File<'_>) -> Product {
    let program = program_by_path(file.path).or_else(|| flags(file).first().map(|flag| flag.program));
    match program {
        Some(Program::Dockerd) => Product::Docker,
        Some(Program::Containerd) => Product::Containerd,
        Some(Program::Kubelet) | None => KIND.product,
    }
}

/// The words of all command lines and variables in a file that belong to no flag.
#[must_use]
pub fn strays<'t>(file: &'t File<'_>) -> Vec<Stray<'t>> {
    words(file.path, file.body(), &file.unread, &file.reached).strays
}

/// The words of a file, without those of the variables that reach no command.
fn words<'t>(
    path: &str,
    root: &'t Node<'_>,
    unread: &HashSet<Span>,
    reached: &[(Span, &'static str)],
) -> CommandWords<'t> {
    let mut out = CommandWords::default();
    let by_use = |entry: &Entry<'_>| {
        let at = reached.binary_search_by_key(&entry.key_span, |(name, _)| *name).ok()?;
        Program::of_name(reached.get(at)?.1)
    };
    let program = |entry: &Entry<'_>| by_use(entry).or(by_variable(&entry.key)).or(program_by_path(path));
    let is_read = |entry: &&Entry<'_>| !unread.contains(&entry.key_span);
    for entry in root.entries().iter().filter(is_read) {
        match &entry.value.value {
            Value::Seq(words) => words_of(program(entry), words, &mut out),
            Value::Map(section) if entry.key == "Service" => {
                for directive in section.entries.iter().filter(is_read) {
                    match &directive.value.value {
                        Value::Seq(words) => command(words, &mut out),
                        Value::Map(variables) => {
                            for variable in variables.entries.iter().filter(is_read) {
                                words_of(program(variable), variable.value.items(), &mut out);
                            }
                        }
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
    out
}

fn by_variable(name: &str) -> Option<Program> {
    if name.starts_with("KUBELET_") {
        Some(Program::Kubelet)
    } else if name.starts_with("DOCKER_") {
        Some(Program::Dockerd)
    } else {
        None
    }
}

/// A command line: the first word names the program. Behind a wrapper such as `nice` stands the program with its flags;
/// the script of a shell is one word, whose flags only the shell splits.
fn command<'t>(words: &'t [Node<'_>], out: &mut CommandWords<'t>) {
    let program = |word: &Node<'_>| {
        let name = file_name(word.as_str().unwrap_or_default().trim_start_matches(['-', '@', ':', '+', '!']));
        (Program::of_name(name), matches!(name, "sh" | "bash" | "dash" | "env" | "nice" | "ionice" | "taskset"))
    };
    let Some((first, mut rest)) = words.split_first() else { return };
    let (mut found, is_wrapper) = program(first);
    if is_wrapper {
        let Some(at) = rest.iter().position(|word| program(word).0.is_some()) else { return };
        (found, rest) = (rest.get(at).and_then(|word| program(word).0), rest.get(at + 1..).unwrap_or_default());
    }
    words_of(found, rest, out);
}

fn words_of<'t>(program: Option<Program>, words: &'t [Node<'_>], out: &mut CommandWords<'t>) {
    let Some(program) = program else { return };
    let mut words = words.iter().peekable();
    let mut last: Option<Flag<'t>> = None;
    while let Some(word) = words.next() {
        let text = word.as_str().unwrap_or_default();
        let Some(flag) = text.strip_prefix("--").or_else(|| text.strip_prefix('-')) else {
            // Before the first flag stand the program and its like.
            if let Some(flag) = last.clone().filter(|_| !text.is_empty()) {
                out.strays.push(Stray { flag, word: text, span: word.span });
            }
            continue;
        };
        if flag.is_empty() {
            continue;
        }
        let mut found =
            Flag { program, name: flag, value: None, span: word.span, value_span: Span::empty(word.span.end as usize) };
        if let Some((name, value)) = flag.split_once('=') {
            found.name = name;
            found.value = Some(value);
            // Only as long as the word is written as it reads: without inner quotes or escapes.
            let len = value.len() as u32;
            if word.span.end - word.span.start == text.len() as u32 {
                found.value_span.start = word.span.end - len;
            } else {
                found.value_span = word.span;
            }
        } else if !is_switch(program, flag)
            && let Some(next) = words.peek()
            && let Some(value) = next.as_str()
            && !value.starts_with('-')
            && !value.starts_with('$')
        {
            found.value = Some(value);
            found.value_span = next.span;
            found.span = found.span.to(next.span);
            words.next();
        }
        last = Some(found.clone());
        out.flags.push(found);
    }
}

/// Whether a flag takes a value behind `=` alone, as the kubelet's boolean flags do.
fn is_switch(program: Program, name: &str) -> bool {
    let known = || keys::flags::kubelet(&name.replace('_', "-"));
    program == Program::Kubelet && known().is_some_and(|flag| flag.reads() == Reads::Bool)
}

fn table(_: &Node<'_>) -> Option<&'static Table> {
    None
}

/// A flag with the file that holds it.
#[derive(Debug)]
pub(crate) struct PlacedFlag<'t, 'a> {
    /// The file.
    pub(crate) file: &'t File<'a>,
    /// The flag.
    pub(crate) flag: Flag<'t>,
}

impl PlacedFlag<'_, '_> {
    /// The value, unless a shell or systemd expands something in it.
    pub(crate) fn known_value(&self) -> Option<&str> {
        self.flag.value.filter(|text| !text.contains(['$', '{', '%']))
    }

    /// The place of the flag and of its value.
    pub(crate) fn place(&self) -> SettingPlace {
        SettingPlace { file: self.file.index, key: self.flag.span, value: self.flag.value_span }
    }
}

/// A file that starts a program, or holds flags of it.
pub(crate) fn starts<'t, 'a>(files: &[&'t File<'a>], program: Program) -> Option<&'t File<'a>> {
    let is_own = |file: &&File<'_>| {
        program_by_path(file.path) == Some(program) || flags(file).iter().any(|flag| flag.program == program)
    };
    files.iter().copied().filter(|file| *file.kind == KIND).find(is_own)
}

//! The programs whose services crilint shows, and how a command names them.

use super::lookup::file_name;
use super::service::StartCommand;
use crate::syntax::unit::{JoinedLines, is_blank, text_of};

/// A program that takes part in running containers on a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KnownProgram {
    /// The kubelet.
    Kubelet,
    /// dockerd, under each of its names.
    Dockerd,
    /// containerd.
    Containerd,
    /// cri-dockerd.
    CriDockerd,
    /// A program that runs the others: k3s, RKE2, k0s, microk8s.
    Distribution,
}

/// The names of programs. `docker` is one with `daemon` or `-d` behind it.
const PROGRAMS: [(&str, KnownProgram); 18] = [
    ("kubelet", KnownProgram::Kubelet),
    ("dockerd", KnownProgram::Dockerd),
    ("dockerd-current", KnownProgram::Dockerd),
    ("docker-current", KnownProgram::Dockerd),
    ("dockerd-latest", KnownProgram::Dockerd),
    ("docker-latest", KnownProgram::Dockerd),
    ("docker", KnownProgram::Dockerd),
    ("dockerd-rootless.sh", KnownProgram::Dockerd),
    ("docker.dockerd", KnownProgram::Dockerd),
    ("containerd", KnownProgram::Containerd),
    ("containerd-rootless.sh", KnownProgram::Containerd),
    ("microk8s.daemon-containerd", KnownProgram::Containerd),
    ("cri-dockerd", KnownProgram::CriDockerd),
    ("microk8s.daemon-kubelite", KnownProgram::Distribution),
    ("k3s", KnownProgram::Distribution),
    ("rke2", KnownProgram::Distribution),
    ("k0s", KnownProgram::Distribution),
    ("microk8s", KnownProgram::Distribution),
];

/// Programs that start the one behind them.
const WRAPPERS: [&str; 12] =
    ["sh", "bash", "dash", "env", "nice", "ionice", "chrt", "taskset", "numactl", "snap", "systemd-inhibit", "exec"];

/// The units of these programs, without `.service`.
const UNITS: [&str; 13] = [
    "containerd",
    "cri-docker",
    "cri-dockerd",
    "docker",
    "docker-latest",
    "k0scontroller",
    "k0sworker",
    "k3s",
    "k3s-agent",
    "kubelet",
    "rke2-agent",
    "rke2-server",
    "snap.docker.dockerd",
];

/// Whether a unit has the name of one of these programs.
pub(crate) fn of_unit_name(name: &str) -> bool {
    let stem = name.strip_suffix(".service").unwrap_or(name);
    UNITS.contains(&stem) || stem.starts_with("snap.microk8s.daemon-")
}

impl KnownProgram {
    /// The name of the daemon whose flags these are; nothing for other programs.
    pub(crate) const fn daemon(self) -> Option<&'static str> {
        match self {
            Self::Kubelet => Some("kubelet"),
            Self::Dockerd => Some("dockerd"),
            Self::Containerd => Some("containerd"),
            Self::CriDockerd | Self::Distribution => None,
        }
    }

    /// The program that a command starts, itself or through a wrapper.
    #[must_use]
    pub fn of(command: &StartCommand) -> Option<Self> {
        let texts = command.argv.iter().skip(1).filter_map(|word| word.text.as_deref());
        let words: Vec<&str> = std::iter::once(command.program.as_str()).chain(texts).collect();
        Self::of_words(&words)
    }

    fn of_words(words: &[&str]) -> Option<Self> {
        let (first, words) = words.split_first()?;
        let name = file_name(first);
        if WRAPPERS.contains(&name) {
            // The text of `sh -c` has words of its own.
            let inner = |c: char| is_blank(c) || matches!(c, ';' | '&' | '|' | '(' | '"' | '\'');
            let mut inner = words.iter().flat_map(|word| word.split(inner));
            return inner.find_map(|word| Self::of_name(file_name(word)));
        }
        let program = Self::of_name(name)?;
        let is_client = matches!(name, "docker" | "docker-current" | "docker-latest");
        let is_daemon = |word: &&str| matches!(*word, "daemon" | "-d" | "--daemon");
        (!is_client || words.iter().any(is_daemon)).then_some(program)
    }

    /// The program of a file name.
    pub(crate) fn of_name(name: &str) -> Option<Self> {
        PROGRAMS.iter().find(|(known, _)| *known == name).map(|(_, program)| *program)
    }
}

/// Whether a command of a unit names one of these programs: a rough look at the text, before its files are combined.
pub(crate) fn is_named_in(text: &str) -> bool {
    text.contains("ExecStart") && JoinedLines::new(text).any(|line| is_named_by(&text_of(&line.chars), text))
}

fn is_named_by(line: &str, text: &str) -> bool {
    let directive = line.trim_start_matches(is_blank).strip_prefix("ExecStart");
    let Some(command) = directive.and_then(|rest| rest.trim_start_matches(is_blank).strip_prefix('=')) else {
        return false;
    };
    let ends_word = |c: char| is_blank(c) || matches!(c, '"' | '\'' | ';' | '=');
    let mut words: Vec<&str> = command.split(ends_word).filter(|word| !word.is_empty()).collect();
    let Some(first) = words.first_mut() else { return false };
    *first = first.trim_start_matches(['-', '@', ':', '+', '!']);
    if first.contains('$') {
        // The variable may hold the program.
        return text.split(ends_word).any(|word| KnownProgram::of_name(file_name(word)).is_some());
    }
    KnownProgram::of_words(&words).is_some()
}

//! The order of arguments: options before a command belong to that command, and a word alone must mean something.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{ArgAction, CommandFactory, Subcommand};
use crilint_core::keys::nearest;

use crate::args::{Cli, Command};
use crate::error::Error;
use crate::walk::shown;

/// Names of commands in other tools, each with crilint's name.
const ELSEWHERE: [(&str, &str); 7] = [
    ("fix", "crilint check --fix"),
    ("format", "crilint check --fix"),
    ("lint", "crilint check"),
    ("validate", "crilint check"),
    ("version", "crilint --version"),
    ("man", "crilint help"),
    ("doc", "crilint explain"),
];

/// Moves a command that follows options in front of them: `crilint -q check DIR` means `crilint check -q DIR`. Whether
/// the command has such options is for the parser to decide.
pub(crate) fn command_first(arguments: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    let mut arguments: Vec<OsString> = arguments.into_iter().collect();
    let leads_with_option =
        arguments.get(1).and_then(|first| first.to_str()).is_some_and(|first| first.starts_with('-'));
    // Building the parser's tables takes longer than anything else here, so it waits until they are needed.
    if leads_with_option
        && arguments.iter().skip(2).any(is_command)
        && let Some(at) = first_word(&arguments)
        && arguments.get(at).is_some_and(is_command)
    {
        let command = arguments.remove(at);
        arguments.insert(1, command);
    }
    arguments
}

fn is_command(word: &OsString) -> bool {
    word.to_str().is_some_and(|word| word == "help" || Command::has_subcommand(word))
}

/// The first argument that is neither an option nor the value of one.
fn first_word(arguments: &[OsString]) -> Option<usize> {
    let options = Options(Cli::command());
    let mut at = 1;
    loop {
        let text = arguments.get(at)?.to_str()?;
        if text == "--" {
            return None;
        }
        let takes_next = match text.strip_prefix("--") {
            Some(long) => !long.contains('=') && options.long_takes_value(long),
            None => match text.strip_prefix('-') {
                Some(cluster) if !cluster.is_empty() => options.cluster_takes_next(cluster),
                _ => return Some(at),
            },
        };
        at += 1 + usize::from(takes_next);
    }
}

/// The options of all commands.
struct Options(clap::Command);

impl Options {
    fn all(&self) -> impl Iterator<Item = &clap::Arg> {
        let commands = std::iter::once(&self.0).chain(self.0.get_subcommands());
        commands.flat_map(clap::Command::get_arguments)
    }

    fn takes_value(option: &clap::Arg) -> bool {
        matches!(option.get_action(), ArgAction::Set | ArgAction::Append)
    }

    fn long_takes_value(&self, name: &str) -> bool {
        self.all().any(|option| option.get_long() == Some(name) && Self::takes_value(option))
    }

    /// In `-qf json` the last letter takes the next argument, in `-fjson` the rest is the value.
    fn cluster_takes_next(&self, cluster: &str) -> bool {
        let takes_value =
            |letter: char| self.all().any(|option| option.get_short() == Some(letter) && Self::takes_value(option));
        cluster
            .char_indices()
            .find(|(_, letter)| takes_value(*letter))
            .is_some_and(|(at, letter)| at + letter.len_utf8() == cluster.len())
    }
}

/// Words without a command must be files or folders: nothing runs for a command that is mistyped.
pub(crate) fn must_exist(paths: &[PathBuf]) -> Result<(), Error> {
    let is_missing = |path: &&PathBuf| {
        path.as_os_str() != "-"
            && path.symlink_metadata().is_err_and(|error| error.kind() == std::io::ErrorKind::NotFound)
    };
    let Some(path) = paths.iter().find(is_missing) else { return Ok(()) };
    let word = shown(path);
    let hint = suggestion(&word);
    Err(Error::NoSuchCommand { word, hint })
}

fn suggestion(word: &str) -> Option<String> {
    if let Some((_, command)) = ELSEWHERE.iter().find(|(name, _)| *name == word) {
        return Some((*command).to_owned());
    }
    let commands = Cli::command();
    let near = nearest(word, commands.get_subcommands().map(clap::Command::get_name))?;
    Some(format!("crilint {near}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arranged(line: &str) -> String {
        let words = command_first(line.split(' ').map(OsString::from));
        words.iter().map(|word| word.to_str().unwrap()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_command_is_moved_in_front_of_its_options() {
        for (line, wanted) in [
            ("crilint -q check d", "crilint check -q d"),
            ("crilint -t containerd=2.1 compat d", "crilint compat -t containerd=2.1 d"),
            ("crilint -tcontainerd=2.1 compat d", "crilint compat -tcontainerd=2.1 d"),
            ("crilint -qf json check d", "crilint check -qf json d"),
            ("crilint --color never rules", "crilint rules --color never"),
            ("crilint --color=never rules", "crilint rules --color=never"),
            ("crilint --root x show", "crilint show --root x"),
            ("crilint --fix compat d", "crilint compat --fix d"),
            // A value that reads like a command, and a path behind another path, are none.
            ("crilint --root check d", "crilint --root check d"),
            ("crilint -q d check", "crilint -q d check"),
            ("crilint -q -- check", "crilint -q -- check"),
            ("crilint check -q d", "crilint check -q d"),
            ("crilint --version", "crilint --version"),
        ] {
            assert_eq!(arranged(line), wanted);
        }
    }
}

//! Errors that stop crilint or one of its inputs. Each of them makes the exit code 2.

use std::io;

use crilint_core::kinds::KINDS;
use crilint_core::syntax::MAX_LEN;

use crate::disk::Refusal;

/// A sentence for the user, with the path it is about.
#[derive(thiserror::Error, Debug)]
pub(crate) enum Error {
    #[error("{path}: {}", reason(.source))]
    Read { path: String, source: io::Error },
    #[error("{path}: {reason}")]
    Write { path: String, reason: Refusal },
    #[error("the report cannot be written: {}", reason(.0))]
    Output(io::Error),
    #[error("{0}: no such file or folder")]
    NoSuchPath(String),
    #[error("`{word}` is neither a command nor a file or folder{hint}; nothing was checked", hint = .hint.as_ref().map(|command| format!(" (did you mean `{command}`?)")).unwrap_or_default())]
    NoSuchCommand { word: String, hint: Option<String> },
    #[error("{0}: neither a file nor a folder")]
    NotAFile(String),
    #[error("{0}: larger than {limit} MiB, the limit for a configuration", limit = MAX_LEN >> 20)]
    TooLarge(String),
    #[error(
        "{path}: not valid UTF-8 at byte {at}: no fix is made, and what follows may be reported in the wrong place"
    )]
    NotUtf8 { path: String, at: usize },
    #[error("{0}: not of a kind that crilint supports; name its kind with --kind {kinds}", kinds = kind_ids())]
    UnknownKind(String),
    #[error("{0}: no configuration found in this folder (a file that is one can be named with --kind {kinds})", kinds = kind_ids())]
    NothingIn(String),
    #[error("no configuration found on this node; name a file or folder, or --root DIR. Looked at:\n{0}")]
    NothingOnNode(String),
    #[error("no configuration found below {root}. Looked at:\n{places}")]
    NothingBelow { root: String, places: String },
    #[error("standard input needs --stdin-path PATH or --kind KIND")]
    StdinPath,
    #[error(
        "none of the files is one that a daemon is started with: show looks at config.toml, daemon.json and \
         KubeletConfiguration"
    )]
    NothingToShow,
    #[error("{0}: larger than 1 MiB, the limit for crilint.toml")]
    ConfigTooLarge(String),
    #[error("{0}: not valid UTF-8")]
    ConfigNotUtf8(String),
    #[error(
        "--fix without a path changes this node's own files; add --yes to confirm that, name the files, or use --diff \
         to see the changes"
    )]
    FixNeedsYes,
    #[error("{0}: not written: it is one of the files that are checked")]
    OutputIsInput(String),
    #[error("interrupted: {written} of {all} files are fixed, and each file is whole")]
    Interrupted { written: usize, all: usize },
    #[error("{0}")]
    Config(String),
    #[error("files of kind {0} have no config version")]
    NoConfigVersion(&'static str),
    #[error("no release of the target reads files of kind {kind}{version}", version = .version.map(|v| format!(" in config version {v}")).unwrap_or_default())]
    NoRelease { kind: &'static str, version: Option<u8> },
    #[error("no rule, key, flag, feature gate, plugin or driver option is named `{name}`{hint}", hint = .hint.as_deref().unwrap_or_default())]
    NoSuchName { name: String, hint: Option<String> },
}

/// The message of the system, in words for people.
pub(crate) fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no such file or folder".to_owned(),
        io::ErrorKind::NotADirectory => "not a folder".to_owned(),
        io::ErrorKind::PermissionDenied => "no permission to do this (try it as root)".to_owned(),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "no space left".to_owned(),
        io::ErrorKind::FileTooLarge => "larger than the file size limit of this process (ulimit -f)".to_owned(),
        io::ErrorKind::ReadOnlyFilesystem => "the file system is read-only".to_owned(),
        _ => error.to_string(),
    }
}

fn kind_ids() -> String {
    let ids: Vec<_> = KINDS.iter().map(|kind| kind.id).collect();
    ids.join("|")
}

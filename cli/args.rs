//! The arguments. Their documentation is what `--help` prints.

use crilint_core::kinds;

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{ArgGroup, Args, Parser, Subcommand, ValueEnum, ValueHint};
use crilint_core::benchmark::Profile;
use crilint_core::config::FailOn;
use crilint_core::engine::{Selector, Target};
use crilint_core::kind::Kind;
use crilint_core::kinds::KINDS;

/// Checks the configuration of a node's container runtime: containerd, Docker, kubelet, crictl.
///
/// A finding states what the daemon will do with the text, and in which releases.
#[derive(Parser, Debug)]
#[command(name = "crilint", version, args_conflicts_with_subcommands = true, max_term_width = 100)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    /// Without a command: check.
    #[command(flatten)]
    pub(crate) check: CheckArgs,
    /// When to use colours; NO_COLOR and CLICOLOR_FORCE are heeded.
    #[arg(long, value_name = "WHEN", value_enum, default_value_t = Color::Auto, global = true)]
    #[arg(hide_possible_values = true, help_heading = "Output")]
    pub(crate) color: Color,
}

const EXIT_CODES: &str = "\
Exit codes: 0 nothing at or above the level of --fail-on, 1 findings, 2 wrong usage or unreadable input.
Configuration: crilint.toml, looked for upwards from the paths given. Documentation: crilint explain NAME.";

#[derive(Subcommand, Debug)]
pub(crate) enum Command {
    /// Check files, folders, or this node (the default)
    Check(CheckArgs),
    /// Forecast what each release of the daemon does with each file: accepted, ignored in part, failed, refused
    Compat(CompatArgs),
    /// Show the configuration that a daemon has in the end: imports, drop-ins and defaults, each value with its origin
    Show(ShowArgs),
    /// Compare what the daemons of two nodes, images, folders or files have in the end, each value with its origin
    Diff(DiffArgs),
    /// List the rules
    Rules(RulesArgs),
    /// Explain a rule, or a key, flag, feature gate, plugin or driver option: what it does, in which releases
    Explain(ExplainArgs),
    /// Print the JSON Schema of a kind of file, for editors and other validators
    Schema(SchemaArgs),
    /// Print a completion script for a shell
    Completions(CompletionsArgs),
}

/// Files to read, and the releases to check for.
#[derive(Args, Debug)]
pub(crate) struct InputArgs {
    /// Files and folders; `-` for standard input. None: this node's standard places, read as one node
    #[arg(value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub(crate) paths: Vec<PathBuf>,

    /// Releases that matter: containerd=2.1, containerd=1.7..2.2, kubernetes=1.34.., docker=all; repeatable.
    /// A product that is not named gets what its upstream maintains
    #[arg(short, long, value_name = "PRODUCT=RELEASES", value_parser = target)]
    pub(crate) target: Vec<String>,
    /// Read the standard places below this folder, such as a mounted image
    #[arg(long, value_name = "DIR", conflicts_with = "paths", value_hint = ValueHint::DirPath)]
    pub(crate) root: Option<PathBuf>,
    /// Take every file for this kind, whatever its name and content
    #[arg(long, value_name = "KIND", value_parser = kinds())]
    pub(crate) kind: Option<&'static Kind>,
    /// The path to take standard input for
    #[arg(long, value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub(crate) stdin_path: Option<PathBuf>,
    /// Leave files of no known kind alone even if they are named (for hooks)
    #[arg(long)]
    pub(crate) skip_unknown: bool,
    /// Read this configuration instead of looking for crilint.toml
    #[arg(long, value_name = "FILE", help_heading = "Rules", value_hint = ValueHint::FilePath)]
    pub(crate) config: Option<PathBuf>,
    /// Do not look for crilint.toml
    #[arg(long, conflicts_with = "config", help_heading = "Rules")]
    pub(crate) no_config: bool,
}

#[derive(Args, Debug)]
#[command(after_help = EXIT_CODES, group(ArgGroup::new("fixing").multiple(true)))]
pub(crate) struct CheckArgs {
    #[command(flatten)]
    pub(crate) input: InputArgs,

    /// Run only these rules: ids, categories or `all`. Rules that are off by default run when named
    #[arg(long, value_name = "RULE", value_delimiter = ',', value_parser = Selector::parse)]
    #[arg(help_heading = "Rules")]
    pub(crate) select: Vec<Selector>,
    /// Also run the rules of a profile, and list its items: cis, the CIS benchmarks for Docker and worker nodes
    #[arg(long, value_name = "PROFILE", value_parser = profile(), help_heading = "Rules", hide_possible_values = true)]
    pub(crate) profile: Option<Profile>,
    /// Do not run these rules: ids or categories
    #[arg(long, value_name = "RULE", value_delimiter = ',', value_parser = Selector::parse)]
    #[arg(help_heading = "Rules")]
    pub(crate) ignore: Vec<Selector>,

    /// Apply the fixes that keep the meaning, then report what is left
    #[arg(long, group = "fixing", help_heading = "Fixes")]
    pub(crate) fix: bool,
    /// With --fix and without a path: change this node's own files without asking
    #[arg(long, requires = "fix", help_heading = "Fixes")]
    pub(crate) yes: bool,
    /// Print what --fix would change, and write nothing
    #[arg(long, group = "fixing", conflicts_with = "format", help_heading = "Fixes")]
    pub(crate) diff: bool,
    /// With --diff: write the whole patch to this file, which only you can read; on standard output, changes that hold
    /// a secret are left out
    #[arg(long, value_name = "FILE", requires = "diff", help_heading = "Fixes", value_hint = ValueHint::FilePath)]
    pub(crate) output_file: Option<PathBuf>,
    /// With --fix or --diff: also fixes that may change what a working daemon does
    #[arg(long, requires = "fixing", help_heading = "Fixes")]
    pub(crate) unsafe_fixes: bool,

    /// How to report: text, short (a line for each place) or json
    #[arg(short, long, value_enum, default_value_t = Format::Text, help_heading = "Output")]
    #[arg(hide_possible_values = true)]
    pub(crate) format: Format,
    /// The level that makes the exit code 1: error, warning, info or never [default: warning]
    #[arg(long, value_name = "LEVEL", value_parser = fail_on(), help_heading = "Output", hide_possible_values = true)]
    pub(crate) fail_on: Option<FailOn>,
    /// Show findings of level info in full, not in a line for each rule, and all places of each finding
    #[arg(short, long, help_heading = "Output")]
    pub(crate) verbose: bool,
    /// Report findings only: no summary, nothing when there are none
    #[arg(short, long, help_heading = "Output")]
    pub(crate) quiet: bool,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Exit codes: 0 every release of the target runs with it, 1 some refuse it, lose a plugin, or run and break (`!`), \
2 wrong usage or unreadable input.
For all releases that crilint supports: --target containerd=all (docker=all, kubernetes=all).")]
pub(crate) struct CompatArgs {
    #[command(flatten)]
    pub(crate) input: InputArgs,

    /// How to print: text or json
    #[arg(short, long, value_enum, default_value_t = ListFormat::Text, hide_possible_values = true)]
    pub(crate) format: ListFormat,
}

#[derive(Args, Debug)]
#[command(after_help = "\
A file is shown as a whole; of a folder, of --root and of this node a page of each daemon.
The release is the newest of the target that reads the file: --target containerd=2.1 shows another one.")]
pub(crate) struct ShowArgs {
    #[command(flatten)]
    pub(crate) input: InputArgs,

    /// Show the services of this node's daemons as systemd starts them: command lines, variables, files
    #[arg(long, conflicts_with_all = ["paths", "changed", "all"])]
    pub(crate) services: bool,
    /// With --services: the value of something that no file holds, such as %H (the host name) or a variable of the
    /// manager; repeatable
    #[arg(long, value_name = "NAME=VALUE", requires = "services", value_parser = assumption)]
    pub(crate) assume: Vec<(String, String)>,
    /// Print all settings of a node or folder, not the page of those that people ask for first
    #[arg(long)]
    pub(crate) all: bool,
    /// Leave out what is only the release's default
    #[arg(long)]
    pub(crate) changed: bool,
    /// Print passwords, tokens and other secrets instead of masking them
    #[arg(long)]
    pub(crate) reveal_secrets: bool,
    /// How to print: text (TOML with comments) or json
    #[arg(short, long, value_enum, default_value_t = ListFormat::Text, hide_possible_values = true)]
    pub(crate) format: ListFormat,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Exit codes: 0 the same, 1 different, 2 wrong usage or unreadable input.
A folder that holds etc, var/lib or usr/lib is read as a node: its standard places alone.")]
pub(crate) struct DiffArgs {
    /// A file, a folder, or the root of a node such as a mounted image
    #[arg(value_name = "A", value_hint = ValueHint::AnyPath)]
    pub(crate) a: PathBuf,
    /// What to compare it with
    #[arg(value_name = "B", value_hint = ValueHint::AnyPath)]
    pub(crate) b: PathBuf,

    /// Releases of both sides: containerd=2.1, kubernetes=1.34; repeatable
    #[arg(short, long, value_name = "PRODUCT=RELEASES", value_parser = target)]
    pub(crate) target: Vec<String>,
    /// Releases of A alone, to compare releases
    #[arg(long, value_name = "PRODUCT=RELEASES", value_parser = target)]
    pub(crate) target_a: Vec<String>,
    /// Releases of B alone
    #[arg(long, value_name = "PRODUCT=RELEASES", value_parser = target)]
    pub(crate) target_b: Vec<String>,
    /// Take every file for this kind, whatever its name and content
    #[arg(long, value_name = "KIND", value_parser = kinds())]
    pub(crate) kind: Option<&'static Kind>,
    /// Print what is the same too
    #[arg(long)]
    pub(crate) all: bool,
    /// Print passwords, tokens and other secrets instead of masking them
    #[arg(long)]
    pub(crate) reveal_secrets: bool,
    /// How to print: text or json
    #[arg(short, long, value_enum, default_value_t = ListFormat::Text, hide_possible_values = true)]
    pub(crate) format: ListFormat,
}

#[derive(Args, Debug)]
pub(crate) struct RulesArgs {
    /// How to print: text or json
    #[arg(short, long, value_enum, default_value_t = ListFormat::Text, hide_possible_values = true)]
    pub(crate) format: ListFormat,
}

#[derive(Args, Debug)]
pub(crate) struct ExplainArgs {
    /// A rule's id; or a key, with or without its path; a flag, a feature gate, a log or storage driver or its option
    #[arg(value_name = "NAME", allow_hyphen_values = true)]
    pub(crate) name: String,
}

#[derive(Args, Debug)]
pub(crate) struct SchemaArgs {
    /// The kind of file
    #[arg(value_name = "KIND", value_parser = kinds())]
    pub(crate) kind: &'static Kind,
    /// The releases that shall read the file: containerd=2.1, docker=28.., kubernetes=1.34; repeatable.
    /// Without it, what upstream maintains; for containerd, all that read the config version
    #[arg(short, long, value_name = "PRODUCT=RELEASES", value_parser = target)]
    pub(crate) target: Vec<String>,
    /// containerd's config version: 1 to 4; without it, the newest that the releases read
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=4))]
    pub(crate) config_version: Option<u8>,
}

#[derive(Args, Debug)]
pub(crate) struct CompletionsArgs {
    /// The shell
    pub(crate) shell: clap_complete::Shell,
}

/// The form of a report.
#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// For people, with the source.
    Text,
    /// One line for each place of a finding.
    Short,
    /// For programs; see `schemas/report.schema.json`.
    Json,
}

/// The form of a list.
#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ListFormat {
    /// A table.
    Text,
    /// For programs.
    Json,
}

/// When to use colours.
#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Color {
    /// On a terminal.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// Checks a target's form; they are added up later.
fn target(text: &str) -> Result<String, String> {
    Target::default().add(text)?;
    Ok(text.to_owned())
}

fn assumption(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').filter(|(name, _)| !name.is_empty()).ok_or("write NAME=VALUE")?;
    Ok((name.to_owned(), value.to_owned()))
}

fn fail_on() -> impl TypedValueParser<Value = FailOn> {
    let ids = PossibleValuesParser::new(FailOn::ALL.map(FailOn::id));
    ids.try_map(|id| FailOn::ALL.into_iter().find(|level| level.id() == id).ok_or("no such level"))
}

fn profile() -> impl TypedValueParser<Value = Profile> {
    let ids = PossibleValuesParser::new(Profile::ALL.map(Profile::id));
    ids.try_map(|id| Profile::ALL.into_iter().find(|profile| profile.id() == id).ok_or("no such profile"))
}

fn kinds() -> impl TypedValueParser<Value = &'static Kind> {
    let ids = PossibleValuesParser::new(KINDS.iter().map(|kind| kind.id));
    ids.try_map(|id| kinds::find(&id).ok_or("no such kind"))
}

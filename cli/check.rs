//! `crilint check`: reads, checks, reports.

use std::path::{Path, PathBuf};

use crilint_core::benchmark::{Assessment, Profile};
use crilint_core::config::FailOn;
use crilint_core::engine::{self, Options};
use crilint_core::{Report, profile};

use crate::args::{CheckArgs, Format, InputArgs};
use crate::config::Loaded;
use crate::diff;
use crate::error::Error;
use crate::fix;
use crate::follow::follow;
use crate::options;
use crate::output;
use crate::overview::Overview;
use crate::read::{Encoding, Input, number_nodes, read};
use crate::render::{Checked, NodeTable, render};
use crate::standard;
use crate::terminal::Terminal;
use crate::walk::{Origin, absolute, common_folder, shown, walk};
use crate::{CLEAN, FAILURE, FINDINGS};

/// Files to check, and how.
pub(crate) struct Session {
    /// The files.
    pub(crate) inputs: Vec<Input>,
    /// The folders that were named.
    folders: Vec<PathBuf>,
    /// How to check them.
    pub(crate) options: Options,
    /// The profile whose items are listed.
    profile: Option<Profile>,
    /// What is known of the node, if its standard places were looked at.
    overview: Option<Overview>,
    /// Files that could not be read, with the reason.
    pub(crate) errors: Vec<Error>,
}

/// Runs the command and gives its exit code.
pub(crate) fn run(args: &CheckArgs, terminal: &Terminal) -> Result<u8, Error> {
    let asks = args.fix && !args.yes && args.input.paths.is_empty() && is_this_node(args.input.root.as_deref());
    if asks && !terminal.can_ask {
        return Err(Error::FixNeedsYes);
    }
    let loaded = load(&args.input)?;
    let mut session = Session::open(&args.input, &loaded, options::options(args, &loaded.config))?;
    session.profile = args.profile.or(loaded.config.selection.profile);
    let mut report = session.check();
    session.errors.extend(unusable(&session, &report, &args.input));
    let code = if args.diff {
        diff::run(&session, &report, args, terminal)?
    } else {
        let fail_on = args.fail_on.or(loaded.config.fail_on).unwrap_or(FailOn::Warning);
        let fixed = if args.fix { session.fix(&mut report, args, asks) } else { 0 };
        session.print(&mut report, fixed, fail_on, args, terminal)?;
        let fails = report.findings.iter().any(|finding| fail_on.includes(finding.severity));
        if fails { FINDINGS } else { CLEAN }
    };
    session.close(terminal);
    Ok(if session.errors.is_empty() { code } else { FAILURE })
}

/// Whether a root is that of the machine itself, by whatever path.
fn is_this_node(root: Option<&Path>) -> bool {
    root.is_none_or(|root| root.canonicalize().is_ok_and(|real| real == Path::new("/")))
}

pub(crate) fn load(args: &InputArgs) -> Result<Loaded, Error> {
    match &args.config {
        Some(path) => Loaded::read(path),
        None if args.no_config => Ok(Loaded::default()),
        None => Loaded::find(&common_folder(&args.paths), args.root.as_deref()),
    }
}

impl Session {
    /// Reads the files that the arguments mean.
    pub(crate) fn open(args: &InputArgs, loaded: &Loaded, options: Options) -> Result<Self, Error> {
        let walked = walk(args, loaded)?;
        let mut session = Self {
            inputs: vec![],
            folders: walked.folders,
            options,
            profile: None,
            overview: walked.overview,
            errors: walked.errors,
        };
        // The releases of a node are those of its packages, unless the user names others.
        if let Some(overview) = &session.overview {
            session.options.target = session.options.target.else_from(&overview.target());
        }
        for found in walked.found {
            match read(found) {
                Ok(input) => session.inputs.extend(input),
                Err(error) => session.errors.push(error),
            }
        }
        number_nodes(&mut session.inputs);
        follow(&mut session.inputs, loaded, &session.options);
        Ok(session)
    }

    /// Checks the files together.
    pub(crate) fn check(&self) -> Report {
        let sources: Vec<_> = self.inputs.iter().map(Input::source).collect();
        engine::check(&sources, &self.options)
    }

    /// Prints what the user should know of the releases, and what could not be read.
    pub(crate) fn close(&self, terminal: &Terminal) {
        output::notes(terminal, &self.options.target.notes());
        for error in &self.errors {
            output::error(terminal, error);
        }
    }

    /// Applies fixes, brings the report up to date, and counts the findings that are fixed.
    fn fix(&mut self, report: &mut Report, args: &CheckArgs, asks: bool) -> usize {
        let texts = fix::fixed(self, report, args);
        if asks && !fix::is_confirmed(&self.inputs, &texts) {
            return 0;
        }
        self.errors.extend(fix::write(&mut self.inputs, texts));
        let before = std::mem::replace(report, self.check());
        fix::count_fixed(&before.findings, &report.findings)
    }

    /// The items of the profile; none without one.
    fn assessments(&self, report: &Report) -> Vec<Assessment> {
        let Some(profile) = self.profile else { return vec![] };
        let sources: Vec<_> = self.inputs.iter().map(Input::source).collect();
        profile::assess_in(report, &sources, &self.options, profile)
    }

    fn print(
        &self,
        report: &mut Report,
        fixed: usize,
        fail_on: FailOn,
        args: &CheckArgs,
        terminal: &Terminal,
    ) -> Result<(), Error> {
        let target = &self.options.target;
        let fixable = match args.format {
            Format::Short => vec![],
            Format::Text | Format::Json => {
                let sources: Vec<_> = self.inputs.iter().map(Input::source).collect();
                let fixable = engine::fixable(&sources, &self.options, report);
                engine::withdraw(&sources, &self.options, report, &fixable);
                fixable
            }
        };
        let assessments = self.assessments(report);
        let mut checked = Checked::new(&self.inputs, report, target, &self.errors, fixed, fixable);
        // What the user names, or lets a run fail, is not folded.
        checked.is_verbose = args.verbose || fail_on == FailOn::Info || !args.select.is_empty();
        checked.node = self.overview.as_ref().map(|overview| NodeTable::new(overview, &self.inputs, report, target));
        checked.profile = self.profile.map(|profile| (profile, assessments.as_slice()));
        let nothing = report.files.iter().all(|file| file.kind.is_none());
        if nothing && args.format == Format::Text {
            return Ok(());
        }
        let text = render(&checked, args.format, args.quiet, terminal);
        // With `--fix -` standard output is for the fixed text.
        let piped = args.fix && self.inputs.iter().any(|input| input.found.place.is_stdin());
        if piped {
            output::note(text.trim_end());
            return Ok(());
        }
        output::print(&text)
    }
}

/// Inputs that were asked for and cannot be checked: files of no known kind, broken text, places without any
/// configuration.
pub(crate) fn unusable(session: &Session, report: &Report, args: &InputArgs) -> Vec<Error> {
    let mut errors = vec![];
    let files = || session.inputs.iter().zip(&report.files);
    for (input, info) in files() {
        let shown = || input.found.shown.clone();
        match (info.kind, input.encoding) {
            (None, _) if input.found.origin == Origin::Named && !args.skip_unknown => {
                errors.push(Error::UnknownKind(shown()))
            }
            (Some(_), Encoding::Broken(at)) => errors.push(Error::NotUtf8 { path: shown(), at }),
            _ => {}
        }
    }
    let known: Vec<_> = files().filter(|(_, info)| info.kind.is_some()).map(|(input, _)| input).collect();
    for folder in session.folders.iter().filter(|_| !args.skip_unknown) {
        let inside =
            |input: &&Input| input.found.place.path().is_some_and(|file| absolute(file).starts_with(absolute(folder)));
        if !known.iter().any(inside) {
            errors.push(Error::NothingIn(shown(folder)));
        }
    }
    if args.paths.is_empty() && known.is_empty() && session.errors.is_empty() {
        errors.push(nothing_standard(args));
    }
    errors
}

fn nothing_standard(args: &InputArgs) -> Error {
    let places = standard::described();
    match &args.root {
        Some(root) => Error::NothingBelow { root: shown(root), places },
        None => Error::NothingOnNode(places),
    }
}

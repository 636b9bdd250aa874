//! `crilint show --services`: the services of a node as systemd starts them.

pub(crate) mod files;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use crilint_core::secrets::{mask_about, mask_variable, mask_words};
use crilint_core::systemd::{
    Assumptions, FileRole, Service, ServiceState, StartCommand, UnitMessage, UnitPlace, services,
};
use owo_colors::{OwoColorize, Style};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::files::NodeTexts;
use crate::args::{ListFormat, ShowArgs};
use crate::disk::Root;
use crate::error::Error;
use crate::printable::{self, escaped};
use crate::terminal::Terminal;
use crate::{CLEAN, FAILURE, output};

/// Services as systemd starts them, for programs.
#[derive(Serialize, Deserialize, JsonSchema, Debug, PartialEq)]
#[serde(deny_unknown_fields)]
#[schemars(extend("$id" = "https://crilint.github.io/crilint/schemas/services.schema.json"))]
pub struct StartedServices {
    /// Those of the system by name, then those of users.
    pub services: Vec<StartedService>,
}

/// A service.
#[derive(Serialize, Deserialize, JsonSchema, Debug, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct StartedService {
    /// The name of the unit.
    pub unit: String,
    /// The home of the user whose manager runs it; absent for a service of the system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub home: Option<String>,
    /// `ok`, `refused` (the unit does not load, or its start fails before the program runs), `masked` or `missing`.
    pub state: String,
    /// The commands that run, in order; none unless the state is `ok`.
    pub exec: Vec<ServiceCommand>,
    /// The variables that files set, by name.
    pub environment: BTreeMap<String, ServiceVariable>,
    /// The files that systemd reads for the unit, in order.
    pub files: Vec<String>,
    /// The messages of systemd, and why words are not known.
    pub warnings: Vec<String>,
}

/// A command of a service.
#[derive(Serialize, Deserialize, JsonSchema, Debug, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct ServiceCommand {
    /// The words, the program's own name first; null for one that depends on the machine.
    pub argv: Vec<Option<String>>,
    /// Where the command is set.
    pub origin: ServicePlace,
}

/// A place in a file.
#[derive(Serialize, Deserialize, JsonSchema, Debug, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct ServicePlace {
    /// The path on the node.
    pub path: String,
    /// The line, from 1.
    pub line: u32,
}

/// A variable of a service.
#[derive(Serialize, Deserialize, JsonSchema, Debug, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct ServiceVariable {
    /// The value; null if it depends on the machine.
    pub value: Option<String>,
    /// The file that sets it.
    pub path: String,
    /// The line, from 1.
    pub line: u32,
}

/// Runs the command and gives its exit code.
pub(crate) fn run(args: &ShowArgs, terminal: &Terminal) -> Result<u8, Error> {
    let folder = args.input.root.as_deref().unwrap_or(Path::new("/"));
    let root = Root::open(folder).map_err(|source| Error::Read { path: folder.display().to_string(), source })?;
    let assumptions = Assumptions::new(args.assume.clone());
    let node = files::read(&Arc::new(root), &assumptions);
    let tree = node.tree();
    let page = Page { node: &node, reveals: args.reveal_secrets, terminal };
    let all = StartedServices { services: services(&tree, &assumptions).iter().map(|one| page.service(one)).collect() };
    output::print(&match args.format {
        ListFormat::Text => page.text(&all),
        // Plain structs with text keys always serialise.
        ListFormat::Json => printable::json(serde_json::to_string_pretty(&all).unwrap_or_default() + "\n"),
    })?;
    for error in &node.errors {
        output::error(terminal, error);
    }
    if all.services.is_empty() {
        output::note("no unit starts a kubelet, dockerd, containerd, cri-dockerd, k3s, RKE2, k0s or microk8s");
    }
    Ok(if node.errors.is_empty() { CLEAN } else { FAILURE })
}

struct Page<'p> {
    node: &'p NodeTexts,
    reveals: bool,
    terminal: &'p Terminal,
}

impl Page<'_> {
    fn service(&self, service: &Service) -> StartedService {
        let messages = service.messages.iter().chain(&service.differences);
        let mut warnings: Vec<String> = messages.map(|message| self.message(service, message)).collect();
        let is_started = service.state == ServiceState::Ok;
        let commands = service.commands.iter().filter(|_| is_started);
        for command in commands.clone() {
            warnings.extend(unknown_words(command));
        }
        let variables = service.environment.iter().filter_map(|variable| {
            let place = self.place(service, variable.key?)?;
            let mut value = variable.text();
            if let Some(value) = value.as_mut().filter(|_| !self.reveals) {
                mask_variable(&variable.name, value);
            }
            Some((variable.name.clone(), ServiceVariable { value, path: place.path, line: place.line }))
        });
        StartedService {
            unit: service.unit.clone(),
            home: service.home.clone(),
            state: service.state.id().to_owned(),
            exec: commands.filter_map(|command| self.command(service, command)).collect(),
            environment: variables.collect(),
            files: read_files(service).filter(|_| service.state != ServiceState::Missing).map(str::to_owned).collect(),
            warnings,
        }
    }

    fn command(&self, service: &Service, command: &StartCommand) -> Option<ServiceCommand> {
        let mut words: Vec<String> = command.argv.iter().map(|word| word.text.clone().unwrap_or_default()).collect();
        if !self.reveals {
            mask_words(&mut words);
        }
        let known = command.argv.iter().map(|word| word.text.is_some());
        let argv = words.into_iter().zip(known).map(|(word, is_known)| is_known.then_some(word)).collect();
        Some(ServiceCommand { argv, origin: self.place(service, command.key)? })
    }

    fn place(&self, service: &Service, place: UnitPlace) -> Option<ServicePlace> {
        let file = service.files.get(place.file)?;
        Some(ServicePlace { path: file.path.clone(), line: self.node.line(file.number, place.span.start)? })
    }

    /// A message as systemd logs it.
    fn message(&self, service: &Service, message: &UnitMessage) -> String {
        let file = message.place.and_then(|place| service.files.get(place.file));
        let mut text = message.text.clone();
        if let Some(source) = file.and_then(|file| self.node.text(file.number)).filter(|_| !self.reveals) {
            text = mask_about(source, &text);
        }
        match file {
            Some(file) if message.line > 0 => format!("{}:{}: {text}", file.path, message.line),
            Some(file) if !text.contains(&file.path) => format!("{}: {text}", file.path),
            _ => text,
        }
    }

    fn text(&self, all: &StartedServices) -> String {
        let style = |style: Style| if self.terminal.color { style } else { Style::new() };
        let bold = style(Style::new().bold());
        let dim = style(Style::new().dimmed());
        let mut out = String::new();
        for service in &all.services {
            if !out.is_empty() {
                out.push('\n');
            }
            let of_user = service.home.as_ref().map(|home| format!(" of {home}")).unwrap_or_default();
            let head = format!("{}{}: {}", escaped(&service.unit), escaped(&of_user), service.state);
            let _ = writeln!(out, "{}", head.style(bold));
            for command in &service.exec {
                let origin = format!("# {}:{}", escaped(&command.origin.path), command.origin.line);
                let _ = writeln!(out, "  runs  {}", origin.style(dim));
                for word in &command.argv {
                    let word = word.as_deref().map_or("?".into(), shell_word);
                    let _ = writeln!(out, "    {}", escaped(&word));
                }
            }
            for (name, variable) in &service.environment {
                let value = variable.value.as_deref().map_or("?".into(), shell_word);
                let origin = format!("# {}:{}", escaped(&variable.path), variable.line);
                let _ = writeln!(out, "  with  {name}={} {}", escaped(&value), origin.style(dim));
            }
            for file in &service.files {
                let _ = writeln!(out, "  reads {}", escaped(file));
            }
            for warning in &service.warnings {
                let _ = writeln!(out, "  warns {}", escaped(warning));
            }
        }
        out
    }
}

/// The files of a service but for the configuration of the manager.
fn read_files(service: &Service) -> impl Iterator<Item = &str> {
    service.files.iter().filter(|file| file.role != FileRole::Manager).map(|file| file.path.as_str())
}

/// Why words of a command are not known.
fn unknown_words(command: &StartCommand) -> impl Iterator<Item = String> {
    let words = command.argv.iter().enumerate();
    words.filter_map(|(number, word)| {
        let reason = word.unknown.as_ref()?;
        Some(format!("argv[{number}] is not known: {reason}; --assume NAME=VALUE sets it"))
    })
}

/// A word as a shell takes it.
fn shell_word(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=,@%+".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

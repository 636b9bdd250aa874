//! What a unit and its drop-ins set for the command of a service.
//!
//! Source: systemd v252:src/shared/conf-parser.c (`parse_line`), src/core/load-fragment.c.

use super::command::{self, FatalFault, ParsedCommand, is_safe};
use super::directives;
use super::environment::{self, Replaced, Variable, VariableList, is_variable_name};
use super::expand::names_in;
use super::place::{FileRole, ReadFile, UnitMessage, UnitPlace};
use super::specifiers::Specifiers;
use crate::syntax::unit::{JoinedLine, JoinedLines, SourceChar, Splitting, first_word, is_blank, span_of, text_of};
use crate::text::Span;

/// A command with its place.
#[derive(Clone, Debug)]
pub(crate) struct SetCommand {
    pub(crate) command: ParsedCommand,
    /// The name of the directive.
    pub(crate) key: UnitPlace,
    /// Its value.
    pub(crate) value: Span,
}

/// An environment file that a unit names.
#[derive(Clone, Debug)]
pub(crate) struct NamedEnvironment {
    /// The path or pattern.
    pub(crate) path: String,
    /// Whether it may be absent.
    pub(crate) is_optional: bool,
    /// Why the path is not known.
    pub(crate) unknown: Option<String>,
    /// The value of the directive.
    pub(crate) place: UnitPlace,
}

/// A setting that an empty assignment drops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DroppedSetting {
    /// The name of the directive.
    pub key: UnitPlace,
    /// The directive that drops it.
    pub by: UnitPlace,
}

/// The settings of a service that its command depends on.
#[derive(Clone, Debug, Default)]
pub(crate) struct UnitSettings {
    pub(crate) commands: Vec<SetCommand>,
    pub(crate) has_stop: bool,
    pub(crate) service_type: Option<String>,
    pub(crate) restart: Option<String>,
    pub(crate) remains: bool,
    pub(crate) has_bus_name: bool,
    pub(crate) has_success_action: bool,
    pub(crate) has_forced_restart: bool,
    pub(crate) user: Option<String>,
    pub(crate) environment: VariableList,
    pub(crate) files: Vec<NamedEnvironment>,
    /// Names that the manager passes on.
    pub(crate) passed: Vec<(String, UnitPlace)>,
    /// Names or assignments.
    pub(crate) unset: Vec<String>,
    pub(crate) replaced: Vec<Replaced>,
    /// The variables in other commands than those of `ExecStart=`.
    pub(crate) other_variables: Vec<String>,
    pub(crate) dropped: Vec<DroppedSetting>,
}

/// Reads the files of a unit.
pub(crate) struct UnitLoader<'u> {
    pub(crate) specifiers: Specifiers<'u>,
    pub(crate) settings: UnitSettings,
    pub(crate) files: Vec<ReadFile>,
    pub(crate) messages: Vec<UnitMessage>,
    /// What other releases of systemd do in another way.
    pub(crate) differences: Vec<UnitMessage>,
}

/// A directive with its value.
struct UnitDirective<'l> {
    name: &'l str,
    key: UnitPlace,
    value: &'l [SourceChar],
    place: UnitPlace,
    line: usize,
}

impl UnitLoader<'_> {
    /// Reads a file; behind a fatal fault systemd reads nothing of it.
    pub(crate) fn read(&mut self, file: ReadFile, text: &str) -> Result<(), FatalFault> {
        let is_manager = file.role == FileRole::Manager;
        self.files.push(file);
        let mut section: Option<String> = None;
        let mut is_ignored = is_manager;
        for line in JoinedLines::new(text) {
            let chars = trimmed(&line.chars);
            let (Some(first), Some(last)) = (chars.first(), chars.last()) else { continue };
            let place = self.place(first.span.to(last.span));
            if first.c == '[' {
                let header = text_of(chars);
                let name = header.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
                let Some(name) = name.filter(|name| is_safe(name)) else {
                    let what = if name.is_some() { "Bad characters in" } else { "Invalid" };
                    self.warn(&line, place, format!("{what} section header '{header}'"));
                    return Err(FatalFault);
                };
                let is_known = if is_manager { name == "Manager" } else { directives::is_section(name) };
                section = is_known.then(|| name.to_owned());
                is_ignored = is_manager || !is_known;
                if !is_known && !is_manager && !name.starts_with("X-") {
                    self.warn(&line, place, format!("Unknown section '{name}'. Ignoring."));
                }
                continue;
            }
            let Some(section) = &section else {
                if !is_ignored {
                    self.warn(&line, place, "Assignment outside of section. Ignoring.".to_owned());
                }
                continue;
            };
            let equals = chars.iter().position(|char| char.c == '=');
            let Some((key, value)) = equals.and_then(|at| chars.split_at_checked(at)) else {
                self.warn(&line, place, "Missing '=', ignoring line.".to_owned());
                continue;
            };
            if key.is_empty() {
                self.warn(&line, place, "Missing key name before '=', ignoring line.".to_owned());
                continue;
            }
            let key = trimmed(key);
            let (equals, value) = value.split_first().map_or((place.span, value), |(sign, rest)| (sign.span, rest));
            let value = trimmed(value);
            let span = span_of(value).unwrap_or(Span::empty(equals.end as usize));
            let name = text_of(key);
            let directive = UnitDirective {
                name: &name,
                key: self.place(span_of(key).unwrap_or(equals)),
                value,
                place: self.place(span),
                line: line.number,
            };
            if line.has_comment {
                let text = "up to systemd 240, comments between joined lines are part of the value";
                self.differs(directive.place, line.number, text);
            }
            self.directive(section, &directive)?;
        }
        Ok(())
    }

    /// Notes that other releases of systemd read a place in another way.
    pub(crate) fn differs(&mut self, place: UnitPlace, line: usize, text: &str) {
        self.differences.push(UnitMessage { text: text.to_owned(), place: Some(place), line });
    }

    fn place(&self, span: Span) -> UnitPlace {
        UnitPlace { file: self.files.len() - 1, span }
    }

    fn warn(&mut self, line: &JoinedLine, place: UnitPlace, text: String) {
        self.messages.push(UnitMessage { text, place: Some(place), line: line.number });
    }

    fn warn_of(&mut self, directive: &UnitDirective<'_>, text: String) {
        self.messages.push(UnitMessage { text, place: Some(directive.place), line: directive.line });
    }

    fn directive(&mut self, section: &str, directive: &UnitDirective<'_>) -> Result<(), FatalFault> {
        let value = || text_of(directive.value);
        match (section, directive.name) {
            ("Manager", "DefaultEnvironment") | ("Service", "Environment") => self.environment(directive),
            ("Manager", _) => {}
            (_, name) if name.starts_with("X-") => {}
            (_, name) if !directives::is_directive(section, name) => {
                let text = format!("Unknown key '{name}' in section [{section}], ignoring.");
                self.messages.push(UnitMessage { text, place: Some(directive.key), line: directive.line });
            }
            ("Service", "ExecStart") => return self.start(directive),
            ("Service", name) if is_command(name) => {
                let mut commands = vec![];
                let read = self.commands(directive, &mut commands);
                let words = commands.iter().flat_map(|command| &command.words);
                for word in words.filter(|word| word.chars.iter().any(|char| char.c == '$')) {
                    self.settings.other_variables.extend(names_in(&text_of(&word.chars)).map(str::to_owned));
                }
                if name == "ExecStop" {
                    let had = self.settings.has_stop && !directive.value.is_empty();
                    self.settings.has_stop = had || !commands.is_empty();
                }
                return read;
            }
            ("Service", "EnvironmentFile") => self.environment_file(directive),
            ("Service", "PassEnvironment") => self.names(directive, Splitting::Plain),
            ("Service", "UnsetEnvironment") => self.names(directive, Splitting::Strict),
            ("Service", "Type") => match value().as_str() {
                "simple" | "forking" | "oneshot" | "dbus" | "notify" | "notify-reload" | "idle" | "exec" => {
                    self.settings.service_type = Some(value());
                }
                other => self.warn_of(directive, format!("Failed to parse service type, ignoring: {other}")),
            },
            ("Service", "Restart") => self.settings.restart = Some(value()),
            ("Service", "RemainAfterExit") => {
                self.settings.remains = matches!(value().as_str(), "1" | "yes" | "y" | "true" | "t" | "on");
            }
            ("Service", "BusName") => self.settings.has_bus_name = !directive.value.is_empty(),
            ("Service", "RestartForceExitStatus") => self.settings.has_forced_restart = !directive.value.is_empty(),
            ("Service", "User") => self.settings.user = Some(value()).filter(|user| !user.is_empty()),
            ("Unit", "SuccessAction") => self.settings.has_success_action = value() != "none",
            _ => {}
        }
        Ok(())
    }

    /// The commands of a directive; messages about them are kept.
    fn commands(&mut self, directive: &UnitDirective<'_>, out: &mut Vec<ParsedCommand>) -> Result<(), FatalFault> {
        let mut texts = vec![];
        let read = if directive.value.is_empty() {
            Ok(())
        } else {
            command::parse(directive.value, &self.specifiers, out, &mut |text| texts.push(text))
        };
        for text in texts {
            self.warn_of(directive, text);
        }
        read
    }

    fn start(&mut self, directive: &UnitDirective<'_>) -> Result<(), FatalFault> {
        if directive.value.is_empty() {
            let keys = self.settings.commands.drain(..).map(|command| command.key);
            self.settings.dropped.extend(keys.map(|key| DroppedSetting { key, by: directive.key }));
            return Ok(());
        }
        let mut commands = vec![];
        let read = self.commands(directive, &mut commands);
        let value = directive.place.span;
        let key = directive.key;
        if commands.iter().any(|command| !command.program.starts_with('/')) {
            self.differs(directive.place, directive.line, "up to systemd 238, a program needs its absolute path");
        }
        if commands.iter().any(|command| !command.expands) {
            self.differs(directive.place, directive.line, "up to systemd 241, a program has no prefix `:`");
        }
        self.settings.commands.extend(commands.into_iter().map(|command| SetCommand { command, key, value }));
        read
    }

    fn environment(&mut self, directive: &UnitDirective<'_>) {
        if directive.value.is_empty() {
            let by = directive.key;
            for (_, variable) in std::mem::take(&mut self.settings.environment).into_all() {
                self.settings.replaced.extend(variable.key.map(|key| Replaced { key, by }));
            }
            return;
        }
        let mut at = 0;
        loop {
            let word = match first_word(directive.value, &mut at, Splitting::Strict) {
                Ok(Some(word)) => word,
                Ok(None) => return,
                Err(_) => {
                    let text = text_of(directive.value);
                    return self.warn_of(directive, format!("Invalid syntax, ignoring: {text}"));
                }
            };
            let Ok(filled) = self.specifiers.fill(&word.chars) else {
                let text = text_of(&word.chars);
                let text = format!("Failed to resolve specifiers in {text}, ignoring: Invalid slot");
                self.warn_of(directive, text);
                continue;
            };
            let equals = filled.chars.iter().position(|char| char.c == '=');
            let parts = equals.and_then(|at| filled.chars.split_at_checked(at));
            let Some((name, value)) = parts.filter(|(name, _)| is_variable_name(&text_of(name))) else {
                let text = text_of(&filled.chars);
                self.warn_of(directive, format!("Invalid environment assignment, ignoring: {text}"));
                continue;
            };
            let (sign, value) = value.split_first().map_or((word.span, value), |(sign, rest)| (sign.span, rest));
            let file = directive.key.file;
            let span = span_of(value).unwrap_or(Span::empty(sign.end as usize));
            let variable = Variable {
                name: text_of(name),
                value: value.to_vec(),
                unknown: filled.unknown,
                key: span_of(name).map(|span| UnitPlace { file, span }),
                place: Some(UnitPlace { file, span }),
                is_unset: false,
            };
            environment::set(&mut self.settings.environment, variable, &mut self.settings.replaced);
        }
    }

    fn environment_file(&mut self, directive: &UnitDirective<'_>) {
        if directive.value.is_empty() {
            self.settings.files.clear();
            return;
        }
        let Ok(filled) = self.specifiers.fill(directive.value) else {
            let text = text_of(directive.value);
            return self
                .warn_of(directive, format!("Failed to resolve unit specifiers in '{text}', ignoring: Invalid slot"));
        };
        let text = text_of(&filled.chars);
        let path = text.strip_prefix('-').unwrap_or(&text);
        if !path.starts_with('/') {
            return self.warn_of(directive, format!("EnvironmentFile= path is not absolute, ignoring: {path}"));
        }
        let parts = || path.split('/').filter(|part| !part.is_empty() && *part != ".");
        let simple: String = parts().flat_map(|part| ["/", part]).collect();
        if parts().any(|part| part == "..") {
            return self.warn_of(directive, format!("EnvironmentFile= path is not normalized, ignoring: {simple}"));
        }
        self.settings.files.push(NamedEnvironment {
            is_optional: path.len() < text.len(),
            path: simple,
            unknown: filled.unknown,
            place: directive.place,
        });
    }

    /// The names of `PassEnvironment=`, the names and assignments of `UnsetEnvironment=`.
    fn names(&mut self, directive: &UnitDirective<'_>, how: Splitting) {
        let is_pass = how == Splitting::Plain;
        if directive.value.is_empty() {
            if is_pass {
                self.settings.passed.clear();
            } else {
                self.settings.unset.clear();
            }
            return;
        }
        let mut at = 0;
        loop {
            let word = match first_word(directive.value, &mut at, how) {
                Ok(Some(word)) => word,
                Ok(None) => return,
                Err(_) => {
                    let text = text_of(directive.value);
                    let text = format!("Trailing garbage in {}, ignoring: {text}", directive.name);
                    return self.warn_of(directive, text);
                }
            };
            let Ok(filled) = self.specifiers.fill(&word.chars) else {
                let text = text_of(&word.chars);
                let what = if is_pass { "" } else { "unit " };
                let text = format!("Failed to resolve {what}specifiers in {text}, ignoring: Invalid slot");
                self.warn_of(directive, text);
                continue;
            };
            let text = text_of(&filled.chars);
            let name = text.split_once('=').filter(|_| !is_pass).map_or(text.as_str(), |(name, _)| name);
            if !is_variable_name(name) {
                let what = if is_pass { "name for" } else { "name or assignment" };
                let text = format!("Invalid environment {what} {}, ignoring: {text}", directive.name);
                self.warn_of(directive, text);
            } else if is_pass {
                self.settings.passed.push((text, UnitPlace { span: word.span, ..directive.place }));
            } else {
                self.settings.unset.push(text);
            }
        }
    }
}

/// Whether a directive holds command lines.
fn is_command(name: &str) -> bool {
    name.starts_with("Exec") && !matches!(name, "ExecPaths" | "ExecSearchPath")
}

/// Without the blanks around it.
fn trimmed(chars: &[SourceChar]) -> &[SourceChar] {
    let start = chars.iter().position(|char| !is_blank(char.c)).unwrap_or(chars.len());
    crate::syntax::unit::trim_end(chars.get(start..).unwrap_or_default())
}

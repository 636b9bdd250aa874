//! A service as systemd starts it: its unit, drop-ins and environment files combined into the words of its commands.
//!
//! Source: systemd v252:src/core/load-fragment.c (`unit_load_fragment`), load-dropin.c (`unit_load_dropin`),
//! service.c (`service_verify`).

use super::Assumptions;
use super::command::ArgvWord;
use super::drop_ins::{conf_files, drop_ins};
use super::environment::{self, LoadError, Replaced, Variable, VariableList};
use super::expand::Variables;
use super::lookup::{Manager, UnitNames};
use super::place::{FileRole, ReadFile, UnitMessage, UnitPlace};
use super::settings::{DroppedSetting, UnitLoader, UnitSettings};
use super::specifiers::Specifiers;
use super::tree::{Opened, UnitTree};
use crate::text::Span;

/// Whether systemd starts a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServiceState {
    /// The service starts.
    Ok,
    /// The unit is not loaded, or its start fails before the program runs.
    Refused,
    /// The unit is empty or a link to `/dev/null`.
    Masked,
    /// There is no unit of that name, or its link leads nowhere.
    Missing,
}

impl ServiceState {
    /// The name in reports.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Refused => "refused",
            Self::Masked => "masked",
            Self::Missing => "missing",
        }
    }
}

/// A command of a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StartCommand {
    /// The path or name of the program.
    pub program: String,
    /// The words that it gets, its own name first.
    pub argv: Vec<ArgvWord>,
    /// The value of the directive.
    pub place: UnitPlace,
    /// The name of the directive.
    pub key: UnitPlace,
    /// The variables that its words name.
    pub variables: Vec<String>,
}

/// A service as systemd starts it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// The name of the unit.
    pub unit: String,
    /// The home of the user whose manager runs it; nothing for the manager of the system.
    pub home: Option<String>,
    /// Whether it starts.
    pub state: ServiceState,
    /// Its commands of `ExecStart=`, also where the unit is refused for another reason.
    pub commands: Vec<StartCommand>,
    /// The variables that files set.
    pub environment: Vec<Variable>,
    /// The files that systemd reads, in order.
    pub files: Vec<ReadFile>,
    /// The messages of systemd.
    pub messages: Vec<UnitMessage>,
    /// What other releases of systemd than 252 do in another way.
    pub differences: Vec<UnitMessage>,
    /// Variables that another place sets again.
    pub replaced: Vec<Replaced>,
    /// Commands that an empty assignment drops.
    pub dropped: Vec<DroppedSetting>,
    /// The variables that commands of other directives than `ExecStart=` may use.
    pub other_variables: Vec<String>,
    /// The paths and patterns of the environment files that the unit names.
    pub environment_files: Vec<String>,
}

/// Why a unit does not start, in systemd's own words.
struct StartRefusal {
    state: ServiceState,
    text: String,
}

/// Resolves the service of a name.
pub(crate) fn resolve(
    tree: &UnitTree<'_>,
    manager: &Manager,
    names: &UnitNames,
    name: &str,
    assumptions: &Assumptions,
) -> Service {
    let path = names.file_of(name);
    let all_names = names.names_of(name, path.as_deref());
    let unit = all_names.first().map_or(name, String::as_str);
    let home = manager.home.as_deref();
    let specifiers = Specifiers { tree, assumptions, unit, path: path.as_deref().unwrap_or_default(), home };
    let mut loader = UnitLoader {
        specifiers,
        settings: UnitSettings::default(),
        files: vec![],
        messages: vec![],
        differences: vec![],
    };
    let loaded = load(&mut loader, manager, path.as_deref(), &all_names);
    let environment_files = loader.settings.files.iter().map(|named| named.path.clone()).collect();
    let commands = std::mem::take(&mut loader.settings.commands);
    let mut refusal = loaded.err().or_else(|| verify(unit, &loader.settings, commands.len()));
    if let (Err(LoadError(text)), None) = (loader.load_files(unit), &refusal) {
        refusal = Some(StartRefusal { state: ServiceState::Refused, text: format!("{unit}: {text}") });
    }
    let variables = variables(&mut loader, manager, assumptions);
    let of_manager = |name: &str| set_by_systemd(name, &loader.settings, home);
    let lookup = Variables { all: &variables, of_manager: &of_manager };
    let mut started = vec![];
    for set in commands {
        let file = set.key.file;
        let mut used = vec![];
        let mut argv = vec![];
        for word in set.command.words {
            let place = UnitPlace { file, span: word.span };
            if word.unknown.is_some() {
                argv.push(ArgvWord { text: None, unknown: word.unknown, place });
            } else if set.command.expands {
                argv.extend(lookup.expand(&word.chars, place, &mut used));
            } else {
                let text = crate::syntax::unit::text_of(&word.chars);
                argv.push(ArgvWord { text: Some(text), unknown: None, place });
            }
        }
        let program = set.command.program;
        // The variables of the first word are not filled in for finding the program.
        if program.contains('$') && !set.command.ignores_failure && refusal.is_none() {
            let text = format!("{unit}: Failed to locate executable {program}: No such file or directory");
            refusal = Some(StartRefusal { state: ServiceState::Refused, text });
        }
        let place = UnitPlace { file, span: set.value };
        started.push(StartCommand { program, argv, place, key: set.key, variables: used });
    }
    let mut state = ServiceState::Ok;
    if let Some(refusal) = refusal {
        state = refusal.state;
        let text = refusal.text;
        loader.messages.push(UnitMessage { text, place: None, line: 0 });
    }
    let environment = variables.into_all().into_iter().map(|(_, variable)| variable);
    let environment = environment.filter(|variable| variable.key.is_some() && !variable.is_unset).collect();
    Service {
        unit: unit.to_owned(),
        home: manager.home.clone(),
        state,
        commands: started,
        environment,
        files: loader.files,
        messages: loader.messages,
        differences: loader.differences,
        replaced: loader.settings.replaced,
        dropped: loader.settings.dropped,
        other_variables: loader.settings.other_variables,
        environment_files,
    }
}

/// Reads the unit and its drop-ins.
fn load(
    loader: &mut UnitLoader<'_>,
    manager: &Manager,
    path: Option<&str>,
    names: &[String],
) -> Result<(), StartRefusal> {
    let unit = loader.specifiers.unit;
    let tree = loader.specifiers.tree;
    let missing = |text: String| Err(StartRefusal { state: ServiceState::Missing, text });
    let Some(path) = path else {
        // What its drop-ins hold is of use to who has those alone.
        read_drop_ins(loader, manager, names);
        return missing(format!("Unit {unit} not found."));
    };
    let (number, text) = match tree.open(path) {
        Opened::File(_, "") | Opened::Null => {
            let text = format!("Unit {unit} is masked.");
            return Err(StartRefusal { state: ServiceState::Masked, text });
        }
        Opened::File(number, text) => (number, text),
        Opened::Absent => return missing(format!("{unit}: Failed to open {path}: No such file or directory")),
        Opened::Folder => return missing(format!("{unit}: Failed to open {path}: Is a directory")),
        Opened::Unreadable(reason) => return missing(format!("{unit}: Failed to open {path}: {reason}")),
    };
    let file = ReadFile { path: path.to_owned(), number, role: FileRole::Unit };
    if loader.read(file, text).is_err() {
        let text = format!("{unit}: Unit configuration has fatal error, unit will not be started.");
        return Err(StartRefusal { state: ServiceState::Refused, text });
    }
    read_drop_ins(loader, manager, names);
    Ok(())
}

fn read_drop_ins(loader: &mut UnitLoader<'_>, manager: &Manager, names: &[String]) {
    let tree = loader.specifiers.tree;
    for path in drop_ins(tree, manager, names) {
        if let Opened::File(number, text) = tree.open(&path)
            && !text.is_empty()
        {
            let file = ReadFile { path, number, role: FileRole::DropIn };
            let folder = file.path.rsplit('/').nth(1).unwrap_or_default();
            let since = match folder {
                "service.d" => Some("up to systemd 243, drop-ins in service.d are not read"),
                _ if folder.contains("-.service") => Some("up to systemd 238, drop-ins of prefixes are not read"),
                _ => None,
            };
            if let Some(text) = since {
                let place = UnitPlace { file: loader.files.len(), span: Span::default() };
                loader.differs(place, 0, text);
            }
            // A fatal fault ends the reading of the drop-in alone.
            let _ = loader.read(file, text);
        }
    }
}

/// Why systemd refuses the settings, if it does.
fn verify(unit: &str, settings: &UnitSettings, commands: usize) -> Option<StartRefusal> {
    let automatic = match commands {
        _ if settings.has_bus_name => "dbus",
        0 => "oneshot",
        _ => "simple",
    };
    let service_type = settings.service_type.as_deref().unwrap_or(automatic);
    let is_oneshot = service_type == "oneshot";
    let restarts = matches!(settings.restart.as_deref(), Some("always" | "on-success"));
    let text = if commands == 0 && !settings.has_stop && !settings.has_success_action {
        "has no ExecStart=, ExecStop=, or SuccessAction=."
    } else if commands == 0 && !is_oneshot {
        "has no ExecStart= setting, which is only allowed for Type=oneshot services."
    } else if commands == 0 && !settings.remains && !settings.has_success_action {
        "has no ExecStart= and no SuccessAction= settings and does not have RemainAfterExit=yes set."
    } else if commands > 1 && !is_oneshot {
        "has more than one ExecStart= setting, which is only allowed for Type=oneshot services."
    } else if is_oneshot && restarts {
        "has Restart= set to either always or on-success, which isn't allowed for Type=oneshot services."
    } else if is_oneshot && settings.has_forced_restart {
        "has RestartForceExitStatus= set, which isn't allowed for Type=oneshot services."
    } else if service_type == "dbus" && !settings.has_bus_name {
        "is of type D-Bus but no D-Bus service name has been specified."
    } else {
        return None;
    };
    Some(StartRefusal { state: ServiceState::Refused, text: format!("{unit}: Service {text} Refusing.") })
}

/// All variables of the service; later sources win.
fn variables(loader: &mut UnitLoader<'_>, manager: &Manager, assumptions: &Assumptions) -> VariableList {
    let own = std::mem::take(&mut loader.settings.environment);
    let replaced = std::mem::take(&mut loader.settings.replaced);
    let mut all = VariableList::default();
    let mut set = |variable: Variable| environment::set(&mut all, variable, &mut vec![]);
    if manager.home.is_none() {
        set(Variable::of_manager("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"));
    }
    for (_, variable) in manager_defaults(loader, manager).into_all() {
        set(variable);
    }
    if let Some(user) = &loader.settings.user {
        for name in ["LOGNAME", "USER"] {
            set(Variable::of_manager(name, user));
        }
        if user == "root" {
            set(Variable::of_manager("HOME", "/root"));
        }
    }
    if let Some(home) = &manager.home {
        set(Variable::of_manager("HOME", home));
    }
    for (name, place) in &loader.settings.passed {
        let assumed = assumptions.of_variable(name);
        let mut variable = Variable::of_manager(name, assumed.unwrap_or_default());
        (variable.key, variable.place) = (Some(*place), Some(*place));
        if assumed.is_none() {
            variable.unknown = Some(format!("`{name}` is a variable of the manager"));
        }
        set(variable);
    }
    for (_, variable) in own.into_all() {
        set(variable);
    }
    for unset in &loader.settings.unset {
        let (name, value) = unset.split_once('=').map_or((unset.as_str(), None), |(name, value)| (name, Some(value)));
        if let Some(variable) = all.get_mut(name)
            && value.is_none_or(|value| variable.text().as_deref() == Some(value))
        {
            variable.is_unset = true;
        }
    }
    loader.settings.replaced = replaced;
    all
}

/// The variables of `DefaultEnvironment=`. Files without them are not listed.
fn manager_defaults(loader: &mut UnitLoader<'_>, manager: &Manager) -> VariableList {
    let name = if manager.home.is_some() { "user.conf" } else { "system.conf" };
    let tree = loader.specifiers.tree;
    let folders = ["/etc/systemd", "/run/systemd", "/usr/local/lib/systemd", "/usr/lib/systemd"];
    let main = folders.iter().map(|folder| format!("{folder}/{name}"));
    let mut paths: Vec<String> = main.filter(|path| tree.open(path) != Opened::Absent).take(1).collect();
    paths.extend(conf_files(tree, &folders.map(|folder| format!("{folder}/{name}.d"))));
    for path in paths {
        if let Opened::File(number, text) = tree.open(&path) {
            let _ = loader.read(ReadFile { path, number, role: FileRole::Manager }, text);
        }
    }
    std::mem::take(&mut loader.settings.environment)
}

/// Why a variable that no file sets is not known: systemd sets it when it starts the service.
fn set_by_systemd(name: &str, settings: &UnitSettings, home: Option<&str>) -> Option<String> {
    const ALWAYS: [&str; 4] = ["INVOCATION_ID", "JOURNAL_STREAM", "SYSTEMD_EXEC_PID", "LANG"];
    const SOMETIMES: [&str; 12] = [
        "CACHE_DIRECTORY",
        "CONFIGURATION_DIRECTORY",
        "CREDENTIALS_DIRECTORY",
        "LISTEN_FDNAMES",
        "LISTEN_FDS",
        "LISTEN_PID",
        "LOGS_DIRECTORY",
        "NOTIFY_SOCKET",
        "RUNTIME_DIRECTORY",
        "STATE_DIRECTORY",
        "WATCHDOG_PID",
        "WATCHDOG_USEC",
    ];
    let of_user = settings.user.is_some() && matches!(name, "HOME" | "SHELL");
    let of_manager = home.is_some() && matches!(name, "PATH" | "USER" | "LOGNAME" | "SHELL" | "XDG_RUNTIME_DIR");
    let is_set =
        ALWAYS.contains(&name) || SOMETIMES.contains(&name) || name.starts_with("LC_") || of_user || of_manager;
    is_set.then(|| format!("systemd sets `{name}`"))
}

//! Docker's log drivers and storage drivers with their options, by release.

use super::tables::{ANY_LOG_OPTS, DRIVER_OPTS, LOG_DRIVERS, LOG_PLUGINS, SNAPSHOTTERS, STORAGE_DRIVERS};
use super::{Set, Text};
use crate::releases::ReleaseSet;

/// A log driver or a storage driver.
#[derive(Debug, PartialEq, Eq)]
pub struct Driver {
    name: Text,
    doc: Text,
    note: Text,
    source: Text,
    unknown_message: Text,
    removal: Text,
    releases: Set,
    deprecated: Set,
    names_checked: Set,
    /// Its options in [`DRIVER_OPTS`].
    first: u16,
    len: u8,
    flags: u8,
}

/// An option of a driver. Its value is text, also where the text must be a number.
#[derive(Debug, PartialEq, Eq)]
pub struct DriverOpt {
    name: Text,
    doc: Text,
    values: Text,
    default: Text,
    replaced_by: Text,
    conflicts: Text,
    note: Text,
    releases: Set,
    deprecated: Set,
    /// How the text is read.
    pub form: Form,
    /// When the daemon looks at the value.
    pub checked: Checked,
    flags: u8,
}

/// How the text of an option is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Anything.
    Text,
    /// As Go's `ParseBool`: 1, t, T, TRUE, true, True, 0, f, F, FALSE, false, False.
    Bool,
    /// A whole number between two borders, both included.
    Int(i32, i32),
    /// A size in units of 1000 (`10m`), at least so much.
    DecimalSize(i32),
    /// A size in units of 1024 (`10m`).
    RamSize,
    /// A Go duration (`1m30s`); whether it may be negative.
    Duration(bool),
    /// One of [`DriverOpt::values`].
    OneOf,
    /// A regular expression of Go.
    Regex,
    /// A template of Go (`{{.Name}}`).
    Template,
    /// Names with commas between them.
    Names,
    /// A path.
    Path,
    /// A URL or an address.
    Address,
    /// Anything: that the option is there is what counts.
    Presence,
}

/// When the daemon looks at the value of an option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Checked {
    /// When the daemon starts and log-opts holds at least one key, and when a container is created.
    DaemonStart,
    /// When a container is created.
    ContainerCreate,
    /// When a container starts.
    ContainerStart,
    /// Storage options: when the driver is set up. Log options: never.
    DriverSetup,
}

impl Form {
    /// The name with its article, for a sentence.
    #[must_use]
    pub fn name(self) -> String {
        let text = match self {
            Self::Text | Self::OneOf | Self::Presence => "a string",
            Self::Bool => "a string holding a boolean (`\"true\"`)",
            Self::Int(i32::MIN, _) => "a string holding an integer",
            Self::Int(min, i32::MAX) => return format!("a string holding an integer, at least {min}"),
            Self::Int(min, max) => return format!("a string holding an integer from {min} to {max}"),
            Self::DecimalSize(min) if min > 0 => "a string holding a size above 0, in units of 1000 (`\"10m\"`)",
            Self::DecimalSize(_) => "a string holding a size, in units of 1000 (`\"10m\"`)",
            Self::RamSize => "a string holding a size, in units of 1024 (`\"10m\"`)",
            Self::Duration(_) => "a string holding a duration (`\"1m30s\"`)",
            Self::Regex => "a string holding a regular expression of Go",
            Self::Template => "a string holding a template of Go (`\"{{.Name}}\"`)",
            Self::Names => "a string with commas between names",
            Self::Path => "a string holding a path",
            Self::Address => "a string holding an address",
        };
        text.to_owned()
    }
}

impl Checked {
    /// The moment in words; nothing for other checks.
    #[must_use]
    pub const fn name(self) -> Option<&'static str> {
        match self {
            Self::DaemonStart => Some("when the daemon starts"),
            Self::ContainerCreate => Some("when a container is created"),
            Self::ContainerStart => Some("when a container starts"),
            Self::DriverSetup => None,
        }
    }
}

pub(crate) const REQUIRED: u8 = 1;
pub(crate) const SECRET: u8 = 2;
pub(crate) const IGNORE_CASE: u8 = 1;
pub(crate) const LINUX: u8 = 2;
pub(crate) const WINDOWS: u8 = 4;

impl Driver {
    /// The name in `log-driver` or `storage-driver`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name.get()
    }

    /// Docker releases that have it.
    #[must_use]
    pub fn releases(&self) -> ReleaseSet {
        self.releases.get()
    }

    /// Releases in which it works and is deprecated.
    #[must_use]
    pub fn deprecated(&self) -> ReleaseSet {
        self.deprecated.get()
    }

    /// The release that dropped it, such as `removed in 25.0.0`.
    #[must_use]
    pub fn removal(&self) -> Option<&'static str> {
        self.removal.some()
    }

    /// Releases that refuse an option with a name that the driver does not recognize. A log driver does so when the
    /// daemon starts and `log-opts` holds at least one key.
    #[must_use]
    pub fn checks_names(&self) -> ReleaseSet {
        self.names_checked.get()
    }

    /// The daemon's error for such a name; empty if it is not known.
    #[must_use]
    pub fn unknown_message(&self, option: &str) -> String {
        let quoted = format!("\"{option}\"");
        self.unknown_message.get().replace("%s", option).replace("%q", &quoted)
    }

    /// Whether names of options match in any letter case.
    #[must_use]
    pub fn ignores_case(&self) -> bool {
        self.flags & IGNORE_CASE != 0
    }

    /// The platform that alone has it.
    #[must_use]
    pub fn platform(&self) -> Option<&'static str> {
        match self.flags & (LINUX | WINDOWS) {
            LINUX => Some("linux"),
            WINDOWS => Some("windows"),
            _ => None,
        }
    }

    /// Its own options, by name; see [`any_log_opts`] for those that all log drivers take.
    #[must_use]
    pub fn opts(&self) -> &'static [DriverOpt] {
        let first = self.first as usize;
        DRIVER_OPTS.get(first..first + self.len as usize).unwrap_or_default()
    }

    /// The option of this name.
    #[must_use]
    pub fn opt(&self, name: &str) -> Option<&'static DriverOpt> {
        self.opts().iter().find(|o| o.name() == name || self.ignores_case() && o.name().eq_ignore_ascii_case(name))
    }

    /// What it is, in a sentence.
    #[must_use]
    pub fn doc(&self) -> &'static str {
        self.doc.get()
    }

    /// What else is worth knowing.
    #[must_use]
    pub fn note(&self) -> Option<&'static str> {
        self.note.some()
    }

    /// The source, in upstream's repository.
    #[must_use]
    pub fn source(&self) -> &'static str {
        self.source.get()
    }
}

impl DriverOpt {
    /// The name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name.get()
    }

    /// Docker releases that have it.
    #[must_use]
    pub fn releases(&self) -> ReleaseSet {
        self.releases.get()
    }

    /// Releases in which it works and is deprecated.
    #[must_use]
    pub fn deprecated(&self) -> ReleaseSet {
        self.deprecated.get()
    }

    /// The values of [`Form::OneOf`].
    pub fn values(&self) -> impl Iterator<Item = &'static str> {
        self.values.some().into_iter().flat_map(|v| v.split('|'))
    }

    /// What holds when it is not set.
    #[must_use]
    pub fn default(&self) -> Option<&'static str> {
        self.default.some()
    }

    /// Whether the driver does not work without it.
    #[must_use]
    pub fn is_required(&self) -> bool {
        self.flags & REQUIRED != 0
    }

    /// Whether it holds a secret or weakens the connection.
    #[must_use]
    pub fn is_sensitive(&self) -> bool {
        self.flags & SECRET != 0
    }

    /// Whether its value is a secret: reports never show it.
    #[must_use]
    pub fn is_secret(&self) -> bool {
        self.is_sensitive() && !matches!(self.form, Form::Bool | Form::Presence | Form::Path)
    }

    /// The option to use instead.
    #[must_use]
    pub fn replaced_by(&self) -> Option<&'static str> {
        self.replaced_by.some()
    }

    /// Options that are refused beside it.
    pub fn conflicts(&self) -> impl Iterator<Item = &'static str> {
        self.conflicts.some().into_iter().flat_map(|v| v.split('|'))
    }

    /// What it does.
    #[must_use]
    pub fn doc(&self) -> &'static str {
        self.doc.get()
    }

    /// What else is worth knowing.
    #[must_use]
    pub fn note(&self) -> Option<&'static str> {
        self.note.some()
    }
}

/// A row of the generated tables.
pub(crate) const fn driver(texts: [u16; 6], sets: [u16; 3], first: u16, len: u8, flags: u8) -> Driver {
    let [name, doc, note, source, unknown_message, removal] = texts;
    let [releases, deprecated, names_checked] = sets;
    Driver {
        name: Text(name),
        doc: Text(doc),
        note: Text(note),
        source: Text(source),
        unknown_message: Text(unknown_message),
        removal: Text(removal),
        releases: Set(releases),
        deprecated: Set(deprecated),
        names_checked: Set(names_checked),
        first,
        len,
        flags,
    }
}

/// A row of the generated tables.
pub(crate) const fn opt(form: Form, checked: Checked, flags: u8, texts: [u16; 7], sets: [u16; 2]) -> DriverOpt {
    let [name, doc, values, default, replaced_by, conflicts, note] = texts;
    let [releases, deprecated] = sets;
    DriverOpt {
        name: Text(name),
        doc: Text(doc),
        values: Text(values),
        default: Text(default),
        replaced_by: Text(replaced_by),
        conflicts: Text(conflicts),
        note: Text(note),
        releases: Set(releases),
        deprecated: Set(deprecated),
        form,
        checked,
        flags,
    }
}

/// The log driver of this name.
#[must_use]
pub fn log_driver(name: &str) -> Option<&'static Driver> {
    log_drivers().iter().find(|d| d.name() == name)
}

/// All log drivers, by name.
#[must_use]
pub fn log_drivers() -> &'static [Driver] {
    LOG_DRIVERS
}

/// Whether a log plugin is usually installed under this name.
#[must_use]
pub fn is_log_plugin(name: &str) -> bool {
    LOG_PLUGINS.contains(&name)
}

/// Whether containerd has a snapshotter of this name, built in or as a well-known plugin.
#[must_use]
pub fn is_snapshotter(name: &str) -> bool {
    SNAPSHOTTERS.contains(&name)
}

/// The option of this name that every log driver takes.
#[must_use]
pub fn any_log_opt(name: &str) -> Option<&'static DriverOpt> {
    any_log_opts().iter().find(|o| o.name() == name)
}

/// Where upstream has the options that every log driver takes.
pub const ANY_LOG_OPTS_SOURCE: &str = "moby/moby@docker-v29.7.2:daemon/logger/factory.go";

/// The options that every log driver takes.
#[must_use]
pub fn any_log_opts() -> &'static [DriverOpt] {
    ANY_LOG_OPTS
}

/// Whether the value of a log option of this name is a secret, whatever its driver; nothing for a name that no driver
/// has.
#[must_use]
pub fn is_secret(name: &str) -> Option<bool> {
    let own = log_drivers().iter().filter_map(|driver| driver.opt(name));
    own.chain(any_log_opt(name)).map(DriverOpt::is_secret).reduce(|a, b| a || b)
}

/// The storage driver of this name.
#[must_use]
pub fn storage_driver(name: &str) -> Option<&'static Driver> {
    storage_drivers().iter().find(|d| d.name() == name)
}

/// All storage drivers, by name.
#[must_use]
pub fn storage_drivers() -> &'static [Driver] {
    STORAGE_DRIVERS
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::releases::Product;

    #[test]
    fn options_follow_their_releases() {
        let ids = |set: ReleaseSet| set.describe(Product::Docker);
        let local = log_driver("local").unwrap();
        assert_eq!(ids(local.releases()), "18.09 and later");
        assert_eq!(ids(local.opt("labels").unwrap().releases()), "29.5.0 and later");
        assert_eq!(log_driver("json-file").unwrap().opt("max-size").unwrap().form, Form::DecimalSize(1));
        let old = log_driver("fluentd").unwrap().opt("fluentd-async-connect").unwrap();
        assert_eq!((ids(old.releases()), ids(old.deprecated())), ("1.12 to 27".into(), "20.10 to 27".into()));
        assert_eq!(old.replaced_by(), Some("fluentd-async"));
        assert_eq!(
            ids(storage_driver("overlay2").unwrap().opt("overlay2.override_kernel_check").unwrap().releases()),
            "1.12 to 23"
        );
        assert!(storage_driver("overlay2").unwrap().opt("Overlay2.Size").is_some());
        assert!(storage_driver("vfs").unwrap().opt("Size").is_none());
        assert!(log_driver("none").unwrap().checks_names().is_empty());
        assert!(any_log_opts().iter().any(|o| o.name() == "mode"));
    }

    #[test]
    fn every_option_is_described() {
        let drivers = log_drivers().iter().chain(storage_drivers());
        let opts = drivers.clone().flat_map(Driver::opts).chain(any_log_opts());
        for option in opts {
            assert!(!option.doc().is_empty() && !option.releases().is_empty(), "{}", option.name());
            assert_eq!(option.form == Form::OneOf, option.values().next().is_some(), "{}", option.name());
        }
        assert!(drivers.clone().all(|d| d.source().contains('@') && !d.releases().is_empty()));
    }
}

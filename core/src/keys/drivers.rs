//! Docker's log drivers and storage drivers with their options, by release.

use super::Text;
use super::tables::{ANY_LOG_DRIVER, LOG_DRIVERS, STORAGE_DRIVERS};
use crate::releases::ReleaseSet;

/// A log driver or storage driver.
#[derive(Debug, PartialEq, Eq)]
pub struct Driver {
    pub(crate) name: Text,
    pub(crate) releases: u64,
    /// Only for Windows.
    pub windows: bool,
    /// Takes any option name.
    pub any_opt: bool,
    pub(crate) unknown: Text,
    pub(crate) removed_in: Text,
    pub(crate) opts: &'static [DriverOpt],
}

/// An option of a driver.
#[derive(Debug, PartialEq, Eq)]
pub struct DriverOpt {
    pub(crate) releases: u64,
    /// The value is looked at when the daemon starts, not only when a container does.
    pub at_start: bool,
    /// The smallest and largest integer.
    pub range: (i64, i64),
    name: Text,
    value: Text,
    format: Text,
    values: Text,
    removed_in: Text,
}

/// A row of the generated tables. `texts` in the order of the fields.
pub(crate) const fn opt(releases: u64, at_start: bool, low: i64, high: i64, texts: [u16; 5]) -> DriverOpt {
    let [name, value, format, values, removed_in] = texts;
    DriverOpt {
        releases,
        at_start,
        range: (low, high),
        name: Text(name),
        value: Text(value),
        format: Text(format),
        values: Text(values),
        removed_in: Text(removed_in),
    }
}

impl Driver {
    /// The name, as `log-driver` or `storage-driver` takes it.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name.get()
    }

    /// Docker releases that have it.
    #[must_use]
    pub fn releases(&self) -> ReleaseSet {
        ReleaseSet(self.releases)
    }

    /// The release that removed it.
    #[must_use]
    pub fn removed_in(&self) -> Option<&'static str> {
        self.removed_in.some()
    }

    /// What the daemon says to an option that the driver does not know.
    #[must_use]
    pub fn unknown_message(&self, option: &str) -> String {
        let quoted = format!("\"{option}\"");
        self.unknown.get().replace("%s", option).replace("%q", &quoted)
    }

    /// Its options.
    #[must_use]
    pub fn opts(&self) -> &'static [DriverOpt] {
        self.opts
    }

    /// The option of this name.
    #[must_use]
    pub fn opt(&self, name: &str) -> Option<&'static DriverOpt> {
        self.opts.iter().find(|o| o.name() == name)
    }
}

impl DriverOpt {
    /// The name, as `log-opts` or `storage-opts` takes it.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name.get()
    }

    /// Docker releases that have it.
    #[must_use]
    pub fn releases(&self) -> ReleaseSet {
        ReleaseSet(self.releases)
    }

    /// What it takes, for people.
    #[must_use]
    pub fn value(&self) -> &'static str {
        self.value.get()
    }

    /// How the text is read: `bool`, `integer`, `duration`, `size`, `ram size`, or empty.
    #[must_use]
    pub fn format(&self) -> &'static str {
        self.format.get()
    }

    /// The only values; none if there are others.
    pub fn values(&self) -> impl Iterator<Item = &'static str> {
        self.values.some().into_iter().flat_map(|v| v.split('|'))
    }

    /// The release that removed it.
    #[must_use]
    pub fn removed_in(&self) -> Option<&'static str> {
        self.removed_in.some()
    }
}

/// The log driver of this name.
#[must_use]
pub fn log_driver(name: &str) -> Option<&'static Driver> {
    LOG_DRIVERS.iter().find(|d| d.name() == name)
}

/// All log drivers.
#[must_use]
pub fn log_drivers() -> &'static [Driver] {
    LOG_DRIVERS
}

/// The option of this name that every log driver takes.
#[must_use]
pub fn any_log_opt(name: &str) -> Option<&'static DriverOpt> {
    ANY_LOG_DRIVER.iter().find(|o| o.name() == name)
}

/// The storage driver of this name.
#[must_use]
pub fn storage_driver(name: &str) -> Option<&'static Driver> {
    STORAGE_DRIVERS.iter().find(|d| d.name() == name)
}

/// All storage drivers.
#[must_use]
pub fn storage_drivers() -> &'static [Driver] {
    STORAGE_DRIVERS
}

//! Values of the machine that the user states.

/// Values that files do not hold: variables of the manager, and specifiers such as `%H`.
#[derive(Clone, Debug, Default)]
pub struct Assumptions {
    /// Names with their values.
    values: Vec<(String, String)>,
}

/// Names that stand for the host name, beside `%H`.
const HOST_NAMES: [&str; 3] = ["HOSTNAME", "hostname", "host"];

impl Assumptions {
    /// Values by name: a variable, or a specifier with or without its `%`. Later ones win.
    #[must_use]
    pub fn new(values: Vec<(String, String)>) -> Self {
        Self { values }
    }

    /// The value of a variable that the manager has.
    pub(crate) fn of_variable(&self, name: &str) -> Option<&str> {
        self.values.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The value of a specifier.
    pub(crate) fn of_specifier(&self, letter: char) -> Option<String> {
        let names = [format!("%{letter}"), letter.to_string()];
        let own = names.iter().find_map(|name| self.of_variable(name)).map(str::to_owned);
        own.or_else(|| {
            let host = HOST_NAMES.iter().chain(&["%H", "H"]).find_map(|name| self.of_variable(name))?;
            match letter {
                'H' => Some(host.to_owned()),
                'l' => host.split('.').next().map(str::to_owned),
                _ => None,
            }
        })
    }
}

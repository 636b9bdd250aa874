//! The sentences about a dockerd that does not start.

/// A fault that dockerd finds while it reads the file, as `dockerd --validate` does.
pub(crate) fn refusal(log: &str) -> String {
    format!("dockerd does not start: `{log}`.")
}

/// A fault that dockerd finds only when it starts.
pub(crate) fn late_refusal(log: &str) -> String {
    format!("dockerd does not start: `{log}`. `dockerd --validate` still reports OK.")
}

/// Names that dockerd does not recognize.
pub(crate) fn unknown_names(names: &[&str]) -> String {
    let names = names.join(", ");
    format!(
        "dockerd does not start on a name that it does not recognize: \
         `the following directives don't match any configuration option: {names}`."
    )
}

/// A setting in the file that is also a flag.
pub(crate) fn conflict(setting: &str) -> String {
    format!(
        "dockerd does not start: \
         `the following directives are specified both as a flag and in the configuration file: {setting}`. \
         An equal value is a conflict too."
    )
}

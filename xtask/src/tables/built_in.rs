//! Entries of maps that are built into containerd.

use std::fmt::Write as _;

use super::output::Output;
use crate::data::BuiltInFile;

impl Output {
    pub fn built_in(&mut self, file: &BuiltInFile) -> Result<(), String> {
        self.code.push_str("pub(crate) static CONTAINERD_BUILT_IN: &[BuiltIn] = &[\n");
        for row in &file.entry {
            if row.source.is_empty() {
                return Err(format!("{}: no source", row.path));
            }
            let releases = self.range("Containerd", row.since.as_deref(), row.until.as_deref())?;
            let versions = row.config.iter().fold(0u8, |all, version| all | 1 << version);
            let value = row.value.to_string();
            let (path, value, releases) = (self.text(&row.path), self.text(value.trim()), self.set(releases));
            let _ = writeln!(self.code, "    built_in({versions}, {releases}, [{path}, {value}]),");
        }
        self.code.push_str("];\n\n");
        Ok(())
    }
}

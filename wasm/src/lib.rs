//! crilint's engine for JavaScript: the texts of a host in, findings out. Nothing leaves the machine.

use std::collections::BTreeMap;

use crilint_core::{Encoding, LineIndex, Options, Source, check};
use wasm_bindgen::prelude::wasm_bindgen;

/// The files of one host, by path.
#[wasm_bindgen]
#[derive(Debug, Default)]
pub struct Workspace {
    files: BTreeMap<String, String>,
}

#[wasm_bindgen]
impl Workspace {
    /// An empty workspace.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file, or gives it another text.
    pub fn set(&mut self, path: String, text: String) {
        self.files.insert(path, text);
    }

    /// Removes a file.
    pub fn remove(&mut self, path: &str) {
        self.files.remove(path);
    }

    /// The findings, one line each: `path:line:column: severity[rule] message`. Lines and columns count from 1, columns
    /// in UTF-16 units as editors do.
    #[must_use]
    pub fn check(&self) -> Vec<String> {
        let sources: Vec<Source<'_>> =
            self.files.iter().map(|(path, text)| Source { path, text, ..Source::default() }).collect();
        let report = check(&sources, &Options::default());
        let mut lines = vec![];
        for finding in &report.findings {
            let Some(source) = sources.get(finding.file) else { continue };
            let at = LineIndex::new(source.text).position(source.text, finding.span.start, Encoding::Utf16);
            let (path, severity) = (source.path, finding.severity.id());
            lines.push(format!(
                "{path}:{}:{}: {severity}[{}] {}",
                at.line + 1,
                at.column + 1,
                finding.rule,
                finding.message
            ));
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::Workspace;

    #[test]
    fn columns_count_as_editors_do() {
        let mut workspace = Workspace::new();
        let text = "# 😀\n[plugins.cri]\nstream_server_address = \"0.0.0.0\" # 😀\n";
        workspace.set("/etc/containerd/config.toml".into(), text.into());
        let lines = workspace.check();
        assert!(lines.iter().any(|l| l.contains(":3:25: warning[stream-server-exposed]")), "{lines:?}");
        workspace.remove("/etc/containerd/config.toml");
        assert!(workspace.check().is_empty());
    }
}

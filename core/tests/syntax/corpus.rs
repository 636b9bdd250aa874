//! Texts beyond the pages: the corpus, and the recorded cases of real daemons.

#[path = "../support/corpus.rs"]
mod own;

use crilint_core::syntax::Format;
use serde_json::Value;

/// A configuration, and what daemons printed.
pub(crate) struct Recorded(Value);

impl Recorded {
    /// The texts of the files whose path ends with `name`.
    pub(crate) fn texts(&self, name: &str) -> Vec<&str> {
        let files = self.0["files"].as_object().unwrap();
        files.iter().filter(|(path, _)| path.ends_with(name)).map(|(_, text)| text.as_str().unwrap()).collect()
    }

    /// Whether a daemon printed one of these words.
    pub(crate) fn prints(&self, words: &[&str]) -> bool {
        let verdicts = self.0["verdicts"].as_array().unwrap();
        let printed = |verdict: &Value| verdict["prints"].as_str().unwrap_or_default().to_owned();
        verdicts.iter().map(printed).any(|printed| words.iter().any(|word| printed.contains(word)))
    }
}

/// The recorded cases of a daemon.
pub(crate) fn conformance(daemon: &str) -> Vec<Recorded> {
    let path = format!("{}/../conformance/{daemon}.jsonl", env!("CARGO_MANIFEST_DIR"));
    let lines = std::fs::read_to_string(path).unwrap();
    let all = lines.lines().map(|line| Recorded(serde_json::from_str(line).unwrap()));
    // Bytes that are not UTF-8 reach no reader.
    all.filter(|case| case.0["encoding"].is_null()).collect()
}

/// A text that people wrote.
pub(crate) struct Real {
    pub(crate) path: String,
    pub(crate) text: String,
    pub(crate) format: Format,
    /// Whether the syntax is in order; nothing if that is not recorded.
    pub(crate) parses: Option<bool>,
}

/// The texts of the corpus, then those that daemons were given.
pub(crate) fn texts(format: Format) -> Vec<Real> {
    let of_format = |path: &str| format_of(path) == Some(format);
    let corpus = own::texts().into_iter().filter(|text| of_format(&text.path));
    let mut all: Vec<Real> =
        corpus.map(|text| Real { path: text.path, text: text.text, format, parses: text.parses }).collect();
    assert!(!all.is_empty(), "the corpus has no text of {format:?}");
    for daemon in ["containerd", "containerd-hosts", "docker", "docker-validate", "kubelet"] {
        for case in conformance(daemon) {
            let files = case.0["files"].as_object().unwrap().iter().filter(|(path, _)| of_format(path));
            let text = |text: &Value| text.as_str().unwrap().to_owned();
            all.extend(files.map(|(path, t)| Real { path: path.clone(), text: text(t), format, parses: None }));
        }
    }
    all
}

/// The format of a file of that path.
fn format_of(path: &str) -> Option<Format> {
    match path.rsplit('.').next()? {
        "toml" => Some(Format::Toml),
        "json" => Some(Format::Json),
        "yaml" | "yml" => Some(Format::Yaml),
        "conf" if path.contains("kubelet.conf.d") => Some(Format::Yaml),
        "service" | "conf" => Some(Format::Unit),
        "env" => Some(Format::Env),
        _ => path.contains("/default/").then_some(Format::Env),
    }
}

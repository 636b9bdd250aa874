//! Texts beyond the pages: the recorded cases of real daemons.

use crilint_core::syntax::Format;
use serde_json::Value;

/// A configuration, and what daemons said to it.
pub(crate) struct Recorded(Value);

impl Recorded {
    /// The texts of the files whose path ends with `name`.
    pub(crate) fn texts(&self, name: &str) -> Vec<&str> {
        let files = self.0["files"].as_object().unwrap();
        files.iter().filter(|(path, _)| path.ends_with(name)).map(|(_, text)| text.as_str().unwrap()).collect()
    }

    /// Whether a daemon said one of these words.
    pub(crate) fn says(&self, words: &[&str]) -> bool {
        let verdicts = self.0["verdicts"].as_array().unwrap();
        let says = |verdict: &Value| verdict["says"].as_str().unwrap_or_default().to_owned();
        verdicts.iter().map(says).any(|said| words.iter().any(|word| said.contains(word)))
    }
}

/// The recorded cases of a daemon.
pub(crate) fn conformance(daemon: &str) -> Vec<Recorded> {
    let path = format!("{}/../conformance/{daemon}.jsonl", env!("CARGO_MANIFEST_DIR"));
    let lines = std::fs::read_to_string(path).unwrap();
    lines.lines().map(|line| Recorded(serde_json::from_str(line).unwrap())).collect()
}

/// Texts that daemons were given.
pub(crate) fn texts(format: Format) -> Vec<String> {
    let (daemons, name): (&[&str], &str) = match format {
        Format::Toml => (&["containerd", "containerd-hosts"], ".toml"),
        Format::Json => (&["docker", "docker-validate"], ".json"),
        Format::Yaml => (&["kubelet"], ".yaml"),
        Format::Unit => (&["docker", "kubelet"], ".service"),
        Format::Env => (&["docker", "kubelet"], ".env"),
    };
    let cases: Vec<_> = daemons.iter().flat_map(|daemon| conformance(daemon)).collect();
    cases.iter().flat_map(|case| case.texts(name)).map(str::to_owned).collect()
}

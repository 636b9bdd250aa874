//! `core/data/kubelet-checks.toml` -> tables of what the kubelet checks.

use std::fmt::Write as _;

use serde::Deserialize;

use super::output::Output;

const P: &str = "Kubernetes";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckFile {
    range: Vec<Range>,
    words: Vec<Words>,
    gated: Vec<Gated>,
    pair: Vec<Pair>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Range {
    path: String,
    min: f64,
    max: Option<f64>,
    #[serde(default)]
    above: bool,
    multiple_of: Option<u32>,
    #[serde(default)]
    zero: String,
    #[serde(default)]
    duration: bool,
    #[serde(default)]
    gate: String,
    since: Option<String>,
    until: Option<String>,
    prints: String,
    #[serde(rename = "source")]
    _source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    path: String,
    allowed: Vec<String>,
    #[serde(default)]
    gate: String,
    since: Option<String>,
    until: Option<String>,
    #[serde(default)]
    prints: String,
    #[serde(rename = "source")]
    _source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Gated {
    path: String,
    gate: String,
    when: String,
    #[serde(default)]
    only_with: String,
    since: Option<String>,
    until: Option<String>,
    prints: String,
    #[serde(rename = "source")]
    _source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pair {
    path: String,
    relation: String,
    other: String,
    #[serde(default)]
    value: String,
    #[serde(default)]
    by_default: bool,
    #[serde(default)]
    gate: String,
    since: Option<String>,
    until: Option<String>,
    prints: String,
    #[serde(rename = "source")]
    _source: String,
}

impl Output {
    /// Writes the four tables.
    pub fn checks(&mut self, file: &CheckFile) -> Result<(), String> {
        let mut code = String::from("pub(crate) static KUBELET_RANGES: &[AllowedRange] = &[\n");
        for row in &file.range {
            let zero = match row.zero.as_str() {
                "" => "Number",
                "default" => "Default",
                "off" => "Off",
                other => return Err(format!("{}: zero = {other:?}", row.path)),
            };
            let max = row.max.map_or("f64::INFINITY".to_owned(), |max| format!("{max:?}"));
            let _ = writeln!(
                code,
                "    AllowedRange {{ {}, min: {:?}, max: {max}, above: {}, multiple_of: {}, zero: Zero::{zero}, duration: {}, releases: Set({}) }},",
                self.common(&row.path, &row.gate, &row.prints),
                row.min,
                row.above,
                row.multiple_of.unwrap_or(1),
                row.duration,
                self.releases_of(&row.since, &row.until)?
            );
        }
        code.push_str("];\n\npub(crate) static KUBELET_WORDS: &[AllowedWords] = &[\n");
        for row in &file.words {
            let _ = writeln!(
                code,
                "    AllowedWords {{ {}, allowed: Text({}), releases: Set({}) }},",
                self.common(&row.path, &row.gate, &row.prints),
                self.text(&row.allowed.join("|")),
                self.releases_of(&row.since, &row.until)?
            );
        }
        code.push_str("];\n\npub(crate) static KUBELET_GATED: &[Gated] = &[\n");
        for row in &file.gated {
            let when = match row.when.split_once(' ') {
                None if row.when == "set" => "Set".to_owned(),
                None if row.when == "nonzero" => "Nonzero".to_owned(),
                None if row.when == "positive" => "Positive".to_owned(),
                Some(("is", value)) => format!("Is(Text({}))", self.text(value)),
                Some(("not", value)) => format!("Not(Text({}))", self.text(value)),
                _ => return Err(format!("{}: when = {:?}", row.path, row.when)),
            };
            let _ = writeln!(
                code,
                "    Gated {{ {}, when: When::{when}, only_with: Text({}), releases: Set({}) }},",
                self.common(&row.path, &row.gate, &row.prints),
                self.text(&row.only_with),
                self.releases_of(&row.since, &row.until)?
            );
        }
        code.push_str("];\n\npub(crate) static KUBELET_PAIRS: &[Pair] = &[\n");
        for row in &file.pair {
            let relation = match row.relation.as_str() {
                "needs" => "Needs",
                "excludes" => "Excludes",
                other => return Err(format!("{}: relation = {other:?}", row.path)),
            };
            let _ = writeln!(
                code,
                "    Pair {{ {}, relation: Relation::{relation}, other: Text({}), value: Text({}), by_default: {}, releases: Set({}) }},",
                self.common(&row.path, &row.gate, &row.prints),
                self.text(&row.other),
                self.text(&row.value),
                row.by_default,
                self.releases_of(&row.since, &row.until)?
            );
        }
        code.push_str("];\n\n");
        self.code.push_str(&code);
        Ok(())
    }

    fn common(&mut self, path: &str, gate: &str, prints: &str) -> String {
        let [path, gate, prints] = [path, gate, prints].map(|text| self.text(text));
        format!("path: Text({path}), gate: Text({gate}), prints: Text({prints})")
    }

    /// The number of the set of releases.
    fn releases_of(&mut self, since: &Option<String>, until: &Option<String>) -> Result<u16, String> {
        let set = self.range(P, since.as_deref(), until.as_deref())?;
        Ok(self.set(set))
    }
}

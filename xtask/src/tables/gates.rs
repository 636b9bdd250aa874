//! The kubelet's flags and feature gates.

use std::fmt::Write as _;

use super::output::{Output, numbers};
use crate::data::{Flag, Gate};

const P: &str = "Kubernetes";

impl Output {
    pub fn flags(&mut self, flags: &[Flag]) -> Result<(), String> {
        let mut rows: Vec<&Flag> = flags.iter().collect();
        rows.sort_by(|a, b| a.name.cmp(&b.name));
        let mut code = String::from("pub(crate) static KUBELET_FLAGS: &[KubeletFlag] = &[\n");
        for flag in rows {
            let mut releases = self.of(P)?.from(&flag.since)?;
            if let Some(removed_in) = &flag.removed_in {
                releases &= !self.of(P)?.from(removed_in)?;
            }
            let deprecated = self.part_from(P, flag.deprecated.as_deref(), releases)?;
            let (releases, deprecated) = (self.set(releases), self.set(deprecated));
            let texts = [&flag.name, &flag.key, &flag.deprecation, &flag.note, &flag.instead, &flag.source];
            let texts = texts.map(|text| self.text(text));
            let reads = reads(&flag.ty)?;
            let _ = writeln!(code, "    flag({texts:?}, Reads::{reads}, {releases}, {deprecated}, {}),", flag.secret);
        }
        self.code.push_str(&code);
        self.code.push_str("];\n\n");
        Ok(())
    }

    pub fn gates(&mut self, gates: &[Gate]) -> Result<(), String> {
        let mut rows: Vec<&Gate> = gates.iter().collect();
        rows.sort_by(|a, b| a.name.cmp(&b.name));
        let mut code = String::from("pub(crate) static FEATURE_GATES: &[Gate] = &[\n");
        for gate in rows {
            let life = self.life(gate)?;
            let name = self.text(&gate.name);
            let first = self.first_of(&life);
            let _ = writeln!(code, "    gate({name}, {first}, {}),", life.len());
        }
        self.code.push_str(&code);
        self.code.push_str("];\n\npub(crate) static STAGES: &[Stage] = &[\n");
        for stage in &self.stages {
            let _ = writeln!(self.code, "    {stage},");
        }
        self.code.push_str("];\n\n");
        self.dependencies(gates)
    }

    /// Pairs of a gate and one that must be on wherever it is.
    fn dependencies(&mut self, gates: &[Gate]) -> Result<(), String> {
        let mut code = String::from("pub(crate) static DEPENDENCIES: &[(Text, Text, Set)] = &[\n");
        for gate in gates {
            for depend in &gate.depends {
                let set = self.range(P, Some(&depend.from), depend.to.as_deref())?;
                let (name, on, set) = (self.text(&gate.name), self.text(&depend.on), self.set(set));
                let _ = writeln!(code, "    (Text({name}), Text({on}), Set({set})),");
            }
        }
        code.push_str("];\n\n");
        self.code.push_str(&code);
        Ok(())
    }

    /// The stages of a gate, as code.
    fn life(&mut self, gate: &Gate) -> Result<Vec<String>, String> {
        let removed = gate.removed_in.as_ref().map_or(Ok(0), |id| self.of(P)?.from(id))?;
        let mut life = vec![];
        for stage in &gate.stages {
            let mut releases = self.of(P)?.from(&stage.from)? & !removed;
            if let Some(to) = &stage.to {
                // 1.10 is the first release in releases.toml.
                releases &= if numbers(to) < numbers("1.10") { 0 } else { self.of(P)?.upto(to)? };
            }
            let kind = match stage.stage.to_lowercase().as_str() {
                "alpha" => "Alpha",
                "beta" => "Beta",
                "ga" => "Stable",
                "deprecated" => "Deprecated",
                other => return Err(format!("{}: unknown stage {other:?}", gate.name)),
            };
            let set = self.set(releases);
            life.push(format!("stage(StageKind::{kind}, {}, {}, {set})", stage.default, stage.locked));
        }
        Ok(life)
    }

    /// The index of a life among all stages; a new life is added.
    fn first_of(&mut self, life: &[String]) -> usize {
        let known = self.stages.windows(life.len().max(1)).position(|window| window == life);
        known.unwrap_or_else(|| {
            self.stages.extend_from_slice(life);
            self.stages.len() - life.len()
        })
    }
}

/// How a flag's value is read.
fn reads(ty: &str) -> Result<&'static str, String> {
    Ok(match ty {
        "" => "Text",
        "bool" => "Bool",
        "int32" => "Int(32)",
        "int64" => "Int(64)",
        "uint64" => "Uint",
        "float" => "Float",
        "duration" => "Duration",
        "ip" => "Ip",
        "list<string>" => "List",
        "map<string>" => "Map",
        "map<bool>" => "Gates",
        other => return Err(format!("unknown type of a flag: {other:?}")),
    })
}

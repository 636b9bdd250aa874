//! `core/data/*.toml` -> `core/src/keys/tables.rs` and `tables.txt`.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::path::Path;

use crate::data::{self, Flag, Gate, Key, KeyFile, Product, ReleaseFile};

/// A generated file: its path below the root, and its text.
pub type Generated = (String, String);

/// Generates the tables.
pub fn generate(root: &Path) -> Result<Vec<Generated>, String> {
    let releases: ReleaseFile = data::read(root, "releases.toml")?;
    check_defaults(&releases)?;
    let mut out = Output::new(&releases);
    out.releases(&releases);
    let containerd: KeyFile = data::read(root, "containerd.toml")?;
    for (version, admitted) in [(1, "1.0"), (2, "1.3"), (3, "2.0"), (4, "2.3")] {
        let keys = containerd.key.iter().filter(|k| k.config.contains(&version));
        let name = format!("CONTAINERD_V{version}");
        out.table(&name, "Containerd", keys, Some(admitted))?;
    }
    let kinds = [
        ("HOSTS", "hosts.toml", "Containerd"),
        ("KUBELET", "kubelet.toml", "Kubernetes"),
        ("CRICTL", "crictl.toml", "Kubernetes"),
        ("DOCKER", "docker.toml", "Docker"),
    ];
    for (name, file, product) in kinds {
        let keys: KeyFile = data::read(root, file)?;
        out.table(name, product, keys.key.iter(), None)?;
        out.ignored(&keys);
    }
    let flags: data::FlagFile = data::read(root, "kubelet-flags.toml")?;
    out.flags(&flags.flag)?;
    let gates: data::GateFile = data::read(root, "feature-gates.toml")?;
    out.gates(&gates.gate)?;
    out.checks(&data::read(root, "kubelet-checks.toml")?)?;
    Ok(out.finish())
}

/// `default = true` must follow from the support dates, so that nobody chooses by feeling.
fn check_defaults(file: &ReleaseFile) -> Result<(), String> {
    let limit = six_months_before(&file.as_of);
    for product in file.product.iter().filter(|p| p.id != "docker") {
        for release in &product.releases {
            let maintained = release.end.as_ref().is_none_or(|end| *end >= limit);
            if release.default != (maintained && !release.preview) {
                return Err(format!(
                    "releases.toml: {} {}: `default` does not follow from `end`",
                    product.id, release.id
                ));
            }
        }
    }
    Ok(())
}

fn six_months_before(date: &str) -> String {
    let number = |range: std::ops::Range<usize>| date.get(range).and_then(|t| t.parse::<u32>().ok()).unwrap_or(0);
    let months = number(0..4) * 12 + number(5..7) - 1 - 6;
    format!("{:04}-{:02}{}", months / 12, months % 12 + 1, date.get(7..).unwrap_or_default())
}

pub struct Output<'a> {
    products: &'a [Product],
    code: String,
    texts: Vec<String>,
    numbers: HashMap<String, u16>,
}

impl<'a> Output<'a> {
    fn new(releases: &'a ReleaseFile) -> Self {
        let mut out = Self {
            products: &releases.product,
            code: String::from(
                "// Generated from core/data by `cargo xtask gen`. Do not edit.\n\n\
                 use super::checks::{Gated, Range, When, Words, Zero};\nuse super::flags::{Flag, Reads};\nuse super::gates::{Gate, Stage, StageKind};\n\
                 use super::{KeySpec, Part, Table, Text, Type, key as k, part as p, types::Item};\n\
                 use crate::releases::{Product, Release};\n\n",
            ),
            texts: vec![],
            numbers: HashMap::new(),
        };
        out.text("");
        out
    }

    /// The number of a text.
    pub fn text(&mut self, text: &str) -> u16 {
        if let Some(n) = self.numbers.get(text) {
            return *n;
        }
        assert!(!text.contains('\n'), "texts are one line: {text:?}");
        #[allow(clippy::expect_used, reason = "a table that outgrows its numbers must stop the build")]
        let n = u16::try_from(self.texts.len()).expect("fewer than 65536 texts");
        self.texts.push(text.to_owned());
        self.numbers.insert(text.to_owned(), n);
        n
    }

    fn releases(&mut self, file: &ReleaseFile) {
        for product in &file.product {
            let _ = writeln!(self.code, "pub(crate) static {}_RELEASES: &[Release] = &[", product.id.to_uppercase());
            for r in &product.releases {
                let _ = writeln!(
                    self.code,
                    "    Release {{ id: {:?}, default: {}, preview: {} }},",
                    r.id, r.default, r.preview
                );
            }
            self.code.push_str("];\n\n");
        }
    }

    fn ids(&self, product: &str) -> Result<&'a [data::Release], String> {
        let found = self.products.iter().find(|p| p.id == product.to_lowercase());
        found.map(|p| p.releases.as_slice()).ok_or_else(|| format!("no product {product}"))
    }

    /// The index of the first known release that is not before `id`, and whether it is `id` itself.
    fn position(&self, product: &str, id: &str) -> Result<(usize, bool), String> {
        let releases = self.ids(product)?;
        let wanted = numbers(id);
        for (i, release) in releases.iter().enumerate() {
            let known = numbers(&release.id);
            let cut = &wanted[..known.len().min(wanted.len())];
            if cut == known.as_slice() {
                return Ok((i, true));
            }
            if cut < known.as_slice() {
                return Ok((i, false));
            }
        }
        Err(format!("{product} {id}: no such release in releases.toml"))
    }

    /// The releases from `id` on.
    pub fn from(&self, product: &str, id: &str) -> Result<u64, String> {
        Ok(u64::MAX << self.position(product, id)?.0)
    }

    /// The releases up to `id`.
    pub fn upto(&self, product: &str, id: &str) -> Result<u64, String> {
        let (i, exact) = self.position(product, id)?;
        let count = i + usize::from(exact);
        Ok((1u64 << count) - 1)
    }

    fn before(&self, product: &str, id: &str) -> Result<u64, String> {
        Ok((1u64 << self.position(product, id)?.0) - 1)
    }

    fn table<'k>(
        &mut self,
        name: &str,
        product: &str,
        keys: impl Iterator<Item = &'k Key>,
        admitted: Option<&str>,
    ) -> Result<(), String> {
        let mut rows: Vec<(Vec<String>, &Key)> = keys.map(|k| (split_path(&k.path), k)).collect();
        rows.sort_by(|a, b| a.0.cmp(&b.0));
        let mut tree = Tree::default();
        for (i, (path, key)) in rows.iter().enumerate() {
            if tree.insert(path, i).is_some() {
                return Err(format!("{name}: {} stands twice", key.path));
            }
        }
        let mut specs = String::new();
        for (_, key) in &rows {
            let line = self.spec(product, key, admitted).map_err(|e| format!("{name}: {}: {e}", key.path))?;
            let _ = writeln!(specs, "    {line},");
        }
        let mut parts = String::new();
        for part in tree.flatten() {
            let text = self.text(&part.name);
            let key = part.key.map_or(0, |k| k + 1);
            let _ = writeln!(parts, "    p({text}, {}, {}, {key}),", part.first, part.len);
        }
        let _ = write!(
            self.code,
            "pub(crate) static {name}: Table = Table {{ product: Product::{product}, parts: {name}_PARTS, keys: {name}_KEYS }};\n\n\
             static {name}_KEYS: &[KeySpec] = &[\n{specs}];\n\nstatic {name}_PARTS: &[Part] = &[\n{parts}];\n\n"
        );
        Ok(())
    }

    fn spec(&mut self, product: &str, key: &Key, admitted: Option<&str>) -> Result<String, String> {
        let mut releases = match &key.since {
            Some(since) => self.from(product, since)?,
            None if key.unreachable => 0,
            None => u64::MAX,
        };
        if let Some(until) = &key.until {
            releases &= self.upto(product, until)?;
        }
        if let Some(admitted) = admitted {
            releases &= self.from(product, admitted)?;
        }
        let mut lost = 0;
        for id in &key.lost_in {
            lost |= 1 << self.position(product, id)?.0;
        }
        releases &= !lost;
        let deprecated = match &key.deprecated {
            Some(id) => self.from(product, id)? & releases,
            None => 0,
        };
        let flags = [
            key.enforced,
            key.ignore_case,
            key.no_effect,
            key.zero_is_default,
            key.unreachable,
            key.platform == "linux",
            key.platform == "windows",
        ];
        let flags = flags.iter().enumerate().fold(0, |all, (i, on)| all | u8::from(*on) << i);
        let removal = match (&key.removal, &key.removed_in) {
            (text, _) if !text.is_empty() => text.clone(),
            (_, Some(id)) => format!("removed in {id}"),
            _ => String::new(),
        };
        let notes = [&key.note, &key.constraint, &key.only_for];
        let notes: Vec<_> = notes.iter().filter(|n| !n.is_empty()).map(|n| n.as_str()).collect();
        let patch = match &key.since {
            _ if !key.first_patch.is_empty() => key.first_patch.join(", "),
            Some(since) if is_patch(product, since) => since.clone(),
            _ => String::new(),
        };
        let texts = [
            key.path.as_str(),
            &key.format,
            &key.values.join("|"),
            &defaults(key)?,
            &removal,
            &key.replaced_by,
            &patch,
            &key.flag,
            &key.doc,
            &notes.join("; "),
            &key.source,
        ]
        .map(|text| self.text(text));
        let ty = type_code(&key.ty)?;
        Ok(format!("k({ty}, [{releases:#x}, {lost:#x}, {deprecated:#x}], {flags}, {texts:?})"))
    }

    fn ignored(&mut self, file: &KeyFile) {
        if file.ignored.is_empty() {
            return;
        }
        let mut rows: Vec<_> = file.ignored.iter().map(|i| (i.flag.clone(), i.key.clone())).collect();
        rows.sort();
        self.code.push_str("/// Flag names that daemon.json accepts and ignores, with the key that works.\n");
        self.code.push_str("pub(crate) static DOCKER_IGNORED: &[(Text, Text)] = &[\n");
        for (flag, key) in rows {
            let line = format!("    (Text({}), Text({})),\n", self.text(&flag), self.text(&key));
            self.code.push_str(&line);
        }
        self.code.push_str("];\n\n");
    }

    fn flags(&mut self, flags: &[Flag]) -> Result<(), String> {
        let mut rows: Vec<&Flag> = flags.iter().collect();
        rows.sort_by(|a, b| a.name.cmp(&b.name));
        let mut code = String::from("pub(crate) static KUBELET_FLAGS: &[Flag] = &[\n");
        for flag in rows {
            const P: &str = "Kubernetes";
            let mut releases = self.from(P, &flag.since)?;
            if let Some(gone) = &flag.removed_in {
                releases &= self.before(P, gone)?;
            }
            let deprecated = match &flag.deprecated {
                Some(id) => self.from(P, id)? & releases,
                None => 0,
            };
            let _ = writeln!(
                code,
                "    Flag {{ name: Text({}), reads: Reads::{}, key: Text({}), releases: {releases:#x}, deprecated: {deprecated:#x}, deprecation: Text({}), note: Text({}), source: Text({}) }},",
                self.text(&flag.name),
                reads(&flag.ty)?,
                self.text(&flag.key),
                self.text(&flag.deprecation),
                self.text(&flag.note),
                self.text(&flag.source),
            );
        }
        self.code.push_str(&code);
        self.code.push_str("];\n\n");
        Ok(())
    }

    fn gates(&mut self, gates: &[Gate]) -> Result<(), String> {
        const P: &str = "Kubernetes";
        let mut rows: Vec<&Gate> = gates.iter().collect();
        rows.sort_by(|a, b| a.name.cmp(&b.name));
        let mut code = String::from("pub(crate) static FEATURE_GATES: &[Gate] = &[\n");
        for gate in rows {
            let removed = match &gate.removed_in {
                Some(id) => self.from(P, id)?,
                None => 0,
            };
            let mut stages = String::new();
            for stage in &gate.stages {
                let mut releases = self.from(P, &stage.from)? & !removed;
                if let Some(to) = &stage.to {
                    releases &= if numbers(to) < numbers("1.10") { 0 } else { self.upto(P, to)? };
                }
                let kind = match stage.stage.to_lowercase().as_str() {
                    "alpha" => "Alpha",
                    "beta" => "Beta",
                    "ga" => "Stable",
                    "deprecated" => "Deprecated",
                    other => return Err(format!("{}: no stage {other:?}", gate.name)),
                };
                let _ = write!(
                    stages,
                    "Stage {{ kind: StageKind::{kind}, default: {}, locked: {}, releases: {releases:#x} }}, ",
                    stage.default, stage.locked
                );
            }
            let mut depends = String::new();
            for depend in &gate.depends {
                let upto = depend.to.as_ref().map_or(Ok(u64::MAX), |to| self.upto(P, to))?;
                let releases = self.from(P, &depend.from)? & upto;
                let _ = write!(depends, "(Text({}), {releases:#x}), ", self.text(&depend.on));
            }
            let _ = writeln!(
                code,
                "    Gate {{ name: Text({}), stages: &[{}], depends: &[{}] }},",
                self.text(&gate.name),
                stages.trim_end_matches(", "),
                depends.trim_end_matches(", ")
            );
        }
        self.code.push_str(&code);
        self.code.push_str("];\n\n");
        Ok(())
    }

    /// Adds code.
    pub fn push(&mut self, code: &str) {
        self.code.push_str(code);
    }

    fn finish(mut self) -> Vec<Generated> {
        let mut starts = String::new();
        let mut at = 0;
        for (i, text) in self.texts.iter().enumerate() {
            let _ = write!(starts, "{}{at},", if i % 16 == 0 { "\n    " } else { " " });
            at += text.len() + 1;
        }
        let _ = write!(starts, " {at},");
        let _ = write!(
            self.code,
            "pub(crate) static TEXT: &str = include_str!(\"tables.txt\");\n\npub(crate) static TEXT_STARTS: &[u32] = &[{starts}\n];\n"
        );
        let mut texts = self.texts.join("\n");
        texts.push('\n');
        vec![("core/src/keys/tables.rs".into(), self.code), ("core/src/keys/tables.txt".into(), texts)]
    }
}

/// `29.2.0` -> [29, 2, 0].
fn numbers(id: &str) -> Vec<u32> {
    id.split('.').map(|n| n.parse().unwrap_or(0)).collect()
}

/// Whether `since` names a later patch than the first of its release, which is worth telling.
fn is_patch(product: &str, since: &str) -> bool {
    let parts = numbers(since);
    product == "Docker"
        && parts.first().is_some_and(|major| *major >= 23)
        && parts.get(1..).is_some_and(|p| p.iter().any(|n| *n > 0))
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
        other => return Err(format!("no type of flags {other:?}")),
    })
}

fn type_code(ty: &str) -> Result<&'static str, String> {
    Ok(match ty {
        "any" => "Type::Any",
        "bool" => "Type::Bool",
        "int" => "Type::Int",
        "float" => "Type::Float",
        "string" => "Type::String",
        "duration" => "Type::Duration",
        "bytes" => "Type::Bytes",
        "table" => "Type::Table",
        "list<string>" => "Type::List(Item::String)",
        "list<int>" => "Type::List(Item::Int)",
        "list<table>" => "Type::List(Item::Table)",
        "map<any>" => "Type::Map(Item::Any)",
        "map<bool>" => "Type::Map(Item::Bool)",
        "map<string>" => "Type::Map(Item::String)",
        "map<table>" => "Type::Map(Item::Table)",
        "map<list<string>>" => "Type::Map(Item::ListOfString)",
        "map<map<string>>" => "Type::Map(Item::MapOfString)",
        "map<string|int>" => "Type::Map(Item::StringOrInt)",
        "map<string|list<string>>" => "Type::Map(Item::StringOrList)",
        "string|int" => "Type::StringOrInt",
        "string|list<string>" => "Type::StringOrList",
        "string|list<string>|list<list<string>>" => "Type::StringOrLists",
        other => return Err(format!("no type {other:?}")),
    })
}

fn defaults(key: &Key) -> Result<String, String> {
    let show = |value: &toml::Value| value.to_string().trim().replace('\n', " ");
    if let Some(value) = &key.default {
        return Ok(show(value));
    }
    let mut all = vec![];
    for pair in &key.defaults {
        match pair.as_slice() {
            [since] => all.push(format!("{}\u{1e}", since.as_str().ok_or("a default's release is text")?)),
            [since, value] => {
                all.push(format!("{}\u{1e}{}", since.as_str().ok_or("a default's release is text")?, show(value)))
            }
            _ => return Err("`defaults` holds pairs".into()),
        }
    }
    Ok(all.join("\u{1f}"))
}

/// `plugins."a.b".c[].d` -> plugins, a.b, c, [], d.
fn split_path(path: &str) -> Vec<String> {
    let mut parts = vec![];
    let mut rest = path;
    while !rest.is_empty() {
        let (part, tail) = match rest.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
            None => match rest.find(['.', '[']) {
                Some(0) if rest.starts_with("[]") => ("[]", &rest[2..]),
                Some(at) => (&rest[..at], &rest[at..]),
                None => (rest, ""),
            },
        };
        parts.push(part.to_owned());
        rest = tail.strip_prefix('.').unwrap_or(tail);
    }
    parts
}

#[derive(Default)]
struct Tree {
    key: Option<usize>,
    children: BTreeMap<String, Self>,
}

struct FlatPart {
    name: String,
    first: usize,
    len: usize,
    key: Option<usize>,
}

impl Tree {
    fn insert(&mut self, path: &[String], key: usize) -> Option<usize> {
        match path {
            [] => self.key.replace(key),
            [head, rest @ ..] => self.children.entry(head.clone()).or_default().insert(rest, key),
        }
    }

    /// Breadth first, so that the children of each part lie together.
    fn flatten(&self) -> Vec<FlatPart> {
        let mut queue = vec![(String::new(), self)];
        let mut flat: Vec<FlatPart> = vec![];
        let mut i = 0;
        while let Some((name, tree)) = queue.get(i).map(|(n, t)| (n.clone(), *t)) {
            flat.push(FlatPart { name, first: queue.len(), len: tree.children.len(), key: tree.key });
            queue.extend(tree.children.iter().map(|(n, t)| (n.clone(), t)));
            i += 1;
        }
        flat
    }
}

//! The key tables: rows, and the tree of path parts that finds them.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::output::{Output, first_patch, removal};
use crate::data::{Key, KeyFile};

impl Output<'_> {
    pub fn table<'k>(
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
        let mut releases = self.range(product, key.since.as_deref(), key.until.as_deref())?;
        if key.unreachable && key.since.is_none() {
            releases = 0;
        }
        if let Some(admitted) = admitted {
            releases &= self.from(product, admitted)?;
        }
        let mut lost = 0;
        for id in &key.lost_in {
            lost |= 1 << self.position(product, id)?.0;
        }
        releases &= !lost;
        let deprecated = self.part_from(product, key.deprecated.as_deref(), releases)?;
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
        let notes = [&key.note, &key.constraint, &key.only_for];
        let notes: Vec<_> = notes.iter().filter(|n| !n.is_empty()).map(|n| n.as_str()).collect();
        let patch = match key.first_patch.join(", ") {
            patches if patches.is_empty() => first_patch(product, key.since.as_deref()).to_owned(),
            patches => patches,
        };
        let texts = [key.path.as_str(), &key.doc, &defaults(key)?, &key.source].map(|text| self.text(text));
        let details = [
            key.format.as_str(),
            &key.values.join("|"),
            &removal(&key.removal, key.removed_in.as_deref()),
            &key.replaced_by,
            &patch,
            &key.flag,
            &notes.join("; "),
        ]
        .map(|text| self.text(text));
        let details = if details == [0; 7] { 0 } else { self.details.number(format!("d({details:?})")) };
        let sets = [releases, lost, deprecated].map(|set| self.set(set));
        let ty = type_code(&key.ty)?;
        Ok(format!("k({ty}, {flags}, {texts:?}, {sets:?}, {details})"))
    }

    pub fn ignored(&mut self, file: &KeyFile) {
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

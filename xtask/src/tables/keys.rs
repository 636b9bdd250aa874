//! The key tables: rows, and the tree of path parts that finds them.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::output::{Output, removal};
use crate::data::{Key, KeyFile};

impl Output {
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
                return Err(format!("{name}: {} occurs twice", key.path));
            }
        }
        let mut specs = String::new();
        let mut plugins: BTreeMap<&str, u128> = BTreeMap::new();
        for (path, key) in &rows {
            if let Some(plugin) = plugin_of(path) {
                *plugins.entry(plugin).or_default() |= self.releases_with(product, key, admitted)?;
            }
        }
        for releases in plugins.values_mut() {
            *releases = self.of(product)?.edges(*releases);
        }
        for (path, key) in &rows {
            // Where a plugin begins with a patch, its name is enough.
            let of_plugin = plugin_of(path).and_then(|plugin| plugins.get(plugin)).copied().unwrap_or(0);
            let line =
                self.spec(product, key, admitted, of_plugin).map_err(|e| format!("{name}: {}: {e}", key.path))?;
            let _ = writeln!(specs, "    {line},");
        }
        for (plugin, edges) in plugins {
            self.add_edges(plugin.rsplit('.').next().unwrap_or_default(), edges);
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

    fn spec(&mut self, product: &str, key: &Key, admitted: Option<&str>, of_plugin: u128) -> Result<String, String> {
        let mut releases = self.releases_with(product, key, admitted)?;
        let mut lost = 0;
        for id in &key.lost_in {
            lost |= self.of(product)?.spec(id)?;
        }
        releases &= !lost;
        if admitted.is_some() {
            self.note_edges(key, releases, lost, of_plugin)?;
        }
        let deprecated = self.part_from(product, key.deprecated.as_deref(), releases)?;
        let flags = [
            key.enforced,
            key.ignore_case,
            key.no_effect,
            key.zero_is_default,
            key.unreachable,
            key.platform == "linux",
            key.platform == "windows",
            key.secret,
        ];
        let flags = flags.iter().enumerate().fold(0, |all, (i, on)| all | u8::from(*on) << i);
        let defaults = self.defaults(product, key)?;
        let values = self.values(product, &key.values)?;
        let texts = [key.path.as_str(), &key.doc, &defaults, &key.source].map(|text| self.text(text));
        let details = [
            key.format.as_str(),
            &values,
            &removal(&key.removal, key.removed_in.as_deref()),
            &key.replaced_by,
            &key.flag,
            &notes(key),
        ]
        .map(|text| self.text(text));
        let details = if details == [0; 6] { 0 } else { self.details.number(format!("d({details:?})")) };
        let sets = [releases, lost, deprecated].map(|set| self.set(set));
        let ty = type_code(&key.ty)?;
        Ok(format!("k({ty}, {flags}, {texts:?}, {sets:?}, {details})"))
    }

    /// The releases that have a key, whether or not a migration loses it.
    fn releases_with(&self, product: &str, key: &Key, admitted: Option<&str>) -> Result<u128, String> {
        let mut releases = self.range(product, key.since.as_deref(), key.until.as_deref())?;
        if key.unreachable && key.since.is_none() {
            releases = 0;
        }
        if let Some(admitted) = admitted {
            releases &= self.of(product)?.from(admitted)?;
        }
        for patch in &key.first_patch {
            releases &= !self.of(product)?.patches_before(patch)?;
        }
        Ok(releases)
    }

    /// Notes where patch releases of one release differ in a key.
    fn note_edges(&mut self, key: &Key, releases: u128, lost: u128, of_plugin: u128) -> Result<(), String> {
        let patches = self.of("containerd")?;
        let mut edges = patches.edges(releases) | patches.edges(lost);
        for since in key.defaults.iter().filter_map(|pair| pair.first()?.as_str()) {
            edges |= patches.edges(patches.from(since)?);
        }
        if let Some(name) = split_path(&key.path).last() {
            self.add_edges(name, edges & !of_plugin);
        }
        Ok(())
    }

    fn add_edges(&mut self, name: &str, edges: u128) {
        if edges != 0 {
            *self.edges.entry(name.to_ascii_lowercase()).or_default() |= edges;
        }
    }

    /// Writes where patch releases of containerd differ in a key, by the key's name in small letters.
    pub fn edges(&mut self) {
        self.code.push_str(
            "/// Where patch releases of one release of containerd differ in a key or a plugin, by the last part of its name.\n\
             pub(crate) static CONTAINERD_EDGES: &[(&str, Bits)] = &[\n",
        );
        for (name, edges) in &self.edges {
            let _ = writeln!(self.code, "    ({name:?}, {edges:#x}),");
        }
        self.code.push_str("];\n\n");
    }

    /// Defaults with the first release that has each; see `KeySpec::defaults`.
    fn defaults(&self, product: &str, key: &Key) -> Result<String, String> {
        let show = |value: &toml::Value| value.to_string().trim().replace('\n', " ");
        if let Some(value) = &key.default {
            fits(&key.ty, value)?;
            return Ok(show(value));
        }
        let mut all: Vec<(&str, String)> = vec![];
        for pair in &key.defaults {
            let (since, value) = match pair.as_slice() {
                [since] => (since, String::new()),
                [since, value] => {
                    fits(&key.ty, value)?;
                    (since, show(value))
                }
                _ => return Err("`defaults` holds pairs".into()),
            };
            let since = self.of(product)?.name(since.as_str().ok_or("a default's release is text")?)?;
            if all.iter().any(|(id, _)| *id == since) {
                return Err(format!("two defaults in {since}"));
            }
            all.push((since, value));
        }
        let all: Vec<_> = all.into_iter().map(|(id, value)| format!("{id}\u{1e}{value}")).collect();
        Ok(all.join("\u{1f}"))
    }

    /// Values with the number of the set of releases that have them; see `KeySpec::values_by_release`.
    fn values(&mut self, product: &str, values: &[String]) -> Result<String, String> {
        let mut all = vec![];
        for value in values {
            let Some((name, range)) = value.split_once('@') else {
                all.push(value.clone());
                continue;
            };
            let (since, until) = range.split_once("..").ok_or_else(|| format!("{value}: not a range of releases"))?;
            let some = |id| Some(id).filter(|id: &&str| !id.is_empty());
            let set = self.range(product, some(since), some(until))?;
            all.push(format!("{name}\u{1e}{}", self.set(set)));
        }
        Ok(all.join("|"))
    }

    pub fn ignored(&mut self, file: &KeyFile) -> Result<(), String> {
        if file.ignored.is_empty() {
            return Ok(());
        }
        let mut rows: Vec<_> = file.ignored.iter().collect();
        rows.sort_by(|a, b| a.flag.cmp(&b.flag));
        self.code.push_str("/// Flag names that daemon.json accepts and ignores, with the key that works.\n");
        self.code.push_str("pub(crate) static DOCKER_IGNORED: &[IgnoredFlag] = &[\n");
        for row in rows {
            let releases = self.range("Docker", row.since.as_deref(), None)?;
            let (flag, key, releases) = (self.text(&row.flag), self.text(&row.key), self.set(releases));
            let line =
                format!("    IgnoredFlag {{ flag: Text({flag}), key: Text({key}), releases: Set({releases}) }},\n");
            self.code.push_str(&line);
        }
        self.code.push_str("];\n\n");
        Ok(())
    }
}

/// The plugin that a key of containerd belongs to.
fn plugin_of(path: &[String]) -> Option<&str> {
    match path {
        [section, plugin, ..] if section == "plugins" => Some(plugin),
        _ => None,
    }
}

/// Checks that a default is a value of the key's type: remarks belong into the note.
fn fits(ty: &str, value: &toml::Value) -> Result<(), String> {
    let fits = match ty {
        "bool" => value.is_bool(),
        "int" => value.is_integer(),
        "float" => value.is_float() || value.is_integer(),
        "string" | "duration" | "bytes" => value.as_str().is_some_and(|text| !text.contains(", ")),
        _ if ty.starts_with("list") => value.is_array(),
        _ if ty.starts_with("map") || ty == "table" => value.is_table(),
        _ => true,
    };
    if fits { Ok(()) } else { Err(format!("the default {value} is not of type {ty}")) }
}

/// All texts of a row that have no column, in one line.
fn notes(key: &Key) -> String {
    let named = |name: &str, text: &str| if text.is_empty() { String::new() } else { format!("{name} {text}") };
    let notes = [
        key.note.clone(),
        key.constraint.clone(),
        named("for", &key.only_for),
        named("needs the feature gate", &key.gate),
        named("conflicts:", &key.conflicts.join(", ")),
        named("names:", &key.entries.join(", ")),
        named("environment variable", &key.env),
        if key.reload { "taken over by a reload".into() } else { String::new() },
        if key.relative_to_file { "a relative path starts at the folder of the file".into() } else { String::new() },
    ];
    notes.into_iter().filter(|note| !note.is_empty()).collect::<Vec<_>>().join("; ")
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
        other => return Err(format!("unknown type {other:?}")),
    })
}

/// `plugins."a.b".c[].d` -> plugins, a.b, c, [], d.
pub fn split_path(path: &str) -> Vec<String> {
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

    /// Breadth first, so that the children of each part are adjacent.
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

//! The description of a key, a flag, a feature gate, a driver or a plugin: the same for hover, completion, `explain`,
//! docs.

mod docker;
pub mod find;
mod plugins;

use std::fmt::Write as _;

use crate::containerd;
use crate::keys::flags::KubeletFlag;
use crate::keys::gates::Gate;
use crate::keys::tables::KUBELET;
use crate::keys::{KeySpec, Type, defaults};
use crate::releases::{Product, ReleaseSet};

pub use docker::{driver, driver_opt, ignored_flag};
pub use plugins::{plugin, short_plugin};

/// A description, in the order in which people ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Description {
    /// The key's full path, or the gate's name.
    pub title: String,
    /// What the described thing does.
    pub doc: &'static str,
    /// Facts such as type, default and releases. Code stands in backticks.
    pub facts: Vec<NamedFact>,
    /// Where upstream documents it: `owner/repository@tag:path`.
    pub source: &'static str,
}

/// A named fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedFact {
    /// The subject, in one or two words.
    pub name: &'static str,
    /// The statement.
    pub text: String,
}

impl Description {
    fn add(&mut self, name: &'static str, text: impl Into<String>) {
        self.facts.push(NamedFact { name, text: text.into() });
    }

    /// The fact of this name.
    #[must_use]
    pub fn fact(&self, name: &str) -> Option<&str> {
        self.facts.iter().find(|f| f.name == name).map(|f| f.text.as_str())
    }

    /// Where the source can be read.
    #[must_use]
    pub fn source_url(&self) -> Option<String> {
        source_url(self.source)
    }
}

/// Where a source can be read.
#[must_use]
pub fn source_url(source: &str) -> Option<String> {
    let (repository, rest) = source.split_once('@')?;
    let (tag, path) = rest.split_once(':')?;
    // Further sources and remarks follow behind a blank.
    let path = path.split([' ', ',', ';']).next()?;
    Some(format!("https://github.com/{repository}/blob/{tag}/{path}"))
}

/// Describes a key.
#[must_use]
pub fn key(spec: &KeySpec, product: Product) -> Description {
    let mut out = Description { title: spec.path().to_owned(), doc: spec.doc(), facts: vec![], source: spec.source() };
    out.add("type", type_of(spec));
    if let Some(values) = values(spec, product) {
        out.add("values", values);
    }
    if let Some(defaults) = defaults(spec, product) {
        out.add("default", defaults);
    }
    out.add("releases", releases(spec, product));
    if product == Product::Containerd
        && let Some(versions) = config_versions(spec)
    {
        out.add("config version", versions);
    }
    let deprecated = !spec.deprecated().is_empty() || spec.removal().is_some();
    match (deprecated, spec.replaced_by()) {
        (true, _) => out.add("deprecated", deprecation(spec, product)),
        (false, Some(new)) => out.add("newer place", code(new)),
        (false, None) => {}
    }
    if spec.has_no_effect() {
        out.add("effect", "none: it is read and not used");
    }
    if let Some(flag) = spec.flag() {
        out.add("flag", format!("`{flag}`"));
    }
    if let Some(platform) = spec.platform() {
        out.add("platform", platform);
    }
    if let Some(note) = spec.note() {
        out.add("note", note);
    }
    out
}

/// Describes a feature gate.
#[must_use]
pub fn gate(gate: &Gate) -> Description {
    let mut out = Description { title: gate.name().to_owned(), doc: "", facts: vec![], source: "" };
    for stage in gate.stages() {
        let on = if stage.default { "on" } else { "off" };
        let locked = if stage.locked { ", locked" } else { " by default" };
        out.add(stage.kind.id(), format!("{}: {on}{locked}", stage.releases().describe(Product::Kubernetes)));
    }
    out
}

/// Describes a kubelet flag.
#[must_use]
pub fn flag(flag: &KubeletFlag) -> Description {
    const PRODUCT: Product = Product::Kubernetes;
    let field = flag.key().and_then(|key| KUBELET.keys().iter().find(|k| k.path() == key));
    let doc = field.map_or("", KeySpec::doc);
    let mut out = Description { title: format!("--{}", flag.name()), doc, facts: vec![], source: flag.source() };
    if let Some(key) = flag.key() {
        out.add("field", format!("`{key}`"));
    }
    out.add("releases", format!("{} {}", PRODUCT.title(), flag.releases().describe(PRODUCT)));
    if !flag.deprecated().is_empty() {
        let when = flag.deprecated().describe(PRODUCT);
        out.add("deprecated", flag.deprecation().map_or(when.clone(), |text| format!("{when}, {text}")));
    }
    if let Some(note) = flag.note() {
        out.add("note", note);
    }
    out
}

/// `a string (duration)`.
fn type_of(spec: &KeySpec) -> String {
    let name = spec.ty().name();
    match spec.format() {
        "" => name.to_owned(),
        format => format!("{name} ({format})"),
    }
}

fn values(spec: &KeySpec, product: Product) -> Option<String> {
    let all: Vec<_> = spec
        .values_by_release()
        .map(|(value, set)| match set {
            ReleaseSet::ALL => format!("`{value}`"),
            set => format!("`{value}` ({})", set.describe(product)),
        })
        .collect();
    let others = if spec.values_enforced() { "; others are refused" } else { "" };
    (!all.is_empty()).then(|| format!("{}{others}", all.join(", ")))
}

/// `"a"`, or by release: `"a" in 1.0 to 1.2, none in 1.3 and later`.
fn defaults(spec: &KeySpec, product: Product) -> Option<String> {
    if matches!(spec.ty(), Type::Table) {
        return None;
    }
    let all = defaults::by_release(spec, product);
    let shown = |value: &str| if value.is_empty() { "none".to_owned() } else { format!("`{value}`") };
    let mut text = String::new();
    for (set, value) in &all {
        let joint = if text.is_empty() { "" } else { ", " };
        let _ = write!(text, "{joint}{}", shown(value));
        if all.len() > 1 {
            let _ = write!(text, " in {}", set.describe(product));
        }
    }
    (!text.is_empty()).then_some(text)
}

fn releases(spec: &KeySpec, product: Product) -> String {
    let mut text = match spec.releases().describe(product).as_str() {
        "" => "none".to_owned(),
        set => format!("{} {set}", product.title()),
    };
    if !spec.lost_in().is_empty() {
        let _ = write!(text, "; lost by migration in {}", spec.lost_in().describe(product));
    }
    text
}

/// The config versions in which the key stands at this place.
fn config_versions(spec: &KeySpec) -> Option<String> {
    let has = |version: &i64| {
        containerd::table_of(*version).is_some_and(|t| t.keys().iter().any(|k| k.path() == spec.path()))
    };
    let all: Vec<_> = (1..=4).filter(has).map(|v| v.to_string()).collect();
    (!all.is_empty()).then(|| all.join(", "))
}

fn deprecation(spec: &KeySpec, product: Product) -> String {
    let mut parts = vec![];
    if !spec.deprecated().is_empty() {
        parts.push(spec.deprecated().describe(product));
    }
    parts.extend(spec.removal().map(str::to_owned));
    parts.extend(spec.replaced_by().map(|new| format!("use {}", code(new))));
    parts.join(", ")
}

/// A path as code; a sentence stays one.
fn code(text: &str) -> String {
    if text.contains(' ') { text.to_owned() } else { format!("`{text}`") }
}

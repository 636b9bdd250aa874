//! Completions: keys and values that may stand at the cursor.

use super::cursor::Role;
use super::known::{self, Known};
use super::scene::{self, Scene};
use super::{drivers, flags, hover, inside, plugins};
use crate::describe;
use crate::describe::Description;
use crate::engine::{Options, Source};
use crate::keys::{Item, KeySpec, Place, Type};
use crate::order;
use crate::syntax::edit;
use crate::syntax::path;
use crate::syntax::{Format, Node};
use crate::text::Span;

/// Something that may stand at the cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// The text in the list of completions.
    pub label: String,
    /// The sort of the completion, for its icon.
    pub kind: CompletionKind,
    /// The type and default, or the meaning of the value; may be empty.
    pub detail: String,
    /// The description of the key or value.
    pub about: Option<Description>,
    /// The text that is replaced.
    pub span: Span,
    /// The text that comes.
    pub insert: String,
    /// Works in the target and is announced to go.
    pub deprecated: bool,
}

/// The sort of a completion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CompletionKind {
    /// A key with a value.
    Key,
    /// A table, or a part of its path.
    Table,
    /// A value.
    Value,
    /// A command line flag.
    Flag,
}

impl CompletionKind {
    /// The word for programs.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Key => "key",
            Self::Table => "table",
            Self::Value => "value",
            Self::Flag => "flag",
        }
    }
}

impl Completion {
    /// The description as Markdown; empty if there is none.
    #[must_use]
    pub fn markdown(&self) -> String {
        self.about.as_ref().map(hover::markdown).unwrap_or_default()
    }
}

/// What may stand at a byte offset of a source: keys that the target has and that are not written yet, or values. What
/// is deprecated comes last.
#[must_use]
pub fn complete(source: &Source<'_>, options: &Options, offset: u32) -> Vec<Completion> {
    if let Some(inside) = inside::at(source, offset) {
        let mut found = complete(&inside.source(), options, inside.offset);
        // What has several lines needs the indentation of the text.
        found.retain(|completion| !completion.insert.contains('\n'));
        found.iter_mut().for_each(|completion| completion.span = inside.outer(completion.span));
        return found;
    }
    let Some(file) = scene::file(source, options) else { return vec![] };
    let mut found = flags::complete(&file, offset);
    if let Some(scene) = Scene::new(&file, offset) {
        found.extend(drivers::complete(&scene).unwrap_or_else(|| by_table(&scene)));
    }
    order::by_key(&mut found, |c| c.deprecated);
    found
}

/// What the key table has at the cursor.
fn by_table(scene: &Scene<'_, '_>) -> Vec<Completion> {
    match scene.place() {
        Some(place) if scene.takes_keys(place) => keys(scene, place),
        Some(place) => place.key().map(|key| values(scene, key)).unwrap_or_default(),
        None => vec![],
    }
}

fn keys(scene: &Scene<'_, '_>, place: Place) -> Vec<Completion> {
    if known::is_gates(place) {
        return gates(scene);
    }
    let place = place.item().unwrap_or(place);
    let siblings: Vec<&str> =
        scene.node().map(Node::entries).unwrap_or_default().iter().map(|e| e.key.as_ref()).collect();
    let wanted = |child: &Place| {
        let name = child.name();
        // A written key is only offered where it is being typed.
        !matches!(name, "*" | "[]")
            && (name == scene.word() || scene.cursor.role == Role::Header || !siblings.contains(&name))
    };
    place.children().filter(wanted).filter_map(|child| key(scene, child)).collect()
}

fn key(scene: &Scene<'_, '_>, place: Place) -> Option<Completion> {
    let spec = place.key();
    let is_table = is_table(place);
    // TOML opens a table by its header, and holds plain keys below it.
    let by_header = scene.cursor.role == Role::Header;
    if scene.file.doc.format == Format::Toml && by_header != is_table {
        return None;
    }
    if !is_read(scene, place) {
        return None;
    }
    let about = match spec {
        Some(key) => Some(describe::key(key, scene.table.product())),
        None => plugins::about(scene, place.name()),
    };
    let detail = about.as_ref().map(detail).unwrap_or_default();
    let deprecated = spec.is_some_and(|key| !key.deprecated().and(scene.releases()).is_empty());
    let kind = if is_table { CompletionKind::Table } else { CompletionKind::Key };
    let insert = written(scene, place.name(), kind);
    Some(Completion {
        label: place.name().to_owned(),
        kind,
        detail,
        about,
        span: scene.cursor.word,
        insert,
        deprecated,
    })
}

/// Whether a place holds a table rather than a value.
fn is_table(place: Place) -> bool {
    match place.key().map(KeySpec::ty) {
        Some(Type::Table | Type::Map(_) | Type::List(Item::Table)) => true,
        Some(_) => false,
        None => place.has_children(),
    }
}

/// Whether a release that matters reads the key, or one below it.
fn is_read(scene: &Scene<'_, '_>, place: Place) -> bool {
    match place.key() {
        Some(key) => scene.is_read(key) && scene.fits(key) && !key.has_no_effect(),
        None => place.children().any(|child| is_read(scene, child)),
    }
}

/// `a string, default "0"`.
pub(super) fn detail(about: &Description) -> String {
    let plain = |name| about.fact(name).map(|text| text.replace('`', ""));
    let ty = plain("type").unwrap_or_default();
    match plain("default") {
        Some(default) => format!("{ty}, default {default}"),
        None => ty,
    }
}

/// A key as the format writes it, with what stands between it and its value unless that is there.
pub(super) fn written(scene: &Scene<'_, '_>, name: &str, kind: CompletionKind) -> String {
    let format = scene.file.doc.format;
    let behind =
        scene.file.doc.text.get(scene.cursor.word.end as usize..).unwrap_or("").trim_start_matches([' ', '\t']);
    let has_value = behind.starts_with(['=', ':']);
    let key = match format {
        Format::Json => edit::string(name),
        Format::Toml => path::join(&[name]),
        _ => name.to_owned(),
    };
    let joint = match (format, kind) {
        _ if has_value || scene.cursor.role == Role::Header => "",
        (Format::Toml, _) => " = ",
        (Format::Yaml, CompletionKind::Table) => ":",
        _ => ": ",
    };
    format!("{key}{joint}")
}

fn gates(scene: &Scene<'_, '_>) -> Vec<Completion> {
    let siblings: Vec<&str> =
        scene.node().map(Node::entries).unwrap_or_default().iter().map(|e| e.key.as_ref()).collect();
    let gates = known::gates(scene.releases()).filter(|g| g.name() == scene.word() || !siblings.contains(&g.name()));
    let completions = gates.map(|gate| {
        let about = describe::gate(gate);
        let stage = gate.stages().iter().rev().find(|s| !s.releases().and(scene.releases()).is_empty());
        Completion {
            label: gate.name().to_owned(),
            kind: CompletionKind::Key,
            detail: stage
                .map(|s| format!("{}, {}", s.kind.id(), if s.default { "on" } else { "off" }))
                .unwrap_or_default(),
            about: Some(about),
            span: scene.cursor.word,
            insert: written(scene, gate.name(), CompletionKind::Key),
            // A gate that is locked everywhere only waits to be removed.
            deprecated: stage.is_some_and(|s| s.locked),
        }
    });
    completions.collect()
}

fn values(scene: &Scene<'_, '_>, key: &KeySpec) -> Vec<Completion> {
    // The value of a list is in its items, that of a table in its keys.
    let list = matches!(key.ty(), Type::List(_));
    if list != (scene.cursor.role == Role::Item) {
        return vec![];
    }
    if !scene.fits(key) {
        return vec![];
    }
    known::values(scene, key).into_iter().map(|known| value(scene, known)).collect()
}

fn value(scene: &Scene<'_, '_>, known: Known) -> Completion {
    let Known { text, detail, plain } = known;
    let bare = plain || (scene.file.doc.format == Format::Yaml && is_plain_yaml(&text));
    let insert = if bare { text.clone() } else { edit::string(&text) };
    let about = plugins::about(scene, &text);
    Completion {
        label: text,
        kind: CompletionKind::Value,
        detail: detail.to_owned(),
        about,
        span: scene.cursor.word,
        insert,
        deprecated: false,
    }
}

/// Whether YAML 1.1 reads the text without quotes as a string.
fn is_plain_yaml(text: &str) -> bool {
    const OTHER: [&str; 9] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"];
    let safe = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'/' | b'-' | b'_');
    text.starts_with(char::is_alphabetic)
        && text.bytes().all(safe)
        && !OTHER.iter().any(|word| text.eq_ignore_ascii_case(word))
}

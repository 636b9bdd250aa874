//! Hover: the description of the key or value under the mouse.

use std::fmt::Write as _;

use super::cursor::Role;
use super::scene::{self, Scene};
use super::{drivers, flags, inside, known, plugins};
use crate::describe;
use crate::describe::Description;
use crate::engine::{Options, Source};
use crate::keys::gates;
use crate::text::Span;

/// A description with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hover {
    /// The word that it is about.
    pub span: Span,
    /// The description.
    pub about: Description,
}

impl Hover {
    /// As Markdown.
    #[must_use]
    pub fn markdown(&self) -> String {
        markdown(&self.about)
    }
}

/// The description of the key or value at a byte offset of a source.
#[must_use]
pub fn hover(source: &Source<'_>, options: &Options, offset: u32) -> Option<Hover> {
    if let Some(inside) = inside::at(source, offset) {
        let found = hover(&inside.source(), options, inside.offset)?;
        return Some(Hover { span: inside.outer(found.span), ..found });
    }
    let file = scene::file(source, options)?;
    if let Some(found) = flags::hover(&file, offset) {
        return Some(found);
    }
    let scene = Scene::new(&file, offset)?;
    let span = scene.cursor.word;
    if span.start == span.end {
        return None;
    }
    if let Some(about) = drivers::about(&scene).or_else(|| plugins::about(&scene, scene.word())) {
        return Some(Hover { span, about });
    }
    let place = scene.place()?;
    let place = match scene.cursor.role {
        Role::Header | Role::Key => {
            if known::is_gates(place)
                && let Some(gate) = gates::find(scene.word())
            {
                return Some(Hover { span, about: describe::gate(gate) });
            }
            scene.child(place, scene.word())?
        }
        Role::Value | Role::Item => place,
    };
    let key = place.key().filter(|key| scene.fits(key))?;
    Some(Hover { span, about: describe::key(key, scene.table.product()) })
}

/// A description as Markdown.
#[must_use]
pub(super) fn markdown(about: &Description) -> String {
    let mut out = format!("**`{}`**\n", about.title);
    if !about.doc.is_empty() {
        let _ = write!(out, "\n{}\n", about.doc);
    }
    out.push('\n');
    for fact in &about.facts {
        let _ = writeln!(out, "- {}: {}", fact.name, fact.text);
    }
    if let Some(url) = about.source_url() {
        let _ = write!(out, "\n[Source]({url})\n");
    }
    out
}

//! Flags of the kubelet: the one under the cursor, and those that fit there.

use super::complete::{Completion, CompletionKind};
use super::hover::Hover;
use crate::describe;
use crate::keys::flags::{self, KubeletFlag};
use crate::keys::tables;
use crate::kind::File;
use crate::releases::Product;
use crate::systemd::flags as written;
use crate::systemd::flags::Program;
use crate::text::Span;

/// The flag whose name or value is at the offset.
pub(super) fn hover(file: &File<'_>, offset: u32) -> Option<Hover> {
    if *file.kind != written::KIND {
        return None;
    }
    let has_cursor = |f: &written::Flag<'_>| f.span.start <= offset && offset <= f.span.end;
    let found = written::flags(file).into_iter().find(|f| f.program == Program::Kubelet && has_cursor(f))?;
    Some(Hover { span: found.span, about: describe::flag(flags::kubelet(found.name)?) })
}

/// The flags or values that may stand at the offset.
pub(super) fn complete(file: &File<'_>, offset: u32) -> Vec<Completion> {
    if *file.kind != written::KIND {
        return vec![];
    }
    let Some(word) = word(file.doc.text, offset) else { return vec![] };
    if !is_kubelets(file, word) {
        return vec![];
    }
    match word.of(file.doc.text).split_once('=') {
        Some((name, _)) if offset as usize > word.start as usize + name.len() => {
            let start = word.start as usize + name.len() + 1;
            values(name, Span::new(start, word.end as usize))
        }
        _ => names(file, word),
    }
}

/// The word at the offset, if it begins a flag or may do so.
fn word(text: &str, offset: u32) -> Option<Span> {
    let stop = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '\\');
    let before = text.get(..offset as usize)?;
    let start = before.rfind(stop).map_or(0, |i| i + 1);
    let behind = text.get(offset as usize..)?;
    let end = offset as usize + behind.find(stop).unwrap_or(behind.len());
    // A variable's first word may stand right behind its name.
    let written = text.get(start..end)?;
    let name = if written.starts_with('-') { 0 } else { written.find('=')? + 1 };
    let word = Span::new(start + name, end);
    (word.of(text).starts_with('-') && word.start <= offset).then_some(word)
}

/// Whether the line is part of a command line or variable of the kubelet's.
fn is_kubelets(file: &File<'_>, word: Span) -> bool {
    let before = file.doc.text.get(..word.start as usize).unwrap_or("");
    // Back to the start of the line, over those that go on behind a backslash.
    let mut lines = before.rsplit('\n');
    let mut own = lines.next().unwrap_or("").to_owned();
    own.extend(lines.take_while(|l| l.trim_end().ends_with('\\')));
    own.contains("kubelet") || own.contains("KUBELET")
}

fn names(file: &File<'_>, word: Span) -> Vec<Completion> {
    let releases = file.releases.get(Product::Kubernetes);
    let known = flags::kubelet_all().iter().filter(|flag| !flag.releases().and(releases).is_empty());
    let completion = |flag: &'static KubeletFlag| {
        let about = describe::flag(flag);
        Completion {
            label: format!("--{}", flag.name()),
            kind: CompletionKind::Flag,
            detail: flag.key().map(|key| format!("field {key}")).unwrap_or_default(),
            about: Some(about),
            span: word,
            insert: format!("--{}=", flag.name()),
            deprecated: !flag.deprecated().and(releases).is_empty(),
        }
    };
    known.map(completion).collect()
}

/// The values of the field that a flag stands for.
fn values(name: &str, span: Span) -> Vec<Completion> {
    let flag = flags::kubelet(name.trim_start_matches('-'));
    let key = flag.and_then(KubeletFlag::key).and_then(|key| tables::KUBELET.find(&[key])?.key());
    let value = |text: &str| Completion {
        label: text.to_owned(),
        kind: CompletionKind::Value,
        detail: String::new(),
        about: None,
        span,
        insert: text.to_owned(),
        deprecated: false,
    };
    key.map(|key| key.values().map(value).collect()).unwrap_or_default()
}

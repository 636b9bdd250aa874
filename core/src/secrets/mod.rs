//! Secrets: where they stand in a text, and how reports hide them. Text that is to be applied is never masked.
//!
//! A value is a secret where the key tables mark its key (`secret` in `core/data`), where an unknown name looks like
//! that of one (`names`), and where a URL holds a password (`url`). `tree` finds what has a place in the tree, `scan`
//! what stands in comments, in command lines and in texts that do not read. `mask` hides it in sentences and in source.

mod mask;
mod names;
mod scan;
mod tree;
mod url;

use std::borrow::Cow;

pub use mask::{MASK, Masked};

use crate::finding::Finding;
use crate::kind::EffectiveSetting;
use crate::kind::File;
use crate::text::Span;
use mask::Words;

/// The secrets of the files of a report.
#[derive(Clone, Debug, Default)]
pub struct Secrets {
    files: Vec<Places>,
    /// What the secrets of each node read like.
    nodes: Vec<Words>,
}

/// Where the secrets of one file stand.
#[derive(Clone, Debug, Default)]
struct Places {
    /// In order and apart, none over a line end.
    spans: Vec<Span>,
    /// What is written there.
    texts: Vec<String>,
    /// Keys all of whose value is secret, in order.
    keys: Vec<Span>,
    /// The node, as an index.
    node: usize,
}

impl Secrets {
    /// None, of so many files.
    pub(crate) fn of_none(files: usize) -> Self {
        Self { files: vec![Places::default(); files], nodes: vec![] }
    }

    /// Those of `files`, out of the `count` sources of a node; not those at places with texts that have their own, each
    /// with its file.
    pub(crate) fn of(files: &[File<'_>], count: usize, apart: &[(usize, Span)]) -> Self {
        let mut all = Self::of_none(count);
        let mut words = vec![];
        let mut apart = apart.to_vec();
        crate::order::by_key(&mut apart, |place| *place);
        for file in files {
            if let Some(slot) = all.files.get_mut(file.index) {
                let first = apart.partition_point(|(at, _)| *at < file.index);
                let own = apart.iter().skip(first).take_while(|(at, _)| *at == file.index).map(|(_, span)| *span);
                *slot = places(file, &own.collect::<Vec<_>>(), &mut words);
            }
        }
        all.nodes.push(Words::new(words));
        all
    }

    /// Adds those of a node; `files` are its files as indices of all.
    pub(crate) fn add(&mut self, node: Self, files: &[usize]) {
        for (places, file) in node.files.into_iter().zip(files) {
            if let Some(slot) = self.files.get_mut(*file) {
                *slot = Places { node: self.nodes.len() + places.node, ..places };
            }
        }
        self.nodes.extend(node.nodes);
    }

    /// Those of texts inside of one file as those of that file; `place` gives the place in it of a place in a text.
    pub(crate) fn inside(self, outer: &str, place: impl Fn(usize, Span) -> Span) -> Self {
        let mut all = Places::default();
        for (number, inner) in self.files.iter().enumerate() {
            for span in &inner.spans {
                by_line(outer, place(number, *span), &mut all.spans);
            }
            all.keys.extend(inner.keys.iter().map(|key| place(number, *key)));
        }
        all.texts = all.spans.iter().map(|span| span.of(outer).to_owned()).collect();
        Self { files: vec![all], nodes: self.nodes }
    }

    /// Adds those of texts inside of files, each with its file.
    pub(crate) fn add_inside(&mut self, all: Vec<(usize, Self)>) {
        let mut words: Vec<String> = self.nodes.iter().flat_map(Words::all).map(str::to_owned).collect();
        let known = words.len();
        let mut changed = vec![];
        for (file, inner) in all {
            words.extend(inner.nodes.iter().flat_map(Words::all).map(str::to_owned));
            let Some(places) = self.files.get_mut(file) else { continue };
            for more in inner.files.into_iter().filter(|more| !more.spans.is_empty() || !more.keys.is_empty()) {
                places.spans.extend(more.spans);
                places.texts.extend(more.texts);
                places.keys.extend(more.keys);
                changed.push(file);
            }
        }
        changed.dedup();
        for file in changed {
            let Some(places) = self.files.get_mut(file) else { continue };
            let (spans, texts) = (std::mem::take(&mut places.spans), std::mem::take(&mut places.texts));
            let mut all: Vec<(Span, String)> = spans.into_iter().zip(texts).collect();
            crate::order::by_key(&mut all, |(span, _)| *span);
            all.dedup_by(|(span, _), (known, _)| span.start < known.end);
            (places.spans, places.texts) = all.into_iter().unzip();
            crate::order::by_key(&mut places.keys, |span| *span);
        }
        if words.len() > known {
            self.nodes = vec![Words::new(words)];
        }
    }

    /// What the secrets of a file's node read like.
    fn words(&self, file: usize) -> &Words {
        let words = self.files.get(file).and_then(|places| self.nodes.get(places.node));
        words.unwrap_or(const { &Words::NONE })
    }

    /// Where the secrets of a file stand, in order and apart; none goes over a line end.
    #[must_use]
    pub fn spans(&self, file: usize) -> &[Span] {
        self.files.get(file).map(|places| places.spans.as_slice()).unwrap_or_default()
    }

    /// Whether a part of a file holds a piece of a secret.
    #[must_use]
    pub fn touches(&self, file: usize, part: Span) -> bool {
        let spans = self.spans(file);
        let next = spans.partition_point(|span| span.end <= part.start);
        spans.get(next).is_some_and(|span| span.start < part.end.max(part.start + 1))
    }

    /// The text of a file with its secrets masked; nothing if it has none.
    #[must_use]
    pub fn source(&self, file: usize, text: &str) -> Option<Masked> {
        let spans = self.spans(file);
        (!spans.is_empty()).then(|| Masked::new(text, spans))
    }

    /// Whether a sentence about a file, or a piece of text for it, holds a secret of the file's node.
    #[must_use]
    pub fn shows(&self, file: usize, text: &str) -> bool {
        !self.words(file).spans(text).is_empty()
    }

    /// A sentence about a file with the secrets of the file's node masked.
    #[must_use]
    pub fn mask<'t>(&self, file: usize, text: &'t str) -> Cow<'t, str> {
        match self.words(file).spans(text) {
            spans if spans.is_empty() => Cow::Borrowed(text),
            spans => Cow::Owned(Masked::new(text, &spans).text),
        }
    }

    fn mask_in(&self, file: usize, text: &mut String) {
        if let Cow::Owned(masked) = self.mask(file, text) {
            *text = masked;
        }
    }

    /// The secrets in the places of a finding, which its sentences quote.
    fn quoted_by(&self, finding: &Finding) -> Words {
        /// More are masked by the other ways alone.
        const MOST: usize = 16;
        let own = std::iter::once((finding.file, finding.span));
        let places = own.chain(finding.labels.iter().map(|label| (label.file, label.span)));
        let mut words = vec![];
        for (file, part) in places {
            let Some(places) = self.files.get(file) else { continue };
            let first = places.spans.partition_point(|span| span.end <= part.start);
            let touched =
                places.spans.iter().zip(&places.texts).skip(first).take_while(|(span, _)| span.start < part.end);
            words.extend(touched.take(MOST).map(|(_, text)| text.clone()));
        }
        Words::new(words)
    }

    /// Masks what people read of a finding. Its edits stay as they are: they are applied.
    pub(crate) fn mask_finding(&self, finding: &mut Finding) {
        let quoted = if self.words(finding.file).is_empty() { Words::NONE } else { self.quoted_by(finding) };
        if !quoted.is_empty() {
            for text in [&mut finding.message, &mut finding.why, &mut finding.help] {
                *text = Masked::new(text, &quoted.spans_in_quotation(text)).text;
            }
        }
        for text in [&mut finding.message, &mut finding.why, &mut finding.help] {
            self.mask_in(finding.file, text);
        }
        finding.keys.iter_mut().for_each(|key| self.mask_in(finding.file, key));
        self.mask_in(finding.file, &mut finding.broken);
        finding.labels.iter_mut().for_each(|label| self.mask_in(finding.file, &mut label.text));
        finding.fixes.iter_mut().for_each(|fix| self.mask_in(finding.file, &mut fix.title));
    }

    /// Masks the names on the way to a setting of a file.
    pub(crate) fn mask_path(&self, setting: &mut EffectiveSetting, file: usize) {
        setting.path.iter_mut().for_each(|name| self.mask_in(file, name));
    }

    /// Masks a setting; `key` is where a file sets it.
    pub(crate) fn mask_setting(&self, setting: &mut EffectiveSetting, file: usize, key: Span) {
        self.mask_path(setting, file);
        let keys = self.files.get(file).map(|places| places.keys.as_slice()).unwrap_or_default();
        if keys.binary_search(&key).is_err() {
            return self.mask_in(file, &mut setting.value);
        }
        let spans = self.words(file).spans_in_secret(&setting.value);
        setting.value = match setting.value.as_bytes() {
            // Of a list the rest stays, such as the names of variables.
            [b'[' | b'{', ..] if !spans.is_empty() => Masked::new(&setting.value, &spans).text,
            _ => format!("\"{MASK}\""),
        };
    }
}

/// A sentence about a text of unknown form, such as an error in `crilint.toml`, with the secrets of the text masked.
#[must_use]
pub fn mask_about(text: &str, sentence: &str) -> String {
    let words = Words::new(scanned(text).iter().map(|span| span.of(text).to_owned()).collect());
    Masked::new(sentence, &words.spans(sentence)).text
}

/// Masks the secrets in the words of a command line: behind a flag that names one, and in URLs.
pub fn mask_words(words: &mut [String]) {
    let mut line = String::new();
    let mut places = vec![];
    for word in words.iter() {
        let start = line.len();
        line.push_str(word);
        places.push(Span::new(start, line.len()));
        line.push(' ');
    }
    let mut spans = scanned(&line);
    mask::tidy(&mut spans);
    for (word, place) in words.iter_mut().zip(places) {
        let within = |span: &Span| {
            let (start, end) = (span.start.max(place.start), span.end.min(place.end));
            (start < end).then(|| Span { start: start - place.start, end: end - place.start })
        };
        let own: Vec<Span> = spans.iter().filter_map(within).collect();
        if !own.is_empty() {
            *word = Masked::new(word, &own).text;
        }
    }
}

/// Masks the value of a variable: all of it if the name is that of a secret, else what is secret in it.
pub fn mask_variable(name: &str, value: &mut String) {
    if value.is_empty() {
        return;
    }
    if names::likeness(name) == Some(names::Likeness::Sure) {
        *value = MASK.to_owned();
        return;
    }
    mask_words(std::slice::from_mut(value));
}

/// What looks like a secret in a text of unknown form.
fn scanned(text: &str) -> Vec<Span> {
    let mut spans = vec![];
    url::scan(text, &mut spans);
    scan::TextScan { text, comments: &[], judged: &[], hits: &names::hits(text) }.run(&mut spans);
    spans
}

/// The secrets of one file, but for those at `apart`, in order; what they read like goes to `words`.
fn places(file: &File<'_>, apart: &[Span], words: &mut Vec<String>) -> Places {
    let text = file.doc.text;
    let mut hits = names::hits(text);
    hits.retain(|hit| {
        let before = apart.partition_point(|span| span.start <= *hit);
        before.checked_sub(1).and_then(|last| apart.get(last)).is_none_or(|span| span.end <= *hit)
    });
    if hits.is_empty() {
        return Places::default();
    }
    let tree::TreeSecrets { mut spans, decoded, mut keys, mut judged } = tree::Walk::new(file, &hits).run();
    crate::order::by_key(&mut judged, |at| *at as usize);
    if hits.iter().any(|hit| text.as_bytes().get(*hit as usize) == Some(&b'@')) {
        url::scan(text, &mut spans);
    }
    scan::TextScan { text, comments: &file.doc.comments, judged: &judged, hits: &hits }.run(&mut spans);
    mask::tidy(&mut spans);
    let mut lines = Vec::with_capacity(spans.len());
    for span in spans {
        by_line(text, span, &mut lines);
    }
    let texts: Vec<String> = lines.iter().map(|span| span.of(text).to_owned()).collect();
    for word in texts.iter().chain(&decoded) {
        // As daemons quote it.
        if word.contains(['"', '\\', '\n', '\t']) {
            words.push(quoted(word));
        }
        // A sentence may quote a line of it, or less than what is masked where a text does not read.
        words.extend(word.split('\n').map(|line| line.trim().to_owned()));
        words.extend(word.split(' ').next().map(str::to_owned));
        words.push(word.trim_matches(|c: char| c.is_ascii_punctuation()).to_owned());
        words.push(word.clone());
    }
    crate::order::by_key(&mut keys, |span| *span);
    Places { spans: lines, texts, keys, node: 0 }
}

/// A text as Go quotes it.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        let escaped = match c {
            '"' | '\\' => c,
            '\n' => 'n',
            '\t' => 't',
            _ => {
                out.push(c);
                continue;
            }
        };
        out.push('\\');
        out.push(escaped);
    }
    out
}

/// The parts of a span on each of its lines, without blanks around them.
fn by_line(text: &str, span: Span, out: &mut Vec<Span>) {
    let mut at = span.start as usize;
    for line in span.of(text).split_inclusive(['\n', '\r']) {
        let blank = line.len() - line.trim_start().len();
        let len = line.trim().len();
        if len > 0 {
            out.push(Span::new(at + blank, at + blank + len));
        }
        at += line.len();
    }
}

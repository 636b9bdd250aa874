//! Masking: secrets in sentences, and in the source that is shown beside them.

use super::url;
use crate::text::Span;

/// What stands for a secret.
pub const MASK: &str = "***";

/// Words that hide nothing: a password `password` is not worth that its key cannot be named, nor a header `containerd`
/// that the daemon cannot.
const WORDS: &str = "password passwd secret token auth authorization basic bearer containerd docker dockerd kubelet \
                     kubernetes crilint";

/// Texts of secrets, sorted, so that a place in a sentence costs one search however many there are.
#[derive(Clone, Debug)]
pub(super) struct Words {
    /// Sorted, each once.
    all: Vec<String>,
    /// For each the longest other one that it begins with.
    shorter: Vec<Option<usize>>,
}

impl Words {
    pub(super) const NONE: Self = Self { all: vec![], shorter: vec![] };

    pub(super) fn new(mut all: Vec<String>) -> Self {
        all.retain(|word| !word.is_empty() && !WORDS.split(' ').any(|known| word.eq_ignore_ascii_case(known)));
        crate::order::by_name(&mut all, |word| word);
        all.dedup();
        let mut shorter = Vec::with_capacity(all.len());
        let mut open: Vec<usize> = vec![];
        for (i, word) in all.iter().enumerate() {
            while open.pop_if(|last| !all.get(*last).is_some_and(|other| word.starts_with(other.as_str()))).is_some() {}
            shorter.push(open.last().copied());
            open.push(i);
        }
        Self { all, shorter }
    }

    /// The texts.
    pub(super) fn all(&self) -> impl Iterator<Item = &str> {
        self.all.iter().map(String::as_str)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// The lengths of the words that `text` begins with, the longest first.
    fn at_start(&self, text: &str) -> impl Iterator<Item = usize> {
        let mut next = self.all.partition_point(|word| word.as_str() <= text).checked_sub(1);
        std::iter::from_fn(move || {
            while let Some(i) = next {
                next = self.shorter.get(i).copied().flatten();
                let word = self.all.get(i)?;
                if text.starts_with(word.as_str()) {
                    return Some(word.len());
                }
            }
            None
        })
    }

    /// Whether a word begins with `text`.
    fn has_start(&self, text: &str) -> bool {
        let next = self.all.partition_point(|word| word.as_str() < text);
        self.all.get(next).is_some_and(|word| word.starts_with(text))
    }

    /// The secrets in a sentence: words, their beginnings where the sentence cuts them short, passwords of URLs.
    pub(super) fn spans(&self, text: &str) -> Vec<Span> {
        self.find(text, &stands_alone)
    }

    /// The same in a value that holds a secret: a short one counts without quotes too.
    pub(super) fn spans_in_secret(&self, text: &str) -> Vec<Span> {
        self.find(text, &has_borders)
    }

    /// The same in a sentence about the very places of the secrets: also where they stand without quotes, and pieces of
    /// them in quotes.
    pub(super) fn spans_in_quotation(&self, text: &str) -> Vec<Span> {
        let counts = |text: &str, start: usize, end: usize| {
            let is_number = text.get(start..end).is_some_and(|word| word.bytes().all(|b| b.is_ascii_digit()));
            let shortest = if is_number { 2 } else { 3 };
            has_borders(text, start, end) && (end - start >= shortest || stands_alone(text, start, end))
        };
        let mut spans = self.find(text, &counts);
        for quote in ['`', '"'] {
            let mut at = 0;
            for (i, piece) in text.split(quote).enumerate() {
                let is_piece = i % 2 == 1 && piece.len() >= 3 && self.all.iter().any(|word| word.contains(piece));
                if is_piece {
                    spans.push(Span::new(at, at + piece.len()));
                }
                at += piece.len() + 1;
            }
        }
        tidy(&mut spans);
        spans
    }

    fn find(&self, text: &str, counts: &dyn Fn(&str, usize, usize) -> bool) -> Vec<Span> {
        let mut spans = vec![];
        if text.contains('@') {
            url::scan(text, &mut spans);
        }
        if !self.is_empty() {
            let mut at = 0;
            while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
                let found = self.at_start(rest).find(|len| counts(text, at, at + len));
                if let Some(len) = found {
                    spans.push(Span::new(at, at + len));
                }
                at += found.unwrap_or_else(|| rest.chars().next().map_or(1, char::len_utf8));
            }
            self.cut_short(text, &mut spans);
        }
        tidy(&mut spans);
        spans
    }

    /// Beginnings of words before an ellipsis.
    fn cut_short(&self, text: &str, spans: &mut Vec<Span>) {
        const LONG: usize = 120;
        // Less than this reveals nothing of a secret, and is the beginning of any word.
        const SHORT: usize = 3;
        for (end, _) in text.match_indices(['…', '.']) {
            let is_ellipsis = text.get(end..).is_some_and(|rest| rest.starts_with('…') || rest.starts_with("..."));
            if !is_ellipsis {
                continue;
            }
            let head = text.get(..end).unwrap_or_default();
            let starts = head.char_indices().rev().take(LONG).skip(SHORT - 1).map(|(at, _)| at);
            let is_cut = |at: &usize| {
                !head.get(..*at).is_some_and(ends_in_word) && self.has_start(head.get(*at..).unwrap_or("\0"))
            };
            if let Some(at) = starts.filter(is_cut).last() {
                spans.push(Span::new(at, end));
            }
        }
    }
}

/// Whether what is found is a word of its own, or so unlike one that it is found wherever it stands. Short ones count
/// in quotes alone.
fn stands_alone(text: &str, start: usize, end: usize) -> bool {
    let (before, word, after) = (text.get(..start), text.get(start..end), text.get(end..));
    let (Some(before), Some(word), Some(after)) = (before, word, after) else { return false };
    let is_like_word = word.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
    let is_odd = word.len() >= 8 && !is_like_word;
    let borders = has_borders(text, start, end);
    let opens = before.ends_with(['`', '"', '\'', '=', ':']);
    let is_quoted = || opens && (after.is_empty() || after.starts_with(['`', '"', '\'', '…', '@', '&', ',', ';']));
    let is_within = || before.bytes().filter(|b| *b == b'`').count() % 2 == 1;
    is_odd || borders && (word.len() >= 6 && !is_like_word || is_quoted() || word.len() >= 3 && is_within())
}

/// Whether what is found neither begins nor ends within a word.
fn has_borders(text: &str, start: usize, end: usize) -> bool {
    let (before, word, after) = (text.get(..start), text.get(start..end), text.get(end..));
    let (Some(before), Some(word), Some(after)) = (before, word, after) else { return false };
    let joins = |left: &str, right: &str| ends_in_word(left) && starts_with_letter(right);
    !joins(before, word) && !joins(word, after)
}

fn starts_with_letter(text: &str) -> bool {
    text.starts_with(char::is_alphanumeric)
}

fn ends_in_word(text: &str) -> bool {
    text.ends_with(char::is_alphanumeric)
}

/// Sorted, none empty, none touching another.
pub(super) fn tidy(spans: &mut Vec<Span>) {
    spans.retain(|span| span.start < span.end);
    crate::order::by_key(spans, |span| *span);
    let mut out: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans.drain(..) {
        match out.last_mut().filter(|last| span.start <= last.end) {
            Some(last) => last.end = last.end.max(span.end),
            None => out.push(span),
        }
    }
    *spans = out;
}

/// A text with its secrets masked, and where everything else went. It has the lines of the original.
#[derive(Clone, Debug)]
pub struct Masked {
    /// The text to show.
    pub text: String,
    /// The secrets, in order.
    moved: Vec<Moved>,
}

/// A secret that a mask replaced.
#[derive(Clone, Copy, Debug)]
struct Moved {
    /// Where it stands in the original.
    span: Span,
    /// How many characters it has.
    chars: u32,
    /// Where its mask begins in the text to show.
    mask: u32,
}

impl Masked {
    /// Masks `spans`, which are in order and apart.
    pub(super) fn new(text: &str, spans: &[Span]) -> Self {
        let mut out = String::with_capacity(text.len());
        let mut moved = Vec::with_capacity(spans.len());
        let mut at = 0;
        for span in spans {
            out.push_str(text.get(at..span.start as usize).unwrap_or_default());
            moved.push(Moved { span: *span, chars: span.of(text).chars().count() as u32, mask: out.len() as u32 });
            out.push_str(MASK);
            at = span.end as usize;
        }
        out.push_str(text.get(at..).unwrap_or_default());
        Self { text: out, moved }
    }

    /// Where a span of the original is; one that begins or ends within a secret covers its mask.
    #[must_use]
    pub fn shown(&self, span: Span) -> Span {
        Span { start: self.offset(span.start, true), end: self.offset(span.end, span.start == span.end) }
    }

    fn offset(&self, at: u32, is_start: bool) -> u32 {
        let before = self.moved.partition_point(|moved| moved.span.start < at);
        let Some(Moved { span, mask, .. }) = before.checked_sub(1).and_then(|i| self.moved.get(i)) else { return at };
        let end = mask + MASK.len() as u32;
        match at {
            _ if at >= span.end => end + (at - span.end),
            _ if is_start => *mask,
            _ => end,
        }
    }

    /// The column in the original of an offset of the shown text, given the one that it has there, in characters.
    #[must_use]
    pub fn column(&self, at: u32, column: u32) -> u32 {
        let line = self.text.get(..at as usize).and_then(|head| head.rfind('\n')).map_or(0, |i| i as u32 + 1);
        let first = self.moved.partition_point(|moved| moved.mask < line);
        let before = self.moved.iter().skip(first).take_while(|moved| moved.mask + MASK.len() as u32 <= at);
        let hidden = before.map(|moved| i64::from(moved.chars) - MASK.len() as i64).sum::<i64>();
        u32::try_from(i64::from(column) + hidden).unwrap_or(column)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(words: &[&str], text: &str) -> String {
        let words = Words::new(words.iter().map(|word| (*word).to_owned()).collect());
        Masked::new(text, &words.spans(text)).text
    }

    #[test]
    fn secrets_in_sentences() {
        assert_eq!(
            masked(&["hunter2"], "`hunter2` is not a port, `https://hunter2@h`"),
            "`***` is not a port, `https://***@h`"
        );
        assert_eq!(masked(&["a"], "a `a` and \"a\", as a"), "a `***` and \"***\", as a");
        assert_eq!(masked(&["hunter2"], "hunter22 hunter2"), "hunter22 ***");
        assert_eq!(masked(&["ab", "abcdef", "abc"], "`abcdef` `abc` `ab` `abcde`"), "`***` `***` `***` `abcde`");
        assert_eq!(masked(&["correct horse"], "`correct ho…` and correct"), "`***…` and correct");
        assert_eq!(masked(&["\"a b c\""], "write `\"x\": \"...\"`"), "write `\"x\": \"...\"`");
        assert_eq!(masked(&["password"], "`password` has no effect"), "`password` has no effect");
        assert_eq!(masked(&[], "`https://u:PASS@h` is not a host"), "`https://u:***@h` is not a host");
        assert_eq!(masked(&["registry"], "the registry `registry` of registries"), "the registry `***` of registries");
    }

    #[test]
    fn places_move_with_the_masks() {
        let text = "a=LONGSECRET b=XY c";
        let at = |part: &str| Span::new(text.find(part).unwrap(), text.find(part).unwrap() + part.len());
        let masked = Masked::new(text, &[at("LONGSECRET"), at("XY")]);
        assert_eq!(masked.text, "a=*** b=*** c");
        for (part, shown) in [
            ("a=", "a="),
            ("LONGSECRET", "***"),
            ("b=", "b="),
            ("SECRET b=X", "*** b=***"),
            ("c", "c"),
            ("XY c", "*** c"),
        ] {
            assert_eq!(masked.shown(at(part)).of(&masked.text), shown, "{part}");
        }
        for part in ["LONGSECRET", "b=", "XY", "c"] {
            let shown = masked.shown(at(part)).start;
            assert_eq!(masked.column(shown, shown), at(part).start, "{part}");
        }
    }
}

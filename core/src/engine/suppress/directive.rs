//! The content of a comment for crilint.

use crate::kinds;

use std::ops::Range;

use crate::fix::Edit;
use crate::keys::nearest;
use crate::kind::Kind;
use crate::kinds::KINDS;
use crate::rules::{self, Category, RULES, Rule};
use crate::syntax::Document;
use crate::text::Span;

/// A comment that parses.
pub(super) enum Directive<'d> {
    /// `ignore[rule-id, rule-id]` or `ignore-file[...]`, and a reason.
    Ignore { names: Vec<RuleName<'d>>, whole_file: bool },
    /// `kind=containerd`; `rest` is about what stands behind it.
    Kind { kind: &'static Kind, rest: Option<CommentFault> },
}

/// A rule as a comment names it.
pub(super) struct RuleName<'d> {
    text: &'d str,
    span: Span,
    pub(super) rule: Option<&'static Rule>,
}

/// A fault of a comment.
pub(super) struct CommentFault {
    pub(super) span: Span,
    pub(super) message: String,
    pub(super) help: String,
    /// The text to write instead, where that is plain.
    pub(super) edit: Option<Edit>,
}

impl CommentFault {
    /// A comment that names another kind than the one that the file is checked as.
    pub(super) fn other_kind(span: Span, named: &Kind, kind: &Kind) -> Self {
        Self {
            span,
            message: format!("`kind={}` has no effect: the file is checked as `{}`", named.id, kind.id),
            help:
                "A comment names the kind of a file that shows none by its path or content. Remove it, or pass --kind."
                    .into(),
            edit: None,
        }
    }
}

const FORMS: &str =
    "Write `crilint: ignore[rule-id] reason`, `crilint: ignore-file[rule-id] reason` or `crilint: kind=KIND`.";

/// Words that people write where they mean to silence a rule.
const SILENCING: [&str; 7] = ["ignore-file", "ignore-line", "ignore-next-line", "ignore", "disable", "noqa", "allow"];

/// The comments for crilint, each with its span.
pub(super) fn directives<'d>(
    doc: &'d Document<'_>,
) -> impl Iterator<Item = (Span, Result<Directive<'d>, CommentFault>)> {
    doc.comments.iter().filter_map(|span| Some((*span, Comment::of(doc.text, *span)?.parse())))
}

/// A comment that begins with crilint's name.
struct Comment<'d> {
    text: &'d str,
    /// From the name to the end.
    whole: Range<usize>,
    /// The text behind the name and its colon.
    body: Range<usize>,
    /// Whether the name is written as it must be.
    is_exact: bool,
}

impl<'d> Comment<'d> {
    /// Nothing if the comment is not for crilint.
    fn of(text: &'d str, span: Span) -> Option<Self> {
        const NAME: &str = "crilint";
        let comment = span.of(text);
        let inner = comment.strip_suffix("*/").filter(|_| comment.starts_with("/*")).unwrap_or(comment).trim_end();
        let words = inner.trim_start_matches(['#', ';', '/', '*', ' ', '\t']);
        let start = span.start as usize + inner.len() - words.len();
        let name = words.get(..NAME.len()).filter(|name| name.eq_ignore_ascii_case(NAME))?;
        let behind = words.get(NAME.len()..)?;
        let rest = behind.trim_start();
        let (is_exact, body) = match rest.strip_prefix(':') {
            Some(body) => (name == NAME && rest.len() == behind.len(), body),
            None => (false, rest),
        };
        // Without a colon it may be a sentence about crilint.
        let is_for_crilint = rest.starts_with(':') || (rest.len() < behind.len() && is_order(rest));
        let end = span.start as usize + inner.len();
        let body = end - body.trim_start().len()..end;
        is_for_crilint.then_some(Self { text, whole: start..end, body, is_exact })
    }

    fn body(&self) -> &'d str {
        self.text.get(self.body.clone()).unwrap_or_default()
    }

    fn parse(&self) -> Result<Directive<'d>, CommentFault> {
        let body = self.body();
        if !self.is_exact {
            return Err(self.fault("a comment for crilint begins with `crilint:`".to_owned()));
        }
        if let Some(named) = body.strip_prefix("kind=") {
            return self.kind(named);
        }
        let (rest, whole_file) = match (body.strip_prefix("ignore-file"), body.strip_prefix("ignore")) {
            (Some(rest), _) => (rest, true),
            (None, Some(rest)) => (rest, false),
            (None, None) if body.is_empty() => return Err(self.fault("nothing stands behind `crilint:`".to_owned())),
            (None, None) => return Err(self.fault(format!("`{}` is not a comment form of crilint", shown(body)))),
        };
        let word = if whole_file { "ignore-file" } else { "ignore" };
        let bracketed = rest.trim_start().strip_prefix('[');
        let Some(list) = bracketed else {
            return Err(self.fault(format!("`{word}` needs the rules that it is for, in brackets")));
        };
        let Some((list, reason)) = list.split_once(']') else {
            return Err(self.fault(format!("the bracket behind `{word}` is never closed")));
        };
        if !reason.is_empty() && !reason.starts_with(char::is_whitespace) {
            return Err(self.fault("the reason stands behind `]` and a blank".to_owned()));
        }
        let names = self.names(list);
        if names.is_empty() {
            return Err(self.fault(format!("`{word}` names no rule in its brackets")));
        }
        Ok(Directive::Ignore { names, whole_file })
    }

    fn names(&self, list: &'d str) -> Vec<RuleName<'d>> {
        let names = list.split(',').map(str::trim).filter(|name| !name.is_empty());
        names.map(|text| RuleName { text, span: self.span_of(text), rule: rules::find(text) }).collect()
    }

    fn kind(&self, named: &'d str) -> Result<Directive<'d>, CommentFault> {
        let (name, rest) = named.split_once(char::is_whitespace).unwrap_or((named, ""));
        let Some(kind) = kinds::find(name) else {
            let near = nearest(name, KINDS.iter().map(|kind| kind.id));
            let kinds = KINDS.iter().map(|kind| format!("`{}`", kind.id)).collect::<Vec<_>>().join(", ");
            return Err(CommentFault {
                span: if name.is_empty() { Span::new(self.whole.start, self.whole.end) } else { self.span_of(name) },
                message: format!("`{}` is not a kind of file", shown(name)),
                help: format!("Write one of {kinds}."),
                edit: near.filter(|_| !name.is_empty()).map(|near| Edit::new(self.span_of(name), near)),
            });
        };
        let rest = rest.trim();
        let fault = || CommentFault {
            span: self.span_of(rest),
            message: format!("`kind={name}` takes no text behind it"),
            help: "Write the text in a comment of its own.".to_owned(),
            edit: None,
        };
        Ok(Directive::Kind { kind, rest: (!rest.is_empty()).then(fault) })
    }

    /// Where a part of the comment stands.
    fn span_of(&self, part: &str) -> Span {
        let start = part.as_ptr().addr().saturating_sub(self.text.as_ptr().addr());
        Span::new(start, start + part.len())
    }

    fn fault(&self, message: String) -> CommentFault {
        let span = Span::new(self.whole.start, self.whole.end);
        CommentFault { span, message, help: FORMS.to_owned(), edit: self.meant().map(|text| Edit::new(span, text)) }
    }

    /// The comment as it is meant, where it holds the word for silencing, rules, and nothing else.
    fn meant(&self) -> Option<String> {
        let body = self.body();
        let lower = body.to_ascii_lowercase();
        let word = SILENCING.into_iter().find(|word| lower.starts_with(word))?;
        let rest = body.get(word.len()..)?;
        let names: Vec<&str> = rest.split(|c: char| c.is_whitespace() || ",:=()[]".contains(c)).collect();
        let names: Vec<&str> = names.into_iter().filter(|name| !name.is_empty()).collect();
        let known = names.iter().take_while(|name| rules::find(name).is_some()).count();
        let listed = names.get(..known).filter(|names| !names.is_empty())?.join(", ");
        // What follows the rules is a reason only behind a bracket that closes.
        let reason = rest.split_once([']', ')']).map(|(_, reason)| reason.trim()).unwrap_or_default();
        if names.len() > known && reason.is_empty() {
            return None;
        }
        let word = if word == "ignore-file" { word } else { "ignore" };
        let blank = if reason.is_empty() { "" } else { " " };
        Some(format!("crilint: {word}[{listed}]{blank}{reason}"))
    }
}

/// Whether a text begins as an order does: `ignore[...]`, `disable=...`, `kind=...`.
fn is_order(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let ends = |rest: &str| rest.is_empty() || rest.starts_with(['[', '(', '=', ':', ' ', '\t']);
    lower.starts_with("kind=") || SILENCING.iter().any(|word| lower.strip_prefix(word).is_some_and(ends))
}

impl RuleName<'_> {
    /// The fault of the name, if any.
    pub(super) fn fault(&self) -> Option<CommentFault> {
        if self.rule.is_some() {
            return None;
        }
        let name = shown(self.text);
        let is_group = self.text == "all" || Category::ALL.iter().any(|category| category.id() == self.text);
        let near = nearest(self.text, RULES.iter().map(|rule| rule.id)).filter(|_| !is_group);
        Some(CommentFault {
            span: self.span,
            message: match is_group {
                true => format!("`{name}` is not a rule, and a comment silences only rules that it names"),
                false => format!("no rule is named `{name}`"),
            },
            help: match near {
                Some(near) => format!("Did you mean `{near}`?"),
                None => {
                    "RuleName the rule that the finding shows in brackets; `crilint rules` lists them all.".to_owned()
                }
            },
            edit: near.map(|near| Edit::new(self.span, near)),
        })
    }
}

/// A text for a message.
fn shown(text: &str) -> String {
    match text.char_indices().nth(40) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
        None => text.to_owned(),
    }
}

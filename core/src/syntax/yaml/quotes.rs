//! Quotes that are not closed, closed too early, or hold escapes that do not exist.

use super::diagnose::FailureContext;
use super::line;
use super::repair::YamlRepair;
use crate::fix::Applicability::{Safe, Unsafe};
use crate::syntax::problems::shown;

fn name(quote: char) -> &'static str {
    if quote == '"' { "double" } else { "single" }
}

/// A quote at `open` whose other half is missing.
pub(super) fn unclosed(context: FailureContext<'_, '_>, open: usize) -> Option<YamlRepair> {
    let draft = context.draft;
    let end = draft.line(draft.line_at(open)).end;
    let quote = context.text(open..end).chars().next()?;
    if !matches!(quote, '"' | '\'') {
        return None;
    }
    let span = draft.span(open..open + 1);
    let rest = context.text(open + 1..end);
    let commented = rest.find(" #");
    let kept = rest.get(..commented.unwrap_or(rest.len()))?.trim_end();
    let message = format!("this {} quote is never closed", name(quote));
    let at = open + 1 + kept.len();
    let other = if quote == '"' { '\'' } else { '"' };
    if kept.ends_with(other) && !kept.trim_end_matches(other).contains(other) {
        let place = at - 1..at;
        let message = format!("this value starts with a {} quote and ends with a {} one", name(quote), name(other));
        let edit = draft.edit(place.clone(), quote.to_string());
        return Some(
            YamlRepair::new("unclosed-quote", draft.span(place), message)
                .related(span, "the quote is opened here")
                .fix(Safe, "Use the same quote at the end", edit),
        );
    }
    // A comment or bracket at the end may belong to the text or not.
    let inner = if context.failure.flow.is_some() { kept.trim_end_matches([']', '}', ',', ' ']) } else { kept };
    let at = at - (kept.len() - inner.len());
    let sure = commented.is_none() && inner.len() == kept.len();
    let trust = if sure { Safe } else { Unsafe };
    let edit = draft.edit(at..at, quote.to_string());
    Some(
        YamlRepair::new("unclosed-quote", draft.span(at..at), message)
            .related(span, "the quote is opened here")
            .help(format!("add {quote} where the text ends"))
            .fix(trust, "Close the quote", edit),
    )
}

/// Text behind a closing quote.
pub(super) fn trailing(context: FailureContext<'_, '_>) -> Option<YamlRepair> {
    let draft = context.draft;
    let at = context.failure.at;
    let open = opening(context)?;
    let line = context.line();
    if draft.line_at(open) < line {
        return unclosed(context, open);
    }
    let quote = context.text(open..open + 1).chars().next()?;
    let rest = context.rest(at);
    if context.failure.flow.is_some() && context.text(rest.clone()).starts_with(['"', '\'', '{', '[']) {
        return super::flow::missing_comma(context, open + line::quoted(context.text(open..at))?);
    }
    let value = open..rest.end;
    let text = context.text(value.clone());
    let span = draft.span(rest.clone());
    let tail = context.text(rest.clone());
    if context.failure.flow.is_none() && tail == "," {
        return Some(
            YamlRepair::new("trailing-comma", span, "a comma stands behind this value, outside of brackets").fix(
                Safe,
                "Remove the comma",
                draft.edit(rest, ""),
            ),
        );
    }
    if context.failure.flow.is_none() && tail.starts_with(',') {
        let edits = vec![draft.edit(open..open, "["), draft.edit(rest.end..rest.end, "]")];
        return Some(
            YamlRepair::new("text-after-value", span, "several values stand here without brackets")
                .help("put a list in `[ ]`, or each item on a line of its own behind `- `")
                .fix_all(Unsafe, "Put the list in brackets", edits),
        );
    }
    let inner = text.get(1..text.len().saturating_sub(1)).unwrap_or("");
    let closed =
        !tail.starts_with(['"', '\'']) && text.len() > 2 && text.ends_with(quote) && context.failure.flow.is_none();
    if closed && !inner.contains(['\\', ',', ':']) {
        let new = if quote == '"' { inner.replace('"', "\\\"") } else { inner.replace('\'', "''") };
        let range = open + 1..rest.end - 1;
        let edit = draft.edit(range, new);
        let message = format!("a {} quote within the text ends it", name(quote));
        let help = if quote == '"' { "write it as \\\"" } else { "write it twice" };
        let inner_quote = draft.span(at.saturating_sub(1)..at);
        return Some(
            YamlRepair::new("inner-quote", inner_quote, message)
                .related(draft.span(open..open + 1), "the text starts here")
                .help(help)
                .fix(Safe, "Escape the quotes within", edit),
        );
    }
    let message = format!("{} stands behind the closing quote", shown(tail));
    Some(
        YamlRepair::new("text-after-value", span, message)
            .related(draft.span(open..open + 1), "the quoted text starts here")
            .help("put all of the value into the quotes")
            .continue_with(vec![draft.edit(rest, "")]),
    )
}

/// The quote that opens the text which ends before the failure.
fn opening(context: FailureContext<'_, '_>) -> Option<usize> {
    let from = context.failure.last.end.min(context.failure.at);
    let text = context.text(from..context.failure.at);
    let fresh = |i: usize| {
        let before = text.get(..i).and_then(|t| t.chars().next_back());
        before.is_none_or(|c| c.is_whitespace() || matches!(c, '[' | '{' | ',' | ':'))
    };
    text.char_indices().find(|(i, c)| matches!(c, '"' | '\'') && fresh(*i)).map(|(i, _)| from + i)
}

/// A backslash in double quotes before something that is not an escape.
pub(super) fn escape(context: FailureContext<'_, '_>) -> Option<YamlRepair> {
    let draft = context.draft;
    let open = context.failure.at;
    let text = context.text(open..draft.text.len());
    let mut chars = text.char_indices().skip(1);
    while let Some((i, c)) = chars.next() {
        if c == '"' {
            break;
        }
        if c != '\\' {
            continue;
        }
        let (_, next) = chars.next()?;
        if is_escape(text, i, next) {
            continue;
        }
        let at = open + i;
        if next == '\'' {
            // An escape to the daemons' parser.
            return Some(YamlRepair::silent(draft.edit(at..at + 1, "")));
        }
        let range = at..at + 1 + next.len_utf8();
        let message = format!("`\\{next}` is not an escape in YAML");
        let edit = draft.edit(at..at, "\\");
        return Some(
            YamlRepair::new("bad-escape", draft.span(range), message)
                .help("write \\\\ for a backslash, or use single quotes")
                .fix(Safe, "Double the backslash", edit),
        );
    }
    None
}

fn is_escape(text: &str, at: usize, next: char) -> bool {
    let digits = match next {
        'x' => 2,
        'u' => 4,
        'U' => 8,
        _ => return "0abt\tnvfre \"\\N_LP\n\r".contains(next),
    };
    let code = text
        .get(at + 2..at + 2 + digits)
        .filter(|t| t.chars().all(|c| c.is_ascii_hexdigit()))
        .and_then(|t| u32::from_str_radix(t, 16).ok());
    code.and_then(char::from_u32).is_some()
}

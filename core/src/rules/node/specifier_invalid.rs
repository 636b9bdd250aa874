//! # `specifier-invalid`
//!
//! A percent sign before a letter or digit that is not a specifier of systemd.
//!
//! ## Why
//!
//! In a unit `%` begins a specifier. An unknown one makes systemd ignore an assignment of `Environment=` (`Failed to
//! resolve specifiers in HTTP_PROXY=..., ignoring: Invalid slot`), so that the daemon has no such variable, and refuse
//! the unit in `ExecStart=`. The escapes of URLs, such as `%40`, are the usual cause.
//!
//! ## What to do
//!
//! Write `%%` for a percent sign. Environment files have no specifiers.
//!
//! ## Examples
//!
//! ```ini bad
//! --- /etc/systemd/system/docker.service.d/proxy.conf
//! [Service]
//! Environment="HTTP_PROXY=http://user:p%40ss@proxy.example:3128"
//!                                      ^^^
//! ```
//!
//! ```ini fixed
//! --- /etc/systemd/system/docker.service.d/proxy.conf
//! [Service]
//! Environment="HTTP_PROXY=http://user:p%%40ss@proxy.example:3128"
//! ```
//!
//! ```ini bad
//! --- /etc/systemd/system/docker.service.d/proxy.conf
//! [Service]
//! Environment="HTTP_PROXY=http://proxy.example:3128/%C3%A9"
//!                                                   ^^^
//! ```
//!
//! ## References
//!
//! - systemd v252:src/shared/specifier.c (`specifier_printf`)
//! - docker/for-linux#628; docker/docs#11701

use std::collections::HashSet;

use crate::rules::prelude::*;
use crate::syntax::Format;
use crate::systemd::is_specifier;
use crate::systemd::on_node::{NodeService, of_node};

pub(crate) const RULE: Rule = Rule {
    id: "specifier-invalid",
    summary: "Percent sign that is not a specifier of systemd",
    fix: Some(Applicability::Unsafe),
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut NodeCx) {
    let mut seen: HashSet<(usize, Span)> = HashSet::new();
    for node in of_node(cx.loaded) {
        filled_in(cx, &node);
        for message in node.service.messages.iter().filter(|message| message.text.ends_with("Invalid slot")) {
            let Some((file, place)) = message.place.and_then(|place| Some((node.file(place)?, place.span))) else {
                continue;
            };
            let text = place.of(file.doc.text);
            let Some(at) = first_invalid(text) else { continue };
            let start = place.start as usize + at;
            // With two hexadecimal digits it is the escape of a URL.
            let digits = text.get(at + 1..).unwrap_or_default().bytes().take(2);
            let len = if digits.clone().filter(u8::is_ascii_hexdigit).count() == 2 { 3 } else { 2 };
            let span = Span::new(start, start + len);
            if seen.contains(&(file.index, span)) {
                continue;
            }
            seen.insert((file.index, span));
            let shown = span.of(file.doc.text);
            let is_ignored = message.text.contains("ignoring");
            let (effect, why) = if is_ignored { (Effect::Ignored, IGNORED) } else { (Effect::Refused, REFUSED) };
            let fix = Fix::edit(Applicability::Unsafe, format!("Write %{shown}"), Span::empty(start), "%");
            cx.report(file.index, span, format!("`{shown}` is not a specifier of systemd"))
                .outcome(effect, Releases::ANY)
                .why(why)
                .help("Write `%%` for a percent sign.")
                .fix(fix);
        }
    }
}

/// Escapes of URLs that are specifiers by chance.
fn filled_in(cx: &mut NodeCx, node: &NodeService<'_, '_>) {
    for variable in &node.service.environment {
        let Some((file, place)) = variable.place.and_then(|place| Some((node.file(place)?, place.span))) else {
            continue;
        };
        let text = place.of(file.doc.text);
        if file.doc.format != Format::Unit || !text.contains("://") {
            continue;
        }
        let is_escape = |at: &usize| {
            let behind = text.as_bytes().get(at + 1..at + 3).unwrap_or_default();
            let is_first = text.as_bytes().get(at.wrapping_sub(1)) != Some(&b'%');
            matches!(behind, [first, second] if first.is_ascii_alphabetic()
                && first.is_ascii_hexdigit() && second.is_ascii_hexdigit())
                && is_first
        };
        let Some(at) = text.match_indices('%').map(|(at, _)| at).find(is_escape) else { continue };
        let span = Span::new(place.start as usize + at, place.start as usize + at + 3);
        let shown = span.of(file.doc.text);
        let letter = shown.get(..2).unwrap_or_default();
        cx.report(file.index, span, format!("systemd replaces `{letter}` of the escape `{shown}`"))
            .harmful(Releases::ANY)
            .why(format!("`{letter}` is a specifier of systemd: the variable holds something else than written."))
            .help("Write `%%` for a percent sign.")
            .fix(Fix::edit(Applicability::Unsafe, format!("Write %{shown}"), Span::empty(span.start as usize), "%"));
    }
}

/// Where the first percent sign stands that systemd refuses.
fn first_invalid(text: &str) -> Option<usize> {
    let mut at = 0;
    while let Some(found) = text.get(at..)?.find('%') {
        let sign = at + found;
        let next = text.get(sign + 1..)?.chars().next()?;
        if next.is_ascii_alphanumeric() && !is_specifier(next) {
            return Some(sign);
        }
        at = sign + 1 + next.len_utf8();
    }
    None
}

const IGNORED: &str = "systemd ignores the setting: `Failed to resolve specifiers`, `ignoring: Invalid slot`. Before \
    systemd 236 the text stays as is.";
const REFUSED: &str = "systemd does not load the unit: `Failed to resolve unit specifiers`, `Invalid slot`.";

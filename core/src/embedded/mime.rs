//! User data of several parts, as AWS and cloud-init take them (RFC 2046).
//! Source: canonical/cloud-init@24.4:doc/rtd/explanation/format.rst; awslabs/amazon-eks-ami@81fec2e:nodeadm/doc/usage.

use super::collect::Collector;
use super::decode;
use super::map::TextMap;
use super::wrappers::USER_DATA;
use crate::text::Span;

/// Whether a text has several parts.
pub(super) fn is_multipart(text: &str) -> bool {
    let head = text.split("\n\n").next().unwrap_or_default();
    head.len() < MAX_HEAD && head.contains("multipart/") && boundary(head).is_some()
}

/// How long the lines before the first part may be, in bytes.
const MAX_HEAD: usize = 2000;

fn boundary(head: &str) -> Option<&str> {
    let (_, rest) = head.split_once("boundary=")?;
    let value = rest.split(['\r', '\n', ';']).next()?.trim().trim_matches('"');
    (!value.is_empty()).then_some(value)
}

/// Takes the parts that are documents.
pub(super) fn collect(text: &str, all: &mut Collector<'_>) {
    let Some(boundary) = boundary(text) else { return };
    let mark = format!("--{boundary}");
    let (mut at, mut start) = (0, None);
    for line in text.split_inclusive('\n') {
        if line.starts_with(&mark) {
            if let Some(start) = start {
                part(text, Span::new(start, at), all);
            }
            start = Some(at + line.len());
        }
        at += line.len();
    }
}

fn part(text: &str, span: Span, all: &mut Collector<'_>) {
    let whole = span.of(text);
    let Some((head, blank)) = ["\r\n\r\n", "\n\n"].iter().find_map(|blank| Some((whole.split_once(blank)?.0, blank)))
    else {
        return;
    };
    let lower = head.to_ascii_lowercase();
    if !lower.contains("cloud-config") && !lower.contains("node.eks.aws") {
        return;
    }
    let body = Span { start: span.start + (head.len() + blank.len()) as u32, ..span };
    let content = body.of(text);
    let part = match lower.contains("base64") {
        true => decode::base64(content, false).map(|text| (text, TextMap::opaque(body))),
        false => Some((content.to_owned(), TextMap::as_is(body))),
    };
    all.add(part, USER_DATA.to_owned(), USER_DATA, None);
}

//! Texts that a file holds encoded.

use super::inflate::gunzip;

/// The text of a `data:` URL (RFC 2397), as Ignition has them.
/// Source: coreos/ignition@v2.19.0:internal/resource/url.go (`fetchFromDataURL`).
pub(super) fn data_url(url: &str, is_compressed: bool) -> Option<String> {
    let (head, data) = url.strip_prefix("data:")?.split_once(',')?;
    let data = percent(data)?;
    match head.ends_with(";base64") {
        true => base64(std::str::from_utf8(&data).ok()?, is_compressed),
        false if is_compressed => None,
        false => String::from_utf8(data).ok(),
    }
}

fn percent(text: &str) -> Option<Vec<u8>> {
    let mut out = vec![];
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
        out.push(match byte {
            b'%' => (digit(bytes.next())? * 16 + digit(bytes.next())?) as u8,
            byte => byte,
        });
    }
    Some(out)
}

/// A text, perhaps compressed, in base64 of either alphabet; white space and padding are not needed.
pub(super) fn base64(text: &str, is_compressed: bool) -> Option<String> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut count) = (0u32, 0);
    for byte in text.bytes().filter(|b| !b.is_ascii_whitespace() && *b != b'=') {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push((bits >> count) as u8);
        }
    }
    String::from_utf8(if is_compressed { gunzip(&out)? } else { out }).ok()
}

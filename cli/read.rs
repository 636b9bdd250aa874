//! Reading files, with bytes turned to text as the daemons do it.

use crilint_core::kinds;

use crilint_core::engine::SourceState;
use crilint_core::kind::FileAttributes;
use crilint_core::node;
use crilint_core::report::ReportFile;
use crilint_core::syntax::{Format, MAX_LEN};
use crilint_core::{Source, engine};

use crate::disk;
use crate::error::Error;
use crate::walk::{Found, Origin};

/// A file with its text.
#[derive(Debug)]
pub(crate) struct Input {
    /// The file as found.
    pub(crate) found: Found,
    /// The text.
    pub(crate) text: String,
    /// How the text is written in the file.
    pub(crate) encoding: Encoding,
    /// The bytes, where the text cannot give them back.
    broken: Vec<u8>,
    /// The number of its node.
    pub(crate) node: usize,
    /// Who may read and change it, if it is a node's own.
    pub(crate) attributes: Option<FileAttributes>,
    /// Why there is no text.
    unavailable: Option<Unavailable>,
    /// Whether the file that names it allows for its absence.
    pub(crate) is_optional: bool,
}

/// What stands at the path of an input that has no text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Unavailable {
    /// Nothing; of a pattern: no file that it means.
    Absent,
    /// A folder.
    Folder,
    /// Of a pattern: files, which are all among the inputs.
    Listed,
    /// Something that is not read, with the reason.
    Unread(String),
}

/// How a text is written in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// As all daemons read.
    Utf8,
    /// Little end first, with a byte order mark; Docker and the readers of YAML take it.
    Utf16Le,
    /// Big end first, with a byte order mark; Docker and the readers of YAML take it.
    Utf16Be,
    /// Not text in any of these encodings, from this byte on.
    Broken(usize),
}

impl Input {
    /// A file by its bytes.
    pub(crate) fn new(found: Found, bytes: Vec<u8>) -> Self {
        let (text, encoding) = decode(&bytes, may_be_utf16(&found));
        let broken = if matches!(encoding, Encoding::Broken(_)) { bytes } else { vec![] };
        Self { found, text, encoding, broken, node: 0, attributes: None, unavailable: None, is_optional: false }
    }

    /// A path without a text.
    pub(crate) fn unavailable(found: Found, state: Unavailable) -> Self {
        Self { unavailable: Some(state), ..Self::new(found, vec![]) }
    }

    /// Whether another input stands at the same path of the same node.
    pub(crate) fn is_at(&self, other: &Self) -> bool {
        self.found.on_node.path == other.found.on_node.path
    }

    /// Whether nothing stands at the path, which others expect.
    pub(crate) fn is_missed(&self) -> bool {
        self.unavailable == Some(Unavailable::Absent) && !self.is_optional
    }

    /// What stands at the path.
    fn state(&self) -> SourceState<'_> {
        match &self.unavailable {
            None => SourceState::Text,
            Some(Unavailable::Absent) => SourceState::Absent,
            Some(Unavailable::Folder) => SourceState::Folder,
            Some(Unavailable::Listed) => SourceState::Listed,
            Some(Unavailable::Unread(reason)) => SourceState::Unread(reason),
        }
    }

    /// The file for the engine.
    pub(crate) fn source(&self) -> Source<'_> {
        self.source_of(&self.text)
    }

    /// The file for reports.
    pub(crate) fn reported(&self) -> ReportFile<'_> {
        let mut file = ReportFile::new(&self.found.shown, &self.text);
        file.node = self.node;
        file.named_by = match &self.found.origin {
            Origin::NamedBy { path, .. } => Some(path),
            Origin::Named | Origin::Folder(_) | Origin::Standard => None,
        };
        file
    }

    /// The file with another text, for the engine.
    pub(crate) fn source_of<'a>(&'a self, text: &'a str) -> Source<'a> {
        Source {
            path: &self.found.on_node.path,
            text,
            state: self.state(),
            kind: self.found.kind,
            node: self.node,
            ignore: &self.found.ignore,
            invalid_utf8: match self.encoding {
                Encoding::Broken(at) => Some(at),
                _ => None,
            },
            // What the user did not name is not written.
            frozen: matches!(self.encoding, Encoding::Broken(_))
                || matches!(self.found.origin, Origin::NamedBy { is_own: false, .. }),
            attributes: self.attributes,
        }
    }

    /// The bytes of a text in the encoding of this one.
    pub(crate) fn bytes(&self, text: &str) -> Vec<u8> {
        match self.encoding {
            Encoding::Utf8 => text.as_bytes().to_vec(),
            Encoding::Utf16Le => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            Encoding::Utf16Be => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
            // Such a text is never changed.
            Encoding::Broken(_) => self.broken.clone(),
        }
    }

    /// Writes another text in the place of this one, in the same encoding.
    pub(crate) fn write(&self, text: &str) -> Result<(), Error> {
        let failed = |reason| Error::Write { path: self.found.shown.clone(), reason };
        let spot = self.found.place.locate().map_err(failed)?;
        disk::replace(&spot, &self.bytes(&self.text), &self.bytes(text)).map_err(failed)
    }
}

/// Reads what was found; none for large files in a folder, which are not configurations.
pub(crate) fn read(found: Found) -> Result<Option<Input>, Error> {
    let bytes = found.place.read(MAX_LEN).map_err(|source| Error::Read { path: found.shown.clone(), source })?;
    if bytes.len() > MAX_LEN {
        // Other programs have large files too; what its path shows to be ours is never left out silently.
        let is_ours = engine::identify(&found.on_node.path, "", found.kind).is_some();
        let is_foreign = matches!(found.origin, Origin::Folder(_)) && !is_ours;
        return if is_foreign { Ok(None) } else { Err(Error::TooLarge(found.shown)) };
    }
    let attributes = found.place.attributes();
    Ok(Some(Input { attributes, ..Input::new(found, bytes) }))
}

/// Gives each node a number, and its files that number.
pub(crate) fn number_nodes(inputs: &mut [Input]) {
    let numbers = node::number(inputs.iter().map(|input| input.found.on_node.node.as_str()));
    for (input, number) in inputs.iter_mut().zip(numbers) {
        input.node = number;
    }
}

/// Docker and the readers of YAML decode UTF-16 by its byte order mark; the others do not.
/// The mark stays in the text, because old releases of Docker stumble over it.
/// Source: `yaml_parser_determine_encoding` in go-yaml/yaml@v2.4.0:readerc.go.
fn may_be_utf16(found: &Found) -> bool {
    let is_decoded = |format: &Format| matches!(format, Format::Json | Format::Yaml);
    match found.kind {
        Some(kind) => kind.formats().iter().any(is_decoded),
        None => kinds::formats_of(&found.on_node.path).first().is_some_and(is_decoded),
    }
}

fn decode(bytes: &[u8], may_be_utf16: bool) -> (String, Encoding) {
    let wide = match bytes {
        [0xff, 0xfe, ..] if may_be_utf16 => Some((Encoding::Utf16Le, units(bytes, u16::from_le_bytes))),
        [0xfe, 0xff, ..] if may_be_utf16 => Some((Encoding::Utf16Be, units(bytes, u16::from_be_bytes))),
        _ => None,
    };
    if let Some((encoding, units)) = wide {
        return match String::from_utf16(&units) {
            Ok(text) if bytes.len().is_multiple_of(2) => (text, encoding),
            _ => (String::from_utf16_lossy(&units), Encoding::Broken(0)),
        };
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => (text.to_owned(), Encoding::Utf8),
        Err(error) => (String::from_utf8_lossy(bytes).into_owned(), Encoding::Broken(error.valid_up_to())),
    }
}

fn units(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Vec<u16> {
    bytes.as_chunks().0.iter().copied().map(unit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disk::Place;
    use crilint_core::node::OnNode;

    fn input(bytes: &[u8], path: &str) -> Input {
        let on_node = OnNode { path: path.to_owned(), node: String::new() };
        let found = Found {
            place: Place::Stdin,
            shown: path.to_owned(),
            on_node,
            origin: Origin::Named,
            kind: None,
            ignore: vec![],
            base: None,
        };
        Input::new(found, bytes.to_vec())
    }

    #[test]
    fn text_is_written_as_it_was_read() {
        let text = "\u{feff}{\"a\": \"é😀\"}\r\n";
        let little = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let all: [(Encoding, Vec<u8>); 3] =
            [(Encoding::Utf8, text.into()), (Encoding::Utf16Le, little), (Encoding::Utf16Be, big)];
        for (encoding, bytes) in all {
            let input = input(&bytes, "/etc/docker/daemon.json");
            assert_eq!((input.text.as_str(), input.encoding), (text, encoding));
            assert_eq!(input.bytes(text), bytes);
        }
    }

    #[test]
    fn readers_of_toml_take_no_utf_16() {
        assert_eq!(input(&[0xff, 0xfe, b'a', 0], "/etc/containerd/config.toml").encoding, Encoding::Broken(0));
    }

    #[test]
    fn text_that_is_not_utf_8_is_read_as_far_as_it_goes() {
        let bytes = b"a = \"\xe9\"\n";
        let input = input(bytes, "/etc/containerd/config.toml");
        assert_eq!((input.text.as_str(), input.encoding), ("a = \"\u{fffd}\"\n", Encoding::Broken(5)));
        assert_eq!(input.bytes("a = \"x\"\n"), bytes, "another text never takes the place of such bytes");
    }
}

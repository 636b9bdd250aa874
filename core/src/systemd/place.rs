//! Places in the files of a service, and the messages of systemd about them.

use crate::text::Span;

/// A place in a file that a service reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnitPlace {
    /// The number of the file in [`Service::files`](super::Service::files).
    pub file: usize,
    /// The place in its text.
    pub span: Span,
}

/// A file that systemd reads for a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadFile {
    /// The path by which systemd finds it; it may be a link.
    pub path: String,
    /// The number of the text in the [`UnitTree`](super::UnitTree).
    pub number: usize,
    /// What it is.
    pub role: FileRole,
}

/// What a file is for a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileRole {
    /// The unit.
    Unit,
    /// A drop-in of the unit.
    DropIn,
    /// An environment file.
    Environment,
    /// The configuration of the manager.
    Manager,
}

/// A message of systemd about a service, in its own words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitMessage {
    /// The text, without the place.
    pub text: String,
    /// The place, if it is about one.
    pub place: Option<UnitPlace>,
    /// The line that systemd names, from 1; 0 where it names none.
    pub line: usize,
}

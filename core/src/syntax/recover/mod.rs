//! Error recovery that the readers of all formats share: text that comes from elsewhere, such as templates,
//! web pages, Markdown and merges of Git. A grammar is not here: each format recovers from its own faults.

pub(super) mod characters;
pub(super) mod conflict;
pub(super) mod foreign;
pub(super) mod template;

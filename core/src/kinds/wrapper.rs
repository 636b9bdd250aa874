//! Files that hold texts for a node, such as user data of cloud-init. None of their own keys is judged here: the engine
//! judges the texts inside, each as a file of its own kind.

use crate::kind::Kind;
use crate::syntax::Format;

/// The kind. People cannot name it: a file is of this kind if a text is found in it.
pub static WRAPPER: Kind = Kind {
    id: "wrapper",
    title: "file with configurations inside",
    formats: &[Format::Yaml, Format::Json],
    ..Kind::DEFAULTS
};

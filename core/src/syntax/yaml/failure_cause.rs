//! Why the parser gave up, as far as it makes a difference here.

use granit_parser::ErrorKind;

/// The subject of the parser's error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FailureCause {
    Tab,
    /// A quote that is not closed.
    OpenQuote,
    /// Text behind a closing quote.
    BehindQuote,
    Escape,
    /// No blank before a comment.
    TightComment,
    ByteOrderMark,
    TooDeep,
    /// A closing bracket without an opening one.
    StrayBracket,
    /// A bracket that is not closed, or by the wrong one.
    Bracket,
    /// The first line of a text block.
    BlockHeader,
    /// The indentation of a text block.
    BlockText,
    /// A directive where none can be.
    Directive,
    /// A new document, or the rest of one, without its marker.
    DocumentStart,
    /// A list item where none can be.
    Item,
    /// A key without its colon.
    Key,
    /// A colon where none can be.
    Colon,
    /// Text that is not an entry of the block that it stands in.
    Entry,
    Other,
}

impl FailureCause {
    pub(super) fn of(error: &ErrorKind) -> Self {
        use ErrorKind as K;
        match error {
            K::TabInBlockIndentation
            | K::TabInIndentation
            | K::TabNotAllowed
            | K::TabAtBlockScalarStart
            | K::TabInPlainScalar => Self::Tab,
            K::UnclosedQuotedScalar | K::DocumentIndicatorInQuotedScalar => Self::OpenQuote,
            K::InvalidTrailingDoubleQuotedScalar | K::InvalidTrailingSingleQuotedScalar => Self::BehindQuote,
            K::UnknownQuotedScalarEscape
            | K::InvalidQuotedScalarHexEscape
            | K::InvalidUnicodeEscape
            | K::InvalidLowSurrogate
            | K::InvalidLowSurrogateHexEscape
            | K::MissingLowSurrogate
            | K::UnpairedLowSurrogate => Self::Escape,
            K::CommentNotSeparated => Self::TightComment,
            K::BomInsideDocument => Self::ByteOrderMark,
            K::RecursionLimitExceeded => Self::TooDeep,
            K::MisplacedFlowCollectionEnd => Self::StrayBracket,
            K::UnclosedFlowCollection { .. } | K::MismatchedFlowCollectionEnd { .. } => Self::Bracket,
            K::InvalidBlockScalarHeader | K::ZeroBlockScalarIndent => Self::BlockHeader,
            K::InvalidBlockScalarIndent => Self::BlockText,
            K::MissingDocumentEndBeforeDirective => Self::Directive,
            K::ExpectedDocumentStart => Self::DocumentStart,
            K::BlockSequenceEntryNotAllowed => Self::Item,
            K::SimpleKeyExpected | K::InvalidSimpleKey => Self::Key,
            K::MappingValueNotAllowed => Self::Colon,
            K::ExpectedBlockMappingKey | K::ExpectedBlockSequenceEntry => Self::Entry,
            _ => Self::Other,
        }
    }
}

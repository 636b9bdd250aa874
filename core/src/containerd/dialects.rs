//! What the TOML parsers of containerd make of ways to write TOML, in `config.toml`, its imports and `hosts.toml`.
//!
//! Sources, all of them also run with the texts of conformance/containerd.jsonl: BurntSushi/toml@v0.3.1 (1.0 to 1.4),
//! pelletier/go-toml@v1.8.1 (1.5), @v1.9.5 (1.6, 1.7), @v2.2.3 (2.0), @v2.2.4 (2.1, 2.2), @v2.3.0 (2.3), @v2.4.3 (2.4).

use crate::releases::Releases;
use crate::syntax::Dialect;

/// The releases whose parser refuses a way of writing.
pub(crate) const fn refusing(dialect: Dialect) -> Releases {
    Releases::containerd(match dialect {
        // TOML 1.1 and 1.0, which older parsers do not have yet.
        Dialect::MultilineInlineTable => "..1.4,2.0..2.3",
        Dialect::InlineTableComma => "1.5..2.3",
        Dialect::HexEscape | Dialect::TimeWithoutSeconds => "..2.3",
        Dialect::EscapeCharacter | Dialect::QuoteBeforeEnd => "..1.7",
        Dialect::DottedKey
        | Dialect::RadixInteger
        | Dialect::BlankBehindBackslash
        | Dialect::SpecialFloat
        | Dialect::LocalTime
        | Dialect::MixedList => "..1.4",
        // Faults that older parsers do not see.
        Dialect::ByteOrderMark
        | Dialect::UnknownEscape
        | Dialect::NulCharacter
        | Dialect::DottedTable
        | Dialect::EntryBehindHeader => "..1.4,2.0..",
        Dialect::UnsignedInteger => "..1.5,2.0..",
        Dialect::ExtendedInlineTable | Dialect::ControlInDoubleQuotes => "1.5..",
        Dialect::LoneReturn
        | Dialect::ControlCharacter
        | Dialect::LeadingZero
        | Dialect::InlineDuplicate
        | Dialect::BlockKey
        | Dialect::InvalidUtf8 => "2.0..",
        // Of JSON.
        Dialect::TrailingText => "all",
    })
}

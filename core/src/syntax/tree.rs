//! The one tree that every reader builds: entries in their order, duplicates kept, each with its byte spans.

use std::borrow::Cow;
use std::cell::OnceCell;

use crate::fix::Fix;
use crate::order;
use crate::text::Span;

/// The format a text was read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// containerd's `config.toml`, drop-ins and `hosts.toml`.
    Toml,
    /// Strict JSON, as Go's `encoding/json` takes it.
    Json,
    /// YAML whose scalars have the types that `sigs.k8s.io/yaml` gives them (YAML 1.1).
    Yaml,
    /// systemd units and drop-ins: sections of directives, command lines split into words.
    Unit,
    /// `KEY="words"` files such as `kubeadm-flags.env`.
    Env,
    /// Arguments of a program, one a line, as microk8s reads them.
    Args,
}

/// A text as a tree. Reading never fails: what could not be read is in `problems`, the rest is in `root`.
#[derive(Debug)]
pub struct Document<'a> {
    /// The text as given, byte order mark and all.
    pub text: &'a str,
    /// The format as which the text was read.
    pub format: Format,
    /// The (first) document; [`Value::Missing`] if the text holds nothing.
    pub root: Node<'a>,
    /// Further YAML documents of the same text.
    pub more: Vec<Node<'a>>,
    /// Comments with their marker, in source order; no two overlap.
    pub comments: Vec<Span>,
    /// Faults of the syntax, in source order.
    pub problems: Vec<Problem>,
    /// Syntax that some releases' parsers accept and others refuse.
    pub dialects: Vec<(Dialect, Span)>,
}

impl<'a> Document<'a> {
    /// A text of which nothing has been read yet.
    pub(super) fn new(text: &'a str, format: Format) -> Self {
        Self {
            text,
            format,
            root: Node::missing(0),
            more: vec![],
            comments: vec![],
            problems: vec![],
            dialects: vec![],
        }
    }

    /// The first place where the text is written in a way that parsers of some releases refuse.
    #[must_use]
    pub fn first_of(&self, dialect: Dialect) -> Option<Span> {
        self.dialects.iter().find(|(written, _)| *written == dialect).map(|(_, span)| *span)
    }
}

/// Syntax on which the parsers of different releases differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// A UTF-8 byte order mark at the start.
    ByteOrderMark,
    /// TOML: a line break inside an inline table (TOML 1.1).
    MultilineInlineTable,
    /// TOML: a comma before the closing brace of an inline table (TOML 1.1).
    InlineTableComma,
    /// TOML: a dotted key in an assignment (`a.b = 1`).
    DottedKey,
    /// TOML: a hexadecimal, octal or binary integer.
    RadixInteger,
    /// TOML: the escape `\e` (TOML 1.1).
    EscapeCharacter,
    /// TOML: an escape of two hexadecimal digits, `\xHH` (TOML 1.1).
    HexEscape,
    /// TOML: blanks or a carriage return between a backslash and the line end that it joins.
    BlankBehindBackslash,
    /// TOML: a quote right before the three that end a string.
    QuoteBeforeEnd,
    /// TOML: infinity or not-a-number.
    SpecialFloat,
    /// TOML: a time of day without a date.
    LocalTime,
    /// TOML: a time without seconds (TOML 1.1).
    TimeWithoutSeconds,
    /// TOML: a list of values of several types.
    MixedList,
    /// TOML, a fault: a backslash before a slash or blank, or the escape of a number that is not a character.
    UnknownEscape,
    /// TOML, a fault: a carriage return without a line feed.
    LoneReturn,
    /// TOML, a fault: a control character in a comment or a string in single quotes, or U+007F in any string.
    ControlCharacter,
    /// TOML, a fault: U+0000 in a comment or a string in single quotes, or a carriage return in such a string.
    NulCharacter,
    /// TOML, a fault: a control character in a string in double quotes.
    ControlInDoubleQuotes,
    /// TOML, a fault: a number from 2^63 to 2^64-1.
    UnsignedInteger,
    /// TOML, a fault: zeros before a number.
    LeadingZero,
    /// TOML, a fault: a key twice in an inline table.
    InlineDuplicate,
    /// TOML, a fault: a table that dotted keys and a header make.
    DottedTable,
    /// TOML, a fault: a header that adds to an inline table.
    ExtendedInlineTable,
    /// TOML, a fault: a key in triple quotes.
    BlockKey,
    /// TOML, a fault: an entry or header on the line of a header.
    EntryBehindHeader,
    /// Bytes that are not UTF-8; they are U+FFFD in the text.
    InvalidUtf8,
    /// JSON: text after the first value.
    TrailingText,
}

/// A fault of syntax.
#[derive(Clone, Debug)]
pub struct Problem {
    /// Which fault; stable, kebab-case (`trailing-comma`).
    pub code: &'static str,
    /// The way of writing, where some releases' parsers accept the fault.
    pub dialect: Option<Dialect>,
    /// The offending text; empty where something is missing.
    pub span: Span,
    /// The fault in the user's terms; one sentence without full stop.
    pub message: String,
    /// The advice to the user.
    pub help: Option<String>,
    /// The other place involved, such as the opening bracket or the first definition.
    pub related: Option<(Span, &'static str)>,
    /// The repair, where there is only one sensible.
    pub fix: Option<Fix>,
}

impl Problem {
    /// The advice to the user as a sentence: the help, or the title of the fix.
    #[must_use]
    pub fn advice(&self) -> String {
        let text = match (&self.help, &self.fix) {
            (Some(help), _) => help,
            (None, Some(fix)) => &fix.title,
            (None, None) => "Correct the place shown",
        };
        let mut letters = text.chars();
        let first = letters.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
        format!("{first}{}.", letters.as_str().trim_end_matches('.'))
    }
}

/// A value with its place.
#[derive(Clone, Debug)]
pub struct Node<'a> {
    /// The value's text: quotes and brackets included. For a TOML table made by headers: from its first header to its
    /// last entry.
    pub span: Span,
    /// The value.
    pub value: Value<'a>,
}

/// The content of a node.
#[derive(Clone, Debug)]
pub enum Value<'a> {
    /// A value is missing (which a syntax problem reports), or the document is empty.
    Missing,
    /// A single value.
    Scalar(Scalar<'a>),
    /// An array or sequence.
    Seq(Vec<Node<'a>>),
    /// A table, object or mapping.
    Map(Map<'a>),
}

/// A single value: its decoded text, and the type that the daemon's parser gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scalar<'a> {
    /// Decoded: without quotes, escapes resolved.
    pub text: Cow<'a, str>,
    /// The type after the daemon's own rules.
    pub kind: ScalarKind,
    /// How it is written.
    pub style: Style,
}

/// The type of a scalar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScalarKind {
    /// Text.
    String,
    /// A whole number; the text may have signs, underscores or a radix prefix.
    Integer,
    /// A number with fraction or exponent, infinity or not-a-number.
    Float,
    /// True or false; YAML 1.1 spellings such as `yes` and `off` included.
    Bool,
    /// Null.
    Null,
    /// A TOML date or time.
    Datetime,
}

/// How a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Without quotes.
    Plain,
    /// In double quotes.
    Double,
    /// In single quotes.
    Single,
    /// Over several lines: TOML triple quotes, YAML `|` and `>`.
    Block,
}

/// Entries in source order, duplicates included.
#[derive(Clone, Debug, Default)]
pub struct Map<'a> {
    /// The entries.
    pub entries: Vec<Entry<'a>>,
    /// How the map is written.
    pub style: MapStyle,
    /// TOML: the full text of each `[header]` that opens this very table (not its parents).
    pub headers: Vec<Span>,
    /// The numbers of the entries by key, made when the first search asks and there are many.
    by_key: OnceCell<Vec<usize>>,
}

/// Up to this many entries, looking at each costs less than an order.
const FEW: usize = 48;

impl<'a> Map<'a> {
    /// A map of these entries.
    #[must_use]
    pub fn new(entries: Vec<Entry<'a>>, style: MapStyle, headers: Vec<Span>) -> Self {
        Self { entries, style, headers, by_key: OnceCell::new() }
    }

    /// The entry that counts for `key`: the last one written.
    #[must_use]
    pub fn entry(&self, key: &str) -> Option<&Entry<'a>> {
        if self.entries.len() <= FEW {
            return self.entries.iter().rev().find(|e| e.key == key);
        }
        let order = self.by_key.get_or_init(|| {
            let keys = self.entries.iter().enumerate();
            let mut order: Vec<(&str, usize)> = keys.map(|(number, entry)| (entry.key.as_ref(), number)).collect();
            order::by_name(&mut order, |(key, _)| key);
            order.into_iter().map(|(_, number)| number).collect()
        });
        let behind = order.partition_point(|number| self.entries.get(*number).is_some_and(|e| e.key.as_ref() <= key));
        let entry = self.entries.get(*order.get(behind.checked_sub(1)?)?)?;
        (entry.key == key).then_some(entry)
    }

    /// The number of the entry whose key stands at `key_span`.
    #[must_use]
    pub fn number_at(&self, key_span: Span) -> Option<usize> {
        // In source order, unless a YAML merge brought entries in.
        let near = self.entries.partition_point(|entry| entry.key_span < key_span);
        let is_there = |number: &usize| self.entries.get(*number).is_some_and(|e| e.key_span == key_span);
        Some(near).filter(is_there).or_else(|| self.entries.iter().position(|e| e.key_span == key_span))
    }
}

/// How a map is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MapStyle {
    /// The document's top level.
    #[default]
    Root,
    /// TOML: opened by headers, its own or those of its children.
    Table,
    /// TOML: made by dotted keys.
    Dotted,
    /// In braces: TOML inline table, JSON object, YAML flow mapping.
    Inline,
    /// YAML: block mapping. Also the sections of a unit file.
    Block,
}

/// A key with its value.
#[derive(Clone, Debug)]
pub struct Entry<'a> {
    /// Decoded key.
    pub key: Cow<'a, str>,
    /// The key as written, with quotes. For a TOML table: its part of the first header that names it.
    pub key_span: Span,
    /// The value.
    pub value: Node<'a>,
}

impl<'a> Node<'a> {
    /// A node without a value.
    #[must_use]
    pub fn missing(at: usize) -> Self {
        Self { span: Span::empty(at), value: Value::Missing }
    }

    /// The entries; none if this is not a map.
    #[must_use]
    pub fn entries(&self) -> &[Entry<'a>] {
        match &self.value {
            Value::Map(map) => &map.entries,
            _ => &[],
        }
    }

    /// The items; none if this is not a sequence.
    #[must_use]
    pub fn items(&self) -> &[Self] {
        match &self.value {
            Value::Seq(items) => items,
            _ => &[],
        }
    }

    /// The entry that counts for `key`: the last one written.
    #[must_use]
    pub fn entry(&self, key: &str) -> Option<&Entry<'a>> {
        self.as_map()?.entry(key)
    }

    /// The value that counts for `key`.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.entry(key).map(|e| &e.value)
    }

    /// The entry at the end of a path of keys.
    #[must_use]
    pub fn entry_at(&self, path: &[&str]) -> Option<&Entry<'a>> {
        let (last, parents) = path.split_last()?;
        self.at(parents)?.entry(last)
    }

    /// The value at the end of a path of keys; the node itself for an empty path.
    #[must_use]
    pub fn at(&self, path: &[&str]) -> Option<&Self> {
        path.iter().try_fold(self, |node, key| node.get(key))
    }

    /// The map, if this is one.
    #[must_use]
    pub fn as_map(&self) -> Option<&Map<'a>> {
        match &self.value {
            Value::Map(map) => Some(map),
            _ => None,
        }
    }

    /// The scalar, if this is one.
    #[must_use]
    pub fn as_scalar(&self) -> Option<&Scalar<'a>> {
        match &self.value {
            Value::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }

    /// The text, if this is a string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        self.as_scalar().filter(|s| s.kind == ScalarKind::String).map(|s| s.text.as_ref())
    }

    /// The number, if this is a whole one that fits.
    #[must_use]
    pub fn as_int(&self) -> Option<i64> {
        self.as_scalar().filter(|s| s.kind == ScalarKind::Integer).and_then(|s| parse_int(&s.text))
    }

    /// The truth value, if this is one.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        let scalar = self.as_scalar().filter(|s| s.kind == ScalarKind::Bool)?;
        Some(matches!(
            scalar.text.as_ref(),
            "true" | "True" | "TRUE" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" | "y" | "Y"
        ))
    }

    /// Whether nothing is there: no value, or null.
    #[must_use]
    pub fn is_null(&self) -> bool {
        match &self.value {
            Value::Missing => true,
            Value::Scalar(scalar) => scalar.kind == ScalarKind::Null,
            _ => false,
        }
    }

    /// The name of the type: `a string`, `a list`.
    #[must_use]
    pub fn type_name(&self) -> &'static str {
        match &self.value {
            Value::Missing => "nothing",
            Value::Seq(_) => "a list",
            Value::Map(_) => "a table",
            Value::Scalar(scalar) => match scalar.kind {
                ScalarKind::String => "a string",
                ScalarKind::Integer => "an integer",
                ScalarKind::Float => "a float",
                ScalarKind::Bool => "a boolean",
                ScalarKind::Null => "null",
                ScalarKind::Datetime => "a date",
            },
        }
    }
}

/// Reads an integer as TOML, JSON or YAML 1.1 write it: sign, underscores, `0x`, `0o`, `0b`, and a leading `0` for
/// octal (which only YAML readers let through as an integer).
fn parse_int(text: &str) -> Option<i64> {
    let text: Cow<'_, str> = if text.contains('_') { text.replace('_', "").into() } else { text.into() };
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(&text)),
    };
    let (radix, digits) = match digits.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, &digits[2..]),
        [b'0', b'o' | b'O', ..] => (8, &digits[2..]),
        [b'0', b'b' | b'B', ..] => (2, &digits[2..]),
        [b'0', _, ..] => (8, &digits[1..]),
        _ => (10, digits),
    };
    let size = u64::from_str_radix(digits, radix).ok()?;
    if negative { 0i64.checked_sub_unsigned(size) } else { size.try_into().ok() }
}

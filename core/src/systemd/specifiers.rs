//! Specifiers: `%n` and others, which systemd fills in when it reads a unit.
//!
//! Source: systemd v252:src/core/unit-printf.c (`unit_full_printf_full`), src/shared/specifier.c.

use super::Assumptions;
use super::lookup::instance_of;
use super::tree::{Opened, UnitTree};
use crate::syntax::unit::{EnvItem, EnvItems, SourceChar, text_of};

/// The letters of specifiers.
const LETTERS: &str = "%iIfjJnNpPyYtSCLEdhugUGsTVcrRabmHlqvABMowW";

/// Whether a letter behind `%` is a specifier.
pub(crate) fn is_specifier(letter: char) -> bool {
    LETTERS.contains(letter)
}

/// What specifiers of a unit stand for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Specifiers<'u> {
    pub(crate) tree: &'u UnitTree<'u>,
    pub(crate) assumptions: &'u Assumptions,
    /// The name of the unit.
    pub(crate) unit: &'u str,
    /// The path of its file.
    pub(crate) path: &'u str,
    /// The home of the user whose manager runs it.
    pub(crate) home: Option<&'u str>,
}

/// A specifier that systemd refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BadSpecifier;

/// A text with its specifiers filled in.
#[derive(Clone, Debug, Default)]
pub(crate) struct FilledText {
    pub(crate) chars: Vec<SourceChar>,
    /// Why it is not known, if it depends on the machine.
    pub(crate) unknown: Option<String>,
}

enum Meaning {
    Text(String),
    /// A value of the machine.
    Machine(&'static str),
    NoSpecifier,
}

impl Specifiers<'_> {
    /// Fills in the specifiers of a text.
    pub(crate) fn fill(&self, chars: &[SourceChar]) -> Result<FilledText, BadSpecifier> {
        let mut out = FilledText::default();
        let mut rest = chars.iter().copied();
        while let Some(char) = rest.next() {
            if char.c != '%' {
                out.chars.push(char);
                continue;
            }
            let Some(letter) = rest.next() else {
                out.chars.push(char);
                break;
            };
            let span = char.span.to(letter.span);
            match self.meaning(letter.c) {
                Meaning::Text(text) => out.chars.extend(text.chars().map(|c| SourceChar { c, span })),
                Meaning::Machine(what) => match self.assumptions.of_specifier(letter.c) {
                    Some(text) => out.chars.extend(text.chars().map(|c| SourceChar { c, span })),
                    None => out.unknown = Some(format!("`%{}` is {what}", letter.c)),
                },
                Meaning::NoSpecifier if letter.c.is_ascii_alphanumeric() => return Err(BadSpecifier),
                Meaning::NoSpecifier => out.chars.extend([char, letter]),
            }
        }
        Ok(out)
    }

    fn meaning(&self, letter: char) -> Meaning {
        let stem = self.unit.strip_suffix(".service").unwrap_or(self.unit);
        let prefix = stem.split('@').next().unwrap_or_default();
        let instance = instance_of(self.unit).unwrap_or_default();
        let last = |text: &str| text.rsplit('-').next().unwrap_or_default().to_owned();
        let is_system = self.home.is_none();
        Meaning::Text(match letter {
            '%' => "%".to_owned(),
            'i' | 'I' | 'f' if self.unit.contains("@.") => return Meaning::Machine("the instance of the template"),
            'i' => instance.to_owned(),
            'I' => unescaped(instance),
            'j' => last(prefix),
            'J' => unescaped(&last(prefix)),
            'n' => self.unit.to_owned(),
            'N' => stem.to_owned(),
            'p' => prefix.to_owned(),
            'P' => unescaped(prefix),
            'f' => path_of(if instance.is_empty() { prefix } else { instance }),
            'y' => self.real_path(),
            'Y' => {
                let mut path = self.real_path();
                path.truncate(path.rfind('/').unwrap_or(0));
                path
            }
            't' if is_system => "/run".to_owned(),
            'S' if is_system => "/var/lib".to_owned(),
            'C' if is_system => "/var/cache".to_owned(),
            'L' if is_system => "/var/log".to_owned(),
            'E' if is_system => "/etc".to_owned(),
            'd' if is_system => format!("/run/credentials/{}", self.unit),
            'C' => format!("{}/.cache", self.home.unwrap_or_default()),
            'E' => format!("{}/.config", self.home.unwrap_or_default()),
            't' | 'S' | 'L' | 'd' => return Meaning::Machine("a folder of the user"),
            'h' => self.home.unwrap_or("/root").to_owned(),
            'u' | 'g' if is_system => "root".to_owned(),
            'U' | 'G' if is_system => "0".to_owned(),
            's' => return Meaning::Machine("the shell of the user"),
            'u' => self.home.and_then(|home| home.rsplit('/').next()).unwrap_or_default().to_owned(),
            'U' | 'g' | 'G' => return Meaning::Machine("a number or name of the user"),
            'T' => "/tmp".to_owned(),
            'V' => "/var/tmp".to_owned(),
            'c' | 'r' | 'R' => return Meaning::Machine("a control group"),
            'a' => return Meaning::Machine("the architecture"),
            'b' => return Meaning::Machine("the boot ID"),
            'm' => match self.tree.open("/etc/machine-id") {
                Opened::File(_, text) if text.trim().len() == 32 => text.trim().to_owned(),
                _ => return Meaning::Machine("the machine ID"),
            },
            'H' | 'l' => return Meaning::Machine("the host name"),
            'q' => return Meaning::Machine("the pretty host name"),
            'v' => return Meaning::Machine("the release of the kernel"),
            'A' => return self.release("IMAGE_VERSION"),
            'B' => return self.release("BUILD_ID"),
            'M' => return self.release("IMAGE_ID"),
            'o' => return self.release("ID"),
            'w' => return self.release("VERSION_ID"),
            'W' => return self.release("VARIANT_ID"),
            _ => return Meaning::NoSpecifier,
        })
    }

    fn real_path(&self) -> String {
        self.tree.resolve(self.path, true).unwrap_or_default()
    }

    /// A field of `os-release`; an absent one is empty.
    fn release(&self, field: &str) -> Meaning {
        let files = ["/etc/os-release", "/usr/lib/os-release"].into_iter().map(|path| self.tree.open(path));
        let text = files.into_iter().find_map(|file| match file {
            Opened::File(_, text) => Some(text),
            _ => None,
        });
        let Some(text) = text else { return Meaning::Machine("a field of os-release") };
        let mut value = String::new();
        for item in EnvItems::new(text) {
            if let EnvItem::Assignment(assignment) = item
                && text_of(&assignment.name) == field
            {
                value = text_of(&assignment.value);
            }
        }
        Meaning::Text(value)
    }
}

/// A part of a unit's name with its escapes undone: `-` is `/`, and `\x2d` is `-`.
fn unescaped(name: &str) -> String {
    let mut bytes: Vec<u8> = vec![];
    let mut rest = name.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let hex = tail.strip_prefix(b"x").and_then(|digits| std::str::from_utf8(digits.get(..2)?).ok());
        let escaped = hex.filter(|_| *first == b'\\').and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match escaped {
            Some(byte) => {
                bytes.push(byte);
                rest = tail.get(3..).unwrap_or_default();
            }
            None => {
                bytes.push(if *first == b'-' { b'/' } else { *first });
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn path_of(name: &str) -> String {
    if name == "-" { "/".to_owned() } else { format!("/{}", unescaped(name).trim_start_matches('/')) }
}

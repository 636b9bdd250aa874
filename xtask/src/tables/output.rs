//! The generated code: what all tables share, which are texts, sets of releases, and the meaning of release ids.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

use super::Generated;
use super::patches::PatchRanges;
use crate::data::ReleaseFile;

/// The code generated so far.
pub struct Output {
    patches: HashMap<String, PatchRanges>,
    pub code: String,
    /// The releases, a file of their own: code that needs releases alone does not need the key tables.
    releases: String,
    texts: Numbered<String>,
    sets: Numbered<u128>,
    /// Rows of `DETAILS`, as code.
    pub details: Numbered<String>,
    /// Lives of feature gates, as code.
    pub stages: Vec<String>,
    /// Where patch releases of containerd differ in a key, by the last part of its path.
    pub edges: BTreeMap<String, u128>,
}

/// Different things with their numbers, in the order of their first use.
pub struct Numbered<T> {
    pub all: Vec<T>,
    numbers: HashMap<T, u16>,
}

impl<T: Clone + Eq + std::hash::Hash> Numbered<T> {
    fn new(first: T) -> Self {
        let mut new = Self { all: vec![], numbers: HashMap::new() };
        new.number(first);
        new
    }

    pub fn number(&mut self, item: T) -> u16 {
        let next = self.all.len();
        *self.numbers.entry(item).or_insert_with_key(|item| {
            self.all.push(item.clone());
            #[allow(clippy::expect_used, reason = "a table that outgrows its numbers must stop the build")]
            u16::try_from(next).expect("fewer than 65536")
        })
    }
}

impl Output {
    pub fn new(releases: &ReleaseFile) -> Result<Self, String> {
        let patches = releases.product.iter().map(|product| Ok((product.id.clone(), PatchRanges::of(product)?)));
        Ok(Self {
            patches: patches.collect::<Result<_, String>>()?,
            code: String::from(
                "// Generated from core/data by `cargo xtask gen`. Do not edit.\n\n\
                 use super::built_in::{BuiltIn, built_in};\nuse super::checks::{AllowedRange, AllowedWords, Gated, Pair, Relation, When, Zero};\n\
                 use super::drivers::{Checked, Driver, DriverOpt, Form, driver, opt};\n\
                 use super::flags::{IgnoredFlag, KubeletFlag, Reads, flag};\nuse super::gates::{Gate, Stage, StageKind, gate, stage};\n\
                 use super::{Details, KeySpec, Part, Set, Table, Text, Type, details as d, key as k, part as p, types::Item};\n\
                 use crate::releases::{Bits, Product};\n\n",
            ),
            releases: String::from(
                "// Generated from core/data by `cargo xtask gen`. Do not edit.\n\nuse super::{PatchRange, Release};\n",
            ),
            texts: Numbered::new(String::new()),
            sets: Numbered::new(0),
            details: Numbered::new("d([0; 6])".to_owned()),
            stages: vec![],
            edges: BTreeMap::new(),
        })
    }

    /// The number of a text.
    pub fn text(&mut self, text: &str) -> u16 {
        assert!(!text.contains('\n'), "texts are one line: {text:?}");
        self.texts.number(text.to_owned())
    }

    /// The number of a set of releases.
    pub fn set(&mut self, set: u128) -> u16 {
        self.sets.number(set)
    }

    /// The releases of each product and their patch ranges.
    pub fn releases(&mut self, file: &ReleaseFile) -> Result<(), String> {
        for product in &file.product {
            let name = product.id.to_uppercase();
            let ranges = self.of(&product.id)?.all();
            let mut releases = String::new();
            for r in &product.releases {
                let own: Vec<usize> = (0..ranges.len()).filter(|i| ranges[*i].minor == r.id).collect();
                let (Some(first), Some(last)) = (own.first(), own.last()) else { continue };
                let _ = writeln!(
                    releases,
                    "    Release {{ id: {:?}, default: {}, preview: {}, first: {first}, last: {last} }},",
                    r.id, r.default, r.preview
                );
            }
            let mut rows = String::new();
            for range in ranges {
                let _ = writeln!(rows, "    PatchRange {{ first: {:?}, last: {:?} }},", range.first, range.last);
            }
            let _ = write!(
                self.releases,
                "\npub(super) static {name}_RELEASES: &[Release] = &[\n{releases}];\n\n\
                 pub(super) static {name}_PATCHES: &[PatchRange] = &[\n{rows}];\n"
            );
        }
        Ok(())
    }

    /// The patch ranges of a product.
    pub fn of(&self, product: &str) -> Result<&PatchRanges, String> {
        self.patches.get(&product.to_lowercase()).ok_or_else(|| format!("no product {product}"))
    }

    /// Releases from `since` to `until`.
    pub fn range(&self, product: &str, since: Option<&str>, until: Option<&str>) -> Result<u128, String> {
        let patches = self.of(product)?;
        let from = since.map_or(Ok(u128::MAX), |id| patches.from(id))?;
        Ok(from & until.map_or(Ok(u128::MAX), |id| patches.upto(id))?)
    }

    /// Releases of `set` from `since`; none without.
    pub fn part_from(&self, product: &str, since: Option<&str>, set: u128) -> Result<u128, String> {
        Ok(since.map_or(Ok(0), |id| self.of(product)?.from(id))? & set)
    }

    pub fn finish(mut self) -> Vec<Generated> {
        let mut rows = String::new();
        for row in &self.details.all {
            let _ = writeln!(rows, "    {row},");
        }
        let _ = write!(self.code, "pub(crate) static DETAILS: &[Details] = &[\n{rows}];\n\n");
        let sets = self.sets.all.iter().map(|set| format!("{set:#x}"));
        let sets = listed(&sets.collect::<Vec<_>>());
        let _ = write!(self.code, "pub(crate) static SETS: &[Bits] = &[{sets}\n];\n\n");
        // One more than texts: where the last one ends.
        let mut starts = vec!["0".to_owned()];
        let mut at = 0;
        for text in &self.texts.all {
            at += text.len() + 1;
            starts.push(at.to_string());
        }
        let _ = write!(
            self.code,
            "pub(crate) static TEXT: &str = include_str!(\"tables.txt\");\n\n\
             pub(crate) static TEXT_STARTS: &[u32] = &[{}\n];\n",
            listed(&starts)
        );
        let mut texts = self.texts.all.join("\n");
        texts.push('\n');
        vec![
            ("core/src/keys/tables.rs".into(), self.code),
            ("core/src/keys/tables.txt".into(), texts),
            ("core/src/releases/tables.rs".into(), self.releases),
        ]
    }
}

/// Numbers, sixteen a line.
fn listed(numbers: &[String]) -> String {
    let mut out = String::new();
    for line in numbers.chunks(16) {
        let _ = write!(out, "\n    {},", line.join(", "));
    }
    out
}

/// `29.2.0` -> [29, 2, 0].
pub fn numbers(id: &str) -> Vec<u32> {
    id.split('.').map(|n| n.parse().unwrap_or(0)).collect()
}

/// `planned for 2.4`, `removed in 2.0`.
pub fn removal(text: &str, removed_in: Option<&str>) -> String {
    match removed_in {
        Some(id) if text.is_empty() => format!("removed in {id}"),
        _ => text.to_owned(),
    }
}

//! The generated code: what all tables share, which are texts, sets of releases, and the meaning of release ids.

use std::collections::HashMap;
use std::fmt::Write as _;

use super::Generated;
use crate::data::{self, Product, ReleaseFile};

/// The code generated so far.
pub struct Output<'a> {
    products: &'a [Product],
    pub code: String,
    /// The releases, a file of their own: code that needs releases alone does not need the key tables.
    releases: String,
    texts: Numbered<String>,
    sets: Numbered<u128>,
    /// Rows of `DETAILS`, as code.
    pub details: Numbered<String>,
    /// Lives of feature gates, as code.
    pub stages: Vec<String>,
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

impl<'a> Output<'a> {
    pub fn new(releases: &'a ReleaseFile) -> Self {
        Self {
            products: &releases.product,
            code: String::from(
                "// Generated from core/data by `cargo xtask gen`. Do not edit.\n\n\
                 use super::built_in::{BuiltIn, built_in};\nuse super::checks::{AllowedRange, AllowedWords, Gated, Pair, Relation, When, Zero};\n\
                 use super::drivers::{Checked, Driver, DriverOpt, Form, driver, opt};\n\
                 use super::flags::{IgnoredFlag, KubeletFlag, Reads, flag};\nuse super::gates::{Gate, Stage, StageKind, gate, stage};\n\
                 use super::{Details, KeySpec, Part, Set, Table, Text, Type, details as d, key as k, part as p, types::Item};\n\
                 use crate::releases::{Bits, Product};\n\n",
            ),
            releases: String::from(
                "// Generated from core/data by `cargo xtask gen`. Do not edit.\n\nuse super::Release;\n",
            ),
            texts: Numbered::new(String::new()),
            sets: Numbered::new(0),
            details: Numbered::new("d([0; 7])".to_owned()),
            stages: vec![],
        }
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

    pub fn releases(&mut self, file: &ReleaseFile) {
        for product in &file.product {
            let _ =
                writeln!(self.releases, "\npub(super) static {}_RELEASES: &[Release] = &[", product.id.to_uppercase());
            for r in &product.releases {
                let _ = writeln!(
                    self.releases,
                    "    Release {{ id: {:?}, default: {}, preview: {} }},",
                    r.id, r.default, r.preview
                );
            }
            self.releases.push_str("];\n");
        }
    }

    fn ids(&self, product: &str) -> Result<&'a [data::Release], String> {
        let found = self.products.iter().find(|p| p.id == product.to_lowercase());
        found.map(|p| p.releases.as_slice()).ok_or_else(|| format!("unknown product {product}"))
    }

    /// The index of the first known release that is not before `id`, and whether it is `id` itself.
    pub fn position(&self, product: &str, id: &str) -> Result<(usize, bool), String> {
        let releases = self.ids(product)?;
        let wanted = numbers(id);
        for (i, release) in releases.iter().enumerate() {
            let known = numbers(&release.id);
            let cut = &wanted[..known.len().min(wanted.len())];
            if cut == known.as_slice() {
                return Ok((i, true));
            }
            if cut < known.as_slice() {
                return Ok((i, false));
            }
        }
        Err(format!("{product} {id}: no such release in releases.toml"))
    }

    /// The id of the first known release that is not before `id`.
    pub fn known(&self, product: &str, id: &str) -> Result<&'a str, String> {
        let (i, _) = self.position(product, id)?;
        self.ids(product)?.get(i).map(|r| r.id.as_str()).ok_or_else(|| format!("{product} {id}: no such release"))
    }

    pub fn from(&self, product: &str, id: &str) -> Result<u128, String> {
        Ok(u128::MAX << self.position(product, id)?.0)
    }

    pub fn upto(&self, product: &str, id: &str) -> Result<u128, String> {
        let (i, exact) = self.position(product, id)?;
        let count = i + usize::from(exact);
        Ok((1u128 << count) - 1)
    }

    pub fn before(&self, product: &str, id: &str) -> Result<u128, String> {
        Ok((1u128 << self.position(product, id)?.0) - 1)
    }

    /// Releases from `since` to `until`.
    pub fn range(&self, product: &str, since: Option<&str>, until: Option<&str>) -> Result<u128, String> {
        let from = since.map_or(Ok(u128::MAX), |id| self.from(product, id))?;
        Ok(from & until.map_or(Ok(u128::MAX), |id| self.upto(product, id))?)
    }

    /// Releases of `set` from `since`; none without.
    pub fn part_from(&self, product: &str, since: Option<&str>, set: u128) -> Result<u128, String> {
        Ok(since.map_or(Ok(0), |id| self.from(product, id))? & set)
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

/// The patch release that first has something, if that is a later one than the first of its release; else nothing.
pub fn first_patch<'s>(product: &str, since: Option<&'s str>) -> &'s str {
    let since = since.unwrap_or_default();
    let parts = numbers(since);
    let late =
        parts.first().is_some_and(|major| *major >= 23) && parts.get(1..).is_some_and(|p| p.iter().any(|n| *n > 0));
    if product == "Docker" && late { since } else { "" }
}

/// `planned for 2.4`, `removed in 2.0`.
pub fn removal(text: &str, removed_in: Option<&str>) -> String {
    match removed_in {
        Some(id) if text.is_empty() => format!("removed in {id}"),
        _ => text.to_owned(),
    }
}

//! Security benchmarks: their items as data, and which of them the files of a node pass.
//!
//! The table is generated from `core/data/benchmarks.toml`. [`values`] finds what a setting is in effect, [`judge`]
//! compares it with what an item wants. Rules report the items that fail; the module `profile` lists all items of a
//! check.

mod judge;
#[rustfmt::skip]
mod tables;
mod values;

pub(crate) use judge::{ItemVerdict, Judged, judge};
pub use tables::BENCHMARKS;

use crate::finding::Severity;
use crate::releases::Product;

/// Rules and items that a user asks for by one name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// The CIS benchmarks for Docker and for worker nodes of Kubernetes.
    Cis,
}

/// A published benchmark in one edition.
#[derive(Debug)]
pub struct Benchmark {
    /// `docker` or `kubernetes-worker`.
    pub id: &'static str,
    /// The name that it is published under.
    pub title: &'static str,
    /// The edition that the numbers of items are from.
    pub edition: &'static str,
    /// The product whose daemon it is about.
    pub product: Product,
    /// The rule that reports items that fail and that no other rule reports.
    pub rule: &'static str,
    /// Its sections, in order.
    pub sections: &'static [BenchmarkSection],
}

/// A section of a benchmark.
#[derive(Debug)]
pub struct BenchmarkSection {
    /// Such as `4.2`.
    pub number: &'static str,
    /// Its subject.
    pub title: &'static str,
    /// The items, in order.
    pub items: &'static [BenchmarkItem],
}

/// An item of a benchmark.
#[derive(Debug)]
pub struct BenchmarkItem {
    /// The published number, such as `4.2.1`.
    pub number: &'static str,
    /// What holds where it passes.
    pub title: &'static str,
    /// Whether the benchmark leaves the verdict to people.
    pub is_manual: bool,
    /// How files decide.
    pub basis: ItemBasis,
}

/// How files decide on an item.
#[derive(Debug)]
pub enum ItemBasis {
    /// Not at all, for this reason.
    Undecided(&'static str),
    /// By the settings in effect.
    Settings(ItemCheck),
}

/// What settings an item wants.
#[derive(Debug)]
pub struct ItemCheck {
    /// All of them hold where the item passes.
    pub(crate) tests: &'static [SettingTest],
    /// The item passes too where one of them holds.
    pub(crate) unless: &'static [SettingTest],
    /// What is wrong where it fails.
    pub(crate) message: &'static str,
    /// What to do then.
    pub(crate) help: &'static str,
    /// Other rules that report the same fault.
    pub(crate) rules: &'static [&'static str],
}

/// What an item wants of one setting.
#[derive(Debug)]
pub(crate) struct SettingTest {
    /// The path of the key, or a flag with its dashes; for a file [`FILE`] and `main`, `unit` or the end of its path.
    pub(crate) setting: &'static str,
    pub(crate) wants: Wanted,
}

/// The values of a setting with which an item passes.
#[derive(Debug)]
pub(crate) enum Wanted {
    /// One of these, in any letter case.
    Is(&'static [&'static str]),
    /// None of these, in any letter case.
    Not(&'static [&'static str]),
    /// Something.
    Set,
    /// Nothing.
    Empty,
    /// A list of these alone, with one at least.
    Only(&'static [&'static str]),
    /// No item that starts with this text.
    NoneStart(&'static str),
    /// A whole number that is not smaller.
    AtLeast(i64),
    /// Addresses of Docker, of which those on TCP check client certificates.
    TcpChecksClients,
    /// No permission beyond these.
    Mode(u32),
    /// User and group root.
    OwnedByRoot,
}

/// Before the name of a file whose owner and mode an item is about.
const FILE: &str = "file:";

/// The verdict on an item, with the findings behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ItemStatus {
    /// The files pass it.
    Pass,
    /// They do not; findings show where.
    Fail,
    /// They do not, and a comment or the configuration silences the finding.
    Ignored,
    /// Files do not decide.
    Undecided,
}

/// A benchmark on the files of one node.
#[derive(Debug)]
pub struct Assessment {
    /// The benchmark.
    pub benchmark: &'static Benchmark,
    /// The number of the node.
    pub node: usize,
    /// A verdict for each item, in order.
    pub items: Vec<AssessedItem>,
}

/// An item with its verdict.
#[derive(Debug)]
pub struct AssessedItem {
    /// The item.
    pub item: &'static BenchmarkItem,
    /// The verdict.
    pub status: ItemStatus,
    /// Why files do not decide; empty if they do.
    pub reason: &'static str,
    /// The findings that show the failure, as indices into the report's findings.
    pub findings: Vec<usize>,
}

impl Profile {
    /// All profiles.
    pub const ALL: [Self; 1] = [Self::Cis];

    /// The word in options and reports.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Cis => "cis",
        }
    }

    /// The benchmarks that belong to it.
    #[must_use]
    pub const fn benchmarks(self) -> &'static [Benchmark] {
        match self {
            Self::Cis => BENCHMARKS,
        }
    }

    /// Whether a rule reports items of the profile and nothing else.
    #[must_use]
    pub fn owns(self, rule: &str) -> bool {
        self.benchmarks().iter().any(|benchmark| benchmark.rule == rule)
    }

    /// The least severity of a rule that reports an item which the benchmark leaves to programs.
    #[must_use]
    pub fn severity(self, rule: &str) -> Option<Severity> {
        let items = self.benchmarks().iter().flat_map(Benchmark::items);
        let mut checks = items.filter(|item| !item.is_manual).filter_map(BenchmarkItem::check);
        checks.any(|check| check.rules.contains(&rule)).then_some(Severity::Warning)
    }
}

impl Benchmark {
    /// All items, in order.
    pub fn items(&self) -> impl Iterator<Item = &'static BenchmarkItem> + use<> {
        self.sections.iter().flat_map(|section| section.items)
    }
}

impl BenchmarkItem {
    /// How settings decide, if they do.
    #[must_use]
    pub fn check(&self) -> Option<&ItemCheck> {
        match &self.basis {
            ItemBasis::Settings(check) => Some(check),
            ItemBasis::Undecided(_) => None,
        }
    }
}

impl ItemStatus {
    /// The word in reports.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Ignored => "ignored",
            Self::Undecided => "undecided",
        }
    }
}

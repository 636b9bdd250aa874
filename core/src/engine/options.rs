//! The options of a check: releases, rules, levels.

use crate::finding::{Finding, Severity};
use crate::releases::{Product, ReleaseSet, Releases};
use crate::rules::{self, Category, Rule};

/// How to check.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The releases that matter.
    pub target: Target,
    /// Which rules run, and with which severity; later ones win.
    pub levels: Vec<(Selector, Level)>,
    /// Whether rules that run only when selected do so.
    pub all: bool,
}

/// The releases that the user cares about. A product not named gets what upstream maintains.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Target {
    sets: [Option<ReleaseSet>; 3],
}

/// Rules by name or by category.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selector {
    /// Every rule.
    All,
    /// A category.
    Category(Category),
    /// A rule's id.
    Rule(&'static str),
}

/// The severity of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Not at all.
    Off,
    /// As its effect determines.
    Default,
    /// Always like this.
    Fixed(Severity),
}

impl Target {
    /// Adds `containerd=2.1`, `kubernetes=1.33..1.35`, `docker=all`; a product given twice has both.
    ///
    /// # Errors
    /// A sentence for the user.
    pub fn add(&mut self, text: &str) -> Result<(), String> {
        let names = Product::ALL.map(Product::id).join(", ");
        let wrong = || {
            format!(
                "`{text}` is not a target: write PRODUCT=RELEASE, PRODUCT=FROM..TO or PRODUCT=all with one of {names}"
            )
        };
        let (product, spec) = text.split_once('=').ok_or_else(wrong)?;
        let product = Product::from_id(product.trim()).ok_or_else(wrong)?;
        let set = ReleaseSet::parse(product, spec.trim()).map_err(|_| {
            let known: Vec<_> = product.releases().iter().map(|r| r.id).collect();
            format!("`{spec}` names no releases of {}: crilint supports {}", product.id(), known.join(", "))
        })?;
        if let Some(slot) = self.sets.get_mut(product as usize) {
            *slot = Some(slot.map_or(set, |old| old.or(set)));
        }
        Ok(())
    }

    /// Whether the user named releases of the product.
    #[must_use]
    pub fn names(&self, product: Product) -> bool {
        self.sets.get(product as usize).is_some_and(Option::is_some)
    }

    /// The same, with the releases of `other` for products that are not named here.
    #[must_use]
    pub fn else_from(mut self, other: Self) -> Self {
        for (own, other) in self.sets.iter_mut().zip(other.sets) {
            *own = own.or(other);
        }
        self
    }

    /// All releases that matter.
    #[must_use]
    pub fn all(&self) -> Releases {
        Product::ALL.into_iter().fold(Releases::ANY, |all, product| {
            let set = self.sets.get(product as usize).copied().flatten();
            all.with(product, set.unwrap_or_else(|| product.default_target()))
        })
    }

    /// The releases to judge a file for that only `admits` read.
    #[must_use]
    pub fn releases(&self, admits: Releases) -> Releases {
        self.all().and(admits)
    }
}

impl Selector {
    /// Reads a rule's id, a category or `all`.
    ///
    /// # Errors
    /// A sentence for the user, with the nearest name.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text == "all" {
            return Ok(Self::All);
        }
        if let Some(category) = Category::ALL.into_iter().find(|c| c.id() == text) {
            return Ok(Self::Category(category));
        }
        if let Some(rule) = rules::find(text) {
            return Ok(Self::Rule(rule.id));
        }
        let names = rules::RULES.iter().map(|r| r.id).chain(Category::ALL.map(Category::id));
        let near = crate::keys::nearest(text, names).map(|n| format!(": did you mean `{n}`?"));
        Err(format!("`{text}` is neither a rule nor a category{}", near.unwrap_or_default()))
    }

    /// Whether it means a rule.
    #[must_use]
    pub fn matches(&self, rule: &Rule) -> bool {
        match self {
            Self::All => true,
            Self::Category(category) => rule.category == *category,
            Self::Rule(id) => rule.id == *id,
        }
    }
}

impl Options {
    fn level(&self, rule: &Rule) -> Level {
        let matching = self.levels.iter().rev().find(|(selector, _)| selector.matches(rule));
        matching.map_or(Level::Default, |(_, level)| *level)
    }

    /// Whether a rule runs at all.
    #[must_use]
    pub fn runs(&self, rule: &Rule) -> bool {
        // An opt-in rule must be named: `--select suspicious` does not mean it.
        let named = |(s, l): &(Selector, Level)| *s == Selector::Rule(rule.id) && *l != Level::Off;
        self.level(rule) != Level::Off && (!rule.opt_in || self.all || self.levels.iter().any(named))
    }

    /// The severity of a finding.
    #[must_use]
    pub fn severity(&self, finding: &Finding) -> Severity {
        match rules::find(finding.rule).map(|rule| self.level(rule)) {
            Some(Level::Fixed(severity)) => severity,
            _ => finding.default_severity(),
        }
    }
}

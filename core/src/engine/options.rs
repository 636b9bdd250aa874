//! The options of a check: releases, rules, levels.

use super::target::Target;
use crate::finding::{Finding, Severity};
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
    /// As its effect determines, and not less than this.
    AtLeast(Severity),
    /// Always like this.
    Fixed(Severity),
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

    /// The severity of a finding. What only superseded patches do is for information.
    #[must_use]
    pub fn severity(&self, finding: &Finding) -> Severity {
        match rules::find(finding.rule).map(|rule| self.level(rule)) {
            Some(Level::Fixed(_)) if finding.is_superseded() => Severity::Info,
            Some(Level::Fixed(severity)) => severity,
            Some(Level::AtLeast(severity)) => finding.default_severity().max(severity),
            _ => finding.default_severity(),
        }
    }
}

//! Which rules run, and with which severity: words from a configuration and from arguments together.

use crate::benchmark::Profile;
use crate::engine::{Level, Selector};
use crate::rules::{RULES, Rule};

/// Which rules are selected, which are not, and with which severity they report.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// Run only these; empty for every rule that is not off by default.
    pub select: Vec<Selector>,
    /// Run the rules of this profile too.
    pub profile: Option<Profile>,
    /// Do not run these.
    pub ignore: Vec<Selector>,
    /// The severity of rules; a rule's own entry wins over its category's, and that over `all`.
    pub levels: Vec<(Selector, Level)>,
}

impl Selection {
    /// The level of each rule that differs from its default. `asked` (the arguments) takes precedence.
    #[must_use]
    pub fn levels(&self, asked: &Self) -> Vec<(Selector, Level)> {
        let selecting = !asked.select.is_empty() || !self.select.is_empty();
        let rules = RULES.iter().filter_map(|rule| {
            let level = self.level(rule, asked);
            let default = if selecting || rule.opt_in { Level::Off } else { Level::Default };
            (level != default).then_some((Selector::Rule(rule.id), level))
        });
        let all = selecting.then_some((Selector::All, Level::Off));
        all.into_iter().chain(rules).collect()
    }

    fn level(&self, rule: &Rule, asked: &Self) -> Level {
        let severity_override = self.severity_override(rule);
        let configured = !any(&self.ignore, rule) && severity_override != Level::Off;
        let runs = if asked.select.is_empty() {
            configured && (selects(&self.select, rule) || severity_override != Level::Default && self.names(rule))
        } else {
            selects(&asked.select, rule)
        };
        let profile = asked.profile.or(self.profile);
        let least = profile.and_then(|profile| profile.severity(rule.id));
        let is_of_profile = least.is_some() || profile.is_some_and(|profile| profile.owns(rule.id));
        let runs = runs || is_of_profile && configured;
        match severity_override {
            _ if !runs || any(&asked.ignore, rule) => Level::Off,
            // Asked for, whatever the configuration contains.
            Level::Off | Level::Default => least.map_or(Level::Default, Level::AtLeast),
            severity_override => severity_override,
        }
    }

    fn severity_override(&self, rule: &Rule) -> Level {
        let matching = self.levels.iter().filter(|(selector, _)| selector.matches(rule));
        matching.max_by_key(|(selector, _)| narrowness(selector)).map_or(Level::Default, |(_, level)| *level)
    }

    /// Whether the levels have an entry for this very rule, which turns on one that is off by default.
    fn names(&self, rule: &Rule) -> bool {
        self.select.is_empty() && self.levels.iter().any(|(selector, _)| *selector == Selector::Rule(rule.id))
    }
}

/// Whether a selection means a rule; an empty one means all. Rules that are off by default must be named.
fn selects(selection: &[Selector], rule: &Rule) -> bool {
    if selection.is_empty() {
        return !rule.opt_in;
    }
    let own = Selector::Rule(rule.id);
    selection.iter().any(|selector| *selector == own || (!rule.opt_in && selector.matches(rule)))
}

fn any(selectors: &[Selector], rule: &Rule) -> bool {
    selectors.iter().any(|selector| selector.matches(rule))
}

fn narrowness(selector: &Selector) -> u8 {
    match selector {
        Selector::All => 0,
        Selector::Category(_) => 1,
        Selector::Rule(_) => 2,
    }
}

//! What the arguments and `crilint.toml` ask for together; the arguments win.

use crilint_core::Options;
use crilint_core::engine::{Level, Selector, Target};
use crilint_core::releases::Product;
use crilint_core::rules::{RULES, Rule};

use crate::args::{CheckArgs, InputArgs};
use crate::config::{Config, RuleName};

/// How to check.
pub(crate) fn options(args: &CheckArgs, config: &Config) -> Options {
    Options { target: target(&args.input, config), levels: levels(args, config), ..Options::default() }
}

/// A product named in the arguments is as they say, another one as the configuration says. Both were checked when read, so
/// that adding them up cannot fail.
pub(crate) fn target(args: &InputArgs, config: &Config) -> Target {
    let mut target = Target::default();
    for text in &args.target {
        let _ = target.add(text);
    }
    let unnamed: Vec<_> = Product::ALL.into_iter().filter(|product| !target.names(*product)).collect();
    for (product, text) in config.target.specs() {
        if unnamed.contains(&product) {
            let _ = target.add(text);
        }
    }
    target
}

/// The level of each rule that differs from its default.
fn levels(args: &CheckArgs, config: &Config) -> Vec<(Selector, Level)> {
    let selecting = !args.select.is_empty() || !config.select.is_empty();
    let rules = RULES.iter().filter_map(|rule| {
        let level = level(rule, args, config);
        let default = if selecting || rule.opt_in { Level::Off } else { Level::Default };
        (level != default).then_some((Selector::Rule(rule.id), level))
    });
    let all = selecting.then_some((Selector::All, Level::Off));
    all.into_iter().chain(rules).collect()
}

fn level(rule: &Rule, args: &CheckArgs, config: &Config) -> Level {
    let loudness = loudness(rule, config);
    let configured = !any(&config.ignore, rule) && loudness != Level::Off;
    let runs = if args.select.is_empty() {
        configured
            && (selects(config.select.iter().map(|name| &name.0), rule)
                || loudness != Level::Default && named(rule, config))
    } else {
        selects(args.select.iter(), rule)
    };
    match loudness {
        _ if !runs || args.ignore.iter().any(|selector| meets(selector, rule)) => Level::Off,
        // Asked for on the command line, whatever the configuration says.
        Level::Off => Level::Default,
        loudness => loudness,
    }
}

/// Whether a selection means a rule; an empty one means all. Rules that are off by default must be named.
fn selects<'s>(selection: impl ExactSizeIterator<Item = &'s Selector>, rule: &Rule) -> bool {
    if selection.len() == 0 {
        return !rule.opt_in;
    }
    let own = Selector::Rule(rule.id);
    let mut selection = selection;
    selection.any(|selector| *selector == own || (!rule.opt_in && meets(selector, rule)))
}

/// What `[levels]` says; a rule's own entry wins over its category's, and that over `all`.
fn loudness(rule: &Rule, config: &Config) -> Level {
    let met = config.levels.iter().filter(|(name, _)| meets(&name.0, rule));
    met.max_by_key(|(name, _)| narrowness(&name.0)).map_or(Level::Default, |(_, level)| level.level())
}

/// Whether `[levels]` has an entry for this very rule, which turns on one that is off by default.
fn named(rule: &Rule, config: &Config) -> bool {
    config.select.is_empty() && config.levels.iter().any(|(name, _)| name.0 == Selector::Rule(rule.id))
}

fn any(names: &[RuleName], rule: &Rule) -> bool {
    names.iter().any(|name| meets(&name.0, rule))
}

fn narrowness(selector: &Selector) -> u8 {
    match selector {
        Selector::All => 0,
        Selector::Category(_) => 1,
        Selector::Rule(_) => 2,
    }
}

/// Whether a selector means a rule.
pub(crate) fn meets(selector: &Selector, rule: &Rule) -> bool {
    match selector {
        Selector::All => true,
        Selector::Category(category) => rule.category == *category,
        Selector::Rule(id) => rule.id == *id,
    }
}

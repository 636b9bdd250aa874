//! What the arguments and `crilint.toml` ask for together; the arguments win.

use crilint_core::Options;
use crilint_core::config::Selection;
use crilint_core::engine::{Level, Selector, Target};
use crilint_core::releases::Product;

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
    let selectors = |names: &[RuleName]| names.iter().map(|name| name.0.clone()).collect();
    let configured = Selection {
        select: selectors(&config.select),
        ignore: selectors(&config.ignore),
        levels: config.levels.iter().map(|(name, level)| (name.0.clone(), level.level())).collect(),
    };
    let asked = Selection { select: args.select.clone(), ignore: args.ignore.clone(), levels: vec![] };
    configured.levels(&asked)
}

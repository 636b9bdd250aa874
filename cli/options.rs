//! The options of a check from the arguments and `crilint.toml`; the arguments win.

use crilint_core::Options;
use crilint_core::config::{Config, Selection};
use crilint_core::engine::Target;

use crate::args::{CheckArgs, InputArgs};

/// How to check.
pub(crate) fn options(args: &CheckArgs, config: &Config) -> Options {
    let arguments =
        Selection { select: args.select.clone(), profile: args.profile, ignore: args.ignore.clone(), levels: vec![] };
    Options { target: target(&args.input, config), levels: config.selection.levels(&arguments), ..Options::default() }
}

/// The releases of a product are those of the arguments, or else those of the configuration.
pub(crate) fn target(args: &InputArgs, config: &Config) -> Target {
    let mut target = Target::default();
    for text in &args.target {
        // Checked when the arguments were read, so that this cannot fail.
        let _ = target.add(text);
    }
    target.else_from(&config.target)
}

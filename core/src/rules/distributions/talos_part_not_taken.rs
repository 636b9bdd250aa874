//! # `talos-part-not-taken`
//!
//! A part of containerd's configuration that Talos does not take.
//!
//! ## Why
//!
//! Of the machine configuration Talos takes one part for containerd, `/etc/cri/conf.d/20-customization.part`, and
//! merges it with its own ones by their names. A file of another name below `/etc/cri/conf.d` is refused, or not
//! merged.
//!
//! ## What to do
//!
//! Write all settings into `20-customization.part`.
//!
//! ## Examples
//!
//! ```toml bad
//! --- /etc/cri/conf.d/50-runtime.part
//! [metrics]
//! ^^^^^^^^^
//!   address = "0.0.0.0:11234"
//! ```
//!
//! ```toml good
//! --- /etc/cri/conf.d/20-customization.part
//! [metrics]
//!   address = "0.0.0.0:11234"
//! ```
//!
//! ## References
//!
//! - siderolabs/talos#12442, siderolabs/talos#10601, siderolabs/talos#1805
//! - siderolabs/talos@v1.13.9:pkg/machinery/constants (`CRICustomizationConfigPart`)

use crate::containerd;
use crate::kind::places::file_name;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "talos-part-not-taken",
    summary: "Part of containerd's configuration that Talos does not take",
    run: Run::File(&[&containerd::KIND], check),
    ..Rule::DEFAULTS
};

/// The parts that Talos writes itself, and the one that people do.
const TAKEN: [&str; 3] = ["00-base.part", "01-registries.part", "20-customization.part"];

fn check(cx: &mut FileCx) {
    let name = file_name(cx.file.path);
    if !name.ends_with(".part") || TAKEN.contains(&name) {
        return;
    }
    let text = cx.doc().text;
    let start = text.len() - text.trim_start().len();
    let line = text.trim_start().lines().next().unwrap_or_default().trim_end();
    cx.report(Span::new(start, start + line.len()), format!("Talos does not take {name}"))
        .ignored(Releases::ANY)
        .why("Talos merges its own parts and 20-customization.part, and no other file of the machine configuration.")
        .help("Write the settings into /etc/cri/conf.d/20-customization.part.");
}

//! # `iptables-disabled`
//!
//! `iptables` is off, and the default bridge is still in use.
//!
//! ## Why
//!
//! Docker then sets no rule of the packet filter: containers on its bridges reach nothing outside unless somebody else masks their
//! addresses, and ports are published through the proxy process alone. It often shows only after a reboot, because old rules stay until
//! then. On a node where a CNI plugin does all networking (`"bridge": "none"`) nothing is lost.
//!
//! ## What to do
//!
//! Remove the line. For rules of your own use the chain `DOCKER-USER`, which Docker leaves alone.
//!
//! ## Examples
//!
//! ```json bad
//! { "iptables": false }
//!   ^^^^^^^^^^
//! ```
//!
//! ```json good
//! { "iptables": false, "bridge": "none" }
//! ```
//!
//! ## References
//!
//! - moby/moby#28811, moby/moby#28241, docker/docs#9128

use crate::docker;
use crate::docker::settings::{switch, text};
use crate::releases::Releases;
use crate::rules::{Category, FileCx, Rule, Run};

pub(crate) const RULE: Rule = Rule {
    id: "iptables-disabled",
    summary: "Docker sets no rules of the packet filter",
    category: Category::Suspicious,
    since: "0.1.0",
    fix: None,
    opt_in: false,
    run: Run::File(&[&docker::KIND], check),
};

fn check(cx: &mut FileCx<'_, '_, '_>) {
    let Some((entry, false)) = switch(cx.root, "iptables") else { return };
    if text(cx.root, "bridge").is_some_and(|(_, name)| name == "none") {
        return;
    }
    cx.report(entry.key_span, "Docker sets no rules for its networks: containers reach nothing outside by themselves")
        .advice(Releases::ANY)
        .key("iptables")
        .why("Without masquerading packets of containers leave the node with addresses that nobody answers; published ports go through the proxy process alone.")
        .help("Remove the line; rules of your own go into the chain `DOCKER-USER`. If a CNI plugin does all networking, set `\"bridge\": \"none\"` too.");
}

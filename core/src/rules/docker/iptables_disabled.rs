//! # `iptables-disabled`
//!
//! `iptables` is off while the default bridge is in use.
//!
//! ## Why
//!
//! Docker then sets no rule of the packet filter: containers on its bridges reach nothing outside unless another
//! program masks their addresses, and Docker publishes ports through the proxy process alone. It often shows only
//! after a reboot, because old rules stay until then. A node where a CNI plugin does all networking
//! (`"bridge": "none"`) needs no such rules.
//!
//! ## What to do
//!
//! Remove the line. For rules of your own use the chain `DOCKER-USER`, which Docker does not change.
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

use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "iptables-disabled",
    summary: "Packet filter rules of Docker are disabled",
    category: Category::Suspicious,
    run: Run::Settings(&[SettingCheck {
        unless: &[("bridge", Test::OneOf(&["none"]))],
        mark: Mark::Key,
        outcomes: &[(Effect::Advice, Releases::ANY)],
        message: "`iptables` is false: containers cannot reach anything outside the node",
        why: "Without masquerading, packets of containers leave the node with addresses that no other node can answer. \
              Published ports go through the proxy process alone.",
        help: "Remove the line; rules of your own go into the chain `DOCKER-USER`. If a CNI plugin does all \
               networking, set `\"bridge\": \"none\"` too.",
        ..SettingCheck::of(&daemons::DOCKER, "iptables", Test::Is(false))
    }]),
    ..Rule::DEFAULTS
};

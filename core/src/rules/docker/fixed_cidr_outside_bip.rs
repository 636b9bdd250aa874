//! # `fixed-cidr-outside-bip`
//!
//! `fixed-cidr` that is not a part of the network of `bip`.
//!
//! ## Why
//!
//! `fixed-cidr` restricts the addresses of containers to a part of the default bridge's network, which `bip` defines.
//! dockerd starts with any other range (`dockerd --validate` reports OK), and containers on the default bridge do not
//! get addresses of the bridge's network.
//!
//! ## What to do
//!
//! Write a part of the network of `bip`.
//!
//! ## Examples
//!
//! ```json bad
//! { "bip": "10.9.0.1/24", "fixed-cidr": "10.8.0.0/25" }
//!                                       ^^^^^^^^^^^^^
//! ```
//!
//! ```json good
//! { "bip": "10.9.0.1/24", "fixed-cidr": "10.9.0.128/25" }
//! ```
//!
//! ## References
//!
//! - docker/cli@v29.0.0:docs/reference/dockerd.md (`--fixed-cidr`); measured with 20.10.24, 24.0.9, 27.5.1, 28.5.2 and
//!   29.7.2, which all start

use crate::docker;
use crate::docker::network::Cidr;
use crate::docker::settings::text;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "fixed-cidr-outside-bip",
    summary: "Range of containers outside the bridge's network",
    category: Category::Suspicious,
    run: Run::File(&[&docker::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    let (Some(bip), Some(fixed)) = (text(cx.settings(), "bip"), text(cx.settings(), "fixed-cidr")) else { return };
    let (Some(bridge), Some(range)) = (Cidr::parse(&bip.text), Cidr::parse(&fixed.text)) else { return };
    // One of the other address family stops the daemon, which another rule reports.
    let is_other_family = bridge.addr.is_ipv4() != range.addr.is_ipv4();
    if is_other_family || bridge.contains(range.addr) && range.bits >= bridge.bits {
        return;
    }
    cx.report_setting(&fixed, format!("`{}` is not a part of the bridge's network `{}`", fixed.text, bip.text))
        .advice(Releases::ANY)
        .as_warning()
        .key("bip")
        .why(
            "`fixed-cidr` restricts the addresses of containers to a part of the default bridge's network, which `bip` \
             defines. dockerd starts with any other range, and `dockerd --validate` reports OK.",
        )
        .help("Write a part of the network of `bip`, or remove `fixed-cidr`.")
        .label(bip.value_span, "the bridge's network");
}

//! # `directive-malformed`
//!
//! A text of another form than the key takes: no address in `dns`, no size in `default-shm-size`, no `=` in `node-generic-resources`.
//!
//! ## Why
//!
//! dockerd reads these texts while it loads the file, and does not start: `invalid IP address: 8.8.8.8:53`.
//!
//! ## What to do
//!
//! Write the value in the form shown.
//!
//! ## Examples
//!
//! ```json bad
//! { "dns": ["192.0.2.53:5353"] }
//!           ^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```json bad
//! { "default-shm-size": "lots" }
//!                       ^^^^^^
//! ```
//!
//! ```json bad
//! { "default-address-pools": [{ "base": "10.123.0.0", "size": 24 }] }
//!                                       ^^^^^^^^^^^^
//! ```
//!
//! ```json bad docker=25..29
//! { "userland-proxy-path": "docker-proxy" }
//!                          ^^^^^^^^^^^^^^
//! ```
//!
//! ```json good
//! {
//!   "dns": ["192.0.2.53", "2001:db8::53"], "dns-search": ["corp.example", "."], "default-shm-size": "128M",
//!   "default-address-pools": [{ "base": "10.123.0.0/16", "size": 24 }], "node-generic-resources": ["gpu=a", "gpu=b"]
//! }
//! ```
//!
//! ## References
//!
//! - moby/moby@docker-v29.7.2:daemon/config/config.go, config_linux.go, daemon/pkg/opts/opts.go; measured with 20.10.24, 24.0.9,
//!   27.5.1, 28.5.2 and 29.7.2

use crate::docker;
use crate::docker::forms;
use crate::docker::forms::Fault;
use crate::docker::network::{Cidr, pools};
use crate::docker::settings::{item_text, readers, switch, texts};
use crate::rules::prelude::*;
use crate::text::excerpt;

pub(crate) const RULE: Rule = Rule {
    id: "directive-malformed",
    summary: "A text of another form than the key takes",
    run: Run::File(&[&docker::KIND], check),
    ..Rule::DEFAULTS
};

const BEFORE_25: Releases = Releases::docker("..24");

/// A key with the reader of its text, or of each text in its list. An empty text is read too where `empty` says so.
struct Form {
    key: &'static str,
    read: fn(&str) -> Option<Fault>,
    empty: bool,
}

const FORMS: [Form; 13] = [
    form("dns", forms::dns, true),
    form("ip", forms::address, false),
    form("default-gateway", forms::address, false),
    form("default-gateway-v6", forms::address, false),
    form("host-gateway-ip", forms::address, false),
    form("host-gateway-ips", forms::scoped_address, false),
    form("dns-search", forms::domain, true),
    form("default-shm-size", forms::shm_size, false),
    form("fixed-cidr-v6", forms::fixed_cidr_v6, false),
    form("bridge-accept-fwmark", forms::fwmark, false),
    form("node-generic-resources", forms::generic_resource, true),
    form("userns-remap", forms::remapped_user, false),
    form("userland-proxy-path", forms::absolute_path, false),
];

const fn form(key: &'static str, read: fn(&str) -> Option<Fault>, empty: bool) -> Form {
    Form { key, read, empty }
}

fn check(cx: &mut FileCx) {
    for form in &FORMS {
        // Without the proxy, nobody looks at its path.
        if form.key == "userland-proxy-path" && switch(cx.root, "userland-proxy").is_some_and(|(_, on)| !on) {
            continue;
        }
        let Some(node) = cx.root.get(form.key) else { continue };
        let own = node.as_str().map(|text| (node, text));
        let items = node.items().iter().filter_map(|item| Some((item, item_text(item)?)));
        for (node, text) in own.into_iter().chain(items) {
            let text = Some(text).filter(|text| form.empty || !text.is_empty());
            if let Some(mut fault) = text.and_then(form.read) {
                // Up to 24.0 it is read when the default bridge gets IPv6.
                let broken = text.is_some_and(|text| Cidr::parse(text).is_none());
                if form.key == "fixed-cidr-v6" && broken && switch(cx.root, "ipv6").is_some_and(|(_, on)| on) {
                    fault.late = BEFORE_25;
                }
                report(cx, form.key, form.key, node, &fault);
            }
        }
    }
    if let Some((node, fault)) = forms::mixed_resources(&texts(cx.root, "node-generic-resources")) {
        report(cx, "node-generic-resources", "node-generic-resources", node, &fault);
    }
    for bound in cx.bound.iter().filter(|b| b.key().is_some_and(|key| key.path() == "builder.History.MaxAge")) {
        let node = &bound.entry.value;
        if let Some(fault) = node.as_str().and_then(forms::max_age) {
            report(cx, "builder", "maxAge", node, &fault);
        }
    }
    for (_, base, _) in pools(cx.root) {
        if let Some((node, fault)) = base.and_then(|node| Some((node, forms::pool_base(node.as_str()?)?))) {
            report(cx, "default-address-pools", "base", node, &fault);
        }
    }
}

fn report(cx: &mut FileCx, key: &str, name: &str, node: &Node, fault: &Fault) {
    let text = node.as_str().map(excerpt).unwrap_or_default();
    let refused = readers(key).and(fault.refused);
    let late = fault.late.and(readers(key));
    let refused = if late.is_empty() { refused } else { refused.or(late) };
    let why = if fault.late == Releases::NONE {
        format!("dockerd does not start: `{}`.", fault.words)
    } else {
        format!(
            "dockerd does not start: `{}`. Older releases stop later, while they start; `dockerd --validate` does not see it there.",
            fault.words
        )
    };
    cx.report(node.span, format!("`{text}` in `{name}` is {}", fault.what))
        .refused(refused)
        .key(key)
        .why(why)
        .help(format!("Write {}.", fault.wanted));
}

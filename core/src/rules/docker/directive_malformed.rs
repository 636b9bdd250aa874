//! # `directive-malformed`
//!
//! A text of another form than the key takes, such as a port in `dns` or a word in `default-shm-size`.
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
//! - moby/moby@docker-v29.7.2:daemon/config/config.go, config_linux.go, daemon/pkg/opts/opts.go; measured with
//!   20.10.24, 24.0.9, 27.5.1, 28.5.2 and 29.7.2

use std::collections::HashSet;

use crate::docker;
use crate::docker::forms::{self, Malformed, ReadText};
use crate::docker::network::{Cidr, DefaultBridge, address_pools};
use crate::docker::refusals::refusal;
use crate::docker::settings::{as_text, field, is_on, readers, texts, written};
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "directive-malformed",
    summary: "Text of another form than the key takes",
    run: Run::File(&[&docker::KIND], check),
    ..Rule::DEFAULTS
};

/// Releases that read `fixed-cidr-v6` only when they set up the default bridge, with IPv6 or without.
const READS_CIDR_V6_LATE: Releases = Releases::docker("..24");

/// Keys with the reader of their text, or of each text in their list, and whether it reads an empty text too.
const READERS: [(&str, ReadText, bool); 14] = [
    ("dns", forms::dns, true),
    ("ip", forms::address, false),
    ("default-gateway", forms::address, false),
    ("default-gateway-v6", forms::address, false),
    ("host-gateway-ip", forms::address, false),
    ("host-gateway-ips", forms::scoped_address, false),
    ("dns-search", forms::domain, true),
    ("authorization-plugins", forms::plugin, true),
    ("default-shm-size", forms::shm_size, false),
    ("fixed-cidr-v6", forms::fixed_cidr_v6, false),
    ("bridge-accept-fwmark", forms::fwmark, false),
    ("node-generic-resources", forms::generic_resource, true),
    ("userns-remap", forms::remapped_user, false),
    ("userland-proxy-path", forms::absolute_path, false),
];

/// Keys whose texts are read while Go decodes them, so that each of several counts, and the releases that do so.
const DECODED: [(&str, Releases); 7] = [
    ("dns", Releases::docker("25..")),
    ("ip", Releases::ANY),
    ("default-gateway", Releases::ANY),
    ("default-gateway-v6", Releases::ANY),
    ("host-gateway-ip", Releases::ANY),
    ("host-gateway-ips", Releases::ANY),
    ("default-shm-size", Releases::ANY),
];

fn check(cx: &mut FileCx) {
    for (key, read, reads_empty) in READERS {
        // dockerd does not look at the path of a proxy that is off.
        if key == "userland-proxy-path" && is_on(cx.settings(), "userland-proxy") == Some(false) {
            continue;
        }
        let decoding = DECODED.iter().find(|(name, _)| *name == key).map_or(Releases::NONE, |(_, set)| *set);
        let used: HashSet<Span> = one_or_items(written(cx.settings(), key)).iter().map(|one| one.value_span).collect();
        for entry in cx.root.entries().iter().filter(|entry| entry.key == key) {
            let setting = WrittenSetting::of_entry(entry, key.to_owned(), readers(key));
            for one in one_or_items(Some(setting)) {
                if one.text.is_empty() && !reads_empty {
                    continue;
                }
                let Some(mut fault) = read(&one.text) else { continue };
                if !used.contains(&one.value_span) {
                    fault.refused = fault.refused.and(decoding);
                    fault.late = Releases::NONE;
                } else if key == "fixed-cidr-v6" && Cidr::parse(&one.text).is_none() && has_default_bridge(cx) {
                    fault.late = READS_CIDR_V6_LATE;
                }
                if fault.refused != Releases::NONE || fault.late != Releases::NONE {
                    report(cx, key, key, one.value_span, &one.text, &fault);
                }
            }
        }
    }
    let resources = texts(cx.settings(), "node-generic-resources");
    if let Some((item, fault)) = forms::mixed_resources(&resources) {
        report(cx, "node-generic-resources", "node-generic-resources", item.value_span, &item.text, &fault);
    }
    for bound in cx.bound.iter().filter(|bound| bound.key().is_some_and(|key| key.path() == "builder.History.MaxAge")) {
        let Some(text) = bound.entry.value.as_str() else { continue };
        if let Some(fault) = forms::max_age(text) {
            report(cx, "builder", "maxAge", bound.entry.value.span, text, &fault);
        }
    }
    let used: HashSet<Span> = address_pools(cx.settings()).iter().filter_map(|pool| Some(pool.base?.span)).collect();
    let lists = cx.root.entries().iter().filter(|entry| entry.key == "default-address-pools");
    for base in lists.flat_map(|list| list.value.items()).filter_map(|pool| field(pool, "base")) {
        let Some(text) = base.as_str() else { continue };
        if let Some(mut fault) = forms::pool_base(text) {
            if !used.contains(&base.span) {
                fault.late = Releases::NONE;
            }
            report(cx, "default-address-pools", "base", base.span, text, &fault);
        }
    }
}

/// A text, or those of a list.
fn one_or_items(setting: Option<WrittenSetting>) -> Vec<WrittenSetting> {
    let Some(setting) = setting else { return vec![] };
    let mut all: Vec<WrittenSetting> = setting.items().into_iter().filter_map(as_text).collect();
    if setting.as_str().is_some() {
        all.push(setting);
    }
    all
}

fn has_default_bridge(cx: &FileCx) -> bool {
    DefaultBridge::of(cx) != DefaultBridge::Off
}

fn report(cx: &mut FileCx, key: &str, name: &str, span: Span, text: &str, fault: &Malformed) {
    let late = fault.late.and(readers(key));
    let refused = fault.refused.and(readers(key));
    let refused = if late.is_empty() { refused } else { refused.or(late) };
    cx.report(span, format!("`{}` in `{name}` is {}", excerpt(text), fault.what))
        .refused(refused)
        .key(key)
        .why(if fault.late == Releases::NONE { refusal(&fault.log) } else { refusal_at_two_times(&fault.log) })
        .help(format!("Write {}.", fault.wanted));
}

fn refusal_at_two_times(log: &str) -> String {
    let refusal = refusal(log);
    format!("{refusal} Older releases stop later, while they start; `dockerd --validate` does not see it there.")
}

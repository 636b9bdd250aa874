//! # `hosts-table-split`
//!
//! The tables of one mirror stand apart, with another mirror in between.
//!
//! ## Why
//!
//! containerd 2.x make the list of mirrors from the headers in their order, and compare a header with the one before
//! it alone: the mirror is in the list twice. When it is down, each pull waits for it twice. Its place in the order
//! may also be another one than meant.
//!
//! ## What to do
//!
//! Keep the tables of a mirror together.
//!
//! ## Examples
//!
//! ```toml bad
//! --- /etc/containerd/certs.d/docker.io/hosts.toml
//! [host."https://a.example".header]
//!   x-tenant = "1"
//! [host."https://b.example"]
//! [host."https://a.example"]
//! ^^^^^^^^^^^^^^^^^^^^^^^^^^
//!   capabilities = ["pull"]
//! ```
//!
//! ```toml good
//! --- /etc/containerd/certs.d/docker.io/hosts.toml
//! [host."https://a.example".header]
//!   x-tenant = "1"
//! [host."https://a.example"]
//!   capabilities = ["pull"]
//! [host."https://b.example"]
//! ```
//!
//! ## References
//!
//! - containerd/containerd@v2.3.4:core/remotes/docker/config/hosts.go (`getSortedHosts`); measured with the loaders of
//!   1.7.34, 2.0.11 and 2.3.4

use std::collections::HashMap;

use crate::order;
use crate::registry_hosts;
use crate::registry_hosts::eras::READS_HEADERS;
use crate::rules::prelude::*;
use crate::syntax::path::join;

pub(crate) const RULE: Rule = Rule {
    id: "hosts-table-split",
    summary: "Tables of one mirror with another mirror in between",
    category: Category::Suspicious,
    run: Run::File(&[&registry_hosts::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    let mut headers: Vec<(Span, &str)> = vec![];
    for mirror in registry_hosts::mirrors(cx.root) {
        collect(&mirror.value, &mirror.key, &mut headers);
    }
    order::by_key(&mut headers, |(span, _)| *span);
    headers.dedup_by_key(|(_, url)| *url);
    // The first header of each mirror, and whether a second one was reported.
    let mut known: HashMap<&str, (Span, bool)> = HashMap::new();
    for (span, url) in headers {
        let (first, is_reported) = known.entry(url).or_insert((span, false));
        if *first != span && !*is_reported {
            *is_reported = true;
            report(cx, span, *first, url);
        }
    }
}

/// The headers of a table and of all below it.
fn collect<'t>(node: &'t Node, url: &'t str, out: &mut Vec<(Span, &'t str)>) {
    let Some(map) = node.as_map() else { return };
    out.extend(map.headers.iter().map(|header| (*header, url)));
    for entry in &map.entries {
        collect(&entry.value, url, out);
    }
}

fn report(cx: &mut FileCx, second: Span, first: Span, url: &str) {
    cx.report(second, format!("the tables of `{url}` stand apart, and containerd 2.x try it twice"))
        .advice(READS_HEADERS)
        .key(join(&["host", url]))
        .label(first, "its first table")
        .why(
            "containerd 2.x list the mirrors by the headers of the file: one that comes again behind another mirror is \
             listed again, and each pull waits for it twice when it is down.",
        )
        .help("Keep the tables of a mirror together.");
}

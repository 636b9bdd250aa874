//! # `hosts-table-not-header`
//!
//! A mirror written as an inline table or with dotted keys rather than below a `[host."URL"]` header of its own.
//!
//! ## Why
//!
//! It is the same to TOML, and to containerd 1.x. 2.x take the list of mirrors from the headers of the file and
//! silently drop all others: images come from the upstream registry.
//!
//! ## What to do
//!
//! Write a `[host."URL"]` header for each mirror.
//!
//! ## Examples
//!
//! ```toml bad
//! --- /etc/containerd/certs.d/docker.io/hosts.toml
//! server = "https://registry-1.docker.io"
//! host = { "https://mirror.example" = { capabilities = ["pull"] } }
//!          ^^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```toml bad
//! --- /etc/containerd/certs.d/docker.io/hosts.toml
//! host."https://mirror.example".capabilities = ["pull"]
//!      ^^^^^^^^^^^^^^^^^^^^^^^^
//! host."https://other.example".capabilities = ["pull"]
//! ```
//!
//! ```toml good
//! --- /etc/containerd/certs.d/docker.io/hosts.toml
//! [host."https://mirror.example".header]
//!   x-tenant = "1"
//! ```
//!
//! ## References
//!
//! - containerd/containerd@v2.3.4:core/remotes/docker/config/hosts.go (`getSortedHosts`); measured with the loaders of
//!   1.7.34, 2.0.11 and 2.3.4

use crate::registry_hosts;
use crate::registry_hosts::eras::READS_HEADERS;
use crate::registry_hosts::kind::{RegistryHost, registry_hosts};
use crate::registry_hosts::settings::key_of;
use crate::rules::prelude::*;
use crate::syntax::MapStyle;

pub(crate) const RULE: Rule = Rule {
    id: "hosts-table-not-header",
    summary: "Mirror without a `[host]` header of its own",
    category: Category::Migration,
    run: Run::File(&[&registry_hosts::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    let has_no_header =
        |host: &RegistryHost| !host.is_server && host.table.as_map().is_some_and(|map| map.style != MapStyle::Table);
    let dropped: Vec<_> = registry_hosts(cx.root).into_iter().filter(has_no_header).collect();
    let [first, others @ ..] = dropped.as_slice() else { return };
    let finding = cx.report(first.span, format!("the mirror `{}` has no `[host]` header of its own", first.url));
    finding
        .ignored(READS_HEADERS)
        .why(
            "containerd 2.x take the mirrors from the headers of the file, and silently drop one in an inline table or \
             with dotted keys. 1.x take it.",
        )
        .help(format!("Write its settings below a header: [host.\"{}\"].", first.url));
    finding.keys = dropped.iter().map(key_of).collect();
    for other in others {
        finding.label(other.span, "this one too");
    }
}

//! # `template-base-conflict`
//!
//! What stands behind `{{ template "base" . }}` in a template of k3s or RKE2 does not fit to what the base has.
//!
//! ## Why
//!
//! The base is a whole configuration, which the lines behind it go on. It has the version, and tables such as that of
//! runc: TOML does not allow a table or a key twice, so containerd exits and k3s with it (`table already exists`,
//! `duplicated tables`). A line without a table of its own becomes a part of the last table of the base, where
//! containerd silently ignores it.
//!
//! ## What to do
//!
//! Leave out what the base has. Put tables that it does not have behind it, and keys of the top level into a file of
//! the drop-in folder, `config.toml.d` or `config-v3.toml.d`, in releases that have one.
//!
//! ## Examples
//!
//! ```toml bad
//! --- /var/lib/rancher/k3s/agent/etc/containerd/config.toml.tmpl
//! version = 2
//! ^^^^^^^
//! {{ template "base" . }}
//! ```
//!
//! ```toml bad
//! --- /var/lib/rancher/k3s/agent/etc/containerd/config-v3.toml.tmpl
//! {{ template "base" . }}
//!
//! [plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc.options]
//! ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
//!   SystemdCgroup = true
//! ```
//!
//! ```toml bad
//! --- /var/lib/rancher/rke2/agent/etc/containerd/config-v3.toml.tmpl
//! {{ template "base" . }}
//! oom_score = -500
//! ^^^^^^^^^
//! ```
//!
//! ```toml good
//! --- /var/lib/rancher/k3s/agent/etc/containerd/config-v3.toml.tmpl
//! {{ template "base" . }}
//!
//! [plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.custom]
//!   runtime_type = "io.containerd.runc.v2"
//! [metrics]
//!   address = "127.0.0.1:1338"
//! ```
//!
//! ## References
//!
//! - k3s-io/k3s@06be48b:pkg/agent/templates/templates_linux.go; k3s-io/docs@05051a0:docs/advanced.md

use crate::containerd;
use crate::distributions::template::{RancherTemplate, place_of_base};
use crate::rules::prelude::*;
use crate::syntax::{MapStyle, Value};

pub(crate) const RULE: Rule = Rule {
    id: "template-base-conflict",
    summary: "Line in a template of k3s or RKE2 that does not fit to its base",
    reads_text: true,
    run: Run::File(&[&containerd::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    let Some(template) = RancherTemplate::of(cx.file.path) else { return };
    let Some(base) = place_of_base(cx.file) else { return };
    for entry in cx.root.entries() {
        let is_table = matches!(&entry.value.value, Value::Map(map) if map.style != MapStyle::Inline);
        let at = entry.key_span.start as usize;
        // The version that the base has was added at its place.
        if !is_table && at > base && entry.key != "version" {
            report_loose(cx, entry);
        } else if entry.key == "version" && at < base {
            report_twice(cx, entry.key_span, "`version`", "version");
        }
    }
    for path in template.tables_of_base() {
        let table = cx.root.get("plugins").and_then(|plugins| plugins.at(path));
        let Some(header) = table.and_then(|table| table.as_map()?.headers.first().copied()) else { continue };
        let name = path.last().copied().unwrap_or_default();
        report_twice(cx, header, "this table", name);
    }
}

fn report_twice(cx: &mut FileCx, span: Span, what: &str, key: &str) {
    cx.report(span, format!("the base template has {what} too"))
        .refused(Releases::ANY)
        .key(key)
        .why("containerd does not start, and k3s exits: TOML does not allow a table or a key twice.")
        .help("Remove it here, or write the whole configuration without the base.");
}

fn report_loose(cx: &mut FileCx, entry: &Entry) {
    let name = entry.key.as_ref();
    cx.report_key(entry, format!("`{name}` becomes a part of the last table of the base"))
        .ignored(Releases::ANY)
        .why("The line goes on the table with which the base ends, where containerd silently ignores it.")
        .help("Put it before the base, or into a file of the drop-in folder.");
}

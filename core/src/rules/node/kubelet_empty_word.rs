//! # `kubelet-empty-word`
//!
//! An empty word in the kubelet's command.
//!
//! ## Why
//!
//! `${NAME}` of an empty or unset variable, and `""`, are an empty word to systemd; `$NAME` would be none. The kubelet
//! takes every word that is not a flag for a command, and exits: `unknown command:`.
//!
//! ## What to do
//!
//! Write `$NAME`, which leaves the word out.
//!
//! ## Examples
//!
//! ```ini bad
//! --- /etc/systemd/system/kubelet.service
//! [Service]
//! Environment=EXTRA=
//! ExecStart=/usr/bin/kubelet --config=/var/lib/kubelet/config.yaml ${EXTRA}
//!                                                                  ^^^^^^^^
//! ```
//!
//! ```ini fixed
//! --- /etc/systemd/system/kubelet.service
//! [Service]
//! Environment=EXTRA=
//! ExecStart=/usr/bin/kubelet --config=/var/lib/kubelet/config.yaml $EXTRA
//! ```
//!
//! ## References
//!
//! - kubernetes/kubernetes@v1.36.0:cmd/kubelet/app/server.go (`unknown command`)
//! - kubernetes/kubernetes#61833, kubernetes/kubernetes#76048

use std::collections::HashSet;

use crate::kind::SourceState;
use crate::rules::prelude::*;
use crate::systemd::KnownProgram;
use crate::systemd::on_node::of_node;

pub(crate) const RULE: Rule = Rule {
    id: "kubelet-empty-word",
    summary: "Empty word in the kubelet's command",
    fix: Some(Applicability::Unsafe),
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut NodeCx) {
    for node in of_node(cx.loaded) {
        if node.direct_program() != Some(KnownProgram::Kubelet) {
            continue;
        }
        let set: HashSet<&str> = node.service.environment.iter().map(|set| set.name.as_str()).collect();
        for word in node.service.commands.iter().flat_map(|command| command.argv.iter().skip(1)) {
            let Some(file) = node.file(word.place).filter(|_| word.text.as_deref() == Some("")) else { continue };
            let span = word.place.span;
            let shown = span.of(file.doc.text);
            let name = shown.strip_prefix("${").and_then(|rest| rest.strip_suffix('}'));
            // A file of variables that is not at hand may set what is unset here.
            let is_at_hand = |path: &String| {
                let path = file.on_node(path);
                let is_given = node.files.iter().any(|read| read.path == path);
                is_given || cx.loaded.known.at(&path) == Some(SourceState::Absent)
            };
            let is_set = name.is_none_or(|name| set.contains(name));
            if !is_set && !node.service.environment_files.iter().all(is_at_hand) {
                continue;
            }
            let fix =
                name.map(|name| Fix::edit(Applicability::Unsafe, format!("Write ${name}"), span, format!("${name}")));
            cx.report(file.index, span, format!("`{shown}` is an empty word, which the kubelet refuses"))
                .refused(Releases::kubernetes("1.11.."))
                .why("The kubelet exits: `unknown command:`.")
                .help("Write `$NAME` instead of `${NAME}`: of an empty variable it leaves the word out.")
                .maybe_fix(fix);
        }
    }
}

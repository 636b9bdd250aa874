//! # `variable-without-effect`
//!
//! A variable of a unit or an environment file whose flags reach no command.
//!
//! ## Why
//!
//! systemd takes the last value of a variable and appends nothing: environment files win over every `Environment=`,
//! also over one in a later drop-in, and a later file wins over an earlier one. The packaged `/etc/default/kubelet` has
//! the line `KUBELET_EXTRA_ARGS=`, which empties what a drop-in sets. A variable that no `ExecStart=` uses reaches no
//! daemon either. systemd logs nothing about it.
//!
//! ## What to do
//!
//! Set the variable where its value counts, or use it in the command.
//!
//! ## Examples
//!
//! ```ini bad
//! --- /usr/lib/systemd/system/kubelet.service
//! [Service]
//! EnvironmentFile=-/etc/default/kubelet
//! ExecStart=/usr/bin/kubelet $KUBELET_EXTRA_ARGS
//! --- /etc/systemd/system/kubelet.service.d/20-extra.conf
//! [Service]
//! Environment="KUBELET_EXTRA_ARGS=--node-ip=10.0.0.10"
//!              ^^^^^^^^^^^^^^^^^^
//! --- /etc/default/kubelet
//! KUBELET_EXTRA_ARGS=
//! ```
//!
//! ```ini bad
//! --- /usr/lib/systemd/system/docker.service
//! [Service]
//! EnvironmentFile=-/etc/default/docker
//! ExecStart=/usr/bin/dockerd -H fd://
//! --- /etc/default/docker
//! DOCKER_OPTS="--debug"
//! ^^^^^^^^^^^
//! ```
//!
//! ```ini good
//! --- /usr/lib/systemd/system/kubelet.service
//! [Service]
//! Environment=KUBELET_EXTRA_ARGS=--v=2
//! ExecStart=/usr/bin/kubelet $KUBELET_EXTRA_ARGS
//! --- /etc/systemd/system/kubelet.service.d/20-extra.conf
//! [Service]
//! Environment=KUBELET_EXTRA_ARGS=--v=4
//! ```
//!
//! ## References
//!
//! - systemd v252:src/core/execute.c (`exec_child`)
//! - kubernetes-sigs/cluster-api-provider-vsphere#68; geerlingguy/ansible-role-kubernetes#15; moby/moby#18663

use std::collections::{HashMap, HashSet};

use crate::kind::File;
use crate::rules::prelude::*;
use crate::systemd::on_node::{NodeService, of_node, variables};
use crate::systemd::{FileRole, UnitPlace};

pub(crate) const RULE: Rule = Rule {
    id: "variable-without-effect",
    summary: "Variable of a unit or an environment file that reaches no command",
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

/// A variable that reaches no command.
struct LostVariable<'f, 'a> {
    file: &'f File<'a>,
    key: Span,
    name: &'f str,
    /// The place that wins, with what it does.
    winner: Option<(&'f File<'a>, Span, &'static str)>,
    unit: String,
}

fn check(cx: &mut NodeCx) {
    let mut seen: HashSet<(usize, Span)> = HashSet::new();
    for node in of_node(cx.loaded) {
        let Some(_) = node.direct_program() else { continue };
        for lost in replaced(&node).into_iter().chain(unused(&node)) {
            if !seen.insert((lost.file.index, lost.key)) {
                continue;
            }
            let (name, unit) = (lost.name, &lost.unit);
            let Some((winner, place, what)) = lost.winner else {
                cx.report(lost.file.index, lost.key, format!("`{name}` has no effect: no command of {unit} uses it"))
                    .ignored(Releases::ANY)
                    .key(name)
                    .why("systemd fills a variable into the commands that name it, and its flags reach no daemon.")
                    .help(format!("Write `${name}` into `ExecStart=` of {unit}, or set a variable that it uses."));
                continue;
            };
            let path = winner.path;
            cx.report(lost.file.index, lost.key, format!("`{name}` has no effect: {path} {what}"))
                .ignored(Releases::ANY)
                .key(name)
                .label_in(winner.index, place, "the value that counts")
                .why(WHY)
                .help(format!("Write all flags into `{name}` of {path}."));
        }
    }
}

/// Variables that an environment file, or a later line of the same file, sets again to something else.
fn replaced<'f, 'a>(node: &NodeService<'f, 'a>) -> Vec<LostVariable<'f, 'a>> {
    let mut all = vec![];
    if node.service.replaced.is_empty() {
        return all;
    }
    let files = node.files.iter().enumerate();
    let entries = files.flat_map(|(number, file)| {
        variables(file).into_iter().map(move |entry| ((number, entry.key_span), (*file, entry)))
    });
    let by_place: HashMap<_, _> = entries.collect();
    let set_at = |place: UnitPlace| by_place.get(&(place.file, place.span)).copied();
    for replaced in &node.service.replaced {
        let by_file = node.service.files.get(replaced.by.file).is_some_and(|by| by.role == FileRole::Environment);
        if !by_file && replaced.by.file != replaced.key.file {
            continue;
        }
        let (Some(lost), Some(winner)) = (set_at(replaced.key), set_at(replaced.by)) else { continue };
        let is_same = lost.1.value.span.of(lost.0.doc.text) == winner.1.value.span.of(winner.0.doc.text);
        if is_same || !has_value(lost.1) || !node.uses(&lost.1.key) {
            continue;
        }
        let what = if has_value(winner.1) { "sets it again" } else { "empties it" };
        let winner = Some((winner.0, winner.1.key_span, what));
        let (file, entry) = lost;
        all.push(LostVariable { file, key: entry.key_span, name: &entry.key, winner, unit: node.service.unit.clone() });
    }
    all
}

/// Variables with flags that no command uses.
fn unused<'f, 'a>(node: &NodeService<'f, 'a>) -> Vec<LostVariable<'f, 'a>> {
    let mut all = vec![];
    for file in &node.files {
        for entry in variables(file) {
            let is_flags = entry.value.items().first().and_then(Node::as_str).is_some_and(|word| word.starts_with('-'));
            // A drop-in that replaces the command means to leave out what that used.
            if is_flags && !node.uses(&entry.key) && !node.used(&entry.key) {
                let unit = node.service.unit.clone();
                all.push(LostVariable { file, key: entry.key_span, name: &entry.key, winner: None, unit });
            }
        }
    }
    all
}

fn has_value(entry: &Entry<'_>) -> bool {
    entry.value.items().iter().any(|word| word.as_str().is_some_and(|word| !word.is_empty()))
}

const WHY: &str = "systemd takes the last value of a variable and appends nothing; environment files are read in their \
    order, after every `Environment=`.";

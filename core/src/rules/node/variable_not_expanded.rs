//! # `variable-not-expanded`
//!
//! `$NAME` or shell syntax that reaches a daemon as text.
//!
//! ## Why
//!
//! systemd is not a shell. It replaces `$NAME` where that is a whole word of a command, and `${NAME}` anywhere in one;
//! `--node-ip=$IP`, `${IP:-10.0.0.1}` and `$(hostname)` within a word stay text. Values of variables are not expanded
//! again: `A="$A --v=2"` in an environment file passes the word `$A` on.
//!
//! ## What to do
//!
//! Write `${NAME}` in the command. Where a shell is needed, start one: `ExecStart=/bin/sh -c 'exec ...'`.
//!
//! ## Examples
//!
//! ```ini bad
//! --- /etc/systemd/system/kubelet.service
//! [Service]
//! Environment=IP=10.0.0.10
//! ExecStart=/usr/bin/kubelet --node-ip=$IP
//!                            ^^^^^^^^^^^^^
//! ```
//!
//! ```ini fixed
//! --- /etc/systemd/system/kubelet.service
//! [Service]
//! Environment=IP=10.0.0.10
//! ExecStart=/usr/bin/kubelet --node-ip=${IP}
//! ```
//!
//! ```ini bad
//! --- /etc/systemd/system/kubelet.service
//! [Service]
//! EnvironmentFile=/etc/default/kubelet
//! ExecStart=/usr/bin/kubelet $KUBELET_EXTRA_ARGS
//! --- /etc/default/kubelet
//! KUBELET_EXTRA_ARGS="$KUBELET_EXTRA_ARGS --v=2"
//!                     ^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```ini bad
//! --- /etc/systemd/system/docker.service
//! [Service]
//! Environment=BIN=/usr/bin/dockerd
//! ExecStart=$BIN -H fd://
//!           ^^^^
//! ```
//!
//! ```ini good
//! --- /etc/systemd/system/kubelet.service
//! [Service]
//! Environment=IP=10.0.0.10
//! ExecStart=/usr/bin/kubelet --node-ip=${IP}
//! ```
//!
//! ## References
//!
//! - systemd v252:src/basic/env-util.c (`replace_env_argv`)
//! - kubernetes/website#320; openshift/machine-config-operator#2100

use crate::rules::prelude::*;
use crate::systemd::on_node::{NodeService, of_node};

pub(crate) const RULE: Rule = Rule {
    id: "variable-not-expanded",
    summary: "`$NAME` or shell syntax that reaches a daemon as text",
    fix: Some(Applicability::Unsafe),
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut NodeCx) {
    for node in of_node(cx.loaded) {
        program(cx, &node);
        if node.direct_program().is_none() {
            continue;
        }
        for word in node.service.commands.iter().flat_map(|command| command.argv.iter().skip(1)) {
            let Some((text, at)) = word.text.as_deref().and_then(|text| Some((text, reference(text)?))) else {
                continue;
            };
            let Some(file) = node.file(word.place) else { continue };
            let written = word.place.span.of(file.doc.text);
            // `$$` stands for the sign.
            if written.contains("$$") {
                continue;
            }
            let shown = excerpt(text.get(at..).unwrap_or_default());
            let finding = cx.report(file.index, word.place.span, format!("`{shown}` reaches the daemon as text"));
            finding.harmful(Releases::ANY).why(WHY).help(HELP).maybe_fix(fix(written, word.place.span));
        }
    }
}

/// The program is searched for as written.
fn program(cx: &mut NodeCx, node: &NodeService<'_, '_>) {
    for command in node.service.commands.iter().filter(|command| command.program.contains('$')) {
        let Some(file) = node.file(command.place) else { continue };
        let text = command.place.span.of(file.doc.text);
        let start = command.place.span.start as usize;
        let len = text.find([' ', '\t', '\n']).unwrap_or(text.len());
        let shown = &command.program;
        cx.report(
            file.index,
            Span::new(start, start + len),
            format!("`{shown}` is not replaced by the program's path"),
        )
        .refused(Releases::ANY)
        .why(format!("The service does not start: `Failed to locate executable {shown}`."))
        .help("Write the path of the program: only the words behind it may hold variables.");
    }
}

/// Where a word has what a shell would expand.
fn reference(text: &str) -> Option<usize> {
    let is_start = |c: char| c.is_ascii_alphabetic() || matches!(c, '_' | '{' | '(');
    text.match_indices('$')
        .map(|(at, _)| at)
        .find(|at| text.get(at + 1..).is_some_and(|rest| rest.starts_with(is_start)))
}

/// `--a=$NAME` with braces, where all behind the sign is the name.
fn fix(written: &str, place: Span) -> Option<Fix> {
    let (before, name) = written.split_once('$')?;
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let fixed = format!("{before}${{{name}}}");
    (is_name && !before.is_empty())
        .then(|| Fix::edit(Applicability::Unsafe, format!("Write ${{{name}}}"), place, fixed))
}

const WHY: &str = "systemd replaces `$NAME` as a whole word and `${NAME}` within one, in commands alone; it has no \
    other syntax of a shell.";
const HELP: &str = "Write `${NAME}` in `ExecStart=`, or start a shell there: `/bin/sh -c 'exec ...'`.";

//! # `comment-in-command`
//!
//! A `#` behind a command, which begins no comment there.
//!
//! ## Why
//!
//! In a unit `#` begins a comment at the start of a line alone. Behind a command it is a word, with all that follows:
//! dockerd exits (`accepts no arguments`), and containerd prints its help.
//!
//! ## What to do
//!
//! Put the comment on a line of its own.
//!
//! ## Examples
//!
//! ```ini bad
//! --- /etc/systemd/system/docker.service
//! [Service]
//! ExecStart=/usr/bin/dockerd -H fd:// # default
//!                                     ^
//! ```
//!
//! ```ini good
//! --- /etc/systemd/system/docker.service
//! [Service]
//! # default
//! ExecStart=/usr/bin/dockerd -H fd://
//! ```
//!
//! ## References
//!
//! - systemd v252:src/shared/conf-parser.c (`config_parse`)
//! - moby/moby@docker-v29.7.2:cmd/dockerd/docker.go (`cli.NoArgs`)

use crate::rules::prelude::*;
use crate::systemd::KnownProgram;
use crate::systemd::on_node::of_node;

pub(crate) const RULE: Rule = Rule {
    id: "comment-in-command",
    summary: "`#` behind a command, which begins no comment there",
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut NodeCx) {
    for node in of_node(cx.loaded) {
        // `flag-stray-word` reports it for the kubelet.
        if !matches!(node.direct_program(), Some(KnownProgram::Dockerd | KnownProgram::Containerd)) {
            continue;
        }
        for command in &node.service.commands {
            let is_sign = |text: &str| text.starts_with('#');
            let Some(word) = command.argv.iter().find(|word| word.text.as_deref().is_some_and(is_sign)) else {
                continue;
            };
            let Some(file) = node.file(word.place) else { continue };
            cx.report(file.index, word.place.span, "`#` begins no comment here, and the rest reaches the daemon")
                .refused(Releases::ANY)
                .why("In a unit a comment is a line of its own; behind a command all of it are words.")
                .help("Put the comment on a line of its own.");
        }
    }
}

//! # `exec-start-missing`
//!
//! A drop-in that drops the command of a daemon and sets no other one.
//!
//! ## Why
//!
//! An empty `ExecStart=` drops all commands before it. systemd refuses a unit without one (`Service has no ExecStart=,
//! ExecStop=, or SuccessAction=. Refusing.`). A command that systemd cannot read, because of an open quote or an
//! unknown specifier, is not a command either.
//!
//! ## What to do
//!
//! Write the new command behind the empty `ExecStart=`.
//!
//! ## Examples
//!
//! ```ini bad
//! --- /usr/lib/systemd/system/docker.service
//! [Service]
//! ExecStart=/usr/bin/dockerd -H fd://
//! --- /etc/systemd/system/docker.service.d/override.conf
//! [Service]
//! ExecStart=
//! ^^^^^^^^^
//! ```
//!
//! ```ini good
//! --- /usr/lib/systemd/system/docker.service
//! [Service]
//! ExecStart=/usr/bin/dockerd -H fd://
//! --- /etc/systemd/system/docker.service.d/override.conf
//! [Service]
//! ExecStart=
//! ExecStart=/usr/bin/dockerd --debug
//! ```
//!
//! ## References
//!
//! - systemd v252:src/core/service.c (`service_verify`)

use crate::rules::prelude::*;
use crate::systemd::on_node::of_node;

pub(crate) const RULE: Rule = Rule {
    id: "exec-start-missing",
    summary: "Drop-in that drops the command of a daemon and sets no other one",
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut NodeCx) {
    for node in of_node(cx.loaded) {
        let is_fault = node.service.messages.iter().any(|message| message.text.contains("has no ExecStart="));
        let Some(dropped) = node.service.dropped.last().filter(|_| is_fault && node.has_unit()) else { continue };
        let (Some(lost), Some(file)) = (node.file(dropped.key), node.file(dropped.by)) else { continue };
        // What hinders the reading of the new command is reported itself.
        let has_other = node.service.messages.iter().any(|message| {
            message.place.is_some_and(|place| place.file == dropped.by.file && place.span > dropped.by.span)
        });
        if has_other || !file.doc.problems.is_empty() {
            continue;
        }
        let unit = &node.service.unit;
        cx.report(file.index, dropped.by.span, format!("{unit} is left without a command, and systemd refuses it"))
            .refused(Releases::ANY)
            .key("ExecStart")
            .label_in(lost.index, dropped.key.span, "the command that is dropped")
            .why("`Service has no ExecStart=, ExecStop=, or SuccessAction=. Refusing.`")
            .help("Write the new command on the next line.");
    }
}

//! # `exec-start-repeated`
//!
//! A second `ExecStart=` that does not replace the first one.
//!
//! ## Why
//!
//! `ExecStart=` collects commands over the unit and all drop-ins. Only services of `Type=oneshot` may have several:
//! systemd refuses others (`Service has more than one ExecStart= setting, which is only allowed for Type=oneshot
//! services. Refusing.`), and the daemon does not start.
//!
//! ## What to do
//!
//! Put an empty `ExecStart=` before the new command: it drops those before it.
//!
//! ## Examples
//!
//! ```ini bad
//! --- /usr/lib/systemd/system/docker.service
//! [Service]
//! ExecStart=/usr/bin/dockerd -H fd://
//! --- /etc/systemd/system/docker.service.d/override.conf
//! [Service]
//! ExecStart=/usr/bin/dockerd --debug
//! ^^^^^^^^^
//! ```
//!
//! ```ini fixed
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
//! - kubernetes/kubeadm#1202; moby/moby#14491

use crate::rules::prelude::*;
use crate::systemd::ServiceState;
use crate::systemd::on_node::of_node;

pub(crate) const RULE: Rule = Rule {
    id: "exec-start-repeated",
    summary: "Second `ExecStart` that does not replace the first one",
    fix: Some(Applicability::Unsafe),
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut NodeCx) {
    for node in of_node(cx.loaded) {
        let is_fault = node.service.messages.iter().any(|message| message.text.contains("more than one ExecStart="));
        let [first, .., last] = node.service.commands.as_slice() else { continue };
        if !is_fault || node.service.state != ServiceState::Refused {
            continue;
        }
        let (Some(first_file), Some(file)) = (node.file(first.key), node.file(last.key)) else { continue };
        let unit = &node.service.unit;
        let fix = Fix::edit(
            Applicability::Unsafe,
            "Drop the commands before",
            Span::empty(last.key.span.start as usize),
            "ExecStart=\n",
        );
        cx.report(file.index, last.key.span, format!("{unit} gets a second command, and systemd refuses it"))
            .refused(Releases::ANY)
            .key("ExecStart")
            .label_in(first_file.index, first.key.span, "the first command")
            .why(WHY)
            .help("Put an empty `ExecStart=` on the line before: it drops the commands before it.")
            .maybe_fix((first.key != last.key).then_some(fix));
    }
}

const WHY: &str = "`Service has more than one ExecStart= setting, which is only allowed for Type=oneshot services. \
    Refusing.`";

//! # `environment-file-not-read`
//!
//! Variables in `/etc/default` or `/etc/sysconfig` that the unit of the daemon does not read.
//!
//! ## Why
//!
//! systemd reads the environment files that a unit names and no others. The unit of Docker's own packages names none:
//! `/etc/default/docker` is for other init systems. The kubelet's unit names `/etc/default/kubelet` in Debian's
//! packages and `/etc/sysconfig/kubelet` in those of Red Hat's family.
//!
//! ## What to do
//!
//! For Docker use `/etc/docker/daemon.json`; for the kubelet the file that its unit names. A drop-in can name a file.
//!
//! ## Examples
//!
//! ```ini bad
//! --- /usr/lib/systemd/system/docker.service
//! [Service]
//! ExecStart=/usr/bin/dockerd -H fd://
//! --- /etc/default/docker
//! DOCKER_OPTS="--debug"
//! ^^^^^^^^^^^
//! ```
//!
//! ```ini good
//! --- /usr/lib/systemd/system/docker.service
//! [Service]
//! EnvironmentFile=-/etc/default/docker
//! ExecStart=/usr/sbin/dockerd -H fd:// $DOCKER_OPTS
//! --- /etc/default/docker
//! DOCKER_OPTS="--debug"
//! ```
//!
//! ## References
//!
//! - moby/moby#9889, moby/moby#25471; docker/for-linux#204; kubernetes/release#198
//! - systemd v252:src/core/execute.c (`exec_context_load_environment`)

use crate::rules::prelude::*;
use crate::systemd::flags;
use crate::systemd::on_node::{of_node, variables};

pub(crate) const RULE: Rule = Rule {
    id: "environment-file-not-read",
    summary: "Environment file that the unit of its daemon does not name",
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut NodeCx) {
    let services = of_node(cx.loaded);
    for file in cx.loaded.files.iter().filter(|file| *file.kind == flags::KIND) {
        let Some(node) = services.iter().find(|node| node.ignores_usual_file(file)) else { continue };
        let is_set =
            |entry: &&Entry<'_>| entry.value.items().iter().any(|word| word.as_str().is_some_and(|w| !w.is_empty()));
        let Some(first) = variables(file).into_iter().find(is_set) else { continue };
        let unit = &node.service.unit;
        let command =
            node.service.commands.first().and_then(|command| Some((node.file(command.key)?, command.key.span)));
        let finding = cx.report(file.index, first.key_span, format!("{unit} does not read {}", file.path));
        finding.ignored(Releases::ANY).key(first.key.as_ref()).why(WHY).help(help(&node.service.environment_files));
        if let Some((unit, place)) = command {
            finding.label_in(unit.index, place, "the command that starts the daemon");
        }
    }
}

fn help(named: &[String]) -> String {
    match named.last() {
        Some(path) => format!("Use {path}, which the unit names."),
        None => "Use the daemon's own configuration, or name the file in a drop-in: `EnvironmentFile=`.".to_owned(),
    }
}

const WHY: &str = "systemd reads the environment files that a unit and its drop-ins name, and no others: the \
    variables of this one reach no command.";

//! # `flags-in-one-word`
//!
//! A word of a daemon's command that holds several flags, or a flag with a blank before its value.
//!
//! ## Why
//!
//! systemd splits the value of `$NAME` into words, but not that of `${NAME}`, and not what stands in quotes within the
//! value. The daemon gets one word, takes all of it for the name or the value of one flag, and exits.
//!
//! ## What to do
//!
//! Use `$NAME`, and put quotes around values alone.
//!
//! ## Examples
//!
//! ```ini bad
//! --- /etc/systemd/system/kubelet.service
//! [Service]
//! Environment="ARGS=--v=2 --node-ip=10.0.0.10"
//!                   ^^^^^^^^^^^^^^^^^^^^^^^^^
//! ExecStart=/usr/bin/kubelet ${ARGS}
//! ```
//!
//! ```ini bad
//! --- /etc/systemd/system/docker.service
//! [Service]
//! Environment="DOCKER_OPTS='-H tcp://127.0.0.1:2375'"
//!                          ^^^^^^^^^^^^^^^^^^^^^^^^^
//! ExecStart=/usr/bin/dockerd $DOCKER_OPTS
//! ```
//!
//! ```ini good
//! --- /etc/systemd/system/kubelet.service
//! [Service]
//! Environment="ARGS=--v=2 --node-ip=10.0.0.10"
//! ExecStart=/usr/bin/kubelet $ARGS
//! ```
//!
//! ## References
//!
//! - systemd v252:src/basic/env-util.c (`replace_env_argv`)
//! - kubernetes/kubernetes#47894

use crate::rules::prelude::*;
use crate::systemd::on_node::of_node;

pub(crate) const RULE: Rule = Rule {
    id: "flags-in-one-word",
    summary: "Word of a command that holds several flags",
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut NodeCx) {
    for node in of_node(cx.loaded) {
        if node.direct_program().is_none() {
            continue;
        }
        for word in node.service.commands.iter().flat_map(|command| command.argv.iter().skip(1)) {
            let Some(text) = word.text.as_deref().filter(|text| is_several(text)) else { continue };
            let Some(file) = node.file(word.place) else { continue };
            cx.report(file.index, word.place.span, format!("`{}` reaches the daemon as one word", excerpt(text)))
                .refused(Releases::ANY)
                .why(WHY)
                .help("Use `$NAME` and not `${NAME}`, and put quotes around values alone.");
        }
    }
}

/// `-H tcp://x`, `--a=1 --b=2`: no flag has a blank in its name, and few values have one before a dash.
fn is_several(text: &str) -> bool {
    let name = text.split('=').next().unwrap_or_default();
    text.starts_with('-') && (name.contains(' ') || text.contains(" --"))
}

const WHY: &str = "systemd does not split `${NAME}`, nor what stands in quotes: the daemon takes all of it for one \
    flag and exits.";

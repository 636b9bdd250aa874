//! # `environment-file-absent`
//!
//! A unit that names an environment file which the node does not have.
//!
//! ## Why
//!
//! Without a `-` before the path the file must exist: systemd does not start the service (`Failed to load environment
//! files: No such file or directory`).
//!
//! ## What to do
//!
//! Create the file, correct the path, or write `-` before it.
//!
//! ## Examples
//!
//! ```ini bad
//! --- /etc/systemd/system/kubelet.service
//! [Service]
//! EnvironmentFile=/etc/sysconfig/kubelet
//!                 ^^^^^^^^^^^^^^^^^^^^^^
//! ExecStart=/usr/bin/kubelet $KUBELET_EXTRA_ARGS
//! --- /etc/sysconfig/kubelet (absent)
//! ```
//!
//! ```ini fixed
//! --- /etc/systemd/system/kubelet.service
//! [Service]
//! EnvironmentFile=-/etc/sysconfig/kubelet
//! ExecStart=/usr/bin/kubelet $KUBELET_EXTRA_ARGS
//! --- /etc/sysconfig/kubelet (absent)
//! ```
//!
//! ## References
//!
//! - systemd v252:src/core/execute.c (`exec_context_load_environment`)
//! - ceph/ceph-container#71; kubernetes/kubelet#20

use crate::kind::SourceState;
use crate::node::{NamedRole, named_by};
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "environment-file-absent",
    summary: "Environment file that a unit names and the node does not have",
    fix: Some(Applicability::Unsafe),
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut NodeCx) {
    let loaded = cx.loaded;
    for named in loaded.files.iter().flat_map(|file| named_by(file)) {
        let is_absent = loaded.known.at(&named.path) == Some(SourceState::Absent);
        if named.role != (NamedRole::Environment { is_optional: false }) || !is_absent {
            continue;
        }
        let Some(file) = loaded.file(named.by) else { continue };
        let shown = named.path.strip_prefix(file.root).map_or(named.path.clone(), |below| format!("/{below}"));
        let start = Span::empty(named.span.start as usize);
        cx.report(named.by, named.span, format!("{shown} does not exist, and the service does not start"))
            .refused(Releases::ANY)
            .key(named.role.key())
            .why("`Failed to load environment files: No such file or directory`")
            .help("Create the file, correct the path, or write `-` before it.")
            .fix(Fix::edit(Applicability::Unsafe, "Let the file be absent", start, "-"));
    }
}

//! # `unit-drop-in-not-conf`
//!
//! A file in the folder of a unit's drop-ins whose name does not end in `.conf`.
//!
//! ## Why
//!
//! Of `docker.service.d` and the like systemd reads files that end in `.conf`, and no others. It logs nothing about
//! them.
//!
//! ## What to do
//!
//! Rename the file, and run `systemctl daemon-reload`.
//!
//! ## Examples
//!
//! ```ini bad
//! --- /etc/systemd/system/docker.service.d/proxy
//! [Service]
//! ^^^^^^^^^
//! Environment=HTTP_PROXY=http://proxy.example:3128
//! ```
//!
//! ```ini good
//! --- /etc/systemd/system/docker.service.d/proxy.conf
//! [Service]
//! Environment=HTTP_PROXY=http://proxy.example:3128
//! ```
//!
//! ## References
//!
//! - systemd v252:src/shared/dropin.c (`unit_file_find_dropin_paths`)
//! - moby/moby#22559

use crate::rules::prelude::*;
use crate::systemd::flags;
use crate::systemd::on_node::is_unread_drop_in;

pub(crate) const RULE: Rule = Rule {
    id: "unit-drop-in-not-conf",
    summary: "Drop-in of a unit whose name does not end in `.conf`",
    run: Run::File(&[&flags::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    let name = cx.file.name();
    if !is_unread_drop_in(cx.file.path) {
        return;
    }
    let first = cx.root.entries().first().map(|section| section.value.span.start);
    let Some(start) = first else { return };
    let text = cx.doc().text;
    let line = text.get(start as usize..).and_then(|rest| rest.lines().next()).unwrap_or_default();
    let span = Span::new(start as usize, start as usize + line.len());
    cx.report(span, format!("systemd does not read `{name}`: its name does not end in .conf"))
        .ignored(Releases::ANY)
        .why("systemd reads `*.conf` in the folder of a unit's drop-ins, and no other files.")
        .help(format!("Rename it to {name}.conf."));
}

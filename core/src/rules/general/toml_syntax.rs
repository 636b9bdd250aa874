//! # `toml-syntax`
//!
//! The text is not the TOML that containerd reads.
//!
//! ## Why
//!
//! containerd does not start on a broken `config.toml` or drop-in; it names at most a line. A broken `hosts.toml` is
//! thrown away whole at each pull, with one error line, and images come from the upstream registry alone.
//!
//! ## What to do
//!
//! Mend the place shown. crilint goes on behind a fault, so that you see all of them at once.
//!
//! ## Examples
//!
//! ```toml bad
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri".cni]
//!   conf\_dir = "/etc/cni/net.d"
//!       ^^
//! ```
//!
//! ```toml fixed
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri".cni]
//!   conf_dir = "/etc/cni/net.d"
//! ```
//!
//! ## References
//!
//! - TOML parsers by release: `facts` of `crilint explain toml-syntax`; measured with 1.3.10 to 2.4.0-beta.0.

use crate::containerd;
use crate::registry_hosts;
use crate::rules::limits::report_own_limit;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "toml-syntax",
    summary: "The text is not TOML",
    fix: Some(Applicability::Safe),
    run: Run::File(&[&containerd::KIND, &registry_hosts::KIND], check),
    ..Rule::SYNTAX
};

fn check(cx: &mut FileCx) {
    let doc = cx.doc();
    let is_config = *cx.file.kind == containerd::KIND;
    for problem in &doc.problems {
        if report_own_limit(cx, problem) {
            continue;
        }
        let finding = cx.report(problem.span, problem.message.clone());
        if is_config {
            finding.refused(Releases::ANY).why("containerd does not start: it cannot read its configuration.");
        } else {
            finding.ignored(Releases::ANY).why(
                "containerd throws the whole file away at each pull (`failed to decode ... hosts.toml`) and asks the upstream registry alone.",
            );
        }
        finding.help(problem.advice());
        if let Some((span, text)) = problem.related {
            finding.label(span, text);
        }
        finding.maybe_fix(problem.fix.clone());
    }
}

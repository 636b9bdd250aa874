//! # `toml-syntax`
//!
//! A text that is not the TOML that containerd reads.
//!
//! ## Why
//!
//! containerd does not start on a broken `config.toml` or drop-in; it prints at most a line number. At each pull it
//! drops all of a broken `hosts.toml`, with one error line, and asks the upstream registry alone. The parsers up to
//! 1.7 accept some faults: lone carriage returns, zeros before a number.
//!
//! ## What to do
//!
//! Correct the place shown. crilint goes on behind a fault, and so reports all of them at once.
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
//! ```toml bad containerd=2.0..
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri"]
//!   max_concurrent_downloads = 05
//!                              ^^
//! ```
//!
//! ```toml good containerd=1.6..1.7
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri"]
//!   max_concurrent_downloads = 05
//! ```
//!
//! ## References
//!
//! - containerd/containerd@v2.3.4:cmd/containerd/server/config/config.go; measured with 1.3.10 to 2.4.0-beta.0

use crate::containerd;
use crate::containerd::dialects::refusing;
use crate::registry_hosts;
use crate::rules::prelude::*;
use crate::rules::problems::{add_advice, report_own_limit};

pub(crate) const RULE: Rule = Rule {
    id: "toml-syntax",
    summary: "Text that is not TOML",
    fix: Some(Applicability::Safe),
    run: Run::File(&[&containerd::KIND, &registry_hosts::KIND], check),
    ..Rule::SYNTAX
};

fn check(cx: &mut FileCx) {
    let is_config = *cx.file.kind == containerd::KIND;
    for problem in &cx.doc().problems {
        if report_own_limit(cx, problem) {
            continue;
        }
        let releases = problem.dialect.map_or(Releases::ANY, refusing);
        let finding = cx.report(problem.span, problem.message.clone());
        if is_config {
            finding.refused(releases).why("containerd does not start: it cannot read its configuration.");
        } else {
            finding.ignored(releases).why(WHY_HOSTS);
        }
        add_advice(finding, problem);
    }
}

const WHY_HOSTS: &str = "containerd drops the whole file at each pull (`failed to decode ... hosts.toml`) and asks \
    the upstream registry alone.";

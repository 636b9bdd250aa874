//! # `unrendered-template`
//!
//! A text with template markers, such as `{{ pause_image }}`, that no daemon can read as it stands.
//!
//! ## Why
//!
//! Templates are filled in before the daemon sees them. What they will hold cannot be judged, so crilint checks nothing
//! else in such a file: it says so once, in place of an error on every marker.
//!
//! ## What to do
//!
//! Check the rendered file, for example in the pipeline that renders it.
//!
//! ## Examples
//!
//! ```toml bad
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri"]
//!   sandbox_image = {{ pause_image }}
//!                   ^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```toml good
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri"]
//!   sandbox_image = "registry.k8s.io/pause:3.10"
//! ```

use crate::containerd;
use crate::crictl;
use crate::docker;
use crate::kubelet;
use crate::registry_hosts;
use crate::rules::prelude::*;
use crate::systemd::flags;

pub(crate) const RULE: Rule = Rule {
    id: "unrendered-template",
    summary: "The text is a template and is not checked",
    category: Category::Suspicious,
    run: Run::File(
        &[&containerd::KIND, &registry_hosts::KIND, &docker::KIND, &kubelet::KIND, &flags::KIND, &crictl::KIND],
        check,
    ),
    checks_templates: true,
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    let Some(problem) = cx.doc().problems.iter().find(|p| p.code == "template") else {
        return;
    };
    let marker = problem.span.of(cx.doc().text).lines().next().unwrap_or_default();
    cx.report(problem.span, format!("`{marker}` makes this a template: it is not checked"))
        .advice(Releases::ANY)
        .why("No daemon reads the text as it stands; what it will hold after rendering cannot be judged.")
        .help("Check the rendered file.");
}

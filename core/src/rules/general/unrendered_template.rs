//! # `unrendered-template`
//!
//! A text with template markers, such as `{{ pause_image }}`, which no daemon can read as is.
//!
//! ## Why
//!
//! Templates are rendered before the daemon reads them. crilint cannot predict the rendered text, so it checks nothing
//! else in such a file: it reports one finding in place of an error on every marker.
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

use crate::kinds::KINDS;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "unrendered-template",
    summary: "Template that is not checked",
    category: Category::Suspicious,
    run: Run::File(KINDS, check),
    checks_templates: true,
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    let Some(problem) = cx.doc().problems.iter().find(|problem| problem.code == "template") else { return };
    let marker = problem.span.of(cx.doc().text).lines().next().unwrap_or_default();
    cx.report(problem.span, format!("`{marker}` makes this a template: it is not checked"))
        .advice(Releases::ANY)
        .why("No daemon reads the text as is, and crilint cannot predict the rendered text.")
        .help("Check the rendered file.");
}

//! # `unrendered-template`
//!
//! A text with template markers, such as `{{ pause_image }}`, which no daemon can read as is.
//!
//! ## Why
//!
//! Templates are rendered before the daemon reads them, and crilint cannot predict the rendered text. Of a containerd
//! template that is put behind another one (`{{ template "base" . }}` of k3s), or that has only variables such as
//! `${NAME}`, it checks the lines that have no marker. Of all others (Jinja, Go templates, ERB, Terraform) it checks
//! nothing, as their statements may leave out or repeat any line. `crilint compat` gives no verdict on any template.
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
//! ```toml bad
//! --- /var/lib/rancher/k3s/agent/etc/containerd/config.toml.tmpl
//! {{ template "base" . }}
//! ^^^^^^^^^^^^^^^^^^^^^^^
//!
//! [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.crun]
//!   runtime_type = "io.containerd.runc.v2"
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
    let what = if cx.file.is_unjudged() { "it is not checked" } else { "lines with markers are not checked" };
    cx.report(problem.span, format!("`{marker}` makes this a template: {what}"))
        .advice(Releases::ANY)
        .why("No daemon reads the text as is, and crilint cannot predict the rendered text.")
        .help("Check the rendered file.");
}

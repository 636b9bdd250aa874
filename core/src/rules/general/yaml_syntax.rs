//! # `yaml-syntax`
//!
//! The text is not the YAML that the kubelet or crictl reads.
//!
//! ## Why
//!
//! The kubelet exits on a configuration that it cannot read (`failed to load kubelet config file`) and starts over
//! every few seconds: the node stays NotReady. crictl 1.19 and later say nothing at all about a broken
//! `/etc/crictl.yaml`: they go on as if there were none, and look for a socket in the usual places.
//!
//! ## What to do
//!
//! Mend the place shown. crilint goes on behind a fault, so that you see all of them at once.
//!
//! ## Examples
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! maxPods:60
//!        ^
//! failSwapOn: false
//! ```
//!
//! ```yaml fixed
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! maxPods: 60
//! failSwapOn: false
//! ```
//!
//! ```yaml bad
//! --- /etc/crictl.yaml
//! runtime-endpoint: "unix:///run/containerd/containerd.sock
//!                                                          ^
//! timeout: 10
//! ```
//!
//! A text that starts with `{` is JSON to the kubelet: see `json-syntax`.
//!
//! ## References
//!
//! - kubernetes/kubernetes@v1.36.0:pkg/kubelet/kubeletconfig/util/codec/codec.go; measured with the loader of 1.36.3
//! - kubernetes-sigs/cri-tools@v1.36.0:pkg/common/file.go, cmd/crictl/main.go; measured with 1.36.0

use crate::crictl;
use crate::kubelet;
use crate::rules::general::json_syntax::is_json_in_yaml;
use crate::rules::limits::report_own_limit;
use crate::rules::prelude::*;
use crate::syntax::{Format, Problem};

pub(crate) const RULE: Rule = Rule {
    id: "yaml-syntax",
    summary: "The text is not YAML",
    fix: Some(Applicability::Safe),
    run: Run::File(&[&kubelet::KIND, &crictl::KIND], check),
    ..Rule::SYNTAX
};

fn check(cx: &mut FileCx) {
    let doc = cx.doc();
    let is_kubelet = *cx.file.kind == kubelet::KIND;
    if is_kubelet && (doc.format == Format::Json || is_json_in_yaml(doc)) {
        return;
    }
    doc.problems.iter().for_each(|problem| report(cx, problem, is_kubelet));
}

/// Their YAML parsers count levels. Sources: `max_flow_level` in go-yaml/yaml@v2.2.4:scannerc.go,
/// kubernetes/kubernetes#83261.
const COUNTS_LEVELS: Releases = Releases::kubernetes("1.17..");

fn report(cx: &mut FileCx, problem: &Problem, is_kubelet: bool) {
    if report_own_limit(cx, problem) {
        return;
    }
    if problem.code == "max-depth" && is_kubelet {
        cx.report(problem.span, problem.message.clone())
            .refused(COUNTS_LEVELS)
            .why("The kubelet does not start: `failed to load kubelet config file`, `exceeded max depth of 10000`.")
            .help("Check whether so many levels are meant.");
        return;
    }
    let finding = cx.report(problem.span, problem.message.clone());
    if is_kubelet {
        finding
            .refused(Releases::ANY)
            .why("The kubelet does not start: `failed to load kubelet config file`. It reads the whole file before it uses any of it.");
    } else {
        finding.ignored(Releases::ANY).why(
            "crictl 1.19 and later ignore the whole file without a word and look for a socket in the usual places. `crictl config --list` shows the error.",
        );
    }
    finding.help(problem.advice()).maybe_fix(problem.fix.clone());
    if let Some((span, text)) = problem.related {
        finding.label(span, text);
    }
}

//! # `yaml-syntax`
//!
//! A text that is not the YAML that the kubelet, crictl, k3s or RKE2 reads.
//!
//! ## Why
//!
//! The kubelet exits on a configuration that it cannot read (`failed to load kubelet config file`) and starts over
//! every few seconds: the node stays NotReady. crictl 1.19 and later silently ignore a broken `/etc/crictl.yaml`, and
//! look for a socket in the usual places. k3s and RKE2 do not start with a `registries.yaml` that they cannot read.
//!
//! ## What to do
//!
//! Correct the place shown. crilint goes on behind a fault, and so reports all of them at once.
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
//! An asterisk without quotes is the name of an alias:
//!
//! ```yaml bad
//! --- /etc/rancher/k3s/registries.yaml
//! mirrors:
//!   *:
//!   ^
//!     endpoint:
//!       - https://mirror.example
//! ```
//!
//! The kubelet reads a text that starts with `{` as JSON: see `json-syntax`.
//!
//! ## References
//!
//! - kubernetes/kubernetes@v1.36.0:pkg/kubelet/kubeletconfig/util/codec/codec.go; measured with the loader of 1.36.3
//! - kubernetes-sigs/cri-tools@v1.36.0:pkg/common/file.go, cmd/crictl/main.go; measured with 1.36.0

use crate::crictl;
use crate::distributions::{k3s_config, registries};
use crate::kind::Kind;
use crate::kubelet;
use crate::kubelet::credential_provider;
use crate::kubelet::kind::{finds_invalid_utf8, is_json_in_yaml};
use crate::rules::prelude::*;
use crate::rules::problems::{NOT_UTF8, add_advice, report_own_limit};
use crate::syntax::{Dialect, Format, Problem};

pub(crate) const RULE: Rule = Rule {
    id: "yaml-syntax",
    summary: "Text that is not YAML",
    fix: Some(Applicability::Safe),
    run: Run::File(
        &[&kubelet::KIND, &crictl::KIND, &registries::KIND, &k3s_config::KIND, &credential_provider::KIND],
        check,
    ),
    ..Rule::SYNTAX
};

fn check(cx: &mut FileCx) {
    let doc = cx.doc();
    let is_kubelet = *cx.file.kind == kubelet::KIND;
    if is_kubelet && (doc.format == Format::Json || is_json_in_yaml(doc)) {
        return;
    }
    doc.problems.iter().for_each(|problem| report(cx, problem, is_kubelet));
    let kind = cx.file.kind;
    let invalid_utf8 = doc.first_of(Dialect::InvalidUtf8);
    let Some(span) = invalid_utf8.filter(|span| !is_kubelet || finds_invalid_utf8(doc, *span)) else { return };
    let finding = cx.report(span, NOT_UTF8).help("Save the file as UTF-8.");
    if is_kubelet {
        finding
            .refused(Releases::ANY)
            .why("The kubelet does not start: `yaml: invalid leading UTF-8 octet`, or trailing.");
    } else {
        add_effect(finding, kind);
    }
}

/// Releases whose YAML parser counts levels. Sources: `max_flow_level` in go-yaml/yaml@v2.2.4:scannerc.go,
/// kubernetes/kubernetes#83261.
const COUNTS_YAML_LEVELS: Releases = Releases::kubernetes("1.17..");

fn report(cx: &mut FileCx, problem: &Problem, is_kubelet: bool) {
    if report_own_limit(cx, problem) {
        return;
    }
    let kind = cx.file.kind;
    let finding = cx.report(problem.span, problem.message.clone());
    if is_kubelet && problem.code == "max-depth" {
        finding
            .refused(COUNTS_YAML_LEVELS)
            .why("The kubelet does not start: `failed to load kubelet config file`, `exceeded max depth of 10000`.")
            .help("Check whether so many levels are meant.");
        return;
    }
    add_effect(finding, kind);
    add_advice(finding, problem);
}

/// What the program does that reads files of this kind.
fn add_effect(finding: &mut Finding, kind: &Kind) {
    if *kind == crictl::KIND {
        finding.ignored(Releases::ANY).why(WHY_CRICTL);
    } else if *kind == kubelet::KIND || *kind == credential_provider::KIND {
        finding.refused(Releases::ANY).why(WHY_KUBELET);
    } else {
        finding.refused(Releases::ANY).why(WHY_K3S);
    }
}

const WHY_KUBELET: &str = "The kubelet does not start: `failed to load kubelet config file`. It reads the whole file \
    before it uses any of it.";
const WHY_K3S: &str = "k3s and RKE2 read the whole file before they start containerd and the kubelet: the node does \
    not come up, with `yaml: line ...` in the log.";
const WHY_CRICTL: &str = "crictl 1.19 and later silently ignore the whole file and look for a socket in the usual \
    places. `crictl config --list` shows the error.";

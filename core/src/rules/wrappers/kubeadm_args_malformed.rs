//! # `kubeadm-args-malformed`
//!
//! `kubeletExtraArgs` in a form that kubeadm does not decode: a table where the API version has a list or the other way
//! round, or a value that is not a string.
//!
//! ## Why
//!
//! Up to `kubeadm.k8s.io/v1beta3` the flags are a table of strings, in `v1beta4` a list of `name` and `value`. The same
//! change came to Cluster API with its `v1beta2`. kind writes documents of `v1beta4` from Kubernetes 1.36 on (kind
//! 0.32), and patches without an API version of their own must have the form of these documents. kubeadm exits before
//! it sets up the node, and the API server refuses such an object of Cluster API.
//!
//! ## What to do
//!
//! Write the form of the document's API version, or run `kubeadm config migrate`. Put numbers and switches in quotes.
//!
//! ## Examples
//!
//! ```yaml bad
//! --- kubeadm.yaml
//! apiVersion: kubeadm.k8s.io/v1beta3
//! kind: JoinConfiguration
//! nodeRegistration:
//!   kubeletExtraArgs:
//!     v: 4
//!        ^
//! ```
//!
//! ```yaml fixed
//! --- kubeadm.yaml
//! apiVersion: kubeadm.k8s.io/v1beta3
//! kind: JoinConfiguration
//! nodeRegistration:
//!   kubeletExtraArgs:
//!     v: "4"
//! ```
//!
//! ```yaml bad
//! --- kubeadm.yaml
//! apiVersion: kubeadm.k8s.io/v1beta4
//! kind: InitConfiguration
//! nodeRegistration:
//!   kubeletExtraArgs: {node-labels: "pool=gpu"}
//!                     ^^^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```yaml bad kubernetes=1.36
//! --- kind.yaml
//! kind: Cluster
//! apiVersion: kind.x-k8s.io/v1alpha4
//! kubeadmConfigPatches:
//! - |
//!   kind: InitConfiguration
//!   nodeRegistration:
//!     kubeletExtraArgs: {node-labels: "ingress-ready=true"}
//!                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```yaml good kubernetes=1.34..
//! --- kind.yaml
//! kind: Cluster
//! apiVersion: kind.x-k8s.io/v1alpha4
//! kubeadmConfigPatches:
//! - |
//!   apiVersion: kubeadm.k8s.io/v1beta3
//!   kind: InitConfiguration
//!   nodeRegistration:
//!     kubeletExtraArgs: {node-labels: "ingress-ready=true"}
//! - |
//!   apiVersion: kubeadm.k8s.io/v1beta4
//!   kind: InitConfiguration
//!   nodeRegistration:
//!     kubeletExtraArgs: [{name: node-labels, value: "ingress-ready=true"}]
//! ```
//!
//! ```yaml good
//! --- kubeadm.yaml
//! apiVersion: kubeadm.k8s.io/v1beta4
//! kind: InitConfiguration
//! nodeRegistration:
//!   kubeletExtraArgs:
//!     - name: node-labels
//!       value: pool=gpu
//! ```
//!
//! ## References
//!
//! - kubernetes/kubernetes@v1.31.0:cmd/kubeadm/app/apis/kubeadm/v1beta3/types.go, v1beta4/types.go
//!   (`NodeRegistrationOptions`); kubernetes/kubeadm#3067
//! - kubernetes-sigs/cluster-api@v1.11.0:api/bootstrap/kubeadm/v1beta2/kubeadm_types.go

use crate::embedded::{WrapperFaultKind, faults};
use crate::kinds;
use crate::kubelet;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "kubeadm-args-malformed",
    summary: "Flags for the kubelet in a form that kubeadm does not decode",
    fix: Some(Applicability::Safe),
    run: Run::File(&[&kinds::WRAPPER, &kubelet::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    if !std::ptr::eq(cx.root, cx.file.body()) {
        return;
    }
    for fault in faults(cx.file.path, cx.doc()) {
        match fault.what {
            WrapperFaultKind::ArgsForm { version, is_list } => report_form(cx, fault.span, version, is_list),
            WrapperFaultKind::KindArgsForm { is_list } => report_of_kind(cx, fault.span, is_list),
            WrapperFaultKind::ArgsValue { name, type_name } => report_value(cx, fault.span, name, type_name),
            _ => {}
        }
    }
}

/// kind's own documents are of v1beta4 from Kubernetes 1.36 on, and of v1beta3 and v1beta2 before.
/// Source: kubernetes-sigs/kind@fed2688:pkg/cluster/internal/kubeadm/config.go (`Config`).
const HAS_V1BETA4_IN_KIND: Releases = Releases::kubernetes("1.36..");
const HAS_V1BETA3_IN_KIND: Releases = Releases::kubernetes("..1.35");

fn report_of_kind(cx: &mut FileCx, span: Span, is_list: bool) {
    let (form, version, releases) = match is_list {
        true => ("a list", "v1beta3, which has a table", HAS_V1BETA3_IN_KIND),
        false => ("a table", "v1beta4, which has a list of `name` and `value`", HAS_V1BETA4_IN_KIND),
    };
    let finding = cx.report(span, format!("`kubeletExtraArgs` is {form}, and the document of kind is of {version}"));
    finding
        .refused(releases)
        .key("kubeletExtraArgs")
        .why(
            "kubeadm exits: `cannot unmarshal ... into Go struct field \
             NodeRegistrationOptions.nodeRegistration.kubeletExtraArgs`.",
        )
        .help(
            "Write two patches, each with its `apiVersion`: kind applies the one of the API version that the \
             Kubernetes release has.",
        );
    // Before 0.32 kind has documents of v1beta3 for every release.
    if !is_list {
        finding.as_warning();
    }
}

fn report_form(cx: &mut FileCx, span: Span, version: &str, is_list: bool) {
    let (has, got, ty) = match is_list {
        true => ("a list of `name` and `value`", "object", "[]v1beta4.Arg"),
        false => ("a table of names and values", "array", "map[string]string"),
    };
    cx.report(span, format!("`kubeletExtraArgs` of {version} is {has}"))
        .refused(Releases::ANY)
        .key("kubeletExtraArgs")
        .why(format!(
            "kubeadm exits: `cannot unmarshal {got} into Go struct field \
             NodeRegistrationOptions.nodeRegistration.kubeletExtraArgs of type {ty}`."
        ))
        .help(format!("Write {has}."));
}

fn report_value(cx: &mut FileCx, span: Span, name: &str, type_name: &str) {
    let text = span.of(cx.doc().text);
    let is_scalar = !text.contains(['{', '[', '\n']);
    let fix = Fix::safe("Put the value in quotes", span, edit::string(text));
    cx.report(span, format!("the value of `{name}` must be a string, not {type_name}"))
        .refused(Releases::ANY)
        .key(format!("kubeletExtraArgs.{name}"))
        .why(
            "kubeadm exits: `cannot unmarshal ... into Go struct field \
             NodeRegistrationOptions.nodeRegistration.kubeletExtraArgs of type string`.",
        )
        .help("Write a string: each value is the text behind `--name=`.")
        .maybe_fix(is_scalar.then_some(fix));
}

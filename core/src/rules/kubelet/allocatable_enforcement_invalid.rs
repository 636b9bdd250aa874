//! # `allocatable-enforcement-invalid`
//!
//! `enforceNodeAllocatable` lists something that the kubelet does not enforce, or needs a cgroup that is not named.
//!
//! ## Why
//!
//! The kubelet does not start: `option "all" specified for enforceNodeAllocatable`, `systemReservedCgroup ... must be
//! specified when "system-reserved" ... included`, `cgroupsPerQOS (--cgroups-per-qos) must be set to true when "pods" contained
//! in enforceNodeAllocatable`. The default of the list is `pods`.
//!
//! ## What to do
//!
//! Keep `pods` alone, unless you have cgroups for the system or for Kubernetes: then name them in `systemReservedCgroup` and
//! `kubeReservedCgroup`. To turn off the kubelet's cgroups altogether, set `enforceNodeAllocatable: [none]`, too.
//!
//! ## Examples
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! enforceNodeAllocatable: [pods, system-reserved]
//!                                ^^^^^^^^^^^^^^^
//! ```
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! enforceNodeAllocatable: [all]
//!                          ^^^
//! ```
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! cgroupsPerQOS: false
//!                ^^^^^
//! ```
//!
//! ```yaml good
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! enforceNodeAllocatable: [pods, system-reserved]
//! systemReservedCgroup: /system.slice
//! ```
//!
//! ## References
//!
//! - kubernetes/kubernetes#67873, kubernetes/kubernetes#83228, kubernetes/kops#3223
//! - kubernetes/kubernetes@v1.36.0:pkg/kubelet/apis/config/validation/validation.go; measured with the validators of 1.24.16,
//!   1.31.13 and 1.36.3

use crate::keys::nearest;
use crate::kubelet;
use crate::kubelet::settings::settles;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "allocatable-enforcement-invalid",
    summary: "Enforcement of reserved resources that the kubelet refuses",
    run: Run::File(&[&kubelet::KIND], check),
    ..Rule::DEFAULTS
};

const LIST: &str = "enforceNodeAllocatable";
const QOS: &str = "cgroupsPerQOS";
const ALL: Releases = Releases::ANY;
/// They know the compressible forms.
const COMPRESSIBLE: Releases = Releases::kubernetes("1.32..");
const NOT_COMPRESSIBLE: Releases = Releases::kubernetes("..1.31");
/// They miss the cgroup's name at once; older ones when they enforce.
const NAMED: Releases = Releases::kubernetes("1.15..");
const ONCE: Releases = Releases::kubernetes("1.31..");
/// They refuse even `none` with `cgroupsPerQOS: false`.
const STRICT: Releases = Releases::kubernetes("..1.30");

/// What may be enforced, with the field that names its cgroup.
const KNOWN: [(&str, &str); 6] = [
    ("pods", ""),
    ("none", ""),
    ("system-reserved", "systemReservedCgroup"),
    ("kube-reserved", "kubeReservedCgroup"),
    ("system-reserved-compressible", "systemReservedCgroup"),
    ("kube-reserved-compressible", "kubeReservedCgroup"),
];

fn check(cx: &mut FileCx) {
    let items = cx.root.get(LIST).map(Node::items).unwrap_or_default();
    let mut before: Vec<(&str, Span)> = vec![];
    for item in items {
        let Some(text) = item.as_str() else { continue };
        check_item(cx, text, item.span, &before, items.len());
        before.push((text, item.span));
    }
    check_qos(cx, &before);
}

fn check_item(cx: &mut FileCx, text: &str, span: Span, before: &[(&str, Span)], count: usize) {
    let Some((_, cgroup)) = KNOWN.into_iter().find(|(known, _)| *known == text) else {
        let close = nearest(text, KNOWN.into_iter().map(|(known, _)| known));
        let help = close.map_or(String::new(), |close| format!("Did you mean `{close}`? "));
        let help = format!(
            "{help}The list takes pods, none, system-reserved and kube-reserved, and since 1.32 the latter two with `-compressible`."
        );
        report(cx, span, format!("`{text}` is nothing to enforce"), ALL, &option(text), help);
        return;
    };
    let plain = text.strip_suffix("-compressible");
    let pair = before.iter().find(|(b, _)| Some(*b) == plain || b.strip_suffix("-compressible") == Some(text));
    if let Some((_, first)) = before.iter().find(|(b, _)| *b == text) {
        let words = format!("duplicated enforcements \"{text}\" in {LIST}");
        report(cx, span, format!("`{text}` is there twice"), ONCE, &words, "Write it once.".into())
            .label(*first, "the first time");
    } else if text == "none" && count > 1 {
        let words = format!(
            "{LIST} (--enforce-node-allocatable) may not contain additional enforcements when \"none\" is specified"
        );
        report(cx, span, "`none` stands beside others".into(), ALL, &words, "Remove `none`, or the others.".into());
    } else if let Some((other, first)) = pair {
        let words = format!("both \"{other}\" and \"{text}\" cannot be specified together in {LIST}");
        report(cx, span, format!("`{text}` excludes `{other}`"), COMPRESSIBLE, &words, "Keep one of the two.".into())
            .label(*first, "the other");
    } else if !cgroup.is_empty() {
        let named = cx.root.get(cgroup).and_then(Node::as_str).is_some_and(|name| !name.is_empty());
        if !named && settles(cx, &[cgroup]) {
            let words = format!("{cgroup} ... must be specified when \"{text}\" included in {LIST}");
            let releases = if plain.is_some() { COMPRESSIBLE } else { NAMED };
            let message = format!("`{text}` is enforced, and `{cgroup}` names no cgroup");
            let finding = report(
                cx,
                span,
                message,
                releases,
                &words,
                format!("Set `{cgroup}` to a cgroup that exists, such as /system.slice; or enforce `pods` alone."),
            );
            if plain.is_some() {
                finding.refused(NOT_COMPRESSIBLE);
            }
        } else if plain.is_some() {
            let help = "Use the form without `-compressible` on older nodes.".into();
            report(cx, span, format!("older kubelets know no `{text}`"), NOT_COMPRESSIBLE, &option(text), help);
        }
    }
}

fn option(text: &str) -> String {
    format!("option \"{text}\" specified for {LIST} (--enforce-node-allocatable). Valid options are")
}

fn check_qos(cx: &mut FileCx, items: &[(&str, Span)]) {
    let Some(off) = cx.root.get(QOS).filter(|node| node.as_bool() == Some(false)) else { return };
    let list = cx.root.get(LIST).filter(|node| !node.is_null());
    if list.is_none() && !settles(cx, &[LIST]) {
        return;
    }
    let known = |item: &&str| KNOWN.iter().any(|(known, _)| known == item);
    let enforced = match list {
        None => Some("pods"),
        Some(_) => items.iter().map(|(item, _)| *item).find(|item| *item != "none" && known(item)),
    };
    let by_default = if list.is_none() { ", which is the default" } else { "" };
    let help = format!("Set `{LIST}: [none]` (before 1.31: `{LIST}: []`), or leave the cgroups on.");
    match enforced {
        Some(what) => {
            let message = format!("`{QOS}` is off, and `{LIST}` holds `{what}`{by_default}");
            let words = format!("{QOS} (--cgroups-per-qos) must be set to true when \"{what}\" contained in {LIST}");
            report(cx, off.span, message, ALL, &words, help);
        }
        None if !items.is_empty() => {
            let message = format!("`{QOS}` is off, and `{LIST}` is not empty");
            let words = format!("{LIST} is not supported unless {QOS} is set to true");
            report(cx, off.span, message, STRICT, &words, format!("Set `{LIST}: []` on nodes before 1.31."));
        }
        None => {}
    }
}

fn report<'o>(
    cx: &'o mut FileCx,
    span: Span,
    message: String,
    releases: Releases,
    words: &str,
    help: String,
) -> &'o mut crate::finding::Finding {
    cx.report(span, message)
        .refused(releases)
        .key(LIST)
        .why(format!("The kubelet does not start: `{words}`."))
        .help(help)
}

//! # `drop-in-field-ignored`
//!
//! A field of a drop-in that some kubelets do not take over.
//!
//! ## Why
//!
//! Kubernetes 1.29 to 1.31 merge drop-ins over the main file by the names of Go's fields. `resolvConf` has another name
//! there, so a drop-in cannot set it, and `null` removes nothing that the main file sets. Since 1.32 both work.
//!
//! ## What to do
//!
//! Set the field in the file of `--config`, or write the value that is meant instead of `null`.
//!
//! ## Examples
//!
//! ```yaml bad kubernetes=1.30
//! --- /etc/kubernetes/kubelet.conf.d/10-dns.conf
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! resolvConf: /run/systemd/resolve/resolv.conf
//! ^^^^^^^^^^
//! ```
//!
//! ```yaml good
//! --- /etc/kubernetes/kubelet.conf.d/10-dns.conf
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! clusterDNS: [10.96.0.10]
//! ```
//!
//! ## References
//!
//! - kubernetes/kubernetes@v1.29.0, v1.31.0, v1.32.0:cmd/kubelet/app/server.go (`mergeKubeletConfigurations`); run with
//!   the loaders of 1.30.14, 1.31.13 and 1.36.3

use crate::keys::Binding;
use crate::kubelet;
use crate::kubelet::eras::MERGES_BY_GO_NAMES;
use crate::kubelet::kind::ConfigRole;
use crate::kubelet::node::{self, role};
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "drop-in-field-ignored",
    summary: "Field of a drop-in that some kubelets ignore",
    category: Category::Migration,
    reads_text: true,
    run: Run::File(&[&kubelet::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    if role(cx) != ConfigRole::DropIn {
        return;
    }
    let node = node::of(cx);
    let body = |file: &usize| cx.node.file(*file).map(|file| file.body());
    let earlier: Vec<&Node> =
        node.drop_ins.iter().take_while(|file| **file != cx.file.index).filter_map(body).collect();
    let mains: Vec<&Node> = node.mains.iter().filter_map(body).collect();
    // Whether only the file of `--config` sets a field: null takes back what an earlier drop-in set.
    let is_set_by_main = |parts: &[&str]| {
        let is_set = |body: &&Node| body.at(parts).is_some_and(|value| !value.is_null());
        !earlier.iter().any(is_set) && mains.iter().any(is_set)
    };
    for bound in cx.bound {
        let entry = bound.entry;
        if bound.binding == Binding::Unknown {
            continue;
        }
        let parts = cx.parts_of(entry).unwrap_or_default();
        if parts == ["resolvConf"] && !entry.value.is_null() {
            report(cx, entry, "`resolvConf` in a drop-in has no effect".to_owned());
        } else if entry.value.is_null() && is_set_by_main(&parts) {
            report(cx, entry, format!("null in a drop-in does not remove `{}`", entry.key));
        }
    }
}

fn report(cx: &mut FileCx, entry: &Entry, message: String) {
    let path = cx.path_of(entry);
    cx.report(entry.key_span, message)
        .ignored(MERGES_BY_GO_NAMES)
        .key(path)
        .why("Kubernetes 1.29 to 1.31 merge drop-ins by the names of Go's fields, and set no defaults afterwards.")
        .help("Set the value in the file of `--config` on these nodes.");
}

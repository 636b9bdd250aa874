//! # `flag-deprecated`
//!
//! Kubelet flags that belong in the configuration file.
//!
//! ## Why
//!
//! The flags work and override the file, which then shows the wrong value. The kubelet logs `Flag --cgroup-driver has
//! been deprecated, This parameter should be set via the config file`, and a later release may remove the flags.
//!
//! ## What to do
//!
//! Set the fields, then remove the flags.
//!
//! ## Examples
//!
//! ```sh bad
//! KUBELET_EXTRA_ARGS="--cgroup-driver=systemd --max-pods=60"
//!                     ^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```sh good
//! KUBELET_EXTRA_ARGS="--node-ip=10.0.0.10"
//! ```
//!
//! ## References
//!
//! - kubernetes/kubeadm#949, kubernetes/kubernetes#61674; the flag's row in `core/data/kubelet-flags.toml`

use crate::kubelet::command_line::known_flags;
use crate::kubelet::settings::kubernetes;
use crate::rules::prelude::*;
use crate::systemd::flags::{self, Flag};

pub(crate) const RULE: Rule = Rule {
    id: "flag-deprecated",
    summary: "Kubelet flags that belong in the configuration file",
    category: Category::Deprecation,
    run: Run::File(&[&flags::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    let target = cx.releases().get(Product::Kubernetes);
    let mut found: Vec<(Flag, &str)> = vec![];
    let mut releases = ReleaseSet::NONE;
    for (flag, row) in known_flags(cx.file).filter(|(flag, _)| !is_of_kubeadm(cx.file.name(), flag.name)) {
        let deprecated = row.deprecated().and(target);
        // Another rule reports a flag that some release of the target does not have.
        if let Some(key) = row.key().filter(|_| !deprecated.is_empty() && row.releases().covers(target)) {
            releases = releases.or(deprecated);
            found.push((flag, key));
        }
    }
    if !found.is_empty() {
        report(cx, &found, releases);
    }
}

/// Whether kubeadm writes the flag into its own file, which users do not edit.
fn is_of_kubeadm(file: &str, flag: &str) -> bool {
    file == "kubeadm-flags.env" && matches!(flag, "container-runtime-endpoint" | "register-with-taints")
}

fn report(cx: &mut FileCx, found: &[(Flag, &str)], releases: ReleaseSet) {
    let Some(((first, _), others)) = found.split_first() else { return };
    let pairs: Vec<String> = found.iter().map(|(flag, key)| format!("`--{}` is `{key}`", flag.name)).collect();
    let message = match others.len() {
        0 => format!("`--{}` belongs in the kubelet's configuration file", first.name),
        more => format!("`--{}` and {more} more belong in the kubelet's configuration file", first.name),
    };
    let finding = cx.report(first.span, message);
    finding
        .advice(kubernetes(releases))
        .why(
            "These flags override the file, so that the file does not show what the kubelet does. It logs `has been \
             deprecated, This parameter should be set via the config file`.",
        )
        .help(format!("Set the fields and remove the flags: {}.", pairs.join(", ")));
    for (flag, key) in found {
        finding.key(format!("--{}", flag.name));
        if flag.span != first.span {
            finding.label(flag.span, format!("set `{key}` instead"));
        }
    }
}

//! # `flag-deprecated`
//!
//! Kubelet flags whose place is in the configuration file.
//!
//! ## Why
//!
//! They work, and win over the file: whoever looks for the setting in the file finds the wrong value. The kubelet logs
//! `Flag --cgroup-driver has been deprecated, This parameter should be set via the config file`, and one day they go.
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

use crate::keys::flags as table;
use crate::rules::prelude::*;
use crate::systemd::flags;
use crate::systemd::flags::Program;

pub(crate) const RULE: Rule = Rule {
    id: "flag-deprecated",
    summary: "Kubelet flags that belong into the configuration file",
    category: Category::Deprecation,
    run: Run::File(&[&flags::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    let target = cx.releases().get(Product::Kubernetes);
    let mut found = vec![];
    let mut releases = ReleaseSet::NONE;
    for flag in flags::flags(cx.file).into_iter().filter(|f| f.program == Program::Kubelet) {
        let Some(known) = table::kubelet(flag.name) else { continue };
        if is_kubeadms(cx.file.name(), flag.name) {
            continue;
        }
        let deprecated = known.deprecated().and(target);
        // A flag that is gone somewhere in the target is told by another rule.
        if let Some(key) = known.key().filter(|_| !deprecated.is_empty() && known.releases().covers(target)) {
            releases = releases.or(deprecated);
            found.push((flag, key));
        }
    }
    let Some(((first, _), others)) = found.split_first() else { return };
    let pairs: Vec<String> = found.iter().map(|(flag, key)| format!("`--{}` is `{key}`", flag.name)).collect();
    let message = if others.is_empty() {
        format!("`--{}` belongs into the kubelet's configuration file", first.name)
    } else {
        format!("`--{}` and {} more belong into the kubelet's configuration file", first.name, others.len())
    };
    let finding = cx.report(first.span, message);
    finding
        .advice(Releases::ANY.with(Product::Kubernetes, releases))
        .why("These flags win over the file, so that the file does not say what the kubelet does. It logs `has been deprecated, This parameter should be set via the config file`.")
        .help(format!("Set the fields and remove the flags: {}.", pairs.join(", ")));
    for (flag, key) in &found {
        finding.key(format!("--{}", flag.name));
        if flag.span != first.span {
            finding.label(flag.span, format!("set `{key}` instead"));
        }
    }
}

/// Whether kubeadm writes the flag into its own file, which nobody edits.
fn is_kubeadms(file: &str, flag: &str) -> bool {
    file == "kubeadm-flags.env" && matches!(flag, "container-runtime-endpoint" | "register-with-taints")
}

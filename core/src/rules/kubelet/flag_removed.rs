//! # `flag-removed`
//!
//! A kubelet flag that some target releases no longer have, or do not have yet.
//!
//! ## Why
//!
//! The kubelet does not start: `failed to parse kubelet flag: unknown flag: --network-plugin`. 1.24 dropped everything of
//! dockershim, 1.27 `--container-runtime`, 1.35 `--pod-infra-container-image`, which kubeadm itself used to write into
//! `kubeadm-flags.env`.
//!
//! ## What to do
//!
//! Remove the flag before the upgrade, and do by other means what it did.
//!
//! ## Examples
//!
//! ```sh bad
//! KUBELET_KUBEADM_ARGS="--network-plugin=cni --v=2"
//!                       ^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```sh fixed
//! KUBELET_KUBEADM_ARGS="--v=2"
//! ```
//!
//! ```sh bad
//! KUBELET_KUBEADM_ARGS="--pod-infra-container-image=registry.k8s.io/pause:3.10"
//!                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```ini bad
//! [Service]
//! ExecStart=
//! ExecStart=/usr/bin/kubelet --config=/var/lib/kubelet/config.yaml --cni-bin-dir /opt/k8s/cni
//!                                                                  ^^^^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```ini bad
//! [Service]
//! ExecStart=/usr/bin/kubelet \
//!   --config=/var/lib/kubelet/config.yaml \
//!   --container-runtime=remote
//!   ^^^^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```ini fixed
//! [Service]
//! ExecStart=/usr/bin/kubelet \
//!   --config=/var/lib/kubelet/config.yaml
//! ```
//!
//! ```sh good kubernetes=1.23
//! KUBELET_KUBEADM_ARGS="--network-plugin=cni"
//! ```
//!
//! ## References
//!
//! - kubernetes/website#34755, kubernetes/minikube#13945, kubernetes-sigs/kubespray#8924
//! - the flag's row in `core/data/kubelet-flags.toml` names its source

use std::ops::Range;

use crate::keys::flags as table;
use crate::keys::lifetime::{first, gone_in, is_to_come, wait_for};
use crate::rules::prelude::*;
use crate::systemd::flags;
use crate::systemd::flags::{Flag, Program};

pub(crate) const RULE: Rule = Rule {
    id: "flag-removed",
    summary: "A kubelet flag that some releases do not have",
    category: Category::Migration,
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&flags::KIND], check),
    ..Rule::DEFAULTS
};

const PRODUCT: Product = Product::Kubernetes;

fn check(cx: &mut FileCx) {
    for flag in flags::flags(cx.file) {
        if flag.program != Program::Kubelet {
            continue;
        }
        let name = flag.name.replace('_', "-");
        let Some(known) = table::kubelet(&name) else { continue };
        let missing = cx.releases().get(PRODUCT).without(known.releases());
        if !missing.is_empty() {
            report(cx, &flag, known, missing);
        }
    }
}

fn report(cx: &mut FileCx, flag: &Flag, known: &table::Flag, missing: ReleaseSet) {
    let name = known.name();
    let has = known.releases();
    let later = is_to_come(missing, has);
    let (message, help) = if later {
        (format!("the kubelet has `--{name}` from Kubernetes {} on", first(has)), wait_for(has))
    } else {
        (format!("Kubernetes {} removed the kubelet's `--{name}`", gone_in(has)), instead(known))
    };
    let fix = (!later)
        .then(|| Fix::one(Applicability::Unsafe, format!("Remove `--{name}`"), removal(cx.doc().text, flag.span)));
    cx.report(flag.span, message)
        .refused(Releases::ANY.with(PRODUCT, missing))
        .key(format!("--{name}"))
        .why(format!("The kubelet does not start: `failed to parse kubelet flag: unknown flag: --{name}`."))
        .help(help)
        .maybe_fix(fix);
}

/// What does the flag's work now.
fn instead(known: &table::Flag) -> String {
    match known.name() {
        "cni-bin-dir" => return "Remove it. containerd looks for the plugins itself: set `bin_dir` in the `cni` table of its CRI plugin, if yours are not in /opt/cni/bin.".to_owned(),
        "cni-conf-dir" => return "Remove it. containerd looks for networks itself: set `conf_dir` in the `cni` table of its CRI plugin, if yours are not in /etc/cni/net.d.".to_owned(),
        "cni-cache-dir" | "network-plugin" | "network-plugin-mtu" => return "Remove it: the container runtime sets up networks, the MTU is in the CNI configuration.".to_owned(),
        "container-runtime" => return "Remove it: the kubelet knows only CRI runtimes, and `--container-runtime-endpoint` or `containerRuntimeEndpoint` names the socket.".to_owned(),
        "pod-infra-container-image" => return "Remove it: containerd's `sandbox_image` (config version 3: `pinned_images.sandbox`) decides which pause image pods get.".to_owned(),
        name if name.starts_with("docker") || name == "image-pull-progress-deadline" => return "Remove it: it was for dockershim, which is gone.".to_owned(),
        _ => {}
    }
    match (known.key(), known.deprecation()) {
        (Some(key), _) => format!("Set `{key}` in the kubelet's configuration file instead."),
        (None, Some(klog)) if klog.starts_with("klog flags") => "Remove it: the kubelet logs to standard error alone, and the journal or the service manager takes it from there.".to_owned(),
        _ => "Remove it.".to_owned(),
    }
}

/// The flag with what joins it to its neighbours: its whole line where it stands alone on one, else the blanks on one side.
fn removal(text: &str, flag: Span) -> Edit {
    let Range { start, end } = flag.range();
    let head = text.get(..start).unwrap_or_default();
    let tail = text.get(end..).unwrap_or_default();
    let line = head.rfind('\n').map_or(0, |i| i + 1);
    let rest = tail.find('\n').unwrap_or(tail.len());
    let before = head.get(line..).unwrap_or_default();
    let behind = tail.get(..rest).unwrap_or_default();
    let above = head.get(..line).unwrap_or_default().trim_end();
    let span = match (before.trim(), behind.trim(), above.strip_suffix('\\')) {
        ("", "\\", _) => Span::new(line, (end + rest + 1).min(text.len())),
        // The last line of a command: the one above must no longer be continued.
        ("", "", Some(above)) => Span::new(above.trim_end().len(), end),
        (_, behind, _) if behind.is_empty() || behind.starts_with(['"', '\'']) => Span::new(head.trim_end().len(), end),
        _ => Span::new(start, end + behind.len() - behind.trim_start().len()),
    };
    Edit::removal(span)
}

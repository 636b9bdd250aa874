//! # `talos-setting-refused`
//!
//! A field, flag or file in a Talos machine configuration that Talos keeps to itself.
//!
//! ## Why
//!
//! Talos sets these fields and flags of the kubelet itself, and does not start the kubelet with a configuration that
//! overrides them. It creates files below `/var` alone, and takes a part of containerd's configuration from
//! `/etc/cri/conf.d/20-customization.part` only; the node does not boot with any other file to create.
//!
//! ## What to do
//!
//! Remove the field or flag. Write what is for containerd into `/etc/cri/conf.d/20-customization.part`.
//!
//! ## Examples
//!
//! ```yaml bad
//! --- worker.yaml
//! version: v1alpha1
//! machine:
//!   kubelet:
//!     extraConfig:
//!       staticPodPath: /etc/kubernetes/manifests
//!       ^^^^^^^^^^^^^
//! ```
//!
//! ```yaml bad
//! --- worker.yaml
//! version: v1alpha1
//! machine:
//!   kubelet:
//!     extraArgs:
//!       cert-dir: /var/lib/kubelet/pki
//!       ^^^^^^^^
//! ```
//!
//! ```yaml bad
//! --- worker.yaml
//! version: v1alpha1
//! machine:
//!   files:
//!     - op: create
//!       path: /etc/cri/conf.d/metrics.part
//!             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
//!       content: |
//!         [metrics]
//!           address = "127.0.0.1:11234"
//! ```
//!
//! ```yaml good
//! --- worker.yaml
//! version: v1alpha1
//! machine:
//!   kubelet:
//!     extraConfig:
//!       maxPods: 50
//!   files:
//!     - op: create
//!       path: /etc/cri/conf.d/20-customization.part
//!       content: |
//!         [metrics]
//!           address = "127.0.0.1:11234"
//! ```
//!
//! ## References
//!
//! - siderolabs/talos@v1.13.9:pkg/machinery/kubelet/kubelet.go (`ProtectedConfigurationFields`),
//!   internal/app/machined/pkg/controllers/k8s/kubelet_spec.go, pkg/argsbuilder/argsbuilder_args.go,
//!   internal/app/machined/pkg/runtime/v1alpha1/v1alpha1_sequencer_tasks.go (`WriteUserFiles`)
//! - siderolabs/talos#1805, siderolabs/talos#10601, siderolabs/talos#12442

use crate::embedded::{WrapperFaultKind, faults};
use crate::kinds;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "talos-setting-refused",
    summary: "Setting in a machine configuration that Talos keeps to itself",
    run: Run::File(&[&kinds::WRAPPER], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    for fault in faults(cx.file.path, cx.doc()) {
        match fault.what {
            WrapperFaultKind::TalosField(name) => {
                let why = format!("Talos does not start the kubelet: `field \"{name}\" can't be overridden`.");
                report(cx, fault.span, format!("Talos sets `{name}` of the kubelet itself"), why, "Remove the field.");
            }
            WrapperFaultKind::TalosFlag(name) => {
                let why = format!("Talos does not start the kubelet: `extra arg \"{name}\" is not allowed`.");
                report(cx, fault.span, format!("Talos sets `--{name}` of the kubelet itself"), why, "Remove the flag.");
            }
            WrapperFaultKind::TalosFile { path, is_in_var: false } => {
                let why =
                    format!("The node does not boot: `create operation not allowed outside of /var: \"{path}\"`.");
                report(cx, fault.span, format!("Talos does not create `{path}`"), why, PART);
            }
            WrapperFaultKind::TalosFile { path, is_in_var: true } => {
                cx.report(fault.span, format!("containerd does not read `{path}`"))
                    .ignored(Releases::ANY)
                    .why("Talos gives containerd its own files and 20-customization.part, from no other folder.")
                    .help(PART);
            }
            _ => {}
        }
    }
}

const PART: &str = "Write it into `/etc/cri/conf.d/20-customization.part`.";

fn report(cx: &mut FileCx, span: Span, message: String, why: String, help: &str) {
    cx.report(span, message).refused(Releases::ANY).why(why).help(help);
}

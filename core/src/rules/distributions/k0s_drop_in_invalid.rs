//! # `k0s-drop-in-invalid`
//!
//! A file in `/etc/k0s/containerd.d` with which k0s or its containerd does not work.
//!
//! ## Why
//!
//! Up to 1.35 k0s merges the CRI tables of these files into one file of its own. An `imports` line in such a file makes
//! containerd 1.x replace the CRI table as a whole: runc is lost, and no pod starts. From 1.36 on k0s checks the files
//! and exits at one that is not of config version 3, or that has the CRI table of version 2.
//!
//! ## What to do
//!
//! Remove `imports`: every file of the folder is read. For 1.36 write version 3 with its tables.
//!
//! ## Examples
//!
//! ```toml bad kubernetes=v1.33.5+k0s.0
//! --- /etc/k0s/containerd.d/nvidia.toml
//! version = 2
//! imports = ["/etc/k0s/extra/*.toml"]
//! ^^^^^^^
//! [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.nvidia]
//!   runtime_type = "io.containerd.runc.v2"
//! ```
//!
//! ```toml bad kubernetes=v1.36.2+k0s.0
//! --- /etc/k0s/containerd.d/gvisor.toml
//! version = 2
//!           ^
//! [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runsc]
//!   runtime_type = "io.containerd.runsc.v1"
//! ```
//!
//! ```toml bad kubernetes=v1.36.2+k0s.0
//! --- /etc/k0s/containerd.d/gvisor.toml
//! version = 3
//! [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runsc]
//!          ^^^^^^^^^^^^^^^^^^^^^^^^^^^
//!   runtime_type = "io.containerd.runsc.v1"
//! ```
//!
//! ```toml good kubernetes=v1.33.5+k0s.0
//! --- /etc/k0s/containerd.d/gvisor.toml
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runsc]
//!   runtime_type = "io.containerd.runsc.v1"
//! ```
//!
//! ## References
//!
//! - k0sproject/k0s#6547
//! - k0sproject/k0s@v1.34.10+k0s.0, @main:pkg/component/worker/containerd

use crate::containerd;
use crate::distributions::eras::K0S_CHECKS_DROP_INS;
use crate::rules::Reach;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "k0s-drop-in-invalid",
    summary: "Drop-in with which k0s does not start or loses the CRI table",
    reads_text: true,
    reach: Reach::AllIfUnread,
    run: Run::File(&[&containerd::KIND], check),
    ..Rule::DEFAULTS
};

/// Releases of k0s that merge the files themselves, for containerd 1.x.
const MERGES_DROP_INS: Releases = Releases::kubernetes("..1.35");
const CRI: &str = "io.containerd.grpc.v1.cri";

fn check(cx: &mut FileCx) {
    let mut folders = cx.file.path.rsplit('/').skip(1);
    if folders.next() != Some("containerd.d") || folders.next() != Some("k0s") {
        return;
    }
    let table = cx.root.get("plugins").and_then(|plugins| plugins.entry(CRI));
    if let Some(imports) = cx.root.entry("imports").filter(|_| table.is_some()) {
        cx.report_key(imports, "`imports` here makes containerd replace the whole CRI table")
            .harmful(MERGES_DROP_INS)
            .breaks(BreakScope::RuntimeHandler, "runc")
            .why("k0s merges this file into the one with runc and the pause image, and containerd 1.x loses both.")
            .help("Remove the line: k0s reads each file of containerd.d.");
    }
    let version = cx.root.entry("version");
    let Some((span, key)) = version
        .filter(|version| version.value.as_int() != Some(3))
        .map_or_else(|| table.map(|table| (table.key_span, CRI)), |version| Some((version.value.span, "version")))
    else {
        return;
    };
    cx.report(span, "k0s takes files of config version 3 alone")
        .refused(K0S_CHECKS_DROP_INS)
        .key(key)
        .why("k0s 1.36 and later checks the files of containerd.d and does not start its worker.")
        .help("Write `version = 3`, and the tables io.containerd.cri.v1.runtime and io.containerd.cri.v1.images.");
}

//! # `cni-bin-dir-conflict`
//!
//! `cni.bin_dir` and `cni.bin_dirs` are both set.
//!
//! ## Why
//!
//! In a file of config version 3 or 4 the CRI plugin of containerd 2.1 and later does not load: `cni.bin_dir and
//! cni.bin_dirs cannot be set at the same time`. The default, `bin_dirs = ["/opt/cni/bin"]`, and an empty list do not count.
//! In a file of version 1 or 2 the migration writes `bin_dir` over `bin_dirs`, without a word.
//!
//! ## What to do
//!
//! Put all folders into `bin_dirs` and remove `bin_dir`.
//!
//! ## Examples
//!
//! ```toml bad containerd=2.1..2.3
//! version = 3
//! [plugins."io.containerd.cri.v1.runtime".cni]
//!   bin_dir = "/usr/lib/cni"
//!   ^^^^^^^
//!   bin_dirs = ["/opt/cni/bin", "/usr/libexec/cni"]
//! ```
//!
//! ```toml fixed containerd=2.1..2.3
//! version = 3
//! [plugins."io.containerd.cri.v1.runtime".cni]
//!   bin_dirs = ["/opt/cni/bin", "/usr/libexec/cni"]
//! ```
//!
//! ```toml bad containerd=2.1..2.3
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri".cni]
//!   bin_dir = "/usr/lib/cni"
//!   bin_dirs = ["/usr/libexec/cni"]
//!   ^^^^^^^^
//! ```
//!
//! ```toml good containerd=2.1..2.3
//! version = 3
//! [plugins."io.containerd.cri.v1.runtime".cni]
//!   bin_dir = ""
//!   bin_dirs = ["/opt/cni/bin", "/usr/lib/cni"]
//! ```
//!
//! ## References
//!
//! - containerd/containerd@v2.3.4:internal/cri/config/config.go, plugins/cri/runtime/plugin.go
//! - measured with 2.1.9 to 2.4.0-beta.0

use crate::fix::{Applicability, Fix, edit};
use crate::kind::containerd::{self, Cri};
use crate::releases::Releases;
use crate::rules::containerd_values::{reads, text};
use crate::rules::{Category, FileCx, Rule, Run};
use crate::syntax::{Entry, Node};

pub(in crate::rules) const RULE: Rule = Rule {
    id: "cni-bin-dir-conflict",
    summary: "`cni.bin_dir` and `cni.bin_dirs` are both set",
    category: Category::Correctness,
    since: "0.1.0",
    fix: Some(Applicability::Unsafe),
    opt_in: false,
    run: Run::File(&[&containerd::KIND], check),
};

const HAS_LIST: Releases = Releases::containerd("2.1..");
/// The default of `bin_dirs` on Linux.
const DEFAULT: &str = "/opt/cni/bin";

fn check(cx: &mut FileCx<'_, '_, '_>) {
    let cri = Cri::of(cx.root);
    let (Some(one), Some(list)) = (cri.runtime(&["cni", "bin_dir"]), cri.runtime(&["cni", "bin_dirs"])) else {
        return;
    };
    let Some(folder) = text(Some(one)) else { return };
    if list.value.items().is_empty() || is_default(&list.value) {
        return;
    }
    if cri.version >= 3 {
        report_refused(cx, one, list);
    } else if !matches!(list.value.items(), [only] if only.as_str() == Some(folder)) {
        report_overridden(cx, one, list, folder);
    }
}

fn is_default(list: &Node<'_>) -> bool {
    matches!(list.items(), [only] if only.as_str() == Some(DEFAULT))
}

fn report_refused(cx: &mut FileCx<'_, '_, '_>, one: &Entry<'_>, list: &Entry<'_>) {
    let fix = remove(cx, one);
    let path = cx.path_of(one);
    let other = cx.path_of(list);
    cx.report(one.key_span, "`bin_dir` and `bin_dirs` together keep the CRI plugin from loading")
        .failed(HAS_LIST)
        .key(path)
        .key(other)
        .label(list.key_span, "the other one")
        .why("containerd logs `cni.bin_dir and cni.bin_dirs cannot be set at the same time`, and the kubelet finds no runtime service; `containerd config dump` does not report it.")
        .help("List all folders in `bin_dirs` and remove `bin_dir`.")
        .maybe_fix(fix);
}

fn report_overridden(cx: &mut FileCx<'_, '_, '_>, one: &Entry<'_>, list: &Entry<'_>, folder: &str) {
    let fix = remove(cx, one);
    let releases = HAS_LIST.and(reads(cx));
    let path = cx.path_of(list);
    let other = cx.path_of(one);
    cx.report(list.key_span, format!("`bin_dirs` has no effect: `bin_dir` makes it [\"{folder}\"]"))
        .ignored(releases)
        .key(path)
        .key(other)
        .label(one.key_span, "replaces the list")
        .why("When containerd 2.1 and later migrate a file of version 1 or 2, `bin_dir` becomes the whole of `bin_dirs`, without a word.")
        .help("Older releases read `bin_dir` only: keep that one, or raise the file to version 3 and list all folders in `bin_dirs`.")
        .maybe_fix(fix);
}

fn remove(cx: &FileCx<'_, '_, '_>, one: &Entry<'_>) -> Option<Fix> {
    let cni = &Cri::of(cx.root).runtime(&["cni"])?.value;
    Some(Fix {
        title: "Remove bin_dir".to_owned(),
        applicability: Applicability::Unsafe,
        edits: vec![edit::remove(cx.doc(), cni, one)?],
    })
}

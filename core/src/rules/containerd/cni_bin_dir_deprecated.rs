//! # `cni-bin-dir-deprecated`
//!
//! `cni.bin_dir`, which containerd 2.1 replaced by the list `bin_dirs`, in a file of config version 3 or 4.
//!
//! ## Why
//!
//! containerd 2.1 and later log `bin_dir is deprecated, please use bin_dirs instead` and announce its removal for
//! 2.4. In files of version 1 and 2 it is the only name there is, and the migration turns it into the list.
//!
//! ## What to do
//!
//! Once no node has containerd 2.0, write `bin_dirs = ["..."]`.
//!
//! ## Examples
//!
//! ```toml bad containerd=2.1..2.3
//! version = 3
//! [plugins."io.containerd.cri.v1.runtime".cni]
//!   bin_dir = "/usr/lib/cni"
//!   ^^^^^^^
//! ```
//!
//! ```toml fixed containerd=2.1..2.3
//! version = 3
//! [plugins."io.containerd.cri.v1.runtime".cni]
//!   bin_dirs = ["/usr/lib/cni"]
//! ```
//!
//! ```toml good containerd=2.0
//! version = 3
//! [plugins."io.containerd.cri.v1.runtime".cni]
//!   bin_dir = "/usr/lib/cni"
//! ```
//!
//! ## References
//!
//! - containerd/containerd#10710; containerd/containerd@v2.3.4:internal/cri/config/config.go,
//!   pkg/deprecation/deprecation.go

use crate::containerd;
use crate::containerd::cri::Cri;
use crate::containerd::values::text;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "cni-bin-dir-deprecated",
    summary: "Deprecated `cni.bin_dir` instead of `cni.bin_dirs`",
    category: Category::Deprecation,
    fix: Some(Applicability::Safe),
    run: Run::File(&[&containerd::KIND], check),
    ..Rule::DEFAULTS
};

const DEPRECATED: Releases = Releases::containerd("2.1..");

fn check(cx: &mut FileCx) {
    let cri = Cri::of(cx.root);
    if cri.version < 3 {
        return;
    }
    let Some(entry) = cri.runtime(&["cni", "bin_dir"]) else { return };
    let list = cri.runtime(&["cni", "bin_dirs"]);
    // Both together are the fault of another rule.
    let Some(folder) = text(Some(entry)).filter(|_| list.is_none()) else { return };
    let new = format!("[{}]", edit::string(folder));
    let target = cx.releases().get(Product::Containerd);
    let all_know = DEPRECATED.get(Product::Containerd).covers(target);
    let fix = all_know.then(|| {
        let edits = vec![edit::rename(cx.doc(), entry, "bin_dirs"), edit::replace(&entry.value, new.clone())];
        Fix::new(Applicability::Safe, format!("Write bin_dirs = {new}"), edits).keeping_meaning()
    });
    cx.report_key(entry, "`bin_dir` is deprecated: the list `bin_dirs` replaces it")
        .advice(DEPRECATED)
        .why("containerd 2.1 and later log it as deprecated and announce its removal for 2.4.")
        .help(format!("Once no node has containerd 2.0, which has no list, write bin_dirs = {new}."))
        .maybe_fix(fix);
}

//! # `k3s-duplicate-key`
//!
//! A key that stands twice in `config.yaml` of k3s or RKE2.
//!
//! ## Why
//!
//! The last one counts and replaces the first, lists too: of two `kubelet-arg` the kubelet gets the flags of the second
//! alone. Only `kubelet-arg+` adds to what stands before it.
//!
//! ## What to do
//!
//! Write one list.
//!
//! ## Examples
//!
//! ```yaml bad
//! --- /etc/rancher/k3s/config.yaml
//! kubelet-arg:
//! ^^^^^^^^^^^
//!   - max-pods=200
//! node-label: [a=b]
//! kubelet-arg:
//!   - image-gc-high-threshold=80
//! ```
//!
//! ```yaml good
//! --- /etc/rancher/k3s/config.yaml
//! kubelet-arg:
//!   - max-pods=200
//! kubelet-arg+:
//!   - image-gc-high-threshold=80
//! ```
//!
//! ## References
//!
//! - k3s-io/k3s@f646604:pkg/configfilearg/parser.go (`readConfigFile`)

use crate::distributions::k3s_config::{self, plain};
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "k3s-duplicate-key",
    summary: "Key that stands twice in `config.yaml` of k3s or RKE2",
    run: Run::File(&[&k3s_config::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    let entries = cx.root.entries();
    for (number, entry) in entries.iter().enumerate() {
        let later = entries.iter().skip(number + 1).find(|other| other.key == plain(&entry.key));
        let Some(later) = later else { continue };
        cx.report_key(entry, format!("`{}` is replaced by the one below", entry.key))
            .ignored(Releases::ANY)
            .label(later.key_span, "this one counts")
            .why("k3s and RKE2 use the last one alone; its list is not added to the first.")
            .help("Write one list, or put `+` behind the key below.");
    }
}

//! # `ignore-malformed`
//!
//! A comment for crilint in a form that crilint does not read, or with a rule or kind that does not exist.
//!
//! ## Why
//!
//! Such a comment silences nothing: a slip in it must not hide what stops a daemon. The forms are `# crilint:
//! ignore[rule-id] reason` on the line of a finding or the line above, `# crilint: ignore-file[rule-id] reason`, and
//! `# crilint: kind=KIND` in a file that shows its kind neither by its path nor by its keys: elsewhere the comment
//! would hide the file from its own rules. Each rule must be named; a category or `all` is not enough. No comment
//! silences this rule.
//!
//! ## What to do
//!
//! Write the comment in one of these forms, or in other words without `crilint:` at its start.
//!
//! ## Examples
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! maxPods: 110 # crilint: ignore field-out-of-range
//!                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```toml bad
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri"]
//!   stream_server_address = "127.0.0.1" # crilint: ignore[stream-server-exposd] behind a firewall
//!                                                         ^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```toml bad
//! # crilint: kind=contianerd
//!                 ^^^^^^^^^^
//! version = 2
//! ```
//!
//! ```toml fixed
//! # crilint: kind=containerd
//! version = 2
//! ```
//!
//! ```toml good
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri"]
//!   stream_server_address = "0.0.0.0" # crilint: ignore[stream-server-exposed] behind a firewall
//! ```

use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "ignore-malformed",
    summary: "Comment for crilint in a form that crilint does not read",
    category: Category::Suspicious,
    fix: Some(Applicability::Display),
    run: Run::Engine,
    ..Rule::DEFAULTS
};

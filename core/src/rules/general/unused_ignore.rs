//! # `unused-ignore`
//!
//! A `# crilint: ignore[...]` comment without a finding.
//!
//! ## Why
//!
//! The finding of the comment is fixed, or never existed. The comment would silently hide the next finding of that
//! rule.
//!
//! ## What to do
//!
//! Remove the rule from the comment.
//!
//! ## Examples
//!
//! ```toml bad
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri"]
//!   stream_server_address = "127.0.0.1" # crilint: ignore[stream-server-exposed] behind a firewall
//!                                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```toml good
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri"]
//!   stream_server_address = "0.0.0.0" # crilint: ignore[stream-server-exposed] behind a firewall
//! ```

use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "unused-ignore",
    summary: "Ignore comment without a finding",
    category: Category::Suspicious,
    run: Run::Engine,
    ..Rule::DEFAULTS
};

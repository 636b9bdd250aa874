//! # `unused-ignore`
//!
//! A `# crilint: ignore[...]` comment that meets no finding.
//!
//! ## Why
//!
//! The comment was right once, or never was. Left in place, it silently hides the next finding of that rule.
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
    summary: "An ignore comment meets no finding",
    category: Category::Suspicious,
    run: Run::Engine,
    ..Rule::DEFAULTS
};

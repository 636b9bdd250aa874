//! crilint's engine: text in, findings out.
//!
//! No IO, no threads, no clock, no environment. Give it sources, get a report:
//!
//! ```
//! use crilint_core::{Options, Source, check};
//!
//! let source = Source {
//!     path: "/etc/containerd/config.toml",
//!     text: "[plugins.cri]\n  stream_server_address = \"0.0.0.0\"\n",
//!     ..Source::default()
//! };
//! let report = check(&[source], &Options::default());
//! assert_eq!(report.findings[0].rule, "stream-server-exposed");
//! ```

#![warn(unreachable_pub)]

pub mod benchmark;
pub mod compat;
pub mod config;
pub mod containerd;
pub mod crictl;
pub mod describe;
pub mod distributions;
pub mod docker;
pub mod embedded;
pub mod engine;
pub mod finding;
pub mod fix;
mod glob;
pub mod go;
pub mod ide;
pub mod json;
pub mod keys;
pub mod kind;
pub mod kinds;
pub mod kubelet;
mod named;
pub mod node;
mod order;
pub mod profile;
pub mod registry_hosts;
pub mod releases;
pub mod report;
pub mod rules;
pub mod secrets;
pub mod show;
pub mod syntax;
pub mod systemd;
pub mod text;

pub use compat::{Compat, Forecast, Verdict, compat};
pub use engine::{FileInfo, Options, Report, Source, Target, check};
pub use finding::{Effect, Finding, Severity};
pub use text::{Encoding, LineIndex, Position, Span};

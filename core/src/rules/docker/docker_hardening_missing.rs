//! # `docker-hardening-missing`
//!
//! A setting of Docker with which the node fails an item of the CIS benchmark. Runs only when selected, or with
//! `--profile cis`.
//!
//! ## Why
//!
//! The CIS Docker Benchmark 1.6.0 wants, among others, traffic between containers of the default bridge off (2.2), user
//! namespaces (2.9), no privileges gained by setuid programs (2.14), containers that outlive the daemon (2.15) and no
//! proxy process (2.16). Each has its price: `icc` breaks old links on the default bridge, `live-restore` does not go
//! together with swarm, and on a node of Kubernetes the kubelet decides most of it. The settings in effect are judged:
//! flags in Docker's unit, the file, or the release's defaults. Items that other rules report, such as an API without
//! client certificates (`tcp-without-tls`), are reported by those alone.
//!
//! ## What to do
//!
//! Set the key, or leave the item out with a reason. `docs/profiles/cis.md` lists all items.
//!
//! ## Examples
//!
//! ```json bad
//! {
//! ^
//!   "icc": false, "no-new-privileges": true, "userland-proxy": false, "userns-remap": "default",
//!   "authorization-plugins": ["opa"], "log-driver": "journald",
//!   "default-ulimits": { "nofile": { "Name": "nofile", "Soft": 1024, "Hard": 4096 } }
//! }
//! ```
//!
//! ```json good
//! {
//!   "icc": false, "no-new-privileges": true, "userland-proxy": false, "userns-remap": "default",
//!   "authorization-plugins": ["opa"], "log-driver": "journald", "live-restore": true,
//!   "default-ulimits": { "nofile": { "Name": "nofile", "Soft": 1024, "Hard": 4096 } }
//! }
//! ```
//!
//! ## References
//!
//! - docker/docker-bench-security@ff26d67:tests/2_docker_daemon_configuration.sh

use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "docker-hardening-missing",
    summary: "Setting of Docker that fails an item of the CIS benchmark",
    category: Category::Security,
    opt_in: true,
    run: Run::Node(|cx| cx.report_failed_items()),
    ..Rule::DEFAULTS
};

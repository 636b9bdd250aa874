//! # `docker-hardening-missing`
//!
//! A setting of `daemon.json` that the CIS benchmark wants and the file does not have. Runs only when selected.
//!
//! ## Why
//!
//! The CIS Docker Benchmark 1.6.0 wants traffic between containers of the default bridge off (2.2), no privileges
//! gained by setuid programs (2.14), containers that outlive the daemon (2.15) and no proxy process (2.16). Each has
//! its price: `icc` breaks old links on the default bridge, `live-restore` does not go together with swarm, and on a
//! node of Kubernetes the kubelet decides most of it.
//!
//! ## What to do
//!
//! Set the key, or leave the point out with a reason.
//!
//! ## Examples
//!
//! ```json bad
//! { "icc": false, "no-new-privileges": true, "userland-proxy": false }
//! ^
//! ```
//!
//! ```json good
//! { "icc": false, "no-new-privileges": true, "userland-proxy": false, "live-restore": true }
//! ```
//!
//! ## References
//!
//! - docker/docker-bench-security@ff26d67:tests/2_docker_daemon_configuration.sh

use crate::docker;
use crate::docker::settings::written;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "docker-hardening-missing",
    summary: "Setting that the CIS benchmark wants and the file does not have",
    category: Category::Security,
    opt_in: true,
    run: Run::File(&[&docker::KIND], check),
    ..Rule::DEFAULTS
};

/// A key, the value that the benchmark wants, its number there, and what happens without it.
const POINTS: [(&str, bool, &str, &str); 4] = [
    ("icc", false, "2.2", "containers of the default bridge reach each other"),
    ("no-new-privileges", true, "2.14", "programs in containers may gain privileges"),
    ("live-restore", true, "2.15", "containers stop with the daemon"),
    ("userland-proxy", false, "2.16", "published ports go through a proxy process"),
];

fn check(cx: &mut FileCx) {
    if cx.root.as_map().is_none() {
        return;
    }
    let start = cx.root.span.start as usize;
    for (key, wanted, number, message) in POINTS {
        let setting = written(cx.settings(), key).filter(|setting| setting.as_bool().is_some());
        if setting.as_ref().is_some_and(|setting| setting.as_bool() == Some(wanted)) {
            continue;
        }
        let span = setting.map_or(Span::new(start, start + 1), |setting| setting.value_span);
        cx.report(span, message)
            .advice(Releases::ANY)
            .key(key)
            .why(format!("Point {number} of the CIS Docker Benchmark 1.6.0."))
            .help(format!("Set `\"{key}\": {wanted}`, or leave the point out with a reason."));
    }
}

//! # `log-tls-unverified`
//!
//! Logs go to a server whose certificate nobody checks.
//!
//! ## Why
//!
//! Whoever sits between the node and the server reads all logs, with the token of the server where it is sent along. For
//! `syslog-tls-skip-verify` it counts that the option is there: `"false"` switches the check off too.
//!
//! ## What to do
//!
//! Remove the option, and name the CA: `syslog-tls-ca-cert` or `splunk-capath`.
//!
//! ## Examples
//!
//! ```json bad
//! { "log-driver": "syslog", "log-opts": { "syslog-address": "tcp+tls://logs.example:6514", "syslog-tls-skip-verify": "false" } }
//!                                                                                          ^^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```json good
//! { "log-driver": "splunk", "log-opts": { "splunk-url": "https://logs.example:8088", "splunk-insecureskipverify": "false" } }
//! ```
//!
//! ## References
//!
//! - moby/moby@docker-v29.7.2:daemon/logger/syslog/syslog.go (`parseTLSConfig`), daemon/logger/splunk/splunk.go

use crate::docker;
use crate::docker::logging::options;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "log-tls-unverified",
    summary: "Logs go to a server whose certificate nobody checks",
    category: Category::Security,
    run: Run::File(&[&docker::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    let driver = docker::log_driver_name(cx.root);
    for entry in options(cx.root) {
        let off = match (driver, entry.key.as_ref()) {
            ("syslog", "syslog-tls-skip-verify") => true,
            ("splunk", "splunk-insecureskipverify") => {
                matches!(entry.value.as_str(), Some("1" | "t" | "T" | "TRUE" | "true" | "True"))
            }
            _ => false,
        };
        if !off {
            continue;
        }
        let message = match entry.value.as_str() {
            Some("false" | "0") => format!("`{}` switches the check off, also with \"false\"", entry.key),
            _ => "nobody checks the certificate of the log server".to_owned(),
        };
        let path = cx.path_of(entry);
        cx.report(entry.key_span, message)
            .harmful(Releases::ANY)
            .key(path)
            .why("Whoever sits between the node and the server reads all logs, with the token of the server where it is sent along.")
            .help("Remove the option, and name the CA: `syslog-tls-ca-cert` or `splunk-capath`.");
    }
}

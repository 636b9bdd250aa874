//! # `log-tls-unverified`
//!
//! Docker sends logs to a server whose certificate it does not check.
//!
//! ## Why
//!
//! Whoever sits between the node and the server reads all logs, with the token of the server where it is sent along.
//! The presence of `syslog-tls-skip-verify` is enough: `"false"` switches the check off too.
//!
//! ## What to do
//!
//! Remove the option, and name the CA: `syslog-tls-ca-cert` or `splunk-capath`.
//!
//! ## Examples
//!
//! ```json bad
//! {
//!   "log-driver": "syslog",
//!   "log-opts": { "syslog-address": "tcp+tls://logs.example:6514", "syslog-tls-skip-verify": "false" }
//!                                                                  ^^^^^^^^^^^^^^^^^^^^^^^^
//! }
//! ```
//!
//! ```json good
//! {
//!   "log-driver": "splunk",
//!   "log-opts": { "splunk-url": "https://logs.example:8088", "splunk-insecureskipverify": "false" }
//! }
//! ```
//!
//! ## References
//!
//! - moby/moby@docker-v29.7.2:daemon/logger/syslog/syslog.go (`parseTLSConfig`), daemon/logger/splunk/splunk.go

use crate::go::boolean::parse_bool;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "log-tls-unverified",
    summary: "Log server whose certificate is not checked",
    category: Category::Security,
    run: Run::Settings(&[
        SettingCheck {
            message: "`{name}` switches the check of the certificate off, even with \"{value}\"",
            ..syslog(Test::OneOf(&["false", "0"]))
        },
        syslog(Test::Where(|setting| !matches!(setting.as_str(), Some("false" | "0")))),
        SettingCheck {
            only_if: &[("log-driver", Test::OneOf(&["splunk"]))],
            ..unverified(
                "log-opts.splunk-insecureskipverify",
                Test::Where(|setting| setting.as_str().and_then(parse_bool) == Some(true)),
            )
        },
    ]),
    ..Rule::DEFAULTS
};

const fn syslog(fault: Test) -> SettingCheck {
    SettingCheck {
        only_if: &[("log-driver", Test::OneOf(&["syslog"]))],
        ..unverified("log-opts.syslog-tls-skip-verify", fault)
    }
}

const fn unverified(option: &'static str, fault: Test) -> SettingCheck {
    SettingCheck {
        mark: Mark::Key,
        outcomes: &[(Effect::Harmful, Releases::ANY)],
        message: "`{name}` switches the check of the certificate off",
        why: "Whoever sits between the node and the server reads all logs, with the token of the server where Docker \
              sends one.",
        help: "Remove the option, and name the CA: `syslog-tls-ca-cert` or `splunk-capath`.",
        ..SettingCheck::of(&daemons::DOCKER, option, fault)
    }
}

//! # `registries-config-unused`
//!
//! Credentials or TLS settings in `registries.yaml` that containerd does not use for the host they are meant for.
//!
//! ## Why
//!
//! `configs` is searched for the host of the endpoint with its port, exactly as the endpoint has it:
//! `registry.example` does not hold for `https://registry.example:5000`, nor `registry.example:443` for
//! `https://registry.example`. In k3s and RKE2 1.29.3, 1.28.8, 1.27.12 and 1.26.15 the TLS settings of a registry that
//! is not an endpoint of a mirror are lost as well: containerd refuses the hosts.toml that they write.
//!
//! ## What to do
//!
//! Name the host as the endpoint does. In these releases, add the registry as a mirror of itself.
//!
//! ## Examples
//!
//! ```yaml bad
//! --- /etc/rancher/k3s/registries.yaml
//! mirrors:
//!   docker.io:
//!     endpoint: ["https://registry.example:5000"]
//! configs:
//!   registry.example:
//!   ^^^^^^^^^^^^^^^^
//!     auth: { username: puller, password: secret }
//! ```
//!
//! ```yaml fixed
//! --- /etc/rancher/k3s/registries.yaml
//! mirrors:
//!   docker.io:
//!     endpoint: ["https://registry.example:5000"]
//! configs:
//!   registry.example:5000:
//!     auth: { username: puller, password: secret }
//! ```
//!
//! ```yaml bad kubernetes=1.29.3
//! --- /etc/rancher/k3s/registries.yaml
//! configs:
//!   registry.example:
//!     tls:
//!     ^^^
//!       ca_file: /etc/ssl/registry.pem
//! ```
//!
//! ```yaml good
//! --- /etc/rancher/k3s/registries.yaml
//! mirrors:
//!   docker.io:
//!     endpoint: ["https://registry.example:5000", "https://other.example"]
//! configs:
//!   registry.example:5000:
//!     auth: { username: puller, password: secret }
//!   registry.example:
//!     auth: { username: puller, password: secret }
//!   third.example:
//!     tls:
//!       ca_file: /etc/ssl/registry.pem
//! ```
//!
//! ## References
//!
//! - k3s-io/k3s#9839, k3s-io/k3s#9983, rancher/rke2#5658, kubernetes-sigs/kubespray#9656
//! - k3s-io/k3s@06ea261:pkg/agent/containerd/config.go (`configForHost`)

use crate::distributions::eras::LOSES_TLS_WITHOUT_MIRROR;
use crate::distributions::registries::{self, asked_hosts, configs, is_config_of, without_port};
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "registries-config-unused",
    summary: "Settings for a registry in `registries.yaml` that do not reach it",
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&registries::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    let (configs, hosts) = (configs(cx.root), asked_hosts(cx.root));
    for config in configs.iter().filter(|config| config.key != "*" && !config.key.contains('/')) {
        let name = config.key.as_ref();
        if hosts.iter().any(|host| is_config_of(name, host)) {
            continue;
        }
        let has_own = |host: &str| configs.iter().any(|other| is_config_of(&other.key, host));
        let is_meant = |host: &&&str| without_port(host) == without_port(name) && !has_own(host);
        if let Some(host) = hosts.iter().find(is_meant) {
            report_port(cx, config, host);
        } else if let Some(tls) = config.value.entry("tls") {
            report_tls(cx, config, tls);
        }
    }
}

fn report_port(cx: &mut FileCx, config: &Entry, host: &str) {
    let name = config.key.as_ref();
    let fix = Fix::rename(Applicability::Unsafe, cx.doc(), config, host);
    cx.report_key(config, format!("`{name}` is not the endpoint `{host}`: its settings do not hold there"))
        .ignored(Releases::ANY)
        .why(
            "k3s looks for the host with its port, exactly as the endpoint has it. The endpoint is asked without \
             these credentials and TLS settings.",
        )
        .help(format!("Write `{host}`."))
        .fix(fix);
}

fn report_tls(cx: &mut FileCx, config: &Entry, tls: &Entry) {
    let name = config.key.as_ref();
    cx.report_key(tls, format!("TLS settings of `{name}` are lost: no mirror has it as endpoint"))
        .ignored(LOSES_TLS_WITHOUT_MIRROR)
        .breaks(BreakScope::RegistryHost, name)
        .why(
            "The hosts.toml that k3s writes for it has no [host] table. containerd refuses the file (`invalid `host` \
             tree`) and asks the registry without these settings.",
        )
        .help(format!(
            "Use a newer patch: 1.29.4, 1.28.9 or 1.27.13. Or add a mirror `{name}` with the endpoint \
             `https://{name}`."
        ));
}

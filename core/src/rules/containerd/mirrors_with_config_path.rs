//! # `mirrors-with-config-path`
//!
//! Registry mirrors are in the file itself, and `config_path` points to a folder of `hosts.toml` files as well.
//!
//! ## Why
//!
//! containerd takes either the one or the other. The whole CRI plugin fails to load with `mirrors cannot be set when
//! config_path is provided`, and the kubelet finds no runtime service. 1.5 to 1.7 say the same about `configs.*.tls`; 2.x
//! no longer have that key.
//!
//! ## What to do
//!
//! Move each mirror to `<config_path>/<registry>/hosts.toml` and delete the tables here.
//!
//! ## Examples
//!
//! ```toml bad
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri".registry]
//!   config_path = "/etc/containerd/certs.d"
//! [plugins."io.containerd.grpc.v1.cri".registry.mirrors."docker.io"]
//!                                               ^^^^^^^
//!   endpoint = ["https://mirror.example"]
//! ```
//!
//! ```toml bad containerd=1.7
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri".registry]
//!   config_path = "/etc/containerd/certs.d"
//! [plugins."io.containerd.grpc.v1.cri".registry.configs."registry.example".tls]
//!                                                                          ^^^
//!   insecure_skip_verify = true
//! ```
//!
//! ```toml good
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri".registry]
//!   config_path = ""
//! [plugins."io.containerd.grpc.v1.cri".registry.mirrors."docker.io"]
//!   endpoint = ["https://mirror.example"]
//! ```
//!
//! ## References
//!
//! - containerd/containerd#5306, containerd/containerd#7844, kubernetes-sigs/kubespray#9743
//! - containerd/containerd@v1.7.29:pkg/cri/config/config.go, v2.3.4:internal/cri/config/config.go

use crate::kind::containerd::{self, Cri};
use crate::releases::Releases;
use crate::rules::containerd_values::{counts, text};
use crate::rules::{Category, FileCx, Rule, Run};
use crate::syntax::Entry;

pub(in crate::rules) const RULE: Rule = Rule {
    id: "mirrors-with-config-path",
    summary: "Registry mirrors in the file beside a `config_path`: CRI does not load",
    category: Category::Correctness,
    since: "0.1.0",
    fix: None,
    opt_in: false,
    run: Run::File(&[&containerd::KIND], check),
};

const REFUSE_MIRRORS: Releases = Releases::containerd("1.5..");
const REFUSE_TLS: Releases = Releases::containerd("1.5..1.7");

fn check(cx: &mut FileCx<'_, '_, '_>) {
    let cri = Cri::of(cx.root);
    let Some(path) = cri.images(&["registry", "config_path"]) else { return };
    let Some(folder) = text(Some(path)) else { return };
    let mirrors = mirrors(cri);
    let tls = tls(cri);
    let (entry, refuse, name) = match (mirrors, tls) {
        (Some(mirrors), _) => (mirrors, REFUSE_MIRRORS, "mirrors"),
        (None, Some(tls)) => (tls, REFUSE_TLS, "configs.tls"),
        (None, None) => return,
    };
    let releases = refuse.and(counts(cx, path)).and(counts(cx, entry));
    let first = mirrors.and_then(|m| m.value.entries().first()).map_or("<registry>", |e| e.key.as_ref());
    let root = folder.split(':').next().unwrap_or(folder).trim_end_matches('/');
    let help = match name {
        "mirrors" => format!(
            "Write each mirror as a file of its own, such as {root}/{first}/hosts.toml, and delete the mirrors here."
        ),
        _ => format!(
            "Write `ca`, `client` or `skip_verify` to {root}/<registry>/hosts.toml, and delete the tls tables here."
        ),
    };
    let key = cx.path_of(entry);
    let path_key = cx.path_of(path);
    let finding = cx.report(entry.key_span, format!("`{name}` beside `config_path` keeps the CRI plugin from loading"));
    finding
        .failed(releases)
        .key(key)
        .key(path_key)
        .label(path.key_span, "with a folder set here, registries belong there")
        .why(format!("containerd logs `failed to load plugin` with `{name} cannot be set when config_path is provided`; the kubelet then says `unknown service runtime.v1.RuntimeService`."))
        .help(help);
    if let (Some(_), Some(tls)) = (mirrors, tls) {
        finding.label(tls.key_span, "containerd 1.5 to 1.7 refuse this beside `config_path` as well");
    }
}

/// The mirrors, if there is one.
pub(super) fn mirrors<'t, 'a>(cri: Cri<'t, 'a>) -> Option<&'t Entry<'a>> {
    cri.images(&["registry", "mirrors"]).filter(|m| !m.value.entries().is_empty())
}

/// The first registry's `tls` table: its mere presence counts.
pub(super) fn tls<'t, 'a>(cri: Cri<'t, 'a>) -> Option<&'t Entry<'a>> {
    let configs = cri.images(&["registry", "configs"])?;
    configs.value.entries().iter().find_map(|c| c.value.entry("tls"))
}

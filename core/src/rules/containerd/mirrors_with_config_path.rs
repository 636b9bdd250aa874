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
//! ```toml bad containerd=2.0..2.3
//! --- /etc/containerd/config.toml
//! version = 2
//! imports = ["/etc/containerd/conf.d/*.toml"]
//! [plugins."io.containerd.grpc.v1.cri".registry.mirrors."docker.io"]
//!                                               ^^^^^^^
//!   endpoint = ["https://mirror.example"]
//! --- /etc/containerd/conf.d/registry.toml
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri".registry]
//!   config_path = "/etc/containerd/certs.d"
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

use crate::containerd::effective::{Spot, by_release, some_text};
use crate::containerd::kind::Cri;
use crate::containerd::loader::{Effective, Item};
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "mirrors-with-config-path",
    summary: "Registry mirrors in the file beside a `config_path`: CRI does not load",
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

const REFUSE_MIRRORS: ReleaseSet = Releases::containerd("1.5..").get(Product::Containerd);
const REFUSE_TLS: ReleaseSet = Releases::containerd("1.5..1.7").get(Product::Containerd);

#[derive(PartialEq)]
struct Fault {
    path: Spot,
    folder: String,
    /// The first registry that has mirrors.
    first: Option<String>,
    mirrors: Option<Spot>,
    tls: Option<Spot>,
}

fn check(cx: &mut NodeCx) {
    let loaded = cx.loaded;
    for configuration in loaded.configurations() {
        let found = by_release(configuration, find);
        for (i, (fault, releases)) in found.iter().enumerate() {
            // Where 1.x refuse both, the mirrors say it for all releases.
            let same = |(other, _): &&(Fault, Releases)| fault.mirrors.is_some() && other.mirrors == fault.mirrors;
            if found.iter().take(i).any(|f| same(&f)) {
                continue;
            }
            let all = found.iter().skip(i + 1).filter(same).fold(*releases, |all, (_, more)| all.or(*more));
            report(cx, fault, all);
        }
    }
}

fn find(effective: &Effective, out: &mut Vec<Fault>) {
    let path = effective.cri_images(&["registry", "config_path"]).and_then(Item::as_leaf);
    let (Some(path), Some(folder)) = (path, some_text(path)) else { return };
    let mirrors = effective.cri_images(&["registry", "mirrors"]).filter(|_| effective.release.is_in(REFUSE_MIRRORS));
    let mirrors = mirrors.and_then(|item| Some((item, item.as_table()?.entries().next()?.0.to_owned())));
    let configs = effective.cri_images(&["registry", "configs"]).and_then(Item::as_table);
    let configs = configs.filter(|_| effective.release.is_in(REFUSE_TLS));
    let tls = configs.and_then(|all| all.entries().find_map(|(_, config)| effective.entry(config.as_table()?, "tls")));
    if mirrors.is_none() && tls.is_none() {
        return;
    }
    out.push(Fault {
        path: Spot::of(path),
        folder: folder.to_owned(),
        first: mirrors.as_ref().map(|(_, first)| first.clone()),
        mirrors: mirrors.and_then(|(item, _)| Spot::of_item(item)),
        tls: tls.and_then(Spot::of_item),
    });
}

fn report(cx: &mut NodeCx, fault: &Fault, releases: Releases) {
    let (spot, name) = match (fault.mirrors, fault.tls) {
        (Some(mirrors), _) => (mirrors, "mirrors"),
        (None, Some(tls)) => (tls, "configs.tls"),
        (None, None) => return,
    };
    let first = fault.first.as_deref().unwrap_or("<registry>");
    let root = fault.folder.split(':').next().unwrap_or(&fault.folder).trim_end_matches('/');
    let help = match name {
        "mirrors" => format!(
            "Write each mirror as a file of its own, such as {root}/{first}/hosts.toml, and delete the mirrors here."
        ),
        _ => format!(
            "Write `ca`, `client` or `skip_verify` to {root}/<registry>/hosts.toml, and delete the tls tables here."
        ),
    };
    let (key, path_key) = (spot.path(cx.loaded), fault.path.path(cx.loaded));
    let message = format!("`{name}` beside `config_path` keeps the CRI plugin from loading");
    let finding = cx.report(spot.file, spot.key, message);
    finding
        .failed(releases)
        .key(key)
        .key(path_key)
        .label_in(fault.path.file, fault.path.key, "with a folder set here, registries belong there")
        .why(format!("containerd logs `failed to load plugin` with `{name} cannot be set when config_path is provided`; the kubelet then says `unknown service runtime.v1.RuntimeService`."))
        .help(help);
    if let (Some(_), Some(tls)) = (fault.mirrors, fault.tls) {
        finding.label_in(tls.file, tls.key, "containerd 1.5 to 1.7 refuse this beside `config_path` as well");
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

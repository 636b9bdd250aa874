//! # `mirrors-with-config-path`
//!
//! Registry mirrors are in the file itself, and `config_path` points to a folder of `hosts.toml` files as well.
//!
//! ## Why
//!
//! containerd takes either the one or the other. The whole CRI plugin fails to load with `mirrors cannot be set when
//! config_path is provided`, and the kubelet finds no runtime service. 1.5 to 1.7 refuse `configs.*.tls` in the same
//! way; 2.x no longer have that key.
//!
//! containerd 2.2.0 and 2.2.1 have a folder for `config_path` where the file names none, so that any mirror in the file
//! keeps CRI from loading there. Only a version 3 file with `config_path = ""` works.
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
//! ```toml bad containerd=2.2.1
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri".registry]
//!   config_path = ""
//! [plugins."io.containerd.grpc.v1.cri".registry.mirrors."docker.io"]
//!                                               ^^^^^^^
//!   endpoint = ["https://mirror.example"]
//! ```
//!
//! ```toml good containerd=2.2.1
//! version = 3
//! [plugins."io.containerd.cri.v1.images".registry]
//!   config_path = ""
//! [plugins."io.containerd.cri.v1.images".registry.mirrors."docker.io"]
//!   endpoint = ["https://mirror.example"]
//! ```
//!
//! ## References
//!
//! - containerd/containerd#12612, containerd/containerd@v2.2.1, @v2.2.2:internal/cri/config/config_unix.go
//! - containerd/containerd#5306, containerd/containerd#7844, kubernetes-sigs/kubespray#9743
//! - containerd/containerd@v1.7.29:pkg/cri/config/config.go, v2.3.4:internal/cri/config/config.go

use crate::containerd::eras::HAS_STATIC_CONFIG_PATH;
use crate::containerd::kind::spoken_version;
use crate::containerd::loader::{Effective, LoadedNode};
use crate::containerd::settings::in_effect;
use crate::kind::SettingPlace;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "mirrors-with-config-path",
    summary: "Registry mirrors beside a `config_path`",
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

const REFUSES_MIRRORS: Releases = Releases::containerd("1.5..");
/// 2.x no longer have the key.
const REFUSES_TLS: Releases = Releases::containerd("1.5..1.7");

#[derive(PartialEq)]
struct RegistryConflict {
    /// Where the files set `config_path`; nothing where the release itself does.
    path: Option<SettingPlace>,
    folder: String,
    /// The mirrors, with the first registry that has some.
    mirrors: Option<(SettingPlace, String)>,
    tls: Option<SettingPlace>,
}

fn check(cx: &mut NodeCx) {
    let mut reports: Vec<(RegistryConflict, Releases)> = vec![];
    for (conflict, releases) in in_effect(cx.loaded, |effective| find(effective, cx.loaded)) {
        // Where 1.x refuse both, one finding reports the mirrors for all releases.
        let place = |conflict: &RegistryConflict| conflict.mirrors.as_ref().map(|(place, _)| *place);
        let is_same = |known: &RegistryConflict| place(known).is_some() && place(known) == place(&conflict);
        match reports.iter_mut().find(|(known, _)| is_same(known)) {
            Some((_, all)) => *all = all.or(releases),
            None => reports.push((conflict, releases)),
        }
    }
    for (conflict, releases) in reports {
        report(cx, &conflict, releases);
    }
}

fn find(effective: &Effective, node: &LoadedNode) -> Vec<RegistryConflict> {
    if effective.item("images:registry.mirrors").is_none() && effective.table("images:registry.configs").is_none() {
        return vec![];
    }
    let path = effective.setting("images:registry.config_path");
    let written = path.and_then(|path| Some((Some(SettingPlace::of(path)), path.text()?)));
    let has_folder = || has_static_folder(effective, node).then_some((None, "/etc/containerd/certs.d"));
    let Some((path, folder)) = written.or_else(has_folder) else { return vec![] };
    let mirrors = effective.item("images:registry.mirrors").filter(|_| effective.release.is_in(REFUSES_MIRRORS));
    let mirrors = mirrors.and_then(|item| {
        let (first, _) = item.as_table()?.entries().next()?;
        Some((SettingPlace::of_item(item)?, first.to_owned()))
    });
    let configs = effective.table("images:registry.configs").filter(|_| effective.release.is_in(REFUSES_TLS));
    let mut configs = configs.into_iter().flat_map(|all| all.entries()).filter_map(|(_, item)| item.as_table());
    let tls = configs.find_map(|config| effective.entry(config, "tls"));
    if mirrors.is_none() && tls.is_none() {
        return vec![];
    }
    let tls = tls.and_then(SettingPlace::of_item);
    vec![RegistryConflict { path, folder: folder.to_owned(), mirrors, tls }]
}

/// Whether the release has a folder where the files name none. An empty text for it is lost in the migration of a
/// version 2 file.
fn has_static_folder(effective: &Effective, node: &LoadedNode) -> bool {
    if effective.item("images:registry.mirrors").is_none() || !effective.release.is_in(HAS_STATIC_CONFIG_PATH) {
        return false;
    }
    let Some(emptied) = effective.setting("images:registry.config_path") else { return effective.is_complete };
    node.file(emptied.origin.file).is_none_or(|file| spoken_version(file.body()) < 3)
}

fn report(cx: &mut NodeCx, conflict: &RegistryConflict, releases: Releases) {
    let RegistryConflict { path, folder, mirrors, tls } = conflict;
    let root = folder.split(':').next().unwrap_or(folder).trim_end_matches('/');
    let (place, name, help) = match (mirrors, tls) {
        (Some((mirrors, first)), _) => (*mirrors, "mirrors", move_mirrors(root, first)),
        (None, Some(tls)) => (*tls, "configs.tls", move_tls(root)),
        (None, None) => return,
    };
    let path_key = path.map(|path| path.path(cx.loaded));
    let message = match path {
        Some(_) => format!("`{name}` beside `config_path` keeps the CRI plugin from loading"),
        None => format!("`{name}` keeps the CRI plugin from loading, though `config_path` is not set"),
    };
    let finding = cx.report_key(place, message);
    finding.keys.extend(path_key);
    if let Some(path) = path {
        finding.label_in(path.file, path.key, "with a folder set here, registries belong there");
    }
    finding
        .failed(releases)
        .why(format!(
            "containerd logs `failed to load plugin` with `{name} cannot be set when config_path is provided`; the \
             kubelet then logs `unknown service runtime.v1.RuntimeService`."
        ))
        .help(help);
    if let (Some(_), Some(tls)) = (mirrors, tls) {
        finding.label_in(tls.file, tls.key, "containerd 1.5 to 1.7 refuse this beside `config_path` as well");
    }
}

fn move_mirrors(root: &str, first: &str) -> String {
    format!("Write each mirror as a file of its own, such as {root}/{first}/hosts.toml, and delete the mirrors here.")
}

fn move_tls(root: &str) -> String {
    format!("Write `ca`, `client` or `skip_verify` to {root}/<registry>/hosts.toml, and delete the tls tables here.")
}

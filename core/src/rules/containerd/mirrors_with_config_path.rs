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
//! 2.2.0 and 2.2.1 have folders of their own in `config_path`, which no version 2 file empties:
//!
//! ```toml bad containerd=2.2.1
//! version = 2
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
//! ```toml good containerd=2.2.2..2.3
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri".registry]
//!   config_path = ""
//! [plugins."io.containerd.grpc.v1.cri".registry.mirrors."docker.io"]
//!   endpoint = ["https://mirror.example"]
//! ```
//!
//! ## References
//!
//! - containerd/containerd#12612, containerd/containerd#5306, containerd/containerd#7844,
//!   kubernetes-sigs/kubespray#9743
//! - containerd/containerd@v1.7.29:pkg/cri/config/config.go, v2.3.4:internal/cri/config/config.go

use crate::containerd::eras::HAS_FIXED_CONFIG_PATH;
use crate::containerd::loader::{Effective, Leaf};
use crate::containerd::settings::{SettingPlace, in_effect};
use crate::kind::NodeFiles;
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
    /// Where the folder is set; nothing for the one that is built in.
    path: Option<SettingPlace>,
    folder: String,
    /// The mirrors, with the first registry that has some.
    mirrors: Option<(SettingPlace, String)>,
    tls: Option<SettingPlace>,
}

fn check(cx: &mut NodeCx) {
    let mut reports: Vec<(RegistryConflict, Releases)> = vec![];
    for (conflict, releases) in in_effect(cx.loaded, |effective| find(cx.loaded, effective)) {
        // Where 1.x refuse both, one finding reports the mirrors for all releases.
        let place = |conflict: &RegistryConflict| conflict.mirrors.as_ref().map(|(place, _)| *place);
        let is_same = |known: &RegistryConflict| {
            place(known).is_some() && place(known) == place(&conflict) && known.path == conflict.path
        };
        match reports.iter_mut().find(|(known, _)| is_same(known)) {
            Some((_, all)) => *all = all.or(releases),
            None => reports.push((conflict, releases)),
        }
    }
    for (conflict, releases) in reports {
        report(cx, &conflict, releases);
    }
}

fn find(node: &NodeFiles, effective: &Effective) -> Vec<RegistryConflict> {
    let mirrors = effective.item("images:registry.mirrors").filter(|_| effective.release.is_in(REFUSES_MIRRORS));
    let mirrors = mirrors.and_then(|item| {
        let (first, _) = item.as_table()?.entries().next()?;
        Some((SettingPlace::of_item(item)?, first.to_owned()))
    });
    let path = effective.setting("images:registry.config_path");
    let (path, folder) = match path.and_then(|path| Some((path, path.text()?))) {
        Some((path, folder)) => (Some(SettingPlace::of(path)), folder),
        None if mirrors.is_some() && has_built_in_folder(node, effective, path) => (None, "/etc/containerd/certs.d"),
        None => return vec![],
    };
    let configs = effective.table("images:registry.configs").filter(|_| effective.release.is_in(REFUSES_TLS));
    let mut configs = configs.into_iter().flat_map(|all| all.entries()).filter_map(|(_, item)| item.as_table());
    let tls = configs.find_map(|config| effective.entry(config, "tls"));
    if mirrors.is_none() && tls.is_none() {
        return vec![];
    }
    let tls = tls.and_then(SettingPlace::of_item);
    vec![RegistryConflict { path, folder: folder.to_owned(), mirrors, tls }]
}

/// Whether the release has a folder where the files set none: an empty text counts in version 3 alone.
fn has_built_in_folder(node: &NodeFiles, effective: &Effective, written: Option<&Leaf>) -> bool {
    let version = |leaf: &Leaf| node.file(leaf.origin.file).and_then(|file| file.config_version);
    let is_emptied = written.and_then(version).is_some_and(|version| version >= 3);
    // Without the key in its exact letters the patches of a release are not distinguished.
    HAS_FIXED_CONFIG_PATH.get(Product::Containerd).covers(effective.release.set()) && !is_emptied
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
    let is_built_in = path.is_none();
    let beside = if is_built_in { "the built-in `config_path`" } else { "`config_path`" };
    let finding = cx.report_key(place, format!("`{name}` beside {beside} keeps the CRI plugin from loading"));
    if let (Some(path), Some(key)) = (path, path_key) {
        finding.key(key).label_in(path.file, path.key, "with a folder set here, registries belong there");
    }
    let help = if is_built_in { format!("Upgrade to 2.2.2, or: {help}") } else { help };
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

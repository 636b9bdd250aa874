//! # `hosts-file-unreachable`
//!
//! A file below `certs.d` that containerd never looks for: by its name, or by that of its folder.
//!
//! ## Why
//!
//! For an image of `registry.example:5000`, containerd looks for `registry.example_5000_/hosts.toml`, then
//! `registry.example:5000/hosts.toml`, then `_default/hosts.toml` below each `config_path`, and reads the first
//! folder that is there. It reads nothing else and says nothing: images come from the upstream registry.
//!
//! ## What to do
//!
//! Name the folder after the registry as images name it, without scheme and path, and the file `hosts.toml`.
//!
//! ## Examples
//!
//! ```toml bad
//! --- /etc/containerd/certs.d/registry.example_5000/hosts.toml
//! server = "https://registry.example:5000"
//! ^^^^^^
//! ```
//!
//! ```toml bad
//! --- /etc/containerd/certs.d/dockerhub/hosts.toml
//! server = "https://registry-1.docker.io"
//! ^^^^^^
//! ```
//!
//! ```toml bad
//! --- /etc/containerd/certs.d/docker.io/host.toml
//! server = "https://registry-1.docker.io"
//! ^^^^^^
//! ```
//!
//! ```toml bad
//! --- /etc/containerd/certs.d/registry.example/team/hosts.toml
//! server = "https://registry.example"
//! ^^^^^^
//! ```
//!
//! ```toml good
//! --- /etc/containerd/certs.d/registry.example_5000_/hosts.toml
//! server = "https://registry.example:5000"
//! --- /etc/containerd/certs.d/localhost/hosts.toml
//! server = "http://localhost"
//! --- /etc/containerd/certs.d/_default/hosts.toml
//! server = "https://registry.example:5000"
//! ```
//!
//! ## References
//!
//! - containerd/containerd#6285, containerd/containerd#7896, containerd/containerd#8053
//! - containerd/containerd@v2.3.4:core/remotes/docker/config/config_unix.go (`hostPaths`); `_default` from v1.6.17 on

use crate::registry_hosts;
use crate::registry_hosts::kind::{FILE_NAME, READ, folders, is_port, port_of_folder};
use crate::registry_hosts::url::is_placeholder;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "hosts-file-unreachable",
    summary: "A file below `certs.d` that containerd never looks for",
    run: Run::File(&[&registry_hosts::KIND], check),
    ..Rule::DEFAULTS
};

/// They do not know `_default`.
const NO_DEFAULT: Releases = Releases::containerd("1.5");

/// What is wrong with the place of a file.
struct Misplaced {
    message: String,
    help: String,
    releases: Releases,
}

fn check(cx: &mut FileCx) {
    let Some(folders) = folders(cx.file.path) else { return };
    if is_placeholder(cx.file.path) || cx.file.path.contains(['{', '}', '%', '$']) {
        return;
    }
    let fault = match folders.as_slice() {
        [folder] if cx.file.name() == FILE_NAME => of_folder(folder),
        [folder] => of_file(cx, folder),
        [] => nothing_above(cx),
        // Repositories keep such trees in folders of their own; only a node's path says for sure.
        [first, ..] => (is_on_node(cx) && !has_config_path_below(cx)).then(|| too_deep(first)),
    };
    let Some(fault) = fault else { return };
    let span = cx.root.entries().first().map(|e| e.key_span).unwrap_or_default();
    let key = cx.root.entries().first().map(|e| cx.path_of(e));
    let finding = cx.report(span, fault.message);
    finding
        .ignored(fault.releases)
        .why("containerd looks for `<registry>/hosts.toml` below `config_path`, with the registry as images name it, and says nothing about other files.")
        .help(fault.help);
    finding.keys.extend(key);
}

fn of_folder(folder: &str) -> Option<Misplaced> {
    if folder == "_default" {
        return Some(Misplaced {
            message: "containerd 1.5 does not know the folder `_default`".to_owned(),
            help: "Make a folder for each registry.".to_owned(),
            releases: NO_DEFAULT,
        });
    }
    let help = match folder {
        _ if port_of_folder(folder).is_some() => return None,
        "index.docker.io" | "dockerhub" | "docker" | "docker-hub" => {
            "Name the folder docker.io: that is how images name the registry.".to_owned()
        }
        "default" | "*" | "_default_" | "all" => {
            "For all registries without a folder of their own, name it _default.".to_owned()
        }
        _ if folder.contains('*') => {
            "Make a folder for each registry, or _default for all others: there are no patterns.".to_owned()
        }
        _ => match folder.rsplit_once('_') {
            Some((host, port)) if is_port(port) => {
                format!("Name the folder {host}_{port}_, with an underscore at its end, or {host}:{port}.")
            }
            _ if is_registry(folder) => return None,
            _ => "Name the folder after the registry as it stands in the names of images: it has a dot or a port in it, or is `localhost`.".to_owned(),
        },
    };
    Some(Misplaced { message: format!("no image comes from a registry `{folder}`"), help, releases: READ })
}

/// Whether the first part of an image's name is taken for a registry: else it is a part of a name on Docker Hub.
fn is_registry(folder: &str) -> bool {
    let has_capital = folder.bytes().any(|b| b.is_ascii_uppercase());
    folder == "localhost" || has_capital || folder.contains(['.', ':'])
}

/// Another name is for something else where a `hosts.toml` stands next to it.
fn of_file(cx: &FileCx, folder: &str) -> Option<Misplaced> {
    let base = cx.file.path.strip_suffix(cx.file.name()).unwrap_or_default();
    let right = |path: &str| path.strip_prefix(base) == Some(FILE_NAME);
    (!cx.loaded.files.iter().any(|f| right(f.path))).then(|| Misplaced {
        message: format!("containerd does not look for a file `{}`", cx.file.name()),
        help: format!("Name it {folder}/{FILE_NAME}."),
        releases: READ,
    })
}

fn nothing_above(cx: &FileCx) -> Option<Misplaced> {
    (cx.file.name() == FILE_NAME && is_on_node(cx)).then(|| Misplaced {
        message: "this hosts.toml stands in no folder of a registry".to_owned(),
        help: "Put it in a folder named after the registry, or in _default for all registries.".to_owned(),
        releases: READ,
    })
}

fn too_deep(first: &str) -> Misplaced {
    Misplaced {
        message: "this hosts.toml lies too deep: a registry's folder has no path in it".to_owned(),
        help: format!(
            "Put it in the folder of the registry alone, such as {first}/{FILE_NAME}: mirrors are for a registry, not for a part of it."
        ),
        releases: READ,
    }
}

fn is_on_node(cx: &FileCx) -> bool {
    ["etc/containerd/certs.d/", "etc/docker/certs.d/"].iter().any(|place| cx.file.path.contains(place))
}

/// Whether containerd's `config_path` names a folder below `certs.d`.
fn has_config_path_below(cx: &FileCx) -> bool {
    let path = cx.facts().registry_config_path.get();
    path.is_some_and(|path| path.split(':').any(|root| !root.trim_end_matches('/').ends_with("certs.d")))
}

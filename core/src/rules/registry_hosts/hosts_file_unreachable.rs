//! # `hosts-file-unreachable`
//!
//! A file below `certs.d` that containerd never looks for: by its name, or by that of its folder.
//!
//! ## Why
//!
//! For an image of `registry.example:5000`, containerd looks for `registry.example_5000_/hosts.toml`, then
//! `registry.example:5000/hosts.toml`, then `_default/hosts.toml` below each `config_path`, and reads the first
//! folder that is there. It silently ignores all else: images come from the upstream registry.
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
//! --- /etc/containerd/certs.d/hub.docker.com/hosts.toml
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

use crate::containerd::on_node::{CONFIG_PATH, values};
use crate::registry_hosts;
use crate::registry_hosts::eras::READS_HOSTS_FILES;
use crate::registry_hosts::kind::{FILE_NAME, folders, is_port, port_of_folder};
use crate::registry_hosts::url::is_placeholder;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "hosts-file-unreachable",
    summary: "File below `certs.d` that containerd never reads",
    run: Run::File(&[&registry_hosts::KIND], check),
    ..Rule::DEFAULTS
};

/// Does not have `_default`.
const HAS_NO_DEFAULT: Releases = Releases::containerd("1.5..1.6.16");

/// What is wrong with the place of a file.
struct Misplaced {
    message: String,
    help: String,
    releases: Releases,
}

fn check(cx: &mut FileCx) {
    let path = cx.file.path;
    let Some(folders) = folders(path) else { return };
    if is_placeholder(path) || path.contains(['{', '}', '%', '$']) {
        return;
    }
    let is_hosts_file = cx.file.name() == FILE_NAME;
    let fault = match folders.as_slice() {
        [folder] if is_hosts_file => of_folder(folder),
        [folder] => (!has_hosts_file_beside(cx)).then(|| of_name(cx.file.name(), folder)),
        [] => (is_hosts_file && is_on_node(path)).then(without_folder),
        // Repositories keep such trees in folders of their own; only a node's path is certain.
        [first, ..] => (is_on_node(path) && !has_config_path_below(cx)).then(|| too_deep(first)),
    };
    let Some(Misplaced { message, help, releases }) = fault else { return };
    let first = cx.root.entries().first();
    let key = first.map(|entry| cx.path_of(entry));
    let finding = cx.report(first.map(|entry| entry.key_span).unwrap_or_default(), message);
    finding
        .ignored(releases)
        .why(
            "containerd looks for `<registry>/hosts.toml` below `config_path`, with the registry as in the names of \
             images, and silently ignores other files.",
        )
        .help(help);
    finding.keys.extend(key);
}

/// Another name is for something else where a `hosts.toml` stands next to it.
fn has_hosts_file_beside(cx: &FileCx) -> bool {
    let base = cx.file.path.strip_suffix(cx.file.name()).unwrap_or_default();
    cx.loaded.files.iter().any(|file| file.path.strip_prefix(base) == Some(FILE_NAME))
}

fn is_on_node(path: &str) -> bool {
    ["etc/containerd/certs.d/", "etc/docker/certs.d/"].iter().any(|place| path.contains(place))
}

/// Whether containerd's `config_path` names a folder below `certs.d`.
fn has_config_path_below(cx: &FileCx) -> bool {
    let is_below = |root: &str| !root.is_empty() && !root.trim_end_matches('/').ends_with("certs.d");
    values(cx.loaded, &CONFIG_PATH).iter().any(|path| path.text.split(':').any(is_below))
}

/// Whether the first part of an image's name is taken for a registry: else it is a part of a name on Docker Hub.
fn is_registry(folder: &str) -> bool {
    let has_capital = folder.bytes().any(|b| b.is_ascii_uppercase());
    folder == "localhost" || has_capital || folder.contains(['.', ':'])
}

fn of_folder(folder: &str) -> Option<Misplaced> {
    if folder == "_default" {
        return Some(Misplaced {
            message: "containerd before 1.6.17 does not have the folder `_default`".to_owned(),
            help: "Make a folder for each registry.".to_owned(),
            releases: HAS_NO_DEFAULT,
        });
    }
    let help = match folder {
        _ if port_of_folder(folder).is_some() => return None,
        // The registry of Docker Hub has other names on the web.
        "index.docker.io" | "hub.docker.com" | "docker.com" | "www.docker.com" | "dockerhub" | "docker"
        | "docker-hub" => "Name the folder docker.io, as the registry is called in the names of images.".to_owned(),
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
            _ => "Name the folder after the registry as in the names of images: it has a dot or a port in it, or is \
                  `localhost`."
                .to_owned(),
        },
    };
    Some(Misplaced { message: format!("no image has the registry `{folder}`"), help, releases: READS_HOSTS_FILES })
}

fn of_name(name: &str, folder: &str) -> Misplaced {
    Misplaced {
        message: format!("containerd does not look for a file `{name}`"),
        help: format!("Name it {folder}/{FILE_NAME}."),
        releases: READS_HOSTS_FILES,
    }
}

fn without_folder() -> Misplaced {
    Misplaced {
        message: "this hosts.toml stands in no folder of a registry".to_owned(),
        help: "Put it in a folder named after the registry, or in _default for all registries.".to_owned(),
        releases: READS_HOSTS_FILES,
    }
}

fn too_deep(first: &str) -> Misplaced {
    Misplaced {
        message: "this hosts.toml lies too deep: a registry's folder has no path in it".to_owned(),
        help: format!(
            "Put it in the folder of the registry alone, such as {first}/{FILE_NAME}: mirrors are for a registry, not \
             for a part of it."
        ),
        releases: READS_HOSTS_FILES,
    }
}

//! Docker's `daemon.json`.

use super::detect::{count_known, file_name};
use super::{File, Kind, no_version, no_wrapper, root_body};
use crate::host::Facts;
use crate::keys::{Lookup, Place, Table, tables};
use crate::releases::Product;
use crate::syntax::Node;

/// The kind.
pub static KIND: Kind = Kind {
    id: "docker",
    title: "Docker daemon.json",
    product: Product::Docker,
    places: &["/etc/docker/daemon.json"],
    unwrap: no_wrapper,
    bodies: root_body,
    table,
    // Below the top level Go's decoder matches names without regard to case and skips those it does not know.
    lookup: Lookup {
        any_case: |place: Place| !place.name().is_empty(),
        free: |_, within| !within.name().is_empty() && within.name() != "nri-opts",
    },
    version: no_version,
    otherwise: &[],
    facts,
};

pub(super) fn is_own_path(path: &str) -> bool {
    let name = file_name(path);
    name == "daemon.json" || name.ends_with("-daemon.json") || name == "deamon.json"
}

/// A JSON object by another name: most of its keys must be Docker's.
pub(super) fn looks_like(path: &str, root: &Node<'_>) -> bool {
    let known = count_known(root, |key| tables::DOCKER.find(&[key]).is_some());
    let named = ["docker", "daemon"].iter().any(|word| file_name(path).contains(word));
    named && known > 0 && known * 2 >= root.entries().len()
}

fn table(_: &Node<'_>) -> Option<&'static Table> {
    Some(&tables::DOCKER)
}

fn facts(file: &File<'_>, facts: &mut Facts) {
    let root = file.body();
    facts.docker.push(file.index);
    facts.docker_hosts.set_entry(file, root.entry("hosts"));
    facts.docker_log_opts.set_entry(file, root.entry("log-opts"));
    facts.docker_data_root.set_text(file, root.entry("data-root"));
    let options = root.get("exec-opts").map(Node::items).unwrap_or_default();
    for option in options {
        let text = option.as_str().unwrap_or_default();
        if let Some((name, value)) = text.split_once('=')
            && name.trim().eq_ignore_ascii_case("native.cgroupdriver")
        {
            facts.docker_cgroup_driver.set(file, value.trim().to_owned(), option.span);
        }
    }
}

//! The values of Docker's settings on a node in the end, release by release: dockerd refuses a setting that is both a
//! flag and in its file, so that one of them counts.

use super::kind::KIND;
use super::settings::cgroup_drivers;
use crate::kind::{NodeFiles, NodeValue, NodeValues, SettingPlace, ValueSource};
use crate::releases::{Product, Releases};
use crate::systemd::flags::{self, Program};
use crate::systemd::on_node::flags_in_order;

/// Releases whose default cgroup driver is cgroupfs on every node; later ones take systemd with cgroup v2.
/// Source: moby/moby@v20.10.27:cmd/dockerd/daemon.go, daemon/daemon_unix.go (`getCD`, `UsingSystemd`).
const DEFAULTS_TO_CGROUPFS: Releases = Releases::docker("..19.03");

/// Whether a file of the node belongs to Docker.
pub(crate) fn is_present(node: &NodeFiles<'_, '_>) -> bool {
    node.files.iter().any(|file| *file.kind == KIND) || flags::starts(&node.files, Program::Dockerd).is_some()
}

/// The cgroup drivers; none in releases in which it depends on the node's kernel.
pub(crate) fn cgroup_driver(node: &NodeFiles<'_, '_>) -> Vec<NodeValue> {
    let mut values = NodeValues::default();
    let mut drivers = flags_in_order(node, Program::Dockerd).into_iter().filter(|given| given.flag.name == "exec-opt");
    if let Some(given) = drivers.rfind(|given| driver(given.flag.value).is_some())
        && let Some(driver) = driver(given.flag.value)
    {
        values.add(driver, given.file.releases.get(Product::Docker), ValueSource::Flag(given.place()));
        return values.into_vec();
    }
    let mut files = node.files.iter().copied().filter(|file| *file.kind == KIND);
    let Some(file) = files.next().filter(|_| files.next().is_none()) else { return vec![] };
    let releases = file.releases.get(Product::Docker);
    match cgroup_drivers(file.settings()).pop() {
        Some((item, driver)) => {
            let place = SettingPlace { file: file.index, key: item.key_span, value: item.value_span };
            values.add(&driver, releases, ValueSource::File(place));
        }
        None => values.add("cgroupfs", releases.and(DEFAULTS_TO_CGROUPFS.get(Product::Docker)), ValueSource::Default),
    }
    values.into_vec()
}

fn driver(option: Option<&str>) -> Option<&str> {
    let (name, value) = option?.split_once('=')?;
    let value = value.trim();
    (name.trim().eq_ignore_ascii_case("native.cgroupdriver") && !value.is_empty()).then_some(value)
}

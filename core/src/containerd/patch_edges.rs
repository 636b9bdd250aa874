//! Where patch releases of one release load the same files differently.
//!
//! The loader runs once for the patch releases that treat the files alike. Most files have no key in which the patches
//! of a release differ, so it runs once for a release.

use std::ops::RangeInclusive;

use super::eras::ERA_EDGES;
use super::kind::written_version;
use super::plugin_tables::PLUGIN_EDGES;
use crate::keys::tables::CONTAINERD_EDGES;
use crate::kind::File;
use crate::releases::{Bits, Product, ReleaseSet, Releases};
use crate::syntax::{Node, Value};

/// The patch ranges that treat the files in another way than the range before.
pub(crate) fn edges(files: &[&File<'_>]) -> ReleaseSet {
    let mut edges = 0;
    // Files that are loaded together have one version in the end.
    let versions: Vec<i64> = files.iter().map(|file| written_version(file.body()).unwrap_or(0)).collect();
    for file in files {
        add(file.body(), &versions, &mut edges);
    }
    ReleaseSet(edges)
}

fn add(node: &Node<'_>, versions: &[i64], edges: &mut Bits) {
    for entry in node.entries() {
        *edges |= of_name(&entry.key, versions);
        add(&entry.value, versions, edges);
    }
    for item in node.items() {
        add(item, versions, edges);
    }
    if let Value::Scalar(_) = &node.value
        && let Some(text) = node.as_str()
    {
        *edges |= of_name(text, versions);
    }
}

/// The edges of a key, or of a plugin by its name or URI.
fn of_name(name: &str, versions: &[i64]) -> Bits {
    let name = name.rsplit('.').next().unwrap_or(name);
    // 2.x match names without regard to letter case.
    let lower = name.to_ascii_lowercase();
    let name = lower.as_str();
    let of_key = CONTAINERD_EDGES.binary_search_by(|(key, _)| (*key).cmp(name)).ok();
    let of_key = of_key.and_then(|at| CONTAINERD_EDGES.get(at)).map_or(0, |(_, edges)| *edges);
    let of_plugin = PLUGIN_EDGES.iter().filter(|(plugin, _)| *plugin == name).map(|(_, edges)| *edges);
    let matters = |within: &RangeInclusive<i64>| versions.iter().any(|version| within.contains(version));
    let of_era = ERA_EDGES.iter().filter(|(key, within, _)| *key == name && matters(within));
    let of_era = of_era.map(|(.., era)| edges_of(*era));
    of_plugin.chain(of_era).fold(of_key, |all, edges| all | edges)
}

const fn edges_of(era: Releases) -> Bits {
    era.get(Product::Containerd).edges().0
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::edges;
    use crate::containerd;
    use crate::containerd::loader::ContainerdRelease;
    use crate::kind::{File, Kind};
    use crate::releases::{Product, ReleaseSet, Releases};
    use crate::syntax::{self, Format};

    const KIND: &Kind = &containerd::KIND;

    /// How often the loader runs for a file, for all releases and for those of the default target.
    fn runs(text: &str) -> (usize, usize) {
        let doc = syntax::read(text, Format::Toml);
        let (config_version, admits) = (KIND.version)(&doc.root);
        let file = File {
            index: 0,
            path: "",
            root: "/",
            doc,
            kind: KIND,
            config_version,
            admits,
            releases: Releases::ANY,
            template: None,
            reread: false,
            decoded: None,
            unread: HashSet::new(),
            reached: vec![],
            attributes: None,
        };
        let edges = edges(&[&file]);
        let count = |set: ReleaseSet| ContainerdRelease::of(set, edges).count();
        (count(ReleaseSet::ALL), count(Product::Containerd.default_target()))
    }

    #[test]
    fn ordinary_files_are_loaded_about_once_a_release() {
        let read = |path: &str| std::fs::read_to_string(format!("{}/../{path}", env!("CARGO_MANIFEST_DIR"))).unwrap();
        let releases = (Product::Containerd.releases().len(), 5);
        for plain in ["", "version = 2\n", "version = 3\n[grpc]\n  address = \"/run/containerd.sock\"\n"] {
            assert_eq!(runs(plain), releases, "{plain}");
        }
        for (path, most) in [
            ("examples/upgrade-to-2/etc/containerd/config.toml", (18, 7)),
            ("examples/well-configured/etc/containerd/config.toml", (16, 6)),
            ("examples/moved-from-docker/etc/containerd/config.toml", (16, 6)),
            ("examples/gpu-drop-in/etc/containerd/config.toml", (13, 5)),
            // All settings of a release, spelled out.
            ("benches/config-default.toml", (26, 13)),
            ("benches/config-default-1.7.toml", (29, 12)),
        ] {
            let (all, default) = runs(&read(path));
            assert!(all <= most.0 && default <= most.1, "{path}: {all} and {default}");
        }
    }

    #[test]
    fn names_split_releases_where_patches_differ() {
        assert_eq!(runs("version = 3\n[plugins.\"x\"]\n  Enable_CRIU = true\n"), (15, 7));
        assert_eq!(runs("version = 2\n[x]\n  stream_server_port = \"0\"\n"), (14, 6));
        assert_eq!(runs("version = 3\n[x]\n  stream_server_port = \"0\"\n"), (13, 5));
    }
}

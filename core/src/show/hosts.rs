//! The registry hosts that the `hosts.toml` files of a node set.

use crate::kind::{EffectiveSetting, NodeFiles, Origin, SettingSource};
use crate::registry_hosts::{KIND, namespace};
use crate::syntax::edit::string;
use crate::syntax::{Entry, Node};

/// A setting for each file: the hosts that it lists, in their order, the upstream last.
pub(super) fn settings(node: &NodeFiles<'_, '_>) -> Vec<EffectiveSetting> {
    let files = node.files.iter().copied().filter(|file| *file.kind == KIND);
    let of_file = |file: &crate::kind::File<'_>| {
        let root = file.body();
        let hosts = root.get("host").map(Node::entries).unwrap_or_default();
        let server = root.entry("server");
        let names = hosts.iter().map(|host| host.key.as_ref()).chain(server.and_then(|server| server.value.as_str()));
        let names: Vec<String> = names.map(string).collect();
        let first: Option<&Entry<'_>> = server.or(hosts.first());
        let origin = Origin { file: file.index, key: first?.key_span };
        let path = vec!["hosts".to_owned(), namespace(file.path)?];
        Some(EffectiveSetting {
            path,
            value: format!("[{}]", names.join(", ")),
            source: SettingSource::Written(origin),
            unused: false,
        })
    };
    files.filter_map(of_file).collect()
}

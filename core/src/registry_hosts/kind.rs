//! `hosts.toml` of a registry host namespace, below containerd's `config_path`.

use crate::keys::{Table, tables};
use crate::kind::Kind;
use crate::kind::places::{file_name, has_folder};
use crate::releases::Product;
use crate::syntax::{Entry, Format, Node};
use crate::text::Span;

/// The kind.
pub static KIND: Kind = Kind {
    id: "containerd-hosts",
    title: "containerd hosts.toml",
    product: Product::Containerd,
    formats: &[Format::Toml],
    places: &["/etc/containerd/certs.d/*/hosts.toml"],
    table,
    complete_template: Some(|_, _| {}),
    ..Kind::DEFAULTS
};

/// The name that the daemon looks for in the folder of a registry.
pub const FILE_NAME: &str = "hosts.toml";

/// Whether a TOML file is of this kind. In a `certs.d` folder all are: the daemon reads no other file name there,
/// which a rule reports.
pub(crate) fn looks_like(path: &str, root: &Node) -> bool {
    let has_own_key = || ["server", "host", "capabilities"].iter().any(|key| root.get(key).is_some());
    has_folder(path, "certs.d") || file_name(path) == FILE_NAME && has_own_key()
}

fn table(_: &Node) -> Option<&'static Table> {
    Some(&tables::HOSTS)
}

/// The folders between `certs.d` and the file: in a sound layout one, the registry in the names of images.
#[must_use]
pub fn folders(path: &str) -> Option<Vec<&str>> {
    let mut parts: Vec<&str> = path.split('/').collect();
    parts.pop();
    let at = parts.iter().rposition(|part| *part == "certs.d")?;
    Some(parts.split_off(at + 1))
}

/// The registry in the names of images, by the file's folder: `docker.io`, `registry.example:5000`.
#[must_use]
pub fn namespace(path: &str) -> Option<String> {
    let folders = folders(path)?;
    let [folder] = folders.as_slice() else { return None };
    Some(match port_of_folder(folder) {
        Some((host, port)) => format!("{host}:{port}"),
        None => (*folder).to_owned(),
    })
}

/// The same for reports; for a file that is not below `certs.d` the name of its folder.
pub(crate) fn registry_name(path: &str) -> String {
    let folder = path.rsplit('/').nth(1).unwrap_or(path);
    namespace(path).unwrap_or_else(|| folder.to_owned())
}

/// Host and port of a folder such as `registry.example_5000_`.
#[must_use]
pub fn port_of_folder(folder: &str) -> Option<(&str, &str)> {
    let (host, port) = folder.strip_suffix('_')?.rsplit_once('_')?;
    is_port(port).then_some((host, port))
}

/// Whether a text is the number of a port.
#[must_use]
pub fn is_port(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// A registry host of a file: a mirror, or the upstream that comes last.
#[derive(Clone, Copy)]
pub struct RegistryHost<'t, 'a> {
    /// The URL as written.
    pub url: &'t str,
    /// Where the URL stands.
    pub span: Span,
    /// The mirror's entry, or `server`.
    pub entry: &'t Entry<'a>,
    /// The table that holds its settings; the root for the upstream.
    pub table: &'t Node<'a>,
    /// Whether it is the upstream (`server`).
    pub is_server: bool,
}

/// The hosts of a file in the order of their tables; the upstream, if written, last.
#[must_use]
pub fn registry_hosts<'t, 'a>(root: &'t Node<'a>) -> Vec<RegistryHost<'t, 'a>> {
    let mirrors = mirrors(root).iter().filter(|e| e.value.as_map().is_some()).map(|entry| RegistryHost {
        url: &entry.key,
        span: entry.key_span,
        entry,
        table: &entry.value,
        is_server: false,
    });
    let server = root.entry("server").and_then(|entry| {
        let url = entry.value.as_str().filter(|url| !url.is_empty())?;
        Some(RegistryHost { url, span: entry.value.span, entry, table: root, is_server: true })
    });
    mirrors.chain(server).collect()
}

/// The entries of the `host` table.
#[must_use]
pub fn mirrors<'t, 'a>(root: &'t Node<'a>) -> &'t [Entry<'a>] {
    root.get("host").map(Node::entries).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_name_registries() {
        for (path, name) in [
            ("/etc/containerd/certs.d/docker.io/hosts.toml", Some("docker.io")),
            ("certs.d/registry.example_5000_/hosts.toml", Some("registry.example:5000")),
            ("certs.d/registry.example:5000/hosts.toml", Some("registry.example:5000")),
            ("certs.d/_default/hosts.toml", Some("_default")),
            ("certs.d/a/b/hosts.toml", None),
            ("certs.d/hosts.toml", None),
            ("docker.io/hosts.toml", None),
        ] {
            assert_eq!(namespace(path).as_deref(), name, "{path}");
        }
    }
}

//! Questions about the path and the keys of a text, by which its kind is detected.

use crate::syntax::Node;

/// The last part of a path.
pub(crate) fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Whether one of the folders on the way to a file has this name.
pub(crate) fn has_folder(path: &str, folder: &str) -> bool {
    let mut parts: Vec<&str> = path.split('/').collect();
    parts.pop();
    parts.contains(&folder)
}

/// A path written in a file, as the paths of its node are written: what is absolute starts at the node's `root`, and
/// the rest in `folder`. `.` and `..` are resolved by name, as Go's `filepath.Join` does.
pub(crate) fn on_node(root: &str, folder: &str, written: &str) -> String {
    let (start, rest) = match written.strip_prefix('/') {
        Some(rest) => (root, rest),
        None if folder.is_empty() => ("", written),
        None => match folder.strip_prefix(root) {
            Some(below) => return on_node(root, "", &format!("/{below}/{written}")),
            None => return on_node("", "", &format!("{folder}/{written}")),
        },
    };
    let mut parts: Vec<&str> = vec![];
    for part in rest.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => drop(parts.pop()),
            // Nothing is above the root.
            ".." if written.starts_with('/') => {}
            part => parts.push(part),
        }
    }
    format!("{start}{}", parts.join("/"))
}

/// How many keys of `node` are among `known`.
pub(crate) fn count_known(node: &Node<'_>, known: impl Fn(&str) -> bool) -> usize {
    node.entries().iter().filter(|e| known(&e.key)).count()
}

#[cfg(test)]
mod tests {
    use super::on_node;

    #[test]
    fn a_path_is_absolute_or_beside_the_file_that_names_it() {
        for (root, folder, written, wanted) in [
            ("/", "/etc/containerd", "/opt/x.toml", "/opt/x.toml"),
            ("/", "/etc/containerd", "conf.d/*.toml", "/etc/containerd/conf.d/*.toml"),
            ("/", "/etc/containerd", "./../x.toml", "/etc/x.toml"),
            ("/", "/etc/containerd", "/../../x.toml", "/x.toml"),
            ("/", "/etc/containerd", "../../../x.toml", "/x.toml"),
            ("images/a/", "images/a/etc/containerd", "/opt//x.toml", "images/a/opt/x.toml"),
            ("images/a/", "images/a/etc/containerd", "../../../../x.toml", "images/a/x.toml"),
            ("", "etc/containerd", "/opt/x.toml", "opt/x.toml"),
            ("", "etc/containerd", "x.toml", "etc/containerd/x.toml"),
            ("/", "files", "x.toml", "files/x.toml"),
            ("/", "files", "../x.toml", "x.toml"),
            ("/", "files", "../../x.toml", "../x.toml"),
            ("/", "", "./x.toml", "x.toml"),
        ] {
            assert_eq!(on_node(root, folder, written), wanted, "{written} in {folder}");
        }
    }
}

//! Texts of wrappers of no known form: the value of a key that is named as a file of a daemon is, such as
//! `config.toml: |` in a ConfigMap, in values of Helm or in variables of Ansible; a text beside a path; and user data
//! below any key.

use super::collect::Collector;
use super::mime;
use super::wrappers::USER_DATA;
use crate::kinds;
use crate::syntax::{Node, Style, Value};

/// Takes the texts of all keys below a node that are named as files are, and those that stand beside a path.
pub(super) fn collect(node: &Node<'_>, all: &mut Collector<'_>) {
    if let Some((path, content)) = file(node) {
        all.text(content, path.to_owned(), path.to_owned(), None);
    }
    for entry in node.entries() {
        if !is_text(&entry.value) {
            continue;
        }
        let name = entry.key.clone().into_owned();
        if is_user_data(&entry.value) {
            all.text(&entry.value, name, USER_DATA.to_owned(), None);
        } else if !kinds::formats_of(&name).is_empty() {
            all.text(&entry.value, name.clone(), name, None);
        }
    }
    let values = node.entries().iter().map(|entry| &entry.value).chain(node.items());
    for value in values.filter(|value| value.as_scalar().is_none()) {
        // The texts of a table are for one node together.
        all.node += 1;
        collect(value, all);
    }
}

/// The path and content of a file that a table describes, such as a task `copy` of Ansible.
/// Source: ansible/ansible@v2.18.0:lib/ansible/modules/copy.py.
fn file<'n, 'a>(table: &'n Node<'a>) -> Option<(&'n str, &'n Node<'a>)> {
    let path = ["dest", "path"].iter().find_map(|key| table.get(key)?.as_str()).filter(|path| path.starts_with('/'))?;
    let content = table.get("content").filter(|content| is_text(content))?;
    Some((path, content))
}

/// Whether a text is user data, by how it begins.
fn is_user_data(node: &Node<'_>) -> bool {
    let text = node.as_str().unwrap_or_default().trim_start();
    text.starts_with("#cloud-config") || text.starts_with("apiVersion: node.eks.aws/") || mime::is_multipart(text)
}

/// Whether a value is a text of several lines.
fn is_text(node: &Node<'_>) -> bool {
    let Value::Scalar(scalar) = &node.value else { return false };
    scalar.style == Style::Block || scalar.style != Style::Plain && scalar.text.contains(['\n', '{', '='])
}

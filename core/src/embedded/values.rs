//! Texts of wrappers of no known form: the value of a key that is named as a file of a daemon is, such as
//! `config.toml: |` in a ConfigMap, in values of Helm or in variables of Ansible.

use super::collect::Collector;
use crate::kinds;
use crate::syntax::{Node, Style, Value};

/// Takes the texts of all keys below a node that are named as files are.
pub(super) fn collect(node: &Node<'_>, all: &mut Collector<'_>) {
    for entry in node.entries() {
        if is_text(&entry.value) && !kinds::formats_of(&entry.key).is_empty() {
            let name = entry.key.clone().into_owned();
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

/// Whether a value is a text of several lines.
fn is_text(node: &Node<'_>) -> bool {
    let Value::Scalar(scalar) = &node.value else { return false };
    scalar.style == Style::Block || scalar.style != Style::Plain && scalar.text.contains(['\n', '{', '='])
}

//! `/etc/crictl.yaml`.

use crate::keys::{Table, tables};
use crate::kind::{Kind, NodeFiles, SettingPlace};
use crate::releases::Product;
use crate::syntax::{Format, Node};

/// The kind.
pub static KIND: Kind = Kind {
    id: "crictl",
    title: "crictl.yaml",
    product: Product::Kubernetes,
    formats: &[Format::Yaml, Format::Json],
    places: &["/etc/crictl.yaml"],
    table,
    ..Kind::DEFAULTS
};

fn table(_: &Node<'_>) -> Option<&'static Table> {
    Some(&tables::CRICTL)
}

/// The endpoint of crictl for pods and containers, else that for images, with its place.
pub(crate) fn endpoint<'f>(node: &NodeFiles<'f, '_>) -> Option<(&'f str, SettingPlace)> {
    let file = node.files.iter().copied().rfind(|file| *file.kind == KIND)?;
    let entry = |name| file.body().entry(name).filter(|entry| entry.value.as_str().is_some());
    let entry = entry("runtime-endpoint").or_else(|| entry("image-endpoint"))?;
    Some((entry.value.as_str()?, SettingPlace::of_entry(file, entry)))
}

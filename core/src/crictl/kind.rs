//! `/etc/crictl.yaml`.

use crate::keys::{Table, tables};
use crate::kind::Facts;
use crate::kind::{File, Kind};
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
    facts,
    ..Kind::DEFAULTS
};

fn table(_: &Node<'_>) -> Option<&'static Table> {
    Some(&tables::CRICTL)
}

fn facts(file: &File<'_>, facts: &mut Facts) {
    let root = file.body();
    facts.crictl_runtime_endpoint.set_text(file, root.entry("runtime-endpoint"));
    facts.crictl_image_endpoint.set_text(file, root.entry("image-endpoint"));
}

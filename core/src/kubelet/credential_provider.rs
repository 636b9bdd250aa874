//! CredentialProviderConfig: the file of the kubelet's `--image-credential-provider-config`.

use crate::keys::{Table, tables};
use crate::kind::Kind;
use crate::releases::Product;
use crate::syntax::{Entry, Format, Node};

/// The kind.
pub static KIND: Kind = Kind {
    id: "credential-provider",
    title: "CredentialProviderConfig",
    product: Product::Kubernetes,
    formats: &[Format::Yaml, Format::Json],
    places: &["/etc/eks/image-credential-provider/config.json", "/etc/kubernetes/credential-provider.yaml"],
    table,
    ..Kind::DEFAULTS
};

/// Whether a document is of this kind, in whatever letter case.
pub(crate) fn looks_like(root: &Node<'_>) -> bool {
    let kind = root.get("kind").and_then(Node::as_str).unwrap_or_default();
    kind.eq_ignore_ascii_case("CredentialProviderConfig")
}

fn table(_: &Node<'_>) -> Option<&'static Table> {
    Some(&tables::CREDENTIAL_PROVIDER)
}

/// The providers that are tables.
pub(crate) fn providers<'t, 'a>(root: &'t Node<'a>) -> impl Iterator<Item = &'t Node<'a>> {
    let items = root.get("providers").map(Node::items).unwrap_or_default();
    items.iter().filter(|item| item.as_map().is_some())
}

/// The entry of a provider, unless it is null or empty.
pub(crate) fn filled<'t, 'a>(provider: &'t Node<'a>, key: &str) -> Option<&'t Entry<'a>> {
    let entry = provider.entry(key)?;
    let is_empty = entry.value.is_null()
        || entry.value.as_scalar().is_some_and(|scalar| scalar.text.is_empty())
        || entry.value.as_scalar().is_none() && entry.value.items().is_empty() && entry.value.entries().is_empty();
    (!is_empty).then_some(entry)
}

//! # `registries-wrong-type`
//!
//! A value in `registries.yaml` of a type that k3s and RKE2 do not read.
//!
//! ## Why
//!
//! k3s and RKE2 read the whole file before they start containerd. A value of another type is an error: the node does
//! not come up, with `yaml: unmarshal errors` and `cannot unmarshal !!str into []string` in the log. Numbers are taken
//! where a text is expected, `"true"` in quotes is not taken for a boolean.
//!
//! ## What to do
//!
//! Write the value in the type that the message names.
//!
//! ## Examples
//!
//! ```yaml bad
//! --- /etc/rancher/k3s/registries.yaml
//! mirrors:
//!   docker.io:
//!     endpoint: https://mirror.example
//!               ^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```yaml fixed
//! --- /etc/rancher/k3s/registries.yaml
//! mirrors:
//!   docker.io:
//!     endpoint: [https://mirror.example]
//! ```
//!
//! ```yaml bad
//! --- /etc/rancher/k3s/registries.yaml
//! configs:
//!   registry.example:
//!     tls:
//!       insecure_skip_verify: "true"
//!                             ^^^^^^
//! ```
//!
//! ```yaml bad
//! --- /etc/rancher/rke2/registries.yaml
//! mirrors:
//!   docker.io:
//!     - https://mirror.example
//!     ^^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```yaml good
//! --- /etc/rancher/k3s/registries.yaml
//! mirrors:
//!   docker.io:
//!   registry.example:
//!     endpoint:
//! configs:
//!   registry.example:
//!     auth:
//!       username: 1000
//!       password: 12345
//!     tls:
//!       insecure_skip_verify: yes
//! ```
//!
//! ## References
//!
//! - rancher/wharfie@bb7080c:pkg/registries/types.go, registries.go; go-yaml/yaml@v2.4.0:decode.go

use crate::distributions::registries;
use crate::keys::{Item, KeySpec, Type};
use crate::rules::prelude::*;
use crate::syntax::{ScalarKind, Value};

pub(crate) const RULE: Rule = Rule {
    id: "registries-wrong-type",
    summary: "Value in `registries.yaml` for which k3s and RKE2 do not start",
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&registries::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    for bound in cx.bound {
        // Below `*` of a map of tables stands the table of a registry.
        let ty = bound
            .key()
            .map(KeySpec::ty)
            .or_else(|| (bound.within.key()?.ty() == Type::Map(Item::Table)).then_some(Type::Table));
        if let Some(ty) = ty
            && let Some(node) = fault(ty, &bound.entry.value)
        {
            report(cx, bound.entry, ty, node);
        }
    }
}

/// What the YAML library does not decode into a field of this type.
fn fault<'t, 'a>(ty: Type, node: &'t Node<'a>) -> Option<&'t Node<'a>> {
    let is_text = |node: &&Node<'_>| matches!(node.value, Value::Scalar(_) | Value::Missing);
    let fits = match (&node.value, ty) {
        (Value::Missing, _) => true,
        (Value::Scalar(scalar), _) if scalar.kind == ScalarKind::Null => true,
        (Value::Scalar(scalar), Type::Bool) => scalar.kind == ScalarKind::Bool,
        (Value::Scalar(_), Type::String) | (Value::Map(_), Type::Table | Type::Map(Item::Table)) => true,
        (Value::Seq(items), Type::List(_)) => return items.iter().find(|item| !is_text(item)),
        (Value::Map(map), Type::Map(_)) => {
            return map.entries.iter().map(|entry| &entry.value).find(|node| !is_text(node));
        }
        _ => false,
    };
    (!fits).then_some(node)
}

fn report(cx: &mut FileCx, entry: &Entry, ty: Type, node: &Node) {
    let (name, is_item) = (entry.key.as_ref(), !std::ptr::eq(node, &raw const entry.value));
    let expected = if is_item { "a string" } else { ty.name() };
    let written = node.span.of(cx.doc().text);
    let fix = match (ty, &node.value) {
        (Type::List(_), Value::Scalar(_)) if !is_item && !written.contains('\n') => {
            let text = format!("[{written}]");
            Some(Fix::edit(Applicability::Unsafe, format!("Write {text}"), node.span, text))
        }
        (Type::Bool, Value::Scalar(scalar)) if ["true", "false"].contains(&scalar.text.as_ref()) => {
            Some(Fix::edit(Applicability::Unsafe, format!("Write {}", scalar.text), node.span, scalar.text.to_string()))
        }
        _ => None,
    };
    let path = cx.path_of(entry);
    cx.report(node.span, format!("`{name}` must be {expected}, not {}", node.type_name()))
        .refused(Releases::ANY)
        .key(path)
        .why("k3s and RKE2 start neither containerd nor the kubelet: `yaml: unmarshal errors`, `cannot unmarshal`.")
        .help(format!("Write {expected}."))
        .maybe_fix(fix);
}

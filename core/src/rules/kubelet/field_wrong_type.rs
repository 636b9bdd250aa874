//! # `field-wrong-type`
//!
//! A value of another type than the field takes: a quoted number, a number where text is wanted, a duration without unit.
//!
//! ## Why
//!
//! The kubelet does not start: `cannot unmarshal string into Go struct field KubeletConfiguration.maxPods of type int32`. It
//! converts nothing: `"110"` is no number, `cpu: 1` in `systemReserved` is no text, and a duration is text with a unit
//! (`60s`, not `60` or `1d`). In YAML, `yes`, `on` and `off` are booleans, and `110.0` passes for a whole number.
//!
//! ## What to do
//!
//! Write the value in the type of the field.
//!
//! ## Examples
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! maxPods: "60"
//!          ^^^^
//! ```
//!
//! ```yaml fixed
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! maxPods: 60
//! ```
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! systemReserved:
//!   cpu: 1
//!        ^
//! ```
//!
//! ```yaml fixed
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! systemReserved:
//!   cpu: "1"
//! ```
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! syncFrequency: 60
//!                ^^
//! ```
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! nodeStatusUpdateFrequency: "1d"
//!                            ^^^^
//! ```
//!
//! ```yaml bad
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! clusterDNS: 10.96.0.10
//!             ^^^^^^^^^^
//! ```
//!
//! ```yaml fixed
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! clusterDNS: [10.96.0.10]
//! ```
//!
//! ```yaml good
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! maxPods: 110.0
//! failSwapOn: no
//! authentication: null
//! logging:
//!   options:
//!     json:
//!       infoBufferSize: 0
//! ```
//!
//! ```yaml good
//! --- /etc/kubernetes/kubelet.conf.d/10-default.conf
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! syncFrequency: null
//! ```
//!
//! ## References
//!
//! - opsnull/follow-me-install-kubernetes-cluster#458; measured with the loaders of 1.24.16, 1.31.13 and 1.36.3
//! - kubernetes/component-base@kubernetes-1.28.0:logs/api/v1/types.go (`flushFrequency`)

use crate::go::duration::duration;
use crate::keys::{Bound, Item, KeySpec, Type};
use crate::kubelet;
use crate::kubelet::kind::Role;
use crate::kubelet::maps::MAPS;
use crate::kubelet::values::{int_range, is_absent};
use crate::rules::prelude::*;
use crate::syntax::{Scalar, ScalarKind, Value};

pub(crate) const RULE: Rule = Rule {
    id: "field-wrong-type",
    summary: "A value of another type than the kubelet takes",
    fix: Some(Applicability::Safe),
    run: Run::File(&[&kubelet::KIND], check),
    ..Rule::DEFAULTS
};

/// They take nanoseconds alone for `logging.flushFrequency`.
const FLUSH_IN_NANOSECONDS: Releases = Releases::kubernetes("1.23..1.27");
const FLUSH_AS_TEXT: Releases = Releases::kubernetes("1.28..");
/// Pointers in Go: null leaves them unset.
const NULL_DURATIONS: [&str; 3] =
    ["cpuCFSQuotaPeriod", "containerLogMonitorInterval", "crashLoopBackOff.maxContainerRestartPeriod"];

/// What is wrong with a value.
enum Fault<'t, 'a> {
    /// Its type.
    Type(&'t Node<'a>, &'static str),
    /// A number too large for the field, or not whole.
    Number(&'t Node<'a>, &'static str),
    /// A duration that Go does not read, with its words.
    Duration(&'t Node<'a>, String),
}

fn check(cx: &mut FileCx) {
    let is_drop_in = kubelet::role(cx.file, cx.root) == Role::DropIn;
    for bound in cx.bound {
        let Some(key) = bound.key() else { continue };
        // In a drop-in null takes the setting away.
        if is_drop_in && is_absent(&bound.entry.value) {
            continue;
        }
        if key.path() == "logging.flushFrequency" {
            check_flush(cx, bound, key);
        } else if let Some(fault) = fault(key, &bound.entry.value) {
            report(cx, bound, key, &fault);
        }
    }
}

fn fault<'t, 'a>(key: &'static KeySpec, node: &'t Node<'a>) -> Option<Fault<'t, 'a>> {
    let is_duration = key.format() == "duration";
    if is_absent(node) {
        let refused =
            is_duration && node.is_null() && key.ty() == Type::String && !NULL_DURATIONS.contains(&key.path());
        let within_map = key.path().contains('"');
        return (refused && !within_map).then(|| Fault::Duration(node, "time: invalid duration \"\"".into()));
    }
    match (key.ty(), &node.value) {
        (Type::Map(item), Value::Map(_)) => items(node.entries().iter().map(|e| &e.value), item.ty(), key),
        (Type::List(item), Value::Seq(list)) => items(list.iter(), item.ty(), key),
        (ty, _) => single(ty, key, node),
    }
}

/// The first item that does not fit. Items with a row of their own are judged there.
fn items<'t, 'a: 't>(
    mut all: impl Iterator<Item = &'t Node<'a>>,
    ty: Type,
    key: &'static KeySpec,
) -> Option<Fault<'t, 'a>> {
    let has_rows = matches!(key.ty(), Type::Map(Item::Bool)) || MAPS.contains(&key.path());
    if has_rows {
        return None;
    }
    all.find_map(|node| if is_absent(node) { None } else { single(ty, key, node) })
}

fn single<'t, 'a>(ty: Type, key: &'static KeySpec, node: &'t Node<'a>) -> Option<Fault<'t, 'a>> {
    let Some(scalar) = node.as_scalar() else {
        return (!ty.admits(node)).then_some(Fault::Type(node, wanted(ty, key)));
    };
    match (ty, scalar.kind) {
        (Type::Int, ScalarKind::Integer | ScalarKind::Float) => {
            let (name, low, high) = int_range(key.format());
            fits(scalar, node, (low, high)).is_none().then_some(Fault::Number(node, name))
        }
        // A field of type Quantity takes any number; the texts of maps are other Go types.
        (Type::StringOrInt, ScalarKind::Float) => None,
        (Type::String, ScalarKind::Integer | ScalarKind::Float) if is_quantity(key) => None,
        (Type::String, ScalarKind::String) if key.format() == "duration" => {
            let bad = duration(&scalar.text).err()?;
            Some(Fault::Duration(node, bad.words(&scalar.text)))
        }
        _ => (!ty.admits(node)).then_some(Fault::Type(node, wanted(ty, key))),
    }
}

fn is_quantity(key: &KeySpec) -> bool {
    key.format() == "quantity" && key.path().starts_with("logging.options.")
}

fn wanted(ty: Type, key: &KeySpec) -> &'static str {
    if key.format() == "duration" { "a duration with its unit" } else { ty.name() }
}

/// The number, if it is whole and within the range.
fn fits(scalar: &Scalar, node: &Node, (low, high): (i64, i64)) -> Option<i64> {
    let number = match scalar.kind {
        ScalarKind::Float => {
            let value: f64 = scalar.text.replace('_', "").parse().ok()?;
            let exact = value.fract() == 0.0 && value.abs() < 9e15;
            exact.then_some(value as i64)?
        }
        _ => node.as_int()?,
    };
    (low..=high).contains(&number).then_some(number)
}

/// Nanoseconds as a number in some releases, also text in others.
fn check_flush(cx: &mut FileCx, bound: &Bound, key: &'static KeySpec) {
    let node = &bound.entry.value;
    if is_absent(node) {
        return;
    }
    let scalar = match node.as_scalar() {
        Some(scalar) if scalar.kind == ScalarKind::String => scalar,
        Some(scalar) if scalar.kind != ScalarKind::Bool => return,
        _ => return report(cx, bound, key, &Fault::Type(node, "a duration or a number of nanoseconds")),
    };
    let path = cx.path_of(bound.entry);
    match duration(&scalar.text) {
        Ok(seconds) => {
            let nanoseconds = (seconds * 1e9).round() as i64;
            cx.report(node.span, format!("`flushFrequency` must be a number of nanoseconds, not {}", scalar.text))
                .refused(FLUSH_IN_NANOSECONDS)
                .key(path)
                .why("The kubelet does not start: before 1.28 it takes no text here (`cannot unmarshal string into Go struct field`).")
                .help(format!("Write {nanoseconds}, which every release takes."));
        }
        Err(bad) => {
            let words = bad.words(&scalar.text);
            cx.report(node.span, format!("`{}` is no duration", scalar.text))
                .refused(FLUSH_AS_TEXT.or(FLUSH_IN_NANOSECONDS))
                .key(path)
                .why(format!("The kubelet does not start: `{words}`."))
                .help("Write a number of nanoseconds, or since 1.28 a duration such as 5s.");
        }
    }
}

fn report(cx: &mut FileCx, bound: &Bound, key: &'static KeySpec, fault: &Fault) {
    let path = cx.path_of(bound.entry);
    let name = bound.entry.key.as_ref();
    let releases = Releases::ANY.with(Product::Kubernetes, key.releases());
    let text = cx.doc().text;
    let (node, message, words, help) = match fault {
        Fault::Type(node, wanted) => {
            let written = node.span.of(text).lines().next().unwrap_or_default();
            let words =
                format!("cannot unmarshal {} into Go struct field KubeletConfiguration.{}", go_type(node), path);
            (
                node,
                format!("`{name}` must be {wanted}, not {} ({written})", type_name(node)),
                words,
                format!("Write {wanted}."),
            )
        }
        Fault::Number(node, ty) => {
            let written = node.span.of(text);
            let words = format!(
                "cannot unmarshal number {written} into Go struct field KubeletConfiguration.{path} of type {ty}"
            );
            (
                node,
                format!("`{name}` takes a whole number that fits {ty}, not {written}"),
                words,
                "Write a whole number.".to_owned(),
            )
        }
        Fault::Duration(node, words) => {
            let written = node.span.of(text);
            let message = if written.is_empty() || node.is_null() {
                format!("`{name}` is null, which is no duration")
            } else {
                format!("{written} is no duration for `{name}`")
            };
            let help =
                "Write a number with its unit: 90s, 1m30s, 24h. Units are ns, us, ms, s, m and h; there are no days.";
            (node, message, words.clone(), help.to_owned())
        }
    };
    let fix = convert(cx, key, fault);
    cx.report(node.span, message)
        .refused(releases)
        .key(path)
        .why(format!("The kubelet does not start: `{words}`."))
        .help(help)
        .maybe_fix(fix);
}

/// As people call it who write YAML.
fn type_name(node: &Node) -> &'static str {
    match node.as_scalar().map(|s| s.kind) {
        Some(ScalarKind::Integer) => "a number",
        Some(ScalarKind::Float) => "a number with a fraction",
        _ => node.type_name(),
    }
}

/// As Go's decoder calls it.
fn go_type(node: &Node) -> &'static str {
    match &node.value {
        Value::Seq(_) => "array",
        Value::Map(_) => "object",
        Value::Scalar(scalar) => match scalar.kind {
            ScalarKind::Bool => "bool",
            ScalarKind::Integer | ScalarKind::Float => "number",
            _ => "string",
        },
        Value::Missing => "null",
    }
}

/// The same value in the right type, where that is beyond doubt.
fn convert(cx: &FileCx, key: &KeySpec, fault: &Fault) -> Option<Fix> {
    let Fault::Type(node, _) = fault else { return None };
    let scalar = node.as_scalar()?;
    let written = node.span.of(cx.doc().text);
    let text = scalar.text.trim();
    let new = match (key.ty(), scalar.kind) {
        (Type::Bool | Type::Map(Item::Bool), ScalarKind::String) => {
            Some(text.to_ascii_lowercase()).filter(|t| t == "true" || t == "false")?
        }
        (Type::Int, ScalarKind::String) => text.parse::<i64>().ok()?.to_string(),
        (Type::String, ScalarKind::Integer | ScalarKind::Float | ScalarKind::Bool) if key.format() != "duration" => {
            edit::string(written)
        }
        (Type::Map(Item::String), ScalarKind::Integer | ScalarKind::Float | ScalarKind::Bool) => edit::string(written),
        (Type::List(Item::String), ScalarKind::String) if !text.contains(',') => format!("[{written}]"),
        _ => return None,
    };
    Some(Fix::safe(format!("Write {new}"), node.span, new))
}

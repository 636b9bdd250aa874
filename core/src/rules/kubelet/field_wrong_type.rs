//! # `field-wrong-type`
//!
//! A value of another type than its field: a quoted number, a number instead of a text, a duration without unit.
//!
//! ## Why
//!
//! The kubelet does not start: `cannot unmarshal string into Go struct field KubeletConfiguration.maxPods of type
//! int32`. It converts nothing: `"110"` is not a number, `cpu: 1` in `systemReserved` is not a text, and a duration is
//! a text with a unit (`60s`, not `60` or `1d`). In YAML, `yes`, `on` and `off` are booleans, and `110.0` is accepted
//! as a whole number; in JSON it is not.
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
use crate::keys::{Bound, Item, KeySpec, Place, Type};
use crate::kubelet;
use crate::kubelet::kind::{ConfigRole, is_json};
use crate::kubelet::maps::{TOPOLOGY_OPTIONS, is_map};
use crate::kubelet::node::role;
use crate::kubelet::overrides::Overrides;
use crate::kubelet::quantity;
use crate::kubelet::settings::kubernetes;
use crate::kubelet::values::{int_range, is_absent};
use crate::rules::prelude::*;
use crate::syntax::{ScalarKind, Value};

pub(crate) const RULE: Rule = Rule {
    id: "field-wrong-type",
    summary: "Value of another type than its field",
    fix: Some(Applicability::Safe),
    reads_text: true,
    run: Run::File(&[&kubelet::KIND], check),
    ..Rule::DEFAULTS
};

/// Releases whose `logging.flushFrequency` is a number of nanoseconds alone.
const FLUSHES_BY_NANOSECONDS: Releases = Releases::kubernetes("1.23..1.27");
/// Releases whose `logging.flushFrequency` may also be a text.
const FLUSHES_BY_DURATION: Releases = Releases::kubernetes("1.28..");
/// Durations that are pointers in Go: null leaves them unset.
/// Source: kubernetes/kubelet@v0.36.0:config/v1beta1/types.go.
const NULLABLE_DURATIONS: [&str; 3] =
    ["cpuCFSQuotaPeriod", "containerLogMonitorInterval", "crashLoopBackOff.maxContainerRestartPeriod"];

/// What is wrong with a value.
enum TypeProblem<'t> {
    /// A value of another type than the named one.
    Type(&'t Node<'t>, &'static str),
    /// A number that is not whole, or too large for this Go type.
    Number(&'t Node<'t>, &'static str),
    /// A duration that Go does not read, with Go's words.
    Duration(&'t Node<'t>, String),
    /// A quantity that Kubernetes does not read, with its words.
    Quantity(&'t Node<'t>, &'static str),
}

fn check(cx: &mut FileCx) {
    let is_drop_in = role(cx) == ConfigRole::DropIn;
    let overrides = is_drop_in.then(|| Overrides::of(cx.node));
    // Drop-ins are merged as objects without types, whatever their format.
    let is_json = !is_drop_in && is_json(cx.doc());
    // What is set again further down never gets a type; JSON is decoded value by value.
    let mut replaced: Vec<bool> = vec![];
    for bound in cx.bound {
        let is_last = bound.parent.entry(&bound.entry.key).is_none_or(|last| last.key_span == bound.entry.key_span);
        let is_in_replaced = bound.above.is_some_and(|above| replaced.get(above) == Some(&true));
        replaced.push(!is_json && (is_in_replaced || !is_last));
        // The entries of a table have its type in each release that has the table, whatever their names.
        let map = Some(bound.within).filter(|place| is_map(place.name())).and_then(Place::key);
        let option = map.filter(|key| bound.key().is_none() && key.path() == TOPOLOGY_OPTIONS);
        let Some(key) = bound.key().or(option).filter(|_| replaced.last() == Some(&false)) else { continue };
        // In a drop-in null takes the setting away.
        if is_drop_in && is_absent(&bound.entry.value) {
            continue;
        }
        if key.path() == "logging.flushFrequency" {
            check_flush(cx, bound, key);
        } else if let Some(problem) = match option {
            Some(_) => first_of([&bound.entry.value].into_iter(), Type::String, key, is_json),
            None => problem(key, &bound.entry.value, is_json),
        } {
            // The files of the folder are merged before the values get a type.
            let parts = cx.parts_of(bound.entry).unwrap_or_default();
            let overridden = overrides.as_ref().map_or(ReleaseSet::NONE, |all| all.releases(cx.file, &parts));
            report(cx, bound, key, &problem, kubernetes(map.unwrap_or(key).releases().without(overridden)));
        }
    }
}

fn problem<'t>(key: &'static KeySpec, node: &'t Node<'_>, is_json: bool) -> Option<TypeProblem<'t>> {
    if is_absent(node) {
        let is_duration = key.format() == "duration" && key.ty() == Type::String && node.is_null();
        let is_in_map = key.path().contains('"');
        let is_refused = is_duration && !is_in_map && !NULLABLE_DURATIONS.contains(&key.path());
        return is_refused.then(|| TypeProblem::Duration(node, "time: invalid duration \"\"".into()));
    }
    match (key.ty(), &node.value) {
        // Entries of these tables have rows of their own.
        (Type::Map(Item::Bool), Value::Map(_)) => None,
        (Type::Map(_), Value::Map(_)) if is_map(key.path()) => None,
        (Type::Map(item), Value::Map(_)) => first_of(node.entries().iter().map(|e| &e.value), item.ty(), key, is_json),
        (Type::List(item), Value::Seq(list)) => first_of(list.iter(), item.ty(), key, is_json),
        (ty, _) => single(ty, key, node, is_json),
    }
}

/// The problem of the first item that has one.
fn first_of<'t, 'a: 't>(
    mut items: impl Iterator<Item = &'t Node<'a>>,
    ty: Type,
    key: &'static KeySpec,
    is_json: bool,
) -> Option<TypeProblem<'t>> {
    items.find_map(|node| if is_absent(node) { None } else { single(ty, key, node, is_json) })
}

fn single<'t>(ty: Type, key: &'static KeySpec, node: &'t Node<'_>, is_json: bool) -> Option<TypeProblem<'t>> {
    let wrong_type = || (!ty.admits(node)).then(|| TypeProblem::Type(node, expected(ty, key)));
    let Some(scalar) = node.as_scalar() else { return wrong_type() };
    match (ty, scalar.kind) {
        (Type::Int, ScalarKind::Integer | ScalarKind::Float) => {
            let (name, low, high) = int_range(key.format());
            let fits = whole_number(node, is_json).is_some_and(|number| (low..=high).contains(&number));
            (!fits).then_some(TypeProblem::Number(node, name))
        }
        // A field of type Quantity takes any number; the texts of maps are other Go types.
        (Type::StringOrInt, ScalarKind::Float) => None,
        (Type::String, ScalarKind::Integer | ScalarKind::Float) if is_quantity(key) => None,
        (Type::String, ScalarKind::String) if is_quantity(key) => {
            let bad = quantity::parse(&scalar.text).err()?;
            Some(TypeProblem::Quantity(node, bad.words()))
        }
        (Type::String, ScalarKind::String) if key.format() == "duration" => {
            let bad = duration(&scalar.text).err()?;
            Some(TypeProblem::Duration(node, bad.words(&scalar.text)))
        }
        _ => wrong_type(),
    }
}

fn is_quantity(key: &KeySpec) -> bool {
    key.format() == "quantity" && key.path().starts_with("logging.options.")
}

fn expected(ty: Type, key: &KeySpec) -> &'static str {
    if key.format() == "duration" { "a duration with its unit" } else { ty.name() }
}

/// The number, if it is whole: `110.0` is, because YAML is turned into JSON first; in JSON itself it is a fraction.
fn whole_number(node: &Node, is_json: bool) -> Option<i64> {
    let scalar = node.as_scalar()?;
    if scalar.kind != ScalarKind::Float {
        return node.as_int();
    }
    if is_json {
        return None;
    }
    let value: f64 = scalar.text.replace('_', "").parse().ok()?;
    let is_whole = value.fract() == 0.0 && value.abs() < 9e15;
    is_whole.then_some(value as i64)
}

/// Nanoseconds as a number in some releases, also a text in others.
fn check_flush(cx: &mut FileCx, bound: &Bound, key: &'static KeySpec) {
    let node = &bound.entry.value;
    let kind = node.as_scalar().map(|scalar| scalar.kind);
    if is_absent(node) || matches!(kind, Some(ScalarKind::Integer | ScalarKind::Float)) {
        return;
    }
    let Some(text) = node.as_str() else {
        let problem = TypeProblem::Type(node, "a duration or a number of nanoseconds");
        return report(cx, bound, key, &problem, kubernetes(key.releases()));
    };
    let path = cx.path_of(bound.entry);
    match duration(text) {
        Ok(seconds) => {
            let nanoseconds = (seconds * 1e9).round() as i64;
            cx.report(node.span, format!("`flushFrequency` must be a number of nanoseconds, not {text}"))
                .refused(FLUSHES_BY_NANOSECONDS)
                .why(
                    "The kubelet does not start: before 1.28 this field cannot be a text (`cannot unmarshal string \
                     into Go struct field`).",
                )
                .help(format!("Write {nanoseconds}, which every release accepts."))
        }
        Err(bad) => cx
            .report(node.span, format!("`{text}` is not a duration"))
            .refused(FLUSHES_BY_DURATION.or(FLUSHES_BY_NANOSECONDS))
            .why(format!("The kubelet does not start: `{}`.", bad.words(text)))
            .help("Write a number of nanoseconds, or since 1.28 a duration such as 5s."),
    }
    .key(path);
}

fn report(cx: &mut FileCx, bound: &Bound, key: &'static KeySpec, problem: &TypeProblem, releases: Releases) {
    let path = cx.path_of(bound.entry);
    let name = bound.entry.key.as_ref();
    let (node, message, words, help) = match problem {
        TypeProblem::Type(node, expected) => {
            let written = node.span.of(cx.doc().text).lines().next().unwrap_or_default();
            let message = format!("`{name}` must be {expected}, not {} ({written})", type_name(node));
            let words = format!("cannot unmarshal {} into Go struct field KubeletConfiguration.{path}", go_type(node));
            (node, message, words, format!("Write {expected}."))
        }
        TypeProblem::Number(node, ty) => {
            let number = node.span.of(cx.doc().text);
            let message = format!("`{name}` must be a whole number that fits {ty}, not {number}");
            let words = format!(
                "cannot unmarshal number {number} into Go struct field KubeletConfiguration.{path} of type {ty}"
            );
            (node, message, words, "Write a whole number.".to_owned())
        }
        TypeProblem::Quantity(node, words) => {
            let message = format!("{} is not a quantity for `{name}`", node.span.of(cx.doc().text));
            (node, message, (*words).to_owned(), "Write a number with a suffix such as Ki, Mi or Gi.".to_owned())
        }
        TypeProblem::Duration(node, words) => {
            let written = node.span.of(cx.doc().text);
            let message = if written.is_empty() || node.is_null() {
                format!("`{name}` is null, which is not a duration")
            } else {
                format!("{written} is not a duration for `{name}`")
            };
            (node, message, words.clone(), DURATION_HELP.to_owned())
        }
    };
    let fix = convert(cx, key, problem);
    cx.report(node.span, message)
        .refused(releases)
        .key(path)
        .why(format!("The kubelet does not start: `{words}`."))
        .help(help)
        .maybe_fix(fix);
}

/// The same value in the right type, where that is beyond doubt.
fn convert(cx: &FileCx, key: &KeySpec, problem: &TypeProblem) -> Option<Fix> {
    let TypeProblem::Type(node, _) = problem else { return None };
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

/// The name of a type for people who write YAML.
fn type_name(node: &Node) -> &'static str {
    match node.as_scalar().map(|s| s.kind) {
        Some(ScalarKind::Integer) => "a number",
        Some(ScalarKind::Float) => "a number with a fraction",
        _ => node.type_name(),
    }
}

/// The name of a type in Go's decoder.
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

const DURATION_HELP: &str =
    "Write a number with its unit: 90s, 1m30s, 24h. Units are ns, us, ms, s, m and h; a unit for days does not exist.";

//! A kubelet's settings as it will use them: values from the file or from flags, feature gates, and whether another file
//! has the last word.

use std::borrow::Cow;

use crate::go::duration::duration;
use crate::go::integer::integer;
use crate::keys::gates::{self, Gate, Stage, StageKind};
use crate::keys::{Bound, KeySpec, flags as table, tables};
use crate::kind::File;
use crate::kind::{View, WrittenSetting};
use crate::kubelet;
use crate::kubelet::feature_gates;
use crate::kubelet::kind::Role;
use crate::kubelet::quantity;
use crate::kubelet::values::is_absent;
use crate::order;
use crate::releases::{Product, ReleaseSet, Releases};
use crate::syntax::{Entry, Node, ScalarKind, Value as Tree};
use crate::systemd::flags;
use crate::systemd::flags::Program;
use crate::text::Span;

/// A value for a field, from the file or from a flag.
pub(crate) struct Value<'t> {
    /// The field.
    pub(crate) field: &'static KeySpec,
    /// What people call it here: `maxPods`, or `--max-pods`.
    pub(crate) name: Cow<'t, str>,
    /// The field's path here, or the flag.
    pub(crate) key: String,
    /// The value.
    pub(crate) span: Span,
    /// The value as text; empty for tables and lists.
    pub(crate) text: Cow<'t, str>,
    /// The value's node, in a file.
    pub(crate) node: Option<&'t Node<'t>>,
}

impl<'t> Value<'t> {
    /// The setting of a flag.
    fn written(self) -> WrittenSetting<'t> {
        let (key_span, value_span) = (self.span, self.span);
        let releases = kubernetes(self.releases());
        WrittenSetting {
            name: self.name,
            path: self.key,
            key_span,
            value_span,
            text: self.text,
            node: self.node,
            releases,
        }
    }

    /// The number. For durations: the seconds.
    pub(crate) fn number(&self, is_duration: bool) -> Option<f64> {
        let Some(node) = self.node else {
            return if is_duration { duration(&self.text).ok() } else { go_number(&self.text) };
        };
        let number = number(node);
        match (is_duration, node.as_str()) {
            (true, Some(text)) => duration(text).ok(),
            // Only `logging.flushFrequency` takes a number for a duration, in nanoseconds.
            (true, None) => number.filter(|_| self.field.path() == "logging.flushFrequency").map(|n| n / 1e9),
            (false, _) => number,
        }
    }

    /// The releases in which this is the field's value.
    pub(crate) fn releases(&self) -> ReleaseSet {
        let flag = self.key.strip_prefix("--").and_then(table::kubelet);
        flag.map_or(self.field.releases(), table::Flag::releases)
    }
}

/// The number of a value in a file.
pub(crate) fn number(node: &Node<'_>) -> Option<f64> {
    let scalar = node.as_scalar()?;
    match scalar.kind {
        ScalarKind::Integer => node.as_int().map(|n| n as f64),
        ScalarKind::Float => scalar.text.replace('_', "").parse().ok(),
        _ => None,
    }
}

/// As pflag reads a number: an integer, or a decimal fraction.
fn go_number(text: &str) -> Option<f64> {
    let fraction = || text.parse().ok().filter(|_| text.contains('.'));
    integer(text).map(|number| number as f64).or_else(fraction)
}

/// The field at a path, as this file writes it or as its command lines set it.
pub(crate) fn written<'t>(cx: &View<'_, 't, '_>, path: &str) -> Vec<WrittenSetting<'t>> {
    if *cx.file.kind != kubelet::KIND {
        return in_flags(cx.file).into_iter().filter(|value| value.field.path() == path).map(Value::written).collect();
    }
    let parts: Vec<&str> = path.split('.').collect();
    let entry = cx.root.entry_at(&parts).filter(|entry| !is_absent(&entry.value));
    entry.map(|entry| WrittenSetting::of_entry(entry, path.to_owned(), Releases::ANY)).into_iter().collect()
}

/// Every value that the file or the command lines give to a field.
pub(crate) fn values<'t>(cx: &View<'_, 't, '_>) -> Vec<Value<'t>> {
    if *cx.file.kind == kubelet::KIND { in_file(cx) } else { in_flags(cx.file) }
}

fn in_file<'t>(cx: &View<'_, 't, '_>) -> Vec<Value<'t>> {
    cx.bound.iter().filter_map(|bound| value(cx, bound)).collect()
}

/// What an entry gives to its field. Of a field that stands there twice, the last.
fn value<'t>(cx: &View<'_, 't, '_>, bound: &Bound<'t, '_>) -> Option<Value<'t>> {
    let entry: &'t Entry<'t> = bound.entry;
    let wins = bound.parent.entry(&entry.key).is_some_and(|last| last.key_span == entry.key_span);
    let field = bound.key().filter(|_| wins && !is_absent(&entry.value))?;
    Some(Value {
        field,
        name: Cow::Borrowed(entry.key.as_ref()),
        key: cx.path_of(entry),
        span: entry.value.span,
        text: entry.value.as_scalar().map_or(Cow::Borrowed(""), |s| Cow::Borrowed(s.text.as_ref())),
        node: Some(&entry.value),
    })
}

fn in_flags<'t>(file: &'t File<'_>) -> Vec<Value<'t>> {
    let all = flags::flags(file).into_iter().filter(|f| f.program == Program::Kubelet);
    all.filter_map(|flag| {
        let known = table::kubelet(&flag.name.replace('_', "-"))?;
        let parts: Vec<&str> = known.key()?.split('.').collect();
        let field = tables::KUBELET.find(&parts)?.key()?;
        let text = flag.value.filter(|text| !text.contains(['$', '{', '%']))?;
        let key = format!("--{}", known.name());
        Some(Value {
            field,
            name: Cow::Owned(key.clone()),
            key,
            span: flag.value_span,
            text: Cow::Borrowed(text),
            node: None,
        })
    })
    .collect()
}

/// Whether this text alone says what the fields at `paths` are: it is a whole configuration, and nothing else of the host
/// sets them.
pub(crate) fn settles(cx: &View<'_, '_, '_>, paths: &[&str]) -> bool {
    let whole = matches!(kubelet::role(cx.file, cx.root), Role::Main | Role::Whole);
    let by_kubeadm = kubelet::extra_args(cx.doc()).into_iter().filter_map(|(flag, _)| table::kubelet(flag)?.key());
    whole
        && others(cx).all(|file| paths.iter().all(|path| !sets(file, path)))
        && by_kubeadm.into_iter().all(|field| !paths.contains(&field))
}

/// The other files of the host that tell the kubelet something.
fn others<'c, 't>(cx: &'c View<'_, 't, '_>) -> impl Iterator<Item = &'c File<'t>> {
    let index = cx.file.index;
    cx.node.files.iter().copied().filter(move |file| {
        let is_drop_in = || *file.kind == kubelet::KIND && kubelet::is_drop_in(file.path);
        file.index != index && (*file.kind == flags::KIND || is_drop_in())
    })
}

fn sets(file: &File<'_>, path: &str) -> bool {
    if *file.kind == crate::kubelet::KIND {
        let parts: Vec<&str> = path.split('.').collect();
        return file.body().at(&parts).is_some();
    }
    let all = flags::flags(file);
    all.iter().any(|f| f.program == Program::Kubelet && table::kubelet(f.name).and_then(table::Flag::key) == Some(path))
}

/// The feature gates that a kubelet has on and off.
pub(crate) struct Gates<'t> {
    set: Vec<(&'t str, bool)>,
    /// Whether nobody else can have set a gate.
    complete: bool,
}

impl<'t> Gates<'t> {
    /// The gates of the kubelet that reads this text.
    pub(crate) fn of(cx: &View<'_, 't, '_>) -> Self {
        // Flags win over files, and drop-ins over the main file.
        let rank = |file: &File<'_>| match *file.kind == flags::KIND {
            true => 3,
            false if kubelet::is_drop_in(file.path) => 2,
            false => 0,
        };
        let speaks = |file: &&&File<'_>| *file.kind == kubelet::KIND || *file.kind == flags::KIND;
        let others = cx.node.files.iter().filter(speaks).filter(|file| file.index != cx.file.index);
        let mut all: Vec<(u8, Vec<feature_gates::Setting<'t>>)> =
            others.map(|file| (rank(file), feature_gates::of_file(file))).collect();
        all.push((rank(cx.file), feature_gates::settings(cx)));
        if *cx.file.kind == kubelet::KIND {
            all.push((3, feature_gates::of_extra_args(cx.doc())));
        }
        order::by_key(&mut all, |(rank, _)| *rank);
        let set = all.into_iter().flat_map(|(_, settings)| settings);
        let set = set.filter_map(|s| Some((s.name, s.value?))).collect();
        let complete = matches!(kubelet::role(cx.file, cx.root), Role::Main | Role::Whole);
        Self { set, complete: complete && *cx.file.kind == kubelet::KIND }
    }

    /// Releases that know the gate and have it off. None where another file may have turned it on.
    pub(crate) fn off(&self, name: &str) -> ReleaseSet {
        let Some(gate) = gates::find(name) else { return ReleaseSet::NONE };
        let off = gate.stages().iter().filter(|stage| self.state(gate, stage) == Some(false));
        off.fold(ReleaseSet::NONE, |all, stage| all.or(stage.releases()))
    }

    /// Releases that know the gate and have it on.
    pub(crate) fn on(&self, name: &str) -> ReleaseSet {
        let Some(gate) = gates::find(name) else { return ReleaseSet::NONE };
        let on = gate.stages().iter().filter(|stage| self.state(gate, stage) == Some(true));
        on.fold(ReleaseSet::NONE, |all, stage| all.or(stage.releases()))
    }

    fn state(&self, gate: &Gate, stage: &Stage) -> Option<bool> {
        let set = |name: &str| self.set.iter().rev().find(|(n, _)| *n == name).map(|(_, value)| *value);
        if stage.locked {
            return Some(stage.default);
        }
        let group = match stage.kind {
            StageKind::Alpha => Some("AllAlpha"),
            StageKind::Beta => Some("AllBeta"),
            StageKind::Stable | StageKind::Deprecated => None,
        };
        let said = set(gate.name()).or_else(|| set(group?));
        said.or(self.complete.then_some(stage.default))
    }
}

/// Releases of Kubernetes, whatever the other products.
pub(crate) fn kubernetes(set: ReleaseSet) -> Releases {
    Releases::ANY.with(Product::Kubernetes, set)
}

/// Whether a value is more than 0, false or nothing.
pub(crate) fn is_nonzero(value: &Value<'_>) -> bool {
    match value.node.map(|node| &node.value) {
        Some(Tree::Map(map)) => !map.entries.is_empty(),
        Some(Tree::Seq(items)) => !items.is_empty(),
        Some(Tree::Scalar(scalar)) if scalar.kind == ScalarKind::Bool => {
            value.node.and_then(Node::as_bool) == Some(true)
        }
        _ => {
            let is_duration = value.field.format() == "duration";
            let zero = matches!(value.text.as_ref(), "" | "false" | "False" | "FALSE" | "f" | "F");
            let number = match value.field.format() {
                "quantity" => quantity::parse(&value.text).ok().map(|q| q.value),
                _ => value.number(is_duration),
            };
            !zero && number != Some(0.0)
        }
    }
}

/// The value of a field.
pub(crate) fn get<'t>(cx: &View<'_, 't, '_>, path: &str) -> Option<Value<'t>> {
    if *cx.file.kind != kubelet::KIND {
        return in_flags(cx.file).into_iter().find(|value| value.field.path() == path);
    }
    let at = cx.bound.iter().filter(|bound| bound.key().is_some_and(|key| key.path() == path));
    at.filter_map(|bound| value(cx, bound)).next()
}

/// Whether this text is enough to compare the fields at `paths`: it has them all, or nobody else has a say.
pub(crate) fn comparable(cx: &View<'_, '_, '_>, paths: &[&str]) -> bool {
    settles(cx, paths) || paths.iter().all(|path| get(cx, path).is_some())
}

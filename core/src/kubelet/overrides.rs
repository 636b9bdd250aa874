//! Which values of a kubelet's file other sources override, and in which releases: the drop-ins behind it in their
//! order, then flags. The kubelet validates what is left in the end.
//!
//! Source: kubernetes/kubernetes@v1.30.0, v1.36.0:cmd/kubelet/app/server.go (`mergeKubeletConfigurations`,
//! `kubeletConfigFlagPrecedence`), run with 1.30.14 and 1.36.3.

use super::command_line;
use super::eras::{MERGES_BY_GO_NAMES, MERGES_DROP_INS, MERGES_JSON, REMOVES_BY_NULL};
use super::kind::{is_drop_in, is_kubelet_main};
use super::maps::is_map;
use crate::finding::Finding;
use crate::kind::{File, NodeFiles};
use crate::kubelet;
use crate::order;
use crate::releases::{Product, ReleaseSet, Releases};
use crate::syntax::{Entry, Node, Value};
use crate::systemd::flags;
use crate::text::Span;

/// The drop-ins of a node, in the order in which the kubelet merges them.
pub(crate) fn drop_ins<'f, 'a>(node: &NodeFiles<'f, 'a>) -> Vec<&'f File<'a>> {
    let mut files: Vec<&File<'_>> = node.files.iter().copied().filter(|file| is_kubelet_drop_in(file)).collect();
    order::by_name(&mut files, |file| file.path);
    files
}

fn is_kubelet_drop_in(file: &File<'_>) -> bool {
    *file.kind == kubelet::KIND && is_drop_in(file.path)
}

/// Whether the drop-ins of a node are merged over this file.
pub(crate) fn takes_drop_ins(node: &NodeFiles<'_, '_>, file: &File<'_>) -> bool {
    is_kubelet_main(file) && has_one_main(node)
}

/// With two main files, it is unknown which of a node's files belong together.
fn has_one_main(node: &NodeFiles<'_, '_>) -> bool {
    node.files.iter().filter(|file| is_kubelet_main(file)).count() <= 1
}

/// The sources of a node that override its kubelet's file.
pub(crate) struct Overrides<'f, 'a> {
    drop_ins: Vec<&'f File<'a>>,
    /// The paths of fields that flags set, each with the releases that have the flag.
    flags: Vec<(&'static str, ReleaseSet)>,
}

impl<'f, 'a> Overrides<'f, 'a> {
    /// Those of a node; none where it is unknown which files belong together.
    pub(crate) fn of(node: &NodeFiles<'f, 'a>) -> Self {
        if !has_one_main(node) {
            return Self { drop_ins: vec![], flags: vec![] };
        }
        let commands = node.files.iter().filter(|file| *file.kind == flags::KIND);
        let known = commands.flat_map(|file| command_line::known_flags(file)).filter(|(flag, _)| {
            let is_expanded = flag.value.is_some_and(|value| value.contains(['$', '{']));
            // Gates are merged one by one: `feature_gates` has them.
            flag.name != "feature-gates" && !is_expanded
        });
        let flags = known.filter_map(|(_, row)| Some((row.key()?, row.releases()))).collect();
        Self { drop_ins: drop_ins(node), flags }
    }

    fn is_empty(&self) -> bool {
        self.drop_ins.is_empty() && self.flags.is_empty()
    }

    /// Releases in which another source overrides the value at `parts` of a file.
    pub(crate) fn releases(&self, file: &File<'_>, parts: &[&str]) -> ReleaseSet {
        let is_base = !is_kubelet_drop_in(file);
        let stronger = self.drop_ins.iter().filter(|other| is_base || other.path > file.path);
        let by_drop_ins = stronger.map(|other| set_by_drop_in(other.body(), parts));
        // The defaults of the main file are set before drop-ins are read, and stop at a gate that they cannot set.
        let is_checked_early = is_base && parts.first() == Some(&"featureGates");
        let early = if is_checked_early { REMOVES_BY_NULL.get(Product::Kubernetes) } else { ReleaseSet::NONE };
        let is_set = |field: &str| {
            let mut names = field.split('.').zip(parts);
            field.split('.').count() <= parts.len() && names.all(|(name, part)| name == *part)
        };
        let by_flags = self.flags.iter().filter(|(field, _)| is_set(field)).map(|(_, releases)| *releases);
        by_drop_ins.chain(by_flags).fold(ReleaseSet::NONE, ReleaseSet::or).without(early)
    }
}

/// Releases in which a drop-in replaces or removes the value at `parts` of what it is merged over.
fn set_by_drop_in(body: &Node<'_>, parts: &[&str]) -> ReleaseSet {
    let mut releases = MERGES_DROP_INS.get(Product::Kubernetes);
    let mut table = body;
    for (depth, part) in parts.iter().enumerate() {
        let is_field = parts.first().is_some_and(|first| depth == 0 || !is_map(first) && *first != "featureGates");
        let exact = table.entry(part);
        let other = || table.entries().iter().filter(|_| is_field).find(|entry| entry.key.eq_ignore_ascii_case(part));
        let Some(entry) = exact.or_else(other) else { return ReleaseSet::NONE };
        releases = releases.and(in_effect(entry, part));
        if entry.value.is_null() {
            return releases.and(REMOVES_BY_NULL.get(Product::Kubernetes));
        }
        match &entry.value.value {
            Value::Map(map) if depth + 1 == parts.len() && !map.entries.is_empty() => return ReleaseSet::NONE,
            Value::Map(_) => table = &entry.value,
            _ => return releases,
        }
    }
    ReleaseSet::NONE
}

/// Releases in which an entry of a drop-in counts for the field `name`, which the files before it set: the merged
/// object is sorted, and of several keys that differ in letter case the last one counts.
pub(crate) fn in_effect(entry: &Entry<'_>, name: &str) -> ReleaseSet {
    let key = entry.key.as_ref();
    let by_name = MERGES_JSON.get(Product::Kubernetes).without(MERGES_BY_GO_NAMES.get(Product::Kubernetes));
    let by_go_name = MERGES_BY_GO_NAMES.get(Product::Kubernetes);
    match name {
        // The one field whose name in Go is another word.
        "resolvConf" => MERGES_DROP_INS.get(Product::Kubernetes).without(by_go_name),
        _ if key == name => MERGES_DROP_INS.get(Product::Kubernetes),
        _ => {
            let later = if key >= go_name(name).as_str() { by_go_name } else { ReleaseSet::NONE };
            later.or(if key > name { by_name } else { ReleaseSet::NONE })
        }
    }
}

/// The name of a field in Go. Source: kubernetes/kubernetes@v1.30.0:pkg/kubelet/apis/config/types.go.
fn go_name(name: &str) -> String {
    const INITIALISMS: [(&str, &str); 5] =
        [("cpu", "CPU"), ("iptables", "IPTables"), ("oom", "OOM"), ("qos", "QOS"), ("tls", "TLS")];
    let known = INITIALISMS.iter().find_map(|(lower, upper)| Some((name.strip_prefix(lower)?, *upper)));
    let (rest, start) = known.unwrap_or_else(|| (name.get(1..).unwrap_or_default(), ""));
    let first = name.chars().next().filter(|_| start.is_empty()).map(|c| c.to_ascii_uppercase());
    format!("{start}{}{rest}", first.map_or(String::new(), String::from))
}

/// Takes from findings the releases in which another source overrides the value, because the kubelet judges the merged
/// configuration, and from those in drop-ins the releases that have none. `is_merged` is whether the rule with an id
/// looks at values that are merged.
pub(crate) fn apply(node: &NodeFiles<'_, '_>, findings: &mut [Finding], is_merged: impl Fn(&str) -> bool) {
    let overrides = Overrides::of(node);
    for finding in findings {
        let Some(file) = node.file(finding.file).filter(|file| *file.kind == kubelet::KIND) else { continue };
        if is_kubelet_drop_in(file) {
            cut(finding, MERGES_DROP_INS);
        }
        if overrides.is_empty() || !is_merged(finding.rule) {
            continue;
        }
        let stronger = overrides.releases(file, &parts_at(file.body(), finding.span));
        if stronger != ReleaseSet::NONE {
            let rest = Releases::ANY.get(Product::Kubernetes).without(stronger);
            cut(finding, Releases::ANY.with(Product::Kubernetes, rest));
        }
    }
}

fn cut(finding: &mut Finding, releases: Releases) {
    for outcome in &mut finding.outcomes {
        outcome.releases = outcome.releases.and(releases);
    }
    finding.outcomes.retain(|outcome| !outcome.releases.is_empty());
}

/// The names on the way to the deepest entry at a place.
fn parts_at<'t>(root: &'t Node<'_>, span: Span) -> Vec<&'t str> {
    let mut parts = vec![];
    let mut table = root;
    let is_at = |entry: &&Entry<'_>| entry.key_span.contains(span) || entry.value.span.contains(span);
    while let Some(entry) = table.entries().iter().find(is_at) {
        parts.push(entry.key.as_ref());
        table = &entry.value;
    }
    parts
}

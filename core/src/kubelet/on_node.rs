//! The values of the kubelet's settings on a node in the end, release by release: a flag wins over drop-ins, these over
//! the main file, and what none of them sets has the default of the release.

use super::eras::MERGES_DROP_INS;
use super::kind::{ConfigRole, is_kubelet_main, role};
use super::overrides::{drop_ins, in_effect};
use super::settings::field;
use super::values::is_absent;
use super::{command_line, node};
use crate::keys::KeySpec;
use crate::keys::defaults;
use crate::kind::{File, NodeFiles, NodeValue, NodeValues, SettingPlace, ValueSource};
use crate::kubelet;
use crate::releases::{Product, ReleaseSet};
use crate::syntax::Node;
use crate::systemd::flags::{self, PlacedFlag, Program};
use crate::systemd::on_node::{flags_in_order, last_flag, unit_of};
use crate::text::Span;

/// Whether a file of the node belongs to a kubelet: a configuration, or one that starts it.
pub(crate) fn is_present(node: &NodeFiles<'_, '_>) -> bool {
    node.files.iter().any(|file| *file.kind == kubelet::KIND && !(file.kind.skips)(file.path)) || has_command(node)
}

/// Whether a file of the node starts the kubelet, or holds flags of it.
pub(crate) fn has_command(node: &NodeFiles<'_, '_>) -> bool {
    flags::starts(&node.files, Program::Kubelet).is_some()
}

/// The last flag of the kubelet with a name.
pub(crate) fn flag<'f, 'a>(node: &NodeFiles<'f, 'a>, name: &str) -> Option<PlacedFlag<'f, 'a>> {
    last_flag(node, Program::Kubelet, &[name])
}

/// The values of the flag with a name, which has no field.
pub(crate) fn flag_values(node: &NodeFiles<'_, '_>, name: &str) -> Vec<NodeValue> {
    let mut values = NodeValues::default();
    if let Some(flag) = flag(node, name)
        && let Some(text) = flag.known_value()
    {
        values.add(text, flag.file.releases.get(Product::Kubernetes), ValueSource::Flag(flag.place()));
    }
    values.into_vec()
}

/// The values of the field at a path; none in releases in which they are not known.
pub(crate) fn values(node: &NodeFiles<'_, '_>, path: &str) -> Vec<NodeValue> {
    let mut values = NodeValues::default();
    let Some(field) = field(path) else { return vec![] };
    let is_own =
        |given: &PlacedFlag<'_, '_>| command_line::row(given.flag.name).is_some_and(|row| row.key() == Some(path));
    if let Some(flag) = flags_in_order(node, Program::Kubelet).into_iter().rfind(is_own) {
        // The kubelet does not start in releases that lack the flag.
        let known = command_line::row(flag.flag.name).map_or(ReleaseSet::NONE, |row| row.releases());
        if let Some(text) = flag.known_value().or(flag.flag.value.is_none().then_some("true")) {
            let releases = known.and(flag.file.releases.get(Product::Kubernetes));
            values.add(text, releases, ValueSource::Flag(flag.place()));
        }
        return values.into_vec();
    }
    let main = main_file(node);
    let all = node.files.iter().filter(|file| is_layer(file)).map(|file| file.releases.get(Product::Kubernetes));
    let mut rest = all.fold(ReleaseSet::NONE, ReleaseSet::or);
    for file in drop_ins(node).into_iter().rev() {
        if let Some((text, place, effective)) = written(file, field) {
            let own = MERGES_DROP_INS.get(Product::Kubernetes).and(effective).and(field.releases()).and(rest);
            values.add(&text, own, ValueSource::File(place));
            rest = rest.without(own);
        }
    }
    if let Some((text, place, _)) = main.and_then(|main| written(main, field)) {
        let own = field.releases().and(rest);
        values.add(&text, own, ValueSource::File(place));
        rest = rest.without(own);
    }
    if main.map_or_else(|| has_flags_alone(node), |main| has_default(node, main, path)) {
        for (releases, value) in defaults::by_release(field, Product::Kubernetes) {
            values.add(value.trim_matches('"'), releases.and(rest), ValueSource::Default);
        }
    }
    values.into_vec()
}

/// The file under the drop-ins: the first main file, or what kubeadm makes one of.
pub(crate) fn main_file<'f, 'a>(node: &NodeFiles<'f, 'a>) -> Option<&'f File<'a>> {
    let mut mains = node.files.iter().copied().filter(|file| is_kubelet_main(file));
    let is_part = |file: &&File<'_>| *file.kind == kubelet::KIND && role(file, file.body()) == ConfigRole::Part;
    let mut parts = node.files.iter().copied().filter(|file| !(file.kind.skips)(file.path)).filter(is_part);
    mains.next().or_else(|| parts.next())
}

fn is_layer(file: &File<'_>) -> bool {
    *file.kind == flags::KIND || *file.kind == kubelet::KIND
}

/// A value that a file writes and that is not the same to the kubelet as none, with the releases in which the entry of
/// a drop-in counts.
fn written(file: &File<'_>, field: &KeySpec) -> Option<(String, SettingPlace, ReleaseSet)> {
    let (mut table, mut found) = (file.body(), None);
    for part in field.path().split('.') {
        let entry = table.entry(part)?;
        (table, found) = (&entry.value, Some((entry, in_effect(entry, part))));
    }
    let (entry, effective) = found.filter(|(entry, _)| !is_absent(&entry.value))?;
    let text = text(&entry.value);
    (!text.is_empty() || !field.zero_is_default()).then(|| (text, SettingPlace::of_entry(file, entry), effective))
}

fn text(node: &Node<'_>) -> String {
    let scalar = |node: &Node<'_>| node.as_scalar().map_or(String::new(), |scalar| scalar.text.to_string());
    if node.items().is_empty() { scalar(node) } else { node.items().iter().map(scalar).collect::<Vec<_>>().join(",") }
}

/// Whether what no file of the node sets has the kubelet's own default. kubeadm fills in fields of the documents that
/// it reads, and a flag of a command line that is not among the files may set a field.
fn has_default(node: &NodeFiles<'_, '_>, main: &File<'_>, path: &str) -> bool {
    let is_alone = node.files.iter().filter(|file| is_kubelet_main(file)).count() == 1;
    let is_read_by_kubelet = main.path.contains("var/lib/kubelet/") || main.attributes.is_some();
    let is_set_by_args = node::of_node(node).extra_args.values().any(|args| args.fields.contains(path));
    is_alone && role(main, main.body()) == ConfigRole::Main && is_read_by_kubelet && !is_set_by_args
}

/// Whether the kubelet has no file but that of its command line: a node was read, and no flag names another one.
fn has_flags_alone(node: &NodeFiles<'_, '_>) -> bool {
    let unit = unit_of(node, Program::Kubelet).filter(|unit| unit.attributes.is_some());
    unit.is_some() && !["config", "config-dir"].iter().any(|name| flag(node, name).is_some())
}

/// Whether all flags of the kubelet are known: by its unit on a node that was read, or by the file in which kubeadm
/// writes them.
fn has_all_flags(node: &NodeFiles<'_, '_>) -> bool {
    let of_kubeadm = || node.files.iter().any(|file| file.name() == "kubeadm-flags.env");
    unit_of(node, Program::Kubelet).is_some_and(|unit| unit.attributes.is_some()) || of_kubeadm()
}

/// The kubelet's cgroup drivers.
pub(crate) fn cgroup_drivers<'n>(node: &'n NodeFiles<'_, '_>) -> &'n [NodeValue] {
    node.cgroup_drivers.get_or_init(|| values(node, "cgroupDriver"))
}

/// The CRI endpoints that the kubelet connects to. Up to Kubernetes 1.26 the flag alone sets one.
pub(crate) fn endpoints<'n>(node: &'n NodeFiles<'_, '_>) -> &'n [NodeValue] {
    node.endpoints.get_or_init(|| {
        let mut all = values(node, "containerRuntimeEndpoint");
        all.retain(|value| value.source != ValueSource::Default || has_all_flags(node));
        all
    })
}

/// The endpoint that a file of the node sets.
pub(crate) fn written_endpoint<'n>(node: &'n NodeFiles<'_, '_>) -> Option<(&'n str, SettingPlace)> {
    let mut written = endpoints(node).iter().filter_map(|value| Some((value.text.as_str(), value.source.place()?)));
    written.find(|(text, _)| !text.is_empty())
}

/// The place of what the kubelet's files do not set: the kind of its configuration, or the start of its command line.
pub(crate) fn place_of_default(node: &NodeFiles<'_, '_>) -> Option<SettingPlace> {
    let Some(main) = main_file(node) else {
        let unit = flags::starts(&node.files, Program::Kubelet)?;
        return Some(SettingPlace { file: unit.index, key: Span::empty(0), value: Span::empty(0) });
    };
    let kind = main.doc.root.entry("kind");
    let span = kind.map_or(Span::empty(0), |kind| kind.key_span.to(kind.value.span));
    Some(SettingPlace { file: main.index, key: span, value: span })
}

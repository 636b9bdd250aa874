//! What the files of a node set together for its kubelet: computed once for a node, because every configuration in it
//! is judged by what the other files set.

use crate::keys::{Place, tables};
use crate::kind::{ExtraArgs, File, GateState, KubeletNode, NodeFiles, View};
use crate::kubelet;
use crate::kubelet::kind::{extra_args, has_config_map, is_drop_in, is_kubelet_main, role_of};
use crate::kubelet::overrides::drop_ins;
use crate::kubelet::{ConfigRole, command_line, feature_gates};
use crate::order;
use crate::syntax::Node;
use crate::systemd::flags;
use crate::systemd::on_node::rank_of_file;

/// The precedence of feature gates that flags set.
pub(crate) const RANK_OF_FLAGS: u8 = 2;

/// What the files of the view's node set for its kubelet.
pub(crate) fn of<'c>(cx: &View<'c, '_, '_>) -> &'c KubeletNode {
    of_node(cx.node)
}

/// What the files of a node set for its kubelet.
pub(crate) fn of_node<'c>(files: &'c NodeFiles<'_, '_>) -> &'c KubeletNode {
    files.kubelet.get_or_init(|| {
        let mut node = read(files);
        node.drop_ins = drop_ins(files).into_iter().map(|file| file.index).collect();
        node
    })
}

/// How the configuration in view comes to the kubelet.
pub(crate) fn role(cx: &View<'_, '_, '_>) -> ConfigRole {
    role_of(cx.file, cx.root, || of(cx).config_maps.contains(&cx.file.index))
}

/// The precedence of what a file sets.
pub(crate) fn rank(file: &File<'_>) -> u8 {
    if *file.kind == flags::KIND { RANK_OF_FLAGS } else { u8::from(is_drop_in(file.path)) }
}

fn read(all: &NodeFiles<'_, '_>) -> KubeletNode {
    let mut node = KubeletNode::default();
    let is_kubelet_file = |file: &&File<'_>| *file.kind == kubelet::KIND || *file.kind == flags::KIND;
    let mut files: Vec<&File<'_>> = all.files.iter().copied().filter(is_kubelet_file).collect();
    order::by_key(&mut files, |file| (usize::from(rank(file)), 0, rank_of_file(all, file.index)));
    for file in files {
        add_gates(&mut node, file);
        if *file.kind == flags::KIND {
            node.commands.push(file.index);
            let fields = command_line::known_flags(file).filter_map(|(_, row)| row.key());
            fields.for_each(|path| add_field(&mut node, path, file.index));
            continue;
        }
        if is_drop_in(file.path) {
            add_fields(&mut node, tables::KUBELET.root(), file.body(), file.index);
        }
        add_extra_args(&mut node, file);
        if is_kubelet_main(file) {
            node.mains.push(file.index);
        }
        if has_config_map(file) {
            node.config_maps.insert(file.index);
        }
    }
    node
}

/// Adds the fields of a table, and of the tables in it.
fn add_fields(node: &mut KubeletNode, place: Place, table: &Node<'_>, file: usize) {
    for entry in table.entries() {
        let Some(place) = place.child(&entry.key) else { continue };
        if let Some(key) = place.key() {
            add_field(node, key.path(), file);
        }
        add_fields(node, place, &entry.value, file);
    }
}

fn add_field(node: &mut KubeletNode, path: &'static str, file: usize) {
    let files = node.fields.entry(path).or_default();
    if files.last() != Some(&file) {
        files.push(file);
    }
}

fn add_gates(node: &mut KubeletNode, file: &File<'_>) {
    for gate in feature_gates::of_file(file) {
        let Some(is_on) = gate.value else { continue };
        let states = node.gates.entry(gate.name.to_owned()).or_default();
        match states.last_mut().filter(|last| last.file == file.index) {
            Some(last) => last.is_on = is_on,
            None => states.push(GateState { file: file.index, rank: rank(file), is_on }),
        }
    }
}

fn add_extra_args(node: &mut KubeletNode, file: &File<'_>) {
    let args = extra_args(&file.doc);
    if args.is_empty() {
        return;
    }
    let mut found = ExtraArgs::default();
    for (name, value) in args {
        found.fields.extend(command_line::row(name).and_then(|row| row.key()));
        if name == "feature-gates" {
            let pairs = value.as_str().unwrap_or_default().split(',').map(feature_gates::name_and_state);
            found.gates.extend(pairs.filter_map(|(name, is_on)| Some((name.to_owned(), is_on?))));
        }
    }
    node.extra_args.insert(file.index, found);
}

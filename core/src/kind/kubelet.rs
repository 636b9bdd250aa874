//! What the files of a node set together for its kubelet, as plain data; the kubelet's room fills it.

use std::collections::{HashMap, HashSet};

/// What the drop-ins, command lines and kubeadm documents of a node set.
#[derive(Debug, Default)]
pub(crate) struct KubeletNode {
    /// The drop-ins and command lines that set a field, by its path. Each file stands there once.
    pub(crate) fields: HashMap<&'static str, Vec<usize>>,
    /// The states that files give to a feature gate, by its name, in the order of precedence: the last one wins.
    pub(crate) gates: HashMap<String, Vec<GateState>>,
    /// The kubelet's arguments in kubeadm's documents, by the file with these documents.
    pub(crate) extra_args: HashMap<usize, ExtraArgs>,
    /// The files of `--config`: more than one where it is unknown which files belong together.
    pub(crate) mains: Vec<usize>,
    /// The drop-ins, in the order in which the kubelet merges them.
    pub(crate) drop_ins: Vec<usize>,
    /// The files with flags, in the order in which the kubelet gets them.
    pub(crate) commands: Vec<usize>,
    /// The files with a ConfigMap.
    pub(crate) config_maps: HashSet<usize>,
}

/// A feature gate as one file sets it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct GateState {
    /// The number of the file.
    pub(crate) file: usize,
    /// The precedence of the file's settings: flags win over drop-ins, drop-ins over the main file.
    pub(crate) rank: u8,
    /// On or off.
    pub(crate) is_on: bool,
}

/// What the arguments that kubeadm passes to the kubelet set.
#[derive(Debug, Default)]
pub(crate) struct ExtraArgs {
    /// The paths of the fields.
    pub(crate) fields: HashSet<&'static str>,
    /// The feature gates.
    pub(crate) gates: HashMap<String, bool>,
}

//! The kubelet's flags, as units and environment files write them.

use crate::keys::flags::{KubeletFlag, kubelet};
use crate::kind::File;
use crate::systemd::flags::{Flag, Program, flags};

/// The kubelet's flags in a file.
pub(crate) fn own_flags<'t>(file: &'t File<'_>) -> impl Iterator<Item = Flag<'t>> {
    flags(file).into_iter().filter(|flag| flag.program == Program::Kubelet)
}

/// The flags in a file that some kubelet has, each with what upstream documents about it.
pub(crate) fn known_flags<'t>(file: &'t File<'_>) -> impl Iterator<Item = (Flag<'t>, &'static KubeletFlag)> {
    own_flags(file).filter_map(|flag| {
        let row = row(flag.name)?;
        Some((flag, row))
    })
}

/// What upstream documents about a flag. The kubelet reads `_` in a name as `-`.
/// Source: kubernetes/component-base@v0.36.0:cli/flag/flags.go (`WordSepNormalizeFunc`).
pub(crate) fn row(name: &str) -> Option<&'static KubeletFlag> {
    kubelet(&name.replace('_', "-"))
}

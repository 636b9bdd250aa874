//! The shims that run containerd's containers, and whose options a runtime's table `options` holds.

use crate::keys::KeySpec;
use crate::releases::Releases;
use crate::syntax::Node;

/// A shim that people name in `runtime_type`.
#[derive(Debug)]
pub struct Shim {
    /// The value of `runtime_type`.
    pub name: &'static str,
    /// What it is.
    pub title: &'static str,
    /// The containerd releases that start it.
    pub releases: Releases,
    /// The options that its documentation recommends, by key.
    pub options: &'static [(&'static str, &'static str)],
}

/// Sources: containerd/containerd@v1.4.0:RELEASES.md and @v2.0.0:RELEASES.md for runc;
/// google/gvisor@01c69e8abac5fc69d4fb2d89c2196f12bcde949e:g3doc/user_guide/containerd/configuration.md;
/// kata-containers/kata-containers@0e69405e16a9fed7ed9d97797a3b4d34fbab07a8:docs/how-to/containerd-kata.md.
static SHIMS: [Shim; 5] = [
    Shim { name: "io.containerd.runc.v2", title: "runc", releases: Releases::containerd("1.3.."), options: &[] },
    Shim { name: "io.containerd.runc.v1", title: "runc", releases: Releases::containerd("1.2..1.7"), options: &[] },
    Shim {
        name: "io.containerd.runtime.v1.linux",
        title: "runc, the oldest shim",
        releases: Releases::containerd("1.0..1.7"),
        options: &[],
    },
    Shim {
        name: "io.containerd.kata.v2",
        title: "Kata Containers",
        releases: Releases::containerd("1.2.."),
        options: &[("ConfigPath", "/opt/kata/share/defaults/kata-containers/configuration.toml")],
    },
    Shim {
        name: "io.containerd.runsc.v1",
        title: "gVisor",
        releases: Releases::containerd("1.2.."),
        options: &[("TypeUrl", "io.containerd.runsc.v1.options"), ("ConfigPath", "/etc/containerd/runsc.toml")],
    },
];

/// Runc's shim, the type of the built-in runtime.
pub(crate) const RUNC_V2: &str = "io.containerd.runc.v2";
/// Its predecessor, which 2.0 removed.
pub(crate) const RUNC_V1: &str = "io.containerd.runc.v1";
/// The runtime of containerd 1.0, without a shim of its own.
pub(crate) const LINUX_V1: &str = "io.containerd.runtime.v1.linux";

/// The shim of Windows, whose options no key table has.
const RUNHCS_V1: &str = "io.containerd.runhcs.v1";
/// The options that containerd decodes for any shim that it does not have itself. Source:
/// containerd/containerd@v2.3.4:api/types/runtimeoptions/v1/api.proto.
const GENERIC: [&str; 3] = ["TypeUrl", "ConfigPath", "ConfigBody"];

/// Settings of a runtime that [`LINUX_V1`] alone reads, each with the option of runc's shim that replaces it. Source:
/// `ValidatePluginConfig` of containerd/containerd@v1.7.34:pkg/cri/config/config.go.
pub(crate) const LINUX_RUNTIME_SETTINGS: [(&str, &str); 2] =
    [("runtime_engine", "BinaryName"), ("runtime_root", "Root")];

/// Whether a key has a meaning for [`LINUX_V1`] alone: those of a runtime, and `no_pivot` of all runtimes.
pub(crate) fn is_linux_runtime_setting(name: &str) -> bool {
    name == "no_pivot" || LINUX_RUNTIME_SETTINGS.iter().any(|(setting, _)| *setting == name)
}

/// All of them, those of runc first.
#[must_use]
pub fn all() -> &'static [Shim] {
    &SHIMS
}

/// The shim of this name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Shim> {
    SHIMS.iter().find(|shim| shim.name == name)
}

/// The shim of Kata Containers or gVisor, whose programs take nothing but the options listed here. Kata has a shim of
/// its own name for each hypervisor. Source: `loadRuntimeConfig` of
/// src/runtime/pkg/containerd-shim-v2/create.go of
/// kata-containers/kata-containers@0210e8baa9300d91be48667695741bc698ad5e86;
/// `NewContainer` of google/gvisor@14c1f2bdba573a0bba5a0461e464ed320eecd890:pkg/shim/v1/runsc/container.go.
fn with_few_options(runtime_type: &str) -> Option<&'static Shim> {
    let is_kata = runtime_type.starts_with("io.containerd.kata-") && runtime_type.ends_with(".v2");
    let name = if is_kata { "io.containerd.kata.v2" } else { runtime_type };
    find(name).filter(|shim| !shim.options.is_empty())
}

/// Why a shim other than runc's does not get an option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DroppedOption {
    /// The shim of this title does not read it.
    Unread(&'static str),
    /// Beside `ConfigPath`, containerd passes no other option on.
    BesidePath,
}

/// Why a shim other than runc's does not get an option; nothing if it may. containerd decodes the options of such a
/// shim as `TypeUrl`, `ConfigPath` and `ConfigBody`, and without a `ConfigPath` makes the body of the whole table.
/// Source: `GenerateRuntimeOptions` of containerd/containerd@v1.7.34:pkg/cri/config/config.go and
/// @v2.3.4:internal/cri/config/config.go.
pub(crate) fn dropped_option(runtime_type: &str, name: &str, has_path: bool) -> Option<DroppedOption> {
    let is_generic = GENERIC.iter().any(|option| option.eq_ignore_ascii_case(name));
    if is_generic || !is_foreign(runtime_type) || matches!(runtime_type, LINUX_V1 | RUNHCS_V1) {
        return None;
    }
    match with_few_options(runtime_type) {
        Some(shim) => Some(DroppedOption::Unread(shim.title)),
        None => has_path.then_some(DroppedOption::BesidePath),
    }
}

/// Whether a `runtime_type` names a shim other than runc's, which has options of its own.
#[must_use]
pub fn is_foreign(runtime_type: &str) -> bool {
    !matches!(runtime_type, "" | "io.containerd.runc.v1" | "io.containerd.runc.v2")
}

/// The shim whose options the table of a runtime holds. Source: `getRuntimeOptionsType` of
/// containerd/containerd@v1.7.34:pkg/cri/config/config.go and @v2.3.4:internal/cri/config/config.go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShimOptions {
    /// Runc's.
    Runc,
    /// The options that containerd passes to any unknown shim.
    Generic,
    /// Those of a shim whose options no key table has.
    Foreign,
    /// The file does not name the shim.
    Unsaid,
}

impl ShimOptions {
    /// The options that the runtime of this name takes, by its table.
    #[must_use]
    pub fn of(name: &str, runtime: Option<&Node>) -> Self {
        let written = runtime.and_then(|runtime| runtime.get("runtime_type")).and_then(Node::as_str);
        match written.unwrap_or_default() {
            LINUX_V1 | RUNHCS_V1 => Self::Foreign,
            other if is_foreign(other) => Self::Generic,
            // containerd's own settings have a runtime of this name.
            "" if name != "runc" => Self::Unsaid,
            _ => Self::Runc,
        }
    }

    /// Whether a key of the table `options` is among them.
    #[must_use]
    pub fn has(self, key: &KeySpec) -> bool {
        match self {
            Self::Runc => !is_generic(key),
            Self::Generic => is_generic(key),
            Self::Foreign => false,
            Self::Unsaid => true,
        }
    }
}

fn is_generic(key: &KeySpec) -> bool {
    GENERIC.contains(&key.leaf())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::tables;

    #[test]
    fn every_option_is_of_the_one_sort_of_its_row() {
        let mut seen = [0, 0];
        for table in [&tables::CONTAINERD_V1, &tables::CONTAINERD_V2, &tables::CONTAINERD_V3, &tables::CONTAINERD_V4] {
            for key in table.keys().iter().filter(|key| key.path().contains(".options.")) {
                let generic = key.note().unwrap_or_default().starts_with("for any runtime_type that is neither runc");
                assert_eq!(is_generic(key), generic, "{}", key.path());
                seen[usize::from(generic)] += 1;
            }
        }
        assert!(seen[0] > 30 && seen[1] == 9, "{seen:?}");
    }
}

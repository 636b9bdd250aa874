//! The tables of the CRI plugin as a file writes them.

use super::kind::{CRI, CRI_IMAGES, CRI_RUNTIME, spoken_version};
use crate::syntax::{Entry, Node};

/// The tables of the CRI plugin, wherever the config version puts them.
#[derive(Clone, Copy)]
pub struct Cri<'t, 'a> {
    root: &'t Node<'a>,
    /// The config version whose tables the file has.
    pub version: i64,
}

impl<'t, 'a> Cri<'t, 'a> {
    /// The CRI tables of a file.
    #[must_use]
    pub fn of(root: &'t Node<'a>) -> Self {
        Self { root, version: spoken_version(root) }
    }

    /// The plugin's name for its runtime settings.
    #[must_use]
    pub fn runtime_id(self) -> &'static str {
        match self.version {
            1 => "cri",
            2 => CRI,
            _ => CRI_RUNTIME,
        }
    }

    /// The plugin's name for its image settings.
    #[must_use]
    pub fn images_id(self) -> &'static str {
        if self.version >= 3 { CRI_IMAGES } else { self.runtime_id() }
    }

    /// The plugin's name for its streaming settings.
    #[must_use]
    pub fn streaming_id(self) -> &'static str {
        if self.version == 1 { "cri" } else { CRI }
    }

    /// An entry of the runtime settings: cni, containerd, ...
    #[must_use]
    pub fn runtime(self, path: &[&str]) -> Option<&'t Entry<'a>> {
        self.below(self.runtime_id(), path)
    }

    /// An entry of the image settings: registry, snapshotter, ...
    #[must_use]
    pub fn images(self, path: &[&str]) -> Option<&'t Entry<'a>> {
        self.below(self.images_id(), path)
    }

    /// An entry of the streaming settings.
    #[must_use]
    pub fn streaming(self, path: &[&str]) -> Option<&'t Entry<'a>> {
        self.below(self.streaming_id(), path)
    }

    /// The sandbox (pause) image.
    #[must_use]
    pub fn sandbox_image(self) -> Option<&'t Entry<'a>> {
        if self.version >= 3 { self.images(&["pinned_images", "sandbox"]) } else { self.images(&["sandbox_image"]) }
    }

    /// The name of the default runtime; `runc` if none is given.
    #[must_use]
    pub fn default_runtime(self) -> &'t str {
        let name = self.runtime(&["containerd", "default_runtime_name"]);
        name.and_then(|e| e.value.as_str()).unwrap_or("runc")
    }

    /// The runtime handlers written in the file.
    #[must_use]
    pub fn runtimes(self) -> &'t [Entry<'a>] {
        let entry = self.runtime(&["containerd", "runtimes"]);
        entry.map(|e| e.value.entries()).unwrap_or_default()
    }

    /// Whether a registry has mirrors.
    pub(crate) fn has_mirrors(self) -> bool {
        self.images(&["registry", "mirrors"]).is_some_and(|mirrors| !mirrors.value.entries().is_empty())
    }

    /// Whether a registry has a `tls` table: its mere presence counts.
    pub(crate) fn has_registry_tls(self) -> bool {
        let configs = self.images(&["registry", "configs"]);
        configs.is_some_and(|configs| configs.value.entries().iter().any(|one| one.value.get("tls").is_some()))
    }

    fn below(self, plugin: &str, path: &[&str]) -> Option<&'t Entry<'a>> {
        self.root.at(&["plugins", plugin])?.entry_at(path)
    }
}

//! Finds `crilint.toml` and reads it by [`crilint_core::config`].

use std::path::{Path, PathBuf};

use crilint_core::config::{Config, FileRules};
use crilint_core::node;
use crilint_core::node::OnNode;

use crate::disk;
use crate::error::Error;
use crate::walk::{absolute, shown};

/// A longer file is a mistake: the largest useful one names some thousand files.
const MAX_LEN: usize = 1 << 20;

/// The name of the file, looked for in a folder and those above it.
pub(crate) const FILE_NAME: &str = "crilint.toml";

/// A configuration with the folder that its paths are relative to.
#[derive(Debug, Default)]
pub(crate) struct Loaded {
    /// The settings in the file.
    pub(crate) config: Config,
    /// The absolute folder of the file; empty if there is none.
    folder: PathBuf,
}

impl Loaded {
    /// Looks for the file in `folder` and above; without one, the result is that of an empty file. A file below `image`
    /// does not count: what an image contains must not silence its audit.
    pub(crate) fn find(folder: &Path, image: Option<&Path>) -> Result<Self, Error> {
        let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let image = image.map(real);
        let counts = |folder: &&Path| !image.as_ref().is_some_and(|image| real(folder).starts_with(image));
        let folders = folder.ancestors().filter(counts);
        let found = folders.map(|folder| folder.join(FILE_NAME)).find(|path| path.symlink_metadata().is_ok());
        found.map_or_else(|| Ok(Self::default()), |path| Self::read(&path))
    }

    /// Reads a file.
    pub(crate) fn read(path: &Path) -> Result<Self, Error> {
        let shown = path.display().to_string();
        let failed = |source| Error::Read { path: shown.clone(), source };
        let bytes = disk::read(path, MAX_LEN).map_err(failed)?;
        if bytes.len() > MAX_LEN {
            return Err(Error::ConfigTooLarge(shown));
        }
        let text = String::from_utf8(bytes).map_err(|_| Error::ConfigNotUtf8(shown.clone()))?;
        let config = Config::parse(&text).map_err(|fault| Error::Config(fault.located(&shown, &text)))?;
        let path = std::path::absolute(path).map_err(failed)?;
        Ok(Self { config, folder: path.parent().unwrap_or(&path).to_owned() })
    }

    /// The entries of `files` that match a file, by its absolute path.
    pub(crate) fn rules_for(&self, path: &Path) -> Vec<&FileRules> {
        let path = shown(path.strip_prefix(&self.folder).unwrap_or(path));
        self.config.rules_for(&path)
    }

    /// A file on the nearest configured node around it, by its absolute path.
    pub(crate) fn on_node(&self, path: &Path) -> Option<OnNode> {
        let roots: Vec<_> = self.config.nodes.iter().map(|root| shown(&absolute(&self.folder.join(root)))).collect();
        node::below_root(&shown(path), &roots)
    }
}

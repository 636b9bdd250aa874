//! `crilint.toml`: what holds for a repository, so that nobody has to type it.

use crilint_core::kinds;

use std::fmt;
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use crilint_core::config;
use crilint_core::engine::{Level, Selector, Target};
use crilint_core::finding::Severity;
use crilint_core::kind::Kind;
use crilint_core::node;
use crilint_core::node::OnNode;
use crilint_core::releases::Product;
use crilint_core::secrets::mask_about;
use schemars::JsonSchema;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize};

use crate::disk;
use crate::error::Error;
use crate::walk::{absolute, shown};

/// A longer file is a mistake: the largest that is of use names some thousand files.
const MAX_LEN: usize = 1 << 20;

/// The name of the file, looked for in a folder and those above it.
pub const FILE_NAME: &str = "crilint.toml";

/// Configuration of crilint, the linter for container runtime configuration.
#[derive(Deserialize, JsonSchema, Debug, Default)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
#[schemars(rename = "crilint.toml", extend("$id" = "https://crilint.github.io/crilint/schemas/crilint.schema.json"))]
pub struct Config {
    /// The releases that matter, by product. A product left out gets what its upstream maintains.
    pub target: Targets,
    /// Run only these rules: ids, categories or `all`. Empty: every rule that is not off by default.
    pub select: Vec<RuleName>,
    /// Do not run these rules: ids or categories.
    pub ignore: Vec<RuleName>,
    /// How loud rules are, by id or category; an id wins over a category.
    #[serde(deserialize_with = "pairs")]
    #[schemars(with = "std::collections::BTreeMap<String, LevelName>")]
    pub levels: Vec<(RuleName, LevelName)>,
    /// The level from which findings make the exit code 1.
    pub fail_on: Option<FailOn>,
    /// What holds for some files; of several entries that meet a file, all apply, and the last kind wins.
    pub files: Vec<FileRules>,
    /// Folders whose files are one host each, as if the folder were `/`.
    #[serde(rename = "host")]
    pub hosts: Vec<HostRoot>,
}

/// Releases by product, such as `2.1`, `1.7..2.2`, `1.34..`, `all`, or several with commas.
#[derive(Deserialize, JsonSchema, Debug, Default)]
#[serde(deny_unknown_fields, default)]
pub struct Targets {
    /// Releases of containerd.
    pub containerd: Option<Spec<0>>,
    /// Releases of Docker Engine.
    pub docker: Option<Spec<1>>,
    /// Releases of Kubernetes, for the kubelet.
    pub kubernetes: Option<Spec<2>>,
}

/// Releases of the product with this number in [`Product::ALL`], in the form of [`Target::add`].
#[derive(JsonSchema, Debug)]
#[schemars(with = "String")]
pub struct Spec<const PRODUCT: usize>(String);

/// What holds for some files.
#[derive(Deserialize, JsonSchema, Debug)]
#[serde(deny_unknown_fields)]
pub struct FileRules {
    /// Which files: a glob relative to this file. Without a slash it meets names in any folder.
    pub path: Glob,
    /// What they are, whatever their names and content.
    pub kind: Option<KindName>,
    /// Rules that say nothing about them: ids, categories or `all`.
    #[serde(default)]
    pub ignore: Vec<RuleName>,
    /// Leave them alone when a folder is checked, or in a hook.
    #[serde(default)]
    pub exclude: bool,
}

/// A folder that stands for the root of a host.
#[derive(Deserialize, JsonSchema, Debug)]
#[serde(deny_unknown_fields)]
pub struct HostRoot {
    /// The folder, relative to this file.
    pub root: PathBuf,
}

/// A rule's id, a category or `all`.
#[derive(Deserialize, JsonSchema, Debug)]
#[serde(try_from = "String")]
#[schemars(with = "String")]
pub struct RuleName(pub Selector);

/// The id of a kind of file.
#[derive(Deserialize, JsonSchema, Debug)]
#[serde(try_from = "String")]
#[schemars(with = "String")]
pub struct KindName(pub &'static Kind);

/// A glob over paths.
#[derive(Deserialize, JsonSchema, Debug)]
#[serde(try_from = "String")]
#[schemars(with = "String")]
pub struct Glob(config::Glob);

/// How loud a rule is.
#[derive(Deserialize, JsonSchema, Debug, Clone, Copy)]
#[serde(rename_all = "kebab-case")]
pub enum LevelName {
    /// Not at all.
    Off,
    /// For information.
    Info,
    /// A warning.
    Warning,
    /// An error.
    Error,
}

/// From which level findings make the exit code 1.
#[derive(ValueEnum, Deserialize, Serialize, JsonSchema, Debug, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum FailOn {
    /// Errors.
    Error,
    /// Warnings and errors.
    Warning,
    /// Everything.
    Info,
    /// Nothing.
    Never,
}

impl FailOn {
    /// Whether a finding of this severity fails the run.
    #[must_use]
    pub fn meets(self, severity: Severity) -> bool {
        match self {
            Self::Error => severity >= Severity::Error,
            Self::Warning => severity >= Severity::Warning,
            Self::Info => true,
            Self::Never => false,
        }
    }
}

impl LevelName {
    /// The engine's word for it.
    #[must_use]
    pub fn level(self) -> Level {
        match self {
            Self::Off => Level::Off,
            Self::Info => Level::Fixed(Severity::Info),
            Self::Warning => Level::Fixed(Severity::Warning),
            Self::Error => Level::Fixed(Severity::Error),
        }
    }
}

impl Targets {
    /// In the form of [`Target::add`], with the product each.
    pub fn specs(&self) -> impl Iterator<Item = (Product, &str)> {
        let texts = [
            self.containerd.as_ref().map(|spec| &spec.0),
            self.docker.as_ref().map(|spec| &spec.0),
            self.kubernetes.as_ref().map(|spec| &spec.0),
        ];
        Product::ALL.into_iter().zip(texts).filter_map(|(product, text)| Some((product, text?.as_str())))
    }
}

impl<'de, const PRODUCT: usize> Deserialize<'de> for Spec<PRODUCT> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = format!("{}={}", Product::ALL[PRODUCT].id(), String::deserialize(deserializer)?);
        Target::default().add(&text).map_err(serde::de::Error::custom)?;
        Ok(Self(text))
    }
}

impl TryFrom<String> for RuleName {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Selector::parse(&text).map(Self)
    }
}

impl TryFrom<String> for KindName {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let known: Vec<_> = kinds::KINDS.iter().map(|kind| kind.id).collect();
        kinds::find(&text).map(Self).ok_or_else(|| format!("`{text}` is no kind of file: write {}", known.join(", ")))
    }
}

impl TryFrom<String> for Glob {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        config::Glob::parse(&text).map(Self)
    }
}

impl Glob {
    /// Whether the path, relative to the folder of the configuration, is meant.
    fn meets(&self, path: &Path) -> bool {
        self.0.meets(&shown(path))
    }
}

/// A table in its order, with errors at the key or value that is wrong.
fn pairs<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<(RuleName, LevelName)>, D::Error> {
    struct Pairs;
    impl<'de> Visitor<'de> for Pairs {
        type Value = Vec<(RuleName, LevelName)>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a table of rules or categories with off, info, warning or error")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut out = vec![];
            while let Some(pair) = map.next_entry()? {
                out.push(pair);
            }
            Ok(out)
        }
    }
    deserializer.deserialize_map(Pairs)
}

/// A configuration with the folder that its paths are relative to.
#[derive(Debug, Default)]
pub struct Loaded {
    /// What it says.
    pub config: Config,
    /// The absolute folder of the file; empty if there is none.
    folder: PathBuf,
}

impl Loaded {
    /// Looks for the file in `folder` and above; without one, everything is as if it were empty. A file below `image` does not
    /// count: what an image contains must not silence its audit.
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
        let config = toml::from_str(&text).map_err(|error| located(&shown, &text, &error))?;
        let path = std::path::absolute(path).map_err(failed)?;
        Ok(Self { config, folder: path.parent().unwrap_or(&path).to_owned() })
    }

    /// What is said about a file, by its absolute path.
    pub(crate) fn rules_for(&self, path: &Path) -> Vec<&FileRules> {
        let path = path.strip_prefix(&self.folder).unwrap_or(path);
        self.config.files.iter().filter(|rules| rules.path.meets(path)).collect()
    }

    /// A file on the nearest configured host around it, by its absolute path.
    pub(crate) fn on_node(&self, path: &Path) -> Option<OnNode> {
        let root = |host: &HostRoot| shown(&absolute(&self.folder.join(&host.root)));
        let roots: Vec<_> = self.config.hosts.iter().map(root).collect();
        node::below_root(&shown(path), &roots)
    }
}

fn located(path: &str, text: &str, error: &toml::de::Error) -> Error {
    let message = error.message().trim_end().replace('\n', "; ");
    let span = error.span().unwrap_or_default();
    // For an item of a list the span is the whole list's; the message quotes the item.
    let item = message.split('`').nth(1).and_then(|item| text.get(span.clone())?.find(item));
    let at = span.start + item.unwrap_or(0);
    let line = 1 + text.bytes().take(at).filter(|b| *b == b'\n').count();
    Error::Config { path: path.to_owned(), line, message: mask_about(text, &message) }
}

//! The effective configuration of daemons with one file, or a main file with drop-ins merged over it: Docker and the
//! kubelet.

use std::collections::BTreeMap;

use crate::containerd::loader::LeafValue;
use crate::keys::defaults;
use crate::keys::{Place, Table};
use crate::kind::File;
use crate::kind::Origin;
use crate::kind::{EffectiveSetting, SettingSource};
use crate::releases::{Product, ReleaseSet};
use crate::syntax::path::split;
use crate::syntax::{Entry, Node, Value};

/// The settings that a release has with these files, the main one first; of a file with several bodies, the first
/// counts.
#[must_use]
pub(super) fn settings(files: &[&File<'_>], keys: &'static Table, release: ReleaseSet) -> Vec<EffectiveSetting> {
    let mut all: BTreeMap<Vec<String>, EffectiveSetting> = BTreeMap::new();
    for key in keys.keys() {
        let path = split(key.path());
        let single = !path.iter().any(|part| matches!(*part, "*" | "[]"));
        if let Some(value) = defaults::in_release(key, keys.product(), release).filter(|_| single) {
            let path: Vec<String> = path.iter().map(|part| (*part).to_owned()).collect();
            let setting = EffectiveSetting {
                path: path.clone(),
                value: value.to_owned(),
                source: SettingSource::Default,
                unused: false,
            };
            all.insert(path, setting);
        }
    }
    for file in files {
        let mut reader = Reader { file: file.index, product: keys.product(), release, all: &mut all };
        reader.table(&[], file.body(), Some(keys.root()));
    }
    all.into_values().collect()
}

struct Reader<'r> {
    file: usize,
    product: Product,
    release: ReleaseSet,
    all: &'r mut BTreeMap<Vec<String>, EffectiveSetting>,
}

impl Reader<'_> {
    fn table(&mut self, path: &[String], node: &Node<'_>, place: Option<Place>) {
        for entry in node.entries() {
            // What the document is, rather than a setting.
            if path.is_empty()
                && self.product == Product::Kubernetes
                && matches!(entry.key.as_ref(), "kind" | "apiVersion")
            {
                continue;
            }
            let child = place.and_then(|p| if path.is_empty() { p.child(&entry.key) } else { self.child(p, entry) });
            let known = place.is_none_or(|p| child.is_some() || !p.has_children());
            self.entry(path, entry, child, known);
        }
    }

    /// Below the top, Docker's decoder matches names without regard to letter case.
    fn child(&self, place: Place, entry: &Entry<'_>) -> Option<Place> {
        match self.product {
            Product::Docker => place.child_any_case(&entry.key),
            _ => place.child(&entry.key),
        }
    }

    fn entry(&mut self, path: &[String], entry: &Entry<'_>, place: Option<Place>, known: bool) {
        let mut path = path.to_vec();
        path.push(entry.key.as_ref().to_owned());
        if let Value::Map(map) = &entry.value.value
            && !map.entries.is_empty()
        {
            self.table(&path, &entry.value, place.filter(|p| p.has_children()));
            return;
        }
        let key = place.and_then(Place::key);
        let read = key.is_none_or(|key| !key.releases().and(self.release).is_empty());
        let value = LeafValue::Node(&entry.value);
        // Null, and zero where that means the default, leave things as they are.
        let silent = entry.value.is_null() || key.is_some_and(|key| key.zero_is_default()) && value.is_zero();
        if silent && known && read {
            return;
        }
        let source = SettingSource::Written(Origin { file: self.file, key: entry.key_span });
        let unused = !known || !read || key.is_some_and(|key| key.has_no_effect());
        self.all.insert(path.clone(), EffectiveSetting { path, value: value.toml(), source, unused });
    }
}

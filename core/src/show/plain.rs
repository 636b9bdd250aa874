//! The effective configuration of daemons with one file, or a main file with drop-ins merged over it: Docker and the
//! kubelet.

use std::collections::BTreeMap;

use crate::containerd::loader::LeafValue;
use crate::keys::defaults;
use crate::keys::{Place, Table};
use crate::kind::File;
use crate::kind::Origin;
use crate::kind::{EffectiveSetting, SettingSource};
use crate::kubelet::eras::REMOVES_BY_NULL;
use crate::kubelet::overrides::in_effect;
use crate::releases::{Product, ReleaseSet};
use crate::syntax::path::split;
use crate::syntax::{Entry, Node, Value};

/// The settings that a release has with these files, the main one first; of a file with several bodies, the first
/// counts.
#[must_use]
pub(super) fn settings(files: &[&File<'_>], keys: &'static Table, release: ReleaseSet) -> Vec<EffectiveSetting> {
    let mut defaults: BTreeMap<Vec<String>, EffectiveSetting> = BTreeMap::new();
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
            defaults.insert(path, setting);
        }
    }
    let mut all = defaults.clone();
    for (number, file) in files.iter().enumerate() {
        let is_drop_in = number > 0;
        if keys.product() == Product::Kubernetes && !is_drop_in && replaces_evictions(file.body()) {
            all.retain(|path, _| path.first().is_none_or(|first| first != EVICTIONS));
        }
        let (file, body, product) = (file.index, file.body(), keys.product());
        let mut reader = Reader { file, product, is_drop_in, release, defaults: &defaults, all: &mut all };
        reader.table(&[], body, Some(keys.root()));
    }
    all.into_values().collect()
}

/// The one table of the kubelet whose defaults are put in as the main file is read, and only if that does not have it.
/// Source: kubernetes/kubernetes@v1.36.0:cmd/kubelet/app/server.go (`loadConfigFile`).
const EVICTIONS: &str = "evictionHard";

fn replaces_evictions(main: &Node<'_>) -> bool {
    let merges = main.get("mergeDefaultEvictionSettings").and_then(Node::as_bool) == Some(true);
    main.get(EVICTIONS).is_some_and(|table| table.as_map().is_some()) && !merges
}

struct Reader<'r> {
    file: usize,
    product: Product,
    is_drop_in: bool,
    release: ReleaseSet,
    defaults: &'r BTreeMap<Vec<String>, EffectiveSetting>,
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
        if self.is_drop_in && entry.value.is_null() && known {
            self.remove(&path);
            return;
        }
        if silent && known && read {
            return;
        }
        let is_lost = self.is_drop_in && in_effect(entry, &entry.key).and(self.release).is_empty();
        let source = SettingSource::Written(Origin { file: self.file, key: entry.key_span });
        let unused = is_lost || !known || !read || key.is_some_and(|key| key.has_no_effect());
        // What has no effect does not hide what has.
        if is_lost && self.all.get(&path).is_some_and(|setting| !setting.unused) {
            return;
        }
        self.all.insert(path.clone(), EffectiveSetting { path, value: value.toml(), source, unused });
    }

    /// What null in a drop-in does: some releases remove the setting, and set most defaults again.
    fn remove(&mut self, path: &[String]) {
        if REMOVES_BY_NULL.get(Product::Kubernetes).and(self.release).is_empty() {
            return;
        }
        self.all.retain(|other, _| !other.starts_with(path));
        if path.first().is_none_or(|first| first != EVICTIONS) {
            let defaults = self.defaults.iter().filter(|(other, _)| other.starts_with(path));
            self.all.extend(defaults.map(|(path, setting)| (path.clone(), setting.clone())));
        }
    }
}

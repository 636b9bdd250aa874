//! What a word may stand for: keys, flags, feature gates, plugins, drivers and their options, by any of the names that
//! people use.

mod asked;
mod topic;

pub use topic::{Spot, Topic};

use crate::containerd::plugins;
use crate::describe;
use crate::keys::drivers::{self, Driver, DriverOpt};
use crate::keys::nearest;
use crate::keys::{KeySpec, Table, flags, gates, tables};
use crate::kind::Kind;
use crate::order;
use crate::releases::Product;
use asked::{Asked, Fit};
use topic::{of_key, single};

/// The tables of all kinds, with the config version where there are several; newest first.
static TABLES: [(&Kind, Option<u8>, &Table); 10] = [
    (&crate::containerd::KIND, Some(4), &tables::CONTAINERD_V4),
    (&crate::containerd::KIND, Some(3), &tables::CONTAINERD_V3),
    (&crate::containerd::KIND, Some(2), &tables::CONTAINERD_V2),
    (&crate::containerd::KIND, Some(1), &tables::CONTAINERD_V1),
    (&crate::registry_hosts::KIND, None, &tables::HOSTS),
    (&crate::docker::KIND, None, &tables::DOCKER),
    (&crate::kubelet::KIND, None, &tables::KUBELET),
    (&crate::crictl::KIND, None, &tables::CRICTL),
    (&crate::kubelet::credential_provider::KIND, None, &tables::CREDENTIAL_PROVIDER),
    (&crate::distributions::registries::KIND, None, &tables::K3S_REGISTRIES),
];

/// The tables of a kind by config version, newest first.
pub fn tables_of(kind: &Kind) -> impl Iterator<Item = (Option<u8>, &'static Table)> {
    TABLES.iter().filter(move |(k, ..)| *k == kind).map(|(_, version, table)| (*version, *table))
}

/// What `word` may stand for: all that fits best.
#[must_use]
pub fn topics(word: &str) -> Vec<Topic> {
    let asked = Asked::new(word);
    let mut found = BestTopics::new();
    for (kind, version, table) in &TABLES {
        for key in table.keys() {
            if let Some(fit) = asked.fit_key(key) {
                found.add(fit, || of_key(kind, *version, table, key));
            }
        }
    }
    for flag in flags::kubelet_all() {
        if let Some(fit) = asked.fit_flag(flag.name()) {
            found.add(fit, || {
                let about = describe::flag(flag);
                single("flag of the kubelet", &about.title.clone(), (Product::Kubernetes, flag.releases()), about)
            });
        }
    }
    for flag in flags::docker_ignored_all() {
        if let Some(fit) = asked.fit(flag.name()) {
            let sort = "name without effect in Docker daemon.json";
            let set = (Product::Docker, flag.releases());
            found.add(fit, || single(sort, flag.name(), set, describe::ignored_flag(flag)));
        }
    }
    for gate in gates::all() {
        if let Some(fit) = asked.fit(gate.name()) {
            let set = (Product::Kubernetes, gate.releases());
            found.add(fit, || single("feature gate of the kubelet", gate.name(), set, describe::gate(gate)));
        }
    }
    docker_drivers(&asked, &mut found);
    for plugin in plugins::all() {
        if let Some(fit) = asked.fit_plugin(plugin.uri) {
            let set = (Product::Containerd, plugin.releases());
            found.add(fit, || single("plugin of containerd", plugin.uri, set, describe::plugin(plugin)));
        }
    }
    found.topics.iter_mut().for_each(Topic::settle);
    found.topics
}

/// All topics of a kind, by their paths.
#[must_use]
pub fn all_of(kind: &'static Kind) -> Vec<Topic> {
    let mut found = BestTopics::new();
    for (version, table) in tables_of(kind) {
        for key in table.keys() {
            found.add(Fit::Within, || of_key(kind, version, table, key));
        }
    }
    found.topics.iter_mut().for_each(Topic::settle);
    order::by_name(&mut found.topics, Topic::path);
    found.topics
}

/// The name closest to a word that fits nothing, among all names and `more`; a flag with its dashes.
#[must_use]
pub fn closest(word: &str, more: impl Iterator<Item = &'static str>) -> Option<String> {
    let flags = flags::kubelet_all().iter().map(flags::KubeletFlag::name);
    if let Some(flag) = word.strip_prefix("--") {
        return nearest(flag, flags).map(|name| format!("--{name}"));
    }
    let keys = TABLES.iter().flat_map(|(_, _, table)| table.keys()).map(KeySpec::leaf);
    let drivers = drivers::log_drivers().iter().chain(drivers::storage_drivers());
    let opts = drivers.flat_map(Driver::opts).chain(drivers::any_log_opts());
    let names = keys.chain(flags).chain(gates::all().iter().map(gates::Gate::name)).chain(opts.map(DriverOpt::name));
    if word.contains("io.containerd.") {
        return nearest(word, plugins::all().iter().map(|plugin| plugin.uri)).map(str::to_owned);
    }
    let name = word.rsplit(['.', '"']).find(|part| !part.is_empty()).unwrap_or(word);
    nearest(name, more.chain(names.filter(|n| n.len() > 2))).map(str::to_owned)
}

fn docker_drivers(asked: &Asked<'_>, found: &mut BestTopics) {
    let log = drivers::log_drivers().iter().map(|d| ("log driver", d));
    let storage = drivers::storage_drivers().iter().map(|d| ("storage driver", d));
    let any = drivers::any_log_opts().iter().map(|o| (o, "any log driver".to_owned(), drivers::ANY_LOG_OPTS_SOURCE));
    let all = log.chain(storage);
    let opts =
        all.clone().flat_map(|(sort, d)| d.opts().iter().map(move |o| (o, format!("{sort} {}", d.name()), d.source())));
    for (opt, place, source) in any.chain(opts) {
        let Some(fit) = asked.fit(opt.name()) else { continue };
        found.add(fit, || {
            let sort = if place.starts_with("storage") { "option in storage-opts" } else { "option in log-opts" };
            let mut topic =
                single(sort, opt.name(), (Product::Docker, opt.releases()), describe::driver_opt(opt, source));
            topic.places.iter_mut().for_each(|spot| spot.place.clone_from(&place));
            topic
        });
    }
    for (sort, driver) in all {
        if let Some(fit) = asked.fit(driver.name()) {
            let set = (Product::Docker, driver.releases());
            found.add(fit, || single(&format!("{sort} of Docker"), driver.name(), set, describe::driver(driver)));
        }
    }
}

/// The topics found so far, all of the best fit.
struct BestTopics {
    best: Fit,
    topics: Vec<Topic>,
}

impl BestTopics {
    fn new() -> Self {
        Self { best: Fit::Within, topics: vec![] }
    }

    /// Adds a topic, or its place to one that is there.
    fn add(&mut self, fit: Fit, topic: impl FnOnce() -> Topic) {
        if fit > self.best {
            return;
        }
        if fit < self.best {
            self.best = fit;
            self.topics.clear();
        }
        let new = topic();
        let same = |t: &&mut Topic| t.kind == new.kind && t.name == new.name && t.sort == new.sort && t.doc == new.doc;
        match self.topics.iter_mut().find(same) {
            Some(old) => {
                old.releases = old.releases.or(new.releases);
                new.places.into_iter().for_each(|spot| old.add(spot));
            }
            None => self.topics.push(new),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(word: &str) -> Vec<String> {
        topics(word).iter().map(|t| format!("{}: {}", t.sort, t.path())).collect()
    }

    #[test]
    fn names_are_found_as_people_write_them() {
        for (word, first) in [
            (
                "SystemdCgroup",
                "key of containerd config.toml: \
                 plugins.\"io.containerd.cri.v1.runtime\".containerd.runtimes.*.options.SystemdCgroup",
            ),
            ("sandbox_image", "key of containerd config.toml: plugins.\"io.containerd.grpc.v1.cri\".sandbox_image"),
            (
                "plugins.io.containerd.grpc.v1.cri.cni.bin_dir",
                "key of containerd config.toml: plugins.\"io.containerd.grpc.v1.cri\".cni.bin_dir",
            ),
            (
                "runtimes.runc.options.Root",
                "key of containerd config.toml: \
                 plugins.\"io.containerd.cri.v1.runtime\".containerd.runtimes.*.options.Root",
            ),
            ("log-opts", "key of Docker daemon.json: log-opts"),
            ("--log-opt", "key of Docker daemon.json: log-opts"),
            ("evictionHard", "key of KubeletConfiguration: evictionHard"),
            ("--pod-infra-container-image", "flag of the kubelet: --pod-infra-container-image"),
            ("eviction-hard", "flag of the kubelet: --eviction-hard"),
            ("NodeSwap", "feature gate of the kubelet: NodeSwap"),
            ("nodeswap", "feature gate of the kubelet: NodeSwap"),
            ("max-file", "option in log-opts: log driver json-file"),
            ("overlay2", "storage driver of Docker: overlay2"),
            ("io.containerd.grpc.v1.cri", "plugin of containerd: io.containerd.grpc.v1.cri"),
            ("[plugins.'io.containerd.nri.v1.nri']", "plugin of containerd: io.containerd.nri.v1.nri"),
            ("blockfile", "plugin of containerd: io.containerd.snapshotter.v1.blockfile"),
            ("registry-mirror", "name without effect in Docker daemon.json: registry-mirror"),
        ] {
            assert_eq!(paths(word).first().map(String::as_str), Some(first), "{word}");
        }
    }

    #[test]
    fn what_is_the_same_everywhere_is_described_once() {
        let topics = topics("max-file");
        let [topic] = topics.as_slice() else { panic!("{topics:#?}") };
        let places: Vec<_> = topic.places.iter().map(|spot| spot.place.as_str()).collect();
        assert_eq!(places, ["log driver json-file", "log driver local"]);
        assert!(topic.facts.iter().any(|f| f.name == "looked at"), "{topic:#?}");
        assert!(topic.places.iter().all(|s| s.facts.iter().any(|f| f.name == "default")), "{topic:#?}");
    }

    #[test]
    fn slips_are_seen() {
        assert_eq!(closest("plugins.cri.sandbox_imgae", [].into_iter()).as_deref(), Some("sandbox_image"));
        assert_eq!(closest("evictonHard", [].into_iter()).as_deref(), Some("evictionHard"));
        let uri = "io.containerd.snapshotter.v1.overlayfs";
        assert_eq!(closest("io.containerd.snapshoter.v1.overlayfs", [].into_iter()).as_deref(), Some(uri));
        assert_eq!(closest("qqqqqqqqq", [].into_iter()), None);
    }
}

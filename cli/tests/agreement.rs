//! Hover, completion, explain, the pages and the schemas agree about every key, plugin, driver and option.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crilint::schema;
use crilint_core::containerd::plugins;
use crilint_core::describe;
use crilint_core::describe::find;
use crilint_core::describe::find::{Spot, Topic};
use crilint_core::describe::{Description, NamedFact};
use crilint_core::engine::{Options, Source, Target};
use crilint_core::ide;
use crilint_core::keys::{KeySpec, drivers};
use crilint_core::kind::Kind;
use crilint_core::kinds::KINDS;
use crilint_core::releases::ReleaseSet;
use crilint_core::syntax::Format;
use serde_json::Value;

#[path = "../../core/tests/support/minimal.rs"]
#[allow(clippy::expect_used, dead_code, reason = "each test uses a part of it")]
mod minimal;

/// A key with its place in the tables.
struct Subject {
    kind: &'static Kind,
    version: Option<u8>,
    key: &'static KeySpec,
    parts: Vec<&'static str>,
}

#[test]
fn all_tell_the_same() {
    let (mut count, mut offered) = (0, 0);
    for kind in KINDS.iter().copied() {
        let topics = find::all_of(kind);
        let page = page(kind);
        for (version, table) in find::tables_of(kind) {
            let schema = schema_of(kind, version);
            let keys = table.keys().iter().filter(|key| !key.releases().is_empty());
            // Free names have no row to hover, those of lists another path in a schema, and `version` selects the
            // table.
            for key in keys.filter(|key| !key.path().contains(['*', '[']) && key.path() != "version") {
                let subject = Subject { kind, version, key, parts: minimal::parts(key.path()) };
                offered += usize::from(subject.in_an_editor());
                subject.in_explain(&topics);
                assert!(page.contains(&format!("`{}`", key.path())), "{}", key.path());
                assert!(page.contains(&escaped(key.doc())), "{}", key.path());
                subject.in_schema(&schema);
                count += 1;
            }
        }
    }
    println!("{count} keys, {offered} of them offered by completion");
    assert!(count > 1000 && offered > 700);
}

/// The text that hover shows for the word at `‸` in a file for all releases.
fn hovered(kind: &'static Kind, text: &str) -> Option<Description> {
    let mut target = Target::default();
    target.add(&format!("{}=all", kind.product.id())).unwrap();
    let at = text.find('‸')? as u32;
    let text = text.replace('‸', "");
    let source = Source { path: "file", text: &text, kind: Some(kind), ..Source::default() };
    ide::hover(&source, &Options { target, ..Options::default() }, at).map(|hover| hover.about)
}

/// Explain and the page contain what hover shows.
fn assert_described(page: &str, name: &str, about: &Description) {
    let topics = find::topics(name);
    let same = topics.iter().any(|topic| {
        let everywhere = |spot: &Spot, fact: &NamedFact| topic.facts.contains(fact) || spot.facts.contains(fact);
        let spots = topic.places.iter().filter(|spot| spot.source == about.source);
        topic.doc == about.doc && spots.clone().any(|spot| about.facts.iter().all(|fact| everywhere(spot, fact)))
    });
    assert!(same, "explain differs for {name}: {topics:#?}");
    let written = fs::read_to_string(folder().join(page)).unwrap();
    assert!(written.contains(&format!("`{name}`")) && written.contains(&escaped(about.doc)), "{name} in {page}");
}

#[test]
fn all_tell_the_same_about_plugins() {
    for plugin in plugins::all() {
        let about = describe::plugin(plugin);
        for text in ["required_plugins = [\"‸URI\"]\n", "[plugins.\"‸URI\"]\n"] {
            let text = format!("version = 3\n{}", text.replace("URI", plugin.uri));
            assert_eq!(hovered(&crilint_core::containerd::KIND, &text).as_ref(), Some(&about), "{text}");
        }
        assert_described("containerd-plugins.md", plugin.uri, &about);
    }
}

#[test]
fn all_tell_the_same_about_drivers_and_their_options() {
    let docker = &crilint_core::docker::KIND;
    let log =
        |driver: &str, opt: &str| format!("{{ \"log-driver\": \"{driver}\", \"log-opts\": {{ \"‸{opt}\": \"\" }} }}");
    let storage =
        |driver: &str, opt: &str| format!("{{ \"storage-driver\": \"{driver}\", \"storage-opts\": [\"‸{opt}=1\"] }}");
    let of_any =
        drivers::any_log_opts().iter().map(|opt| (opt, drivers::ANY_LOG_OPTS_SOURCE, log("json-file", opt.name())));
    let of_log = drivers::log_drivers()
        .iter()
        .flat_map(|d| d.opts().iter().map(move |opt| (opt, d.source(), log(d.name(), opt.name()))));
    let of_storage = drivers::storage_drivers()
        .iter()
        .flat_map(|d| d.opts().iter().map(move |opt| (opt, d.source(), storage(d.name(), opt.name()))));
    let mut count = 0;
    for (opt, source, text) in of_any.chain(of_log).chain(of_storage) {
        let about = describe::driver_opt(opt, source);
        assert_eq!(hovered(docker, &text).as_ref(), Some(&about), "{text}");
        assert_described("docker-drivers.md", opt.name(), &about);
        count += 1;
    }
    for (key, all) in [("log-driver", drivers::log_drivers()), ("storage-driver", drivers::storage_drivers())] {
        for driver in all {
            let text = format!("{{ {key:?}: \"‸{}\" }}", driver.name());
            let about = describe::driver(driver);
            assert_eq!(hovered(docker, &text).as_ref(), Some(&about), "{text}");
            assert_described("docker-drivers.md", driver.name(), &about);
            count += 1;
        }
    }
    assert!(count > 130, "{count}");
}

impl Subject {
    fn options(&self) -> Options {
        let mut target = Target::default();
        target.add(&format!("{}=all", self.kind.product.id())).unwrap();
        Options { target, ..Options::default() }
    }

    /// A file with the key, and the key's place in it; `name` stands for the key.
    fn file(&self, name: &str) -> (String, u32) {
        let mut parts = self.parts.clone();
        *parts.last_mut().unwrap() = name;
        let (path, text) = match self.kind.id {
            "docker" => ("daemon.json", minimal::json(&parts, "0")),
            _ if self.kind.formats().first() == Some(&Format::Yaml) => {
                ("kubelet.yaml", minimal::yaml(self.kind.id == "kubelet", &parts, "0"))
            }
            _ => {
                let version = self.version.filter(|v| *v > 1).map(|v| format!("version = {v}\n")).unwrap_or_default();
                ("config.toml", minimal::toml(&version, &parts, "0", ""))
            }
        };
        let at = text.rfind(name).unwrap_or_else(|| panic!("{path}: no {name} in {text}"));
        (text, at as u32)
    }

    /// Whether completion offers the key.
    fn in_an_editor(&self) -> bool {
        let about = describe::key(self.key, self.kind.product);
        let leaf = self.key.leaf();
        let (text, at) = self.file(leaf);
        let source = Source { path: "file", text: &text, kind: Some(self.kind), ..Source::default() };
        let hover = ide::hover(&source, &self.options(), at + 1).unwrap_or_else(|| panic!("nothing over {text}"));
        assert_eq!(hover.about, about, "{text}");
        // The first letter is there, as while a user types.
        let (text, at) = self.file(&leaf[..1]);
        let source = Source { path: "file", text: &text, kind: Some(self.kind), ..Source::default() };
        let offered = ide::complete(&source, &self.options(), at + 1);
        // Tables are offered as headers, and what is on its way out not at all.
        let own = offered.iter().find(|c| c.label == leaf);
        if let Some(own) = own {
            assert_eq!(own.about.as_ref(), Some(&about));
        }
        own.is_some()
    }

    fn in_explain(&self, topics: &[Topic]) {
        let about = describe::key(self.key, self.kind.product);
        let spots = topics.iter().flat_map(|topic| topic.places.iter().map(move |spot| (topic, spot)));
        let mut spots = spots.filter(|(_, spot)| spot.place == self.key.path());
        // Older config versions of the same place are read by more releases.
        let own = |fact: &&describe::NamedFact| {
            !matches!(fact.name, "config version" | "releases" | "default" | "deprecated")
        };
        let same = spots.any(|(topic, spot)| {
            topic.doc == about.doc
                && about.facts.iter().filter(own).all(|fact| topic.facts.contains(fact) || spot.facts.contains(fact))
        });
        assert!(same, "{}", self.key.path());
    }

    fn in_schema(&self, schema: &Value) {
        let mut node = schema;
        for part in &self.parts {
            let named = node["properties"].get(*part);
            let patterns = node["patternProperties"].as_object();
            let pattern = || patterns?.iter().find(|(pattern, _)| fits(pattern, part)).map(|(_, node)| node);
            node = pattern().or(named).unwrap_or_else(|| panic!("no {part} of {} in the schema", self.key.path()));
        }
        let text = node["description"].as_str().unwrap_or_default();
        assert!(text.starts_with(self.key.doc()), "{}: {text}", self.key.path());
        let product = self.kind.product;
        let releases = node["x-crilint-releases"][product.id()].as_str().unwrap_or_default();
        assert_eq!(
            ReleaseSet::parse(product, releases).unwrap().ids(product).collect::<Vec<_>>(),
            self.key.releases().ids(product).collect::<Vec<_>>(),
            "{}",
            self.key.path()
        );
    }
}

/// Whether a pattern of the schemas is that of a name in any letter case: `^[Gg][Cc]$`.
fn fits(pattern: &str, name: &str) -> bool {
    let letters: String = pattern.chars().filter(char::is_ascii_alphanumeric).collect();
    let doubled: String = name
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .flat_map(|c| if c.is_ascii_digit() { vec![c] } else { vec![c.to_ascii_uppercase(), c.to_ascii_lowercase()] })
        .collect();
    letters == doubled
}

fn schema_of(kind: &'static Kind, version: Option<u8>) -> Value {
    let all = if kind.id == "containerd" {
        crilint_core::containerd::releases_of(version.unwrap_or(1).into()).get(kind.product)
    } else {
        ReleaseSet::ALL
    };
    schema::of(kind, version, all).to_value()
}

fn page(kind: &Kind) -> String {
    fs::read_to_string(folder().join(format!("{}.md", kind.id))).unwrap_or_default()
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/keys")
}

/// As the pages write texts.
fn escaped(text: &str) -> String {
    let marks: BTreeMap<char, &str> =
        [('*', "\\*"), ('<', "\\<"), ('>', "\\>"), ('[', "\\["), (']', "\\]"), ('_', "\\_"), ('|', "\\|")].into();
    text.chars().map(|c| marks.get(&c).map_or_else(|| c.to_string(), ToString::to_string)).collect()
}

//! A thing with all the places where it stands, and what holds in which.

use crate::describe;
use crate::describe::{Description, NamedFact};
use crate::keys::drivers::{self, Driver, DriverOpt};
use crate::keys::{KeySpec, Place, Table, Type};
use crate::kind::Kind;
use crate::order;
use crate::releases::{Product, ReleaseSet};

/// One thing with all the places where it can stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Topic {
    /// The name, without what stands before it in a path.
    pub name: String,
    /// The sort of thing, such as `key of containerd config.toml`.
    pub sort: String,
    /// The id of the kind of file; empty for what stands in none.
    pub kind: &'static str,
    /// The product whose releases matter.
    pub product: Product,
    /// Releases that have the thing in some place.
    pub releases: ReleaseSet,
    /// What the thing does.
    pub doc: &'static str,
    /// Facts that hold in all places.
    pub facts: Vec<NamedFact>,
    /// The places, newest first.
    pub places: Vec<Spot>,
    /// Names right below.
    pub below: Vec<&'static str>,
}

/// A place of a [`Topic`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    /// Where: a path, or a driver.
    pub place: String,
    /// Facts that hold there and not everywhere.
    pub facts: Vec<NamedFact>,
    /// Where upstream documents it.
    pub source: &'static str,
    /// The key that stands there, as the oldest config version has it, which most releases read.
    key: Option<&'static KeySpec>,
    /// The config versions that have it, oldest first.
    versions: Vec<u8>,
}

impl Topic {
    /// The path of its newest place.
    #[must_use]
    pub fn path(&self) -> &str {
        self.places.first().map_or(&self.name, |spot| &spot.place)
    }

    /// Adds a place; one that stands in an older config version as well is the same place.
    pub(super) fn add(&mut self, spot: Spot) {
        let product = self.product;
        let same = |newer: &&mut Spot| matches!((spot.key, newer.key), (Some(a), Some(b)) if is_part(a, b, product));
        match self.places.iter_mut().find(same) {
            Some(newer) => {
                let versions = spot.versions.iter().chain(&newer.versions).copied().collect();
                *newer = Spot { versions, source: newer.source, ..spot };
            }
            None => self.places.push(spot),
        }
    }

    /// Fills in the facts, and moves what holds in all places to the topic.
    pub(super) fn settle(&mut self) {
        for spot in &mut self.places {
            let Some(key) = spot.key else { continue };
            spot.facts = describe::key(key, self.product).facts;
            spot.facts.retain(|fact| fact.name != CONFIG_VERSION);
            let versions: Vec<_> = spot.versions.iter().map(u8::to_string).collect();
            if !versions.is_empty() {
                spot.facts.push(NamedFact { name: CONFIG_VERSION, text: versions.join(", ") });
            }
        }
        let Some((first, others)) = self.places.split_first() else { return };
        let everywhere = |fact: &NamedFact| others.iter().all(|spot| spot.facts.contains(fact));
        self.facts = first.facts.iter().filter(|fact| everywhere(fact)).cloned().collect();
        for spot in &mut self.places {
            spot.facts.retain(|fact| !self.facts.contains(fact));
        }
    }
}

/// Whether `newer` adds nothing to `older`, which more releases read.
fn is_part(older: &KeySpec, newer: &KeySpec, product: Product) -> bool {
    let set = newer.releases();
    let defaults = |key| crate::keys::defaults::by_release(key, product).into_iter();
    let cut = defaults(older).map(|(releases, value)| (releases.and(set), value)).filter(|(r, _)| !r.is_empty());
    let same_row =
        older.path == newer.path && (older.ty, older.flags, older.details) == (newer.ty, newer.flags, newer.details);
    same_row
        && older.releases().covers(set)
        && older.deprecated().and(set) == newer.deprecated()
        && cut.eq(defaults(newer))
}

pub(super) fn of_key(kind: &'static Kind, version: Option<u8>, table: &'static Table, key: &'static KeySpec) -> Topic {
    let below = table.place_of(key).map(|place| place.children().map(Place::name));
    let mut below: Vec<_> = below.into_iter().flatten().filter(|name| !matches!(*name, "*" | "[]")).collect();
    below.extend(driver_opts_in(kind, key));
    below.dedup();
    Topic {
        name: key.leaf().to_owned(),
        sort: format!("{} of {}", if key.ty() == Type::Table { "table" } else { "key" }, kind.title),
        kind: kind.id,
        product: kind.product,
        releases: key.releases(),
        doc: key.doc(),
        facts: vec![],
        places: vec![Spot {
            place: key.path().to_owned(),
            facts: vec![],
            source: key.source(),
            key: Some(key),
            versions: version.into_iter().collect(),
        }],
        below,
    }
}

/// The names that make sense in a table of driver options.
fn driver_opts_in(kind: &Kind, key: &KeySpec) -> Vec<&'static str> {
    let opts = |drivers: &'static [Driver]| drivers.iter().flat_map(Driver::opts).map(DriverOpt::name);
    let mut names: Vec<_> = match (kind.id, key.path()) {
        ("docker", "log-opts") => {
            drivers::any_log_opts().iter().map(DriverOpt::name).chain(opts(drivers::log_drivers())).collect()
        }
        ("docker", "storage-opts") => opts(drivers::storage_drivers()).collect(),
        _ => vec![],
    };
    order::by_name(&mut names, |name| name);
    names
}

const CONFIG_VERSION: &str = "config version";

pub(super) fn single(sort: &str, name: &str, (product, releases): (Product, ReleaseSet), about: Description) -> Topic {
    Topic {
        name: name.to_owned(),
        sort: sort.to_owned(),
        kind: "",
        product,
        releases,
        doc: about.doc,
        facts: vec![],
        places: vec![Spot {
            place: about.title,
            facts: about.facts,
            source: about.source,
            key: None,
            versions: vec![],
        }],
        below: vec![],
    }
}

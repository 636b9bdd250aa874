//! The points of a product: ranges of patch releases that treat every configuration alike. A minor release without a
//! difference between its patches is one point; `splits` in `releases.toml` names the patches that begin another one.

use super::output::numbers;
use crate::data::{Product, Release};

/// The points of one product, oldest first.
pub struct Points {
    product: String,
    all: Vec<Point>,
}

/// Patch releases of one minor release, from `first` to `last`.
pub struct Point {
    /// The minor release: `2.2`; of Docker 23 and later the major release: `29`.
    pub minor: String,
    pub first: String,
    pub last: String,
}

impl Points {
    /// The points that `releases.toml` says.
    pub fn of(product: &Product) -> Result<Self, String> {
        let mut all = vec![];
        for release in &product.releases {
            let firsts: Vec<String> = std::iter::once(first(release)).chain(release.splits.iter().cloned()).collect();
            for (i, first) in firsts.iter().enumerate() {
                let last = match firsts.get(i + 1) {
                    Some(next) => before(release, next)?,
                    None => release.last.clone().unwrap_or_else(|| first.clone()),
                };
                let (from, to) = (numbers(first), numbers(&last));
                if from > to || !from.starts_with(&numbers(&release.id)) {
                    return Err(format!("releases.toml: {} {}: no patches {first} to {last}", product.id, release.id));
                }
                all.push(Point { minor: release.id.clone(), first: first.clone(), last });
            }
        }
        Ok(Self { product: product.id.clone(), all })
    }

    pub fn all(&self) -> &[Point] {
        &self.all
    }

    /// The number of the first point that is not before `id`. A patch release must begin a point of its own.
    pub fn position(&self, id: &str) -> Result<usize, String> {
        let wanted = numbers(id);
        let position = self.all.iter().position(|point| numbers(&point.first) >= wanted);
        let position = position.ok_or_else(|| format!("{} {id}: no such release in releases.toml", self.product))?;
        let inside = |point: &Point| numbers(&point.first) < wanted && wanted <= numbers(&point.last);
        match position.checked_sub(1).and_then(|before| self.all.get(before)).filter(|point| inside(point)) {
            Some(point) => Err(format!("{} {id} begins no point: {} needs it in `splits`", self.product, point.minor)),
            None => Ok(position),
        }
    }

    /// The name of the first point that is not before `id`: the minor release that it begins, or its first patch.
    pub fn name(&self, id: &str) -> Result<&str, String> {
        let position = self.position(id)?;
        let point = &self.all[position];
        let begins_minor = position == 0 || self.all[position - 1].minor != point.minor;
        Ok(if begins_minor { &point.minor } else { &point.first })
    }

    /// The points up to a minor release, or up to a patch release, as a mask.
    pub fn upto(&self, id: &str) -> Result<u128, String> {
        let wanted = numbers(id);
        let is_upto = |point: &&Point| numbers(&point.last).into_iter().take(wanted.len()).collect::<Vec<_>>() <= wanted;
        let count = self.all.iter().take_while(is_upto).count();
        let cut_off = self.all.get(count).filter(|point| numbers(&point.first) <= wanted);
        match cut_off {
            Some(point) => Err(format!("{} {id} ends no point: {} needs the next in `splits`", self.product, point.minor)),
            None => Ok(1_u128.checked_shl(count as u32).map_or(u128::MAX, |bit| bit - 1)),
        }
    }

    /// The points from a release on, releases to come included, as a mask.
    pub fn from(&self, id: &str) -> Result<u128, String> {
        Ok(u128::MAX << self.position(id)?)
    }

    /// The points of a release before one of its patches, as a mask.
    pub fn patches_before(&self, patch: &str) -> Result<u128, String> {
        let position = self.position(patch)?;
        let minor = self.all.get(position).map(|point| &point.minor);
        let before = self.all.iter().enumerate().take(position).filter(|(_, point)| Some(&point.minor) == minor);
        Ok(before.fold(0, |set, (i, _)| set | 1 << i))
    }

    /// The points of a spec such as `1.3..1.7,2.2.2..`, as a mask.
    pub fn spec(&self, spec: &str) -> Result<u128, String> {
        let mut set = 0;
        for part in spec.split(',') {
            let (from, to) = part.split_once("..").unwrap_or((part, part));
            let from = if from.is_empty() { u128::MAX } else { self.from(from)? };
            set |= from & if to.is_empty() { u128::MAX } else { self.upto(to)? };
        }
        Ok(set)
    }
}

fn first(release: &Release) -> String {
    release.first.clone().unwrap_or_else(|| {
        let zeros = if numbers(&release.id).len() == 1 { ".0.0" } else { ".0" };
        format!("{}{zeros}", release.id)
    })
}

/// The patch before another one: of those listed, or by its number.
fn before(release: &Release, id: &str) -> Result<String, String> {
    let known = release.patches.iter().take_while(|patch| *patch != id).last();
    let by_number = || {
        let (head, tail) = id.rsplit_once('.')?;
        Some(format!("{head}.{}", tail.parse::<u32>().ok()?.checked_sub(1)?))
    };
    let listed = release.patches.iter().any(|patch| patch == id);
    let found = if listed { known.cloned() } else { by_number() };
    found.ok_or_else(|| format!("releases.toml: no patch before {id}; list the `patches` of {}", release.id))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points() -> Points {
        let text = r#"id = "docker"
            title = "Docker"
            releases = [
                { id = "28", last = "28.5.2", patches = ["28.0.0", "28.0.4", "28.1.0", "28.5.2"], splits = ["28.1.0"] },
                { id = "29", last = "29.0.4", splits = ["29.0.1"] },
            ]"#;
        Points::of(&toml::from_str(text).unwrap()).unwrap()
    }

    #[test]
    fn minor_releases_are_split_where_patches_differ() {
        let ranges: Vec<_> = points().all().iter().map(|p| format!("{} to {}", p.first, p.last)).collect();
        assert_eq!(ranges, ["28.0.0 to 28.0.4", "28.1.0 to 28.5.2", "29.0.0 to 29.0.0", "29.0.1 to 29.0.4"]);
    }

    #[test]
    fn specs_name_minor_and_patch_releases() {
        let points = points();
        for (spec, bits) in [
            ("28", 0b11),
            ("28..29", 0b1111),
            ("..28", 0b11),
            ("28.1.0..29.0.0", 0b110),
            ("28.1.0..28", 0b10),
            ("29.0.1..", u128::MAX << 3),
            ("27..28.0.4", 0b1),
        ] {
            assert_eq!(points.spec(spec), Ok(bits), "{spec}");
        }
        for wrong in ["28.0.4..", "28.3.0..", "..28.1.0", "30"] {
            assert!(points.spec(wrong).is_err(), "{wrong}");
        }
    }
}

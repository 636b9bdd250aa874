//! The patch ranges of a product: ranges of patch releases that treat every configuration alike. A minor release without a
//! difference between its patches is one patch range; `splits` in `releases.toml` names the patches that begin another one.

use super::output::numbers;
use crate::data::{Product, Release};

/// The patch ranges of one product, oldest first.
pub struct PatchRanges {
    product: String,
    all: Vec<PatchRange>,
}

/// Patch releases of one minor release, from `first` to `last`.
pub struct PatchRange {
    /// The minor release: `2.2`; of Docker 23 and later the major release: `29`.
    pub minor: String,
    pub first: String,
    pub last: String,
}

impl PatchRanges {
    /// The patch ranges in `releases.toml`.
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
                all.push(PatchRange { minor: release.id.clone(), first: first.clone(), last });
            }
        }
        Ok(Self { product: product.id.clone(), all })
    }

    pub fn all(&self) -> &[PatchRange] {
        &self.all
    }

    /// The number of the first patch range that is not before `id`. A patch release must begin a patch range of its own.
    pub fn position(&self, id: &str) -> Result<usize, String> {
        let wanted = numbers(id);
        let position = self.all.iter().position(|range| numbers(&range.first) >= wanted);
        let position = position.ok_or_else(|| format!("{} {id}: no such release in releases.toml", self.product))?;
        let inside = |range: &PatchRange| numbers(&range.first) < wanted && wanted <= numbers(&range.last);
        match position.checked_sub(1).and_then(|before| self.all.get(before)).filter(|range| inside(range)) {
            Some(range) => {
                Err(format!("{} {id} begins no patch range: {} needs it in `splits`", self.product, range.minor))
            }
            None => Ok(position),
        }
    }

    /// The name of the first patch range that is not before `id`: the minor release that it begins, or its first patch.
    pub fn name(&self, id: &str) -> Result<&str, String> {
        let position = self.position(id)?;
        let range = &self.all[position];
        let begins_minor = position == 0 || self.all[position - 1].minor != range.minor;
        Ok(if begins_minor { &range.minor } else { &range.first })
    }

    /// The patch ranges up to a minor release, or up to a patch release, as a mask.
    pub fn upto(&self, id: &str) -> Result<u128, String> {
        let wanted = numbers(id);
        let is_upto =
            |range: &&PatchRange| numbers(&range.last).into_iter().take(wanted.len()).collect::<Vec<_>>() <= wanted;
        let count = self.all.iter().take_while(is_upto).count();
        let cut_off = self.all.get(count).filter(|range| numbers(&range.first) <= wanted);
        match cut_off {
            Some(range) => {
                Err(format!("{} {id} ends no patch range: {} needs the next in `splits`", self.product, range.minor))
            }
            None => Ok(1_u128.checked_shl(count as u32).map_or(u128::MAX, |bit| bit - 1)),
        }
    }

    /// The patch ranges from a release on, releases to come included, as a mask.
    pub fn from(&self, id: &str) -> Result<u128, String> {
        Ok(u128::MAX << self.position(id)?)
    }

    /// The patch ranges of a release before one of its patches, as a mask.
    pub fn patches_before(&self, patch: &str) -> Result<u128, String> {
        let position = self.position(patch)?;
        let minor = self.all.get(position).map(|range| &range.minor);
        let before = self.all.iter().enumerate().take(position).filter(|(_, range)| Some(&range.minor) == minor);
        Ok(before.fold(0, |set, (i, _)| set | 1 << i))
    }

    /// The patch ranges within a minor release that a set has and the range before has not, or the other way round.
    pub fn edges(&self, set: u128) -> u128 {
        let within = self.all.windows(2).enumerate().filter(|(_, pair)| pair[0].minor == pair[1].minor);
        let inner = within.fold(0, |all, (i, _)| all | 1 << (i + 1));
        (set ^ set << 1) & inner
    }

    /// The patch ranges of a spec such as `1.3..1.7,2.2.2..`, as a mask.
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

    fn patches() -> PatchRanges {
        let text = r#"id = "docker"
            title = "Docker"
            releases = [
                { id = "28", last = "28.5.2", patches = ["28.0.0", "28.0.4", "28.1.0", "28.5.2"], splits = ["28.1.0"] },
                { id = "29", last = "29.0.4", splits = ["29.0.1"] },
            ]"#;
        PatchRanges::of(&toml::from_str(text).unwrap()).unwrap()
    }

    #[test]
    fn minor_releases_are_split_where_patches_differ() {
        let ranges: Vec<_> = patches().all().iter().map(|p| format!("{} to {}", p.first, p.last)).collect();
        assert_eq!(ranges, ["28.0.0 to 28.0.4", "28.1.0 to 28.5.2", "29.0.0 to 29.0.0", "29.0.1 to 29.0.4"]);
    }

    #[test]
    fn specs_name_minor_and_patch_releases() {
        let patches = patches();
        for (spec, bits) in [
            ("28", 0b11),
            ("28..29", 0b1111),
            ("..28", 0b11),
            ("28.1.0..29.0.0", 0b110),
            ("28.1.0..28", 0b10),
            ("29.0.1..", u128::MAX << 3),
            ("27..28.0.4", 0b1),
        ] {
            assert_eq!(patches.spec(spec), Ok(bits), "{spec}");
        }
        for wrong in ["28.0.4..", "28.3.0..", "..28.1.0", "30"] {
            assert!(patches.spec(wrong).is_err(), "{wrong}");
        }
    }
}

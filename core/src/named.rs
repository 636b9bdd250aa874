//! Things by their names, in order: most tables have a handful of them, some files thousands.

use std::borrow::Cow;
use std::collections::HashMap;

/// Up to this many, looking at each name is faster than a hash.
const FEW: usize = 48;

/// Things in the order in which they came, each with its name; a name may come twice, which `indexmap` does not allow.
#[derive(Clone, Debug)]
pub(crate) struct Named<'a, T> {
    all: Vec<(Cow<'a, str>, T)>,
    /// The last place of each name, once there are many.
    index: Option<Box<NameIndex<'a>>>,
    /// The bits of the names: most names that are asked for are not there, and looking at each takes its time.
    bits: u64,
}

/// In a box, as few of the many small tables have one.
type NameIndex<'a> = HashMap<Cow<'a, str>, usize>;

impl<T> Default for Named<'_, T> {
    fn default() -> Self {
        Self { all: Vec::new(), index: None, bits: 0 }
    }
}

impl<'a, T> Named<'a, T> {
    pub(crate) fn all(&self) -> &[(Cow<'a, str>, T)] {
        &self.all
    }

    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = (&str, &mut T)> {
        self.all.iter_mut().map(|(name, thing)| (&**name, thing))
    }

    pub(crate) fn into_all(self) -> Vec<(Cow<'a, str>, T)> {
        self.all
    }

    /// The last one of that name.
    pub(crate) fn get(&self, name: &str) -> Option<&(Cow<'a, str>, T)> {
        self.all.get(self.find(name)?)
    }

    pub(crate) fn get_mut(&mut self, name: &str) -> Option<&mut T> {
        let at = self.find(name)?;
        self.all.get_mut(at).map(|(_, thing)| thing)
    }

    /// The first one of that name in any letter case.
    pub(crate) fn get_any_case(&self, name: &str) -> Option<&(Cow<'a, str>, T)> {
        let mut all = self.all.iter().filter(|_| self.bits & bit(name) != 0);
        all.find(|(there, _)| there.eq_ignore_ascii_case(name))
    }

    fn find(&self, name: &str) -> Option<usize> {
        if self.bits & bit(name) == 0 {
            return None;
        }
        match &self.index {
            Some(index) => index.get(name).copied(),
            None => self.all.iter().rposition(|(there, _)| there == name),
        }
    }

    /// Puts one behind the others.
    pub(crate) fn push(&mut self, name: Cow<'a, str>, thing: T) {
        self.bits |= bit(&name);
        self.all.push((name, thing));
        if self.all.len() > FEW {
            self.note();
        }
    }

    /// Takes the last one of that name out.
    pub(crate) fn take(&mut self, name: &str) -> Option<T> {
        let at = self.find(name)?;
        let (_, thing) = self.all.remove(at);
        self.index = None;
        if self.all.len() > FEW {
            self.note();
        }
        Some(thing)
    }

    /// Takes the last one into the index, or all if there is none yet.
    fn note(&mut self) {
        let known = if self.index.is_some() { self.all.len() - 1 } else { 0 };
        let new = self.all.iter().enumerate().skip(known);
        self.index.get_or_insert_default().extend(new.map(|(at, (name, _))| (name.clone(), at)));
    }
}

/// One of 64, the same for a name in any letter case.
fn bit(name: &str) -> u64 {
    let of = |byte: Option<&u8>| byte.map_or(0, |byte| usize::from(byte | 0x20));
    let bytes = name.as_bytes();
    1 << ((of(bytes.first()) + 7 * of(bytes.last()) + 13 * bytes.len()) % 64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_and_many_are_found_alike() {
        for count in [3, FEW - 1, FEW, FEW + 1, FEW + 2, 100] {
            let mut named = Named::default();
            for i in 0..count {
                named.push(Cow::Owned(format!("n{i}")), i);
            }
            named.push(Cow::Borrowed("n1"), usize::MAX);
            assert_eq!(named.get("n0").map(|(_, i)| *i), Some(0), "{count}");
            assert_eq!(named.get("n1").map(|(_, i)| *i), Some(usize::MAX), "the last counts, {count}");
            assert_eq!(named.take("n0"), Some(0), "{count}");
            assert_eq!(named.take("n1"), Some(usize::MAX), "{count}");
            assert_eq!(named.get("n1").map(|(_, i)| *i), Some(1), "{count}");
            assert_eq!(named.get("n0"), None, "{count}");
            assert_eq!(named.get("n2").map(|(_, i)| *i), Some(2), "{count}");
            assert_eq!(named.get("N2").map(|(_, i)| *i), None, "{count}");
            assert_eq!(named.get_any_case("N2").map(|(_, i)| *i), Some(2), "{count}");
        }
    }
}

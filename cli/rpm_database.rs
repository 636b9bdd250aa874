//! Packages in rpm's database of today, a file of SQLite: the names and versions that its table `Packages` holds.
//!
//! Only what that needs of the format is read: the tree of one table and the heads of its rows. The bindings of SQLite
//! bring its C code, which `cargo install` and the pre-commit hook would then compile.
//!
//! Source: <https://www.sqlite.org/fileformat2.html>; rpm-software-management/rpm@rpm-4.18.0-release:
//! lib/backend/sqlite.c (`sqlite_init`), docs/manual/hregions.md, lib/header.c (`hdrblobInit`).

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};

use crate::overview::Package;

/// How many pages and rows are looked at: a database of a whole distribution has fewer.
const MAX_PAGES: usize = 200_000;
/// How many bytes of a row are read: names and versions stand near its beginning.
const MAX_ROW: usize = 256 << 10;
/// How many entries the head of a package may have.
const MAX_ENTRIES: usize = 4096;

/// The tags of a package's head. Source: include/rpm/rpmtag.h.
const NAME: u32 = 1000;
const VERSION: u32 = 1001;
const RELEASE: u32 = 1002;
const EPOCH: u32 = 1003;

/// An open database.
struct Database {
    file: File,
    page_size: usize,
    /// The bytes of a page without those kept for extensions.
    usable: usize,
    pages_left: usize,
}

/// The packages with one of these names; nothing if the file is not such a database.
pub(crate) fn packages(file: File, wanted: impl Fn(&str) -> bool) -> io::Result<Vec<Package>> {
    let mut database = Database::open(file)?;
    let mut root = None;
    database.rows(1, &mut |schema| {
        let columns = columns(&schema);
        if columns.get(1).map(Vec::as_slice) == Some(b"Packages") {
            root = columns.get(3).map(|number| number.iter().fold(0, |all, byte| all << 8 | usize::from(*byte)));
        }
    })?;
    let mut found = vec![];
    database.rows(root.ok_or_else(malformed)?, &mut |row| {
        let head = columns(&row).into_iter().nth(1).and_then(|blob| package(&blob));
        found.extend(head.filter(|package| wanted(&package.name)));
    })?;
    Ok(found)
}

fn malformed() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "not a database of rpm")
}

impl Database {
    fn open(mut file: File) -> io::Result<Self> {
        if !file.metadata()?.is_file() {
            return Err(malformed());
        }
        let mut head = [0; 100];
        file.seek(SeekFrom::Start(0))?;
        file.read_exact(&mut head)?;
        let size = number(&head, 16, 2).ok_or_else(malformed)?;
        let page_size = if size == 1 { 65536 } else { size };
        let kept = number(&head, 20, 1).ok_or_else(malformed)?;
        if !head.starts_with(b"SQLite format 3\0")
            || !page_size.is_power_of_two()
            || !(512..=65536).contains(&page_size)
        {
            return Err(malformed());
        }
        Ok(Self { file, page_size, usable: page_size - kept, pages_left: MAX_PAGES })
    }

    fn page(&mut self, page: usize) -> io::Result<Vec<u8>> {
        self.pages_left = self.pages_left.checked_sub(1).ok_or_else(malformed)?;
        let index = page.checked_sub(1).ok_or_else(malformed)? as u64;
        self.file.seek(SeekFrom::Start(index * self.page_size as u64))?;
        let mut bytes = vec![0; self.page_size];
        self.file.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    /// Gives the rows of the table whose tree begins at a page, each as far as it is read.
    fn rows(&mut self, root: usize, row: &mut impl FnMut(Vec<u8>)) -> io::Result<()> {
        let mut open = vec![root];
        while let Some(number_of_page) = open.pop() {
            let page = self.page(number_of_page)?;
            let start = if number_of_page == 1 { 100 } else { 0 };
            let field = |at, len| number(&page, start + at, len).ok_or_else(malformed);
            let is_leaf = match field(0, 1)? {
                0x0d => true,
                0x05 => false,
                _ => return Err(malformed()),
            };
            let cells = start + if is_leaf { 8 } else { 12 };
            for cell in 0..field(3, 2)? {
                let at = number(&page, cells + 2 * cell, 2).ok_or_else(malformed)?;
                if is_leaf {
                    row(self.payload(&page, at)?);
                } else {
                    open.push(number(&page, at, 4).ok_or_else(malformed)?);
                }
            }
            if !is_leaf {
                open.push(field(8, 4)?);
            }
        }
        Ok(())
    }

    /// The row in a cell: its beginning on the page, the rest on pages that follow each other.
    fn payload(&mut self, page: &[u8], at: usize) -> io::Result<Vec<u8>> {
        let (len, after) = varint(page, at).ok_or_else(malformed)?;
        let (_, start) = varint(page, after).ok_or_else(malformed)?;
        let most = self.usable - 35;
        let local = if len <= most {
            len
        } else {
            let least = (self.usable - 12) * 32 / 255 - 23;
            let rest = least + (len - least) % (self.usable - 4);
            if rest <= most { rest } else { least }
        };
        let mut row = page.get(start..start + local).ok_or_else(malformed)?.to_vec();
        let mut next = if local < len { number(page, start + local, 4).ok_or_else(malformed)? } else { 0 };
        while next != 0 && row.len() < len.min(MAX_ROW) {
            let page = self.page(next)?;
            next = number(&page, 0, 4).ok_or_else(malformed)?;
            let part = (len - row.len()).min(self.usable - 4);
            row.extend_from_slice(page.get(4..4 + part).ok_or_else(malformed)?);
        }
        Ok(row)
    }
}

/// The columns of a row, as far as they are there.
fn columns(row: &[u8]) -> Vec<Vec<u8>> {
    let Some((head, mut at)) = varint(row, 0) else { return vec![] };
    let (mut value, mut all) = (head, vec![]);
    while at < head {
        let Some((kind, after)) = varint(row, at) else { break };
        at = after;
        let len = match kind {
            0..=4 => kind,
            5 => 6,
            6 | 7 => 8,
            8..=11 => 0,
            _ => (kind - 12) / 2,
        };
        let end = value.saturating_add(len).min(row.len());
        all.push(row.get(value..end).unwrap_or_default().to_vec());
        value = end;
    }
    all
}

/// The name and version in the head of a package.
fn package(head: &[u8]) -> Option<Package> {
    let entries = number(head, 0, 4).filter(|count| *count <= MAX_ENTRIES)?;
    let store = 8 + 16 * entries;
    let text = |tag: u32| {
        let entry = (0..entries).map(|entry| 8 + 16 * entry).find(|at| number(head, *at, 4) == Some(tag as usize))?;
        let bytes = head.get(store + number(head, entry + 8, 4)?..)?;
        let end = bytes.iter().position(|byte| *byte == 0)?;
        String::from_utf8(bytes.get(..end)?.to_vec()).ok()
    };
    let epoch = || {
        let entry = (0..entries).map(|entry| 8 + 16 * entry).find(|at| number(head, *at, 4) == Some(EPOCH as usize))?;
        number(head, store + number(head, entry + 8, 4)?, 4)
    };
    let version = format!("{}-{}", text(VERSION)?, text(RELEASE)?);
    let version = epoch().map_or(version.clone(), |epoch| format!("{epoch}:{version}"));
    Some(Package { name: text(NAME)?, version })
}

/// A number of so many bytes, the greatest first.
fn number(bytes: &[u8], at: usize, len: usize) -> Option<usize> {
    let bytes = bytes.get(at..at.checked_add(len)?)?;
    Some(bytes.iter().fold(0, |all, byte| all << 8 | usize::from(*byte)))
}

/// A number of seven bits a byte, and what comes behind it.
fn varint(bytes: &[u8], at: usize) -> Option<(usize, usize)> {
    let mut all = 0_usize;
    for (count, byte) in bytes.get(at..)?.iter().take(9).enumerate() {
        if count == 8 {
            return Some((all << 8 | usize::from(*byte), at + 9));
        }
        all = all << 7 | usize::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            return Some((all, at + count + 1));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    /// A database that the library of SQLite wrote, with 29 packages on pages of 1,024 bytes.
    const DATABASE: &[u8] = include_bytes!("tests/rpmdb.sqlite");

    fn read(bytes: &[u8]) -> io::Result<Vec<String>> {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        let found = packages(file, |name| ["bash", "containerd.io", "docker-ce", "kubelet"].contains(&name))?;
        let mut all: Vec<String> = found.into_iter().map(|found| format!("{} {}", found.name, found.version)).collect();
        all.sort_unstable();
        Ok(all)
    }

    #[test]
    fn packages_are_those_of_the_database() {
        let found = read(DATABASE).unwrap();
        let wanted = [
            "bash 5.2.26-3.el10",
            "containerd.io 2.1.4-1.el10",
            "docker-ce 3:28.5.2-1.el10",
            "kubelet 1.33.5-150500.1.1",
        ];
        assert_eq!(found, wanted);
    }

    #[test]
    fn a_broken_database_is_an_error_or_has_fewer_packages() {
        assert!(read(b"").is_err() && read(&DATABASE[..100]).is_err() && read(&[0; 4096]).is_err());
        for at in (0..DATABASE.len()).step_by(97) {
            let _ = read(&DATABASE[..at]);
            let mut changed = DATABASE.to_vec();
            changed[at] = !changed[at];
            let _ = read(&changed);
        }
    }

    #[test]
    fn a_tree_that_is_a_circle_ends() {
        let mut changed = DATABASE.to_vec();
        // The root of the first table names itself as a child.
        changed[100] = 5;
        changed[108..112].copy_from_slice(&[0, 0, 0, 1]);
        assert!(read(&changed).is_err());
    }
}

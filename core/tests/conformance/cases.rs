//! Reads the records: `conformance/*.jsonl`.

use std::path::{Path, PathBuf};

use crilint_core::containerd;
use crilint_core::engine::{Options, Source, SourceState, wanted};
use crilint_core::kind::Kind;
use crilint_core::releases::{Product, ReleaseSet};
use serde_json::Value;

/// A configuration, and what each release did with it.
pub struct Case {
    pub name: String,
    /// Paths and texts. The first is the one that the daemon is started with.
    pub files: Vec<(String, String)>,
    /// Where the first byte of each text stands that is not UTF-8.
    invalid_utf8: Vec<Option<usize>>,
    /// The paths and patterns that the files name and that the node did not have: those of a containerd are all in the
    /// record.
    absent: Vec<String>,
    pub records: Vec<Record>,
}

/// What patch releases that treat every configuration alike did with a case.
pub struct Record {
    /// As in `--target`: `2.2` for the newest patches of a release, `2.2.0..2.2.1` for older ones.
    pub release: String,
    pub range: ReleaseSet,
    pub verdict: String,
    /// The settings without effect, if they are recorded.
    pub ignored_keys: Option<Vec<String>>,
}

impl Case {
    pub fn sources(&self) -> Vec<Source<'_>> {
        let files = self.files.iter().zip(&self.invalid_utf8);
        let files = files.map(|((path, text), at)| Source { path, text, invalid_utf8: *at, ..Source::default() });
        let absent = self.absent.iter().map(|path| Source { path, state: SourceState::Absent, ..Source::default() });
        files.chain(absent).collect()
    }

    /// Finds out which files were not there.
    fn complete(mut self) -> Self {
        let sources = self.sources();
        let wanted = wanted(&sources.iter().collect::<Vec<_>>(), &Options::default()).into_iter();
        self.absent = wanted.map(|named| named.path).collect();
        self
    }
}

pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../conformance")
}

/// Reads the cases of a kind from `name`.jsonl; `place` gives a file's path on the node.
pub fn cases(name: &str, kind: &Kind, place: impl Fn(&str) -> String) -> Vec<Case> {
    let path = folder().join(format!("{name}.jsonl"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let read = |line: &str| {
        let value: Value = serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"));
        let files = value["files"].as_object().unwrap();
        let text = |v: &Value| v.as_str().unwrap().to_owned();
        let mut records = vec![];
        for record in value["verdicts"].as_array().unwrap() {
            let releases = ranges(kind.product, record["releases"].as_str().unwrap());
            let keys = record["ignored_keys"].as_array().map(|keys| keys.iter().map(text).collect::<Vec<_>>());
            let verdict = text(&record["verdict"]);
            records.extend(releases.into_iter().map(|(release, range)| Record {
                release,
                range,
                verdict: verdict.clone(),
                ignored_keys: keys.clone(),
            }));
        }
        // The file that the daemon is started with lies in the case's own folder, before its drop-ins.
        let mut files: Vec<_> = files.iter().map(|(path, v)| (place(path), text(v))).collect();
        files.sort_by_key(|(path, _)| !kind.places.iter().any(|p| p.rsplit('/').next() == path.rsplit('/').next()));
        let (files, invalid_utf8) =
            files.into_iter().map(|(path, text)| decoded(path, text, value["encoding"] == "latin1")).unzip();
        let case = Case { name: text(&value["name"]), files, invalid_utf8, absent: vec![], records };
        if *kind == containerd::KIND { case.complete() } else { case }
    };
    text.lines().map(read).collect()
}

/// A file as a front end reads it, and where its first byte stands that is not UTF-8. In Latin-1 each character of the
/// text stands for a byte.
fn decoded(path: String, text: String, is_latin1: bool) -> ((String, String), Option<usize>) {
    if !is_latin1 {
        return ((path, text), None);
    }
    let bytes: Vec<u8> = text.chars().map(|c| u8::try_from(c).unwrap()).collect();
    let invalid = std::str::from_utf8(&bytes).err().map(|error| error.valid_up_to());
    ((path, String::from_utf8_lossy(&bytes).into_owned()), invalid)
}

/// The patch ranges of a spec: of releases the newest patches, which were measured, and of patches all that it names.
fn ranges(product: Product, spec: &str) -> Vec<(String, ReleaseSet)> {
    let mut ranges = vec![];
    for part in spec.split(',') {
        let set = ReleaseSet::parse(product, part).unwrap();
        let is_release = |border: &str| border.is_empty() || product.releases().iter().any(|r| r.id == border);
        if part.split("..").all(is_release) {
            ranges.extend(set.releases(product).map(|release| (release.id.to_owned(), release.newest())));
        } else {
            let known = (0..product.patch_ranges().len()).map(|number| ReleaseSet::between(number, number));
            ranges.extend(known.filter(|range| set.covers(*range)).map(|range| (range.spec(product), range)));
        }
    }
    ranges
}

//! Images of nodes in a folder, and the faults that are made in them, from the file beside it: an image without a fault has
//! no error and no warning, and a fault is found at its place, and nothing else.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::Value;

use super::sandbox::Sandbox;

/// A folder of images with their faults.
pub(crate) struct Images {
    folder: PathBuf,
    faults: Faults,
}

/// The file beside the folder.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Faults {
    /// The releases of each image, as options of that name.
    targets: BTreeMap<String, Vec<String>>,
    fault: Vec<Fault>,
}

/// A fault and its finding.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fault {
    name: String,
    /// A report on it, or where the behavior is described.
    source: String,
    image: String,
    /// Another release than the image has.
    target: Option<String>,
    #[serde(default)]
    write: BTreeMap<String, String>,
    #[serde(default)]
    append: BTreeMap<String, String>,
    replace: Option<Replacement>,
    #[serde(default)]
    link: BTreeMap<String, PathBuf>,
    #[serde(default)]
    remove: Vec<String>,
    rule: String,
    file: String,
    /// The text at the place of the finding; empty for a finding about a whole file.
    at: String,
    /// Rules that report another consequence.
    #[serde(default)]
    also: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Replacement {
    file: String,
    from: String,
    to: String,
}

/// A finding at one of its places.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Found {
    rule: String,
    severity: String,
    file: String,
    text: String,
    message: String,
}

fn copy_below(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        match entry.file_type().unwrap() {
            kind if kind.is_dir() => copy_below(&entry.path(), &to),
            kind if kind.is_symlink() => symlink(fs::read_link(entry.path()).unwrap(), to).unwrap(),
            _ => drop(fs::copy(entry.path(), to).unwrap()),
        }
    }
}

impl Fault {
    fn make(&self, sandbox: &Sandbox) {
        let path = |file: &str| format!("image/{file}");
        if let Some(Replacement { file, from, to }) = &self.replace {
            let text = sandbox.read(&path(file));
            assert!(text.contains(from), "{}: {from:?} in {file}", self.name);
            sandbox.write(&path(file), text.replacen(from, to, 1));
        }
        for (file, text) in &self.append {
            let before = sandbox.read(&path(file));
            sandbox.write(&path(file), before + text);
        }
        for (file, text) in &self.write {
            sandbox.write(&path(file), text);
        }
        for (file, target) in &self.link {
            let link = sandbox.path(&path(file));
            fs::create_dir_all(link.parent().unwrap()).unwrap();
            symlink(target, link).unwrap();
        }
        for file in &self.remove {
            fs::remove_file(sandbox.path(&path(file))).unwrap();
        }
    }

    fn is_found_by(&self, found: &Found) -> bool {
        let is_at = |text: &str| if self.at.is_empty() { true } else { text == self.at };
        found.rule == self.rule && found.file == self.file && is_at(&found.text)
    }
}

/// The ways to check a node: its root, and its folder as any other. Files that go to a node by another program, as those
/// of Talos and kind do, are in a folder only.
fn ways(image: &str) -> &'static [&'static str] {
    match image {
        "talos" | "kind" => &["check image"],
        _ => &["check --root image", "check image"],
    }
}

/// The findings, at each of their places.
fn findings(sandbox: &Sandbox, way: &str, targets: &str) -> Vec<Found> {
    let run = sandbox.run(&format!("{way} --format json --fail-on never{targets}"));
    if run.code != 0 {
        let message = run.stderr.lines().next().unwrap_or_default().to_owned();
        let (rule, severity) = ("none: it ends in an error".to_owned(), "error".to_owned());
        return vec![Found { rule, severity, file: String::new(), text: String::new(), message }];
    }
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let at = |value: &Value| usize::try_from(value["offset"].as_u64().unwrap()).unwrap();
    let mut found = vec![];
    for finding in report["findings"].as_array().unwrap() {
        let path = text(&finding["path"]);
        let source = fs::read(sandbox.path(&path)).unwrap_or_default();
        for place in finding["places"].as_array().unwrap() {
            let span = source.get(at(&place["start"])..at(&place["end"])).unwrap_or_default();
            found.push(Found {
                rule: text(&finding["rule"]),
                severity: text(&finding["severity"]),
                file: path.trim_start_matches("image/").to_owned(),
                text: String::from_utf8_lossy(span).into_owned(),
                message: text(&finding["message"]),
            });
        }
    }
    found
}

impl Images {
    /// The images in a folder, with the faults in a TOML file.
    pub(crate) fn read(folder: PathBuf, faults: &Path) -> Self {
        let faults = toml::from_str(&fs::read_to_string(faults).unwrap()).unwrap();
        Self { folder, faults }
    }

    /// A copy of an image, without a fault.
    fn copy(&self, image: &str) -> Sandbox {
        let sandbox = Sandbox::new(&[]);
        copy_below(&self.folder.join(image), &sandbox.path("image"));
        sandbox
    }

    /// The options for the releases of an image, with that of a fault in it.
    fn targets(&self, image: &str, other: Option<&String>) -> String {
        let product = |target: &str| target.split('=').next().unwrap_or_default().to_owned();
        let own = self.faults.targets[image].iter();
        let own = own.filter(|own| other.is_none_or(|other| product(other) != product(own)));
        own.chain(other).map(|target| format!(" --target {target}")).collect()
    }

    /// Fails unless each image, `count` at least, is without error and warning.
    pub(crate) fn assert_clean(&self, count: usize) {
        let folders = fs::read_dir(&self.folder).unwrap();
        let images: Vec<String> = folders.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        assert!(images.len() >= count, "{images:?}");
        let mut wrong = vec![];
        for image in &images {
            let sandbox = self.copy(image);
            for way in ways(image) {
                let found = findings(&sandbox, way, &self.targets(image, None));
                let bad = found.iter().filter(|found| found.severity != "info");
                wrong.extend(bad.map(|found| format!("{image}, {way}: {found:?}")));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    /// Fails unless each fault, `count` at least, has its finding, and no other that is new.
    pub(crate) fn assert_found(&self, count: usize) {
        let faults = &self.faults.fault;
        assert!(faults.len() >= count, "{}", faults.len());
        let mut wrong = vec![];
        for fault in faults {
            assert!(!fault.source.is_empty(), "{}", fault.name);
            let (before, after) = (self.copy(&fault.image), self.copy(&fault.image));
            fault.make(&after);
            let targets = self.targets(&fault.image, fault.target.as_ref());
            for way in ways(&fault.image) {
                let known = findings(&before, way, &targets);
                let found = findings(&after, way, &targets);
                if !found.iter().any(|found| fault.is_found_by(found)) {
                    wrong.push(format!("{}, {way}: {} is not found", fault.name, fault.rule));
                }
                let is_new = |found: &&Found| known.iter().all(|known| known != *found);
                let is_of_fault = |found: &Found| fault.is_found_by(found) || fault.also.contains(&found.rule);
                let others = found.iter().filter(is_new).filter(|found| !is_of_fault(found));
                wrong.extend(others.map(|found| format!("{}, {way}: besides, {found:?}", fault.name)));
            }
        }
        assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), faults.len(), wrong.join("\n"));
    }
}

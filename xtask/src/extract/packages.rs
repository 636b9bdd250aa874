//! Go packages of a source, read when they are asked for, as a daemon on Linux has them.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::go::{self, Body, Expr, File, Type};
use super::source::Source;

/// A package: its files by path.
pub type Package = Rc<Vec<(String, File)>>;

/// Something declared in a package, with the place where names in it mean something.
#[derive(Clone)]
pub struct Declared<T> {
    pub item: T,
    pub scope: Scope,
}

/// A file of a package.
#[derive(Clone, Debug, PartialEq)]
pub struct Scope {
    pub folder: String,
    pub file: String,
}

/// All packages read so far.
pub struct Packages<'s> {
    pub source: &'s mut dyn Source,
    module: String,
    read: BTreeMap<String, Package>,
}

impl<'s> Packages<'s> {
    pub fn new(source: &'s mut dyn Source) -> Self {
        let text = source.read("go.mod").or_else(|| source.read("vendor.mod")).unwrap_or_default();
        let module = text.lines().find_map(|line| line.strip_prefix("module ")).unwrap_or_default().trim().to_owned();
        Self { source, module, read: BTreeMap::new() }
    }

    /// The package in a folder.
    pub fn package(&mut self, folder: &str) -> Package {
        if let Some(package) = self.read.get(folder) {
            return package.clone();
        }
        let mut files = vec![];
        for path in self.source.list(folder) {
            let name = path.rsplit('/').next().unwrap_or(&path);
            if !name.ends_with(".go") || name.ends_with("_test.go") || !is_for_linux(name) {
                continue;
            }
            let text = self.source.read(&path).unwrap_or_default();
            if builds_on_linux(&text) {
                files.push((path, go::parse(&text)));
            }
        }
        let package = Rc::new(files);
        self.read.insert(folder.to_owned(), package.clone());
        package
    }

    /// The folder of an imported package: in the repository itself, in a module of it, or vendored.
    fn folder_of(&mut self, import: &str) -> Option<String> {
        let mut candidates = vec![];
        for module in [
            self.module.as_str(),
            "github.com/containerd/containerd",
            "github.com/docker/docker",
            "github.com/moby/moby",
        ] {
            if let Some(rest) = import.strip_prefix(module)
                && !module.is_empty()
            {
                let rest = rest.trim_start_matches('/');
                candidates.push(rest.to_owned());
                // `/v2` is the module's version, not a folder.
                candidates
                    .extend(rest.split_once('/').filter(|(v, _)| v.starts_with('v')).map(|(_, rest)| rest.to_owned()));
            }
        }
        if let Some(rest) = import.strip_prefix("k8s.io/") {
            candidates.push(format!("staging/src/k8s.io/{rest}"));
            candidates.extend(rest.split_once('/').map(|(_, rest)| rest.to_owned()));
        }
        candidates.push(format!("vendor/{import}"));
        candidates.into_iter().find(|folder| !self.package(folder).is_empty())
    }

    /// The package that a name before a dot means.
    pub fn imported(&mut self, scope: &Scope, name: &str) -> Option<String> {
        let package = self.package(&scope.folder);
        let (_, file) = package.iter().find(|(path, _)| *path == scope.file)?;
        self.folder_of(file.imports.get(name)?)
    }

    fn find<T>(
        &mut self,
        scope: &Scope,
        package: Option<&str>,
        get: impl Fn(&File) -> Option<T>,
    ) -> Option<Declared<T>> {
        let folder = match package {
            Some(name) => self.imported(scope, name)?,
            None => scope.folder.clone(),
        };
        let files = self.package(&folder);
        // What the file itself has comes first: build tags may leave two of a kind.
        let own = files.iter().filter(|(path, _)| *path == scope.file);
        own.chain(files.iter()).find_map(|(path, file)| {
            Some(Declared { item: get(file)?, scope: Scope { folder: folder.clone(), file: path.clone() } })
        })
    }

    pub fn ty(&mut self, scope: &Scope, package: Option<&str>, name: &str) -> Option<Declared<Type>> {
        self.find(scope, package, |file| file.types.get(name).cloned())
    }

    pub fn value(&mut self, scope: &Scope, package: Option<&str>, name: &str) -> Option<Declared<Expr>> {
        self.find(scope, package, |file| file.values.get(name).cloned())
    }

    pub fn function(&mut self, scope: &Scope, package: Option<&str>, name: &str) -> Option<Declared<Body>> {
        self.find(scope, package, |file| file.functions.get(name).cloned())
    }

    pub fn result(&mut self, scope: &Scope, package: Option<&str>, name: &str) -> Option<Declared<Type>> {
        self.find(scope, package, |file| file.results.get(name).cloned())
    }
}

/// Whether the name of a file includes Linux on amd64: that of `config_windows.go` does not.
fn is_for_linux(name: &str) -> bool {
    const OTHERS: [&str; 12] = [
        "windows",
        "darwin",
        "freebsd",
        "netbsd",
        "openbsd",
        "solaris",
        "illumos",
        "plan9",
        "dragonfly",
        "aix",
        "wasm",
        "arm64",
    ];
    let stem = name.trim_end_matches(".go");
    let suffix = stem.rsplit_once('_').map_or("", |(_, suffix)| suffix);
    !OTHERS.contains(&suffix)
}

/// Whether the build lines of a file include Linux on amd64.
fn builds_on_linux(text: &str) -> bool {
    let mut head = text.lines().take_while(|line| !line.starts_with("package "));
    if let Some(line) = head.clone().find_map(|line| line.strip_prefix("//go:build ")) {
        return line.split("||").any(|all| all.split("&&").all(is_satisfied));
    }
    // The older form: all lines hold; a blank means or, a comma means and.
    let mut old = head.by_ref().filter_map(|line| line.trim_start_matches('/').trim().strip_prefix("+build "));
    old.all(|line| line.split_whitespace().any(|all| all.split(',').all(is_satisfied)))
}

fn is_satisfied(term: &str) -> bool {
    const SATISFIED: [&str; 4] = ["linux", "unix", "amd64", "cgo"];
    let term = term.trim().trim_matches(['(', ')']);
    match term.strip_prefix('!') {
        Some(other) => !SATISFIED.contains(&other),
        None => SATISFIED.contains(&term) || term.starts_with("go1"),
    }
}

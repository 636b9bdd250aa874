//! What is known of a node before its files are checked: its system, distribution and services, and the versions that
//! the databases of packages list. No program is run.

use std::path::Path;
use std::sync::Arc;

use crilint_core::engine::Target;
use crilint_core::releases::Product;
use crilint_core::systemd::{KnownProgram, ServiceState};

use crate::disk::{Place, Root};
use crate::rpm_database;
use crate::standard::{DaemonUnit, Places};
use crate::walk::shown;

/// A database of packages may be larger than any configuration.
const MAX_DATABASE: usize = 64 << 20;

/// What is known of a node.
#[derive(Debug)]
pub(crate) struct Overview {
    /// The root, as the user named it.
    pub(crate) root: String,
    /// The name of the system: `Debian GNU/Linux 12 (bookworm)`.
    pub(crate) system: Option<String>,
    /// Distributions of Kubernetes, and ways to run without root, whose places are there.
    pub(crate) distributions: Vec<&'static str>,
    /// The daemons that a unit starts or a package brings.
    pub(crate) daemons: Vec<Daemon>,
    /// Files of other programs, each with its name: they are not checked.
    pub(crate) others: Vec<(String, &'static str)>,
    /// Databases of packages that are there and not read.
    pub(crate) unread_databases: Vec<&'static str>,
}

/// A daemon of a node.
#[derive(Debug)]
pub(crate) struct Daemon {
    /// The program, or the unit that starts a distribution's.
    pub(crate) program: String,
    /// The product whose releases matter.
    pub(crate) product: Option<Product>,
    /// The package that brings it, and its version.
    pub(crate) package: Option<Package>,
    /// The unit that starts it, and whether it does.
    pub(crate) unit: Option<(String, ServiceState)>,
    /// The files that systemd reads for the unit.
    pub(crate) unit_files: Vec<String>,
}

/// An installed package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) version: String,
}

/// The daemons, each with the packages that bring it.
const DAEMONS: [(&str, Product, KnownProgram, &[&str]); 3] = [
    ("containerd", Product::Containerd, KnownProgram::Containerd, &["containerd.io", "containerd", "moby-containerd"]),
    ("dockerd", Product::Docker, KnownProgram::Dockerd, &["docker-ce", "docker.io", "moby-engine", "docker-engine"]),
    ("kubelet", Product::Kubernetes, KnownProgram::Kubelet, &["kubelet", "kubernetes-kubelet", "kubernetes-node"]),
];

/// Databases of rpm.
const RPM: [&str; 3] = ["var/lib/rpm/rpmdb.sqlite", "usr/lib/sysimage/rpm/rpmdb.sqlite", "usr/share/rpm/rpmdb.sqlite"];

/// Databases of rpm in its former formats, of Berkeley DB and its own, which are not read.
const FORMER_RPM: [&str; 3] = ["var/lib/rpm/Packages", "var/lib/rpm/Packages.db", "usr/lib/sysimage/rpm/Packages.db"];

impl Overview {
    /// Looks at a node; `places` are its standard places.
    pub(crate) fn new(root: &Arc<Root>, places: &mut Places) -> Self {
        let mut unread_databases: Vec<&str> = vec![];
        let packages = packages(root, &mut unread_databases);
        let mut daemons: Vec<Daemon> = vec![];
        for (name, product, program, names) in DAEMONS {
            let is_own = |unit: &&DaemonUnit| unit.starts(program);
            let unit = places.units.iter().find(is_own);
            let package = names.iter().find_map(|name| packages.iter().find(|package| package.name == *name));
            daemons.push(Daemon {
                program: name.to_owned(),
                product: Some(product),
                package: package.cloned(),
                unit: unit.map(|unit| (unit.name.clone(), unit.state)),
                unit_files: unit.map(|unit| unit.files.clone()).unwrap_or_default(),
            });
        }
        let is_other = |unit: &&DaemonUnit| DAEMONS.iter().all(|(.., program, _)| !unit.starts(*program));
        for unit in places.units.iter().filter(is_other).filter(|unit| unit.program.is_some()) {
            daemons.push(Daemon {
                program: unit.name.trim_end_matches(".service").to_owned(),
                product: None,
                package: None,
                unit: Some((unit.name.clone(), unit.state)),
                unit_files: unit.files.clone(),
            });
        }
        Self {
            root: shown(&root.outside("")),
            system: system(root),
            daemons,
            distributions: std::mem::take(&mut places.distributions),
            others: std::mem::take(&mut places.others),
            unread_databases,
        }
    }

    /// The releases that the packages bring.
    pub(crate) fn target(&self) -> Target {
        let mut target = Target::default();
        for daemon in &self.daemons {
            if let Some(package) = &daemon.package {
                // A release that crilint does not have is shown, and not judged.
                let Some(product) = daemon.product else { continue };
                let _ = target.add(&format!("{}={}", product.id(), package.version));
            }
        }
        target
    }
}

fn text(root: &Arc<Root>, path: &str) -> Option<String> {
    let bytes = Place::Below(Arc::clone(root), root.outside(path)).read(MAX_DATABASE).ok()?;
    (bytes.len() <= MAX_DATABASE).then(|| String::from_utf8_lossy(&bytes).into_owned())
}

/// The name of the system, by os-release(5).
fn system(root: &Arc<Root>) -> Option<String> {
    let text = ["etc/os-release", "usr/lib/os-release"].iter().find_map(|path| text(root, path))?;
    let name = text.lines().find_map(|line| line.strip_prefix("PRETTY_NAME="))?;
    let name = name.trim().trim_matches(['"', '\'']);
    (!name.is_empty()).then(|| name.to_owned())
}

/// The packages of interest in the databases of dpkg, apk and rpm.
fn packages(root: &Arc<Root>, unread: &mut Vec<&'static str>) -> Vec<Package> {
    let mut all = vec![];
    let is_there = |path: &&str| root.locate(Path::new(path)).and_then(|spot| spot.sort()).is_ok();
    for path in RPM.into_iter().filter(is_there) {
        let file = root.locate(Path::new(path)).and_then(|spot| spot.open());
        match file.and_then(|file| rpm_database::packages(file, is_of_interest)) {
            Ok(packages) => all.extend(packages),
            Err(_) => unread.push(path),
        }
    }
    unread.extend(FORMER_RPM.into_iter().filter(is_there));
    // Several are links to one, or left from before.
    unread.truncate(1);
    if let Some(text) = text(root, "var/lib/dpkg/status") {
        all.extend(of_dpkg(&text));
    }
    for name in root.names(Path::new("/var/lib/dpkg/status.d")).unwrap_or_default() {
        let name = name.to_string_lossy();
        if let Some(text) = text(root, &format!("var/lib/dpkg/status.d/{name}")) {
            all.extend(of_dpkg(&text));
        }
    }
    for path in ["lib/apk/db/installed", "usr/lib/apk/db/installed"] {
        if let Some(text) = text(root, path) {
            all.extend(of_apk(&text));
        }
    }
    all
}

fn is_of_interest(name: &str) -> bool {
    DAEMONS.iter().any(|(.., names)| names.contains(&name))
}

/// The installed packages in a text as dpkg writes it: paragraphs of fields.
fn of_dpkg(text: &str) -> Vec<Package> {
    let mut all = vec![];
    for paragraph in text.split("\n\n") {
        let field = |name: &str| {
            let mut lines = paragraph.lines();
            lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(':')).map(str::trim)
        };
        let (Some(name), Some(version)) = (field("Package").filter(|name| is_of_interest(name)), field("Version"))
        else {
            continue;
        };
        // Images without dpkg have no state.
        if field("Status").is_none_or(|status| status.ends_with(" installed")) {
            all.push(Package { name: name.to_owned(), version: version.to_owned() });
        }
    }
    all
}

/// The installed packages in a text as apk writes it: `P:` the name, `V:` the version. Its `docker` is the client and
/// the daemon.
fn of_apk(text: &str) -> Vec<Package> {
    let mut all = vec![];
    for paragraph in text.split("\n\n") {
        let field = |name: &str| paragraph.lines().find_map(|line| line.strip_prefix(name));
        if let (Some(name), Some(version)) = (field("P:").filter(|name| is_of_interest(name)), field("V:")) {
            all.push(Package { name: name.to_owned(), version: version.to_owned() });
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(name: &str, version: &str) -> Package {
        Package { name: name.to_owned(), version: version.to_owned() }
    }

    #[test]
    fn installed_packages_are_those_of_dpkg_and_apk() {
        let dpkg = "Package: containerd\nStatus: install ok installed\nVersion: 1.6.20~ds1-1+deb12u1\n\n\
                    Package: docker.io\nStatus: deinstall ok config-files\nVersion: 20.10.24\n\n\
                    Package: vim\nStatus: install ok installed\nVersion: 9\n\n\
                    Package: kubelet\nStatus: hold ok installed\nDescription: x\n Version: 3\nVersion: 1.33.5-1.1\n";
        assert_eq!(of_dpkg(dpkg), [package("containerd", "1.6.20~ds1-1+deb12u1"), package("kubelet", "1.33.5-1.1")]);
        assert_eq!(of_dpkg("Package: kubelet\nVersion: 1.34.0\n"), [package("kubelet", "1.34.0")]);
        let apk = "C:Q1x\nP:containerd\nV:2.1.4-r0\nA:x86_64\n\nP:docker-engine\nV:28.3.3-r1\n\nP:musl\nV:1\n";
        assert_eq!(of_apk(apk), [package("containerd", "2.1.4-r0"), package("docker-engine", "28.3.3-r1")]);
    }
}

//! # `storage-opt-unknown`
//!
//! An item of `storage-opts` that the storage driver does not have.
//!
//! ## Why
//!
//! dockerd does not start: `error initializing graphdriver: overlay2: unknown option overlay2.override_kernel_check`. `dockerd
//! --validate` says OK all the same. That option, which many guides for Kubernetes show, has had no effect since 19.03 and stops the daemon
//! since 24.0. With the containerd image store, which is the default since 29, all of `storage-opts` is ignored without a word.
//!
//! ## What to do
//!
//! Remove the item.
//!
//! ## Examples
//!
//! ```json bad
//! { "storage-driver": "overlay2", "storage-opts": ["overlay2.override_kernel_check=true"] }
//!                                                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```json fixed
//! { "storage-driver": "overlay2", "storage-opts": [] }
//! ```
//!
//! ```json bad
//! { "storage-driver": "overlay2", "storage-opts": ["dm.basesize=20G"] }
//!                                                  ^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```json bad
//! { "storage-driver": "overlay2", "storage-opts": ["overlay2.use_composefs=true"] }
//!                                                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! ```json good
//! { "storage-driver": "overlay2", "storage-opts": ["overlay2.size=20G"] }
//! ```
//!
//! ## References
//!
//! - kubernetes/kubernetes#87918; moby/moby@docker-v29.7.2:daemon/graphdriver/overlay2/overlay.go (`parseOptions`); measured with
//!   20.10.24, 24.0.9, 27.5.1, 28.5.2 and 29.7.2

use crate::docker;
use crate::docker::settings::{docker as in_docker, is_windows, text, texts};
use crate::docker::storage::{graph_driver, store, unavailable};
use crate::go::size::size;
use crate::keys::drivers::{Driver, DriverOpt, Form, storage_drivers};
use crate::rules::prelude::*;
use crate::text::excerpt;

pub(crate) const RULE: Rule = Rule {
    id: "storage-opt-unknown",
    summary: "A storage option that the driver does not have",
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&docker::KIND], check),
    ..Rule::DEFAULTS
};

/// They take the option and do nothing with it.
const NO_EFFECT: Releases = Releases::docker("19.03..23");

/// What is wrong with an option.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fault {
    Unknown,
    NoValue,
    NoSize,
}

fn check(cx: &mut FileCx) {
    let named = text(cx.root, "storage-driver").map(|(_, name)| name);
    let driver = named.and_then(graph_driver);
    if is_windows(cx) || (named.is_some() && driver.is_none()) {
        return;
    }
    // A driver that is not there is told first.
    let stopped = named.map_or(Releases::NONE, |name| unavailable(cx.root, name)).get(Product::Docker);
    let runs = store(cx.root).graph.get(Product::Docker).without(stopped);
    let checks_names = driver.map_or(ReleaseSet::ALL, Driver::checks_names);
    for (node, option) in texts(cx.root, "storage-opts") {
        let (name, value) = match option.split_once('=') {
            Some((name, value)) => (name.trim(), Some(value.trim())),
            None => (option.trim(), None),
        };
        let known = known(driver, &name.to_ascii_lowercase());
        let missing = ReleaseSet::ALL.without(known.map_or(ReleaseSet::NONE, DriverOpt::releases));
        // Nobody says which driver it will be, and this one may be it.
        let guess = driver.is_none() && missing.is_empty();
        let no_size = known.is_some_and(|opt| opt.form == Form::RamSize) && value.is_some_and(|v| size(v).is_none());
        if value.is_none() {
            report(cx, node, driver, Fault::NoValue, runs);
        } else if no_size && !guess {
            report(cx, node, driver, Fault::NoSize, runs);
        } else if !missing.is_empty() {
            report(cx, node, driver, Fault::Unknown, runs.and(missing).and(checks_names));
        }
    }
}

/// What the driver, or any if none is named, knows about an option.
fn known(driver: Option<&'static Driver>, name: &str) -> Option<&'static DriverOpt> {
    match driver {
        Some(driver) => driver.opt(name),
        None => storage_drivers().iter().filter(|d| d.platform() != Some("windows")).find_map(|d| d.opt(name)),
    }
}

fn report(cx: &mut FileCx, node: &Node, driver: Option<&Driver>, fault: Fault, refused: ReleaseSet) {
    let option = node.as_str().unwrap_or_default();
    let name = option.split('=').next().unwrap_or(option).trim();
    let gone = name.eq_ignore_ascii_case("overlay2.override_kernel_check");
    let message = match (fault, driver) {
        (Fault::NoValue, _) => format!("the storage option `{}` has no value", excerpt(option)),
        (Fault::NoSize, _) => format!("the storage option `{}` holds no size", excerpt(option)),
        (Fault::Unknown, _) if gone => format!("`{name}` is no option any more, since 24.0"),
        (Fault::Unknown, Some(driver)) => {
            format!("the storage driver `{}` has no option `{}`", driver.name(), excerpt(name))
        }
        (Fault::Unknown, None) => format!("no storage driver has an option `{}`", excerpt(name)),
    };
    let words = match (fault, driver.map_or("overlay2", Driver::name)) {
        (Fault::NoValue, _) => format!("unable to parse storage-opt key/value: {option}"),
        (Fault::NoSize, _) => "invalid size".to_owned(),
        (Fault::Unknown, "vfs") => format!("unknown option {name} for vfs"),
        (Fault::Unknown, driver) => format!("{driver}: unknown option {name}"),
    };
    let unknown = fault == Fault::Unknown;
    let list = cx.root.get("storage-opts").filter(|_| unknown);
    let fix = list
        .and_then(|list| edit::remove_item(cx.doc(), list, node))
        .map(|edit| Fix::one(Applicability::Unsafe, format!("Remove `{}`", excerpt(option)), edit));
    let finding = cx.report(node.span, message);
    finding.refused(in_docker(refused));
    if gone && unknown {
        finding.advice(NO_EFFECT);
    }
    finding
        .key("storage-opts")
        .why(format!(
            "dockerd does not start: `error initializing graphdriver: {words}`. `dockerd --validate` says OK all the same."
        ))
        .help(if unknown { "Remove it." } else { "Write `name=value`, as the driver takes it." })
        .maybe_fix(fix);
}

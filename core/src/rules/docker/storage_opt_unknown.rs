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

use crate::fix::{Applicability, Fix, edit};
use crate::keys::drivers::{Driver, DriverOpt, Form, storage_drivers};
use crate::kind::docker;
use crate::releases::{ReleaseSet, Releases};
use crate::rules::docker_storage::{graph_driver, store, unavailable};
use crate::rules::docker_values::{docker as in_docker, is_windows, shown, size, text, texts};
use crate::rules::{Category, FileCx, Rule, Run};
use crate::syntax::Node;

pub(in crate::rules) const RULE: Rule = Rule {
    id: "storage-opt-unknown",
    summary: "A storage option that the driver does not have",
    category: Category::Correctness,
    since: "0.1.0",
    fix: Some(Applicability::Unsafe),
    opt_in: false,
    run: Run::File(&[&docker::KIND], check),
};

fn check(cx: &mut FileCx<'_, '_, '_>) {
    if is_windows(cx) {
        return;
    }
    let named = text(cx.root, "storage-driver").map(|(_, name)| name);
    // A driver that is not there is told first.
    let stopped = named.map_or(Releases::NONE, |name| unavailable(cx.root, name));
    let driver = named.and_then(graph_driver);
    if named.is_some() && driver.is_none() {
        return;
    }
    let store = store(cx.root);
    let checked = in_docker(driver.map_or(ReleaseSet::ALL, Driver::checks_names));
    for (node, option) in texts(cx.root, "storage-opts") {
        let (name, value) =
            option.split_once('=').map_or((option, None), |(name, value)| (name.trim(), Some(value.trim())));
        let known = known(driver, &name.to_ascii_lowercase());
        // Nobody says which driver it will be, and this one may be it.
        let guess = driver.is_none() && known.is_some_and(|opt| opt.releases().covers(ReleaseSet::ALL));
        let bad_size = known.is_some_and(|opt| opt.form == Form::RamSize && value.is_some_and(|v| size(v).is_none()));
        let missing = ReleaseSet::ALL.without(known.map_or(ReleaseSet::NONE, DriverOpt::releases));
        if value.is_none() {
            report(cx, node, option, driver, store.graph, stopped, "has no value");
        } else if bad_size && !guess {
            report(cx, node, option, driver, store.graph, stopped, "holds no size");
        } else if !missing.is_empty() && !guess {
            report(cx, node, option, driver, store.graph.and(in_docker(missing)).and(checked), stopped, "");
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

fn report(
    cx: &mut FileCx<'_, '_, '_>,
    node: &Node<'_>,
    option: &str,
    driver: Option<&Driver>,
    refused: Releases,
    stopped: Releases,
    what: &str,
) {
    use crate::releases::Product::Docker;
    let name = option.split('=').next().unwrap_or(option).trim();
    let refused =
        in_docker(refused.get(Docker).without(if stopped.is_empty() { ReleaseSet::NONE } else { stopped.get(Docker) }));
    let title = driver.map_or("the storage driver", Driver::name);
    let gone = name.eq_ignore_ascii_case("overlay2.override_kernel_check");
    let message = match what {
        "" if gone => format!("`{name}` is no option any more, since 24.0"),
        "" => format!("the storage driver has no option `{}`", shown(name)).replace(
            "the storage driver",
            &driver.map_or("Docker".to_owned(), |d| format!("the storage driver `{}`", d.name())),
        ),
        what => format!("the storage option `{}` {what}", shown(option)),
    };
    let words = match (what, title) {
        ("has no value", _) => format!("unable to parse storage-opt key/value: {option}"),
        ("holds no size", _) => "invalid size".to_owned(),
        (_, "vfs") => format!("unknown option {name} for vfs"),
        (_, title) => format!("{title}: unknown option {name}"),
    };
    let list = cx.root.get("storage-opts");
    let fix = list.filter(|_| what.is_empty()).and_then(|list| edit::remove_item(cx.doc(), list, node)).map(|edit| {
        Fix { title: format!("Remove `{}`", shown(option)), applicability: Applicability::Unsafe, edits: vec![edit] }
    });
    let finding = cx.report(node.span, message);
    finding.refused(refused);
    if gone {
        finding.advice(Releases::docker("19.03..23"));
    }
    finding
        .key("storage-opts")
        .why(format!("dockerd does not start: `error initializing graphdriver: {words}`. `dockerd --validate` says OK all the same."))
        .help(if what.is_empty() { "Remove it." } else { "Write `name=value`, as the driver takes it." })
        .maybe_fix(fix);
}

//! # `storage-opt-unknown`
//!
//! An item of `storage-opts` that the storage driver does not have.
//!
//! ## Why
//!
//! dockerd does not start: `error initializing graphdriver: overlay2: unknown option overlay2.override_kernel_check`.
//! `dockerd --validate` still reports OK. That option, which many guides for Kubernetes show, has had no effect since
//! 19.03 and stops the daemon since 24.0. With the containerd image store, which is the default since 29, Docker
//! silently ignores all of `storage-opts`.
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
//! - kubernetes/kubernetes#87918; moby/moby@docker-v29.7.2:daemon/graphdriver/overlay2/overlay.go (`parseOptions`);
//!   measured with 20.10.24, 24.0.9, 27.5.1, 28.5.2 and 29.7.2

use crate::docker;
use crate::docker::refusals::late_refusal;
use crate::docker::settings::{in_docker, is_windows, text, texts};
use crate::docker::storage::{graph_driver, store, unavailable};
use crate::go::size::size;
use crate::keys::drivers::{Driver, DriverOpt, Form, storage_drivers};
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "storage-opt-unknown",
    summary: "Storage option that the driver does not have",
    fix: Some(Applicability::Unsafe),
    run: Run::File(&[&docker::KIND], check),
    ..Rule::DEFAULTS
};

const KERNEL_CHECK: &str = "overlay2.override_kernel_check";
/// Releases that take [`KERNEL_CHECK`] and ignore it.
const IGNORES_KERNEL_CHECK: Releases = Releases::docker("19.03..23");

fn check(cx: &mut FileCx) {
    let named = text(cx.settings(), "storage-driver");
    let driver = named.as_ref().and_then(|setting| graph_driver(&setting.text));
    // The rule `storage-driver-unavailable` reports an unknown driver.
    if is_windows(cx) || (named.is_some() && driver.is_none()) {
        return;
    }
    let stopped =
        named.map_or(Releases::NONE, |setting| unavailable(cx.settings(), &setting.text)).get(Product::Docker);
    let running = store(cx.settings()).graph.get(Product::Docker).without(stopped);
    let checks_names = driver.map_or(ReleaseSet::ALL, Driver::checks_names);
    for item in texts(cx.settings(), "storage-opts") {
        let Some((name, value)) = item.text.split_once('=') else {
            report_form(cx, &item, running, "has no value", &log_no_value(&item.text));
            continue;
        };
        let known = known(driver, &name.trim().to_ascii_lowercase());
        let missing = ReleaseSet::ALL.without(known.map_or(ReleaseSet::NONE, DriverOpt::releases));
        let is_size = known.is_some_and(|opt| opt.form == Form::RamSize);
        // Without a driver in the file, it may be another one than that of the option.
        let is_guess = driver.is_none() && missing.is_empty();
        if is_size && !is_guess && size(value.trim()).is_none() {
            report_form(cx, &item, running, "is not a size", "error initializing graphdriver: invalid size");
        } else if !missing.is_empty() {
            report_unknown(cx, &item, name.trim(), driver, running.and(missing).and(checks_names));
        }
    }
}

/// What the driver, or any if none is named, documents about an option.
fn known(driver: Option<&'static Driver>, name: &str) -> Option<&'static DriverOpt> {
    match driver {
        Some(driver) => driver.opt(name),
        None => storage_drivers().iter().filter(|d| d.platform() != Some("windows")).find_map(|d| d.opt(name)),
    }
}

fn report_form(cx: &mut FileCx, item: &WrittenSetting, refused: ReleaseSet, what: &str, log: &str) {
    cx.report_setting(item, format!("the storage option `{}` {what}", excerpt(&item.text)))
        .refused(in_docker(refused))
        .why(late_refusal(log))
        .help("Write `name=value`, as the driver takes it.");
}

fn report_unknown(cx: &mut FileCx, item: &WrittenSetting, name: &str, driver: Option<&Driver>, refused: ReleaseSet) {
    let is_kernel_check = name.eq_ignore_ascii_case(KERNEL_CHECK);
    let message = match driver {
        _ if is_kernel_check => format!("Docker 24.0 and later have no storage option `{name}`"),
        Some(driver) => format!("the storage driver `{}` has no option `{}`", driver.name(), excerpt(name)),
        None => format!("no storage driver has an option `{}`", excerpt(name)),
    };
    let list = cx.settings().get("storage-opts");
    let edit = list.zip(item.node).and_then(|(list, node)| edit::remove_item(cx.doc(), list, node));
    let title = format!("Remove `{}`", excerpt(&item.text));
    let finding = cx.report(item.value_span, message);
    finding.refused(in_docker(refused));
    if is_kernel_check {
        finding.advice(IGNORES_KERNEL_CHECK);
    }
    finding
        .key("storage-opts")
        .why(late_refusal(&log_unknown(driver.map_or("overlay2", Driver::name), name)))
        .help("Remove it.")
        .maybe_fix(edit.map(|edit| Fix::one(Applicability::Unsafe, title, edit)));
}

fn log_no_value(option: &str) -> String {
    format!("error initializing graphdriver: unable to parse storage-opt key/value: {option}")
}

fn log_unknown(driver: &str, name: &str) -> String {
    match driver {
        "vfs" => format!("error initializing graphdriver: unknown option {name} for vfs"),
        driver => format!("error initializing graphdriver: {driver}: unknown option {name}"),
    }
}

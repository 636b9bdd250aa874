//! Options of Docker's log drivers and storage drivers.

use super::complete::{Completion, CompletionKind, detail, written};
use super::cursor::Role;
use super::scene::Scene;
use crate::describe;
use crate::describe::Description;
use crate::docker;
use crate::keys::drivers::{self, Driver, DriverOpt, Form};
use crate::syntax::Node;
use crate::syntax::edit;

/// An option, with where upstream documents it.
type Opt = (&'static DriverOpt, &'static str);

/// The driver or option at the cursor.
#[derive(Clone, Copy)]
enum Slot<'s> {
    /// A driver's name.
    Driver(&'static [Driver]),
    /// A name in `log-opts`.
    LogName,
    /// The value of this log option.
    LogValue(&'s str),
    /// An item of `storage-opts`: `name=value`.
    Storage,
}

fn slot<'s>(scene: &'s Scene<'_, '_>) -> Option<Slot<'s>> {
    let path: Vec<&str> = scene.cursor.path.iter().map(AsRef::as_ref).collect();
    let slot = match (path.as_slice(), scene.cursor.role) {
        (["log-driver"], Role::Value) => Slot::Driver(drivers::log_drivers()),
        (["storage-driver"], Role::Value) => Slot::Driver(drivers::storage_drivers()),
        (["log-opts"], Role::Key) => Slot::LogName,
        (["log-opts", name], Role::Value) => Slot::LogValue(name),
        (["storage-opts"], Role::Item) => Slot::Storage,
        _ => return None,
    };
    (*scene.file.kind == docker::KIND).then_some(slot)
}

/// The description of the driver or option at the cursor.
pub(super) fn about(scene: &Scene<'_, '_>) -> Option<Description> {
    let find = |all: Vec<Opt>, name: &str| all.into_iter().find(|(opt, _)| opt.name().eq_ignore_ascii_case(name));
    let (opt, source) = match slot(scene)? {
        Slot::Driver(all) => return all.iter().find(|driver| driver.name() == scene.word()).map(describe::driver),
        Slot::LogName => find(log_opts(scene), scene.word()),
        Slot::LogValue(name) => find(log_opts(scene), name),
        Slot::Storage => find(storage_opts(scene), scene.word().split('=').next()?.trim()),
    }?;
    Some(describe::driver_opt(opt, source))
}

/// What may stand there; nothing where no option or driver belongs.
pub(super) fn complete(scene: &Scene<'_, '_>) -> Option<Vec<Completion>> {
    let completions = match slot(scene)? {
        Slot::Driver(all) => all.iter().filter_map(|driver| one_driver(scene, driver)).collect(),
        Slot::LogName => log_names(scene),
        Slot::LogValue(name) => {
            let opt = log_opts(scene).into_iter().find(|(opt, _)| opt.name() == name);
            opt.map(|(opt, _)| log_values(scene, opt)).unwrap_or_default()
        }
        Slot::Storage => storage(scene),
    };
    Some(completions)
}

fn one_driver(scene: &Scene<'_, '_>, driver: &Driver) -> Option<Completion> {
    let is_available = !driver.releases().and(scene.releases()).is_empty() && driver.platform() != Some("windows");
    is_available.then(|| Completion {
        label: driver.name().to_owned(),
        kind: CompletionKind::Value,
        detail: String::new(),
        about: Some(describe::driver(driver)),
        span: scene.cursor.word,
        insert: edit::string(driver.name()),
        deprecated: !driver.deprecated().and(scene.releases()).is_empty(),
    })
}

/// The driver's own options, then those of any.
fn log_opts(scene: &Scene<'_, '_>) -> Vec<Opt> {
    // Others come from plugins, whose options crilint cannot list.
    let driver = drivers::log_driver(docker::log_driver_name(scene.body));
    let own = driver.into_iter().flat_map(with_source);
    let any = drivers::any_log_opts().iter().map(|opt| (opt, drivers::ANY_LOG_OPTS_SOURCE));
    own.chain(any).collect()
}

/// The options of the driver, or of all that Docker may choose.
fn storage_opts(scene: &Scene<'_, '_>) -> Vec<Opt> {
    let named = scene.body.get("storage-driver").and_then(Node::as_str).filter(|name| !name.is_empty());
    let fits = |driver: &&Driver| match named {
        Some(name) => driver.name() == name,
        None => driver.platform() != Some("windows"),
    };
    drivers::storage_drivers().iter().filter(fits).flat_map(with_source).collect()
}

fn with_source(driver: &'static Driver) -> impl Iterator<Item = Opt> {
    driver.opts().iter().map(|opt| (opt, driver.source()))
}

fn log_names(scene: &Scene<'_, '_>) -> Vec<Completion> {
    let entries = scene.node().map(Node::entries).unwrap_or_default();
    let wanted = |opt: &DriverOpt| opt.name() == scene.word() || entries.iter().all(|e| e.key != opt.name());
    let opts = log_opts(scene).into_iter().filter(|(opt, _)| is_known(scene, opt) && wanted(opt));
    let completion = |opt: Opt| {
        let insert = written(scene, opt.0.name(), CompletionKind::Key);
        one(scene, opt, CompletionKind::Key, insert)
    };
    opts.map(completion).collect()
}

fn log_values(scene: &Scene<'_, '_>, opt: &'static DriverOpt) -> Vec<Completion> {
    let completion = |text: &str| value(scene, opt, text.to_owned(), text);
    values(opt).into_iter().map(completion).collect()
}

fn storage(scene: &Scene<'_, '_>) -> Vec<Completion> {
    let items = scene.node().map(Node::items).unwrap_or_default();
    let listed = |name: &str| items.iter().filter_map(Node::as_str).any(|item| name_of(item) == name);
    let opts = storage_opts(scene).into_iter().filter(|(opt, _)| is_known(scene, opt));
    match scene.word().split_once('=') {
        None => {
            let free = opts.filter(|(opt, _)| opt.name() == scene.word() || !listed(opt.name()));
            let completion = |opt: Opt| {
                let insert = edit::string(&format!("{}=", opt.0.name()));
                one(scene, opt, CompletionKind::Key, insert)
            };
            free.map(completion).collect()
        }
        Some((name, _)) => {
            let opt = opts.map(|(opt, _)| opt).find(|opt| opt.name().eq_ignore_ascii_case(name.trim()));
            let completion = |opt: &'static DriverOpt| {
                values(opt).into_iter().map(move |text| (opt, text, format!("{name}={text}")))
            };
            let all = opt.into_iter().flat_map(completion);
            all.map(|(opt, text, whole)| value(scene, opt, whole, text)).collect()
        }
    }
}

fn name_of(item: &str) -> &str {
    item.split('=').next().unwrap_or(item).trim()
}

fn is_known(scene: &Scene<'_, '_>, opt: &DriverOpt) -> bool {
    !opt.releases().and(scene.releases()).is_empty()
}

fn one(scene: &Scene<'_, '_>, (opt, source): Opt, kind: CompletionKind, insert: String) -> Completion {
    let about = describe::driver_opt(opt, source);
    Completion {
        label: opt.name().to_owned(),
        kind,
        detail: detail(&about),
        about: Some(about),
        span: scene.cursor.word,
        insert,
        deprecated: !opt.deprecated().and(scene.releases()).is_empty(),
    }
}

fn value(scene: &Scene<'_, '_>, opt: &DriverOpt, label: String, text: &str) -> Completion {
    Completion {
        insert: edit::string(&label),
        label,
        kind: CompletionKind::Value,
        detail: if opt.default() == Some(text) { "default".to_owned() } else { String::new() },
        about: None,
        span: scene.cursor.word,
        deprecated: false,
    }
}

/// The values to offer. A default in words is not a value.
fn values(opt: &'static DriverOpt) -> Vec<&'static str> {
    let mut all: Vec<_> = match opt.form {
        Form::Bool => vec!["true", "false"],
        _ => opt.values().filter(|value| !value.is_empty()).collect(),
    };
    let default = opt.default().filter(|default| !default.is_empty() && !default.contains(' '));
    all.extend(default.filter(|default| !all.contains(default)));
    all
}

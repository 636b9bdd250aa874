//! Docker's drivers with their options, and the flags that its file takes without using them.

use super::{Description, code};
use crate::keys::drivers::{Driver, DriverOpt};
use crate::keys::flags::IgnoredFlag;
use crate::releases::Product;

/// Describes a log driver or a storage driver.
#[must_use]
pub fn driver(driver: &Driver) -> Description {
    const PRODUCT: Product = Product::Docker;
    let mut out =
        Description { title: driver.name().to_owned(), doc: driver.doc(), facts: vec![], source: driver.source() };
    out.add("releases", format!("{} {}", PRODUCT.title(), driver.releases().describe(PRODUCT)));
    if !driver.deprecated().is_empty() {
        out.add("deprecated", driver.deprecated().describe(PRODUCT));
    }
    if let Some(removal) = driver.removal() {
        out.add("removal", removal);
    }
    if let Some(platform) = driver.platform() {
        out.add("platform", platform);
    }
    let names: Vec<_> = driver.opts().iter().map(|o| format!("`{}`", o.name())).collect();
    if !names.is_empty() {
        out.add("options", names.join(", "));
    }
    let checked = driver.checks_names();
    let others = match checked.describe(PRODUCT).as_str() {
        "" => "not looked at".to_owned(),
        _ if checked == driver.releases() => "refused".to_owned(),
        set => format!("refused in {set}"),
    };
    out.add("other options", others);
    if let Some(note) = driver.note() {
        out.add("note", note);
    }
    out
}

/// Describes an option; `source` is where upstream documents it.
#[must_use]
pub fn driver_opt(opt: &DriverOpt, source: &'static str) -> Description {
    const PRODUCT: Product = Product::Docker;
    let mut out = Description { title: opt.name().to_owned(), doc: opt.doc(), facts: vec![], source };
    out.add("type", opt.form.name());
    let values: Vec<_> = opt.values().map(|v| format!("`{v}`")).collect();
    if !values.is_empty() {
        out.add("values", format!("{}; others are refused", values.join(", ")));
    }
    if let Some(default) = opt.default() {
        out.add("default", default);
    }
    if opt.is_required() {
        out.add("required", "yes");
    }
    out.add("releases", format!("{} {}", PRODUCT.title(), opt.releases().describe(PRODUCT)));
    if !opt.deprecated().is_empty() {
        let new = opt.replaced_by().map(|new| format!(", use `{new}`")).unwrap_or_default();
        out.add("deprecated", format!("{}{new}", opt.deprecated().describe(PRODUCT)));
    }
    let conflicts: Vec<_> = opt.conflicts().map(|o| format!("`{o}`")).collect();
    if !conflicts.is_empty() {
        out.add("conflicts", conflicts.join(", "));
    }
    if let Some(checked) = opt.checked.name() {
        out.add("looked at", checked);
    }
    if let Some(note) = opt.note() {
        out.add("note", note);
    }
    out
}

/// Describes the name of a dockerd flag that `daemon.json` takes and does not use.
#[must_use]
pub fn ignored_flag(flag: &IgnoredFlag) -> Description {
    let mut out = Description {
        title: flag.name().to_owned(),
        doc: "The name of a dockerd flag: dockerd silently ignores it in daemon.json.",
        facts: vec![],
        source: "moby/moby@docker-v29.7.2:daemon/config/config.go",
    };
    out.add("releases", format!("{} {}", Product::Docker.title(), flag.releases().describe(Product::Docker)));
    out.add("use instead", flag.key().map_or_else(|| "nothing: the file has no such key".to_owned(), code));
    out
}

//! What two tags of a product read differently, such as two patches of a minor release; the data has no part in it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::compare::{Diff, release_of};
use super::keys::Found;
use super::packages::Packages;
use super::{containerd, kubernetes, moby};

/// What a tag reads: names of keys, options, gates and flags, each with its type and default.
pub type Settings = BTreeMap<String, String>;

/// Reads a tag.
pub fn settings(product: &str, tag: &str, packages: &mut Packages<'_>) -> Result<Settings, String> {
    let mut settings = Settings::new();
    match product {
        "containerd" => {
            let short_ids = containerd::native_version(&release_of(tag)) == 1;
            add(&mut settings, "config.toml", &containerd::config(packages, short_ids)?);
            add(&mut settings, "hosts.toml", &containerd::hosts(packages));
        }
        "moby" => {
            add(&mut settings, "daemon.json", &moby::config(packages)?);
            for (what, drivers) in
                [("log driver", moby::log_options(packages)), ("storage driver", moby::storage_options(packages))]
            {
                let options = drivers.iter().flat_map(|(driver, names)| names.iter().map(move |name| (driver, name)));
                settings.extend(options.map(|(driver, name)| (format!("{what} {driver}: {name}"), String::new())));
            }
        }
        _ => {
            add(&mut settings, "KubeletConfiguration", &kubernetes::configuration(packages)?);
            for (name, stage) in kubernetes::gates(packages) {
                let state = format!("{} default={} locked={}", stage.kind, stage.default, stage.locked);
                settings.insert(format!("feature gate {name}"), state);
            }
            settings.extend(kubernetes::flags(packages).into_iter().map(|flag| (format!("--{flag}"), String::new())));
        }
    }
    Ok(settings)
}

fn add(settings: &mut Settings, file: &str, found: &[Found]) {
    for key in found {
        let default = key.default.as_ref().map(|value| format!(" = {value}")).unwrap_or_default();
        settings.insert(format!("{file}: {}", key.path.join(".")), format!("{}{default}", key.ty));
    }
}

/// What the newer tag adds, drops and changes.
pub fn differences(old: &Settings, new: &Settings) -> Diff {
    let mut diff = Diff::default();
    for (name, after) in new {
        match old.get(name) {
            None => diff.add(&line('+', name, after)),
            Some(before) if before != after => diff.add(&(line('-', name, before) + &line('+', name, after))),
            Some(_) => {}
        }
    }
    for (name, before) in old.iter().filter(|(name, _)| !new.contains_key(*name)) {
        diff.add(&line('-', name, before));
    }
    diff
}

fn line(sign: char, name: &str, value: &str) -> String {
    let mut line = format!("{sign}{name}");
    if !value.is_empty() {
        let _ = write!(line, " ({value})");
    }
    line + "\n"
}

//! `core/data/*.toml` -> `core/src/keys/tables.rs` and `tables.txt`.

mod built_in;
mod checks;
mod drivers;
mod gates;
mod keys;
mod migrated;
pub mod output;
pub mod patches;

use std::path::Path;

use crate::data::{self, KeyFile, ReleaseFile};
pub use keys::split_path;
use output::Output;

/// A generated file: its path below the root, and its text.
pub type Generated = (String, String);

/// Generates the tables.
pub fn generate(root: &Path) -> Result<Vec<Generated>, String> {
    let releases: ReleaseFile = data::read(root, "releases.toml")?;
    check_defaults(&releases)?;
    let mut out = Output::new(&releases)?;
    out.releases(&releases)?;
    let containerd: KeyFile = data::read(root, "containerd.toml")?;
    for (version, admitted) in [(1, "1.0"), (2, "1.3"), (3, "2.0"), (4, "2.3")] {
        let later = if version <= 2 { migrated::keys(version, &containerd.key) } else { vec![] };
        let keys = containerd.key.iter().filter(|k| k.config.contains(&version)).chain(&later);
        let name = format!("CONTAINERD_V{version}");
        out.table(&name, "Containerd", keys, Some(admitted))?;
    }
    out.edges();
    let kinds = [
        ("HOSTS", "hosts.toml", "Containerd"),
        ("KUBELET", "kubelet.toml", "Kubernetes"),
        ("CRICTL", "crictl.toml", "Kubernetes"),
        ("CREDENTIAL_PROVIDER", "credential-provider.toml", "Kubernetes"),
        ("K3S_REGISTRIES", "k3s-registries.toml", "Kubernetes"),
        ("DOCKER", "docker.toml", "Docker"),
    ];
    for (name, file, product) in kinds {
        let keys: KeyFile = data::read(root, file)?;
        out.table(name, product, keys.key.iter(), None)?;
        out.ignored(&keys)?;
    }
    let flags: data::FlagFile = data::read(root, "kubelet-flags.toml")?;
    out.flags(&flags.flag)?;
    let gates: data::GateFile = data::read(root, "feature-gates.toml")?;
    out.gates(&gates.gate)?;
    out.checks(&data::read(root, "kubelet-checks.toml")?)?;
    let drivers: data::DriverFile = data::read(root, "docker-drivers.toml")?;
    out.drivers(&drivers)?;
    let built_in: data::BuiltInFile = data::read(root, "containerd-built-in.toml")?;
    out.built_in(&built_in)?;
    Ok(out.finish())
}

/// Checks that `default = true` follows from the support dates.
fn check_defaults(file: &ReleaseFile) -> Result<(), String> {
    let limit = six_months_before(&file.as_of);
    for product in file.product.iter().filter(|p| p.id != "docker") {
        for release in &product.releases {
            let maintained = release.end.as_ref().is_none_or(|end| *end >= limit);
            if release.default != (maintained && !release.preview) {
                return Err(format!(
                    "releases.toml: {} {}: `default` does not follow from `end`",
                    product.id, release.id
                ));
            }
        }
    }
    Ok(())
}

fn six_months_before(date: &str) -> String {
    let number = |range: std::ops::Range<usize>| date.get(range).and_then(|t| t.parse::<u32>().ok()).unwrap_or(0);
    let months = number(0..4) * 12 + number(5..7) - 1 - 6;
    format!("{:04}-{:02}{}", months / 12, months % 12 + 1, date.get(7..).unwrap_or_default())
}

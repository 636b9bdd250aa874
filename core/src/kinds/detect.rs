//! The kind of a text: by its path, or by its keys where the path is not enough.

use crate::containerd::cni_network;
use crate::distributions::{k3s_config, registries};
use crate::kind::Kind;
use crate::kind::places::file_name;
use crate::kubelet::credential_provider;
use crate::syntax::{Document, Format};
use crate::systemd::{flags, logind};
use crate::{containerd, crictl, docker, kubelet, registry_hosts};

/// The formats to read a file as, by its path, in turn until it is of a known kind; none if no kind has such files.
#[must_use]
pub fn formats_of(path: &str) -> &'static [Format] {
    // `kubelet.conf` and the like: drop-ins of the kubelet are YAML by another ending.
    const UNIT: &[Format] = &[Format::Unit, Format::Yaml];
    let path = without_template_suffix(path);
    let name = file_name(path);
    let extension = name.rsplit_once('.').map_or("", |(_, e)| e);
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| file_name(folder));
    match extension {
        "toml" => &[Format::Toml],
        "part" if folder == "conf.d" => &[Format::Toml],
        "json" | "conflist" => &[Format::Json],
        "conf" if cni_network::is_own_path(path) => &[Format::Json],
        "yaml" | "yml" => &[Format::Yaml],
        // Ignition, and Butane, from which it is made.
        "ign" => &[Format::Json],
        "bu" => &[Format::Yaml],
        "cfg" if name == "cloud.cfg" || folder == "cloud.cfg.d" => &[Format::Yaml],
        "service" => UNIT,
        "conf" if folder.ends_with(".service.d") => UNIT,
        // systemd does not read these, which a rule reports.
        "" | "cfg" | "config" | "ini" if folder.ends_with(".service.d") => &[Format::Unit],
        "conf" if folder.ends_with("kubelet.conf.d") || folder == "conf.d" => &[Format::Yaml],
        "conf" => UNIT,
        "env" => &[Format::Env],
        _ if flags::is_env_path(path) => &[Format::Env],
        _ if flags::is_args_path(path) => &[Format::Args],
        // For cloud-init.
        _ if name == "user-data" => &[Format::Yaml],
        _ => &[],
    }
}

/// The kind of a text; nothing if crilint does not support it.
#[must_use]
pub fn detect(path: &str, doc: &Document<'_>) -> Option<&'static Kind> {
    let path = without_template_suffix(path);
    let name = file_name(path);
    let root = &doc.root;
    match doc.format {
        Format::Toml if registry_hosts::looks_like(path, root) => Some(&registry_hosts::KIND),
        Format::Toml if name == registry_hosts::FILE_NAME => None,
        Format::Toml if containerd::is_place_of_other_program(path) => None,
        Format::Toml => {
            let is_in_place = containerd::is_own_path(path) && !containerd::is_of_other_program(path, root);
            (is_in_place || containerd::looks_like(root)).then_some(&containerd::KIND)
        }
        Format::Json if cni_network::is_own_path(path) => Some(&cni_network::KIND),
        Format::Json | Format::Yaml if credential_provider::looks_like(root) => Some(&credential_provider::KIND),
        Format::Json if kubelet::looks_like(doc) => Some(&kubelet::KIND),
        Format::Json => (docker::is_own_path(path) || docker::looks_like(path, root)).then_some(&docker::KIND),
        Format::Yaml if name == "crictl.yaml" => Some(&crictl::KIND),
        Format::Yaml if k3s_config::looks_like(path, root) => Some(&k3s_config::KIND),
        Format::Yaml if registries::looks_like(path, root) => Some(&registries::KIND),
        Format::Yaml => (kubelet::is_own_path(path) || kubelet::looks_like(doc)).then_some(&kubelet::KIND),
        Format::Unit if logind::is_own_path(path) => Some(&logind::KIND),
        Format::Unit | Format::Env | Format::Args => flags::looks_like(path, root).then_some(&flags::KIND),
    }
}

/// Whether the name is one of a template, which is rendered before any daemon reads it.
#[must_use]
pub fn is_template(path: &str) -> bool {
    without_template_suffix(path).len() != path.len()
}

fn without_template_suffix(path: &str) -> &str {
    const SUFFIXES: [&str; 7] = [".j2", ".jinja", ".jinja2", ".tmpl", ".tpl", ".template", ".erb"];
    SUFFIXES.iter().find_map(|suffix| path.strip_suffix(suffix)).unwrap_or(path)
}

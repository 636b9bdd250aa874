//! A plugin that fails is only logged, unless `required_plugins` names it: then containerd does not start.
//!
//! Source: containerd/containerd@v1.7.34:services/server/server.go, v2.3.4:cmd/containerd/server/server.go (`load
//! required plugin`); measured with 1.3.10 to 2.4.0-beta.0.

use std::collections::{HashMap, HashSet};

use crate::containerd::kind::{CRI, CRI_IMAGES, CRI_RUNTIME};
use crate::containerd::loader::{Configuration, Effective, LoadedNode};
use crate::containerd::plugins;
use crate::finding::{Effect, Finding, Outcome};
use crate::releases::Releases;
use crate::syntax::Node;
use crate::text::Span;

/// Makes what keeps a required plugin from loading stop the daemon: one fault stays one finding.
pub(crate) fn apply(node: &LoadedNode, findings: &mut [Finding]) {
    if !findings.iter().any(|finding| finding.effect() <= Effect::Failed) {
        return;
    }
    for configuration in node.configurations() {
        let Some((file, span)) = first_required(configuration) else { continue };
        let files: HashSet<usize> = configuration.files.iter().map(|file| file.index).collect();
        let mut fatal = HashMap::new();
        for finding in findings.iter_mut().filter(|finding| files.contains(&finding.file)) {
            raise(configuration, &mut fatal, finding, file, span);
        }
    }
}

/// The first entry of a `required_plugins`.
fn first_required(configuration: &Configuration) -> Option<(usize, Span)> {
    configuration.files.iter().find_map(|file| {
        let items = file.body().get("required_plugins").map(Node::items).unwrap_or_default();
        Some((file.index, items.first()?.span))
    })
}

/// `fatal` holds the releases that need a plugin, by its name.
fn raise(
    configuration: &Configuration,
    fatal: &mut HashMap<String, Releases>,
    finding: &mut Finding,
    file: usize,
    span: Span,
) {
    let failed = finding.outcomes.iter().filter(|o| o.effect == Effect::Failed).map(|o| o.releases);
    let Some(failed) = failed.reduce(Releases::or) else { return };
    let Some(name) = finding.keys.iter().find_map(|key| plugin_of(key)) else { return };
    let requiring = match fatal.get(name) {
        Some(releases) => *releases,
        None => {
            let requiring = configuration.releases_where(|effective| is_required(effective, name));
            *fatal.entry(name.to_owned()).or_insert(requiring)
        }
    };
    let releases = failed.and(requiring);
    if releases.is_empty() {
        return;
    }
    finding.outcomes.insert(0, Outcome { effect: Effect::Refused, releases, is_superseded: false, breaks: None });
    finding.why.push_str(" As the plugin is required, containerd does not start.");
    finding.label_in(file, span, "plugins that must load");
}

/// Whether the release requires a plugin that does not load when this one, as the file calls it, fails.
fn is_required(effective: &Effective, name: &str) -> bool {
    let requires = |uri: &str| effective.lists("required_plugins", effective.name_of(uri));
    let of_cri = matches!(name, "cri" | CRI | CRI_RUNTIME | CRI_IMAGES);
    let serves_cri = plugins::find(name).is_some_and(|plugin| effective.release.is_among(plugin.serves_cri()));
    requires(name) || (of_cri || serves_cri) && requires(CRI)
}

/// The plugin in a path such as `plugins."io.containerd.grpc.v1.cri".cni`.
fn plugin_of(key: &str) -> Option<&str> {
    let rest = key.strip_prefix("plugins.")?;
    match rest.strip_prefix('"') {
        Some(rest) => rest.split('"').next(),
        None => rest.split('.').next(),
    }
}

//! The templates of containerd's configuration in k3s and RKE2: `config.toml.tmpl` for version 2, and
//! `config-v3.toml.tmpl`, which wins where a release reads it.
//!
//! Source: k3s-io/k3s@06ea261:pkg/agent/containerd/config.go, @06be48b:pkg/agent/templates/templates_linux.go.

use super::eras::READS_VERSION_3_TEMPLATE;
use crate::finding::Finding;
use crate::kind::places::{file_name, has_folder};
use crate::kind::{File, NodeFiles};
use crate::releases::Releases;
use crate::syntax::template::TemplateForm;

/// A template of k3s or RKE2, by its place and name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RancherTemplate {
    /// `config.toml.tmpl`.
    Version2,
    /// `config-v3.toml.tmpl`.
    Version3,
}

impl RancherTemplate {
    /// The template that a file is.
    pub(crate) fn of(path: &str) -> Option<Self> {
        let found = match file_name(path) {
            "config.toml.tmpl" => Self::Version2,
            "config-v3.toml.tmpl" => Self::Version3,
            _ => return None,
        };
        (has_folder(path, "k3s") || has_folder(path, "rke2")).then_some(found)
    }

    /// Tables that the base of each release has, below `plugins`. It has others in some releases and on some nodes.
    pub(crate) fn tables_of_base(self) -> &'static [&'static [&'static str]] {
        match self {
            Self::Version2 => &[
                &["io.containerd.internal.v1.opt"],
                &["io.containerd.grpc.v1.cri"],
                &["io.containerd.grpc.v1.cri", "containerd", "runtimes", "runc"],
                &["io.containerd.grpc.v1.cri", "containerd", "runtimes", "runc", "options"],
            ],
            Self::Version3 => &[
                &["io.containerd.internal.v1.opt"],
                &["io.containerd.cri.v1.runtime", "containerd", "runtimes", "runc"],
                &["io.containerd.cri.v1.runtime", "containerd", "runtimes", "runc", "options"],
            ],
        }
    }
}

/// Takes from findings in a template the releases that do not read it: these have another one, or none. `is_cut` is
/// whether the rule with an id judges what the file holds.
pub(crate) fn apply(node: &NodeFiles<'_, '_>, findings: &mut [Finding], is_cut: impl Fn(&str) -> bool) {
    let is_version_3 = |file: &&&File<'_>| RancherTemplate::of(file.path) == Some(RancherTemplate::Version3);
    let files: Vec<usize> = node.files.iter().filter(is_version_3).map(|file| file.index).collect();
    if files.is_empty() {
        return;
    }
    for finding in findings.iter_mut().filter(|finding| files.contains(&finding.file) && is_cut(finding.rule)) {
        for outcome in &mut finding.outcomes {
            outcome.releases = outcome.releases.and(READS_VERSION_3_TEMPLATE).and(Releases::containerd("2.0.."));
        }
        finding.outcomes.retain(|outcome| !outcome.releases.is_empty());
    }
}

/// Whether a file is the text behind the base template.
pub(crate) fn is_on_base(file: &File<'_>) -> bool {
    file.template == Some(TemplateForm::Base)
}

/// Where the base template is named.
pub(crate) fn place_of_base(file: &File<'_>) -> Option<usize> {
    file.doc.text.find("{{").filter(|_| is_on_base(file))
}

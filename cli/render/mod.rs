//! Reports: from findings to what people and programs read.

mod advice;
mod json;
mod node;
mod profile;
mod short;
mod snippet;
mod text;

use crilint_core::benchmark::{Assessment, Profile};
use crilint_core::engine::{FileInfo, Target};
use crilint_core::fix::Applicability;
use crilint_core::report::{ReportFile, Summary};
use crilint_core::secrets::Secrets;
use crilint_core::{Encoding, Finding, Position, Report};

pub(crate) use node::NodeTable;

use crate::args::Format;
use crate::error::Error;
use crate::read::Input;
use crate::terminal::Terminal;

/// The files that were checked, with their findings.
#[derive(Debug)]
pub(crate) struct Checked<'a> {
    report: &'a Report,
    files: Vec<ReportFile<'a>>,
    /// The releases that the user cares about.
    pub(crate) target: &'a Target,
    /// Files that could not be read, with the reason.
    pub(crate) errors: &'a [Error],
    /// How many findings this run fixed.
    pub(crate) fixed: usize,
    /// The applicability of the fix that `--fix` would apply to each finding.
    fixable: Vec<Option<Applicability>>,
    /// Whether text shows everything in full: findings of level info too, and all places of each.
    pub(crate) is_verbose: bool,
    /// The node whose standard places were looked at.
    pub(crate) node: Option<NodeTable>,
    /// The items of the profile that was asked for.
    pub(crate) profile: Option<(Profile, &'a [Assessment])>,
}

/// Renders what was checked.
pub(crate) fn render(checked: &Checked<'_>, format: Format, quiet: bool, terminal: &Terminal) -> String {
    match format {
        Format::Text => text::render(checked, quiet, terminal),
        Format::Short => short::render(checked, terminal),
        Format::Json => json::render(checked),
    }
}

impl<'a> Checked<'a> {
    /// `report` is that of `inputs`.
    pub(crate) fn new(
        inputs: &'a [Input],
        report: &'a Report,
        target: &'a Target,
        errors: &'a [Error],
        fixed: usize,
        fixable: Vec<Option<Applicability>>,
    ) -> Self {
        let files = inputs.iter().map(Input::reported).collect();
        Self { report, files, target, errors, fixed, fixable, is_verbose: false, node: None, profile: None }
    }

    /// The applicability of the best fix of a finding, if `--fix` would apply it.
    pub(crate) fn fixable(&self, finding: usize) -> Option<Applicability> {
        self.fixable.get(finding).copied().flatten()
    }

    /// The findings, the most urgent of a node first.
    pub(crate) fn findings(&self) -> &'a [Finding] {
        &self.report.findings
    }

    /// The secrets of the files.
    pub(crate) fn secrets(&self) -> &'a Secrets {
        &self.report.secrets
    }

    /// The files with what they were taken for.
    pub(crate) fn files(&self) -> impl Iterator<Item = (&ReportFile<'a>, &'a FileInfo)> {
        self.files.iter().zip(&self.report.files)
    }

    /// A file.
    pub(crate) fn file(&self, file: usize) -> Option<&ReportFile<'a>> {
        self.files.get(file)
    }

    /// The path of a file, for people.
    pub(crate) fn path(&self, file: usize) -> &'a str {
        self.file(file).map(|file| file.path).unwrap_or_default()
    }

    /// The line and column of a byte, both from 1.
    pub(crate) fn position(&self, file: usize, byte: u32) -> Position {
        let at = self.file(file).map(|file| file.position(byte, Encoding::Char));
        at.map_or(Position { line: 1, column: 1 }, |at| Position { line: at.line + 1, column: at.column + 1 })
    }

    /// The findings counted.
    pub(crate) fn summary(&self) -> Summary {
        Summary::of(self.report, &self.fixable)
    }
}

#[cfg(test)]
mod tests {
    use crilint_core::engine::Options;
    use crilint_core::finding::Severity;
    use crilint_core::releases::Product;
    use crilint_core::{Source, Span, check};

    use crilint_core::releases::Releases;

    use super::*;
    use crate::disk::Place;
    use crate::walk::{Found, Origin};
    use crilint_core::node::OnNode;

    const KUBELET: &str =
        "kind: KubeletConfiguration\napiVersion: kubelet.config.k8s.io/v1beta1\ncgroupDriver: systemd\n";
    const CONTAINERD: &str = "version = 3\n[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc.options]\n  SystemdCgroup = false\n";

    fn input(path: &str, text: &str) -> Input {
        let on_node = OnNode { path: path.to_owned(), node: "/".to_owned() };
        let found = Found {
            place: Place::Stdin,
            shown: path.to_owned(),
            on_node,
            origin: Origin::Named,
            kind: None,
            ignore: vec![],
            base: None,
        };
        Input::new(found, text.into())
    }

    /// A finding in the first file with a label in the second, as a rule over several files makes it.
    fn between_files() -> Finding {
        let place = |text: &str, part: &str| {
            let at = text.find(part).unwrap();
            Span::new(at, at + part.len())
        };
        let mut finding = Finding {
            rule: "stream-server-exposed",
            severity: Severity::Error,
            outcomes: vec![],
            broken: String::new(),
            message: "the kubelet makes cgroups by `systemd`, runc by `cgroupfs`".to_owned(),
            why: String::new(),
            help: String::new(),
            scope: "Kubernetes 1.34".to_owned(),
            file: 0,
            text: 0,
            span: place(KUBELET, "systemd"),
            keys: vec!["cgroupDriver".to_owned()],
            labels: vec![],
            fixes: vec![],
            severity_override: None,
            count: 1,
        };
        finding
            .failed(Releases::kubernetes("1.34"))
            .why("Pods are killed without a reason when the node is under pressure.")
            .help("Set `SystemdCgroup = true` in containerd's config.toml.")
            .label(place(KUBELET, "KubeletConfiguration"), "this file is the kubelet's")
            .label_in(1, place(CONTAINERD, "SystemdCgroup"), "the other setting of runc is here");
        finding
    }

    #[test]
    fn a_finding_shows_both_files() {
        let inputs = [input("/var/lib/kubelet/config.yaml", KUBELET), input("/etc/containerd/config.toml", CONTAINERD)];
        let sources: Vec<Source<'_>> = inputs.iter().map(Input::source).collect();
        let mut report = check(&sources, &Options::default());
        report.findings = vec![between_files()];
        let mut target = Target::default();
        for product in ["containerd", "docker", "kubernetes"] {
            target.add(&format!("{product}=all")).unwrap();
        }
        let checked = Checked::new(&inputs, &report, &target, &[], 0, vec![]);
        let terminal = Terminal { color: false, color_on_stderr: false, can_ask: false, width: 100, unicode: true };
        insta::with_settings!({
            snapshot_path => concat!(env!("CARGO_MANIFEST_DIR"), "/snapshots/cli"),
            prepend_module_to_snapshot => false,
            omit_expression => true,
        }, {
            insta::assert_snapshot!("finding-shows-both-files", render(&checked, Format::Text, true, &terminal));
        });
        let json: crate::report::Report =
            serde_json::from_str(&render(&checked, Format::Json, true, &terminal)).unwrap();
        let finding = &json.findings[0];
        assert_eq!(finding.labels[1].path, "/etc/containerd/config.toml");
        assert_eq!(finding.releases.keys().collect::<Vec<_>>(), [Product::Kubernetes.id()]);
        assert_eq!(finding.scope, "Kubernetes 1.34");
    }
}

//! microk8s and Canonical Kubernetes, which run from a snap: files of arguments, one flag a line.

use crate::finding::Finding;
use crate::kind::NodeFiles;
use crate::kind::places::has_folder;
use crate::releases::Releases;

/// Flags of the kubelet that microk8s deletes from its file of arguments at each start.
/// Source: canonical/microk8s@d099c90:microk8s-resources/actions/common/utils.sh (`sanitise_args_kubelet`).
const DELETED: [&str; 24] = [
    "--log-dir",
    "--log-file",
    "--log-flush-frequency",
    "--logtostderr",
    "--alsologtostderr",
    "--one-output",
    "--stderrthreshold",
    "--log-file-max-size",
    "--skip-log-headers",
    "--add-dir-header",
    "--skip-headers",
    "--log-backtrace-at",
    "--docker-endpoint",
    "--image-pull-progress-deadline",
    "--network-plugin",
    "--cni-conf-dir",
    "--cni-bin-dir",
    "--cni-cache-dir",
    "--network-plugin-mtu",
    "--experimental-kernel-memcg-notification",
    "--pod-infra-container-image",
    "--experimental-dockershim-root-directory",
    "--non-masquerade-cidr",
    "--container-runtime",
];

/// A feature gate that it deletes too. Source: as above.
const DELETED_GATE: &str = "DevicePlugins=true";

/// Releases of microk8s that delete no flag: those with dockershim. Source: as above.
const DELETES_NO_FLAG: Releases = Releases::kubernetes("..1.23");

/// Whether a file is one of arguments of Canonical Kubernetes, which bash reads as the words of a list.
/// Source: canonical/k8s-snap@d924cc2:k8s/lib.sh (`k8s::common::execute_service`).
pub(crate) fn is_read_by_bash(path: &str) -> bool {
    path.contains("snap/k8s/") && has_folder(path, "args")
}

/// Takes from findings about flags that microk8s deletes the releases that delete them.
pub(crate) fn apply(node: &NodeFiles<'_, '_>, findings: &mut [Finding]) {
    for finding in findings {
        let Some(file) = node.file(finding.file).filter(|file| file.path.ends_with("microk8s/current/args/kubelet"))
        else {
            continue;
        };
        let is_flag = finding.keys.iter().any(|key| DELETED.contains(&key.as_str()));
        let at = file.doc.text.get(finding.span.start as usize..).unwrap_or_default();
        if !is_flag && !at.starts_with(DELETED_GATE) {
            continue;
        }
        for outcome in &mut finding.outcomes {
            outcome.releases = outcome.releases.and(DELETES_NO_FLAG);
        }
        finding.outcomes.retain(|outcome| !outcome.releases.is_empty());
    }
}

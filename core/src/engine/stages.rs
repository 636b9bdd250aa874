//! The consequences that daemons draw from the failures that the rules of a node found. A room registers its stage
//! here.

use crate::containerd::loader::LoadedNode;
use crate::containerd::required;
use crate::distributions::{generated, snap, template};
use crate::finding::Finding;
use crate::kubelet::overrides;
use crate::rules;

/// Changes the findings of a node.
type NodeStage = fn(&LoadedNode<'_, '_, '_>, &mut [Finding]);

/// Run after the rules, in this order.
pub(super) const STAGES: [NodeStage; 5] = [
    // containerd does not start when a plugin fails that it requires.
    required::apply,
    // The kubelet validates what drop-ins and flags leave of its file.
    |node, findings| overrides::apply(node, findings, |id| rules::find(id).is_some_and(|rule| !rule.reads_text)),
    // microk8s deletes flags that its kubelet no longer has.
    |node, findings| snap::apply(node, findings),
    // Releases of k3s and RKE2 do not read each other's templates.
    |node, findings| template::apply(node, findings, |id| rules::find(id).is_some_and(|rule| !rule.checks_templates)),
    // What stands in a generated file is changed elsewhere.
    |node, findings| generated::apply(node, findings),
];

//! # `inhibit-delay-too-short`
//!
//! A drop-in of logind that grants less time than the kubelet needs to end its pods at a shutdown.
//!
//! ## Why
//!
//! With `shutdownGracePeriod` the kubelet asks logind to delay a shutdown. Where logind grants less, the kubelet writes
//! `/etc/systemd/logind.conf.d/99-kubelet.conf` and asks again. A drop-in whose name sorts after that one wins: the
//! kubelet logs `Failed to start node shutdown manager` (`was unable to update logind InhibitDelayMaxSec`, newer ones
//! `timed out ... waiting for logind InhibitDelayMaxSec to update`), and a shutdown kills pods without their grace
//! period. What sorts before, the main file included, is overridden by the kubelet and does no harm.
//!
//! ## What to do
//!
//! Set `InhibitDelayMaxSec` to `shutdownGracePeriod` or more, or remove it from the drop-in.
//!
//! ## Examples
//!
//! ```yaml bad
//! --- /var/lib/kubelet/config.yaml
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! shutdownGracePeriod: 30s
//! shutdownGracePeriodCriticalPods: 10s
//! --- /etc/systemd/logind.conf.d/99-site.conf
//! [Login]
//! InhibitDelayMaxSec=5s
//!                    ^^
//! ```
//!
//! ```yaml good
//! --- /var/lib/kubelet/config.yaml
//! apiVersion: kubelet.config.k8s.io/v1beta1
//! kind: KubeletConfiguration
//! shutdownGracePeriod: 30s
//! shutdownGracePeriodCriticalPods: 10s
//! --- /etc/systemd/logind.conf
//! [Login]
//! InhibitDelayMaxSec=5s
//! ```
//!
//! ## References
//!
//! - kubernetes/kubernetes@v1.31.0:pkg/kubelet/nodeshutdown/nodeshutdown_manager_linux.go (`start`),
//!   pkg/kubelet/nodeshutdown/systemd/inhibit_linux.go (`OverrideInhibitDelay`)

use crate::go::duration::duration;
use crate::kind::{File, NodeFiles};
use crate::kubelet;
use crate::node::one_node::is_one_node;
use crate::order;
use crate::rules::prelude::*;
use crate::systemd::logind;

pub(crate) const RULE: Rule = Rule {
    id: "inhibit-delay-too-short",
    summary: "Shutdown delay of logind that is shorter than the kubelet's grace period",
    category: Category::Reliability,
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

/// Ends pods at a shutdown unless the feature gate GracefulNodeShutdown is off.
const ENDS_PODS_AT_SHUTDOWN: Releases = Releases::kubernetes("1.21..");
/// The drop-in that the kubelet writes.
const OWN_DROP_IN: &str = "99-kubelet.conf";

fn check(cx: &mut NodeCx) {
    let loaded = cx.loaded;
    if !is_one_node(loaded) {
        return;
    }
    let Some((file, delay)) = logind::inhibit_delay(loaded) else { return };
    let Some((kubelet, period)) = grace_period(loaded) else { return };
    let (written, wanted) = (delay.value.as_str().unwrap_or_default(), period.as_str().unwrap_or_default());
    let (Some(granted), Ok(needed)) = (logind::seconds(written), duration(wanted)) else { return };
    if granted >= needed || !logind::is_drop_in(file) || file.name() <= OWN_DROP_IN {
        return;
    }
    cx.report(file.index, delay.value.span, format!("logind grants {written}, but the kubelet needs {wanted}"))
        .harmful(ENDS_PODS_AT_SHUTDOWN)
        .key("Login.InhibitDelayMaxSec")
        .why(WHY)
        .help(format!("Set `InhibitDelayMaxSec` to {wanted} or more, or remove it from this file."))
        .label_in(kubelet.index, period.span, "what the kubelet needs");
}

/// `shutdownGracePeriod` in the file that wins.
fn grace_period<'t, 'a>(node: &NodeFiles<'t, 'a>) -> Option<(&'t File<'a>, &'t Node<'a>)> {
    let own = node.files.iter().copied().filter(|file| *file.kind == kubelet::KIND);
    let mut files: Vec<_> =
        own.filter(|file| kubelet::is_drop_in(file.path) || kubelet::is_kubelet_main(file)).collect();
    order::by_name(&mut files, |file| file.name());
    order::by_key(&mut files, |file| kubelet::is_drop_in(file.path));
    let of_file = |file: &&'t File<'a>| Some((*file, file.body().get("shutdownGracePeriod")?));
    files.iter().rev().find_map(of_file)
}

const WHY: &str = "The kubelet raises the delay in 99-kubelet.conf, and this file sorts after it and wins: the kubelet \
    logs `Failed to start node shutdown manager`, and a shutdown kills pods without their grace period.";

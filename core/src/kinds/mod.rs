//! The kinds of files, and which one a text is.
//!
//! Detection is here alone: the command line, the hook, the editor and the playground call [`detect`].

mod detect;
mod wrapper;

pub use detect::{detect, formats_of, is_template};
pub use wrapper::WRAPPER;

use crate::kind::Kind;
use crate::systemd::{flags, logind};
use crate::{containerd, crictl, distributions, docker, kubelet, registry_hosts};

/// Every kind that people can name. A new one is a room of its own and a line in this list.
pub static KINDS: &[&Kind] = &[
    &containerd::KIND,
    &registry_hosts::KIND,
    &docker::KIND,
    &kubelet::KIND,
    &flags::KIND,
    &logind::KIND,
    &crictl::KIND,
    &containerd::cni_network::KIND,
    &kubelet::credential_provider::KIND,
    &distributions::registries::KIND,
    &distributions::k3s_config::KIND,
];

/// The kind with this id.
#[must_use]
pub fn find(id: &str) -> Option<&'static Kind> {
    KINDS.iter().copied().find(|kind| kind.id == id)
}

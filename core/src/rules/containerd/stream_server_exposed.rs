//! # `stream-server-exposed`
//!
//! The CRI stream server, which serves `kubectl exec`, `attach` and `port-forward`, listens on an address that other
//! machines reach.
//!
//! ## Why
//!
//! Until Kubernetes 1.10 clients were redirected to it, so it had to be reachable. Since 1.11 the kubelet proxies these
//! streams and asks for them on the node itself. An address other than loopback opens every container of the node to
//! whoever guesses a stream's token, and without TLS to whoever reads the traffic.
//!
//! ## What to do
//!
//! Set `stream_server_address = "127.0.0.1"` and `stream_server_port = "0"`, which are the defaults.
//!
//! ## Examples
//!
//! ```toml bad
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri"]
//!   stream_server_address = "0.0.0.0"
//!                           ^^^^^^^^^
//! ```
//!
//! ```toml fixed
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri"]
//!   stream_server_address = "127.0.0.1"
//! ```
//!
//! ```toml good kubernetes=1.10
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri"]
//!   stream_server_address = "0.0.0.0"
//! ```
//!
//! ## References
//!
//! - kubernetes/kubernetes#64006: the kubelet proxies streams since 1.11
//! - containerd/cri#776, containerd/cri#829: loopback without TLS becomes the default

use crate::containerd::eras::KUBELET_PROXIES_STREAMS;
use crate::go::address::{is_host, is_loopback};
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "stream-server-exposed",
    summary: "Stream server behind `kubectl exec` that listens beyond the node",
    category: Category::Security,
    fix: Some(Applicability::Unsafe),
    run: Run::Settings(&[
        SettingCheck {
            message: "with an empty address the stream server listens on the node's own address",
            ..listens_on(Test::OneOf(&[""]))
        },
        SettingCheck {
            message: "the stream server behind `kubectl exec` listens on {value}, which other machines reach",
            ..listens_on(Test::Where(is_reached_by_others))
        },
    ]),
    ..Rule::DEFAULTS
};

/// `stream-server-address-invalid` reports what is not an address.
fn is_reached_by_others(setting: &WrittenSetting) -> bool {
    setting.as_str().is_some_and(|address| is_host(address) && !is_loopback(address))
}

const fn listens_on(fault: Test) -> SettingCheck {
    SettingCheck {
        outcomes: &[(Effect::Harmful, KUBELET_PROXIES_STREAMS)],
        why: "Since Kubernetes 1.11 the kubelet proxies exec, attach and port-forward and asks for them on the node \
              itself, so that no other client needs this port; a client that reaches it can try to enter containers.",
        help: "Use the default, 127.0.0.1: clients go through the kubelet.",
        fix: Some(Replacement {
            applicability: Applicability::Unsafe,
            title: "Listen on 127.0.0.1",
            setting: "",
            value: NewValue::Fixed("\"127.0.0.1\""),
        }),
        ..SettingCheck::of(&daemons::CONTAINERD, "streaming:stream_server_address", fault)
    }
}

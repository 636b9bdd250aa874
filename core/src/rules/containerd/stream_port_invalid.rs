//! # `stream-port-invalid`
//!
//! `stream_server_port` is not a port in quotes.
//!
//! ## Why
//!
//! The port is a string. A bare number keeps containerd from starting (`cannot decode TOML integer into struct field
//! ... of type string`). A string that is not a port from 0 to 65535, such as a range, passes `config dump`; then the
//! CRI service cannot listen (`Failed to start streaming server`, `invalid port`) and stops the daemon.
//!
//! ## What to do
//!
//! Write `stream_server_port = "0"`: containerd picks a free port and sends it to the kubelet with each request.
//!
//! ## Examples
//!
//! ```toml bad
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri"]
//!   stream_server_port = 10010
//!                        ^^^^^
//! ```
//!
//! ```toml fixed
//! version = 2
//! [plugins."io.containerd.grpc.v1.cri"]
//!   stream_server_port = "10010"
//! ```
//!
//! ```toml bad
//! [plugins.cri]
//!   stream_server_port = "10000-10100"
//!                        ^^^^^^^^^^^^^
//! ```
//!
//! ```toml good
//! version = 3
//! [plugins."io.containerd.grpc.v1.cri"]
//!   stream_server_port = "0"
//! ```
//!
//! ## References
//!
//! - containerd/containerd@v2.3.4:internal/cri/config/config.go; measured with 1.3.10 to 2.4.0-beta.0

use crate::containerd::loader::Effective;
use crate::containerd::settings::in_effect;
use crate::go::address::is_service;
use crate::kind::SettingPlace;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "stream-port-invalid",
    summary: "Streaming server port is not a quoted port number",
    fix: Some(Applicability::Safe),
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

#[derive(PartialEq)]
enum WrongPort {
    Number(i64),
    Text(String),
}

fn check(cx: &mut NodeCx) {
    for ((place, port), releases) in in_effect(cx.loaded, find) {
        match port {
            WrongPort::Number(number) => report_number(cx, place, number, releases),
            WrongPort::Text(port) => report_text(cx, place, &port, releases),
        }
    }
}

fn find(effective: &Effective) -> Vec<(SettingPlace, WrongPort)> {
    let leaf = effective.setting("streaming:stream_server_port");
    let Some((leaf, node)) = leaf.and_then(|leaf| Some((leaf, leaf.value.node()?))) else { return vec![] };
    if let Some(number) = node.as_int() {
        return vec![(SettingPlace::of(leaf), WrongPort::Number(number))];
    }
    let port = leaf.text().filter(|port| port.parse::<u16>().is_err() && !is_service(port));
    port.map(|port| (SettingPlace::of(leaf), WrongPort::Text(port.to_owned()))).into_iter().collect()
}

fn report_number(cx: &mut NodeCx, place: SettingPlace, number: i64, releases: Releases) {
    let port = if u16::try_from(number).is_ok() { number } else { 0 };
    let new = edit::string(&port.to_string());
    cx.report_value(place, format!("`stream_server_port` is a string: write {new}, with the quotes"))
        .refused(releases)
        .why(
            "containerd does not start: the port is text in its struct, and it exits on a bare number \
             (`cannot decode TOML integer into struct field`).",
        )
        .help("Use \"0\" to let containerd pick a free port.")
        .fix(Fix::safe(format!("Write {new}"), place.value, new));
}

fn report_text(cx: &mut NodeCx, place: SettingPlace, port: &str, releases: Releases) {
    let range = if port.contains('-') { " The server has one port, not a range." } else { "" };
    cx.report_value(place, format!("`{port}` is not a port from 0 to 65535"))
        .refused(releases)
        .why(
            "`containerd config dump` does not report it, but at start the CRI service cannot listen \
             (`Failed to start streaming server`, `invalid port`) and stops the whole daemon.",
        )
        .help(format!("Use \"0\": containerd picks a free port and sends it to the kubelet with each request.{range}"))
        .fix(Fix::safe("Write \"0\"", place.value, edit::string("0")));
}

//! # `stream-port-invalid`
//!
//! `stream_server_port` is no port in quotes.
//!
//! ## Why
//!
//! The port is a string. A bare number keeps containerd from starting (`cannot decode TOML integer into struct field ... of
//! type string`). A string that is no port from 0 to 65535, such as a range, passes `config dump`; then the CRI service
//! cannot listen (`Failed to start streaming server`, `invalid port`) and takes the daemon down with it.
//!
//! ## What to do
//!
//! Write `stream_server_port = "0"`: containerd picks a free port and tells it to the kubelet with each request.
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

use crate::containerd::effective::{Spot, by_release};
use crate::containerd::loader::{Effective, Item};
use crate::go::address::is_service;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "stream-port-invalid",
    summary: "The stream server's port is no port in quotes",
    fix: Some(Applicability::Safe),
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

#[derive(PartialEq)]
enum Fault {
    Number(i64),
    Text(String),
}

fn check(cx: &mut NodeCx) {
    let loaded = cx.loaded;
    for configuration in loaded.configurations() {
        for ((spot, fault), releases) in by_release(configuration, find) {
            match fault {
                Fault::Number(number) => report_number(cx, spot, number, releases),
                Fault::Text(port) => report_text(cx, spot, &port, releases),
            }
        }
    }
}

fn find(effective: &Effective, out: &mut Vec<(Spot, Fault)>) {
    let item = effective.cri_streaming(&["stream_server_port"]);
    let Some((leaf, node)) = item.and_then(Item::as_leaf).and_then(|leaf| Some((leaf, leaf.value.node()?))) else {
        return;
    };
    if let Some(number) = node.as_int() {
        out.push((Spot::of(leaf), Fault::Number(number)));
    } else if let Some(port) = node.as_str()
        && !port.is_empty()
        && port.parse::<u16>().is_err()
        && !is_service(port)
    {
        out.push((Spot::of(leaf), Fault::Text(port.to_owned())));
    }
}

fn report_number(cx: &mut NodeCx, spot: Spot, number: i64, releases: Releases) {
    let key = spot.path(cx.loaded);
    let port = if u16::try_from(number).is_ok() { number } else { 0 };
    let new = edit::string(&port.to_string());
    cx.report(spot.file, spot.value, format!("`stream_server_port` is a string: write {new}, with the quotes"))
        .refused(releases)
        .key(key)
        .why("containerd does not start: the port is text in its struct, and it exits on a bare number (`cannot decode TOML integer into struct field`).")
        .help(format!("Write stream_server_port = {new}."))
        .fix(Fix::safe(format!("Write {new}"), spot.value, new));
}

fn report_text(cx: &mut NodeCx, spot: Spot, port: &str, releases: Releases) {
    let key = spot.path(cx.loaded);
    let range = if port.contains('-') { " The server has one port, not a range." } else { Default::default() };
    cx.report(spot.file, spot.value, format!("\"{port}\" is no port from 0 to 65535"))
        .refused(releases)
        .key(key)
        .why("`containerd config dump` does not mind, but at start the CRI service cannot listen (`Failed to start streaming server`, `invalid port`) and takes the whole daemon down.")
        .help(format!("Write \"0\": containerd picks a free port and tells it to the kubelet with each request.{range}"))
        .fix(Fix::safe("Write \"0\"", spot.value, edit::string("0")));
}

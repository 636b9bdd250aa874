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

use crate::fix::{Applicability, Fix, edit};
use crate::kind::containerd::{self, Cri};
use crate::rules::containerd_values::counts;
use crate::rules::go_values::is_service;
use crate::rules::{Category, FileCx, Rule, Run};
use crate::syntax::Entry;

pub(in crate::rules) const RULE: Rule = Rule {
    id: "stream-port-invalid",
    summary: "The stream server's port is no port in quotes",
    category: Category::Correctness,
    since: "0.1.0",
    fix: Some(Applicability::Safe),
    opt_in: false,
    run: Run::File(&[&containerd::KIND], check),
};

fn check(cx: &mut FileCx<'_, '_, '_>) {
    let Some(entry) = Cri::of(cx.root).streaming(&["stream_server_port"]) else {
        return;
    };
    if let Some(number) = entry.value.as_int() {
        report_number(cx, entry, number);
    } else if let Some(port) = entry.value.as_str()
        && !port.is_empty()
        && port.parse::<u16>().is_err()
        && !is_service(port)
    {
        report_text(cx, entry, port);
    }
}

fn report_number(cx: &mut FileCx<'_, '_, '_>, entry: &Entry<'_>, number: i64) {
    let releases = counts(cx, entry);
    let key = cx.path_of(entry);
    let span = entry.value.span;
    let port = if u16::try_from(number).is_ok() { number } else { 0 };
    let new = edit::string(&port.to_string());
    cx.report(span, format!("`stream_server_port` is a string: write {new}, with the quotes"))
        .refused(releases)
        .key(key)
        .why("containerd does not start: the port is text in its struct, and it exits on a bare number (`cannot decode TOML integer into struct field`).")
        .help(format!("Write stream_server_port = {new}."))
        .fix(Fix::safe(format!("Write {new}"), span, new));
}

fn report_text(cx: &mut FileCx<'_, '_, '_>, entry: &Entry<'_>, port: &str) {
    let releases = counts(cx, entry);
    let key = cx.path_of(entry);
    let span = entry.value.span;
    let range = if port.contains('-') { " The server has one port, not a range." } else { Default::default() };
    cx.report(span, format!("\"{port}\" is no port from 0 to 65535"))
        .refused(releases)
        .key(key)
        .why("`containerd config dump` does not mind, but at start the CRI service cannot listen (`Failed to start streaming server`, `invalid port`) and takes the whole daemon down.")
        .help(format!("Write \"0\": containerd picks a free port and tells it to the kubelet with each request.{range}"))
        .fix(Fix::safe("Write \"0\"", span, edit::string("0")));
}

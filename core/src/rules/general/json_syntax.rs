//! # `json-syntax`
//!
//! The text is not the JSON that Docker or the kubelet reads.
//!
//! ## Why
//!
//! JSON has no comments, no trailing commas and no single quotes. dockerd does not start on a broken `daemon.json`, prints
//! one character without a line (`invalid character '}' looking for beginning of object key string`), and systemd
//! gives up after three tries. A running daemon that is told to reload goes on with the old configuration and fails at its next start.
//!
//! Docker 20.10 and older are different in three points: they refuse an empty file (`EOF`) and a byte order mark, and they read
//! the first value and ignore all text behind it.
//!
//! ## What to do
//!
//! Mend the place shown. crilint goes on behind a fault, so that you see all of them at once. Notes can stand in a file beside
//! `daemon.json`, not in it: a key such as `_comment` is refused too.
//!
//! ## Examples
//!
//! ```json bad
//! {
//!   "log-driver": "json-file",
//!   "storage-driver": "overlay2",
//!                               ^
//! }
//! ```
//!
//! ```json fixed
//! {
//!   "log-driver": "json-file",
//!   "storage-driver": "overlay2"
//! }
//! ```
//!
//! ```json bad
//! {
//!   // mirrors of our own
//!   ^^^^^^^^^^^^^^^^^^^^^
//!   "registry-mirrors": ["https://mirror.example"]
//! }
//! ```
//!
//! ```json fixed
//! {
//!   "registry-mirrors": ["https://mirror.example"]
//! }
//! ```
//!
//! ```json bad
//! {
//!   "log-driver": "local"
//!                        ^
//!   "live-restore": true
//! }
//! ```
//!
//! ```json fixed
//! {
//!   "log-driver": "local",
//!   "live-restore": true
//! }
//! ```
//!
//! ```json bad
//! { “live-restore”: true }
//!   ^^^^^^^^^^^^^^
//! ```
//!
//! ```json fixed
//! { "live-restore": true }
//! ```
//!
//! ```json bad
//! { 'live-restore': true }
//!   ^^^^^^^^^^^^^^
//! ```
//!
//! ```json fixed
//! { "live-restore": true }
//! ```
//!
//! ```json bad
//! "live-restore": true,
//! ^^^^^^^^^^^^^^
//! "log-driver": "local"
//! ```
//!
//! ```json fixed
//! {
//! "live-restore": true,
//! "log-driver": "local"
//! }
//! ```
//!
//! ```json bad
//! { "registry-mirrors": ["https://mirror.example" }
//!                                                ^
//! ```
//!
//! ```json fixed
//! { "registry-mirrors": ["https://mirror.example"] }
//! ```
//!
//! ```json bad docker=20.10
//! { "live-restore": true }
//! { "log-driver": "local" }
//! ^^^^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! A KubeletConfiguration may be JSON too:
//!
//! ```json bad
//! --- /var/lib/kubelet/config.json
//! {"apiVersion": "kubelet.config.k8s.io/v1beta1", "kind": "KubeletConfiguration", "maxPods": 110,}
//!                                                                                               ^
//! ```
//!
//! ```json good
//! {
//!   "log-driver": "local",
//!   "live-restore": true
//! }
//! ```
//!
//! ## References
//!
//! - docker/docs#19397, docker/docs#19612, moby/moby#34673, bottlerocket-os/bottlerocket#3349
//! - moby/moby@docker-v29.7.2:daemon/config/config.go (`getConflictFreeConfiguration`); measured with 20.10.24, 24.0.9, 27.5.1,
//!   28.5.2 and 29.7.2
//! - kubernetes/kubernetes@v1.36.0:pkg/kubelet/kubeletconfig/util/codec/codec.go

use crate::docker;
use crate::kubelet;
use crate::rules::limits::report_own_limit;
use crate::rules::prelude::*;
use crate::syntax::json::go;
use crate::syntax::{self, Dialect, Document, Format, Problem, Value};

pub(crate) const RULE: Rule = Rule {
    id: "json-syntax",
    summary: "The text is not JSON",
    fix: Some(Applicability::Safe),
    run: Run::File(&[&docker::KIND, &kubelet::KIND], check),
    ..Rule::SYNTAX
};

/// They read the bytes as they are, and only up to the end of the first value.
const OLD: Releases = Releases::docker("..20.10");
const NEW: Releases = Releases::docker("23..");

fn check(cx: &mut FileCx) {
    let doc = cx.doc();
    if *cx.file.kind == docker::KIND {
        check_docker(cx, doc);
    } else if doc.format == Format::Json {
        doc.problems.iter().for_each(|problem| kubelet_problem(cx, problem));
    } else if is_json_in_yaml(doc) {
        syntax::read(doc.text, Format::Json).problems.iter().for_each(|problem| kubelet_problem(cx, problem));
    }
}

/// A text that the kubelet takes for JSON, whatever the file's name says.
pub(super) fn is_json_in_yaml(doc: &Document) -> bool {
    doc.format == Format::Yaml && doc.text.trim_start().starts_with('{')
}

/// Go counts levels from 1.15 on. Source: golang/go#31789. 20.10 began with an older Go and is judged as its last patch;
/// which Go that has is not measured.
const COUNTS_LEVELS: Releases = Releases::docker("20.10..");
/// They read JSON by sigs.k8s.io/json, a copy of Go's decoder that counts levels too. json-iterator, which older releases
/// use, counts from its 1.1.8 on (json-iterator/go#410), in words of its own.
const KUBELET_COUNTS_LEVELS: Releases = Releases::kubernetes("1.23..");

/// Brackets that nest deeper than crilint reads; whether it was that.
fn depth_problem(cx: &mut FileCx, problem: &Problem, words: Option<&str>, releases: Releases, why: &str) -> bool {
    match words {
        Some(words) if problem.code == "too-deep" && go::is_depth(words) => {
            cx.report(problem.span, format!("brackets nest more than {} deep", go::MAX_NESTING))
                .refused(releases)
                .why(format!("{why}: `{words}`."))
                .help("Check whether so many levels are meant.");
            true
        }
        Some(_) if problem.code == "too-deep" => false,
        _ => report_own_limit(cx, problem),
    }
}

fn kubelet_problem(cx: &mut FileCx, problem: &Problem) {
    if matches!(problem.code, "too-deep" | "too-long") {
        let words = go::first_error(cx.doc().text);
        let why = "The kubelet does not start: `failed to load kubelet config file`";
        if depth_problem(cx, problem, words.as_deref(), KUBELET_COUNTS_LEVELS, why) {
            return;
        }
    }
    let finding = cx.report(problem.span, problem.message.clone());
    finding
        .refused(Releases::ANY)
        .why("The kubelet does not start: `failed to load kubelet config file`. A text that starts with `{` is JSON to it.")
        .help(problem.advice())
        .maybe_fix(problem.fix.clone());
    if let Some((span, text)) = problem.related {
        finding.label(span, text);
    }
}

fn check_docker(cx: &mut FileCx, doc: &Document) {
    if let Some((_, span)) = doc.dialects.iter().find(|(dialect, _)| *dialect == Dialect::ByteOrderMark) {
        cx.report(*span, "the file starts with a byte order mark")
            .refused(OLD)
            .why("Docker 20.10 and older do not start: `invalid character 'ï' looking for beginning of value`. Later releases skip the mark.")
            .help("Save the file as UTF-8 without a byte order mark.")
            .fix(Fix::safe("Remove the byte order mark", *span, "").keeping_meaning());
    }
    // Since 23.0 blanks of any kind are cut off at both ends first.
    let words = go::first_error(doc.text.trim_start_matches('\u{feff}').trim());
    let end = doc.root.span.end;
    for problem in &doc.problems {
        let why = "dockerd does not start: `unable to configure the Docker daemon with file /etc/docker/daemon.json`";
        if depth_problem(cx, problem, words.as_deref(), COUNTS_LEVELS, why) {
            continue;
        }
        match &words {
            Some(words) => docker_problem(cx, problem, words, problem.span.start >= end),
            None => odd_blanks(cx, problem, problem.span.start < doc.root.span.start),
        }
    }
    if doc.problems.is_empty() {
        check_document(cx, doc);
    }
}

fn docker_problem(cx: &mut FileCx, problem: &Problem, words: &str, behind: bool) {
    let finding = cx.report(problem.span, problem.message.clone());
    let rest = matches!(problem.code, "trailing-text" | "second-document");
    let comment = matches!(problem.code, "comment" | "unclosed-comment") && behind;
    if rest || comment {
        finding.refused(NEW).why(format!(
            "Docker 23.0 and later do not start: `{words}`. 20.10 and older read the first value and ignore the rest without a word."
        ));
        if rest {
            finding.ignored(OLD);
        }
    } else {
        finding.refused(Releases::ANY).why(format!(
            "dockerd does not start: `unable to configure the Docker daemon with file /etc/docker/daemon.json: {words}`. It stops at the first fault and names no line."
        ));
    }
    finding.help(problem.advice()).maybe_fix(problem.fix.clone());
    if let Some((span, text)) = problem.related {
        finding.label(span, text);
    }
}

/// Blanks around the value that JSON does not have.
fn odd_blanks(cx: &mut FileCx, problem: &Problem, in_front: bool) {
    let finding = cx.report(problem.span, problem.message.clone());
    if in_front {
        finding.refused(OLD).advice(NEW);
    } else {
        finding.advice(Releases::ANY);
    }
    finding
        .why("Docker 23.0 and later cut off blanks of any kind around the value; older releases do not start if one stands in front.")
        .help(problem.advice())
        .maybe_fix(problem.fix.clone().map(Fix::keeping_meaning));
}

/// JSON that is no configuration: nothing, or something else than an object.
fn check_document(cx: &mut FileCx, doc: &Document) {
    let root = &doc.root;
    let go_type = match &root.value {
        Value::Map(_) => return,
        Value::Missing => {
            cx.report(Span::empty(doc.text.len()), "the file is empty")
                .refused(OLD)
                .why("Docker 20.10 and older do not start: `EOF`. Later releases take it for no configuration.")
                .help("Write `{}`, or remove the file.")
                .fix(Fix::safe("Write an empty object", Span::empty(doc.text.len()), "{}\n").keeping_meaning());
            return;
        }
        Value::Scalar(_) if root.is_null() => return,
        Value::Seq(_) => "array",
        Value::Scalar(_) if root.as_str().is_some() => "string",
        Value::Scalar(_) if root.as_bool().is_some() => "bool",
        Value::Scalar(_) => "number",
    };
    cx.report(root.span, format!("the file holds {}, and must hold one object", root.type_name()))
        .refused(Releases::ANY)
        .why(format!(
            "dockerd does not start: `json: cannot unmarshal {go_type} into Go value of type map[string]interface {{}}`."
        ))
        .help("Put the settings in one object: `{ \"key\": value }`.");
}

//! # `json-syntax`
//!
//! A text that is not the JSON that Docker or the kubelet reads.
//!
//! ## Why
//!
//! JSON has no comments, no trailing commas and no single quotes. dockerd does not start on a broken `daemon.json`,
//! prints one character without a line (`invalid character '}' looking for beginning of object key string`), and
//! systemd gives up after three tries. A running daemon that is to reload the file keeps the old configuration and
//! fails at its next start.
//!
//! Docker 20.10 and older are different in four points: they refuse an empty file (`EOF`) and a byte order mark, they
//! read the first value and ignore all text behind it, and they accept strings that are not UTF-8.
//!
//! ## What to do
//!
//! Correct the place shown. crilint goes on behind a fault, and so reports all of them at once. Notes can stand in a
//! file beside `daemon.json`, not in it: a key such as `_comment` is refused too.
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
//! - moby/moby@docker-v29.7.2:daemon/config/config.go (`getConflictFreeConfiguration`); measured with 20.10.24,
//!   24.0.9, 27.5.1, 28.5.2 and 29.7.2
//! - kubernetes/kubernetes@v1.36.0:pkg/kubelet/kubeletconfig/util/codec/codec.go

use crate::containerd::cni_network::{self, loaded_before};
use crate::docker;
use crate::kubelet;
use crate::kubelet::credential_provider;
use crate::kubelet::kind::is_json_in_yaml;
use crate::rules::prelude::*;
use crate::rules::problems::{NOT_UTF8, add_advice, report_own_limit};
use crate::syntax::json::go;
use crate::syntax::{self, Dialect, Document, Format, Problem, Value};

pub(crate) const RULE: Rule = Rule {
    id: "json-syntax",
    summary: "Text that is not JSON",
    fix: Some(Applicability::Safe),
    run: Run::File(&[&docker::KIND, &kubelet::KIND, &cni_network::KIND, &credential_provider::KIND], check),
    ..Rule::SYNTAX
};

/// Releases that read the bytes as they are, up to the end of the first value.
const READS_FIRST_VALUE: Releases = Releases::docker("..20.10");
const READS_WHOLE_TEXT: Releases = Releases::docker("23..");
/// Go counts levels from 1.15 on. Source: golang/go#31789. 20.10 began with an older Go and is judged as its last
/// patch; which Go that has is not measured.
const COUNTS_LEVELS: Releases = Releases::docker("20.10..");
/// These releases read JSON by sigs.k8s.io/json, a copy of Go's decoder that counts levels too. json-iterator in
/// older ones counts from its 1.1.8 on (json-iterator/go#410), with another message.
const KUBELET_COUNTS_LEVELS: Releases = Releases::kubernetes("1.23..");

const DOCKER_STOPS: &str = "dockerd does not start: `unable to configure the Docker daemon with file \
    /etc/docker/daemon.json";
const KUBELET_STOPS: &str = "The kubelet does not start: `failed to load kubelet config file`";

fn check(cx: &mut FileCx) {
    let doc = cx.doc();
    if *cx.file.kind == docker::KIND {
        check_docker(cx, doc);
    } else if *cx.file.kind == cni_network::KIND {
        if loaded_before(cx.view.node, cx.file).is_none() {
            doc.problems.iter().for_each(|problem| report_network(cx, problem));
        }
    } else if doc.format == Format::Json {
        doc.problems.iter().for_each(|problem| report_kubelet(cx, problem));
    } else if is_json_in_yaml(doc) {
        let doc = syntax::read(doc.text, Format::Json);
        doc.problems.iter().for_each(|problem| report_kubelet(cx, problem));
    }
}

/// Reports brackets that nest deeper than the daemon or crilint reads; whether the problem is one.
fn report_depth(cx: &mut FileCx, problem: &Problem, log: Option<&str>, releases: Releases, why: &str) -> bool {
    match log {
        Some(log) if problem.code == "too-deep" && go::is_depth(log) => {
            cx.report(problem.span, format!("brackets nest more than {} deep", go::MAX_NESTING))
                .refused(releases)
                .why(format!("{why}: `{log}`."))
                .help("Check whether so many levels are meant.");
            true
        }
        Some(_) if problem.code == "too-deep" => false,
        _ => report_own_limit(cx, problem),
    }
}

fn report_network(cx: &mut FileCx, problem: &Problem) {
    if report_own_limit(cx, problem) {
        return;
    }
    let finding = cx.report(problem.span, problem.message.clone());
    finding.harmful(Releases::ANY).breaks(BreakScope::EveryPod, "").why(
        "containerd does not load a network, and does not try the next file: `failed to load CNI config`, `error \
         parsing configuration`. The node is NotReady.",
    );
    add_advice(finding, problem);
}

fn report_kubelet(cx: &mut FileCx, problem: &Problem) {
    if matches!(problem.code, "too-deep" | "too-long") {
        let log = go::first_error(cx.doc().text);
        if report_depth(cx, problem, log.as_deref(), KUBELET_COUNTS_LEVELS, KUBELET_STOPS) {
            return;
        }
    }
    let finding = cx.report(problem.span, problem.message.clone());
    finding
        .refused(Releases::ANY)
        .why(format!("{KUBELET_STOPS}. The kubelet reads a text that starts with `{{` as JSON."));
    add_advice(finding, problem);
}

fn check_docker(cx: &mut FileCx, doc: &Document) {
    if let Some(span) = doc.first_of(Dialect::ByteOrderMark) {
        cx.report(span, "the file starts with a byte order mark")
            .refused(READS_FIRST_VALUE)
            .why(WHY_BYTE_ORDER_MARK)
            .help("Save the file as UTF-8 without a byte order mark.")
            .fix(Fix::safe("Remove the byte order mark", span, "").keeping_meaning());
    }
    // Outside of strings the bytes are a fault for every release.
    if let Some(span) = doc.first_of(Dialect::InvalidUtf8)
        && !doc.problems.iter().any(|problem| problem.span.contains(Span::empty(span.start as usize)))
    {
        cx.report(span, NOT_UTF8).refused(READS_WHOLE_TEXT).why(WHY_NOT_UTF8).help("Save the file as UTF-8.");
    }
    let errors = GoErrors::of(doc.text);
    for problem in &doc.problems {
        let why = format!("{DOCKER_STOPS}`");
        if report_depth(cx, problem, errors.of_whole.as_deref(), COUNTS_LEVELS, &why) {
            continue;
        }
        match &errors.of_whole {
            Some(log) => match errors.rest {
                Some(rest) => report_rest(cx, problem, log, rest),
                None => report_docker(cx, problem, log),
            },
            None => report_blanks(cx, problem, problem.span.start < doc.root.span.start),
        }
    }
    if doc.problems.is_empty() {
        check_document(cx, doc);
    }
}

/// The words of Go's decoders about a text that is not JSON.
struct GoErrors<'t> {
    /// In releases that read the text as a whole: without one byte order mark, then without blanks of any kind.
    of_whole: Option<String>,
    /// What is behind the first value, if that is a configuration: some releases read it alone.
    rest: Option<&'t str>,
}

impl<'t> GoErrors<'t> {
    fn of(text: &'t str) -> Self {
        let decoded = text.strip_prefix('\u{feff}').unwrap_or(text);
        let whole = decoded.trim();
        let of_whole = if whole.is_empty() { None } else { go::first_error(whole) };
        // The byte order mark is reported by itself.
        let is_configuration = whole.starts_with(['{', 'n']);
        let end = go::first_value(decoded).ok().filter(|_| is_configuration);
        Self { of_whole, rest: end.and_then(|end| decoded.get(end..)) }
    }
}

fn report_docker(cx: &mut FileCx, problem: &Problem, log: &str) {
    let finding = cx.report(problem.span, problem.message.clone());
    finding
        .refused(Releases::ANY)
        .why(format!("{DOCKER_STOPS}: {log}`. It stops at the first fault and prints no line number."));
    add_advice(finding, problem);
}

/// Text behind the first value. What is lost where that is not read are the settings in it.
fn report_rest(cx: &mut FileCx, problem: &Problem, log: &str, rest: &str) {
    let is_comment = matches!(problem.code, "comment" | "unclosed-comment");
    let has_settings = rest.split_once('"').is_some_and(|(_, behind)| behind.contains(':'));
    let effect = if has_settings && !is_comment { Effect::Ignored } else { Effect::Advice };
    let finding = cx.report(problem.span, problem.message.clone());
    finding.refused(READS_WHOLE_TEXT).outcome(effect, READS_FIRST_VALUE).why(why_rest(log));
    add_advice(finding, problem);
}

/// Blanks around the value that JSON does not have.
fn report_blanks(cx: &mut FileCx, problem: &Problem, is_in_front: bool) {
    let finding = cx.report(problem.span, problem.message.clone());
    if is_in_front {
        finding.refused(READS_FIRST_VALUE).advice(READS_WHOLE_TEXT);
    } else {
        finding.advice(Releases::ANY);
    }
    finding.why(WHY_BLANKS).help(problem.advice()).maybe_fix(problem.fix.clone().map(Fix::keeping_meaning));
}

/// JSON that is not a configuration: nothing, or something else than an object.
fn check_document(cx: &mut FileCx, doc: &Document) {
    let root = &doc.root;
    let go_type = match &root.value {
        Value::Map(_) => return,
        Value::Scalar(_) if root.is_null() => return,
        Value::Missing => {
            let end = Span::empty(doc.text.len());
            cx.report(end, "the file is empty")
                .refused(READS_FIRST_VALUE)
                .why("Docker 20.10 and older do not start: `EOF`. Later releases read it as an empty configuration.")
                .help("Write `{}`, or remove the file.")
                .fix(Fix::safe("Write an empty object", end, "{}\n").keeping_meaning());
            return;
        }
        Value::Seq(_) => "array",
        Value::Scalar(_) if root.as_str().is_some() => "string",
        Value::Scalar(_) if root.as_bool().is_some() => "bool",
        Value::Scalar(_) => "number",
    };
    let log = format!("json: cannot unmarshal {go_type} into Go value of type map[string]interface {{}}");
    cx.report(root.span, format!("the file holds {}, but must hold one object", root.type_name()))
        .refused(Releases::ANY)
        .why(docker::refusals::refusal(&log))
        .help("Put the settings in one object: `{ \"key\": value }`.");
}

fn why_rest(log: &str) -> String {
    format!(
        "Docker 23.0 and later do not start: `{log}`. \
         20.10 and older read the first value and silently ignore the rest."
    )
}

const WHY_BYTE_ORDER_MARK: &str = "Docker 20.10 and older do not start: `invalid character 'ï' looking for beginning \
    of value`. Later releases skip the mark.";
const WHY_NOT_UTF8: &str = "Docker 23.0 and later do not start: `failed to decode configuration JSON`, `encoding: \
    invalid UTF-8`. Older releases accept such bytes inside of strings.";
const WHY_BLANKS: &str = "Docker 23.0 and later cut off blanks of any kind around the value; older releases do not \
    start if one is in front.";

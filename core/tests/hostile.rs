//! Texts made to hurt: deep, long, many, odd. No text may overflow a small stack, take more time than its size is worth,
//! or get more findings than people can read.

use crilint_core::compat::compat;
use crilint_core::engine::{Options, Source, check};
use crilint_core::finding::{Effect, Finding};
use crilint_core::syntax::{MAX_DEPTH, MAX_LEN};
use crilint_core::{Severity, ide, show};

const TOML: &str = "/etc/containerd/config.toml";
const HOSTS: &str = "/etc/containerd/certs.d/docker.io/hosts.toml";
const JSON: &str = "/etc/docker/daemon.json";
const YAML: &str = "/var/lib/kubelet/config.yaml";
const KUBELET_JSON: &str = "/var/lib/kubelet/config.json";
const CRICTL: &str = "/etc/crictl.yaml";
const UNIT: &str = "/etc/systemd/system/kubelet.service";
const KUBELET: &str = "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n";
const IN_JSON: &str = "{\"apiVersion\": \"kubelet.config.k8s.io/v1beta1\", \"kind\": \"KubeletConfiguration\", \"a\": ";

fn source<'a>(path: &'a str, text: &'a str) -> Source<'a> {
    Source { path, text, ..Source::default() }
}

fn findings(path: &str, text: &str) -> Vec<Finding> {
    check(&[source(path, text)], &Options::default()).findings
}

/// A nested thing: what opens it, what it holds, what closes it.
struct Nest {
    path: &'static str,
    head: &'static str,
    open: &'static str,
    inner: &'static str,
    close: &'static str,
}

const NESTS: &[Nest] = &[
    Nest { path: TOML, head: "version = 3\nx = ", open: "[", inner: "1", close: "]" },
    Nest { path: TOML, head: "version = 3\nx = ", open: "{a=", inner: "1", close: "}" },
    Nest { path: TOML, head: "version = 3\n", open: "a.", inner: "a", close: "" },
    Nest { path: TOML, head: "version = 3\n[", open: "a.", inner: "a", close: "" },
    Nest { path: TOML, head: "version = 3\n", open: "[", inner: "a", close: "]" },
    Nest { path: TOML, head: "version = 3\n[a.b.c.d]\n", open: "a.", inner: "a = [{ b = 1 }]", close: "" },
    Nest { path: HOSTS, head: "[host.\"https://a\"]\nheader = ", open: "{a=[", inner: "1", close: "]}" },
    Nest { path: JSON, head: "", open: "[", inner: "1", close: "]" },
    Nest { path: JSON, head: "", open: "{\"a\":", inner: "1", close: "}" },
    Nest { path: JSON, head: "{\"runtimes\":", open: "{\"a\":[", inner: "1", close: "]}" },
    Nest { path: KUBELET_JSON, head: "", open: "{\"a\":[", inner: "1", close: "]}" },
    Nest { path: YAML, head: KUBELET, open: "a: {", inner: "", close: "}" },
    Nest { path: YAML, head: "evictionHard: ", open: "[", inner: "1", close: "]" },
    Nest { path: YAML, head: "evictionHard: ", open: "{a: ", inner: "1", close: "}" },
    Nest { path: YAML, head: "a:\n  ", open: "- ", inner: "1", close: "" },
    Nest { path: YAML, head: "", open: "? ", inner: "1", close: "" },
    Nest { path: YAML, head: "", open: ": ", inner: "1", close: "" },
    Nest { path: YAML, head: "a: ", open: "&a [", inner: "*a", close: "]" },
    Nest { path: YAML, head: "a: ", open: "!t ", inner: "1", close: "" },
    Nest { path: CRICTL, head: "runtime-endpoint: ", open: "[", inner: "1", close: "]" },
    Nest { path: UNIT, head: "[Service]\nExecStart=/usr/bin/kubelet ", open: "\"", inner: "$A", close: "\\" },
];

impl Nest {
    fn text(&self, levels: usize, closed: bool) -> String {
        let close = if closed { self.close.repeat(levels) } else { String::new() };
        format!("{}{}{}{close}\n", self.head, self.open.repeat(levels), self.inner)
    }
}

/// A KubeletConfiguration in a ConfigMap that is as deep as the reader goes, and deeper.
fn config_map(levels: usize) -> String {
    let nested = format!("a: {}1{}", "[".repeat(levels), "]".repeat(levels));
    format!(
        "apiVersion: v1\nkind: ConfigMap\ndata:\n  kubelet: |\n    {}    {nested}\n",
        KUBELET.replace('\n', "\n    ")
    )
}

/// Everything that walks a tree, once.
fn walk(path: &str, text: &str) {
    let sources = [source(path, text)];
    let options = Options::default();
    let report = check(&sources, &options);
    let _ = compat(&sources, &options);
    let _ = show::show(&sources, &options);
    let _ = ide::symbols(&sources[0], &options);
    let first = report.findings.first().map_or(0, |finding| finding.span.start);
    for offset in [first, (text.len() / 2) as u32, text.len() as u32] {
        let _ = ide::hover(&sources[0], &options, offset);
        let _ = ide::complete(&sources[0], &options, offset);
    }
}

/// The stack of a thread in Wasm and of a small worker: half of what an editor's host gives.
fn on_a_small_stack(run: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(512 << 10).spawn(run).unwrap();
    thread.join().unwrap();
}

#[test]
fn no_nesting_overflows_a_small_stack() {
    on_a_small_stack(|| {
        for nest in NESTS {
            for levels in [MAX_DEPTH - 1, MAX_DEPTH, MAX_DEPTH + 1, 20_000] {
                walk(nest.path, &nest.text(levels, true));
                walk(nest.path, &nest.text(levels, false));
            }
        }
        for levels in [MAX_DEPTH - 3, MAX_DEPTH, 300] {
            walk("/tmp/kubelet-config.yaml", &config_map(levels));
        }
        let steps: String = (0..500).map(|level| format!("{}a:\n", " ".repeat(level))).collect();
        walk(YAML, &steps);
        let headers: String = (1..MAX_DEPTH + 2).map(|level| format!("[{}a]\n", "a.".repeat(level))).collect();
        walk(TOML, &headers);
    });
}

/// The one finding about depth, with its effect.
fn depth(path: &str, text: &str) -> (Severity, Effect, String, String) {
    let all = findings(path, text);
    let found = all.iter().find(|f| f.rule.ends_with("-syntax")).unwrap_or_else(|| panic!("{path}: {all:?}"));
    (found.severity, found.effect(), found.message.clone(), found.why.clone())
}

#[test]
fn depth_that_the_daemon_reads_is_information() {
    for (path, head, open, close) in [
        (TOML, "version = 3\nx = ", "[", "]"),
        (JSON, "", "[", "]"),
        (YAML, "a: ", "[", "]"),
        (KUBELET_JSON, IN_JSON, "[", "]"),
    ] {
        for levels in [MAX_DEPTH + 1, 9_000] {
            let end = if head == IN_JSON { "}" } else { "" };
            let text = format!("{head}{}{}{end}\n", open.repeat(levels), close.repeat(levels));
            let (severity, effect, message, why) = depth(path, &text);
            assert_eq!((severity, effect), (Severity::Info, Effect::Advice), "{path} {message}");
            assert!(message.contains("128") && why.starts_with("crilint reads 128 levels"), "{message}: {why}");
        }
    }
    // TOML readers count nothing.
    let text = format!("version = 3\nx = {}{}\n", "[".repeat(20_000), "]".repeat(20_000));
    assert_eq!(depth(TOML, &text).1, Effect::Advice);
}

#[test]
fn depth_that_the_daemon_refuses_is_reported_in_its_words() {
    let nested = |open: &str, close: &str| open.repeat(10_001) + "1" + &close.repeat(10_001);
    for (path, text, words) in [
        (JSON, nested("[", "]"), "invalid character '[' exceeded max depth"),
        (JSON, nested("{\"a\":", "}"), "invalid character '{' exceeded max depth"),
        (KUBELET_JSON, IN_JSON.to_owned() + &nested("{\"a\":", "}") + "}", "invalid character '{' exceeded max depth"),
        (YAML, format!("{KUBELET}a: {}\n", nested("[", "]")), "exceeded max depth of 10000"),
        (YAML, format!("{KUBELET}a:\n  {}\n", nested("- ", "")), "exceeded max depth of 10000"),
    ] {
        let (severity, effect, message, why) = depth(path, &text);
        assert_eq!((severity, effect), (Severity::Error, Effect::Refused), "{path} {message}");
        assert!(message.contains("10000 ") && why.contains(words), "{message}: {why}");
    }
}

#[test]
fn length_is_a_limit_of_crilint() {
    for (path, fill) in [(TOML, "#"), (HOSTS, "#"), (JSON, " "), (YAML, "#"), (CRICTL, "#"), (UNIT, "#")] {
        let all = findings(path, &fill.repeat(MAX_LEN + 1));
        let long = all.iter().find(|f| f.message == "the text has more than 4 MiB");
        let long = long.unwrap_or_else(|| panic!("{path}: {all:?}"));
        assert_eq!((long.severity, long.effect()), (Severity::Warning, Effect::Advice), "{path}");
        assert!(long.why.starts_with("crilint reads texts of at most 4 MiB"), "{}", long.why);
        assert!(!all.iter().any(|f| f.why.contains("does not start")), "{all:?}");
    }
}

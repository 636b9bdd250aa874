//! Hostile texts: deep, long, many, odd. No text may overflow a small stack, take more time than its size is worth,
//! or get more findings than people can read.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops where it fails")]

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
const USER_DATA: &str = "user-data.yaml";
const UNIT: &str = "/etc/systemd/system/kubelet.service";
const KUBELET: &str = "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n";
const IN_JSON: &str = "{\"apiVersion\": \"kubelet.config.k8s.io/v1beta1\", \"kind\": \"KubeletConfiguration\", \"a\": ";

fn source<'a>(path: &'a str, text: &'a str) -> Source<'a> {
    Source { path, text, ..Source::default() }
}

fn findings(path: &str, text: &str) -> Vec<Finding> {
    check(&[source(path, text)], &Options::default()).findings
}

/// A construct that nests: what opens, what it holds, what closes it.
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
    Nest { path: USER_DATA, head: "daemon.json: |\n  {\"mtu\": 1}\na: ", open: "{a: ", inner: "1", close: "}" },
    Nest { path: USER_DATA, head: "machine: {kubelet: {extraConfig: {a: ", open: "{a: ", inner: "1", close: "}" },
    Nest { path: USER_DATA, head: "write_files: ", open: "- ", inner: "{path: /etc/docker/daemon.json}", close: "" },
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

/// Runs each function that walks a tree.
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
    let thread = std::thread::Builder::new().stack_size(512 << 10).spawn(run).expect("a thread starts");
    thread.join().expect("the stack is large enough");
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

/// The finding about depth, with its effect.
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
    // Readers of TOML do not count levels.
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

/// The computing time of this thread in nanoseconds: on Linux without the time in which other threads had the
/// processor.
fn computed() -> u64 {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let on_cpu = stat.and_then(|stat| stat.split(' ').next()?.parse().ok());
    let since =
        || std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("it is later").as_nanos() as u64;
    on_cpu.unwrap_or_else(since)
}

/// The work of one run. The system counts in steps of some milliseconds, so short runs are repeated.
fn cost(run: impl Fn()) -> f64 {
    const ENOUGH: u64 = 60_000_000;
    let before = computed();
    let mut runs = 0.0;
    while computed() - before < ENOUGH {
        run();
        runs += 1.0;
    }
    (computed() - before) as f64 / runs
}

/// Eight times the input takes at most 32 times the work: quadratic work takes 64 times.
fn assert_linear(name: &str, n: usize, run: impl Fn(usize)) {
    run(1);
    let (small, large) = (cost(|| run(n)), cost(|| run(8 * n)));
    let ratio = large / small;
    assert!(ratio < 32.0, "{name}: {ratio:.1} times the work for 8 times the input ({small:.0} ns, {large:.0} ns)");
}

/// `each(0)`, `each(1)`, ... joined.
fn many(n: usize, each: impl Fn(usize) -> String) -> String {
    (0..n).map(each).collect()
}

type Text = fn(usize) -> String;

/// Readers compare a problem with up to 500 others, so texts full of faults start above that.
const GROWING: &[(&str, &str, usize, Text)] = &[
    ("unknown keys", TOML, 150, |n| format!("version = 3\n{}", many(n, |i| format!("unknown_{i} = 1\n")))),
    ("unknown keys of a plugin", TOML, 150, |n| {
        format!(
            "version = 3\n[plugins.\"io.containerd.cri.v1.runtime\"]\n{}",
            many(n, |i| format!("  unknown_{i} = 1\n"))
        )
    }),
    ("the same key", TOML, 600, |n| format!("version = 3\n{}", "root = \"/x\"\n".repeat(n))),
    ("runtimes with a slip each", TOML, 60, |n| {
        let cri = "plugins.\"io.containerd.cri.v1.runtime\".containerd.runtimes";
        format!("version = 3\n{}", many(n, |i| format!("[{cri}.r{i}]\n  runtime_tipe = \"x\"\n")))
    }),
    ("required plugins", TOML, 100, |n| {
        format!("version = 3\nrequired_plugins = [{}]\n", many(n, |i| format!("\"io.containerd.foo.v1.p{i}\", ")))
    }),
    ("ignored lines", TOML, 100, |n| {
        format!("version = 3\n{}", many(n, |i| format!("unknown_{i} = 1 # crilint: ignore[unknown-key]\n")))
    }),
    ("import patterns", TOML, 500, |n| {
        format!("version = 3\nimports = [{}]\n", many(n, |i| format!("\"*a{i}*b*c*\", ")))
    }),
    ("stars", TOML, 20_000, |n| format!("version = 3\nimports = [\"{}b\"]\n", "*".repeat(n))),
    ("control characters in a line", TOML, 2_000, |n| format!("version = 3\nroot = \"{}\"\n", "a\u{1}".repeat(n))),
    ("lone carriage returns", TOML, 10_000, |n| format!("version = 3{}", "\r".repeat(n))),
    ("open strings", TOML, 600, |n| format!("version = 3\n{}", "root = \"abc\n".repeat(n))),
    ("unknown directives", JSON, 150, |n| format!("{{{}\"debug\": true}}", many(n, |i| format!("\"k{i}\": 1,")))),
    ("the same directive", JSON, 200, |n| format!("{{{}\"debug\": true}}", "\"debug\": true,\n".repeat(n))),
    ("runtimes", JSON, 100, |n| {
        format!("{{\"runtimes\":{{{}\"r\": {{}}}}}}", many(n, |i| format!("\"r{i}\": {{\"path\": \"/usr/bin/r\"}},\n")))
    }),
    ("limits", JSON, 60, |n| {
        format!(
            "{{\"default-ulimits\":{{{}\"r\": {{}}}}}}",
            many(n, |i| format!("\"u{i}\": {{\"Name\": \"u{i}\", \"Hard\": 1, \"Soft\": 2}},"))
        )
    }),
    ("labels", JSON, 200, |n| format!("{{\"labels\":[{}\"a=b\"]}}", many(n, |i| format!("\"a{i}=b\",")))),
    ("labels of one key", JSON, 200, |n| format!("{{\"labels\":[{}\"a=b\"]}}", many(n, |i| format!("\"a=b{i}\",")))),
    ("address pools", JSON, 100, |n| {
        format!(
            "{{\"default-address-pools\":[{}{{\"base\":\"10.0.0.0/8\",\"size\":24}}]}}",
            "{\"base\":\"10.0.0.0/8\",\"size\":24},".repeat(n)
        )
    }),
    ("unknown fields", YAML, 100, |n| format!("{KUBELET}{}", many(n, |i| format!("unknown{i}: 1\n")))),
    ("the same field", YAML, 100, |n| format!("{KUBELET}{}", "maxPods: 110\n".repeat(n))),
    ("feature gates", YAML, 100, |n| format!("{KUBELET}featureGates:\n{}", many(n, |i| format!("  Gate{i}: true\n")))),
    ("anchors", YAML, 60, |n| format!("{KUBELET}{}", many(n, |i| format!("x{i}: &a{i} [1]\ny{i}: *a{i}\n")))),
    ("block scalars", YAML, 150, |n| format!("{KUBELET}{}", "a: |\n".repeat(n))),
    ("texts inside", USER_DATA, 40, |n| {
        let one = |i| {
            format!(
                "- path: /etc/containerd/conf.d/{i}.toml\n  content: |\n    version = 3\n    unknown_{i} = 1\n    \
                 [plugins.'io.containerd.cri.v1.images'.registry.configs.a.auth]\n    password = \"hunter{i}hunter\"\n"
            )
        };
        format!("#cloud-config\nwrite_files:\n{}", many(n, one))
    }),
    ("a text in quotes inside", USER_DATA, 150, |n| {
        let keys = many(n, |i| format!("unknown_{i} = \\\"1\\\"\\n"));
        format!("write_files:\n- path: /etc/containerd/config.toml\n  content: \"version = 3\\n{keys}\"\n")
    }),
    ("an encoded text inside", USER_DATA, 2000, |n| {
        // "a = 1" and a line end, three times.
        let content = "YSA9IDEKYSA9IDEKYSA9IDEK".repeat(n);
        format!("write_files:\n- path: /etc/containerd/config.toml\n  encoding: b64\n  content: {content}\n")
    }),
    ("documents with flags inside", USER_DATA, 40, |n| {
        many(n, |i| {
            format!(
                "---\napiVersion: kubeadm.k8s.io/v1beta3\nkind: JoinConfiguration\nnodeRegistration:\n  \
                 kubeletExtraArgs:\n    unknown-flag-{i}: a\n    v: {i}\n"
            )
        })
    }),
    ("texts by the names of their keys", USER_DATA, 60, |n| {
        many(n, |i| format!("a{i}:\n  daemon.json: |\n    {{\"log-opts\": {{\"max-size\": {i}}}}}\n"))
    }),
    ("flags", UNIT, 100, |n| {
        format!("[Service]\nExecStart=/usr/bin/kubelet {}\n", many(n, |i| format!("--unknown-flag-{i} ")))
    }),
];

#[test]
fn the_work_is_proportional_to_the_text() {
    for (name, path, n, text) in GROWING {
        let texts = [text(1), text(*n), text(8 * n)];
        let of = |size: usize| &texts[[1, *n, 8 * n].iter().position(|known| *known == size).unwrap()];
        assert_linear(&format!("{path}: {name}"), *n, |size| drop(findings(path, of(size))));
    }
}

/// Paths and texts of several files, each with the number of its node.
type Node = (String, String, usize);

type Nodes<'f> = &'f dyn Fn(usize) -> Vec<Node>;

fn check_nodes(files: &[Node]) {
    let sources: Vec<_> =
        files.iter().map(|(path, text, node)| Source { path, text, node: *node, ..Source::default() }).collect();
    drop(check(&sources, &Options::default()));
}

#[test]
fn the_work_is_proportional_to_the_files() {
    let main = |import: &str| (TOML.to_owned(), format!("version = 3\nimports = [\"{import}\"]\n"), 0);
    let drop_in = |i: usize, text: &str| (format!("/etc/containerd/conf.d/{i:05}.toml"), text.to_owned(), 0);
    let drop_ins = |n: usize| {
        let all = (0..n).map(|i| drop_in(i, &format!("version = 3\noom_score = {i}\n")));
        [main("conf.d/*.toml")].into_iter().chain(all).collect::<Vec<_>>()
    };
    let chain = |n: usize| {
        let one = |i: usize| drop_in(i, &format!("version = 3\nimports = [\"{:05}.toml\"]\n", i + 1));
        [main("conf.d/00000.toml")].into_iter().chain((0..n).map(one)).collect()
    };
    let nodes = |n: usize| -> Vec<Node> {
        let one = |i: usize| (format!("n{i}/etc/containerd/config.toml"), "version = 3\nunknown = 1\n".to_owned(), i);
        (0..n).map(one).collect()
    };
    let many_globs = |n: usize| -> Vec<Node> {
        let patterns = many(n, |i| format!("\"conf.d/*a{i}*.toml\", "));
        let first = (TOML.to_owned(), format!("version = 3\nimports = [{patterns}]\n"), 0);
        [first].into_iter().chain((0..20).map(|i| drop_in(i, "version = 3\n"))).collect()
    };
    let kubelet_drop_ins = |n: usize| -> Vec<Node> {
        let main = ("/var/lib/kubelet/config.yaml".to_owned(), format!("{KUBELET}maxPods: 10\n"), 0);
        let one = |i: usize| {
            let text = format!("{KUBELET}maxPods: {i}\nfeatureGates:\n  Gate{i}: true\n");
            (format!("/etc/kubernetes/kubelet.conf.d/{i:05}.conf"), text, 0)
        };
        [main].into_iter().chain((0..n).map(one)).collect()
    };
    let documents = |n: usize| -> Vec<Node> {
        let text = many(n, |i| format!("---\n{KUBELET}swapBehavior: {i}\nimageGCHighThresholdPercent: 80\n"));
        vec![("/etc/kubernetes/kubeadm.yaml".to_owned(), text, 0)]
    };
    let wrappers = |n: usize| -> Vec<Node> {
        let one = |i: usize| {
            let text = format!(
                "write_files:\n- path: /etc/containerd/config.toml\n  content: |\n    version = 2\n    \
                 [plugins.'io.containerd.grpc.v1.cri'.registry.configs.a.auth]\n    password = \"hunter{i}hunter\"\n"
            );
            (format!("{i}.yaml"), text, 0)
        };
        (0..n).map(one).collect()
    };
    let cases: [(&str, usize, Nodes<'_>); 7] = [
        ("drop-ins", 1000, &drop_ins),
        ("chain of imports", 300, &chain),
        ("nodes", 60, &nodes),
        ("drop-ins of the kubelet", 40, &kubelet_drop_ins),
        ("documents of the kubelet", 40, &documents),
        ("patterns", 100, &many_globs),
        ("wrappers", 40, &wrappers),
    ];
    for (name, n, files) in cases {
        let sizes = [files(1), files(n), files(8 * n)];
        let of = |size: usize| &sizes[[1, n, 8 * n].iter().position(|known| *known == size).unwrap()];
        assert_linear(name, n, |size| check_nodes(of(size)));
    }
}

#[test]
fn a_report_lists_a_thousand_findings_of_a_rule_and_counts_the_others() {
    for (path, text, rule) in [
        (TOML, format!("version = 3\n{}", many(2500, |i| format!("unknown_{i} = 1\n"))), "unknown-key"),
        (JSON, format!("{{{}\"debug\": true}}", many(2500, |i| format!("\"k{i}\": 1,"))), "unknown-directive"),
        (YAML, format!("{KUBELET}{}", many(2500, |i| format!("unknown{i}: 1\n"))), "unknown-field"),
    ] {
        let all = findings(path, &text);
        let own: Vec<_> = all.iter().filter(|f| f.rule == rule).collect();
        assert_eq!(own.len(), 1001, "{path}");
        let last = own.last().unwrap();
        assert!(last.message.starts_with("1500 more findings of this rule"), "{}", last.message);
        assert_eq!((last.count, last.severity, last.effect()), (1500, own[0].severity, own[0].effect()));
        assert!(last.span > own[999].span, "the place is that of the first one that is not listed");
        let others: Vec<_> = all.iter().filter(|f| f.rule != rule).map(|f| f.rule).collect();
        assert!(others.iter().all(|rule| *rule == "docker-no-log-rotation"), "nothing else is reported: {others:?}");
    }
}

#[test]
fn what_is_ignored_is_not_counted() {
    let key = |i: usize| {
        format!("unknown_{i} = 1{}\n", if i.is_multiple_of(2) { " # crilint: ignore[unknown-key]" } else { "" })
    };
    let all = findings(TOML, &format!("version = 3\n{}", many(3000, key)));
    let count: usize = all.iter().filter(|f| f.rule == "unknown-key").map(|f| f.count).sum();
    assert_eq!(count, 1500);
    assert!(!all.iter().any(|f| f.rule == "unused-ignore"), "each comment is used");
}

#[test]
fn a_fix_has_a_hundred_edits_and_makes_the_same_text() {
    let text = format!("version = 3\r{}", "root = \"/x\"\r".repeat(5_000));
    let all = findings(TOML, &text);
    let fix = all.iter().flat_map(|f| &f.fixes).max_by_key(|fix| fix.edits.len()).unwrap();
    assert!(fix.edits.len() <= 100, "{}", fix.edits.len());
    assert_eq!(crilint_core::fix::apply(&text, &fix.edits), text.replace('\r', "\n"));
}

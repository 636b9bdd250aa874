//! Fixing: what a report promises is done, nothing is lost, and a second time changes nothing.

#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

#[path = "support/fixing.rs"]
mod fixing;
#[path = "support/offers.rs"]
mod offers;
mod support;

use std::fmt::Write as _;
use std::path::Path;

use crilint_core::engine::{Level, Options, Selector, Source, fix, fix_once, fixable};
use crilint_core::fix::Applicability;
use crilint_core::kinds::KINDS;
use crilint_core::releases::Product;
use crilint_core::rules::{RULES, group_of};
use crilint_core::show::show;
use crilint_core::{Finding, Forecast, Verdict, check, compat};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use support::{Example, examples, header};

const CONTAINERD: &str = "/etc/containerd/config.toml";
const DOCKER: &str = "/etc/docker/daemon.json";
const KUBELET: &str = "/var/lib/kubelet/config.yaml";

fn source<'a>(path: &'a str, text: &'a str) -> Source<'a> {
    Source { path, text, ..Source::default() }
}

fn fixed_at(path: &str, text: &str, level: Applicability) -> String {
    fixing::holds(&source(path, text), &Options::default());
    fix(&[source(path, text)], &Options::default(), level).texts.remove(0)
}

fn safe(path: &str, text: &str) -> String {
    fixed_at(path, text, Applicability::Safe)
}

fn all(path: &str, text: &str) -> String {
    fixed_at(path, text, Applicability::Unsafe)
}

/// The level of the fix that the report promises for the finding of a rule.
fn promised(path: &str, text: &str, rule: &str) -> Option<Applicability> {
    let sources = [source(path, text)];
    let report = check(&sources, &Options::default());
    let at = report.findings.iter().position(|f| f.rule == rule).unwrap_or_else(|| panic!("no {rule}: {report:?}"));
    fixable(&sources, &Options::default(), &report)[at]
}

/// Examples of all rules, each with the options that its targets ask for.
fn all_examples() -> Vec<(&'static str, Example, Options)> {
    let mut out = vec![];
    for rule in RULES {
        let name = format!("src/rules/{}/{}.rs", group_of(rule), rule.id.replace('-', "_"));
        let code = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap();
        for example in examples(&header(&code)) {
            let mut options = Options::default();
            for target in &example.targets {
                options.target.add(target).unwrap();
            }
            if rule.opt_in {
                options.levels.push((Selector::Rule(rule.id), Level::Default));
            }
            out.push((rule.id, example, options));
        }
    }
    out
}

#[test]
fn a_renamed_setting_is_read_and_judged() {
    let text = "version = 3\n[plugins.\"io.containerd.cri.v1.runtime\".containerd.runtimes.r0]\n  runtime_tipe = \"io.containerd.runc.v2\"\n";
    assert_eq!(promised(CONTAINERD, text, "unknown-key"), Some(Applicability::Unsafe));
    assert_eq!(safe(CONTAINERD, text), text);
    let fixed = fix_once(&[source(CONTAINERD, text)], &Options::default(), Applicability::Unsafe);
    assert_eq!(fixed.texts, [text.replace("tipe", "type")]);

    let text = "{\"hosst\": [\"tcp://0.0.0.0:2375\"]}\n";
    assert_eq!(promised(DOCKER, text, "unknown-directive"), Some(Applicability::Unsafe));
    assert_eq!(all(DOCKER, text), text.replace("hosst", "hosts"));

    let text = "{\"insecure-registrys\": [\"0.0.0.0/0\"]}\n";
    assert_eq!(all(DOCKER, text), text.replace("registrys", "registries"));

    let text = "version = 2\n[plugins.\"io.containerd.grpc.v1.cri\"]\n  stream_server_adress = \"0.0.0.0\"\n";
    assert_eq!(promised(CONTAINERD, text, "unknown-key"), Some(Applicability::Unsafe));
    assert_eq!(all(CONTAINERD, text), text.replace("adress", "address").replace("0.0.0.0", "127.0.0.1"));
}

#[test]
fn a_right_key_that_stops_the_daemon_is_not_written() {
    // An unknown key is ignored; the key that is meant stops containerd with this value.
    let text = "version = 2\n[plugins.\"io.containerd.grpc.v1.cri\"]\n  stream_sever_port = 10010\n";
    assert_eq!(promised(CONTAINERD, text, "unknown-key"), None);
    assert_eq!(all(CONTAINERD, text), text);
}

#[test]
fn many_findings_are_fixed_in_one_pass() {
    let table = |n: usize, key: &str| {
        format!(
            "[plugins.\"io.containerd.cri.v1.runtime\".containerd.runtimes.r{n}]\n  {key} = \"io.containerd.runc.v2\"\n"
        )
    };
    let text = |key: &str| -> String {
        let tables: String = (0..300).map(|n| table(n, key)).collect();
        format!("version = 3\n{tables}")
    };
    let wrong = text("runtime_tipe");
    let once = fix_once(&[source(CONTAINERD, &wrong)], &Options::default(), Applicability::Unsafe);
    assert_eq!((once.count, once.texts[0].as_str()), (300, text("runtime_type").as_str()));
}

#[test]
fn a_text_larger_than_any_configuration_is_left_alone() {
    let text = format!("{{\"log-opts\": {{\"max-file\": 3}}}}\n{}", " ".repeat(256 << 10));
    assert_eq!(promised(DOCKER, &text, "log-opts-not-string"), None);
    assert_eq!(all(DOCKER, &text), text);
    assert_ne!(all(DOCKER, text.trim_end()), text.trim_end());
}

#[test]
fn a_fix_that_fails_does_not_block_the_others() {
    // The port is right as a string; the key of the second line would stop containerd.
    let text = "version = 2\n[plugins.\"io.containerd.grpc.v1.cri\"]\n  stream_sever_port = 1\n  stream_server_adress = \"127.0.0.1\"\n  max_conainer_log_line_size = 1\n";
    let wanted = text.replace("adress", "address").replace("conainer", "container");
    assert_eq!(all(CONTAINERD, text), wanted);
}

#[test]
fn a_node_is_fixed_on_its_own() {
    let bad = "{\"log-opts\": {\"max-size\": \"10m\", \"max-file\": 3}}\n";
    let good = bad.replace('3', "\"3\"");
    let sources: Vec<_> = (0..3).map(|node| Source { node, frozen: node == 1, ..source(DOCKER, bad) }).collect();
    let fixed = fix(&sources, &Options::default(), Applicability::Safe);
    assert_eq!(fixed.texts, [good.as_str(), bad, good.as_str()]);
    assert_eq!(fixed.count, 2);
    let report = check(&sources, &Options::default());
    let promised = fixable(&sources, &Options::default(), &report);
    let by_file = report.findings.iter().zip(promised).map(|(finding, promise)| (finding.file, promise));
    let wanted = [(0, Some(Applicability::Safe)), (1, None), (2, Some(Applicability::Safe))];
    assert_eq!(by_file.collect::<Vec<_>>(), wanted);
}

#[test]
fn a_rule_that_is_ignored_in_a_file_fixes_nothing_there() {
    let ignore = [Selector::parse("log-opts-not-string").unwrap()];
    let text = "{\"log-opts\": {\"max-size\": \"10m\", \"max-file\": 3}}\n";
    let sources = [Source { ignore: &ignore, ..source(DOCKER, text) }];
    assert_eq!(fix(&sources, &Options::default(), Applicability::Unsafe).texts, [text]);
}

#[test]
fn nothing_is_removed_while_the_file_does_not_read() {
    // The line of four blanks less makes the rest of the map a part of the one above.
    let text = "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\nevictionMaxPodGracePeriod: 120\n  memory.available: 5%\nfeatureGates:\n  CSINodeInfo: true\nevictionMaxPodGracePeriod: 120\n  ExpandCSIVolumes: true\n  RotateKubeletClientCertificate: true\n";
    assert_eq!(safe(KUBELET, text), text);
    let text = "{\n  \"debug\": true,\n  \"debug\": true,\n  \"mtu\": ]\n}\n";
    assert_eq!(safe(DOCKER, text), text);
}

#[test]
fn an_object_stays_an_object() {
    for text in ["{\n  \"ins\n}\n", "{\n  \"debug\": true,\n  \"ins\n}\n"] {
        assert_eq!(safe(DOCKER, text), text);
        assert_eq!(all(DOCKER, text), text);
    }
}

#[test]
fn names_in_braces_do_not_make_a_list_of_the_whole_text() {
    for text in ["{\n\"]\n}\n", "{\"a\", \"b\"}\n", "{\"debug\"}\n"] {
        assert!(safe(DOCKER, text).starts_with('{'), "{text}");
        assert!(all(DOCKER, text).starts_with('{'), "{text}");
    }
}

#[test]
fn no_file_becomes_empty() {
    for text in ["// notes\n", "/* notes */", "\n# notes\n"] {
        assert!(!all(DOCKER, text).trim().is_empty(), "{text}");
    }
    for text in ["```\n", "---\n", "}\n", "\u{feff}\n"] {
        for path in [CONTAINERD, KUBELET, DOCKER] {
            fixing::holds(&source(path, text), &Options::default());
        }
    }
}

#[test]
fn a_quote_too_many_goes() {
    let text = "version = 2\n[plugins.\"io.containerd.grpc.v1.cri\"\"]\n  enable_selinux = true\n";
    assert_eq!(safe(CONTAINERD, text), text.replace("\"\"", "\""));
    let text = "version = 2\nimports = [\"/etc/containerd/conf.d/*.toml\"\"]\n";
    assert_eq!(safe(CONTAINERD, text), text.replace("\"\"", "\""));
}

/// Texts of which fixing came to no end: each pass closed a bracket or a quote that the next one found open again.
#[test]
fn repairs_that_call_for_the_next_one_are_not_made() {
    let texts = [
        "{\n  \"storage-driver\"! \"devicemapper\",\n  \"storage-opts\": [\n    \"dm.thinpoo\0\nldev=/dev/mapper/vg\",\n    \"dm.x=trusae\"\n  ]\n}\n",
        "  {\n  \"insecure-registries&: [\"http://#{host_ip}:5000\"],\n  \"debug\": true,\n  \"hosts\": [\"tcp://0.0.0.0:2375\", \"unix:///var/run/doc\n  }\n",
        "{\n  \"exec-opts\": ![\"native.cgroupdriver=systemd\"],\n  \"log-opts\": {\n    \"max-size\": \"100m\"\n  }\n}\n",
        "{\n  _-thinpool\",\n    \"dm.x=true\",\n    \"dm.use_d\"storamapper\",\n  \"storage-opts\": [\n  apidm.thinpooldev=/dev/mapper/vg\",\n    \"dm.x=true\"\n  ]\n}\n",
        "{\n  \"storage-drivered:\"\"v icemapper\",\n  \"storage-opts\": [\n    \"dm.x=trusae\"\n  ]\n}\n",
        "{\n  \"kind\": \"KubeletConfiguration\",\n  \"apiVersion\"E: \"kubelet.config.k8s.io/v1beta1\",\n  \"clusterDNS\": [\n    \"1.1.1.1\"\n  ]\n}\ne\0\0\0",
        "{\n  \"exec-o\u{1}\0\0\u{7f}pts\": [\"native.cgroupdriver=cgroupfs\"],\n  \"default-address-pools\":[{\"b\u{238}ase\":\"172.80.0.0/16\",\"size\":24}]\n}\n",
        "{\n  \"ipv6: true,\n  ]\n  \"expv6\": true,\n \"auths\":{} \"experimental\": true,\n    { \"base\": \"192.168.0.0/16\", \"size\": 20 }\n    { \"base\":: \"172.18.0.0/16\", \"size\": 16 },\n  \"default-address-pools/* x */\": [\n  \"fixed-cidr-v6\": \"fdxx::/64\",\n}\n",
        "1979-05-27.\"],[\"/       Run[time = \"/usr/bin/runc\"\n.[[h'h\r\n[[h'ht\nt\nimports\nt\nt\n.[[h'h\r\nt",
        "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\nauthentication:\n  webhook:\n    cacheTTL: 2m0s#authfrization:\n  mode: Webhook\n  webhook:\n    cagheAuthor\u{1e}izedTTL: 5m0s\nmaxPo: \"100m\"\n  },\n  \"storage-driver\": \"overlaStatusReportFrequency: 10s\nstr\u{398}amingConnectionIdleTimeout: 4h0m0s\n",
        "# Note\n[Service]\nEnvironment=\"KUBELET_KUBECON\u{1}\0\0P=--bootstrap-kubeconfig=/etc/kubernetes/bootstrap-kubelet.conf\"\nEnvironmentFile=-/var/lib/kubelet/kubeadm-flags.env\n# the KUBELET_EXTRA_ARGS should be sBEADM_ARGS $KUBELET_EXTRA_ARGS\n",
    ];
    for text in texts {
        for kind in KINDS {
            fixing::holds(&Source { kind: Some(kind), ..source("any", text) }, &Options::default());
        }
    }
}

#[test]
fn lines_that_are_put_in_end_as_the_others_do() {
    let mut changed = 0;
    for (id, example, options) in all_examples() {
        let texts: Vec<String> = example.files.iter().map(|(_, text)| text.replace('\n', "\r\n")).collect();
        let sources = example.sources().into_iter().zip(&texts).map(|(source, text)| Source { text, ..source });
        let fixed = fix(&sources.collect::<Vec<_>>(), &options, Applicability::Unsafe);
        changed += usize::from(fixed.texts != texts);
        for text in fixed.texts {
            assert!(!text.replace("\r\n", "").contains('\n'), "{id}: {text:?}");
        }
    }
    assert!(changed > 50, "{changed}");
}

#[test]
fn what_the_examples_promise_is_done() {
    for (rule, example, options) in all_examples() {
        let sources = example.sources();
        let report = check(&sources, &options);
        let promised = fixable(&sources, &options, &report);
        for level in [Applicability::Safe, Applicability::Unsafe] {
            let once = fix_once(&sources, &options, level);
            let after: Vec<_> = sources.iter().zip(&once.texts).map(|(s, text)| Source { text, ..s.clone() }).collect();
            let left = check(&after, &options).findings;
            let count = |all: &[Finding], f: &Finding| {
                all.iter().filter(|o| (o.file, o.rule, &o.message) == (f.file, f.rule, &f.message)).count()
            };
            for (finding, promise) in report.findings.iter().zip(&promised) {
                let is_fixed = count(&left, finding) < count(&report.findings, finding);
                if *promise == Some(level) {
                    assert!(is_fixed, "{rule}: {} is promised, and still there", finding.message);
                }
            }
            if !promised.iter().any(|promise| promise.is_some_and(|promise| promise >= level)) {
                assert_eq!(once.count, 0, "{rule}");
            }
        }
        if let [source] = sources.as_slice() {
            fixing::holds(source, &options);
        }
    }
}

/// A cut, a copy, a token or a changed line: what happens to files that people edit.
#[derive(Clone, Debug)]
enum Slip {
    Cut(usize, usize),
    Copy(usize, usize, usize),
    Put(usize, usize),
    SwapLines(usize, usize),
    CopyLine(usize, usize),
    Indent(usize, usize),
    End(usize),
}

const TOKENS: [&str; 44] = [
    "{",
    "}",
    "[",
    "]",
    "[[",
    "]]",
    "(",
    ",",
    ":",
    "=",
    "\"",
    "'",
    "\"\"\"",
    "'''",
    "\\",
    "#",
    "//",
    "/*",
    "*/",
    "\n",
    "\r\n",
    "\r",
    "\t",
    "  ",
    "- ",
    "? ",
    "&a ",
    "*a",
    "|\n",
    ">-\n",
    "---\n",
    "!!str ",
    "~",
    "null",
    "true",
    "1e400",
    "\u{feff}",
    "\u{a0}",
    "“",
    "{{ x }}",
    "${X}",
    "\0",
    "é",
    "debug: true\n",
];

fn slip() -> impl Strategy<Value = Slip> {
    let at = || 0..usize::MAX;
    let cut = (at(), 1..30_usize).prop_map(|(at, length)| Slip::Cut(at, length));
    let copy = (at(), 1..40_usize, at()).prop_map(|(from, length, to)| Slip::Copy(from, length, to));
    let put = (at(), 0..TOKENS.len()).prop_map(|(at, token)| Slip::Put(at, token));
    let swap = (at(), at()).prop_map(|(a, b)| Slip::SwapLines(a, b));
    let line = (at(), at()).prop_map(|(a, b)| Slip::CopyLine(a, b));
    let indent = (at(), 0..5_usize).prop_map(|(at, blanks)| Slip::Indent(at, blanks));
    prop_oneof![3 => cut, 2 => copy, 5 => put, 2 => swap, 2 => line, 2 => indent, 1 => at().prop_map(Slip::End)]
}

fn slipped(text: &str, slip: &Slip) -> String {
    let floor = |at: usize| (0..=at % (text.len() + 1)).rev().find(|at| text.is_char_boundary(*at)).unwrap();
    let upto = |from: usize, length: usize| {
        (from..=(from + length).min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap()
    };
    let put = |at: usize, new: &str| format!("{}{new}{}", &text[..at], &text[at..]);
    let mut lines: Vec<String> = text.split('\n').map(str::to_owned).collect();
    let count = lines.len();
    match *slip {
        Slip::Cut(at, length) => format!("{}{}", &text[..floor(at)], &text[upto(floor(at), length)..]),
        Slip::Copy(from, length, to) => put(floor(to), &text[floor(from)..upto(floor(from), length)]),
        Slip::Put(at, token) => put(floor(at), TOKENS[token]),
        Slip::SwapLines(a, b) => {
            lines.swap(a % count, b % count);
            lines.join("\n")
        }
        Slip::CopyLine(from, to) => {
            let line = lines[from % count].clone();
            lines.insert(to % count, line);
            lines.join("\n")
        }
        Slip::Indent(at, blanks) => {
            let line = &mut lines[at % count];
            *line = format!("{}{}", " ".repeat(blanks), line.trim_start());
            lines.join("\n")
        }
        Slip::End(at) => text[..floor(at)].to_owned(),
    }
}

fn seeds() -> Vec<(String, String)> {
    let short =
        |(_, example, _): (_, Example, _)| example.files.into_iter().next().filter(|(_, text)| text.len() < 900);
    all_examples().into_iter().filter_map(short).collect()
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: std::env::var("CRILINT_FUZZ_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(250),
        rng_seed: RngSeed::Fixed(std::env::var("CRILINT_FUZZ_SEED").ok().and_then(|n| n.parse().ok()).unwrap_or(9)),
        failure_persistence: None,
        max_shrink_iters: 400,
        ..ProptestConfig::default()
    })]

    /// What the fuzz target `fixes` asks of any text, of texts with slips.
    #[test]
    fn texts_with_slips_are_fixed_without_harm(seed: usize, slips in prop::collection::vec(slip(), 1..6)) {
        let seeds = seeds();
        let (path, text) = &seeds[seed % seeds.len()];
        let text = slips.iter().fold(text.clone(), |text, slip| slipped(&text, slip));
        fixing::holds(&source(path, &text), &Options::default());
        let mut wrong = vec![];
        offers::check_all(path, &[source(path, &text)], &Options::default(), &mut wrong);
        prop_assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}

/// Rules whose safe fixes write the same in another form, with what makes it the same.
const SAME: [(&str, &str); 7] = [
    ("crictl-endpoint-form", "crictl puts `unix://` in front"),
    ("runtime-endpoint-mismatch", "crictl puts `unix://` in front"),
    ("directive-not-in-release", "`graph` and `data-root` are two names of one setting"),
    ("cni-bin-dir-deprecated", "containerd puts `bin_dir` into `bin_dirs` and empties it"),
    ("feature-gate-stable", "the gate is on, or off, without the line"),
    ("insecure-registry-invalid", "dockerd strips the scheme"),
    ("runtime-endpoint-form", "the kubelet puts `unix://` in front"),
];

/// What a release that takes the text has of it in the end.
fn effective(sources: &[Source<'_>], target: &str) -> Option<Vec<(Vec<String>, String)>> {
    let mut options = Options::default();
    options.target.add(target).unwrap();
    let (_, verdicts) = compat(sources, &options);
    let runs = |verdict: &Forecast| verdict.verdict <= Verdict::Ignored;
    if !verdicts.iter().all(|compat| compat.forecasts.iter().all(runs)) {
        return None;
    }
    let (_, shown) = show(sources, &options);
    // crictl is not a daemon, and takes a path for an endpoint.
    let daemons = shown.into_iter().filter(|shown| shown.program != "crictl");
    let settings = daemons.flat_map(|shown| shown.settings).filter(|setting| !setting.unused);
    Some(settings.map(|setting| (setting.path, setting.value)).collect())
}

#[test]
fn safe_fixes_keep_what_a_release_that_takes_the_text_has() {
    let (mut compared, mut wrong) = (0, String::new());
    for (rule, example, options) in all_examples() {
        let sources = example.sources();
        let fixed = fix_once(&sources, &options, Applicability::Safe);
        if fixed.count == 0 {
            continue;
        }
        let after: Vec<_> = sources.iter().zip(&fixed.texts).map(|(s, text)| Source { text, ..s.clone() }).collect();
        for product in Product::ALL {
            for release in options.target.all().get(product).ids(product) {
                let target = format!("{}={release}", product.id());
                let Some(was) = effective(&sources, &target).filter(|settings| !settings.is_empty()) else { continue };
                let now = effective(&after, &target).unwrap_or_default();
                let lost: Vec<_> = was.iter().filter(|setting| !now.contains(setting)).collect();
                let new: Vec<_> = now.iter().filter(|setting| !was.contains(setting)).collect();
                let is_same = lost.is_empty() && new.is_empty() || SAME.iter().any(|(known, _)| *known == rule);
                if !is_same {
                    let _ = writeln!(wrong, "{rule}, {target}: {lost:?} becomes {new:?}");
                }
                compared += 1;
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(compared > 20, "{compared}");
}

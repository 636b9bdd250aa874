//! Hover, completion, actions and symbols, on texts with the cursor at `‸`.

#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crilint_core::describe;
use crilint_core::engine::check;
use crilint_core::fix::apply;
use crilint_core::ide::{self, ActionKind, Completion, Symbol};
use crilint_core::rules::RULES;
use crilint_core::{Options, Source, Span};

const CONFIG: &str = "/etc/containerd/config.toml";
const KUBELET: &str = "/var/lib/kubelet/config.yaml";
const DAEMON: &str = "/etc/docker/daemon.json";
const FLAGS: &str = "/var/lib/kubelet/kubeadm-flags.env";
const HOSTS: &str = "/etc/containerd/certs.d/docker.io/hosts.toml";

/// The text without its mark, and where that was.
fn marked(text: &str) -> (String, u32) {
    let at = text.find('‸').expect("a mark");
    (text.replace('‸', ""), at as u32)
}

fn hover(path: &str, text: &str, target: &str) -> Option<String> {
    let (text, at) = marked(text);
    let source = Source { path, text: &text, ..Source::default() };
    let hover = ide::hover(&source, &options(target), at)?;
    Some(format!("at `{}`\n{}", hover.span.of(&text), hover.markdown()))
}

fn complete(path: &str, text: &str, target: &str) -> Vec<Completion> {
    let (text, at) = marked(text);
    let source = Source { path, text: &text, ..Source::default() };
    let found = ide::complete(&source, &options(target), at);
    for completion in &found {
        assert!(completion.span.start <= at && at <= completion.span.end, "{completion:?}");
    }
    found
}

fn labels(path: &str, text: &str, target: &str) -> Vec<String> {
    complete(path, text, target).into_iter().map(|c| c.label).collect()
}

fn options(target: &str) -> Options {
    let mut options = Options::default();
    for part in target.split_whitespace() {
        options.target.add(part).unwrap();
    }
    options
}

/// A file with the options of a runtime.
fn runtime(name: &str, ty: &str, options: &str) -> String {
    let table = format!("[plugins.\"io.containerd.grpc.v1.cri\".containerd.runtimes.{name}");
    let ty = if ty.is_empty() { String::new() } else { format!("runtime_type = \"{ty}\"\n") };
    format!("version = 2\n{table}]\n{ty}{table}.options]\n{options}\n")
}

fn kata(options: &str) -> String {
    runtime("kata", "io.containerd.kata.v2", options)
}

fn snapshot(name: &str, text: &str) {
    insta::with_settings!({ snapshot_path => "../../snapshots/ide", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!(name, text);
    });
}

#[test]
fn hovers() {
    let cases = [
        (CONFIG, "version = 2\n[plugins.\"io.containerd.grpc.v1.cri\"]\n  stream_server‸_port = \"0\"\n", ""),
        (CONFIG, "[plugins.cri]\n  stream_server_port = \"‸0\"\n", ""),
        (CONFIG, "version = 2\n[plugins.\"io.containerd.grpc.v1.cri\".regis‸try]\n", ""),
        (CONFIG, "version = 2\n[plugins.\"io.containerd.grpc.v1.cri\"]\n  cni = { bin_dir = \"‸/x\" }\n", ""),
        (CONFIG, "[plugins.cri]\n  systemd_cgroup‸ = true\n", "containerd=1.7"),
        (HOSTS, "[host.\"https://mirror.example\"]\n  capabilities‸ = [\"pull\"]\n", ""),
        (KUBELET, "kind: KubeletConfiguration\ncontainerLogMaxSize: ‸10Mi\n", ""),
        (KUBELET, "kind: KubeletConfiguration\nauthentication:\n  webhook:\n    enabled‸: true\n", ""),
        (KUBELET, "kind: KubeletConfiguration\nfeatureGates:\n  Sidecar‸Containers: true\n", ""),
        (DAEMON, "{\n  \"log-driver\": \"json-file‸\",\n", ""),
        (DAEMON, "{ \"log-opts\": {}, \"exec-opts\": [\"native‸.cgroupdriver=systemd\"] }", ""),
        (FLAGS, "KUBELET_KUBEADM_ARGS=\"--cgroup‸-driver=systemd\"\n", ""),
        (CONFIG, "version = 3\n[plugins.\"io.containerd.‸cri.v1.runtime\".cni]\n", ""),
        (CONFIG, "version = 2\ndisabled_plugins = [\"io.containerd.snapshotter.v1.‸aufs\"]\n", ""),
        (CONFIG, "disabled_plugins = [\"con‸tent\"]\n", ""),
        (CONFIG, "[plugins.overlay‸fs]\n", ""),
        (CONFIG, "[plugins.cri.containerd]\n  snapshotter = \"nat‸ive\"\n", ""),
        (CONFIG, &kata("ConfigPath‸ = \"/x\""), ""),
        (DAEMON, "{ \"log-opts\": { \"max-size‸\": \"10m\" } }", ""),
        (DAEMON, "{ \"log-driver\": \"local\", \"log-opts\": { \"max-size\": \"‸10m\" } }", ""),
        (DAEMON, "{ \"storage-opts\": [\"overlay2.size=‸1G\"] }", ""),
    ];
    let mut out = String::new();
    for (path, text, target) in cases {
        let shown = hover(path, text, target).unwrap_or_else(|| "nothing".into());
        let _ = writeln!(out, "---- {path} {target}\n{}\n{shown}", text.trim_end());
    }
    snapshot("hovers", &out);
}

#[test]
fn what_is_not_a_key_has_no_description() {
    for (path, text) in [
        (CONFIG, "# stream‸\n"),
        (CONFIG, "‸\n"),
        (CONFIG, "version = 2 # x‸\n"),
        (CONFIG, "no_such_‸key = 2\n"),
        (CONFIG, "version ‸ = 2\n"),
        // Options of runc are none of Kata's.
        (CONFIG, &kata("SystemdCgroup‸ = true")),
        (CONFIG, &kata("SystemdCgroup = ‸true")),
        (KUBELET, "kind: KubeletConfiguration\n# maxPods‸: 1\n"),
        (KUBELET, "kind: KubeletConfiguration\n‸"),
        (DAEMON, "{‸}"),
        ("/x/notes.txt", "ver‸sion = 2\n"),
    ] {
        assert_eq!(hover(path, text, ""), None, "{text}");
    }
}

#[test]
fn completions() {
    let cri = "version = 2\n[plugins.\"io.containerd.grpc.v1.cri\"";
    let runtimes = format!("{cri}.containerd.runtimes.runc]\nruntime_type = ‸\n");
    let default = format!(
        "{cri}.containerd]\ndefault_runtime_name = \"‸\"\n{}.containerd.runtimes.runc]\n{}.containerd.runtimes.kata]\n",
        &cri[12..],
        &cri[12..]
    );
    let cases = [
        ("keys of a table", CONFIG, format!("{cri}.cni]\n  ‸\n"), ""),
        ("what is there is not offered again", CONFIG, format!("{cri}.cni]\n  conf_dir = \"/x\"\n  ‸\n  bin_dir = \"/y\"\n"), ""),
        ("a word is replaced whole", CONFIG, format!("{cri}.cni]\n  bin‸_dirs = \"/x\"\n"), ""),
        ("tables in headers", CONFIG, format!("{cri}.containerd.‸]\n"), ""),
        ("plugins in headers", CONFIG, "version = 3\n[plugins.‸]\n".into(), ""),
        ("open header", CONFIG, "version = 3\n[plugins.\"io.containerd.cri.v1.images\".‸\n".into(), ""),
        ("the release decides", CONFIG, "[‸]\n".into(), "containerd=1.0"),
        ("inline tables", CONFIG, format!("{cri}]\n  cni = {{ bin_dir = \"/x\", ‸ }}\n"), ""),
        ("truth", CONFIG, format!("{cri}]\n  enable_selinux = ‸\n"), ""),
        ("values of an enum, quoted", CONFIG, "version = 2\n[debug]\n  level = \"‸\"\n".into(), ""),
        ("config versions", CONFIG, "version = ‸\n".into(), ""),
        ("plugins to disable", CONFIG, "version = 2\ndisabled_plugins = [\"io.containerd.grpc.v1.cri\", ‸]\n".into(), ""),
        ("runtime types", CONFIG, runtimes.clone(), "containerd=1.7"),
        ("runtime types of 2.x", CONFIG, runtimes, "containerd=2.1"),
        ("runtimes of this file", CONFIG, default, ""),
        ("registry hosts", HOSTS, "[host.\"https://mirror.example\"]\n  capabilities = [\"pull\", \"‸\"]\n".into(), ""),
        ("registry host keys", HOSTS, "[host.\"https://mirror.example\"]\n‸".into(), ""),
        ("kubelet, nested", KUBELET, "kind: KubeletConfiguration\nauthentication:\n  webhook:\n    ‸\n".into(), ""),
        ("kubelet, a list of tables", KUBELET, "kind: KubeletConfiguration\nregisterWithTaints:\n- ‸\n".into(), ""),
        ("kubelet, enum", KUBELET, "kind: KubeletConfiguration\ncgroupDriver: ‸\n".into(), ""),
        ("kubelet, gates of a release", KUBELET, "kind: KubeletConfiguration\nfeatureGates:\n  Kubelet‸\n".into(), "kubernetes=1.34"),
        ("kubelet, a gate's value", KUBELET, "kind: KubeletConfiguration\nfeatureGates:\n  KubeletTracing: ‸\n".into(), "kubernetes=1.34"),
        (
            "kubelet in a ConfigMap",
            "cm.yaml",
            "kind: ConfigMap\ndata:\n  kubelet: |\n    kind: KubeletConfiguration\n    authentication:\n      x509:\n        ‸\n".into(),
            "",
        ),
        ("options of runc", CONFIG, runtime("runc", "io.containerd.runc.v2", "‸"), "containerd=2.1"),
        ("options of runc, by its name", CONFIG, runtime("runc", "", "‸"), "containerd=2.4"),
        ("options of Kata", CONFIG, runtime("kata", "io.containerd.kata.v2", "‸"), ""),
        ("its configuration", CONFIG, runtime("kata", "io.containerd.kata.v2", "ConfigPath = ‸"), ""),
        ("options of gVisor", CONFIG, runtime("gvisor", "io.containerd.runsc.v1", "TypeUrl = \"‸\""), ""),
        ("options of a third-party shim", CONFIG, runtime("x", "io.containerd.spin.v2", "‸"), ""),
        ("plugins of version 1 in headers", CONFIG, "[plugins.‸]\n".into(), "containerd=1.2"),
        ("plugins of version 1", CONFIG, "disabled_plugins = [‸]\n".into(), "containerd=1.2"),
        (
            "snapshotters",
            CONFIG,
            format!("{cri}.containerd]\n  snapshotter = \"‸\"\n[proxy_plugins.stargz]\n  type = \"snapshot\"\n"),
            "containerd=2.0",
        ),
        ("plugins of 2.1", CONFIG, "version = 2\nrequired_plugins = [\"‸\"]\n".into(), "containerd=2.1"),
        ("log options", DAEMON, "{ \"log-opts\": { \"max-file\": \"3\", ‸ } }".into(), "docker=28"),
        ("log options of a driver", DAEMON, "{ \"log-driver\": \"syslog\", \"log-opts\": { \"sys‸\": \"\" } }".into(), ""),
        ("log options of a plugin", DAEMON, "{ \"log-driver\": \"loki\", \"log-opts\": { ‸ } }".into(), "docker=27"),
        ("value of a log option", DAEMON, "{ \"log-opts\": { \"mode\": ‸ } }".into(), ""),
        ("truth in a log option", DAEMON, "{ \"log-opts\": { \"compress\": \"‸\" } }".into(), ""),
        ("storage drivers", DAEMON, "{ \"storage-driver\": \"‸\" }".into(), "docker=20.10"),
        ("storage options", DAEMON, "{ \"storage-driver\": \"overlay2\", \"storage-opts\": [\"‸\"] }".into(), "docker=23"),
        ("storage options of any driver", DAEMON, "{ \"storage-opts\": [\"overlay2.size=1G\", ‸] }".into(), "docker=29"),
        ("value of a storage option", DAEMON, "{ \"storage-opts\": [\"overlay2.override_kernel_check=‸\"] }".into(), "docker=20.10"),
        ("docker, nested", DAEMON, "{\n  \"features\": { \"buildkit\": true },\n  \"log-driver\": ‸\n}".into(), ""),
        ("flags", FLAGS, "KUBELET_KUBEADM_ARGS=\"--pod-infra-container-image=x --cgroup-driver=‸\"\n".into(), ""),
    ];
    let mut out = String::new();
    for (name, path, text, target) in &cases {
        let _ = writeln!(out, "---- {name}: {path} {target}\n{}\n", text.trim_end());
        let (plain, _) = marked(text);
        let found = complete(path, text, target);
        for c in found.iter().take(24) {
            let deprecated = if c.deprecated { " (deprecated)" } else { "" };
            let _ = writeln!(
                out,
                "{} {}: {}{deprecated} | {:?} -> {:?}",
                c.kind.id(),
                c.label,
                c.detail,
                c.span.of(&plain),
                c.insert
            );
        }
        if found.len() > 24 {
            let _ = writeln!(out, "and {} more", found.len() - 24);
        }
        out.push('\n');
    }
    snapshot("completions", &out);
}

#[test]
fn top_level_keys_are_offered_in_every_format() {
    for (path, text, wanted) in [
        (CONFIG, "‸", "version"),
        (CONFIG, "version = 2\n‸\n[grpc]\n", "root"),
        (CONFIG, "version = 2\nro‸", "root"),
        (DAEMON, "{ ‸ }", "log-driver"),
        (DAEMON, "{ \"log‸\"", "log-driver"),
        (DAEMON, "{\n  \"debug\": true,\n  \"l‸\n}", "log-driver"),
        (KUBELET, "kind: KubeletConfiguration\n‸", "maxPods"),
        (KUBELET, "kind: KubeletConfiguration\nm‸\nserializeImagePulls: true\n", "maxPods"),
        (FLAGS, "KUBELET_EXTRA_ARGS=--‸\n", "--node-ip"),
        (
            "/etc/systemd/system/kubelet.service.d/a.conf",
            "[Service]\nExecStart=/usr/bin/kubelet \\\n  --n‸\n",
            "--node-ip",
        ),
    ] {
        let found = labels(path, text, "");
        assert!(found.iter().any(|l| l == wanted), "{text}: {found:?}");
    }
}

#[test]
fn nothing_is_offered_where_nothing_fits() {
    for (path, text) in [
        (CONFIG, "# v‸\n"),
        (CONFIG, "version = 2 # ‸\n"),
        (CONFIG, "version = 2\n[plugins.\"io.containerd.grpc.v1.cri\"]\n  stream_server_address = \"a‸\"\n  x = 1\n"),
        (CONFIG, "version = 2\n[grpc]\n  address.‸\n"),
        (CONFIG, &runtime("old", "io.containerd.runtime.v1.linux", "‸")),
        (CONFIG, &kata("SystemdCgroup = ‸")),
        (DAEMON, "{ \"log-opts\": { \"tag\": { ‸ } } }"),
        (DAEMON, "{ \"storage-driver\": \"overlay2\", \"storage-opts\": [\"overlay2.nosuch=‸\"] }"),
        (KUBELET, "kind: KubeletConfiguration\nmaxPods: 1 # ‸\n"),
        (KUBELET, "kind: ConfigMap\ndata:\n  kubelet: |\n    kind: KubeletConfiguration\nmetadata:\n  ‸\n"),
        (DAEMON, "{ \"data-root\": \"/‸\" }"),
        (DAEMON, "‸{}"),
        (FLAGS, "KUBELET_EXTRA_ARGS=a‸\n"),
        ("/lib/systemd/system/docker.service", "[Service]\nExecStart=/usr/bin/dockerd --‸\n"),
    ] {
        let found: Vec<_> =
            labels(path, text, "").into_iter().filter(|l| l != "127.0.0.1" && !l.starts_with('/')).collect();
        assert!(found.is_empty(), "{text}: {found:?}");
    }
}

/// Wherever the cursor is in an example, the answer is about the place of the cursor.
#[test]
fn every_place_of_every_example_is_answered() {
    let options = options("containerd=all docker=all kubernetes=all");
    let mut offers = BTreeSet::new();
    for (_, example) in all_examples() {
        for source in example.sources() {
            for at in (0..=source.text.len() as u32).step_by(3) {
                if !source.text.is_char_boundary(at as usize) {
                    continue;
                }
                let _ = ide::hover(&source, &options, at);
                for c in ide::complete(&source, &options, at) {
                    assert!(c.span.start <= at && at <= c.span.end, "{c:?} at {at} of\n{}", source.text);
                    offers.insert(c.label);
                }
            }
            let _ = ide::symbols(&source, &options);
        }
    }
    assert!(offers.len() > 500, "{}", offers.len());
}

/// The key under the cursor is found wherever the examples write it: the text's way and the tree's way to a key agree.
#[test]
fn hover_describes_every_key_of_the_rules() {
    let options = options("containerd=all docker=all kubernetes=all");
    let mut seen = 0;
    for (_, example) in all_examples() {
        for source in example.sources() {
            let Some((kind, doc)) = crilint_core::engine::identify(source.path, source.text, None) else { continue };
            if !doc.problems.is_empty() || !matches!(kind.id, "containerd" | "containerd-hosts" | "docker" | "crictl") {
                continue;
            }
            for (path, key) in keys(&doc.root, &[]) {
                let Some(hover) = ide::hover(&source, &options, key.start) else { continue };
                let title = hover.about.title.rsplit(['.', '"']).find(|p| !p.is_empty()).unwrap_or_default().to_owned();
                let last = path.last().unwrap();
                let same = title.eq_ignore_ascii_case(last) || title == "*" || last.ends_with(&title);
                assert!(same, "{path:?} is described as {} in\n{}", hover.about.title, source.text);
                seen += 1;
            }
        }
    }
    assert!(seen > 200, "{seen}");
}

fn keys(node: &crilint_core::syntax::Node<'_>, above: &[String]) -> Vec<(Vec<String>, Span)> {
    let mut out = vec![];
    for entry in node.entries() {
        let path: Vec<_> = above.iter().cloned().chain([entry.key.to_string()]).collect();
        out.extend(keys(&entry.value, &path));
        out.push((path, entry.key_span));
    }
    out
}

/// "Ignore here" silences exactly the finding it is offered for.
#[test]
fn ignoring_silences_the_finding_and_adds_none() {
    let mut ignored = 0;
    for (rule, example) in all_examples() {
        let mut options = options(&example.targets.join(" "));
        options.all = true;
        let sources = example.sources();
        let report = check(&sources, &options);
        for (i, finding) in report.findings.iter().enumerate() {
            let actions = ide::actions(&sources, &options, &report, finding.file, finding.span);
            let Some(action) = actions.iter().find(|a| a.kind == ActionKind::Ignore && a.finding == i) else {
                continue;
            };
            let texts: Vec<String> = (sources.iter().enumerate())
                .map(|(f, s)| if f == finding.file { apply(s.text, &action.edits) } else { s.text.to_owned() })
                .collect();
            let after: Vec<_> = sources.iter().zip(&texts).map(|(s, text)| Source { text, ..s.clone() }).collect();
            let left = check(&after, &options).findings;
            let count = |all: &[crilint_core::Finding]| {
                all.iter().filter(|f| f.rule == finding.rule && f.message == finding.message).count()
            };
            assert!(
                count(&left) < count(&report.findings),
                "{rule}: {} stays in\n{}",
                finding.rule,
                texts[finding.file]
            );
            assert!(left.len() < report.findings.len(), "{rule}: {left:#?}\n{}", texts[finding.file]);
            ignored += 1;
        }
    }
    assert!(ignored > 60, "{ignored}");
}

#[test]
fn a_second_rule_joins_the_comment_that_is_there() {
    let text = "version = 2\n[plugins.\"io.containerd.grpc.v1.cri\"]\n  # crilint: ignore[stream-port-invalid]\n  stream_server_address = \"0.0.0.0\"\n";
    let sources = [Source { path: CONFIG, text, ..Source::default() }];
    let report = check(&sources, &Options::default());
    let finding = report.findings.iter().find(|f| f.rule == "stream-server-exposed").unwrap();
    let actions = ide::actions(&sources, &Options::default(), &report, 0, finding.span);
    let titles: Vec<_> = actions.iter().map(|a| a.title.as_str()).collect();
    assert_eq!(titles, ["Listen on 127.0.0.1", "Ignore stream-server-exposed here"]);
    let ignored = apply(text, &actions[1].edits);
    assert!(ignored.contains("  # crilint: ignore[stream-port-invalid, stream-server-exposed]\n  stream"), "{ignored}");
}

#[test]
fn symbols_are_the_tree() {
    let text = "version = 2\n[grpc]\n  address = \"/run/c.sock\"\n[plugins.\"io.containerd.grpc.v1.cri\".cni]\n  bin_dir = \"/opt\"\n";
    let source = Source { path: CONFIG, text, ..Source::default() };
    let mut out = String::new();
    outline(&ide::symbols(&source, &Options::default()), 0, &mut out);
    assert_eq!(
        out,
        "version 2\ngrpc \n  address \"/run/c.sock\"\nplugins \n  io.containerd.grpc.v1.cri \n    cni \n      bin_dir \"/opt\"\n"
    );
}

fn outline(symbols: &[Symbol], depth: usize, out: &mut String) {
    for symbol in symbols {
        let _ = writeln!(out, "{}{} {}", "  ".repeat(depth), symbol.name, symbol.detail);
        outline(&symbol.children, depth + 1, out);
    }
}

#[test]
fn sources_are_addresses() {
    let options = Options::default();
    let source = Source { path: CONFIG, text: "version = 2\n", ..Source::default() };
    let hover = ide::hover(&source, &options, 0).unwrap();
    let url = hover.about.source_url().unwrap();
    assert!(url.starts_with("https://github.com/containerd/containerd/blob/v"), "{url}");
    let gate = crilint_core::keys::gates::find("SidecarContainers").unwrap();
    assert_eq!(describe::gate(gate).source_url(), None);
}

fn all_examples() -> Vec<(&'static str, support::Example)> {
    let mut out = vec![];
    for rule in RULES {
        let group = crilint_core::rules::group_of(rule);
        let file = format!("{}/src/rules/{group}/{}.rs", env!("CARGO_MANIFEST_DIR"), rule.id.replace('-', "_"));
        let source = std::fs::read_to_string(&file).unwrap();
        out.extend(support::examples(&support::header(&source)).into_iter().map(|e| (rule.id, e)));
    }
    out
}

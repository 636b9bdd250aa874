//! Good files with one random fault: it is reported where it is, nothing else is reported, and nothing crashes.

#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

#[path = "support/corpus.rs"]
mod corpus;

use std::fmt::Write as _;

use crilint_core::engine::{Options, Source};
use crilint_core::syntax::{self, Format, Node, Value};
use crilint_core::{Finding, Severity, Span, check, compat};

/// Mutations of each file; all together a few thousand.
const ROUNDS: usize = 700;

const CONTAINERD_2: &str = r#"version = 2
root = "/var/lib/containerd"
[grpc]
  address = "/run/containerd/containerd.sock"
  max_recv_message_size = 16777216
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "registry.k8s.io/pause:3.10"
  stream_server_address = "127.0.0.1"
  stream_server_port = "0"
  enable_selinux = false
[plugins."io.containerd.grpc.v1.cri".cni]
  conf_dir = "/etc/cni/net.d"
  max_conf_num = 1
[plugins."io.containerd.grpc.v1.cri".containerd]
  default_runtime_name = "runc"
[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
  runtime_type = "io.containerd.runc.v2"
[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
  SystemdCgroup = true
  BinaryName = "/usr/bin/runc"
"#;

const CONTAINERD_4: &str = r#"version = 4
oom_score = -999
[plugins."io.containerd.server.v1.grpc"]
  address = "/run/containerd/containerd.sock"
  gid = 0
[plugins."io.containerd.cri.v1.runtime"]
  max_container_log_line_size = 16384
  enable_selinux = false
[plugins."io.containerd.cri.v1.runtime".cni]
  conf_dir = "/etc/cni/net.d"
[plugins."io.containerd.cri.v1.images"]
  snapshotter = "overlayfs"
  max_concurrent_downloads = 3
[plugins."io.containerd.cri.v1.images".registry]
  config_path = "/etc/containerd/certs.d"
"#;

const KUBELET: &str = "apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
authentication:
  anonymous:
    enabled: false
  webhook:
    enabled: true
    cacheTTL: 2m0s
cgroupDriver: systemd
clusterDomain: cluster.local
maxPods: 110
serializeImagePulls: true
containerLogMaxSize: 10Mi
containerLogMaxFiles: 5
rotateCertificates: true
registryPullQPS: 5
staticPodPath: /etc/kubernetes/manifests
";

const DOCKER: &str = r#"{
  "data-root": "/var/lib/docker",
  "debug": false,
  "live-restore": true,
  "log-driver": "json-file",
  "log-opts": {
    "max-size": "10m",
    "max-file": "3"
  },
  "max-concurrent-downloads": 3,
  "mtu": 1500,
  "shutdown-timeout": 15,
  "no-new-privileges": true
}
"#;

const FILES: [(&str, &str, Format); 4] = [
    ("/etc/containerd/config.toml", CONTAINERD_2, Format::Toml),
    ("/etc/containerd/config.toml", CONTAINERD_4, Format::Toml),
    ("/var/lib/kubelet/config.yaml", KUBELET, Format::Yaml),
    ("/etc/docker/daemon.json", DOCKER, Format::Json),
];

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n as u64) as usize
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Mutation {
    Rename,
    Retype,
    Duplicate,
    Drop,
    Move,
}

const ALL: [Mutation; 5] = [Mutation::Rename, Mutation::Retype, Mutation::Duplicate, Mutation::Drop, Mutation::Move];

/// A setting on a line of its own.
struct Setting {
    key: Span,
    value: Span,
    line: Span,
    name: String,
}

fn settings(text: &str, format: Format) -> Vec<Setting> {
    let doc = syntax::read(text, format);
    assert!(doc.problems.is_empty(), "a good file reads");
    let mut all = vec![];
    collect(&doc.root, text, &mut all);
    all
}

fn collect(node: &Node<'_>, text: &str, out: &mut Vec<Setting>) {
    for entry in node.entries() {
        if let Value::Map(_) = entry.value.value {
            collect(&entry.value, text, out);
            continue;
        }
        let start = text[..entry.key_span.start as usize].rfind('\n').map_or(0, |i| i + 1);
        let end = text[start..].find('\n').map_or(text.len(), |i| start + i + 1);
        out.push(Setting {
            key: entry.key_span,
            value: entry.value.span,
            line: Span::new(start, end),
            name: entry.key.to_string(),
        });
    }
}

fn replaced(text: &str, span: Span, new: &str) -> String {
    format!("{}{new}{}", &text[..span.start as usize], &text[span.end as usize..])
}

/// The text with the fault, and where the fault is; nothing if the mutation makes no sense here.
fn mutate(text: &str, setting: &Setting, mutation: Mutation, dice: &mut Dice) -> Option<(String, Span)> {
    let at = |start: u32, len: usize| Span::new(start as usize, start as usize + len);
    match mutation {
        Mutation::Rename => {
            let written = setting.key.of(text);
            let mut letters: Vec<char> = written.chars().collect();
            let bare = letters.len() - 2 * usize::from(written.starts_with('"'));
            let i = letters.len() / 2 - bare / 2 + dice.below(bare);
            letters.insert(i, 'q');
            let new: String = letters.into_iter().collect();
            Some((replaced(text, setting.key, &new), at(setting.line.start, setting.line.range().len() + 1)))
        }
        Mutation::Retype => {
            let new = if setting.value.of(text).starts_with('[') { "true" } else { "[[1]]" };
            Some((replaced(text, setting.value, new), at(setting.line.start, setting.line.range().len() + new.len())))
        }
        Mutation::Duplicate => {
            let line = setting.line.of(text).to_owned();
            let line = if line.trim_end().ends_with(['"', 'e', '0', '3', '5']) && text.starts_with('{') {
                format!("{},\n", line.trim_end().trim_end_matches(','))
            } else {
                line
            };
            let new = replaced(text, Span::empty(setting.line.start as usize), &line);
            Some((new, at(setting.line.start, line.len() + setting.line.range().len())))
        }
        Mutation::Drop | Mutation::Move if text.starts_with('{') => None,
        Mutation::Drop => Some((replaced(text, setting.line, ""), Span::empty(setting.line.start as usize))),
        Mutation::Move => {
            let line = setting.line.of(text).trim_start().to_owned();
            let without = replaced(text, setting.line, "");
            let start = without.len();
            Some((format!("{without}{line}"), Span::new(start, start + line.len())))
        }
    }
}

fn findings(path: &str, text: &str) -> Vec<Finding> {
    let source = Source { path, text, ..Source::default() };
    let _ = compat(std::slice::from_ref(&source), &Options::default());
    check(&[source], &Options::default()).findings
}

/// Whether a finding is about a name, a type or syntax: such findings must not spread from a fault to correct settings.
fn is_of_form(finding: &Finding) -> bool {
    let words = ["unknown", "misplaced", "type", "syntax", "duplicate", "not-in-release", "directive"];
    words.iter().any(|word| finding.rule.contains(word)) && finding.rule != "runtime-type-missing"
}

#[test]
fn one_fault_gives_findings_where_it_is() {
    let mut wrong = String::new();
    let mut count = 0;
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    for (path, text, format) in FILES {
        let faults = findings(path, text).into_iter().filter(|f| f.severity > Severity::Info);
        assert_eq!(faults.map(|f| f.message).collect::<Vec<_>>(), Vec::<String>::new(), "{path} is good");
        let settings = settings(text, format);
        for _ in 0..ROUNDS {
            let setting = &settings[dice.below(settings.len())];
            let mutation = ALL[dice.below(ALL.len())];
            let Some((mutant, place)) = mutate(text, setting, mutation, &mut dice) else { continue };
            count += 1;
            let found = findings(path, &mutant);
            let here = |f: &&Finding| f.span.start <= place.end && place.start <= f.span.end;
            let show = |f: &Finding| format!("{} at {:?}: {}", f.rule, f.span, f.message);
            let must = matches!(mutation, Mutation::Rename | Mutation::Retype | Mutation::Duplicate);
            if must && !found.iter().any(|f| here(&f)) {
                let _ = writeln!(wrong, "{path}: {mutation:?} of `{}` is not found:\n{mutant}", setting.name);
            }
            for far in found.iter().filter(|f| is_of_form(f) && f.severity > Severity::Info && !here(f)) {
                let _ = writeln!(wrong, "{path}: {mutation:?} of `{}` spreads: {}", setting.name, show(far));
            }
        }
    }
    assert!(count >= 2_000, "{count} mutations");
    assert!(wrong.is_empty(), "{wrong}");
}

/// Whatever is cut out of a text or doubled, nothing crashes.
#[test]
fn damaged_texts_crash_nothing() {
    let mut dice = Dice(0x2545_f491_4f6c_dd1d);
    for text in corpus::texts().iter().filter(|text| !text.text.is_empty()) {
        let mut lines: Vec<&str> = text.text.lines().collect();
        let (from, to, again) = (dice.below(lines.len()), dice.below(lines.len()), dice.below(lines.len()));
        let doubled = lines[again];
        lines.remove(from);
        lines.insert(to.min(lines.len()), doubled);
        let damaged = lines.join("\n");
        let source = Source { path: &text.path, text: &damaged, kind: text.kind, ..Source::default() };
        let _ = compat(std::slice::from_ref(&source), &Options::default());
        for finding in check(&[source], &Options::default()).findings {
            assert!(damaged.get(finding.span.range()).is_some(), "{}: {finding:?}", text.path);
        }
    }
}

//! The text of a new rule in each group: a rule with examples that hold, to be changed into the intended one.

/// The groups, each with the language of its examples, the bad one, the good one, and the code.
pub const GROUPS: [(&str, [&str; 4]); 9] = [
    ("general", ["toml", "version = 2 # FIXME\n              ^^^^^", "version = 2", GENERAL]),
    ("containerd", ["toml", "version = 2\n[debug]\nlevel = \"trace\"\n        ^^^^^^^", "version = 2", CONTAINERD]),
    ("registry_hosts", ["toml", REGISTRY_HOSTS_BAD, REGISTRY_HOSTS_GOOD, REGISTRY_HOSTS]),
    ("docker", ["json", "{ \"debug\": true }\n           ^^^^", "{ \"debug\": false }", DOCKER]),
    ("kubelet", ["yaml", KUBELET_BAD, KUBELET_GOOD, KUBELET]),
    ("crictl", ["yaml", "--- /etc/crictl.yaml\ntimeout: 60\n         ^^", "--- /etc/crictl.yaml\ntimeout: 10", CRICTL]),
    ("distributions", ["yaml", DISTRIBUTIONS_BAD, DISTRIBUTIONS_GOOD, DISTRIBUTIONS]),
    ("wrappers", ["yaml", WRAPPERS_BAD, WRAPPERS_GOOD, WRAPPERS]),
    ("node", ["json", NODE_BAD, NODE_GOOD, NODE]),
];

const REGISTRY_HOSTS_BAD: &str = r#"--- /etc/containerd/certs.d/registry.example/hosts.toml
server = "https://registry.example"
         ^^^^^^^^^^^^^^^^^^^^^^^^^^"#;
const REGISTRY_HOSTS_GOOD: &str = r#"--- /etc/containerd/certs.d/registry.example/hosts.toml
server = "https://mirror.example""#;

const KUBELET_BAD: &str = "apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
maxPods: 500
         ^^^";
const KUBELET_GOOD: &str = "apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
maxPods: 110";

const DISTRIBUTIONS_BAD: &str = "--- /etc/rancher/k3s/registries.yaml
mirrors:
  docker.io:
  ^^^^^^^^^";
const DISTRIBUTIONS_GOOD: &str = "--- /etc/rancher/k3s/registries.yaml
mirrors:
  registry.example:";

const WRAPPERS_BAD: &str = "--- worker.yaml
version: v1alpha1
machine:
  kubelet:
    extraConfig:
      maxPods: 250
               ^^^";
const WRAPPERS_GOOD: &str = "--- worker.yaml
version: v1alpha1
machine:
  kubelet:
    extraConfig:
      maxPods: 110";

const NODE_BAD: &str = r#"--- /etc/docker/daemon.json
{ "data-root": "/srv/docker" }
               ^^^^^^^^^^^^^
--- /etc/containerd/config.toml
version = 2"#;
const NODE_GOOD: &str = r#"--- /etc/docker/daemon.json
{ "data-root": "/srv/docker" }"#;

/// The skeleton of a rule.
pub fn of(group: &str, id: &str) -> Result<String, String> {
    let found = GROUPS.iter().find(|(name, _)| *name == group);
    let names = GROUPS.map(|(name, _)| name).join(", ");
    let (_, [language, bad, good, code]) =
        found.ok_or_else(|| format!("`{group}` is not one of the groups {names}"))?;
    let example = |text: &str| text.lines().map(|line| format!("//! {line}\n")).collect::<String>();
    let page = PAGE.replace("LANGUAGE", language).replace("BAD\n", &example(bad)).replace("GOOD\n", &example(good));
    Ok(format!("{page}{code}").replace("ID", id).replace("SINCE", env!("CARGO_PKG_VERSION")))
}

const PAGE: &str = "//! # `ID`
//!
//! The fault, in a sentence.
//!
//! ## Why
//!
//! What the daemon does, with the words that it prints.
//!
//! ## What to do
//!
//! What to write instead.
//!
//! ## Examples
//!
//! ```LANGUAGE bad
BAD
//! ```
//!
//! ```LANGUAGE good
GOOD
//! ```
//!
//! ## References
//!
//! - the upstream file at a tag, the issue, or the releases that were measured

";

const GENERAL: &str = r#"use crate::rules::prelude::*;
use crate::systemd::flags;
use crate::{containerd, crictl, docker, kubelet, registry_hosts};

pub(crate) const RULE: Rule = Rule {
    id: "ID",
    summary: "The fault, as a noun phrase",
    since: "SINCE",
    run: Run::File(
        &[&containerd::KIND, &registry_hosts::KIND, &docker::KIND, &kubelet::KIND, &flags::KIND, &crictl::KIND],
        check,
    ),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    let Some(start) = cx.doc().text.find("FIXME") else { return };
    cx.report(Span::new(start, start + "FIXME".len()), "the text is not finished")
        .advice(Releases::ANY)
        .why("What the daemon does.")
        .help("What to write.");
}
"#;

const CONTAINERD: &str = r#"use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "ID",
    summary: "The fault, as a noun phrase",
    since: "SINCE",
    run: Run::Settings(&[SettingCheck {
        outcomes: &[(Effect::Advice, Releases::ANY)],
        message: "`{name}` is {value}",
        why: "What containerd does.",
        help: "What to write.",
        ..SettingCheck::of(&daemons::CONTAINERD, "debug.level", Test::OneOf(&["trace"]))
    }]),
    ..Rule::DEFAULTS
};
"#;

const REGISTRY_HOSTS: &str = r#"use crate::registry_hosts;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "ID",
    summary: "The fault, as a noun phrase",
    since: "SINCE",
    run: Run::File(&[&registry_hosts::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    let Some(entry) = cx.root.entry("server") else { return };
    if entry.value.as_str() != Some("https://registry.example") {
        return;
    }
    let path = cx.path_of(entry);
    cx.report(entry.value.span, "`server` is https://registry.example")
        .advice(Releases::ANY)
        .key(path)
        .why("What containerd does.")
        .help("What to write.");
}
"#;

const DOCKER: &str = r#"use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "ID",
    summary: "The fault, as a noun phrase",
    since: "SINCE",
    run: Run::Settings(&[SettingCheck {
        outcomes: &[(Effect::Advice, Releases::ANY)],
        message: "`{name}` is {value}",
        why: "What dockerd does.",
        help: "What to write.",
        ..SettingCheck::of(&daemons::DOCKER, "debug", Test::Is(true))
    }]),
    ..Rule::DEFAULTS
};
"#;

const KUBELET: &str = r#"use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "ID",
    summary: "The fault, as a noun phrase",
    since: "SINCE",
    run: Run::Settings(&[SettingCheck {
        outcomes: &[(Effect::Advice, Releases::ANY)],
        message: "`{name}` is {value}",
        why: "What the kubelet does.",
        help: "What to write.",
        ..SettingCheck::of(&daemons::KUBELET, "maxPods", Test::Outside(0, 250))
    }]),
    ..Rule::DEFAULTS
};
"#;

const CRICTL: &str = r#"use crate::crictl;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "ID",
    summary: "The fault, as a noun phrase",
    since: "SINCE",
    run: Run::File(&[&crictl::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    let Some(entry) = cx.root.entry("timeout") else { return };
    if entry.value.as_int() != Some(60) {
        return;
    }
    let path = cx.path_of(entry);
    cx.report(entry.value.span, "`timeout` is 60")
        .advice(Releases::ANY)
        .key(path)
        .why("What crictl does.")
        .help("What to write.");
}
"#;

const DISTRIBUTIONS: &str = r#"use crate::distributions::registries::{self, mirrors};
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "ID",
    summary: "The fault, as a noun phrase",
    since: "SINCE",
    run: Run::File(&[&registries::KIND], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    let Some(mirror) = mirrors(cx.root).iter().find(|mirror| mirror.key == "docker.io") else { return };
    cx.report_key(mirror, "`docker.io` has mirrors")
        .advice(Releases::ANY)
        .why("What the distribution does.")
        .help("What to write.");
}
"#;

const WRAPPERS: &str = r#"use crate::kinds;
use crate::rules::prelude::*;

pub(crate) const RULE: Rule = Rule {
    id: "ID",
    summary: "The fault, as a noun phrase",
    since: "SINCE",
    run: Run::File(&[&kinds::WRAPPER], check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut FileCx) {
    let Some(entry) = cx.root.entry_at(&["machine", "kubelet", "extraConfig", "maxPods"]) else { return };
    if entry.value.as_int() != Some(250) {
        return;
    }
    cx.report(entry.value.span, "`maxPods` is 250")
        .advice(Releases::ANY)
        .why("What the program does that reads the file.")
        .help("What to write.");
}
"#;

const NODE: &str = r#"use crate::rules::prelude::*;
use crate::{containerd, docker};

pub(crate) const RULE: Rule = Rule {
    id: "ID",
    summary: "The fault, as a noun phrase",
    since: "SINCE",
    run: Run::Node(check),
    ..Rule::DEFAULTS
};

fn check(cx: &mut NodeCx) {
    let files = &cx.loaded.files;
    let Some(file) = files.iter().find(|file| *file.kind == docker::KIND) else { return };
    let Some(other) = files.iter().find(|file| *file.kind == containerd::KIND) else { return };
    let Some(entry) = file.settings().entry("data-root") else { return };
    let (file, other) = (file.index, other.index);
    cx.report(file, entry.value.span, "Docker keeps its data in another folder")
        .advice(Releases::ANY)
        .key("data-root")
        .why("What the daemons do.")
        .help("What to write.")
        .label_in(other, Span::empty(0), "containerd's configuration");
}
"#;

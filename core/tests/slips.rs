//! A key that lacks a letter: the help names a key that is near, and does not advise to remove what was meant.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use crilint_core::describe::find;
use crilint_core::engine::{Options, Source};
use crilint_core::kind::Kind;
use crilint_core::{check, crictl, docker, kubelet, registry_hosts};
use support::minimal;

/// The shortest name whose slips are clear.
const SHORTEST: usize = 6;

/// Checks the keys of a table, and gives what is wrong.
fn slips(kind: &'static Kind, version: Option<u8>, path: &str, write: impl Fn(&[&str]) -> String) -> Vec<String> {
    let (_, table) = find::tables_of(kind).find(|(v, _)| *v == version).unwrap();
    let mut options = Options::default();
    options.target.add(&format!("{}=all", kind.product.id())).unwrap();
    let (mut tried, mut wrong) = (0, vec![]);
    for key in table.keys().iter().filter(|key| key.platform() != Some("windows") && !key.is_unreachable()) {
        let raw = minimal::parts(key.path());
        let leaf = key.leaf();
        if minimal::typo(table, &raw).is_none() || leaf.len() < SHORTEST || !leaf.is_ascii() {
            continue;
        }
        let mut names = minimal::named(&raw);
        let at = leaf.len() / 2;
        let slip = format!("{}{}", &leaf[..at], &leaf[at + 1..]);
        *names.last_mut().unwrap() = &slip;
        let text = write(&names);
        let source = Source { path, text: &text, kind: Some(kind), ..Source::default() };
        let report = check(&[source], &options);
        let about = report.findings.iter().filter(|finding| finding.span.of(&text).trim_matches('"') == slip);
        tried += 1;
        for finding in about.filter(|finding| finding.help.starts_with("Remove it")) {
            wrong.push(format!("{} `{}` as `{slip}`: {} {}", kind.id, key.path(), finding.rule, finding.help));
        }
    }
    assert!(tried >= 5, "{}: {tried} keys", kind.id);
    wrong
}

#[test]
fn no_help_removes_what_is_one_letter_from_a_key() {
    let mut wrong = vec![];
    for version in 1..=4 {
        let head = if version == 1 { String::new() } else { format!("version = {version}\n") };
        let write = |names: &[&str]| minimal::toml(&head, names, "\"x\"", "");
        wrong.extend(slips(&crilint_core::containerd::KIND, Some(version), "/etc/containerd/config.toml", write));
    }
    let hosts = "/etc/containerd/certs.d/docker.io/hosts.toml";
    wrong.extend(slips(&registry_hosts::KIND, None, hosts, |names| minimal::toml("", names, "\"x\"", "")));
    wrong.extend(slips(&docker::KIND, None, "/etc/docker/daemon.json", |names| minimal::json(names, "\"x\"")));
    let kubelet_file = "/var/lib/kubelet/config.yaml";
    wrong.extend(slips(&kubelet::KIND, None, kubelet_file, |names| minimal::yaml(true, names, "x")));
    wrong.extend(slips(&crictl::KIND, None, "/etc/crictl.yaml", |names| minimal::yaml(false, names, "x")));
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
}

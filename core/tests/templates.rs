//! Which parts of a template are judged: text in, findings out.

#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

use crilint_core::check;
use crilint_core::engine::{Options, Source};

const MICROK8S: &str = "/var/snap/microk8s/current/args/containerd-template.toml";
const K3S: &str = "/var/lib/rancher/k3s/agent/etc/containerd/config.toml.tmpl";
const K3S_3: &str = "/var/lib/rancher/k3s/agent/etc/containerd/config-v3.toml.tmpl";
const CRI: &str = "[plugins.\"io.containerd.grpc.v1.cri\"";

/// The rules of the findings, with their lines.
fn findings(path: &str, text: &str) -> Vec<String> {
    findings_for("containerd=1.7..2.3", path, text)
}

fn findings_for(target: &str, path: &str, text: &str) -> Vec<String> {
    let mut options = Options::default();
    options.target.add(target).unwrap();
    let report = check(&[Source { path, text, ..Source::default() }], &options);
    let line = |at: u32| text[..at as usize].matches('\n').count() + 1;
    let mut findings: Vec<_> = report.findings.iter().collect();
    findings.sort_by_key(|finding| finding.span.start);
    findings.iter().map(|finding| format!("{} {}", line(finding.span.start), finding.rule)).collect()
}

#[test]
fn lines_without_variables_are_judged() {
    let text = format!(
        "version = 2\noom_score = \"${{SCORE}}\"\n[debug]\n  level = \"chatty\"\n{CRI}.containerd]\n  \
         default_runtime_name = \"${{RUNTIME}}\"\n  snapshotter = \"$(SNAPSHOTTER)\"\n"
    );
    assert_eq!(findings(MICROK8S, &text), ["2 unrendered-template", "4 value-invalid"]);
}

#[test]
fn markers_without_braces_are_not_values() {
    for marker in ["%d", "$GID", "${GID}", "$(id -g)"] {
        let text = format!("version = 2\n[grpc]\n  gid = {marker}\n  uid = \"0\"\n");
        let found = findings("/etc/containerd/config.toml", &text);
        assert_eq!(found, ["3 unrendered-template", "4 key-wrong-type"], "{marker}");
    }
    // Dollars in quotes are text.
    let text = "version = 2\nroot = \"/srv/$HOME\"\n[grpc]\n  gid = \"$GID\"\n";
    assert_eq!(findings("/etc/containerd/config.toml", text), ["4 key-wrong-type"]);
}

#[test]
fn releases_that_read_another_version_skip_lines_with_markers() {
    let text = "version = 3\n[grpc]\n  gid = ${GID}\n  uid = \"0\"\n";
    let found = findings_for("containerd=all", "/etc/containerd/config.toml", text);
    assert_eq!(found, ["1 config-version-unsupported", "3 unrendered-template", "4 key-wrong-type"]);
}

#[test]
fn a_template_behind_the_base_of_k3s_has_its_version() {
    let runtimes = "{{ template \"base\" . }}\n\n[plugins.\"io.containerd.grpc.v1.cri\".containerd.runtimes.crun]\n  \
                    runtime_type = \"io.containerd.runc.v2\"\n";
    assert_eq!(findings(K3S, runtimes), ["1 unrendered-template"]);
    let misspelt = runtimes.replace("runtime_type", "runtime_typ");
    assert_eq!(findings(K3S, &misspelt), ["1 unrendered-template", "4 unknown-key"]);
    let images = "{{ template \"base\" . }}\n[plugins.\"io.containerd.cri.v1.images\"]\n  snapshotter = 5\n";
    assert_eq!(findings(K3S_3, images), ["1 unrendered-template", "3 key-wrong-type"]);
    let short = "{{ template \"base\" . }}\n[plugins.cri]\n  sandbox_image = \"a.test/pause:3\"\n";
    assert_eq!(findings(K3S, short), ["1 unrendered-template", "2 short-plugin-id"]);
}

#[test]
fn statements_may_leave_out_any_line() {
    for statement in ["{% if gpu %}", "<% if @gpu %>", "%{ if gpu }", "{{ if .GPU }}"] {
        let text = format!("version = 2\n{statement}\n[debug]\n  level = \"chatty\"\n");
        assert_eq!(findings("/etc/containerd/config.toml", &text), ["2 unrendered-template"], "{statement}");
    }
    let text = "version = 2\nroot = \"{{ root }}\"\nstate = \"{{ root }}\"\n[debug]\n  level = \"{{ level }}\"\n";
    assert_eq!(findings("/etc/containerd/config.toml", text), ["2 unrendered-template"]);
}

#[test]
fn a_template_does_not_change_what_other_files_do() {
    let drop_in = "version = 2\n[debug]\n  level = \"{{ level }}\"\n";
    let main = "version = 2\nimports = [\"/etc/containerd/conf.d/*.toml\"]\n[debug]\n  level = \"chatty\"\n";
    let sources = [("/etc/containerd/config.toml", main), ("/etc/containerd/conf.d/a.toml", drop_in)];
    let sources = sources.map(|(path, text)| Source { path, text, ..Source::default() });
    let report = check(&sources, &Options::default());
    let rules: Vec<_> = report.findings.iter().map(|finding| (finding.file, finding.rule)).collect();
    assert_eq!(rules, [(0, "value-invalid"), (1, "unrendered-template")]);
}

#[test]
fn comments_and_values_of_docker_are_not_markers() {
    let text = "# rendered from {{ template }} with ${VALUES}\nversion = 2\n";
    assert_eq!(findings("/etc/containerd/config.toml", text), Vec::<String>::new());
}

//! `--profile`: the table of items, the report for programs, and the exit code.

use crate::sandbox::Sandbox;

const KUBELET: &str = "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n";
const HARDENED: &str = "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\nauthentication:\n  x509:\n    \
                        clientCAFile: /etc/kubernetes/pki/ca.crt\npodPidsLimit: 4096\nrotateCertificates: true\n\
                        seccompDefault: true\nserverTLSBootstrap: true\ntlsMinVersion: VersionTLS13\n";

#[test]
fn a_failed_item_is_a_line_of_the_table_and_sets_the_exit_code() {
    let sandbox = Sandbox::new(&[("config.yaml", KUBELET)]);
    let run = sandbox.run("check --profile cis config.yaml");
    assert_eq!(run.code, 1, "{run:?}");
    let line = |number: &str| run.stdout.lines().find(|line| line.contains(&format!(" {number} "))).unwrap().trim();
    assert!(line("4.2.1").starts_with("pass "), "{}", run.stdout);
    assert!(line("4.2.10").starts_with("fail "), "{}", run.stdout);
    assert!(line("4.1.1").starts_with("- "), "{}", run.stdout);
    assert!(
        run.stdout.contains("config.yaml:1:1: the kubelet does not renew its client certificate"),
        "{}",
        run.stdout
    );
    assert!(run.stdout.contains("8 pass, 6 fail"), "{}", run.stdout);
    assert!(!run.stdout.contains("[kubelet-hardening-missing]"), "the table shows it: {}", run.stdout);
    // A manual item is an info.
    let manual = HARDENED.replace("seccompDefault: true\n", "");
    let run = Sandbox::new(&[("config.yaml", &manual)]).run("check --profile cis config.yaml");
    assert!(run.code == 0 && run.stdout.contains("  fail      4.2.14"), "{run:?}");
    let run = Sandbox::new(&[("config.yaml", HARDENED)]).run("check --profile cis config.yaml");
    assert!(run.code == 0 && run.stdout.contains("14 pass, 0 fail, 11 not decidable"), "{run:?}");
}

#[test]
fn the_report_for_programs_lists_every_item_with_its_findings() {
    let sandbox = Sandbox::new(&[
        ("crilint.toml", "profile = \"cis\"\n"),
        ("a/var/lib/kubelet/config.yaml", KUBELET),
        ("b/var/lib/kubelet/config.yaml", HARDENED),
    ]);
    let run = sandbox.run("check --format json a b");
    let report: crilint::report::Report = serde_json::from_str(&run.stdout).unwrap();
    let profile = report.profile.unwrap();
    assert_eq!(profile.id, "cis");
    let nodes: Vec<_> = profile.benchmarks.iter().map(|benchmark| (benchmark.id.as_str(), benchmark.node)).collect();
    assert_eq!(nodes, [("kubernetes-worker", 0), ("kubernetes-worker", 1)]);
    let item = profile.benchmarks[0].items.iter().find(|item| item.number == "4.2.10").unwrap();
    assert_eq!(item.status, crilint::report::ItemStatus::Fail);
    let [finding] = item.findings[..] else { panic!("{:?}", item.findings) };
    assert_eq!(report.findings[finding].path, "a/var/lib/kubelet/config.yaml");
    assert!(report.findings[finding].why.contains("Item 4.2.10 of the CIS Kubernetes Benchmark"));
    let text = sandbox.run("check a b").stdout;
    assert!(text.contains("(node of a/var/lib/kubelet/config.yaml)"), "{text}");
}

#[cfg(unix)]
#[test]
fn modes_count_below_a_root_alone() {
    use std::fs::{Permissions, set_permissions};
    use std::os::unix::fs::PermissionsExt as _;

    let sandbox = Sandbox::new(&[("node/var/lib/kubelet/config.yaml", KUBELET)]);
    let line = |arguments: &str| {
        let run = sandbox.run(arguments);
        run.stdout.lines().find(|line| line.contains(" 4.1.9 ")).unwrap().trim().to_owned()
    };
    let path = sandbox.path("node/var/lib/kubelet/config.yaml");
    set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
    assert!(line("check --profile cis --root node").starts_with("fail "));
    assert!(line("check --profile cis node").starts_with("- "));
    set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
    assert!(line("check --profile cis --root node").starts_with("pass "));
}

#[test]
fn an_unknown_profile_is_a_mistake() {
    let sandbox = Sandbox::new(&[("config.yaml", KUBELET), ("wrong.toml", "profile = \"cs\"\n")]);
    assert_eq!(sandbox.run("check --profile stig config.yaml").code, 2);
    let run = sandbox.run("check --config wrong.toml config.yaml");
    assert!(run.code == 2 && run.stderr.contains("`cs` is not a profile: write one of cis"), "{run:?}");
}

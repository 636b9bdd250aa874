//! The profile `cis`: each item that settings decide fails and passes where it should, and every other item is listed
//! with a reason.

#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

use std::collections::BTreeSet;

use crilint_core::benchmark::{Assessment, BENCHMARKS, ItemStatus, Profile};
use crilint_core::config::{Config, Selection};
use crilint_core::engine::{Options, Source};
use crilint_core::finding::Severity;
use crilint_core::kind::FileAttributes;
use crilint_core::profile::assess;
use crilint_core::{Report, rules};

const DOCKER: &str = "/etc/docker/daemon.json";
const KUBELET: &str = "/var/lib/kubelet/config.yaml";

/// An item, the settings with which it fails, and those with which it passes.
type Case = (&'static str, &'static [&'static str], &'static [&'static str]);

const DOCKER_ITEMS: [Case; 17] = [
    ("2.2", &["{}", r#"{"icc": true}"#], &[r#"{"icc": false}"#]),
    ("2.3", &[r#"{"log-level": "debug"}"#], &["{}", r#"{"log-level": "INFO"}"#]),
    ("2.4", &[r#"{"iptables": false}"#], &["{}", r#"{"iptables": true}"#]),
    ("2.5", &[r#"{"insecure-registries": ["r.example:5000"]}"#], &["{}", r#"{"insecure-registries": []}"#]),
    ("2.6", &[r#"{"storage-driver": "aufs"}"#], &["{}", r#"{"storage-driver": "overlay2"}"#]),
    (
        "2.7",
        &[
            r#"{"hosts": ["tcp://0.0.0.0:2375"]}"#,
            r#"{"hosts": ["tcp://127.0.0.1:2375"], "tlsverify": false}"#,
            r#"{"hosts": ["0.0.0.0:2375"]}"#,
        ],
        &[
            "{}",
            r#"{"hosts": ["unix:///run/docker.sock"]}"#,
            r#"{"hosts": ["tcp://0.0.0.0:2376"], "tlsverify": true, "tlscacert": "/a", "tlscert": "/b", "tlskey": "/c"}"#,
        ],
    ),
    (
        "2.8",
        &["{}", r#"{"default-ulimits": {}}"#],
        &[r#"{"default-ulimits": {"nofile": {"Name": "nofile", "Soft": 1, "Hard": 2}}}"#],
    ),
    ("2.9", &["{}", r#"{"userns-remap": ""}"#], &[r#"{"userns-remap": "default"}"#]),
    ("2.10", &[r#"{"cgroup-parent": "docker.slice"}"#], &["{}", r#"{"cgroup-parent": ""}"#]),
    ("2.11", &[r#"{"storage-opts": ["dm.basesize=20G"]}"#], &["{}", r#"{"storage-opts": ["overlay2.size=10G"]}"#]),
    ("2.12", &["{}", r#"{"authorization-plugins": []}"#], &[r#"{"authorization-plugins": ["opa"]}"#]),
    (
        "2.13",
        &["{}", r#"{"log-driver": "json-file"}"#, r#"{"log-driver": "none"}"#],
        &[r#"{"log-driver": "journald"}"#],
    ),
    ("2.14", &["{}", r#"{"no-new-privileges": false}"#], &[r#"{"no-new-privileges": true}"#]),
    ("2.15", &["{}"], &[r#"{"live-restore": true}"#]),
    ("2.16", &["{}", r#"{"userland-proxy": true}"#], &[r#"{"userland-proxy": false}"#]),
    ("2.17", &[r#"{"seccomp-profile": "unconfined"}"#], &["{}", r#"{"seccomp-profile": "/etc/docker/s.json"}"#]),
    ("2.18", &[r#"{"experimental": true}"#], &["{}", r#"{"experimental": false}"#]),
];

const KUBELET_ITEMS: [Case; 14] = [
    (
        "4.2.1",
        &["authentication: {anonymous: {enabled: true}}"],
        &["", "authentication: {anonymous: {enabled: false}}"],
    ),
    ("4.2.2", &["authorization: {mode: AlwaysAllow}"], &["", "authorization: {mode: Webhook}"]),
    (
        "4.2.3",
        &["", "authentication: {x509: {clientCAFile: \"\"}}"],
        &["authentication: {x509: {clientCAFile: /ca.crt}}"],
    ),
    ("4.2.4", &["readOnlyPort: 10255"], &["", "readOnlyPort: 0"]),
    // In the file 0 means the default; see the test on flags for what fails.
    ("4.2.5", &[], &["", "streamingConnectionIdleTimeout: 0s", "streamingConnectionIdleTimeout: 5m"]),
    ("4.2.6", &["makeIPTablesUtilChains: false"], &["", "makeIPTablesUtilChains: true"]),
    // Only a flag.
    ("4.2.7", &[], &[""]),
    ("4.2.8", &["eventRecordQPS: -1"], &["", "eventRecordQPS: 0", "eventRecordQPS: 5"]),
    (
        "4.2.9",
        &["", "tlsCertFile: /a.crt"],
        &["tlsCertFile: /a.crt\ntlsPrivateKeyFile: /a.key", "serverTLSBootstrap: true"],
    ),
    ("4.2.10", &["", "rotateCertificates: false"], &["rotateCertificates: true"]),
    (
        "4.2.11",
        &["featureGates: {RotateKubeletServerCertificate: false}"],
        &["", "featureGates: {RotateKubeletServerCertificate: true}"],
    ),
    (
        "4.2.12",
        &["", "tlsCipherSuites: [TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, TLS_RSA_WITH_AES_128_CBC_SHA]"],
        &["tlsCipherSuites: [TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256]", "tlsMinVersion: VersionTLS13"],
    ),
    ("4.2.13", &["", "podPidsLimit: -1"], &["podPidsLimit: 4096"]),
    ("4.2.14", &["", "seccompDefault: false"], &["seccompDefault: true"]),
];

/// Items on owners and modes, with the file, a mode that fails, if modes count, and the greatest that passes.
const FILE_ITEMS: [(&str, &str, u32); 12] = [
    ("3.1", "/lib/systemd/system/docker.service", 0),
    ("3.2", "/lib/systemd/system/docker.service", 0o644),
    ("3.17", DOCKER, 0),
    ("3.18", DOCKER, 0o644),
    ("3.19", "/etc/default/docker", 0),
    ("3.20", "/etc/default/docker", 0o644),
    ("3.21", "/etc/sysconfig/docker", 0o644),
    ("3.22", "/etc/sysconfig/docker", 0),
    ("4.1.1", "/etc/systemd/system/kubelet.service.d/10-kubeadm.conf", 0o600),
    ("4.1.2", "/etc/systemd/system/kubelet.service.d/10-kubeadm.conf", 0),
    ("4.1.9", KUBELET, 0o600),
    ("4.1.10", KUBELET, 0),
];

#[test]
fn owners_and_modes_count_for_files_of_a_node() {
    let texts =
        [(DOCKER, "{}".to_owned()), (KUBELET, kubelet("")), ("", "[Service]\nExecStart=/usr/bin/x\n".to_owned())];
    for (number, path, most) in FILE_ITEMS {
        let text = |path: &str| texts.iter().find(|(known, _)| *known == path).map(|(_, text)| text.clone());
        let judged = |attributes| {
            let own = text(path).unwrap_or_else(|| text("").unwrap());
            let (docker, kubelet) = (text(DOCKER).unwrap(), text(KUBELET).unwrap());
            let mut files = vec![(DOCKER, docker), (KUBELET, kubelet)];
            files.retain(|(other, _)| *other != path);
            let mut sources: Vec<_> =
                files.iter().map(|(path, text)| Source { path, text, ..Source::default() }).collect();
            sources.push(Source { path, text: &own, attributes, ..Source::default() });
            let options = Config::parse("profile = \"cis\"\n").unwrap().options();
            status(&assess(&sources, &options, Profile::Cis).1, number)
        };
        let with = |mode, owner| judged(Some(FileAttributes { mode, owner, group: owner }));
        assert_eq!(judged(None), ItemStatus::Undecided, "{number}");
        if most == 0 {
            assert_eq!((with(0o777, 0), with(0o600, 1000)), (ItemStatus::Pass, ItemStatus::Fail), "{number}");
        } else {
            assert_eq!((with(most, 1000), with(0o400, 0)), (ItemStatus::Pass, ItemStatus::Pass), "{number}");
            assert_eq!((with(most | 0o20, 0), with(most | 0o100, 0)), (ItemStatus::Fail, ItemStatus::Fail), "{number}");
        }
    }
}

#[test]
fn each_item_fails_and_passes_where_it_should() {
    for (number, failing, passing) in DOCKER_ITEMS {
        failing.iter().for_each(|text| expect(&[(DOCKER, text)], number, ItemStatus::Fail));
        passing.iter().for_each(|text| expect(&[(DOCKER, text)], number, ItemStatus::Pass));
    }
    for (number, failing, passing) in KUBELET_ITEMS {
        failing.iter().for_each(|text| expect(&[(KUBELET, &kubelet(text))], number, ItemStatus::Fail));
        passing.iter().for_each(|text| expect(&[(KUBELET, &kubelet(text))], number, ItemStatus::Pass));
    }
}

#[test]
fn each_item_is_in_these_tables_once_or_has_a_reason() {
    for (benchmark, cases) in BENCHMARKS.iter().zip([&DOCKER_ITEMS[..], &KUBELET_ITEMS[..]]) {
        let is_of_file = |number: &str| FILE_ITEMS.iter().any(|(other, ..)| *other == number);
        let decided = benchmark.items().filter(|item| item.check().is_some()).map(|item| item.number);
        let decided: Vec<_> = decided.filter(|number| !is_of_file(number)).collect();
        let tested: Vec<_> = cases.iter().map(|(number, ..)| *number).collect();
        assert_eq!(decided, tested, "{}", benchmark.id);
        let numbers: BTreeSet<_> = benchmark.items().map(|item| item.number).collect();
        assert_eq!(numbers.len(), benchmark.items().count(), "a number occurs twice");
        for section in benchmark.sections {
            let is_in_section = |number: &str| number.starts_with(&format!("{}.", section.number));
            assert!(section.items.iter().all(|item| is_in_section(item.number)), "{}", section.number);
        }
        assert!(rules::find(benchmark.rule).unwrap().opt_in);
    }
    let assessments = run(&[(DOCKER, "{}"), (KUBELET, &kubelet(""))], "").1;
    assert_eq!(assessments.iter().map(|a| a.items.len()).collect::<Vec<_>>(), [117, 25]);
    for assessed in assessments.iter().flat_map(|assessment| &assessment.items) {
        let is_of_file = FILE_ITEMS.iter().any(|(number, ..)| *number == assessed.item.number);
        let is_decided = assessed.item.check().is_some() && !is_of_file;
        assert_eq!(assessed.status == ItemStatus::Undecided, !is_decided, "{}", assessed.item.number);
        assert_eq!(assessed.reason.is_empty(), is_decided, "{}", assessed.item.number);
    }
}

#[test]
fn flags_win_over_files_and_drop_ins_over_the_main_file() {
    let file = kubelet("readOnlyPort: 0\nauthentication: {anonymous: {enabled: false}}");
    let flags = |text| [(KUBELET, file.as_str()), ("/var/lib/kubelet/kubeadm-flags.env", text)];
    let cases = [
        ("4.2.1", r#"KUBELET_KUBEADM_ARGS="--anonymous-auth=true""#),
        ("4.2.4", r#"KUBELET_KUBEADM_ARGS="--read-only-port=10255""#),
        ("4.2.5", r#"KUBELET_KUBEADM_ARGS="--streaming-connection-idle-timeout=0""#),
        ("4.2.7", r#"KUBELET_KUBEADM_ARGS="--hostname-override=node-1""#),
        ("4.2.11", r#"KUBELET_KUBEADM_ARGS="--feature-gates=RotateKubeletServerCertificate=false""#),
    ];
    for (number, text) in cases {
        expect(&flags(text), number, ItemStatus::Fail);
    }
    expect(&flags(r#"KUBELET_KUBEADM_ARGS="--seccomp-default""#), "4.2.14", ItemStatus::Pass);
    expect(&flags(r#"KUBELET_KUBEADM_ARGS="--pod-max-pids=$PIDS""#), "4.2.13", ItemStatus::Undecided);
    let drop_in = |text| [(KUBELET, file.as_str()), ("/etc/kubernetes/kubelet.conf.d/10-a.conf", text)];
    expect(&drop_in("readOnlyPort: 10255\n"), "4.2.4", ItemStatus::Fail);
    expect(&drop_in("seccompDefault: true\n"), "4.2.14", ItemStatus::Pass);
    let started = |flags: &str, number, expected| {
        let unit = format!("[Service]\nExecStart=/usr/bin/dockerd {flags}\n");
        expect(&[(DOCKER, "{}"), ("/etc/systemd/system/docker.service", &unit)], number, expected);
    };
    started("--icc=false", "2.2", ItemStatus::Pass);
    started("-H tcp://0.0.0.0:2375", "2.7", ItemStatus::Fail);
    started("-H tcp://0.0.0.0:2376 --tlsverify", "2.7", ItemStatus::Pass);
    started("--no-new-privileges", "2.14", ItemStatus::Pass);
    let stream = "apiVersion: kubeadm.k8s.io/v1beta4\nkind: InitConfiguration\nnodeRegistration:\n  kubeletExtraArgs:\n  \
                  - {name: read-only-port, value: \"10255\"}\n---\napiVersion: kubelet.config.k8s.io/v1beta1\n\
                  kind: KubeletConfiguration\n";
    expect(&[("kubeadm.yaml", stream)], "4.2.4", ItemStatus::Fail);
}

#[test]
fn a_default_is_that_of_the_release_and_a_missing_file_decides_nothing() {
    let flags = [("/var/lib/kubelet/kubeadm-flags.env", r#"KUBELET_KUBEADM_ARGS="--read-only-port=10255""#)];
    expect(&flags, "4.2.4", ItemStatus::Fail);
    expect(&flags, "4.2.1", ItemStatus::Undecided);
    let (report, assessments) = run(&[(DOCKER, "{ \"icc\": false, }")], "");
    assert_eq!(status(&assessments, "2.2"), ItemStatus::Undecided);
    assert!(report.findings.iter().all(|finding| finding.rule != "docker-hardening-missing"));
    assert!(run(&[("/etc/crictl.yaml", "timeout: 10\n")], "").1.is_empty());
}

#[test]
fn a_fault_is_one_finding_at_the_value_that_counts() {
    let text = "{\n  \"hosts\": [\"tcp://127.0.0.1:2375\"],\n  \"icc\": true\n}\n";
    let (report, assessments) = run(&[(DOCKER, text)], "");
    let of = |number| {
        let items = &assessments[0].items;
        let assessed = items.iter().find(|assessed| assessed.item.number == number).unwrap();
        assessed.findings.iter().map(|number| &report.findings[*number]).collect::<Vec<_>>()
    };
    let [tcp] = of("2.7")[..] else { panic!("{:?}", of("2.7")) };
    assert_eq!((tcp.rule, tcp.severity), ("tcp-without-tls", Severity::Warning));
    let [icc] = of("2.2")[..] else { panic!("{:?}", of("2.2")) };
    assert_eq!((icc.rule, icc.span.of(text)), ("docker-hardening-missing", "true"));
    assert!(icc.why.starts_with("`icc` is `true`. Item 2.2 of the CIS Docker Benchmark 1.6.0: "), "{}", icc.why);
    let [ulimits] = of("2.8")[..] else { panic!("{:?}", of("2.8")) };
    assert_eq!((ulimits.severity, ulimits.span.start), (Severity::Info, 0));
}

#[test]
fn what_is_ignored_is_listed_as_ignored() {
    let text = kubelet("readOnlyPort: 10255 # crilint: ignore[read-only-port] monitoring");
    let (_, assessments) = run(&[(KUBELET, &text)], "");
    assert_eq!(status(&assessments, "4.2.4"), ItemStatus::Ignored);
    let (report, assessments) = run(&[(KUBELET, &kubelet(""))], "ignore = [\"kubelet-hardening-missing\"]\n");
    assert_eq!(status(&assessments, "4.2.10"), ItemStatus::Ignored);
    assert!(report.findings.is_empty());
}

#[test]
fn a_profile_adds_its_rules_to_those_that_are_selected() {
    let selection = |text: &str| Config::parse(text).unwrap().options();
    let runs = |text: &str, rule| selection(text).runs(rules::find(rule).unwrap());
    assert!(!runs("", "docker-hardening-missing"));
    assert!(runs("profile = \"cis\"", "docker-hardening-missing") && runs("profile = \"cis\"", "unknown-key"));
    let selected = "profile = \"cis\"\nselect = [\"unknown-key\"]\n";
    assert!(runs(selected, "anonymous-auth") && !runs(selected, "stream-server-exposed"));
    assert!(!runs("profile = \"cis\"\nignore = [\"anonymous-auth\"]\n", "anonymous-auth"));
    let asked = Selection { profile: Some(Profile::Cis), ..Selection::default() };
    assert!(!Selection::default().levels(&asked).is_empty());
}

fn kubelet(settings: &str) -> String {
    format!("apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n{settings}\n")
}

fn run(files: &[(&str, &str)], config: &str) -> (Report, Vec<Assessment>) {
    let sources: Vec<_> = files.iter().map(|(path, text)| Source { path, text, ..Source::default() }).collect();
    let options: Options = Config::parse(&format!("profile = \"cis\"\n{config}")).unwrap().options();
    assess(&sources, &options, Profile::Cis)
}

fn status(assessments: &[Assessment], number: &str) -> ItemStatus {
    let mut items = assessments.iter().flat_map(|assessment| &assessment.items);
    items.find(|assessed| assessed.item.number == number).unwrap().status
}

fn expect(files: &[(&str, &str)], number: &str, expected: ItemStatus) {
    let (report, assessments) = run(files, "");
    assert_eq!(status(&assessments, number), expected, "{number}: {files:?}\n{:#?}", report.findings);
}

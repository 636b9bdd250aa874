//! Nodes of distributions: the releases that they bring, and what is found in the files that they read.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use crilint_core::engine::Target;
use crilint_core::releases::Product;
use crilint_core::{Options, Source, check};

fn target(specs: &[&str]) -> Target {
    let mut target = Target::default();
    specs.iter().for_each(|spec| target.add(spec).unwrap());
    target
}

/// The releases of containerd in a target, and what reports state about them.
fn containerd_of(specs: &[&str]) -> (Vec<String>, Vec<String>) {
    let target = target(specs);
    (target.columns(Product::Containerd).into_iter().map(|column| column.name).collect(), target.notes())
}

#[test]
fn a_distribution_brings_its_containerd() {
    let of = |specs: &[&str]| containerd_of(specs).0.join(",");
    assert_eq!(of(&["kubernetes=v1.33.5+k3s1"]), "2.1");
    assert_eq!(of(&["kubernetes=v1.32.1+rke2r1"]), "1.7");
    assert_eq!(of(&["kubernetes=v1.36.2+k0s.0"]), "2.3");
    assert_eq!(of(&["kubernetes=v1.32.1+rke2r1,v1.33.5+rke2r1"]), "1.7,2.1");
    assert_eq!(of(&["kubernetes=v1.32.1+rke2r1", "kubernetes=v1.33.5+rke2r1"]), "1.7,2.1");
    assert_eq!(of(&["kubernetes=v1.33.5+k3s1", "containerd=1.7"]), "1.7");
    assert_eq!(of(&["containerd=1.7", "kubernetes=v1.33.5+k3s1"]), "1.7");
    // A release of upstream may run with any containerd.
    let maintained = of(&[]);
    assert_eq!(of(&["kubernetes=v1.33.5+k3s1,1.34"]), maintained);
    assert_eq!(of(&["kubernetes=v1.33.5"]), maintained);
    assert_eq!(of(&["kubernetes=v1.33.5-eks-113cf36"]), maintained);
}

#[test]
fn reports_state_which_containerd_a_distribution_brings() {
    let notes = |specs: &[&str]| containerd_of(specs).1;
    assert_eq!(notes(&["kubernetes=v1.33.5+k3s1"]), ["k3s v1.33.5+k3s1 has containerd 2.1"]);
    assert_eq!(notes(&["kubernetes=v1.33.5+k3s1", "containerd=2.1"]), [""; 0]);
    let named = target(&["kubernetes=v1.32.1+rke2r1"]);
    let settings = target(&["kubernetes=1.34", "containerd=2.2"]);
    assert_eq!(named.clone().else_from(&settings).notes(), [""; 0], "the containerd of crilint.toml counts");
    assert_eq!(Target::default().else_from(&named).notes(), ["RKE2 v1.32.1+rke2r1 has containerd 1.7"]);
    assert_eq!(settings.else_from(&named).notes(), [""; 0]);
}

/// `rule@text` for each finding above info on the files of a node.
fn reported(files: &[(&str, &str)], targets: &[&str]) -> Vec<String> {
    let sources: Vec<_> = files.iter().map(|(path, text)| Source { path, text, ..Source::default() }).collect();
    let options = Options { target: target(targets), ..Options::default() };
    let report = check(&sources, &options);
    let all = report.findings.iter().filter(|finding| finding.severity.id() != "info");
    all.map(|f| format!("{} {}@{}", f.severity.id(), f.rule, f.span.of(files[f.file].1))).collect()
}

const REGISTRIES: &str = "/etc/rancher/k3s/registries.yaml";

#[test]
fn faults_in_registries_yaml_are_found() {
    let mirror = "mirrors:\n  docker.io:\n    endpoint: [\"https://m.example:5000\"]\n";
    for (text, targets, expected) in [
        (
            "mirrors:\n  docker.io:\n    endpoint\":\n      - https://m.example\n",
            "",
            "warning registries-unknown-key@endpoint\"",
        ),
        ("mirrros:\n  docker.io: {endpoint: [m.example]}\n", "", "warning registries-unknown-key@mirrros"),
        (
            "mirrors:\n  docker.io:\n    endpoints: [m.example]\n    rewrite: {a: b}\n",
            "",
            "warning registries-unknown-key@endpoints",
        ),
        ("auths:\n  m.example: {username: u}\n", "", "warning registries-unknown-key@auths"),
        ("configs:\n  m.example:\n    username: u\n", "", "warning registries-unknown-key@username"),
        ("mirrors: [docker.io]\n", "", "error registries-wrong-type@[docker.io]"),
        ("mirrors:\n  docker.io: https://m.example\n", "", "error registries-wrong-type@https://m.example"),
        ("configs:\n  m.example:\n    tls: true\n", "", "error registries-wrong-type@true"),
        (
            &format!("{mirror}configs:\n  https://m.example:5000: {{auth: {{username: u}}}}\n"),
            "",
            "warning registries-name-invalid@https://m.example:5000",
        ),
        (
            &format!("{mirror}configs:\n  m.example: {{auth: {{username: u}}}}\n"),
            "",
            "warning registries-config-unused@m.example",
        ),
        (
            "mirrors:\n  r.example/team:\n    endpoint: [m.example]\n",
            "",
            "warning registries-name-invalid@r.example/team",
        ),
        (
            "mirrors:\n  docker.io:\n    endpoint: [\"ftp://m.example\"]\n",
            "",
            "warning registries-endpoint-invalid@\"ftp://m.example\"",
        ),
        (
            "mirrors:\n  docker.io:\n    endpoint: [\"https://m.example/hub\"]\n",
            "",
            "warning registries-endpoint-path@\"https://m.example/hub\"",
        ),
        ("mirrors:\n  docker.io:\n    rewrite: {a: b}\n", "", "warning registries-rewrite-unused@rewrite"),
        ("mirrors:\n  *:\n    endpoint: [m.example]\n", "", "error yaml-syntax@*"),
        // k3s-io/k3s#9839
        (
            "configs:\n  m.example:\n    tls: {ca_file: /ca}\n",
            "kubernetes=v1.29.3+k3s1",
            "error registries-config-unused@tls",
        ),
        (
            "configs:\n  m.example:\n    tls: {ca_file: /ca}\n",
            "kubernetes=v1.27.12+rke2r1",
            "error registries-config-unused@tls",
        ),
        (
            "mirrors:\n  '*':\n    endpoint: [m.example]\n",
            "kubernetes=v1.31.6+k3s1",
            "warning registries-name-invalid@'*'",
        ),
        (
            "mirrors:\n  docker.io:\n    endpoint: [m.example, m.example]\n",
            "kubernetes=v1.28.7+k3s1",
            "error registries-endpoint-invalid@m.example",
        ),
    ] {
        let targets: Vec<&str> = targets.split_whitespace().collect();
        assert_eq!(reported(&[(REGISTRIES, text)], &targets), [expected], "{text}");
    }
}

#[test]
fn working_registries_yaml_files_have_no_finding() {
    for (text, targets) in [
        ("", ""),
        ("# nothing yet\n", ""),
        // The registry that k3s embeds needs no endpoints.
        ("mirrors:\n  docker.io:\n  registry.k8s.io: {}\n  \"*\":\n", ""),
        (
            "mirrors:\n  docker.io:\n    endpoint:\n      - m.example\n      - http://10.0.0.2:5000\n      - https://registry-1.docker.io\n",
            "",
        ),
        (
            "mirrors:\n  r.example:\n    endpoint: [\"https://r.example:5000\"]\nconfigs:\n  r.example:5000:\n    auth: {username: 1, password: 2}\n",
            "",
        ),
        (
            "mirrors:\n  docker.io:\n    endpoint: [\"https://h.example/v2/hub\"]\n    rewrite: {\"^library/(.*)\": \"hub/$1\"}\nconfigs:\n  h.example:\n    tls: {insecure_skip_verify: true}\n",
            "",
        ),
        (
            "configs:\n  docker.io:\n    auth: {username: u, password: p}\n  registry-1.docker.io:\n    auth: {username: u, password: p}\n",
            "",
        ),
        ("configs:\n  m.example:\n    tls: {ca_file: /ca}\n", ""),
        ("configs:\n  m.example:\n    tls: {ca_file: /ca}\n", "kubernetes=v1.29.2+k3s1"),
        ("configs:\n  m.example:\n    tls: {ca_file: /ca}\n", "kubernetes=v1.29.4+k3s1"),
        (
            "mirrors:\n  m.example:\n    endpoint: [\"https://m.example\"]\nconfigs:\n  m.example:\n    tls: {ca_file: /ca}\n",
            "kubernetes=v1.29.3+k3s1",
        ),
        ("mirrors:\n  docker.io:\n    endpoint: [m.example, m.example]\n", "kubernetes=v1.29.3+k3s1"),
        ("mirrors:\n  '*':\n    endpoint: [m.example]\n", "kubernetes=v1.31.7+k3s1"),
        (
            "x-auth: &auth\n  username: u\n  password: p\nconfigs:\n  a.example: {auth: *auth}\n  b.example: {auth: *auth}\n",
            "",
        ),
    ] {
        let targets: Vec<&str> = targets.split_whitespace().collect();
        assert_eq!(reported(&[(REGISTRIES, text)], &targets), [""; 0], "{text}");
    }
}

#[test]
fn secrets_of_registries_yaml_are_masked() {
    let text = "configs:\n  m.example:\n    auth:\n      password: [hunter2]\n      identity_token: {a: hunter3}\n";
    let report = check(&[Source { path: REGISTRIES, text, ..Source::default() }], &Options::default());
    let texts: Vec<_> = report.findings.iter().map(|f| format!("{} {} {}", f.message, f.why, f.help)).collect();
    assert_eq!(texts.len(), 2);
    assert!(texts.iter().all(|text| !text.contains("hunter")), "{texts:?}");
}

const CONFIG: &str = "/etc/rancher/k3s/config.yaml";
const TEMPLATE_2: &str = "/var/lib/rancher/k3s/agent/etc/containerd/config.toml.tmpl";
const TEMPLATE_3: &str = "/var/lib/rancher/k3s/agent/etc/containerd/config-v3.toml.tmpl";
const BASE: &str = "{{ template \"base\" . }}\n";
const RUNTIME_2: &str = "[plugins.\"io.containerd.grpc.v1.cri\".containerd.runtimes.\"custom\"]\n  runtime_type = \"io.containerd.runc.v2\"\n";
const RUNTIME_3: &str =
    "[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.custom]\n  runtime_type = \"io.containerd.runc.v2\"\n";

#[test]
fn faults_in_config_yaml_are_found() {
    for (text, expected) in [
        ("kublet-arg:\n  - max-pods=9\n", "warning k3s-unknown-key@kublet-arg"),
        ("kubelet_arg:\n  - max-pods=9\n", "warning k3s-unknown-key@kubelet_arg"),
        ("kubelet-arg: {max-pods: 9}\n", "error k3s-args-malformed@{max-pods: 9}"),
        ("kubelet-arg:\n  - \"max-pods: 9\"\n", "error k3s-args-malformed@\"max-pods: 9\""),
        ("kubelet-arg: [v=2]\nkubelet-arg: [v=3]\n", "warning k3s-duplicate-key@kubelet-arg"),
        ("kubelet-arg: [v=2\n", "error yaml-syntax@"),
    ] {
        assert_eq!(reported(&[(CONFIG, text)], &[]), [expected], "{text}");
    }
}

#[test]
fn flags_in_config_yaml_are_judged_as_those_of_the_kubelet() {
    for (text, expected) in [
        ("kubelet-arg:\n  - \"max-parallel-image-pulls=3\"\n", "error flag-unknown@max-parallel-image-pulls=3"),
        ("kubelet-arg: container-runtime=remote\n", "error flag-removed@container-runtime=remote"),
        ("kubelet-arg+:\n- feature-gates=NoSuchGate=true\n", "error feature-gate-unknown@NoSuchGate"),
        ("kubelet-arg:\n  - '--eviction-hard=memory.availble<1Gi'\n", "error unknown-map-name@memory.availble"),
    ] {
        assert_eq!(reported(&[(CONFIG, text)], &["kubernetes=v1.33.5+k3s1"]), [expected], "{text}");
    }
}

#[test]
fn working_config_yaml_files_have_no_finding() {
    for (path, text) in [
        (
            CONFIG,
            "write-kubeconfig-mode: \"0644\"\ntls-san: [a.example]\nnode-label:\n  - \"a=b\"\ncluster-init: true\n",
        ),
        (CONFIG, "kubelet-arg:\n  - \"--max-pods=9\"\nkubelet-arg+:\n  - image-gc-high-threshold=80\n"),
        (CONFIG, "kubelet-arg:\n  - node-labels+=a=b\n  - max-pods=9\n  - config=/etc/kubelet.yaml\n"),
        (CONFIG, "my-own-key-of-a-wrapper: 1\n"),
        ("/etc/rancher/rke2/config.yaml.d/10-cni.yaml", "cni: [multus, canal]\nprofile: cis\n"),
        // The file of another program.
        ("deploy/k3s/config.yaml", "apiVersion: k3d.io/v1alpha5\nkind: Simple\nservers: 1\n"),
    ] {
        assert_eq!(reported(&[(path, text)], &[]), [""; 0], "{text}");
    }
}

#[test]
fn templates_of_k3s_are_judged_on_their_base() {
    let on_base = |text: &str| format!("{BASE}\n{text}");
    let none: [&str; 0] = [];
    for target in ["kubernetes=v1.31.5+k3s1", "kubernetes=v1.33.5+k3s1", "kubernetes=v1.36.2+rke2r1"] {
        assert_eq!(reported(&[(TEMPLATE_2, &on_base(RUNTIME_2))], &[target]), none, "{target}");
    }
    for target in ["kubernetes=v1.31.6+k3s1", "kubernetes=v1.33.5+k3s1", "kubernetes=v1.36.2+rke2r1"] {
        assert_eq!(reported(&[(TEMPLATE_3, &on_base(RUNTIME_3))], &[target]), none, "{target}");
        assert_eq!(reported(&[(TEMPLATE_3, &format!("version = 3\n{RUNTIME_3}"))], &[target]), none, "{target}");
    }
    // A plugin's name of version 2 in the template for version 3.
    let found = reported(&[(TEMPLATE_3, &on_base(RUNTIME_2))], &["kubernetes=v1.33.5+k3s1"]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("warning "), "{found:?}");
    // The release does not read the file, and nothing else is wrong with it.
    for text in [on_base(RUNTIME_3), on_base(RUNTIME_2), format!("version = 3\n{RUNTIME_3}")] {
        let found = reported(&[(TEMPLATE_3, &text)], &["kubernetes=v1.31.5+k3s1"]);
        let first = text.lines().next().unwrap();
        assert_eq!(found, [format!("warning template-not-read@{first}")], "{text}");
    }
    let found = reported(&[(TEMPLATE_2, &on_base(RUNTIME_2))], &["kubernetes=v1.24.13+rke2r1"]);
    assert_eq!(found, ["error template-not-read@{{ template \"base\" . }}"]);
}

#[test]
fn findings_in_generated_files_name_what_to_change() {
    let toml = "version = 3\noom_scroe = 1\n";
    for (path, text, expected) in [
        (
            "/var/lib/rancher/k3s/agent/etc/containerd/config.toml",
            &*format!("\n# File generated by k3s. DO NOT EDIT. Use config-v3.toml.tmpl instead.\n{toml}"),
            "config-v3.toml.tmpl",
        ),
        ("/etc/k0s/containerd.toml", &format!("# k0s_managed=true\n{toml}"), "/etc/k0s/containerd.d"),
        ("/var/snap/microk8s/current/args/containerd.toml", toml, "containerd-template.toml"),
        (
            "/var/lib/rancher/k3s/agent/etc/containerd/certs.d/r.example/hosts.toml",
            "# File generated by k3s. DO NOT EDIT.\nserver = \"https://r.example/v2\"\n[host]\n[host.\"https://m.example/v2\"]\n  skipverify = true\n",
            "registries.yaml",
        ),
    ] {
        let report = check(&[Source { path, text, ..Source::default() }], &Options::default());
        let [finding] = report.findings.as_slice() else { panic!("{path}: {:?}", report.findings) };
        assert!(finding.help.contains(expected) && finding.fixes.is_empty(), "{path}: {finding:?}");
    }
    let own = Source { path: "/etc/containerd/config.toml", text: toml, ..Source::default() };
    assert!(!check(&[own], &Options::default()).findings[0].fixes.is_empty());
}

const MICROK8S: &str = "/var/snap/microk8s/current/args/kubelet";

#[test]
fn arguments_of_microk8s_are_flags_of_the_kubelet() {
    let text = "# own flags\n--container-log-max-size=10Mi\n--root-dir=${SNAP_COMMON}/var/lib/kubelet\n\n\
        --eviction-hard=\"memory.available<100Mi,nodefs.available<1Gi\"\n--network-plugin=cni\n\
        --container-runtime=remote\n--feature-gates=DevicePlugins=true\n";
    // microk8s deletes flags that the kubelet no longer has.
    let none: [&str; 0] = [];
    assert_eq!(reported(&[(MICROK8S, text)], &[]), none);
    assert_eq!(reported(&[(MICROK8S, text)], &["kubernetes=1.18"]), none);
    for (line, expected) in [
        ("--max-parallel-image-pulls=3", "error flag-unknown@--max-parallel-image-pulls=3"),
        ("'--cgroup-driver=systmd'", "warning field-value-unknown@'--cgroup-driver=systmd'"),
        ("--max-pods 20 --feature-gates=NoSuchGate=true", "error feature-gate-unknown@NoSuchGate"),
        ("--seccomp-default=true --dynamic-config-dir=/x", "error flag-removed@--dynamic-config-dir=/x"),
    ] {
        assert_eq!(reported(&[(MICROK8S, line)], &["kubernetes=1.35"]), [expected], "{line}");
    }
    let snap = "/var/snap/k8s/common/args/kubelet";
    let line = "--eviction-hard=memory.available<100Mi";
    assert_eq!(reported(&[(snap, line)], &["kubernetes=1.35"]), [format!("error snap-args-unquoted@{line}")]);
    assert_eq!(reported(&[(snap, "--max-pods=\"20\"")], &["kubernetes=1.35"]), none);
}

#[test]
fn networks_of_cni_are_judged_as_containerd_loads_them() {
    let first = "/etc/cni/net.d/10-a.conflist";
    let good = r#"{"name":"a","cniVersion":"1.0.0","plugins":[{"type":"bridge","ipam":{"type":"host-local"}},{"Type":"portmap"}]}"#;
    let none: [&str; 0] = [];
    for text in [good, r#"{"name":"a","plugins":[{"type":"bridge"}],"disableCheck":true,"own":1}"#] {
        assert_eq!(reported(&[(first, text)], &[]), none, "{text}");
    }
    for (path, text, at) in [
        (first, r#"{"plugins":[{"type":"a"}]}"#, "{"),
        (first, r#"{"name":1,"plugins":[{"type":"a"}]}"#, "1"),
        (first, r#"{"name":"a"}"#, "{"),
        (first, r#"{"name":"a","plugins":[]}"#, "[]"),
        (first, r#"{"name":"a","plugins":{"type":"a"}}"#, r#"{"type":"a"}"#),
        (first, r#"{"name":"a","plugins":[{"typ":"a"}]}"#, r#"{"typ":"a"}"#),
        ("/etc/cni/net.d/10-a.conf", r#"{"name":"a","plugins":[{"type":"a"}]}"#, r#""plugins""#),
        ("/etc/cni/net.d/10-a.json", r#"{"name":"a"}"#, "{"),
    ] {
        assert_eq!(reported(&[(path, text)], &[]), [format!("error cni-network-invalid@{at}")], "{text}");
    }
    let broken = "{\"name\":\"a\",\"plugins\":[{\"type\":\"a\"},]}";
    assert_eq!(reported(&[(first, broken)], &[]), ["error json-syntax@,"]);
    // What is not loaded does no harm, unless more files are.
    let files = [(first, good), ("/etc/cni/net.d/20-b.conflist", broken)];
    assert_eq!(reported(&files, &[]), none);
    let more = "version = 2\n[plugins.\"io.containerd.grpc.v1.cri\".cni]\n  max_conf_num = 2\n";
    let files = [files[0], files[1], ("/etc/containerd/config.toml", more)];
    assert_eq!(reported(&files, &["containerd=1.7"]), ["error json-syntax@,"]);
}

#[test]
fn credential_providers_are_judged_as_the_kubelet_checks_them() {
    let path = "/etc/kubernetes/credential-provider.yaml";
    let file = |api: &str, rest: &str| {
        format!("apiVersion: kubelet.config.k8s.io/{api}\nkind: CredentialProviderConfig\nproviders:\n{rest}")
    };
    let provider = |api: &str, rest: &str| {
        format!(
            "- name: a\n  apiVersion: credentialprovider.kubelet.k8s.io/{api}\n  matchImages: [a.example]\n  \
             defaultCacheDuration: 0s\n{rest}"
        )
    };
    let tokens = "  tokenAttributes:\n    serviceAccountTokenAudience: a\n    requireServiceAccount: false\n";
    let rule = |name: &str| format!("error credential-provider-{name}");
    for (text, release, expected) in [
        (file("v1", &provider("v1", "")), "1.30", String::new()),
        (file("v1beta1", &provider("v1beta1", "")), "1.24", String::new()),
        (file("v1", &provider("v1beta1", "")), "1.25", rule("invalid")),
        (file("v1", "  []\n"), "1.30", rule("invalid")),
        (file("v1", &provider("v1", "").replace("0s", "12")), "1.30", rule("invalid")),
        (file("v1", &provider("v1", "").replace("0s", "12x")), "1.30", rule("invalid")),
        (file("v1", &provider("v1", "").replace("name: a", "name: bin/a")), "1.30", rule("invalid")),
        (file("v1", &[provider("v1", ""), provider("v1", "")].concat()), "1.30", rule("invalid")),
        (file("v1", &provider("v1", "  argss: [a]\n")), "1.35", rule("unknown-field")),
        (file("v1", &provider("v1", "  argss: [a]\n")), "1.30", rule("unknown-field").replace("error", "warning")),
        (file("v1", &provider("v1", tokens)), "1.33", String::new()),
        (file("v1", &provider("v1", tokens)), "1.34", rule("invalid")),
        (file("v1", &provider("v1", &format!("{tokens}    cacheType: Token\n"))), "1.34", String::new()),
        (file("v1", &provider("v1beta1", &format!("{tokens}    cacheType: Token\n"))), "1.34", rule("invalid")),
        (file("v1", "- name: a\n  matchImages: [a\n"), "1.34", "error yaml-syntax".to_owned()),
    ] {
        let found = reported(&[(path, &text)], &[&format!("kubernetes={release}")]);
        let found: Vec<_> = found.iter().map(|finding| finding.split('@').next().unwrap()).collect();
        assert_eq!(found.join(","), expected, "{release}: {text}");
    }
}

#[test]
fn drop_ins_of_k0s_are_looked_for_where_it_does() {
    let runtime = "version = 3\n[plugins.\"io.containerd.cri.v1.runtime\".containerd.runtimes.runsc]\n  runtime_type = \"io.containerd.runsc.v1\"\n";
    let own = "version = 3\n";
    let managed = "# k0s_managed=true\nversion = 3\n";
    let drop_in = "/etc/k0s/containerd.d/gvisor.toml";
    let none: [&str; 0] = [];
    let target = ["kubernetes=v1.36.2+k0s.0"];
    assert_eq!(reported(&[(drop_in, runtime)], &target), none);
    assert_eq!(reported(&[("/etc/k0s/containerd.toml", managed), (drop_in, runtime)], &target), none);
    for (path, files) in [
        ("/etc/k0s/containderd.d/gvisor.toml", vec![]),
        ("/etc/k0s/containerd.d/containerd.d/gvisor.toml", vec![]),
        (drop_in, vec![("/etc/k0s/containerd.toml", own)]),
    ] {
        let files = [files, vec![(path, runtime)]].concat();
        assert_eq!(reported(&files, &target), ["warning k0s-file-not-read@version = 3"], "{path}");
    }
}

#[test]
fn parts_of_talos_have_the_version_of_the_file_that_they_become() {
    let text = "[metrics]\n  address = \"0.0.0.0:11234\"\n[plugins.\"io.containerd.cri.v1.runtime\".containerd]\n  default_runtime_name = \"nvidia\"\n";
    let none: [&str; 0] = [];
    assert_eq!(reported(&[("/etc/cri/conf.d/20-customization.part", text)], &[]), none);
    let other = reported(&[("/etc/cri/conf.d/10-gpu.part", text)], &[]);
    assert_eq!(other, ["warning talos-part-not-taken@[metrics]"]);
    let slip = text.replace("default_runtime_name", "default_runtime_nme");
    let found = reported(&[("/etc/cri/conf.d/20-customization.part", &slip)], &["containerd=2.2"]);
    assert_eq!(found, ["warning unknown-key@default_runtime_nme"]);
}

/// A node as k3s 1.33 leaves it.
const NODE_OF_K3S: [(&str, &str); 6] = [
    ("/var/lib/rancher/k3s/agent/etc/containerd/config.toml", include_str!("distributions/k3s/config.toml")),
    (
        "/var/lib/rancher/k3s/agent/etc/containerd/certs.d/docker.io/hosts.toml",
        include_str!("distributions/k3s/hosts.toml"),
    ),
    (
        "/var/lib/rancher/k3s/agent/etc/kubelet.conf.d/00-k3s-defaults.conf",
        include_str!("distributions/k3s/00-k3s-defaults.conf"),
    ),
    (
        "/var/lib/rancher/k3s/agent/etc/cni/net.d/10-flannel.conflist",
        include_str!("distributions/k3s/10-flannel.conflist"),
    ),
    (REGISTRIES, include_str!("distributions/k3s/registries.yaml")),
    (CONFIG, include_str!("distributions/k3s/config.yaml")),
];

#[test]
fn a_node_of_k3s_has_no_finding() {
    let none: [&str; 0] = [];
    for target in ["kubernetes=v1.33.5+k3s1", "kubernetes=v1.34.6+k3s1", "kubernetes=v1.36.2+rke2r1"] {
        assert_eq!(reported(&NODE_OF_K3S, &[target]), none, "{target}");
        for file in NODE_OF_K3S {
            assert_eq!(reported(&[file], &[target]), none, "{target}: {}", file.0);
        }
    }
}

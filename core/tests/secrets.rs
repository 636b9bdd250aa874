//! Secrets: none comes out of anything that people read, and nothing else is masked.
#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

mod support;

use std::path::Path;

use crilint_core::engine::{Options, Source};
use crilint_core::rules::{RULES, group_of};
use crilint_core::show::{reveal, show};
use crilint_core::{Report, check, compat, ide};
use support::{examples, header};

const CONTAINERD: &str = "/etc/containerd/config.toml";
const HOSTS: &str = "/etc/containerd/certs.d/r.io/hosts.toml";
const DOCKER: &str = "/etc/docker/daemon.json";
const KUBELET: &str = "/var/lib/kubelet/config.yaml";
const UNIT: &str = "/etc/systemd/system/kubelet.service.d/x.conf";
const DOCKER_UNIT: &str = "/etc/systemd/system/docker.service.d/x.conf";
const ENV: &str = "/etc/default/kubelet";
const CRICTL: &str = "/etc/crictl.yaml";
const V2: &str = "version = 2\n[plugins.\"io.containerd.grpc.v1.cri\".registry";
const K: &str = "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n";

/// Every secret in the cases begins with it.
const MARK: &str = "Qx7";

/// All that people read about a text, but for the edits, which are applied.
fn outputs(path: &str, text: &str) -> Vec<(&'static str, String)> {
    let source = Source { path, text, ..Source::default() };
    let mut options = Options::default();
    for product in ["containerd", "docker", "kubernetes"] {
        options.target.add(&format!("{product}=all")).unwrap();
    }
    let mut all = vec![];
    for options in [Options::default(), options] {
        let report = check(std::slice::from_ref(&source), &options);
        assert!(report.files[0].kind.is_some(), "{path} is of no known kind: {text}");
        all.push(("source", report.secrets.source(0, text).map_or_else(|| text.to_owned(), |masked| masked.text)));
        all.extend(sentences(&report).map(|text| ("check", text)));
        let (report, _) = compat(std::slice::from_ref(&source), &options);
        all.extend(sentences(&report).map(|text| ("compat", text)));
        let (_, shown) = show(std::slice::from_ref(&source), &options);
        all.extend(
            shown.iter().flat_map(|one| &one.settings).map(|s| ("show", format!("{} = {}", s.path.join("."), s.value))),
        );
        all.push(("symbols", format!("{:?}", ide::symbols(&source, &options))));
    }
    all
}

fn sentences(report: &Report) -> impl Iterator<Item = String> {
    report.findings.iter().flat_map(|finding| {
        let mut all = vec![finding.message.clone(), finding.why.clone(), finding.help.clone(), finding.scope.clone()];
        all.extend(finding.keys.iter().cloned());
        all.extend(finding.labels.iter().map(|label| label.text.clone()));
        all.extend(finding.fixes.iter().map(|fix| fix.title.clone()));
        all
    })
}

#[track_caller]
fn hides(path: &str, text: &str) {
    assert!(text.contains(MARK), "no secret in {text}");
    for (output, printed) in outputs(path, text) {
        assert!(!printed.contains(MARK), "{output} shows a secret of\n{text}\n{printed}");
    }
}

/// `PREFIX` + case, for cases that differ in their end alone.
fn all_hidden(path: &str, prefix: &str, cases: &[&str]) {
    for case in cases {
        hides(path, &format!("{prefix}{case}"));
    }
}

#[test]
fn passwords_of_registries() {
    all_hidden(
        CONTAINERD,
        V2,
        &[
            ".configs.\"r.io\".auth]\n  password = '''Qx7\nQx7 two'''\n",
            ".configs.\"r.io\".auth]\n  password = \"\"\"\nQx7\n  Qx7 two\"\"\"\n",
            ".configs.\"r.io\".auth]\n  password = \"\"\"Qx7\n",
            ".configs.\"r.io\".auth]\r\n  password = \"Qx7\"\r\n  username = 1\r\n",
            ".configs.\"r.io\".auth]\n  \"password\" = \"Qx7 with # sign\"\n",
            ".configs.\"r.io\".auth]\n  passwrd = \"Qx7\"\n  Password = \"Qx7\"\n",
            ".configs.\"r.io\".auth]\n  auth = 'Qx7=='\n  auth = \"Qx7 # token Qx7b\"\n",
            ".configs.\"r.io\".auth]\n  whatever = \"Qx7\"\n",
            ".configs]\n  \"r.io\" = { auth = { username = \"u\", password = \"Qx7\", x = [\"Qx7\"] } }\n",
            ".configs]\n  \"r.io\".auth.password = \"Qx7\"\n",
            ".configs.\"r.io\".auth]\n  password = Qx7 with words\n",
            ".configs.\"r.io\".auth]\n  password \"Qx7\"\n  password = \n",
            ".configs.\"r.io\".auth]\n  identitytoken : Qx7\n",
            ".auths.\"https://r.io\"]\n  password = \"Qx7\"\n[[x]]\n",
            ".headers]\n  X-Anything = [\"Qx7\"]\n  Y = \"Qx7\"\n",
            ".headers]\n  X = [\"Qx7 and a\", 'b Qx7'\n",
            ".mirrors.\"r.io\"]\n  endpoint = \"https://u:Qx7@m.io\"\n",
            ".mirrors.\"r.io\"]\n  endpoint = [\"https://u:Qx7 and words@m.io\", \"https://u:p@Qx7@m.io\", \"ftp://:Qx7@h\"]\n",
            ".mirrors.\"https://u:Qx7@m.io\"]\n  endpoint = []\n",
        ],
    );
    // A password that is one escaped letter away from its key's word.
    hides(CONTAINERD, &format!("{V2}.configs.\"r.io\".auth]\n  password = \"Qx7\\u0041\\\"b\"\n  username = 1\n"));
}

#[test]
fn a_password_with_escapes_is_known_as_the_daemon_reads_it() {
    let text = format!("{V2}.configs.\"r.io\".auth]\n  password = [\"\\u0051x7 a\", 1]\n");
    for (output, printed) in outputs(CONTAINERD, &text) {
        assert!(!printed.contains(MARK) && !printed.contains("\\u0051x7"), "{output} shows a secret: {printed}");
    }
    let text = "{\"proxies\": {\"http-proxy\": [\"http:\\/\\/u:\\u0051x7\\u0040h\"]}}\n";
    for (output, printed) in outputs(DOCKER, text) {
        assert!(!printed.contains(MARK) && !printed.contains("\\u0051x7"), "{output} shows a secret: {printed}");
    }
}

#[test]
fn secrets_elsewhere_in_containerd() {
    all_hidden(
        CONTAINERD,
        "version = 3\n",
        &[
            "[stream_processors.x]\n  env = [\"FOO=Qx7\", \"Qx7\"]\n  args = [\"--api-key\", \"Qx7\", \"--password=Qx7\"]\n",
            "[plugins.\"io.containerd.internal.v1.mine\"]\n  api_key = \"Qx7\"\n  access-key = \"Qx7\"\n  client_secret = 'Qx7'\n",
            "[plugins.\"io.containerd.internal.v1.mine\".credentials]\n  one = \"Qx7\"\n  two = { three = [\"Qx7\"] }\n",
            "[proxy_plugins.x]\n  address = \"u:Qx7@h\"\n  type = 1\n",
            "# Authorization: Bearer Qx7abc.def\n[grpc]\n  uid = \"x\"\n",
            "# curl -H 'Authorization: Basic Qx7' https://h\ngrpc = 1\n",
            "# token Qx7abc\n# the password is Qx7-1\n# https://u:Qx7@h/x\nfoo = 1 # secret: Qx7 and more\n",
            "[debug]\n  private_key = \"\"\"-----BEGIN PRIVATE KEY-----\nQx7\n-----END PRIVATE KEY-----\"\"\"\n  level = 1\n",
            "[debug]\n  x = \"\"\"\n-----BEGIN RSA PRIVATE KEY-----\nQx7\nQx7\n",
            "[debug]\n  x = 'eyJQx7hbGciOi.eyJQx7zdWIi.Qx7'\n  address = 'http://h/?access_token=Qx7&x=1'\n",
            "[debug\n  token = \"Qx7\n  [x]\npassword = 'Qx7\n",
            "debug = { token = \"Qx7\", secret = \"Qx7\"\n",
            "password = [\n  \"Qx7\",\n  'Qx7',\n]\n",
        ],
    );
    all_hidden(
        HOSTS,
        "",
        &[
            "[host.\"https://m.io\".header]\n  x = \"Qx7\"\n  y = { z = \"Qx7\" }\n  n = [[\"Qx7\"]]\n",
            "[host.\"https://m.io\"]\n  header = [\"Authorization: Qx7\"]\n",
            "[host.\"https://m.io\"]\n  header = \"Authorization: Qx7\"\n",
            "server = \"https://u:Qx7@r.io\"\nservr = \"https://u:Qx7@r.io\"\n",
            "[host.\"https://u:Qx7@m.io/v2\"]\n  capabilities = [\"Pull\"]\n  ca = 1\n",
            "[header]\n  Cookie = [\"a=Qx7; b=Qx7\"]\n  X-Auth-Token = \"Qx7\n",
        ],
    );
}

#[test]
fn secrets_of_docker() {
    all_hidden(
        DOCKER,
        "",
        &[
            "{\"auths\": {\"https://index.docker.io/v1/\": {\"auth\": \"Qx7\", \"identitytoken\": \"Qx7\"}}, \"credsStore\": \"x\"}",
            "{\"HttpHeaders\": {\"X-Meta\": \"Qx7\"}}",
            "{\"proxies\": {\"http-proxy\": \"u:Qx7@p:3128\", \"no-proxy\": 1}}",
            "{\"proxies\": {\"http-proxy\": \"http://u:Qx7@p:3128\"\n \"https-proxy\": \"http://u:Qx7@p\"",
            "{\"log-driver\": \"logentries\", \"log-opts\": {\"logentries-token\": \"Qx7\"}}",
            "{\"log-driver\": \"gelf\", \"log-opts\": {\"gelf-address\": \"udp://u:Qx7@h\", \"env\": 1}}",
            "{\"log-driver\": \"splunk\", \"log-opts\": [\"splunk-token=Qx7\"]}",
            "{\"log-driver\": \"splunk\", \"log-opts\": \"splunk-token=Qx7\"}",
            "{\"log-opt\": {\"splunk-token\": \"Qx7\"}}",
            "{\"storage-opts\": [\"s3.secretkey=Qx7\", \"x.access_key=Qx7\"]}",
            "{\"cluster-store-opts\": {\"kv.password\": [\"Qx7\"]}}",
            "{\"cluster-advertise\": \"u:Qx7@h\"}",
            "{\"labels\": [\"a=b\", \"api_key=Qx7\", \"Qx7\"]}",
            "{\"labels\": {\"secret\": \"Qx7\"}}",
            "{\"runtimes\": {\"x\": {\"path\": \"/x\", \"runtimeArgs\": [\"--token\", \"Qx7\", \"-password=Qx7\"]}}}",
            "{\"runtimes\": {\"x\": {\"env\": {\"AWS_SECRET_ACCESS_KEY\": \"Qx7\"}}}}",
            "{\"env\": [{\"name\": \"DB_PASSWORD\", \"value\": \"Qx7\"}]}",
            "{\"default-network-opts\": {\"bridge\": {\"token\": \"Qx7\"}}}",
            "{\"registry-mirrors\": \"https://u:Qx7@m.io\"}",
            "{\"registry-mirrors\": [\"https://m.io/?password=Qx7&x=1\", \"https://u:Qx7/with/slash@m.io\", \"//u:Qx7@m.io\"]}",
            "{\"insecure-registries\": [\"http://Qx70123456789abcdef@m.io\"]}",
            "{'password': 'Qx7', token: 'Qx7', \"secret\": Qx7}",
            "{\"debug\": true, // token: Qx7\n \"x\": 1}",
            "{\"debug\": true, \"password\": \"Qx7}",
            "{\"password\" \"Qx7\", \"auth\" = \"Qx7\"}",
            "{\"password\": 1, \"password\": \"Qx7\", \"Password\": \"Qx7\"} {\"token\": \"Qx7\"}",
            "{\"token\": \"Qx7\\\"Qx7b\", \"a\": \"\\\"token\\\": \\\"Qx7\\\"\"}",
            "\u{feff}{\"identity-token\": \"Qx7\",}\r\n",
            "[\"--password\", \"Qx7\"]",
        ],
    );
}

#[test]
fn secrets_of_the_kubelet() {
    all_hidden(
        KUBELET,
        K,
        &[
            "staticPodURLHeader:\n  X-Any: [\"Qx7\"]\n  Y:\n  - Qx7\n  - 'Qx7'\n",
            "staticPodURLHeader: {Authorization: [Bearer Qx7]}\n",
            "staticPodURLHeader:\n- Authorization=Qx7\n",
            "staticPodURLHeader:\n  Authorization: |\n    Bearer Qx7\n    Qx7\n",
            "staticPodURLHeader:\n  Authorization: >-\n    Bearer\n    Qx7\n",
            "staticPodURLHeader:\n  Authorization: [\"Bearer Qx7\n",
            "staticPodURL: https://u:Qx7@h/p?token=Qx7\nstaticPodUrl: https://u:Qx7@h\n",
            "bootstrapToken: Qx7\nbootstrap-token: \"Qx7\"\n",
            "password: |\n  Qx7\n  Qx7 two\nport: x\n",
            "password: Qx7 # Qx7\n\ttoken: Qx7\n",
            "token: &a Qx7\nother: *a\n",
            "? token\n: Qx7\n",
            "authentication:\n  webhook:\n    token: Qx7\n",
            "# token: Qx7\n# --token=Qx7\nport: x\n",
            "env:\n- name: TOKEN\n  value: Qx7\n- {name: PASSWORD, value: 'Qx7'}\n",
            "tracing:\n  endpoint: \"u:Qx7@h:4317\"\n",
            "containerRuntimeEndpoint: unix://u:Qx7@/run/x.sock\n",
            "password: Qx7\r\nport: x\r\n",
            "secrets: [Qx7, {a: Qx7}]\n",
        ],
    );
    hides(KUBELET, &format!("{K}--- \n{K}token: Qx7\n---\npassword: Qx7\n"));
    let map = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: kubelet-config\ndata:\n  password: Qx7\n  kubelet: |\n    \
               apiVersion: kubelet.config.k8s.io/v1beta1\n    kind: KubeletConfiguration\n    staticPodURLHeader:\n      \
               X: [\"Qx7\"]\n    tokn: Qx7\n";
    hides("/tmp/kubelet-config.yaml", map);
    let kubeadm = format!(
        "apiVersion: kubeadm.k8s.io/v1beta4\nkind: InitConfiguration\nbootstrapTokens:\n- token: Qx7\nnodeRegistration:\n  \
         kubeletExtraArgs:\n  - name: bootstrap-token\n    value: Qx7\ncertificateKey: x\n---\n{K}"
    );
    hides("/tmp/kubeadm.yaml", &kubeadm);
    all_hidden(
        CRICTL,
        "runtime-endpoint: unix:///run/containerd/containerd.sock\n",
        &[
            "auth: u:Qx7\n",
            "creds: u:Qx7@h\ntimeout: x\n",
            "image-endpoint: tcp://u:Qx7@h:1\n",
            "registry-token: 'Qx7\n",
        ],
    );
}

#[test]
fn secrets_in_command_lines() {
    all_hidden(
        UNIT,
        "[Service]\n",
        &[
            "ExecStart=\nExecStart=/usr/bin/kubelet --token Qx7 --manifest-url-header 'X:Qx7' --wrong\n",
            "ExecStart=/usr/bin/kubelet \\\n  --token \\\n  Qx7 \\\n  --password=\"Qx7 a\" \\\n  --api-key='Qx7'\n",
            "ExecStart=/bin/sh -c \"exec kubelet --token=Qx7 --x\"\n",
            "ExecStart=/usr/bin/kubelet --storage-driver-password Qx7 --storage-driver-password=Qx7\n",
            "Environment=KUBELET_EXTRA_ARGS=--token=Qx7\nEnvironment=\"A=b\" \"DB_PASSWORD=Qx7 x\" 'TOKEN=Qx7'\n",
            "Environment=PASSWORD=Qx7 SECRET_KEY=Qx7\n# PASSWORD=Qx7\n; token=Qx7\n",
            "Environment=\"CONFIG={\\\"auth\\\": \\\"Qx7\\\"}\"\n",
            "SetCredential=token:Qx7\nPassword=Qx7\n",
            "ExecStartPre=/usr/bin/curl -H \"Authorization: Bearer Qx7\" https://u:Qx7@h\n",
            "ExecStart=/usr/bin/kubelet --token=\"Qx7\nport\n",
        ],
    );
    all_hidden(
        DOCKER_UNIT,
        "[Service]\n",
        &[
            "Environment=\"HTTP_PROXY=http://u:Qx7@p:3128\" HTTPS_PROXY=u:Qx7@p\nEnvironment=NO_PROXY=x\n",
            "ExecStart=/usr/bin/dockerd --log-opt splunk-token=Qx7 --cluster-store-opt=kv.password=Qx7 --label token=Qx7\n",
            "ExecStart=/usr/bin/dockerd --registry-mirror https://u:Qx7@m --http-proxy u:Qx7@p -H tcp://u:Qx7@0.0.0.0:1\n",
        ],
    );
    all_hidden(
        ENV,
        "",
        &[
            "KUBELET_EXTRA_ARGS=\"--token Qx7\"\nTOKEN=Qx7\nexport API_KEY='Qx7'\n",
            "KUBELET_EXTRA_ARGS=--manifest-url=https://u:Qx7@h\nHTTP_PROXY=\"http://u:Qx7@p\n",
            "#TOKEN=Qx7\nKUBELET_EXTRA_ARGS=--manifest-url-header=Authorization:Qx7,X:Qx7\n",
            "KUBELET_EXTRA_ARGS=x\nHTTP_PROXY=http://u:Qx7@h",
            "KUBELET_EXTRA_ARGS=\"--password=Qx7\" \\\n\"--token=Qx7\"\n",
        ],
    );
}

#[test]
fn a_long_secret_is_hidden_where_a_sentence_cuts_it_short() {
    let secret = format!("Qx7{}", "a1B2-".repeat(40));
    for (path, text) in [
        (CONTAINERD, format!("{V2}.configs.\"r.io\".auth]\n  password = [\"{secret}\"]\n  auth = {secret}\n")),
        (CONTAINERD, format!("{V2}.configs.\"r.io\".auth]\n  password = \"{secret}\n  identitytoken '{secret}'\n")),
        (CONTAINERD, format!("{V2}.mirrors.\"r.io\"]\n  endpoint = \"https://user:{secret}@m.io\"\n")),
        (HOSTS, format!("[host.\"https://m.io\".header]\n  x = [1, \"{secret}\"]\n")),
        (DOCKER, format!("{{\"proxies\": {{\"http-proxy\": [\"http://user:{secret}@p\"]}}, \"token\" \"{secret}\"}}")),
        (DOCKER, format!("{{\"log-opts\": [\"splunk-token={secret}\"], \"password\": '{secret}'")),
        (
            KUBELET,
            format!("{K}staticPodURLHeader: \"Bearer {secret}\"\npassword: {secret}: {secret}\n\ttoken: {secret}\n"),
        ),
        (UNIT, format!("[Service]\nExecStart=/usr/bin/kubelet --token={secret} --register-node=x token:{secret}\n")),
        (CRICTL, format!("runtime-endpoint: tcp://user:{secret}@h\nauth: [{secret}\n")),
    ] {
        hides(path, &text);
    }
}

#[test]
fn a_short_password_is_hidden_where_it_is_quoted() {
    let text = format!("{V2}.mirrors.\"r.io\"]\n  endpoint = [\"https://u:a@m.io\"]\n  password = [\"a\"]\n");
    let printed = outputs(CONTAINERD, &text);
    assert!(printed.iter().all(|(_, printed)| !printed.contains(":a@") && !printed.contains("\"a\"")), "{printed:?}");
    assert!(printed.iter().any(|(_, printed)| printed.contains(" a ")), "words stay");
}

#[test]
fn a_secret_of_one_file_is_hidden_in_the_findings_of_another() {
    let main = "version = 2\nimports = [\"/etc/containerd/conf.d/*.toml\"]\n[plugins.\"io.containerd.grpc.v1.cri\".registry.configs.\"https://u:Qx7@r.io\".auth]\n  password = \"Qx7b\"\n";
    let other = "version = 2\n[plugins.\"io.containerd.grpc.v1.cri\".registry.configs.\"https://u:Qx7@r.io\".auth]\n  password = \"Qx7c\"\n";
    let sources = [
        Source { path: CONTAINERD, text: main, ..Source::default() },
        Source { path: "/etc/containerd/conf.d/x.toml", text: other, ..Source::default() },
    ];
    let report = check(&sources, &Options::default());
    assert!(!report.findings.is_empty());
    assert!(sentences(&report).all(|text| !text.contains(MARK)));
}

#[test]
fn words_beside_a_secret_stay() {
    let text = "[Service]\nExecStart=/usr/bin/dockerd --bip x --log-opt splunk-token=Qx7 --label a=b y\n";
    let source = Source { path: DOCKER_UNIT, text, ..Source::default() };
    let report = check(std::slice::from_ref(&source), &Options::default());
    let masked = report.secrets.source(0, text).unwrap();
    assert_eq!(masked.text, text.replace("Qx7", "***"));
}

#[test]
fn edits_are_never_masked() {
    let text = "{\"http-proxy\": \"http://u:Qx7@p:3128\"}\n";
    let source = Source { path: DOCKER, text, ..Source::default() };
    let report = check(std::slice::from_ref(&source), &Options::default());
    let edits = report.findings.iter().flat_map(|finding| &finding.fixes).flat_map(|fix| &fix.edits);
    assert!(edits.clone().any(|edit| edit.text.contains("http://u:Qx7@p:3128")));
    assert!(edits.clone().all(|edit| report.secrets.shows(0, &edit.text) || !edit.text.contains(MARK)));
}

#[test]
fn show_reveals_secrets_when_asked() {
    let text = format!("{V2}.configs.\"r.io\".auth]\n  username = \"me\"\n  password = \"Qx7\"\n");
    let source = Source { path: CONTAINERD, text: &text, ..Source::default() };
    let values = |all: Vec<crilint_core::show::Shown>| {
        let settings = all.into_iter().flat_map(|shown| shown.settings);
        let written = settings.filter(|s| matches!(s.path.last().map(String::as_str), Some("password" | "username")));
        written.map(|setting| setting.value).collect::<Vec<_>>()
    };
    let sources = std::slice::from_ref(&source);
    assert_eq!(values(show(sources, &Options::default()).1), ["\"***\"", "\"me\""]);
    assert_eq!(values(reveal(sources, &Options::default()).1), ["\"Qx7\"", "\"me\""]);
}

#[track_caller]
fn is_shown_as_is(path: &str, text: &str) {
    let source = Source { path, text, ..Source::default() };
    let report = check(std::slice::from_ref(&source), &Options::default());
    let spans: Vec<_> = report.secrets.spans(0).iter().map(|span| span.of(text)).collect();
    assert!(spans.is_empty(), "{path}: masked {spans:?} in\n{text}");
    let (_, shown) = show(std::slice::from_ref(&source), &Options::default());
    let (_, revealed) = reveal(std::slice::from_ref(&source), &Options::default());
    assert_eq!(shown, revealed);
}

#[test]
fn what_is_not_a_secret_is_shown() {
    for (path, text) in [
        (
            CONTAINERD,
            "version = 2\n[plugins.\"io.containerd.grpc.v1.cri\".registry.configs.\"r.io\".tls]\n  key_file = \"/etc/x.key\"\n  ca_file = \"ca\"\n",
        ),
        (
            CONTAINERD,
            "version = 2\n[plugins.\"io.containerd.grpc.v1.cri\".registry.configs.\"r.io\".auth]\n  username = \"me\"\n",
        ),
        (
            CONTAINERD,
            "version = 2\n[plugins.\"io.containerd.grpc.v1.cri\".x509_key_pair_streaming]\n  tls_key_file = \"k\"\n",
        ),
        (
            CONTAINERD,
            "# authentication: see the page on tokens\n# a token is read from a file\n# password managers: none\nversion = 2\n",
        ),
        (
            CONTAINERD,
            "version = 3\n[stream_processors.x]\n  env = [\"OCICRYPT_KEYPROVIDER_CONFIG=/etc/containerd/ocicrypt/ocicrypt_keyprovider.conf\"]\n  args = [\"--decryption-keys-path\", \"/etc/containerd/ocicrypt/keys\"]\n",
        ),
        (
            CONTAINERD,
            "version = 3\n[plugins.\"io.containerd.cri.v1.images\".pinned_images]\n  sandbox = \"registry.k8s.io/pause:3.10@sha256:7c38f24774e3cbd906d2d33c38354ccf787635581c122965132c9bd309754d4a\"\n",
        ),
        (
            CONTAINERD,
            "version = 3\n[plugins.\"io.containerd.cri.v1.images\".pinned_images]\n  sandbox = \"ghcr.io/org/auth:v1.2.3\"\n",
        ),
        (
            HOSTS,
            "server = \"https://r.io\"\n[host.\"https://m.io\"]\n  client = [[\"/etc/c.cert\", \"/etc/c.key\"]]\n  ca = \"/etc/ca.crt\"\n",
        ),
        (
            DOCKER,
            "{\"tlskey\": \"/etc/docker/key.pem\", \"authorization-plugins\": [\"authz\"], \"insecure-registries\": [\"auth:5000\", \"token.example:443\"]}",
        ),
        (
            DOCKER,
            "{\"credsStore\": \"pass\", \"credHelpers\": {\"r.io\": \"ecr-login\"}, \"log-driver\": \"splunk\", \"log-opts\": {\"splunk-insecureskipverify\": \"true\", \"splunk-caname\": \"x\", \"splunk-url\": \"https://s:8088\"}}",
        ),
        (DOCKER, "{\"api-cors-header\": \"*\", \"labels\": [\"a=b\", \"c\"], \"hosts\": [\"tcp://127.0.0.1:2375\"]}"),
        (
            DOCKER,
            "{\"proxies\": {\"http-proxy\": \"http://${PROXY_USER}:${PROXY_PASSWORD}@p:3128\", \"no-proxy\": \"*.example\"}}",
        ),
        (
            KUBELET,
            &format!(
                "{K}serverTLSBootstrap: true\nauthentication:\n  anonymous:\n    enabled: false\n  x509:\n    clientCAFile: /etc/kubernetes/pki/ca.crt\nauthorization:\n  mode: Webhook\n  webhook:\n    cacheAuthorizedTTL: 0s\ntlsPrivateKeyFile: /k\nregisterWithTaints:\n- key: node.example/x\n  value: \"true\"\n  effect: NoSchedule\n"
            ),
        ),
        (
            KUBELET,
            &format!(
                "{K}auth:\n  enabled: false\n  mode: basic\ntokenFile: /var/run/token\npasswordFile: p\nanonymousAuth: false\nauthorizationMode: Webhook\n"
            ),
        ),
        (
            KUBELET,
            &format!(
                "{K}configMapAndSecretChangeDetectionStrategy: Watch\nconfigMapAndSecretChangeDetectionStrateg: Watch\n"
            ),
        ),
        (
            UNIT,
            "[Service]\nExecStart=/usr/bin/kubelet --anonymous-auth=false --authorization-mode=Webhook --authentication-token-webhook --tls-private-key-file=/k --token=$TOKEN --bootstrap-kubeconfig /etc/x --kubeconfig=/etc/y\nLoadCredential=token:/etc/token\nEnvironmentFile=-/etc/token.env\n",
        ),
        (
            UNIT,
            "[Unit]\nDescription=Token and password service\nAfter=auth@x.service\n[Service]\nUser=secret\nExecStart=/usr/bin/kubelet --docker-tls-key=key.pem --google-json-key ./x.json\n",
        ),
        (
            ENV,
            "KUBELET_EXTRA_ARGS=\"--anonymous-auth true --image-credential-provider-config=c.yaml --node-labels=token.example/a=b\"\n",
        ),
        (
            CRICTL,
            "runtime-endpoint: unix:///run/containerd/containerd.sock\ntimeout: 10\ndebug: false\npull-image-on-create: false\n",
        ),
    ] {
        is_shown_as_is(path, text);
    }
}

/// What the examples of rules hold for secrets, and nothing else.
#[test]
fn the_examples_of_rules_are_shown_as_they_are() {
    let mut masked = vec![];
    for rule in RULES {
        let name = format!("src/rules/{}/{}.rs", group_of(rule), rule.id.replace('-', "_"));
        let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap();
        for example in examples(&header(&text)) {
            let sources = example.sources();
            let report = check(&sources, &Options::default());
            for (file, source) in sources.iter().enumerate() {
                let spans = report.secrets.spans(file).iter();
                masked.extend(spans.map(|span| format!("{}: {}", rule.id, span.of(source.text))));
            }
        }
    }
    masked.sort();
    masked.dedup();
    insta::with_settings!({ snapshot_path => "../../snapshots/core", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("secrets-in-the-examples", masked.join("\n"));
    });
}

#[test]
fn secrets_in_rarer_forms() {
    all_hidden(
        KUBELET,
        K,
        &[
            "password: Qx7\n  Qx7b\nport: x\n",
            "password: \"Qx7\n  Qx7b\"\nport: x\n",
            "password: !!str Qx7\nport: x\n",
            "password: !!binary |\n  Qx7\nport: x\n",
            "x: &x\n  token: Qx7\ny:\n  <<: *x\n",
            "password: [[Qx7], {a: [Qx7]}]\n",
            "{token: Qx7, port: x}\n",
            "\"password\" : 'Qx7'\n'token': \"Qx7\"\n",
            "# HTTP_PROXY=http://u:Qx7@p\n#export TOKEN=\"Qx7\"\n# pwd: Qx7\n# password is 'Qx7 a'\nport: x\n",
            "evictionHard:\n  token: Qx7\n",
            "featureGates:\n  password: Qx7\n",
            "nodeStatusUpdateFrequency: \"token=Qx7\"\n",
        ],
    );
    hides(
        "/var/lib/kubelet/config.json",
        "{\"kind\": \"KubeletConfiguration\", \"apiVersion\": \"kubelet.config.k8s.io/v1beta1\", \"staticPodURLHeader\": {\"X\": [\"Qx7\"]}, \"token\": \"Qx7\", \"port\": \"x\"}",
    );
    all_hidden(
        CONTAINERD,
        "version = 2\n",
        &[
            "[x]\n  password.value = \"Qx7\"\n  token = 2024-01-01 # Qx7\n".replace("# Qx7", "# token=Qx7").as_str(),
            "[[x.auth]]\n  password = \"Qx7\"\n[[x.auth]]\n  foo = 'Qx7'\n",
            "[[plugins.x.credentials]]\n  registry = \"r\"\n  data = \"Qx7\"\n",
            "[plugins.\"io.containerd.grpc.v1.cri\".registry.configs.\"r.io\".auth]\n  password = {{ .Password }}Qx7\n  token = \"Qx7{{ if .x }}\"\n{{ end }}\n",
            "[plugins.\"io.containerd.grpc.v1.cri\".registry.configs.\"r.io\".auth\n  password = \"Qx7\"\n",
            "[plugins.\"io.containerd.grpc.v1.cri\".registry.configs.\"r.io\".auth]\n  password = \"Qx7\", auth = \"Qx7\"\n",
            "[plugins.\"io.containerd.grpc.v1.cri\".registry.configs.\"r.io\".auth]\n  password := \"Qx7\"\n  auth => 'Qx7'\n  token == \"Qx7\"\n",
            "[plugins.\"io.containerd.grpc.v1.cri\".registry.configs.\"r.io\".auth]\n  password = \u{201c}Qx7\u{201d}\n",
            "plugins.\"io.containerd.grpc.v1.cri\".registry.configs.\"r.io\".auth.password = \"Qx7\"\n",
        ],
    );
    all_hidden(
        DOCKER,
        "",
        &[
            "{/* \"password\": \"Qx7\" */ \"debug\": 1}",
            "{\"debug\": 1, // \"auth\": \"Qx7\",\n# token: Qx7\n\"x\": 1}",
            "{\"password\":[[\"Qx7\"],{\"a\":\"Qx7\"}],\"debug\":1}",
            "{\"auths\": [\"Qx7\"], \"Token\": \"Qx7\", \"PASSWORD\": 1}",
            "{\"exec-opts\": [\"password=Qx7\"], \"dns-opts\": [\"token:Qx7\"]}",
            "{\"exec-opts\": [\"native.token=Qx7\"], \"debug\": \"https://u:Qx7@h\"}",
            "{\"debug\": true,\n \"registry-mirrors\": [\n  \"https://u:Qx7@m.io\n ]\n}",
            "{\"log-opts\": {\"splunk-token\": Qx7}}",
            "{\"registry-mirrors\": [\"https://u:a'Qx7@m.io\", \"u:a'Qx7@m.io\"], \"debug\": 1}",
        ],
    );
    all_hidden(
        UNIT,
        "[Service]\n",
        &[
            "ExecStart=/usr/bin/kubelet -token=Qx7 --auth-token='Qx7' --token \"Qx7\" --node-labels=token=Qx7,a=b\n",
            "ExecStart=/usr/bin/kubelet --token=a'Qx7 --password=a\\Qx7 --api-key=a&Qx7 --wrong\n",
            "ExecStart=/usr/bin/env TOKEN=Qx7 /usr/bin/kubelet --header=Authorization=Qx7\n",
            "ExecStart=/usr/bin/docker run -e DB_PASSWORD=Qx7 --env=API_TOKEN=Qx7 x\nExecStop=/usr/bin/kubelet --wrong\n",
            "Environment=A=b TOKEN=\"Qx7 x\"\nEnvironment='SECRET=Qx7\nEnvironment=C\n",
            "Environment=\\\n  TOKEN=Qx7 \\\n  \"PASSWORD=Qx7\"\n",
        ],
    );
}

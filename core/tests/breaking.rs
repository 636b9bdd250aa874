//! Effects that the verdict on a daemon does not show: the daemon runs, and everything of a scope fails.

#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

use crilint_core::engine::Options;
use crilint_core::finding::{Effect, Severity};
use crilint_core::{Source, Verdict, check, compat};

const CONTAINERD: &str = "/etc/containerd/config.toml";
const HOSTS: &str = "/etc/containerd/certs.d/docker.io/hosts.toml";
const DOCKER: &str = "/etc/docker/daemon.json";
const KUBELET: &str = "/var/lib/kubelet/config.yaml";

/// A text, the releases that run with it, and what breaks there as `rule scope name`; nothing if all works.
struct Case {
    path: &'static str,
    text: &'static str,
    target: &'static str,
    verdict: Verdict,
    breaks: &'static str,
}

const CASES: &[Case] = &[
    Case {
        path: CONTAINERD,
        text: "version = 2\n[plugins.'io.containerd.grpc.v1.cri'.containerd.runtimes.gvisor]\nruntime_path = '/x'\n",
        target: "containerd=2.0..2.3",
        verdict: Verdict::Accepted,
        breaks: "runtime-type-missing runtime-handler gvisor",
    },
    Case {
        path: CONTAINERD,
        text: "version = 2\n[plugins.'io.containerd.grpc.v1.cri'.containerd.runtimes.runc]\nruntime_type = 'io.containerd.runc.v1'\n",
        target: "containerd=2.0..2.3",
        verdict: Verdict::Accepted,
        breaks: "runtime-type-removed runtime-handler runc",
    },
    // Only deprecated there.
    Case {
        path: CONTAINERD,
        text: "version = 2\n[plugins.'io.containerd.grpc.v1.cri'.containerd.runtimes.runc]\nruntime_type = 'io.containerd.runc.v1'\n",
        target: "containerd=1.7",
        verdict: Verdict::Accepted,
        breaks: "",
    },
    Case {
        path: CONTAINERD,
        text: "version = 2\n[plugins.'io.containerd.grpc.v1.cri'.containerd.runtimes.'my.runc']\nruntime_type = 'io.containerd.runc.v2'\n[plugins.'io.containerd.grpc.v1.cri'.containerd.runtimes.'my.runc'.options]\nSystemdCgroup = 'true'\n",
        target: "containerd=2.0..2.3",
        verdict: Verdict::Accepted,
        breaks: "key-wrong-type runtime-handler my.runc",
    },
    Case {
        path: CONTAINERD,
        text: "version = 2\n[plugins.'io.containerd.grpc.v1.cri'.containerd.runtimes.kata]\nruntime_type = 'io.containerd.kata.v2'\nsnapshotter = 'devmaper'\n",
        target: "containerd=2.0..2.3",
        verdict: Verdict::Accepted,
        breaks: "snapshotter-unknown runtime-handler kata",
    },
    // The default of the key, which stands for the snapshotter of CRI.
    Case {
        path: CONTAINERD,
        text: "version = 2\n[plugins.'io.containerd.grpc.v1.cri'.containerd.runtimes.kata]\nruntime_type = 'io.containerd.kata.v2'\nsnapshotter = ''\n",
        target: "containerd=2.3",
        verdict: Verdict::Accepted,
        breaks: "",
    },
    Case {
        path: CONTAINERD,
        text: "version = 2\n[plugins.\"io.containerd.grpc.v1.cri\".containerd.runtimes.runc]\n  runtime_type = \"io.containerd.runc.v2\"\n[plugins.\"io.containerd.grpc.v1.cri\".containerd.runtimes.gvisor]\n  runtime_type = \"runsc\"\n",
        target: "containerd=1.7..2.3",
        verdict: Verdict::Accepted,
        breaks: "runtime-type-malformed runtime-handler gvisor",
    },
    Case {
        path: CONTAINERD,
        text: "version = 2\n[plugins.\"io.containerd.grpc.v1.cri\".containerd.runtimes.runc]\n  runtime_type = \"io.containerd.runc.v2\"\n[plugins.\"io.containerd.grpc.v1.cri\".containerd.runtimes.crun]\n  runtime_type = \"crun.v1\"\n",
        target: "containerd=1.7..2.3",
        verdict: Verdict::Accepted,
        breaks: "",
    },
    Case {
        path: CONTAINERD,
        text: "version = 2\n[plugins.\"io.containerd.grpc.v1.cri\".registry.mirrors.\"docker.io\"]\n  endpoint = [\"docker://mirror.example\"]\n",
        target: "containerd=1.7",
        verdict: Verdict::Accepted,
        breaks: "mirror-endpoint-invalid registry-host docker://mirror.example",
    },
    Case {
        path: CONTAINERD,
        text: "version = 2\n[plugins.\"io.containerd.grpc.v1.cri\".registry.mirrors.\"docker.io\"]\n  endpoint = [\"https://mirror.example:port\"]\n",
        target: "containerd=1.7",
        verdict: Verdict::Accepted,
        breaks: "mirror-endpoint-invalid registry-host docker.io",
    },
    Case {
        path: CONTAINERD,
        text: "version = 2\n[plugins.\"io.containerd.grpc.v1.cri\".registry.mirrors.\"docker.io\"]\n  endpoint = [\"mirror.example:5000\"]\n",
        target: "containerd=1.7",
        verdict: Verdict::Accepted,
        breaks: "",
    },
    Case {
        path: CONTAINERD,
        text: "version = 2\n[plugins.\"io.containerd.grpc.v1.cri\"]\n  sandbox_image = \"https://registry.example/pause:3.10\"\n",
        target: "containerd=1.7..2.3",
        verdict: Verdict::Accepted,
        breaks: "sandbox-image-invalid every-pod",
    },
    Case {
        path: CONTAINERD,
        text: "version = 2\n[plugins.\"io.containerd.grpc.v1.cri\"]\n  sandbox_image = \"registry.example/pause:3.10@sha256:0123456789012345678901234567890123456789012345678901234567890123\"\n",
        target: "containerd=1.7",
        verdict: Verdict::Accepted,
        breaks: "",
    },
    // CRI itself does not load: a verdict, not a break.
    Case {
        path: CONTAINERD,
        text: "version = 2\n[plugins.'io.containerd.grpc.v1.cri'.containerd]\nsnapshotter = 'overlay'\n",
        target: "containerd=1.7",
        verdict: Verdict::Failed,
        breaks: "",
    },
    Case {
        path: HOSTS,
        text: "[host.'https://mirror.example']\nclient = ['/c.crt', '/c.key']\n",
        target: "containerd=1.7..2.3",
        verdict: Verdict::Accepted,
        breaks: "hosts-client-not-paired registry-host docker.io",
    },
    Case {
        path: HOSTS,
        text: "[host.'https://mirror.example']\nca = ''\n",
        target: "containerd=1.7..2.3",
        verdict: Verdict::Accepted,
        breaks: "hosts-certificate-empty registry-host docker.io",
    },
    Case {
        path: HOSTS,
        text: "[host.'https:/mirror.example']\n",
        target: "containerd=1.7..2.3",
        verdict: Verdict::Ignored,
        breaks: "hosts-url-malformed registry-host https:/mirror.example",
    },
    Case {
        path: HOSTS,
        text: "[host.'https://mirror.example/v2/hub']\n",
        target: "containerd=1.7..2.3",
        verdict: Verdict::Accepted,
        breaks: "hosts-path-without-override registry-host https://mirror.example/v2/hub",
    },
    Case {
        path: HOSTS,
        text: "server = 'https://docker.io'\n",
        target: "containerd=2.0..2.3",
        verdict: Verdict::Accepted,
        breaks: "hosts-docker-io-server registry-host https://docker.io",
    },
    // The mirror answers.
    Case {
        path: HOSTS,
        text: "server = 'https://docker.io'\n[host.'https://mirror.example']\n",
        target: "containerd=2.0..2.3",
        verdict: Verdict::Accepted,
        breaks: "",
    },
    Case {
        path: DOCKER,
        text: r#"{"default-ulimits": {"nofile": {"Hard": 64000, "Soft": 64000}}}"#,
        target: "docker=28..29",
        verdict: Verdict::Accepted,
        breaks: "ulimit-inconsistent every-container",
    },
    Case {
        path: DOCKER,
        text: r#"{"log-driver": "json-log"}"#,
        target: "docker=28..29",
        verdict: Verdict::Accepted,
        breaks: "log-driver-unknown every-container",
    },
    Case {
        path: DOCKER,
        text: r#"{"log-opts": {"max-size": "ten"}}"#,
        target: "docker=28..29",
        verdict: Verdict::Accepted,
        breaks: "log-opt-invalid every-container",
    },
    Case {
        path: DOCKER,
        text: r#"{"log-opts": {"compress": "true"}}"#,
        target: "docker=28..29",
        verdict: Verdict::Accepted,
        breaks: "log-rotation-incomplete every-container",
    },
    Case {
        path: CONTAINERD,
        text: "version = 3\n[plugins.'io.containerd.cri.v1.images'.pinned_images]\nsandbox = 'pause:3.10'\n",
        target: "containerd=2.3.3",
        verdict: Verdict::Accepted,
        breaks: "sandbox-image-unnormalized every-pod",
    },
    Case {
        path: CONTAINERD,
        text: "version = 3\n[plugins.'io.containerd.cri.v1.images'.pinned_images]\nsandbox = 'pause:3.10'\n",
        target: "containerd=2.3.4",
        verdict: Verdict::Accepted,
        breaks: "",
    },
    Case {
        path: CONTAINERD,
        text: "version = 2\n[plugins.'io.containerd.grpc.v1.cri']\nsandbox_image = 'registry.k8s.io/pause:3.10@sha256:ee'\n",
        target: "containerd=2.2.7",
        verdict: Verdict::Accepted,
        breaks: "",
    },
    Case {
        path: CONTAINERD,
        text: "version = 2\n[plugins.'io.containerd.grpc.v1.cri']\nsandbox_image = 'registry.k8s.io/pause:3.10@sha256:ee'\n",
        target: "containerd=2.3.0",
        verdict: Verdict::Accepted,
        breaks: "sandbox-image-unnormalized every-pod",
    },
    // Without effect, and harmless to containers.
    Case {
        path: DOCKER,
        text: r#"{"log-opts": {"max-file": "3"}}"#,
        target: "docker=28..29",
        verdict: Verdict::Ignored,
        breaks: "",
    },
];

fn options(targets: &[&str]) -> Options {
    let mut options = Options::default();
    for target in targets {
        options.target.add(target).unwrap();
    }
    options
}

#[test]
fn what_breaks_stands_beside_the_verdict() {
    for case in CASES {
        let source = Source { path: case.path, text: case.text, ..Source::default() };
        let (report, all) = compat(&[source], &options(&[case.target]));
        for forecast in &all[0].forecasts {
            let release = &forecast.release;
            assert_eq!(forecast.verdict, case.verdict, "{release}: {}", case.text);
            let broken = forecast.breaks.iter().map(|number| {
                let finding = &report.findings[*number];
                let scope = finding.breaks_in(all[0].product, forecast.set.newest()).unwrap();
                format!("{} {} {}", finding.rule, scope.id(), finding.broken).trim_end().to_owned()
            });
            assert_eq!(broken.collect::<Vec<_>>().join(", "), case.breaks, "{release}: {}", case.text);
        }
    }
}

#[test]
fn what_breaks_is_an_error_behind_what_stops() {
    for case in CASES {
        let source = Source { path: case.path, text: case.text, ..Source::default() };
        let report = check(&[source], &options(&[case.target]));
        let errors: Vec<_> = report.findings.iter().filter(|f| f.scope_of_break().is_some()).collect();
        assert!(errors.iter().all(|finding| finding.severity == Severity::Error), "{}", case.text);
        assert_eq!(errors.is_empty(), case.breaks.is_empty(), "{}", case.text);
    }
    let text = r#"{"log-driver": "json-log", "max-concurrent-downloads": "3"}"#;
    let report = check(&[Source { path: DOCKER, text, ..Source::default() }], &options(&["docker=29"]));
    let rules: Vec<_> = report.findings.iter().map(|finding| finding.rule).collect();
    assert_eq!(rules[..2], ["directive-wrong-type", "log-driver-unknown"]);
}

#[test]
fn a_kubelet_on_cgroupfs_with_a_runtime_on_systemd_starts_no_pod() {
    let containerd = "version = 2\n[plugins.'io.containerd.grpc.v1.cri'.containerd.runtimes.runc]\n\
                      runtime_type = 'io.containerd.runc.v2'\n\
                      options = { SystemdCgroup = true }\n";
    let kubelet = "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\ncgroupDriver: cgroupfs\n";
    let sources = [
        Source { path: CONTAINERD, text: containerd, ..Source::default() },
        Source { path: KUBELET, text: kubelet, ..Source::default() },
    ];
    let report = check(&sources, &options(&["containerd=1.7", "kubernetes=1.34"]));
    let finding = report.findings.iter().find(|finding| finding.rule == "cgroup-driver-mismatch").unwrap();
    assert_eq!((finding.severity, finding.effect()), (Severity::Error, Effect::Harmful));
    assert_eq!(finding.scope_of_break().unwrap().describe(&finding.broken), "no pod starts");
    // The two agree by themselves there.
    let report = check(&sources, &options(&["containerd=2.1", "kubernetes=1.34"]));
    assert!(report.findings.iter().all(|finding| finding.rule != "cgroup-driver-mismatch"));
}

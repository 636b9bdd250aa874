//! `crilint diff`.

use crilint::compare::Comparison;
use crilint::show::SetBy;

use crate::sandbox::Sandbox;
use crate::snapshot;

const RELEASES: &str = "--target containerd=1.7 --target kubernetes=1.36 --target docker=28";
const KUBELET: &str = "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n";
const UNIT: &str = "[Service]\nExecStart=/usr/bin/containerd\n";

fn nodes() -> Sandbox {
    Sandbox::new(&[
        ("a/etc/containerd/config.toml", "version = 2\nroot = \"/data/c\"\n[grpc]\n  gid = 5\n"),
        ("a/usr/lib/systemd/system/containerd.service", UNIT),
        ("a/var/lib/kubelet/config.yaml", &format!("{KUBELET}maxPods: 60\ncgroupDriver: systemd\n")),
        ("a/var/lib/kubelet/kubeadm-flags.env", "KUBELET_KUBEADM_ARGS=\"--max-pods=70\"\n"),
        ("a/etc/docker/daemon.json", "{\"proxies\": {\"http-proxy\": \"http://me:hunter2@p\"}}"),
        ("b/etc/containerd/config.toml", "version = 2\n[grpc]\n  gid = 5\n"),
        ("b/usr/lib/systemd/system/containerd.service", UNIT),
        ("b/var/lib/kubelet/config.yaml", &format!("{KUBELET}maxPods: 60\ncgroupDriver: systemd\n")),
    ])
}

fn compare(sandbox: &Sandbox, arguments: &str) -> (u8, Comparison) {
    let run = sandbox.run(&format!("diff {arguments} --format json"));
    let comparison = serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {run}"));
    (run.code.try_into().unwrap(), comparison)
}

#[test]
fn differences_are_printed_with_their_origins() {
    snapshot!("diff-of-two-nodes", nodes().run(&format!("diff a b {RELEASES}")));
}

#[test]
fn what_is_the_same_has_exit_code_0_and_is_printed_when_asked() {
    let sandbox = nodes();
    let run = sandbox.run(&format!("diff a a {RELEASES}"));
    assert_eq!((run.code, run.stdout.lines().last()), (0, Some("no differences in 3 daemons")), "{run}");
    let (code, comparison) = compare(&sandbox, &format!("a a {RELEASES}"));
    assert!(code == 0 && comparison.same && comparison.daemons.iter().all(|daemon| daemon.settings.is_empty()));
    let (code, comparison) = compare(&sandbox, &format!("a a --all {RELEASES}"));
    assert!(code == 0 && comparison.daemons.iter().all(|daemon| daemon.settings.len() > 20));
}

#[test]
fn programs_get_both_values_and_what_sets_them() {
    let (code, comparison) = compare(&nodes(), &format!("a b {RELEASES}"));
    assert!(code == 1 && !comparison.same);
    let of = |program: &str| comparison.daemons.iter().find(|daemon| daemon.program == program).unwrap();
    let changed: Vec<&str> = of("containerd").settings.iter().map(|setting| setting.key.as_str()).collect();
    assert_eq!(changed, ["root"]);
    let pods = &of("kubelet").settings[0];
    let sides = [&pods.a, &pods.b].map(|value| value.as_ref().map(|value| (value.value.as_i64(), value.set_by)));
    assert_eq!(sides, [Some((Some(70), SetBy::Flag)), Some((Some(60), SetBy::File))]);
    assert!(of("dockerd").a.is_some() && of("dockerd").b.is_none());
}

#[test]
fn files_are_compared_whatever_their_names() {
    let sandbox = Sandbox::new(&[
        ("old.toml", "version = 2\nroot = \"/a\"\n"),
        ("new.toml", "version = 2\nroot = \"/b\"\n"),
        ("bad.toml", "version = 9\n"),
    ]);
    let (code, comparison) = compare(&sandbox, "old.toml new.toml --kind containerd --target containerd=1.7");
    assert_eq!((code, comparison.daemons.len(), comparison.daemons[0].settings[0].key.as_str()), (1, 1, "root"));
    // One of them keeps the daemon from starting.
    let run = sandbox.run("diff old.toml bad.toml --kind containerd --target containerd=2.2");
    assert!(run.code == 1 && run.stdout.contains("B: containerd 2.2 does not start: bad.toml:1: "), "{run}");
}

#[test]
fn each_side_may_have_releases_of_its_own() {
    let sandbox = nodes();
    let (code, comparison) =
        compare(&sandbox, "b b --target-a containerd=1.6 --target-b containerd=1.7 --target kubernetes=1.36");
    assert_eq!(code, 1);
    let changed = |key: &str| comparison.daemons[0].settings.iter().any(|setting| setting.key.ends_with(key));
    assert!(changed("sandbox_image") && changed("image_pull_progress_timeout"), "{comparison:#?}");
}

#[test]
fn a_secret_that_differs_is_reported_and_not_printed() {
    let daemon = |password: &str| format!("{{\"proxies\": {{\"http-proxy\": \"http://me:{password}@p\"}}}}");
    let sandbox = Sandbox::new(&[
        ("a/etc/docker/daemon.json", &daemon("hunter2")),
        ("b/etc/docker/daemon.json", &daemon("other3")),
    ]);
    for format in ["text", "json"] {
        let run = sandbox.run(&format!("diff a b --format {format}"));
        assert!(run.code == 1 && run.stdout.contains("http-proxy"), "{run}");
        assert!(!run.to_string().contains("hunter2") && !run.to_string().contains("other3"), "{run}");
    }
    assert!(sandbox.run("diff a b --reveal-secrets").stdout.contains("hunter2"));
}

#[test]
fn a_side_without_a_daemon_is_an_error() {
    let sandbox = Sandbox::new(&[("a/etc/docker/daemon.json", "{}"), ("b/etc/hosts", "")]);
    assert_eq!(sandbox.run("diff a b").code, 2);
    assert_eq!(sandbox.run("diff a none").code, 2);
    assert_eq!(sandbox.run("diff a").code, 2);
}

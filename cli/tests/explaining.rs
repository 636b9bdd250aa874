//! `explain` and `rules`, and what every program must answer.

use crate::sandbox::{Run, Sandbox};
use crate::snapshot;

fn explain(name: &str) -> Run {
    Sandbox::new(&[]).run(&format!("explain {name}"))
}

#[test]
fn a_rule_is_explained() {
    snapshot!("rule-is-explained", explain("stream-server-exposed"));
}

#[test]
fn keys_are_explained() {
    snapshot!("key-with-its-places-by-config-version-is-explained", explain("SystemdCgroup"));
    snapshot!("key-with-its-defaults-by-release-is-explained", explain("sandbox_image"));
    snapshot!("deprecated-key-is-explained-by-the-end-of-its-path", explain("cni.bin_dir"));
    snapshot!("key-of-daemon-json-is-explained", explain("log-opts"));
    snapshot!("key-of-the-kubelet-is-explained", explain("evictionHard"));
    snapshot!("key-of-hosts-toml-is-explained", explain("capabilities"));
}

#[test]
fn flags_gates_and_options_are_explained() {
    snapshot!("kubelet-flag-is-explained", explain("--pod-infra-container-image"));
    snapshot!("feature-gate-is-explained", explain("NodeSwap"));
    snapshot!("log-option-is-explained-for-each-driver", explain("max-file"));
    snapshot!("storage-driver-is-explained", explain("overlay2"));
    snapshot!("name-that-daemon-json-ignores-is-explained", explain("registry-mirror"));
}

#[test]
fn several_matches_are_listed() {
    snapshot!("several-keys-of-a-name-are-listed", explain("address"));
}

#[test]
fn explanations_fit_the_terminal() {
    let narrow = Sandbox::new(&[]).with("COLUMNS", "60").run("explain stream_server_address");
    let is_long = |line: &&str| line.chars().count() > 60 && !line.contains("https://");
    assert_eq!(narrow.stdout.lines().filter(is_long).count(), 0, "{narrow}");
    assert!(!narrow.stdout.contains('\u{1b}'));
    let colored = Sandbox::new(&[]).run("explain --color always stream_server_address");
    assert!(colored.stdout.starts_with("\u{1b}[1mstream_server_address\u{1b}[0m: key"), "{colored}");
}

#[test]
fn a_rule_that_shares_its_name_with_a_flag_lists_both() {
    let run = explain("read-only-port");
    assert!(run.stdout.contains("see also: crilint explain --read-only-port\n"), "{run}");
    let flag = explain("--read-only-port");
    assert!(flag.stdout.starts_with("--read-only-port: flag of the kubelet\n"), "{flag}");
}

#[test]
fn a_name_that_is_nearly_right_is_suggested() {
    for (slip, meant) in [
        ("stream-server-exposd", "stream-server-exposed"),
        ("plugins.cri.sandbox_imgae", "sandbox_image"),
        ("evictonHard", "evictionHard"),
        ("--cgroup-drvier", "--cgroup-driver"),
        ("fluentd-adress", "fluentd-address"),
    ] {
        let run = explain(slip);
        assert!(run.stderr.contains(&format!("did you mean `{meant}`?")), "{slip}: {run}");
        assert_eq!(run.code, 2);
    }
    let stranger = explain("qqqqqqqqqqqq");
    assert!(stranger.code == 2 && !stranger.stderr.contains("did you mean"), "{stranger}");
}

#[test]
fn rules_are_listed() {
    let sandbox = Sandbox::new(&[]);
    let run = sandbox.run("rules");
    assert!(run.stdout.starts_with("RULE ") && run.stdout.contains("\nstream-server-exposed "), "{run}");
    let rows: serde_json::Value = serde_json::from_str(&sandbox.run("rules --format json").stdout).unwrap();
    assert_eq!(rows.as_array().unwrap().len(), crilint_core::rules::RULES.len());
}

#[test]
fn help_and_version_are_not_faults() {
    let sandbox = Sandbox::new(&[]);
    snapshot!("help", sandbox.run("check --help"));
    assert!(sandbox.run("--version").stdout.starts_with("crilint "));
    assert_eq!(sandbox.run("--no-such-option").code, 2);
}

#[test]
fn shells_get_completions() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let run = Sandbox::new(&[]).run(&format!("completions {shell}"));
        assert!(run.code == 0 && run.stdout.contains("stdin-path"), "{shell}");
    }
}

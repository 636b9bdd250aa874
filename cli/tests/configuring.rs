//! `crilint.toml` and the options that win over it.

use crate::sandbox::{BAD, MAIN, Sandbox};
use crate::snapshot;

/// The faults of a file, by rule.
fn rules(sandbox: &Sandbox, arguments: &str) -> Vec<String> {
    let run = sandbox.run(&format!("{arguments} --format short"));
    assert_ne!(run.code, 2, "{run}");
    run.stdout.lines().filter_map(|line| Some(line.split_once(": ")?.1.split_once(' ')?.0.to_owned())).collect()
}

const MISSPELT: &str = "\
version = 2
[plugins.\"io.containerd.grpc.v1.cri\"]
  stream_server_address = \"0.0.0.0\"
  sandbox_imag = \"registry.k8s.io/pause:3.10\"
";

fn configured(text: &str) -> Sandbox {
    Sandbox::new(&[(MAIN, MISSPELT), ("crilint.toml", text)])
}

#[test]
fn rules_are_selected_and_ignored() {
    for text in [
        "select = ['security']",
        "ignore = ['unknown-key']",
        "ignore = ['correctness']",
        "levels = { unknown-key = 'off' }",
    ] {
        assert_eq!(rules(&configured(text), "."), ["warning[stream-server-exposed]"], "{text}");
    }
    assert!(rules(&configured("ignore = ['all']"), ".").is_empty());
}

#[test]
fn levels_of_rules_win_over_those_of_categories() {
    let sandbox = configured("[levels]\nstream-server-exposed = 'error'\nsecurity = 'info'\ncorrectness = 'info'\n");
    assert_eq!(rules(&sandbox, "."), ["error[stream-server-exposed]", "info[unknown-key]"]);
}

#[test]
fn arguments_win() {
    let sandbox = configured("select = ['security']\nfail-on = 'never'\n[levels]\nunknown-key = 'error'\n");
    assert_eq!(sandbox.run(".").code, 0);
    assert_eq!(sandbox.run(". --fail-on warning").code, 1);
    assert_eq!(rules(&sandbox, ". --select unknown-key"), ["error[unknown-key]"]);
    assert_eq!(rules(&sandbox, ". --select all --ignore unknown-key"), ["warning[stream-server-exposed]"]);
    assert_eq!(rules(&sandbox, ". --no-config").len(), 2);
}

#[test]
fn targets_decide_what_counts() {
    let sandbox = configured("target = { kubernetes = '1.10' }");
    assert_eq!(rules(&sandbox, "."), ["warning[unknown-key]"]);
    assert_eq!(rules(&sandbox, ". --target kubernetes=1.34").len(), 2);
    let run = sandbox.run(". --target containerd=1.7,2.1");
    assert!(run.stdout.contains("checked 1 file for containerd 1.7, 2.1\n"), "{run}");
}

#[test]
fn files_have_rules_of_their_own() {
    let sandbox = configured("[[files]]\npath = 'etc/**'\nignore = ['unknown-key']\n");
    assert_eq!(rules(&sandbox, "."), ["warning[stream-server-exposed]"]);
    assert_eq!(sandbox.run("--diff --unsafe-fixes .").stdout.matches("\n-").count(), 1, "one line goes");

    let sandbox = configured("[[files]]\npath = 'config.toml'\nexclude = true\n");
    assert_eq!(sandbox.run(".").code, 2, "nothing is left in the folder");
    assert_eq!(rules(&sandbox, MAIN).len(), 2, "a file that is named is meant");
    assert!(rules(&sandbox, &format!("--skip-unknown {MAIN}")).is_empty(), "a hook names every file");

    let sandbox =
        Sandbox::new(&[("runtime.conf.in", BAD), ("crilint.toml", "[[files]]\npath = '*.in'\nkind = 'containerd'\n")]);
    assert_eq!(rules(&sandbox, "."), ["warning[stream-server-exposed]"]);
}

#[test]
fn a_node_can_have_any_root() {
    let sandbox =
        Sandbox::new(&[("crilint.toml", "[[nodes]]\nroot = 'nodes/a'\n"), ("nodes/a/opt/docker/daemon.json", "{}")]);
    assert_eq!(sandbox.run("nodes").code, 0);
}

#[test]
fn the_file_is_found_upwards_from_what_is_checked() {
    let sandbox = configured("ignore = ['all']");
    assert_eq!(sandbox.run_in(&sandbox.path("etc/containerd"), "config.toml", "").code, 0);
    let elsewhere = Sandbox::new(&[]);
    assert_eq!(elsewhere.run(&sandbox.path(MAIN).display().to_string()).code, 0);
}

#[test]
fn faults_are_reported_at_their_place() {
    let mut reported = String::new();
    for text in [
        "select = []\nselct = []\n",
        "select = [\n  'security',\n  'stream-server-expose',\n]\n",
        "[levels]\nsecurity = 'severe'\n",
        "[levels]\nsecurity = 'off'\nsecurty = 'off'\n",
        "[target]\nkubernetes = '1.34'\ncontainerd = '1.9'\n",
        "[target]\ncontainred = '1.7'\n",
        "fail-on = 'warn'\n",
        "[[files]]\npath = 'etc/[a'\n",
        "[[files]]\npath = '*'\nkind = 'podman'\n",
        "target = \n",
    ] {
        let sandbox = configured(text);
        let run = sandbox.run("--config crilint.toml .");
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{text}");
        reported += &run.stderr;
    }
    snapshot!("faults-in-crilint-toml-are-reported-at-their-place", reported);
}

#[test]
fn a_rule_that_does_not_exist_is_reported_with_the_nearest() {
    let sandbox = Sandbox::new(&[(MAIN, BAD)]);
    snapshot!("unknown-rule-names-the-nearest", sandbox.run(". --select stream-server-expose"));
}

#[test]
fn a_comment_that_names_no_rule_silences_nothing() {
    let path = "var/lib/kubelet/config.yaml";
    let text = |comment: &str| {
        format!(
            "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\ncontainerLogMaxSize: 10m # {comment}\n"
        )
    };
    for comment in
        ["crilint: ignore log-max-size-unit", "crilint: ignore", "crilint: ignore-file", "crilint: ignore[all]"]
    {
        let sandbox = Sandbox::new(&[(path, &text(comment))]);
        let run = sandbox.run(". -f short");
        assert_eq!(run.code, 1, "{run}");
        let column = if comment.ends_with("[all]") { 44 } else { 28 };
        let expected = format!(":3:{column}: warning[ignore-malformed]");
        assert!(run.stdout.contains("error[log-max-size-unit]") && run.stdout.contains(&expected), "{run}");
    }
    let sandbox = Sandbox::new(&[(path, &text("crilint: ignore[log-max-size-unit] measured"))]);
    assert_eq!(sandbox.run(". -f short").code, 0);
}

#[test]
fn a_wrong_glob_is_an_error_at_its_line() {
    let deep = "{a,".repeat(125) + "b" + &"}".repeat(125);
    for (glob, what) in [
        (deep.as_str(), "has braces in braces"),
        ("{a", "`{a` has an open brace"),
        ("[a", "`[a` has an open bracket"),
        (&"{a,b}".repeat(1000), "has too many braces"),
    ] {
        let run = configured(&format!("[[files]]\npath = \"{glob}\"\nignore = [\"all\"]\n")).run(".");
        assert_eq!(run.code, 2, "{run}");
        assert!(run.stderr.contains("crilint.toml:2:8: ") && run.stderr.contains(what), "{run}");
        assert!(run.stderr.len() < 300, "{run}");
    }
    let stars = configured(&format!("[[files]]\npath = \"{}config.toml\"\nignore = [\"all\"]\n", "*".repeat(20_000)));
    assert!(rules(&stars, ".").is_empty());
}

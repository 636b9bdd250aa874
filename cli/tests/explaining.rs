//! The other commands.

use crate::sandbox::Sandbox;
use crate::snapshot;

#[test]
fn a_rule_is_explained() {
    snapshot!("a rule is explained", Sandbox::new(&[]).run("explain stream-server-exposed"));
}

#[test]
fn a_rule_that_is_nearly_right_is_suggested() {
    let run = Sandbox::new(&[]).run("explain stream-server-exposd");
    assert!(run.stderr.contains("did you mean `stream-server-exposed`?"), "{run}");
    assert_eq!(run.code, 2);
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
fn help_and_version_are_no_faults() {
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

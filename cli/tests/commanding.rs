//! Which command runs, and that nothing runs by mistake.

use crate::sandbox::{BAD, MAIN, Sandbox};

#[test]
fn an_option_before_a_command_belongs_to_it() {
    let sandbox = Sandbox::new(&[(MAIN, BAD)]);
    for (before, after) in [
        ("-q check .", "check -q ."),
        ("--color never rules", "rules --color never"),
        ("-t containerd=2.1 compat .", "compat -t containerd=2.1 ."),
        ("--root . show", "show --root ."),
        ("-qf short check .", "check -qf short ."),
    ] {
        assert_eq!(sandbox.run(before).to_string(), sandbox.run(after).to_string(), "{before}");
    }
}

#[test]
fn an_option_that_the_command_does_not_have_is_an_error() {
    let sandbox = Sandbox::new(&[(MAIN, BAD)]);
    let run = sandbox.run("--fix --unsafe-fixes compat .");
    assert!(run.code == 2 && run.stderr.contains("unexpected argument '--fix'"), "{run}");
    assert_eq!(sandbox.read(MAIN), BAD);
}

#[test]
fn a_mistyped_command_runs_nothing() {
    let sandbox = Sandbox::new(&[(MAIN, BAD)]);
    for (words, hint) in [
        ("chekc .", "(did you mean `crilint check`?)"),
        ("fix . --fix --unsafe-fixes", "(did you mean `crilint check --fix`?)"),
        ("lint", "(did you mean `crilint check`?)"),
        ("version", "(did you mean `crilint --version`?)"),
        (". rule", "(did you mean `crilint rules`?)"),
        (". missing", "a file or folder; nothing was checked"),
    ] {
        let run = sandbox.run(words);
        assert!(run.code == 2 && run.stdout.is_empty() && run.stderr.contains(hint), "{words}: {run}");
        assert_eq!(sandbox.read(MAIN), BAD, "{words}");
    }
}

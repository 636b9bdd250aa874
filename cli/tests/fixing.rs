//! `--fix` and `--diff`.

use crate::sandbox::{BAD, GOOD, MAIN, Sandbox};
use crate::snapshot;

#[test]
fn fixes_are_written_once() {
    let sandbox = Sandbox::new(&[(MAIN, BAD)]);
    snapshot!("fixes are written once", sandbox.run(". --fix"));
    assert_eq!(sandbox.read(MAIN), GOOD);
    let again = sandbox.run(". --fix");
    assert!(again.code == 0 && !again.stdout.contains("fixed"), "{again}");
    assert_eq!(sandbox.read(MAIN), GOOD);
}

#[test]
fn a_diff_writes_nothing() {
    let sandbox = Sandbox::new(&[(MAIN, BAD)]);
    snapshot!("a diff writes nothing", sandbox.run(". --diff"));
    assert_eq!(sandbox.read(MAIN), BAD);
    sandbox.write(MAIN, GOOD);
    assert_eq!(sandbox.run(". --diff").to_string(), "--- stderr\nnothing to fix\n--- exit 0");
}

#[test]
fn a_file_without_a_last_line_end_keeps_it_out() {
    let sandbox = Sandbox::new(&[(MAIN, BAD.trim_end())]);
    let run = sandbox.run(". --diff");
    assert_eq!(run.stdout.matches("\\ No newline at end of file\n").count(), 2, "{run}");
    sandbox.run(". --fix");
    assert_eq!(sandbox.read(MAIN), GOOD.trim_end());
}

#[test]
fn line_ends_stay_as_they_are() {
    let sandbox = Sandbox::new(&[(MAIN, &BAD.replace('\n', "\r\n"))]);
    sandbox.run(". --fix");
    assert_eq!(sandbox.read(MAIN), GOOD.replace('\n', "\r\n"));
}

#[test]
fn unsafe_fixes_must_be_asked_for() {
    let text = GOOD.replace("stream_server_address", "stream_sever_address");
    let sandbox = Sandbox::new(&[(MAIN, &text)]);
    sandbox.run(". --fix");
    assert_eq!(sandbox.read(MAIN), text);
    assert_eq!(sandbox.run(". --unsafe-fixes").code, 2, "alone it means nothing");
    sandbox.run(". --fix --unsafe-fixes");
    assert_eq!(sandbox.read(MAIN), GOOD);
}

#[test]
fn standard_input_is_fixed_to_standard_output() {
    let run = Sandbox::new(&[]).run_with("- --kind containerd --fix", BAD);
    assert_eq!(run.stdout, GOOD);
    assert!(run.stderr.contains("1 finding fixed"), "{run}");
}

#[test]
fn text_that_is_not_utf_8_is_not_written() {
    let sandbox = Sandbox::new(&[]);
    let bytes = [b"# caf\xe9\n", BAD.as_bytes()].concat();
    sandbox.write(MAIN, &bytes);
    assert_eq!(sandbox.run(". --fix").code, 2);
    assert_eq!(std::fs::read(sandbox.path(MAIN)).unwrap(), bytes);
}

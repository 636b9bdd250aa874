//! `--fix` and `--diff`.

use crate::sandbox::{GOOD, MAIN, Sandbox};
use crate::snapshot;

/// A main file that no containerd takes.
const BAD: &str = "\
version = 2
[plugins.\"io.containerd.grpc.v1.cri\"]
  stream_server_port = 10010
";

/// The same as it should be.
const FIXED: &str = "\
version = 2
[plugins.\"io.containerd.grpc.v1.cri\"]
  stream_server_port = \"10010\"
";

#[test]
fn fixes_are_written_once() {
    let sandbox = Sandbox::new(&[(MAIN, BAD)]);
    snapshot!("fixes-are-written-once", sandbox.run(". --fix"));
    assert_eq!(sandbox.read(MAIN), FIXED);
    let again = sandbox.run(". --fix");
    assert!(again.code == 0 && !again.stdout.contains("fixed"), "{again}");
    assert_eq!(sandbox.read(MAIN), FIXED);
}

#[test]
fn a_diff_writes_nothing() {
    let sandbox = Sandbox::new(&[(MAIN, BAD)]);
    snapshot!("diff-writes-nothing", sandbox.run(". --diff"));
    assert_eq!(sandbox.read(MAIN), BAD);
    sandbox.write(MAIN, FIXED);
    assert_eq!(sandbox.run(". --diff").to_string(), "--- stderr\nnothing to fix\n--- exit 0");
}

#[test]
fn a_file_without_a_last_line_end_keeps_it_out() {
    let sandbox = Sandbox::new(&[(MAIN, BAD.trim_end())]);
    let run = sandbox.run(". --diff");
    assert_eq!(run.stdout.matches("\\ No newline at end of file\n").count(), 2, "{run}");
    sandbox.run(". --fix");
    assert_eq!(sandbox.read(MAIN), FIXED.trim_end());
}

#[test]
fn line_ends_stay_as_they_are() {
    let sandbox = Sandbox::new(&[(MAIN, &BAD.replace('\n', "\r\n"))]);
    sandbox.run(". --fix");
    assert_eq!(sandbox.read(MAIN), FIXED.replace('\n', "\r\n"));
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
fn what_a_working_daemon_does_changes_only_when_asked_for() {
    let exposed = GOOD.replace("127.0.0.1", "0.0.0.0");
    let sandbox = Sandbox::new(&[(MAIN, &exposed)]);
    let run = sandbox.run(".");
    assert!(run.stdout.contains("fix: Listen on 127.0.0.1 (crilint --fix --unsafe-fixes)"), "{run}");
    sandbox.run(". --fix");
    assert_eq!(sandbox.read(MAIN), exposed);
    sandbox.run(". --fix --unsafe-fixes");
    assert_eq!(sandbox.read(MAIN), GOOD);
}

#[test]
fn standard_input_is_fixed_to_standard_output() {
    let run = Sandbox::new(&[]).run_with("- --kind containerd --fix", BAD);
    assert_eq!(run.stdout, FIXED);
    assert!(run.stderr.contains("1 finding fixed"), "{run}");
}

#[test]
fn text_that_is_not_utf_8_is_not_written() {
    let sandbox = Sandbox::new(&[]);
    let bytes = [b"# caf\xe9\n", BAD.as_bytes()].concat();
    sandbox.write(MAIN, &bytes);
    for options in ["", " --unsafe-fixes"] {
        let run = sandbox.run(&format!(". --fix{options}"));
        assert_eq!(run.code, 2);
        assert!(run.stderr.contains("not valid UTF-8 at byte 5: no fix is made"), "{run}");
        assert!(!run.stdout.contains("--fix"), "{run}");
        assert_eq!(std::fs::read(sandbox.path(MAIN)).unwrap(), bytes);
    }
    assert_eq!(sandbox.run(". --diff --unsafe-fixes").stdout, "");
    let piped = sandbox.pipe("- --kind containerd --fix --unsafe-fixes", &bytes);
    assert_eq!((piped.status.code(), piped.stdout), (Some(2), bytes));
}

#[test]
fn utf_16_on_standard_input_stays_utf_16() {
    let bytes = |text: &str| [vec![0xff, 0xfe], text.encode_utf16().flat_map(u16::to_le_bytes).collect()].concat();
    let run = Sandbox::new(&[]).pipe("- --kind docker --fix", &bytes("{\"log-opts\": {\"max-file\": 3}}\n"));
    assert_eq!(run.stdout, bytes("{\"log-opts\": {\"max-file\": \"3\"}}\n"));
}

#[test]
fn a_patch_counts_lines_as_patch_does() {
    let sandbox = Sandbox::new(&[("a b/daemon.json", "{\"debug\": true, \"graph\": \"/x\"\r}\n")]);
    let run = sandbox.shell("$CRILINT --kind docker --diff --unsafe-fixes \"a b/daemon.json\"");
    assert!(run.stdout.starts_with("--- a b/daemon.json\t\n+++ a b/daemon.json\t\n@@ -1 +1 @@\n-{\"debug\""), "{run}");
}

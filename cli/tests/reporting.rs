//! The forms of a report.

use crilint::report::Report;

use crate::sandbox::{BAD, MAIN, Sandbox};
use crate::snapshot;

/// Carriage returns, wide characters and tabs before the place, and no line end.
const CROOKED: &str = "\u{feff}version = 2\r\n# 日本語 😀\r\n[plugins.\"io.containerd.grpc.v1.cri\"]\r\n\tstream_server_address = \"日本\"";

#[test]
fn text_fits_a_narrow_terminal() {
    let sandbox = Sandbox::new(&[(MAIN, BAD)]).with("COLUMNS", "60");
    let run = sandbox.run(".");
    assert!(run.stdout.lines().all(|line| line.chars().count() <= 60), "{run}");
    snapshot!("text fits a narrow terminal", run);
}

#[test]
fn text_without_unicode_is_drawn_in_ascii() {
    let run = Sandbox::new(&[(MAIN, BAD)]).with("LC_ALL", "C").run(".");
    assert!(run.stdout.is_ascii(), "{run}");
}

#[test]
fn colours_follow_the_environment_and_the_option() {
    let colored = |sandbox: &Sandbox, arguments: &str| sandbox.run(arguments).stdout.contains('\u{1b}');
    let plain = Sandbox::new(&[(MAIN, BAD)]);
    assert!(!colored(&plain, "."), "a pipe is no terminal");
    assert!(colored(&plain, ". --color always"));
    let forced = Sandbox::new(&[(MAIN, BAD)]).with("CLICOLOR_FORCE", "1");
    assert!(colored(&forced, ".") && !colored(&forced, ". --color never"));
    assert!(!colored(&forced.with("NO_COLOR", "1"), "."));
}

#[test]
fn places_are_right_with_carriage_returns_and_wide_characters() {
    let sandbox = Sandbox::new(&[(MAIN, CROOKED)]);
    snapshot!("places are right with carriage returns and wide characters", sandbox.run("."));
}

#[test]
fn control_characters_do_not_reach_the_terminal() {
    let sandbox = Sandbox::new(&[(MAIN, "version = 2\nroot = \"\u{1b}[2J\" x\n\"\u{9b}31m\" = 1\n")]);
    for form in ["text", "short"] {
        let run = sandbox.run(&format!(". --format {form}"));
        assert!(!run.stdout.contains(['\u{1b}', '\u{9b}']), "{run}");
    }
}

#[test]
fn short_is_a_line_a_finding() {
    let sandbox = Sandbox::new(&[(MAIN, BAD)]);
    snapshot!("short is a line a finding", sandbox.run(". --format short"));
}

#[test]
fn json_has_its_form() {
    let sandbox = Sandbox::new(&[(MAIN, BAD)]);
    snapshot!("json has its form", sandbox.run("check . nope --target containerd=2.1 --format json"));
}

#[test]
fn json_reads_back_as_its_schema_says() {
    let sandbox = Sandbox::new(&[(MAIN, CROOKED), ("etc/containerd/conf.d/a.toml", "version = 9\nroot = [\n")]);
    let run = sandbox.run(". --format json");
    // The schema comes from these structs, which take no field that it does not name.
    let report: Report = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(serde_json::to_string_pretty(&report).unwrap() + "\n", run.stdout);
    // Characters are counted, not bytes.
    assert!(report.findings.iter().any(|f| (f.start.line, f.start.column) == (4, 26)), "{run}");
}

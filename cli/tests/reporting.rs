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
    snapshot!("text-fits-a-narrow-terminal", run);
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
    assert!(!colored(&plain, "."), "a pipe is not a terminal");
    assert!(colored(&plain, ". --color always"));
    let forced = Sandbox::new(&[(MAIN, BAD)]).with("CLICOLOR_FORCE", "1");
    assert!(colored(&forced, ".") && !colored(&forced, ". --color never"));
    assert!(!colored(&forced.with("NO_COLOR", "1"), "."));
}

/// Faults of one kind at three places of a kubelet's file, and advice on two files.
const NOISY: [(&str, &str); 3] = [
    ("a/etc/docker/daemon.json", "{\"debug\": true}"),
    ("b/etc/docker/daemon.json", "{\"debug\": true}"),
    (
        "a/var/lib/kubelet/config.yaml",
        "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\nmaxPodz: 110\nclusterDomian: a.b\n\
         containerLogMaxSiz: 10Mi\n",
    ),
];

#[test]
fn faults_of_one_kind_are_one_finding_and_advice_is_a_line_a_rule() {
    let sandbox = Sandbox::new(&NOISY);
    snapshot!("one-kind-is-one-finding", sandbox.run(". --target kubernetes=1.36"));
}

#[test]
fn all_is_shown_in_full_where_the_user_asks_for_it() {
    let sandbox = Sandbox::new(&NOISY);
    for arguments in ["-v", "--verbose", "--fail-on info", "--select docker-no-log-rotation"] {
        let run = sandbox.run(&format!(". {arguments}"));
        assert_eq!(run.stdout.matches("info[docker-no-log-rotation]").count(), 2, "{arguments}: {run}");
        assert!(run.stdout.contains("why: ") && !run.stdout.contains("crilint -v"), "{run}");
    }
    let short = sandbox.run(". --format short");
    assert_eq!(short.stdout.lines().count(), 5, "{short}");
}

#[test]
fn json_has_all_places_of_a_finding_with_their_fixes() {
    let run = Sandbox::new(&NOISY).run(". --target kubernetes=1.36 --format json");
    let report: Report = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!((report.findings.len(), report.summary.warnings, report.summary.infos), (3, 3, 2), "{run}");
    let finding = &report.findings[0];
    let lines: Vec<u32> = finding.places.iter().map(|place| place.start.line).collect();
    assert_eq!((finding.rule.as_str(), finding.count, lines), ("unknown-field", 3, vec![3, 4, 5]));
    assert_eq!((&finding.message, &finding.fixes, finding.start), {
        let first = &finding.places[0];
        (&first.message, &first.fixes, first.start)
    });
    assert!(finding.places.iter().all(|place| place.fixes.len() == 1 && place.key.is_some()), "{run}");
}

#[test]
fn places_are_right_with_carriage_returns_and_wide_characters() {
    let sandbox = Sandbox::new(&[(MAIN, CROOKED)]);
    snapshot!("places-are-right-with-carriage-returns-and-wide-characters", sandbox.run("."));
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
    snapshot!("short-is-a-line-for-each-finding", sandbox.run(". --format short"));
}

#[test]
fn json_has_its_form() {
    let sandbox = Sandbox::new(&[(MAIN, BAD)]);
    snapshot!("json", sandbox.run("check . nope --target containerd=2.1 --format json"));
}

#[test]
fn json_conforms_to_its_schema() {
    let sandbox = Sandbox::new(&[(MAIN, CROOKED), ("etc/containerd/conf.d/a.toml", "version = 9\nroot = [\n")]);
    let run = sandbox.run(". --format json");
    // The schema comes from these structs, which take no field that it does not name.
    let report: Report = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(serde_json::to_string_pretty(&report).unwrap() + "\n", run.stdout);
    // Characters are counted, not bytes.
    assert!(report.findings.iter().any(|f| (f.start.line, f.start.column) == (4, 26)), "{run}");
}

/// Escape, bell, delete, a control of the upper half, an override of direction and a line end of Unicode.
const ODD: [char; 6] = ['\u{1b}', '\u{7}', '\u{7f}', '\u{9b}', '\u{202e}', '\u{2028}'];

fn assert_seen(what: &str, text: &str) {
    assert!(!text.contains(ODD), "{what}: {text:?}");
    let controls = text.contains(|c: char| c.is_control() && c != '\n');
    assert!(!controls, "{what}: {text:?}");
}

#[test]
fn no_output_prints_what_cannot_be_seen() {
    let odd: String = ODD.into_iter().collect();
    let toml = format!(
        "version = 3\nroot = '/x{odd}'\n[debug]\n  level = \"\\u001b]0;x\\u0007\\u202e\"\n\
         [plugins.'io.containerd.cri.v1.images']\n  \"un\\u001bknown\\u009b\" = 1\n[proxy_plugins.\"p\\u001b\\\"\\\\\"]\n  type = \"snapshot\"\n"
    );
    let json =
        format!("{{\"log-level\": \"de{odd}bug\", \"log-opts\": {{\"e\\u001bnv\": \"\\u009b\"}}, \"k{odd}\": 1}}");
    let yaml = format!(
        "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\nevictionHard:\n  \"a\\e[2J\": \"1{odd}\"\n\"k\\e\\u202e\": 1\n"
    );
    let sandbox =
        Sandbox::new(&[(MAIN, &toml), ("etc/docker/daemon.json", &json), ("var/lib/kubelet/config.yaml", &yaml)]);
    for arguments in [
        ".",
        ". --format short",
        ". --format json",
        "show .",
        "show . --format json",
        "compat .",
        "compat . --format json",
    ] {
        let run = sandbox.run(arguments);
        assert_seen(arguments, &run.stdout);
        assert_seen(arguments, &run.stderr);
    }
    let run = sandbox.run("explain no\u{1b}thing");
    assert_seen("explain", &run.stderr);
    let run = sandbox.run(". --kind containerd --config no\u{1b}[2J");
    assert_seen("--config", &run.stderr);
}

#[cfg(unix)]
#[test]
fn no_output_prints_what_cannot_be_seen_in_paths() {
    let path = "a\u{1b}[2J\u{202e}\n/etc/x.toml:1:1: error[forged]/etc/containerd/config.toml";
    let sandbox = Sandbox::new(&[(path, "version = 2\n[debug]\n  levl = \"info\"\n[plugins.cri]\n")]);
    for arguments in [".", ". --format short", "show .", "compat ."] {
        let run = sandbox.run(arguments);
        assert_seen(arguments, &run.stdout);
        assert!(!run.stdout.lines().any(|line| line.starts_with("/etc/x.toml:")), "{arguments}: {run}");
        assert!(run.stdout.contains("\\u{1b}[2J\\u{202e}\\u{a}"), "{arguments}: {run}");
    }
    let run = sandbox.run(". --diff --unsafe-fixes");
    assert!(run.stdout.starts_with("--- \"a\\033[2J\\342\\200\\256\\012/etc/"), "{run}");
    let run = sandbox.run("missing\u{1b}\nerror:forged");
    assert_seen("missing", &run.stderr);
    assert_eq!(run.stderr.lines().filter(|line| line.starts_with("error:")).count(), 1, "{run}");
}

#[test]
fn many_findings_are_counted_and_not_listed() {
    let keys: String = (0..3000).map(|i| format!("unknown_{i} = 1\n")).collect();
    let sandbox = Sandbox::new(&[(MAIN, &format!("version = 3\n{keys}"))]);
    let run = sandbox.run(".");
    assert_eq!(run.code, 1, "{run}");
    assert!(run.stdout.contains("3000 warnings"), "the summary counts all");
    assert!(run.stdout.contains("and 991 more places (crilint -v lists them)"), "{run}");
    assert!(run.stdout.contains("2000 more findings of this rule in this file, from here on, are not listed"));
    let short = sandbox.run(". --format short");
    assert_eq!(short.stdout.lines().count(), 1001);
    let json = sandbox.run(". --format json");
    let report: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    let lengths =
        report["findings"].as_array().unwrap().iter().map(|finding| finding["places"].as_array().unwrap().len());
    assert_eq!(lengths.collect::<Vec<_>>(), [1000, 1]);
    assert_eq!((&report["findings"][0]["count"], &report["findings"][1]["count"]), (&1000.into(), &2000.into()));
    assert_eq!(report["summary"]["warnings"], 3000);
}

#[test]
fn a_fix_of_a_million_places_is_a_small_report() {
    let sandbox = Sandbox::new(&[(MAIN, &"\r".repeat(1 << 20))]);
    let run = sandbox.run(". --format json");
    assert!(run.stdout.len() < 6 << 20, "{} bytes", run.stdout.len());
}

#[test]
fn places_far_apart_on_one_line_are_drawn_apart() {
    let far = "x".repeat(70_000);
    let text = format!("{{\"debug\": true, \"labels\": [\"a={far}\"], \"debug\": false}}\n");
    let run = Sandbox::new(&[]).run_with("- --kind docker", &text);
    assert!(run.code == 1 && run.stdout.contains("note: "), "{run}");
    assert!(run.stdout.lines().all(|line| line.chars().count() < 500), "{run}");
}

//! Which files are checked, and how it ends.

use crate::sandbox::{BAD, GOOD, MAIN, Sandbox};
use crate::snapshot;

/// Another program's file of a name that containerd uses too.
const FOREIGN: &str = "[build]\ntarget = \"x86_64-unknown-linux-musl\"\n";

#[test]
fn a_bad_file_is_reported_and_fails() {
    let sandbox = Sandbox::new(&[(MAIN, BAD)]);
    snapshot!("bad-file-fails", sandbox.run(MAIN));
}

#[test]
fn a_good_file_is_a_line() {
    let sandbox = Sandbox::new(&[(MAIN, GOOD)]);
    snapshot!("good-file-is-one-line", sandbox.run(MAIN));
}

#[test]
fn a_good_file_is_silence_when_quiet() {
    let sandbox = Sandbox::new(&[(MAIN, GOOD)]);
    assert_eq!(sandbox.run(&format!("check -q {MAIN}")).to_string(), "--- exit 0");
}

#[test]
fn check_may_be_left_out() {
    let sandbox = Sandbox::new(&[(MAIN, BAD)]);
    assert_eq!(sandbox.run(".").to_string(), sandbox.run("check .").to_string());
}

#[test]
fn the_level_that_fails_can_be_chosen() {
    let sandbox = Sandbox::new(&[(MAIN, BAD)]);
    for (level, code) in [("error", 0), ("warning", 1), ("info", 1), ("never", 0)] {
        assert_eq!(sandbox.run(&format!(". --fail-on {level}")).code, code, "{level}");
    }
}

#[test]
fn broken_syntax_is_an_error() {
    let sandbox = Sandbox::new(&[(MAIN, "version = 2\nroot = \"/var\nstate = \"/run\"\n")]);
    snapshot!("broken-syntax-is-an-error", sandbox.run(MAIN));
}

#[test]
fn standard_input_is_taken_for_the_path_given() {
    let sandbox = Sandbox::new(&[]);
    let run = sandbox.run_with("- --stdin-path /etc/containerd/config.toml --format short", BAD);
    assert!(run.stdout.starts_with("/etc/containerd/config.toml:3:27: warning[stream-server-exposed]"), "{run}");
}

#[test]
fn standard_input_needs_a_path_or_a_kind() {
    let sandbox = Sandbox::new(&[]);
    snapshot!("standard-input-needs-a-path-or-a-kind", sandbox.run_with("-", BAD));
    assert_eq!(sandbox.run_with("- --kind containerd", BAD).code, 1);
}

#[test]
fn a_foreign_file_in_a_folder_is_left_alone() {
    let sandbox = Sandbox::new(&[(MAIN, GOOD), ("config.toml", FOREIGN), ("package.json", "{")]);
    let run = sandbox.run(".");
    assert!(run.stdout.contains("no findings in 1 file "), "{run}");
    assert_eq!(run.code, 0);
}

#[test]
fn a_foreign_file_that_is_named_is_an_error() {
    let sandbox = Sandbox::new(&[("config.toml", FOREIGN)]);
    snapshot!("named-file-of-unknown-kind-is-an-error", sandbox.run("config.toml"));
    assert_eq!(sandbox.run("config.toml --skip-unknown -q").to_string(), "--- exit 0");
}

#[test]
fn a_file_of_any_name_can_be_checked_with_its_kind() {
    let sandbox = Sandbox::new(&[("files/runtime.conf.in", BAD)]);
    assert_eq!(sandbox.run("files/runtime.conf.in").code, 2);
    assert_eq!(sandbox.run("files/runtime.conf.in --kind containerd").code, 1);
}

#[test]
fn a_folder_with_nothing_in_it_is_an_error() {
    let sandbox = Sandbox::new(&[("src/config.toml", FOREIGN)]);
    snapshot!("folder-with-nothing-in-it-is-an-error", sandbox.run("src"));
}

#[test]
fn a_missing_path_is_an_error_and_the_others_are_checked() {
    let sandbox = Sandbox::new(&[(MAIN, BAD)]);
    snapshot!(
        "missing-path-is-an-error-and-the-others-are-checked",
        sandbox.run(&format!("check nope.toml {MAIN} -f short"))
    );
}

#[test]
fn text_that_is_not_utf_8_is_an_error_and_is_checked_nevertheless() {
    let sandbox = Sandbox::new(&[]);
    sandbox.write(MAIN, [b"# caf\xe9\n", BAD.as_bytes()].concat());
    let run = sandbox.run(&format!("{MAIN} -f short"));
    assert!(run.stderr.contains("not valid UTF-8 at byte 5"), "{run}");
    assert!(run.stdout.contains("config.toml:4:27:"), "{run}");
    assert_eq!(run.code, 2);
}

#[test]
fn a_file_that_is_too_large_is_an_error_if_it_is_named() {
    let sandbox = Sandbox::new(&[(MAIN, GOOD)]);
    sandbox.write("lib.json", vec![b' '; (4 << 20) + 1]);
    assert_eq!(sandbox.run(".").code, 0);
    let run = sandbox.run("lib.json");
    assert_eq!(
        run.to_string(),
        "--- stderr\nerror: lib.json: larger than 4 MiB, the limit for a configuration\n--- exit 2"
    );
}

#[test]
fn ignored_and_hidden_files_are_not_walked() {
    let sandbox = Sandbox::new(&[(MAIN, GOOD), (".cache/etc/containerd/config.toml", BAD), ("out/config.toml", BAD)]);
    sandbox.write(".ignore", "out/\n");
    assert_eq!(sandbox.run(".").code, 0);
    assert_eq!(sandbox.run("out/config.toml").code, 1);
}

#[test]
fn files_of_rootless_daemons_are_walked() {
    let bad = r#"{ "userns-remap": "default", "log-driver": "local" }"#;
    let sandbox = Sandbox::new(&[
        ("home/dev/.config/docker/daemon.json", bad),
        ("home/dev/.config/other/daemon.json", bad),
        ("home/dev/.docker/daemon.json", bad),
    ]);
    let run = sandbox.run(". --format short");
    assert_eq!(run.code, 1);
    assert_eq!(run.stdout.matches("userns-remap-rootless").count(), 1, "{run}");
    assert!(run.stdout.starts_with("home/dev/.config/docker/daemon.json"), "{run}");
}

#[test]
fn an_image_is_read_below_its_root() {
    let sandbox = Sandbox::new(&[
        ("image/etc/containerd/config.toml", GOOD),
        ("image/etc/containerd/conf.d/10-stream.toml", BAD),
        ("image/etc/containerd/certs.d/notes.toml", "not = toml = at all"),
        ("image/opt/etc/containerd/config.toml", BAD),
    ]);
    snapshot!("image-is-read-below-its-root", sandbox.run("--root image"));
}

#[test]
fn units_of_etc_hide_those_of_lib() {
    let unit = "[Service]\nExecStart=\nExecStart=/usr/bin/dockerd -H fd://\n";
    let sandbox = Sandbox::new(&[
        ("usr/lib/systemd/system/docker.service", unit),
        ("etc/systemd/system/docker.service", unit),
        ("usr/lib/systemd/system/docker.service.d/a.conf", unit),
        ("usr/lib/systemd/system/docker.service.d/b.conf", unit),
        ("etc/systemd/system/docker.service.d/b.conf", unit),
    ]);
    let run = sandbox.run("--root . --format json");
    let paths: Vec<_> = run.stdout.lines().filter_map(|line| line.trim().strip_prefix("\"path\": \"")).collect();
    let expected = [
        "etc/systemd/system/docker.service",
        "usr/lib/systemd/system/docker.service.d/a.conf",
        "etc/systemd/system/docker.service.d/b.conf",
    ];
    assert_eq!(paths.len(), expected.len(), "{run}");
    assert!(paths.iter().zip(expected).all(|(path, expected)| path.starts_with(expected)), "{paths:?}");
}

#[cfg(unix)]
#[test]
fn a_masked_unit_is_not_judged() {
    let sandbox = Sandbox::new(&[
        ("etc/docker/daemon.json", r#"{ "hosts": ["fd://"], "log-driver": "local" }"#),
        ("usr/lib/systemd/system/docker.service", "[Service]\nExecStart=/usr/bin/dockerd -H fd://\n"),
        ("etc/systemd/system/kubelet.service", "[Service]\nExecStart=/usr/bin/kubelet --v=2\n"),
    ]);
    assert!(sandbox.run("--root .").stdout.contains("error[docker-hosts-conflict]"));
    std::os::unix::fs::symlink("/dev/null", sandbox.path("etc/systemd/system/docker.service")).unwrap();
    let run = sandbox.run("--root .");
    assert!(!run.stdout.contains("error[docker-hosts-conflict]"), "{run}");
    assert!(!run.stderr.contains("error"), "{run}");
}

#[test]
fn an_empty_root_is_reported_with_the_places() {
    let sandbox = Sandbox::new(&[("image/README", "")]);
    snapshot!("empty-root-names-the-places", sandbox.run("--root image"));
}

#[test]
fn a_reader_that_leaves_early_is_not_a_fault() {
    let sandbox = Sandbox::new(&[(MAIN, BAD)]);
    let program = env!("CARGO_BIN_EXE_crilint");
    let script = format!("{program} {MAIN}; echo \"exit $?\" >&2");
    let output = std::process::Command::new("sh")
        .args(["-c", &format!("({script}) | true")])
        .current_dir(sandbox.path(""))
        .output()
        .unwrap();
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "exit 1\n");
}

#[test]
fn a_configuration_too_large_to_read_is_an_error_in_a_folder_too() {
    let large = format!("{BAD}{}", "# padding\n".repeat(500_000));
    let sandbox = Sandbox::new(&[(MAIN, &large), ("etc/docker/daemon.json", "{}\n"), ("data.json", &large)]);
    let run = sandbox.run(".");
    assert!(run.code == 2 && run.stderr.contains("etc/containerd/config.toml: larger than 4 MiB"), "{run}");
    assert!(!run.stderr.contains("data.json"), "{run}");
}

#[test]
fn a_comment_does_not_hide_a_file_from_its_own_rules() {
    let text = "version = 2\nroot = 5\n# crilint: kind=crictl\n";
    let sandbox = Sandbox::new(&[(MAIN, text)]);
    for arguments in [". -f short", "--root . -f short"] {
        let run = sandbox.run(arguments);
        assert!(run.code == 1 && run.stdout.contains("error[key-wrong-type]"), "{run}");
        assert!(run.stdout.contains("`kind=crictl` has no effect: the file is checked as `containerd`"), "{run}");
    }
}

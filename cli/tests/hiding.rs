//! Secrets: what each form of output shows of them, and that what is applied keeps them.

use crate::sandbox::{BAD, MAIN, Sandbox};
use crate::snapshot;

const DOCKER: &str = "etc/docker/daemon.json";
const HOSTS: &str = "etc/containerd/certs.d/r.io/hosts.toml";

/// A proxy with a password at the wrong level, which a fix moves.
const PROXY: &str = "{\n  \"http-proxy\": \"http://me:hunter2@proxy.example:3128\"\n}\n";

/// A password beside a key that is wrong, and one in a comment.
const AUTH: &str = "\
version = 2
# token: hunter2-comment
[plugins.\"io.containerd.grpc.v1.cri\".registry.configs.\"r.io\".auth]
  username = \"me\"
  password = \"hunter2\"
  pasword = \"hunter2, the second\"
";

/// A header with a misspelled name, fixed by an edit that holds no secret, far from one that does.
fn headers() -> String {
    let far = "# a comment\n".repeat(12);
    format!(
        "server = \"https://r.io\"\nservr = \"https://me:hunter2@r.io\"\n{far}[host.\"https://m.io\"]\n  capabilities = [\"pul\"]\n"
    )
}

#[test]
fn no_output_shows_a_password() {
    let sandbox = Sandbox::new(&[(MAIN, AUTH), (DOCKER, PROXY), (HOSTS, &headers())]);
    for arguments in [
        ".",
        ". -f short",
        ". -f json",
        ". --diff --unsafe-fixes",
        ". --diff --unsafe-fixes --color always",
        "compat .",
        "compat . -f json",
        "show .",
        "show . -f json",
        ". --color always",
        ". --target containerd=all --target docker=all",
    ] {
        let run = sandbox.run(arguments);
        assert!(!run.to_string().contains("hunter2"), "{arguments}: {run}");
    }
}

#[test]
fn source_lines_show_masks_and_true_places() {
    let sandbox = Sandbox::new(&[
        (MAIN, AUTH),
        (DOCKER, "{\"proxies\": {\"http-proxy\": \"http://me:hunter2@p\"}, \"debg\": true}\n"),
    ]);
    snapshot!("secrets-are-masked-in-source-lines", sandbox.run(". --quiet --verbose"));
    let short = sandbox.run(&format!("{DOCKER} -f short"));
    let column = sandbox.read(DOCKER).find("\"debg\"").unwrap() + 1;
    assert!(short.stdout.contains(&format!("{DOCKER}:1:{column}: ")), "{short}");
}

#[test]
fn lines_of_several_lines_keep_their_numbers() {
    let several = AUTH.replace("\"hunter2\"", "'''hunter2\nhunter2\nhunter2'''");
    let text = several.replace("  pasword = \"hunter2, the second\"\n", "  x = 1\n");
    let run = Sandbox::new(&[(MAIN, &text)]).run(&format!("{MAIN} --quiet"));
    assert!(
        run.stdout.contains("[etc/containerd/config.toml:8:3]")
            && run.stdout.contains("8 │   x = ***")
            && !run.stdout.contains("hunter2"),
        "{run}"
    );
}

#[test]
fn edits_with_a_secret_are_left_out_of_json() {
    let run = Sandbox::new(&[(DOCKER, PROXY)]).run(&format!("{DOCKER} -f json"));
    let report: crilint::report::Report = serde_json::from_str(&run.stdout).unwrap();
    let fixes: Vec<_> = report.findings.iter().flat_map(|finding| &finding.fixes).collect();
    assert!(!fixes.is_empty() && fixes.iter().all(|fix| fix.edits.is_empty() && fix.withheld.is_some()), "{run}");
    let plain = Sandbox::new(&[(DOCKER, &PROXY.replace("me:hunter2@", ""))]).run(&format!("{DOCKER} -f json"));
    let report: crilint::report::Report = serde_json::from_str(&plain.stdout).unwrap();
    let fixes: Vec<_> = report.findings.iter().flat_map(|finding| &finding.fixes).collect();
    assert!(
        fixes.iter().all(|fix| !fix.edits.is_empty() && fix.withheld.is_none()) && !plain.stdout.contains("withheld"),
        "{plain}"
    );
}

#[test]
fn changes_with_a_secret_are_left_out_of_a_diff() {
    let sandbox = Sandbox::new(&[(DOCKER, PROXY), (HOSTS, &headers())]);
    let run = sandbox.run(". --diff --unsafe-fixes");
    assert!(run.stdout.contains("+  capabilities = [\"pull\"]"), "other changes stay: {run}");
    let note = "a change that holds a secret is left out; --diff --output-file FILE writes the whole patch";
    assert!(run.stderr.contains(&format!("{DOCKER}:2: {note}")), "{run}");
    assert_eq!(run.code, 1);
}

#[test]
fn on_a_terminal_a_diff_shows_masks() {
    let run = Sandbox::new(&[(DOCKER, PROXY)]).run(&format!("{DOCKER} --diff --unsafe-fixes --color always"));
    assert!(run.stdout.contains("http://me:***@proxy.example:3128") && run.stderr.is_empty(), "{run}");
}

#[test]
fn fixes_write_the_password_itself() {
    let sandbox = Sandbox::new(&[(DOCKER, PROXY)]);
    let piped = sandbox.run_with("- --kind docker --fix --unsafe-fixes", PROXY);
    assert!(
        piped.stdout.contains("http://me:hunter2@proxy.example:3128") && !piped.stderr.contains("hunter2"),
        "{piped}"
    );
    let run = sandbox.run(&format!("{DOCKER} --fix --unsafe-fixes"));
    assert!(sandbox.read(DOCKER).contains("\"proxies\"") && !run.to_string().contains("hunter2"), "{run}");
    assert!(sandbox.read(DOCKER).contains("http://me:hunter2@proxy.example:3128"));
}

#[test]
fn show_reveals_secrets_when_asked() {
    let sandbox = Sandbox::new(&[(MAIN, AUTH)]);
    let run = sandbox.run(&format!("show {MAIN} --changed"));
    assert!(run.stdout.contains("password = \"***\"") && run.stdout.contains("username = \"me\""), "{run}");
    let run = sandbox.run(&format!("show {MAIN} --changed --reveal-secrets"));
    assert!(run.stdout.contains("password = \"hunter2\""), "{run}");
}

#[test]
fn errors_in_crilint_toml_show_no_password() {
    for text in [
        "select = [\"https://me:hunter2@h\"]\n",
        "password = \"hunter2\"\n",
        "[target]\ncontainerd = \"token=hunter2\"\n",
    ] {
        let sandbox = Sandbox::new(&[(MAIN, AUTH), ("crilint.toml", text)]);
        let run = sandbox.run(".");
        assert!(run.code == 2 && !run.to_string().contains("hunter2"), "{run}");
    }
}

#[test]
fn a_file_in_utf_16_shows_no_password() {
    let sandbox = Sandbox::new(&[]);
    let bytes: Vec<u8> = "\u{feff}".encode_utf16().chain(PROXY.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    sandbox.write(DOCKER, &bytes);
    for arguments in [".", ". -f json", ". --diff"] {
        let run = sandbox.run(arguments);
        assert!(!run.to_string().contains("hunter2"), "{run}");
    }
}

#[cfg(unix)]
#[test]
fn a_patch_file_is_whole_and_for_the_user_alone() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let sandbox = Sandbox::new(&[(DOCKER, PROXY), ("old.patch", "old")]);
    let mode = |path: &str| std::fs::metadata(sandbox.path(path)).unwrap().permissions().mode() & 0o777;
    for name in ["new.patch", "old.patch"] {
        let run = sandbox.run(&format!("{DOCKER} --diff --unsafe-fixes --output-file {name}"));
        assert!(run.code == 1 && run.stdout.is_empty() && run.stderr.is_empty(), "{run}");
        assert_eq!(mode(name), 0o600);
        assert!(sandbox.read(name).contains("hunter2"));
    }
    assert_eq!(sandbox.read(DOCKER), PROXY);
    let patched = sandbox.shell("patch -p0 < new.patch");
    assert!(patched.code == 0 && sandbox.read(DOCKER).contains("\"proxies\""), "{patched}");
    sandbox.write("elsewhere", "kept");
    symlink(sandbox.path("elsewhere"), sandbox.path("link.patch")).unwrap();
    sandbox.write(DOCKER, PROXY);
    for name in ["link.patch", "/dev/null", "etc", "no/such/folder"] {
        let run = sandbox.run(&format!("{DOCKER} --diff --unsafe-fixes --output-file {name}"));
        assert!(run.code == 2 && run.stderr.contains(name), "{run}");
    }
    assert_eq!(sandbox.read("elsewhere"), "kept");
    assert_eq!(sandbox.run(&format!("{DOCKER} --output-file x")).code, 2, "only with --diff");
}

#[test]
fn a_patch_takes_the_place_of_no_file_that_is_checked() {
    let text = "version = 3\n";
    let sandbox = Sandbox::new(&[(MAIN, BAD), ("etc/containerd/good.toml", text)]);
    for path in [MAIN, "./etc/../etc/containerd/config.toml", "etc/containerd/good.toml"] {
        let run = sandbox.run(&format!(". --diff --unsafe-fixes --output-file {path}"));
        assert!(run.code == 2 && run.stderr.contains("it is one of the files that are checked"), "{run}");
    }
    assert_eq!((sandbox.read(MAIN).as_str(), sandbox.read("etc/containerd/good.toml").as_str()), (BAD, text));
    sandbox.write("old.patch", "an older patch");
    let run = sandbox.run("etc/containerd/good.toml --diff --output-file old.patch");
    assert!(run.code == 0 && run.stderr.contains("nothing to fix"), "{run}");
    assert_eq!(sandbox.read("old.patch"), "an older patch");
}

#[test]
fn names_of_tables_show_no_password_in_show() {
    let sandbox = Sandbox::new(&[(
        MAIN,
        "version = 3\n[proxy_plugins.\"https://u:hunter2@h\"]\n  type = \"snapshot\"\n\
         [plugins.'io.containerd.cri.v1.images'.registry.configs.\"https://u:hunter2@r.io\".auth]\n  username = \"x\"\n",
    )]);
    for format in ["text", "json"] {
        let run = sandbox.run(&format!("show . --all -f {format}"));
        assert!(run.stdout.contains("***") && !run.to_string().contains("hunter2"), "{run}");
    }
}

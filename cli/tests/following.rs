//! What files name is read too: imports, configurations of flags, registry hosts, environment files; from the node of
//! the file that names it, and from nowhere else.

use std::fs;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;

use crate::sandbox::{Run, Sandbox};
use crate::snapshot;

const MAIN: &str = "etc/containerd/config.toml";

/// A fault whose finding shows that a file was read.
const BAD: &str = "version = 2\nroot = 1\n";

fn importing(paths: &[&str]) -> String {
    format!("version = 2\nimports = {paths:?}\noom_score = 0\n")
}

/// The paths of all findings of a rule.
fn places(run: &Run, rule: &str) -> Vec<String> {
    let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap_or_else(|e| panic!("{e}: {run:?}"));
    let findings = report["findings"].as_array().unwrap().iter().filter(|finding| finding["rule"] == rule);
    findings.map(|finding| finding["path"].as_str().unwrap().to_owned()).collect()
}

fn json(sandbox: &Sandbox, arguments: &str) -> Run {
    sandbox.run(&format!("{arguments} --format json -t containerd=1.7"))
}

/// The messages about files that were not read.
fn unread(run: &Run) -> Vec<String> {
    let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap_or_else(|e| panic!("{e}: {run:?}"));
    let findings = report["findings"].as_array().unwrap().iter();
    let unread = findings.filter(|finding| finding["rule"] == "file-not-read");
    unread
        .flat_map(|finding| finding["places"].as_array().unwrap().clone())
        .map(|place| place["message"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn imports_are_read_whichever_way_the_node_is_named() {
    let sandbox = Sandbox::new(&[
        (MAIN, &importing(&["/opt/site/*.toml", "conf.d/a.toml"])),
        ("opt/site/deep.toml", &importing(&["/srv/last.toml"])),
        ("srv/last.toml", BAD),
        ("etc/containerd/conf.d/a.toml", BAD),
        ("etc/containerd/conf.d/not-imported.toml", "version = 2\n"),
        ("usr/lib/os-release", ""),
    ]);
    let folder = sandbox.path("").display().to_string();
    let folder = folder.trim_end_matches('/');
    for (arguments, start) in [
        (format!("check {MAIN}"), ""),
        (format!("check {folder}/{MAIN}"), &*format!("{folder}/")),
        (format!("--root {folder}"), &*format!("{folder}/")),
        ("--root .".to_owned(), ""),
        ("check .".to_owned(), ""),
        ("check etc".to_owned(), ""),
    ] {
        let run = json(&sandbox, &arguments);
        let mut found = places(&run, "key-wrong-type");
        found.sort();
        let wanted = ["etc/containerd/conf.d/a.toml", "srv/last.toml"].map(|path| format!("{start}{path}"));
        assert_eq!(found, wanted, "{arguments}");
        assert_eq!(unread(&run), [""; 0], "{arguments}");
    }
}

#[test]
fn the_report_lists_the_files_that_others_name() {
    let sandbox = Sandbox::new(&[(MAIN, &importing(&["/opt/site/*.toml"])), ("opt/site/a.toml", "version = 2\n")]);
    let run = sandbox.run(&format!("check {MAIN} -t containerd=1.7"));
    assert_eq!(run.stdout, "no findings in 2 files (containerd 1.7)\nread because others name them: opt/site/a.toml\n");
    let report: serde_json::Value = serde_json::from_str(&json(&sandbox, MAIN).stdout).unwrap();
    assert_eq!(report["files"][1]["path"], "opt/site/a.toml");
    assert_eq!(report["files"][1]["named_by"], MAIN);
    assert!(report["files"][0].get("named_by").is_none());
}

#[test]
fn an_absent_import_is_an_error_where_the_whole_node_is_at_hand() {
    let sandbox = Sandbox::new(&[(MAIN, &importing(&["/nonexistent/x.toml", "/nonexistent/*.toml"]))]);
    let run = json(&sandbox, "--root .");
    assert_eq!(places(&run, "import-absent"), [MAIN]);
    assert_eq!((unread(&run), run.code), (vec![], 1));
    // What someone copied may not be all.
    let run = json(&sandbox, MAIN);
    assert_eq!(places(&run, "import-absent"), [""; 0]);
    let why =
        "was not read: not among the files below ., which may not be all of the node (--root DIR names a whole one)";
    assert_eq!(unread(&run), [format!("/nonexistent/x.toml {why}")], "a pattern may match nothing");
    assert_eq!(run.code, 0);
    sandbox.write("etc/os-release", "");
    assert_eq!(places(&json(&sandbox, MAIN), "import-absent"), [MAIN]);
}

#[test]
fn what_a_running_system_makes_is_not_absent_from_its_image() {
    let sandbox = Sandbox::new(&[(MAIN, &importing(&["/run/site/x.toml"]))]);
    let run = json(&sandbox, "--root .");
    assert_eq!(unread(&run), ["/run/site/x.toml was not read: what stands there is made while the node runs"]);
}

#[test]
fn a_file_of_a_repository_reads_nothing_of_this_machine() {
    let outside = Sandbox::new(&[("site.toml", BAD), ("conf.d/a.toml", BAD)]);
    let site = outside.path("site.toml").display().to_string();
    let pattern = outside.path("conf.d/*.toml").display().to_string();
    let sandbox = Sandbox::new(&[
        ("files/config.toml", &importing(&[&site, &pattern, "/etc/passwd", "../up.toml", "conf.d/*.toml"])),
        ("files/conf.d/beside.toml", BAD),
        ("up.toml", BAD),
    ]);
    for arguments in ["files/config.toml", "files"] {
        let run = json(&sandbox, &format!("check {arguments}"));
        assert_eq!(places(&run, "key-wrong-type"), ["files/conf.d/beside.toml"], "{arguments}");
        let reason = "was not read: the path of the file that names it shows no root of a node (--root DIR names one)";
        let wanted = [&*site, &*pattern, "/etc/passwd", "up.toml"].map(|path| format!("{path} {reason}"));
        assert_eq!(unread(&run), wanted, "{arguments}");
    }
    let run = sandbox.run_in(&sandbox.path("files"), "check config.toml --format json", "");
    assert_eq!(places(&run, "key-wrong-type"), ["conf.d/beside.toml"]);
}

#[test]
fn standard_input_reads_no_file() {
    let outside = Sandbox::new(&[("site.toml", BAD)]);
    let site = outside.path("site.toml").display().to_string();
    let text = importing(&[&site]);
    let run = outside.run_with("check - --stdin-path /etc/containerd/config.toml --format json", &text);
    assert_eq!(places(&run, "key-wrong-type"), [""; 0]);
    assert_eq!(unread(&run), [format!("{site} was not read: the files of its node are not at hand")]);
}

#[test]
fn no_link_and_no_path_leaves_the_root() {
    let outside = Sandbox::new(&[("secret.toml", BAD), ("folder/a.toml", BAD)]);
    let sandbox = Sandbox::new(&[(
        "image/etc/containerd/config.toml",
        &importing(&["/etc/link.toml", "../../../../../secret.toml", "/opt/out/*.toml", "/opt/in/*.toml"]),
    )]);
    fs::create_dir_all(sandbox.path("image/opt")).unwrap();
    sandbox.write("secret.toml", BAD);
    sandbox.write("image/srv/a.toml", BAD);
    symlink(outside.path("secret.toml"), sandbox.path("image/etc/link.toml")).unwrap();
    symlink(outside.path("folder"), sandbox.path("image/opt/out")).unwrap();
    symlink("/srv", sandbox.path("image/opt/in")).unwrap();
    for arguments in ["--root image", "check image/etc/containerd/config.toml"] {
        let run = json(&sandbox, arguments);
        assert_eq!(places(&run, "key-wrong-type"), ["image/opt/in/a.toml"], "{arguments}");
    }
}

#[test]
fn only_regular_files_are_read_and_each_other_thing_is_named() {
    let names = ["fifo", "socket", "dangling", "loop", "folder", "device", "large"];
    let paths = names.map(|name| format!("/opt/{name}.toml"));
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    let sandbox = Sandbox::new(&[(MAIN, &importing(&paths)), ("opt/folder.toml/x", "")]);
    let opt = |name: &str| sandbox.path(&format!("opt/{name}.toml"));
    sandbox.shell("mkfifo opt/fifo.toml");
    let _socket = UnixListener::bind(opt("socket")).unwrap();
    symlink("/absent.toml", opt("dangling")).unwrap();
    symlink("loop.toml", opt("loop")).unwrap();
    symlink("/dev/zero", opt("device")).unwrap();
    fs::File::create(opt("large")).unwrap().set_len(64 << 20).unwrap();
    let run = json(&sandbox, "--root .");
    let dangling = "a link whose target does not exist below this root";
    let wanted = [
        "/opt/fifo.toml was not read: not a regular file".to_owned(),
        "/opt/socket.toml was not read: not a regular file".to_owned(),
        format!("/opt/dangling.toml was not read: {dangling}"),
        "/opt/loop.toml was not read: Too many levels of symbolic links (os error 40)".to_owned(),
        format!("/opt/device.toml was not read: {dangling}"),
        "/opt/large.toml was not read: larger than 4 MiB".to_owned(),
    ];
    assert_eq!(unread(&run), wanted);
    assert_eq!(places(&run, "import-unreadable"), [MAIN]);
}

#[test]
fn circles_and_crowds_end() {
    let sandbox = Sandbox::new(&[
        (MAIN, &importing(&["/opt/a.toml", "/opt/b.toml", "/opt/many/*.toml"])),
        ("opt/a.toml", &importing(&["/opt/a.toml", "/opt/b.toml", "/etc/containerd/config.toml"])),
        ("opt/b.toml", &importing(&["a.toml", "./../opt/b.toml"])),
    ]);
    for number in 0..1_010 {
        sandbox.write(&format!("opt/many/{number}.toml"), "version = 2\n");
    }
    let run = json(&sandbox, "--root .");
    let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(report["files"].as_array().unwrap().len(), 1_001);
    assert_eq!(report["files"].as_array().unwrap().iter().filter(|file| file["path"] == "opt/b.toml").count(), 1);
    let reason = "/opt/many/989.toml: 1000 files are read because others name them, and no more";
    assert_eq!(unread(&run), [format!("/opt/many/*.toml was not read: {reason}")]);
}

#[test]
fn chains_of_imports_have_an_end() {
    let sandbox = Sandbox::new(&[(MAIN, &importing(&["/opt/0.toml"]))]);
    for number in 0..120 {
        sandbox.write(&format!("opt/{number}.toml"), importing(&[&format!("/opt/{}.toml", number + 1)]));
    }
    let run = json(&sandbox, "--root .");
    let reason = "files name further files more than 100 times in a row";
    assert_eq!(unread(&run), [format!("/opt/100.toml was not read: {reason}")]);
}

#[test]
fn globs_are_those_of_containerd() {
    let sandbox = Sandbox::new(&[(
        MAIN,
        &importing(&["/opt/[ab]*.toml", "/opt/*/x.toml", "/opt/.h*.toml", "/opt/q?.toml", "/opt/none/*.toml"]),
    )]);
    for path in ["a.toml", "b1.toml", "c.toml", "d/x.toml", "d/e/x.toml", ".hidden.toml", "q1.toml"] {
        sandbox.write(&format!("opt/{path}"), BAD);
    }
    let run = json(&sandbox, "--root .");
    let mut found = places(&run, "key-wrong-type");
    found.sort();
    assert_eq!(found, ["opt/.hidden.toml", "opt/a.toml", "opt/b1.toml", "opt/d/x.toml"]);
    assert_eq!(places(&run, "import-taken-literally"), [MAIN]);
}

#[test]
fn what_flags_and_units_name_is_read_as_what_it_is_named_for() {
    let sandbox = Sandbox::new(&[
        (
            "etc/systemd/system/kubelet.service",
            "[Service]\nEnvironmentFile=-/etc/kubernetes/more/kubelet\nExecStart=/usr/bin/kubelet --config \
             /srv/kubelet/custom.json --config-dir=/srv/kubelet.conf.d $KUBELET_ARGS\n",
        ),
        (
            "srv/kubelet/custom.json",
            "{\"kind\":\"KubeletConfiguration\",\"apiVersion\":\"kubelet.config.k8s.io/v1beta1\",\"maxPod\":1}",
        ),
        (
            "srv/kubelet.conf.d/10.conf",
            "kind: KubeletConfiguration\napiVersion: kubelet.config.k8s.io/v1beta1\nnosuch: 1\n",
        ),
        ("etc/kubernetes/more/kubelet", "KUBELET_ARGS=--network-plugin=cni\n"),
        ("etc/systemd/system/docker.service", "[Service]\nExecStart=/usr/bin/dockerd --config-file=/srv/d.conf\n"),
        ("srv/d.conf", "{\"nosuch\": true}"),
        ("etc/systemd/system/containerd.service", "[Service]\nExecStart=/usr/bin/containerd --config /srv/c\n"),
        ("srv/c", BAD),
        (MAIN, "version = 2\n"),
    ]);
    let run = json(&sandbox, "--root .");
    let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let kind = |path: &str| {
        let files = report["files"].as_array().unwrap().iter();
        files.filter(|file| file["path"] == path).map(|file| file["kind"].as_str().unwrap().to_owned()).next()
    };
    for (path, wanted) in [
        ("srv/kubelet/custom.json", "kubelet"),
        ("srv/kubelet.conf.d/10.conf", "kubelet"),
        ("etc/kubernetes/more/kubelet", "flags"),
        ("srv/d.conf", "docker"),
        ("srv/c", "containerd"),
    ] {
        assert_eq!(kind(path).as_deref(), Some(wanted), "{path}");
    }
    assert_eq!(places(&run, "unknown-field"), ["srv/kubelet/custom.json", "srv/kubelet.conf.d/10.conf"]);
    assert_eq!(places(&run, "flag-removed"), ["etc/kubernetes/more/kubelet"]);
    assert_eq!(places(&run, "unknown-directive"), ["srv/d.conf"]);
    assert_eq!(places(&run, "key-wrong-type"), ["srv/c"]);
}

#[test]
fn registry_hosts_are_read_below_each_folder_of_config_path() {
    let sandbox = Sandbox::new(&[
        (
            MAIN,
            "version = 3\n[plugins.'io.containerd.cri.v1.images'.registry]\n  config_path = \
             '/srv/certs.d:/opt/hosts'\n",
        ),
        ("srv/certs.d/docker.io/hosts.toml", "nosuch = 1\n"),
        ("opt/hosts/lab.example_5000_/hosts.toml", "nosuch = 1\n"),
        ("opt/hosts/lab.example_5000_/other.toml", "nosuch = 1\n"),
    ]);
    let run = sandbox.run(&format!("check {MAIN} --format json"));
    let wanted = ["srv/certs.d/docker.io/hosts.toml", "opt/hosts/lab.example_5000_/hosts.toml"];
    assert_eq!(places(&run, "hosts-unknown-key"), wanted);
}

#[test]
fn fixes_change_no_file_that_was_not_named() {
    let bad = "version = 2\n[plugins.\"io.containerd.grpc.v1.cri\"]\n  stream_server_adress = \"\"\n";
    let sandbox = Sandbox::new(&[(MAIN, &importing(&["/opt/a.toml"])), ("opt/a.toml", bad), ("etc/os-release", "")]);
    sandbox.run(&format!("check {MAIN} --fix --unsafe-fixes"));
    assert_eq!(sandbox.read("opt/a.toml"), bad);
    sandbox.run("--root . --fix --unsafe-fixes");
    assert_ne!(sandbox.read("opt/a.toml"), bad, "a file of the node that was named");
}

#[test]
fn compat_and_show_state_which_imports_were_not_read() {
    let sandbox = Sandbox::new(&[("files/config.toml", &importing(&["/etc/site.toml"]))]);
    let reason = "the path of the file that names it shows no root of a node (--root DIR names one)";
    let run = sandbox.run("compat files/config.toml -t containerd=2.2");
    let wanted = format!("  unknown: /etc/site.toml was not read: {reason}\n  2.2              accepted?\n");
    assert!(run.stdout.ends_with(&wanted), "{run}");
    let run = sandbox.run("compat files/config.toml -t containerd=2.2 --format json");
    let page: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let file = &page["files"][0];
    assert_eq!(file["unread_imports"], serde_json::json!([{ "path": "/etc/site.toml", "reason": reason }]));
    assert_eq!(file["verdicts"]["containerd"]["2.2"]["depends_on_unread"], true);
    let run = sandbox.run("show files/config.toml --changed");
    assert!(run.stdout.contains(&format!("# unknown: /etc/site.toml was not read: {reason}\n")), "{run}");
    let run = sandbox.run("show files/config.toml --format json");
    let page: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(page["configurations"][0]["unread_imports"][0]["path"], "/etc/site.toml");
    // The node decides.
    let run = sandbox.run("compat --root . -t containerd=2.2");
    assert_eq!(run.code, 2, "nothing is in a standard place: {run}");
    sandbox.write(MAIN, importing(&["/etc/site.toml"]));
    let run = sandbox.run("compat --root . -t containerd=2.2");
    assert!(run.stdout.contains("2.2              refused   2:12: `/etc/site.toml` does not exist"), "{run}");
}

#[test]
fn a_part_of_a_unit_is_judged_with_the_others() {
    let sandbox = Sandbox::new(&[
        ("usr/lib/systemd/system/kubelet.service", "[Service]\nExecStart=/usr/bin/kubelet --config /etc/none.yaml\n"),
        (
            "etc/systemd/system/kubelet.service.d/10.conf",
            "[Service]\nExecStart=\nExecStart=/usr/bin/kubelet --config /srv/k.yaml $KUBELET_EXTRA_ARGS\n",
        ),
        ("etc/systemd/system/kubelet.service.d/20.conf", "[Service]\nEnvironmentFile=/srv/more\n"),
        ("srv/more", "KUBELET_EXTRA_ARGS=--network-plugin=cni\n"),
        ("srv/k.yaml", "kind: KubeletConfiguration\napiVersion: kubelet.config.k8s.io/v1beta1\nmaxPod: 1\n"),
    ]);
    symlink("usr/lib", sandbox.path("lib")).unwrap();
    for path in ["usr/lib/systemd/system/kubelet.service", "etc/systemd/system/kubelet.service.d/20.conf"] {
        let run = json(&sandbox, &format!("check {path}"));
        assert_eq!(places(&run, "config-file-absent"), [""; 0], "{path}: a drop-in resets the command");
        assert_eq!(places(&run, "unknown-field"), ["srv/k.yaml"], "{path}");
        assert_eq!(places(&run, "flag-removed"), ["srv/more"], "{path}");
        assert_eq!(unread(&run), [""; 0], "{path}");
        let report: crilint::report::Report = serde_json::from_str(&run.stdout).unwrap();
        assert_eq!(report.files.len(), 5, "{path}");
    }
}

/// A node with packages, units and files.
fn node() -> Sandbox {
    Sandbox::new(&[
        ("node/etc/os-release", "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\n"),
        (
            "node/var/lib/dpkg/status",
            "Package: containerd\nStatus: install ok installed\nVersion: 1.6.20~ds1-1+deb12u1\n\nPackage: kubelet\n\
             Status: deinstall ok config-files\nVersion: 1.30.0-1.1\n",
        ),
        ("node/etc/containerd/config.toml", &importing(&["/etc/containerd/conf.d/*.toml", "/opt/none/*.toml"])),
        ("node/etc/containerd/conf.d/a.toml", "version = 2\n"),
        ("node/etc/containerd/runsc.toml", "log_path = \"/var/log/runsc/\"\n"),
        ("node/usr/lib/systemd/system/containerd.service", "[Service]\nExecStart=/usr/bin/containerd\n"),
        ("node/usr/lib/systemd/system/kubelet.service", "[Service]\nExecStart=/usr/bin/kubelet $KUBELET_EXTRA_ARGS\n"),
        (
            "node/etc/systemd/system/kubelet.service.d/10-kubeadm.conf",
            "[Service]\nEnvironmentFile=-/etc/default/kubelet\n",
        ),
        ("node/etc/rancher/k3s/config.yaml", "write-kubeconfig-mode: \"0644\"\n"),
        ("node/root/.config/docker/daemon.json", "{}"),
    ])
}

#[test]
fn a_check_of_a_node_starts_with_what_it_looked_at() {
    let sandbox = node();
    symlink("/dev/null", sandbox.path("node/etc/systemd/system/docker.service")).unwrap();
    snapshot!("node-starts-with-a-table", sandbox.run("--root node"));
    assert_eq!(sandbox.run("--root node -q").stdout, "");
    let run = sandbox.run("--root node --format json");
    let report: crilint::report::Report = serde_json::from_str(&run.stdout).unwrap();
    let node = report.node.unwrap();
    assert_eq!(node.distributions, ["k3s", "rootless"]);
    assert_eq!(node.absent, ["/opt/none/*.toml"]);
    let daemon = |name: &str| node.daemons.iter().find(|daemon| daemon.program == name).unwrap();
    assert_eq!(daemon("containerd").version.as_deref(), Some("1.6.20~ds1-1+deb12u1"));
    assert_eq!(daemon("containerd").files, ["node/etc/containerd/config.toml", "node/etc/containerd/conf.d/a.toml"]);
    assert_eq!(daemon("dockerd").state.as_deref(), Some("masked"));
    assert_eq!(daemon("kubelet").version, None, "the package is removed");
    assert_eq!(
        daemon("kubelet").unit_files,
        ["/usr/lib/systemd/system/kubelet.service", "/etc/systemd/system/kubelet.service.d/10-kubeadm.conf"]
    );
    assert_eq!(report.target["containerd"], ["1.6.20"]);
}

#[test]
fn the_releases_of_a_node_are_those_of_its_packages_unless_others_are_named() {
    let sandbox = node();
    let target = |arguments: &str| {
        let report: serde_json::Value = serde_json::from_str(&sandbox.run(arguments).stdout).unwrap();
        report["target"]["containerd"].as_array().unwrap().iter().map(ToString::to_string).collect::<String>()
    };
    assert_eq!(target("--root node --format json"), "\"1.6.20\"");
    assert_eq!(target("--root node --format json -t containerd=2.2"), "\"2.2\"");
    sandbox.write("crilint.toml", "[target]\ncontainerd = \"2.1\"\n");
    assert_eq!(target("--root node --format json"), "\"2.1\"");
    let run = sandbox.run("show --root node --changed --no-config");
    assert!(run.stdout.contains("\ncontainerd 1.6.20 ("), "{run}");
    fs::remove_file(sandbox.path("node/var/lib/dpkg/status")).unwrap();
    sandbox.write("node/var/lib/rpm/rpmdb.sqlite", "");
    let run = sandbox.run("--root node --no-config");
    let note = "release unknown (/var/lib/rpm/rpmdb.sqlite is not read): containerd, ";
    assert!(run.stdout.contains(note), "{run}");
    sandbox.write("node/var/lib/rpm/rpmdb.sqlite", include_bytes!("rpmdb.sqlite"));
    let run = sandbox.run("--root node --no-config");
    let note = "judged for what is installed: containerd 2.1.4, Docker 28.5.2, Kubernetes 1.33.5";
    assert!(run.stdout.contains(note), "{run}");
}

#[test]
fn an_image_is_not_walked() {
    let sandbox = node();
    let run = sandbox.run("--root node");
    // Nothing here is in a standard place, and each would be an error.
    for folder in ["srv", "etc", "var/lib", "etc/kubernetes", "opt/etc/containerd", "etc/containerd.old"] {
        fs::create_dir_all(sandbox.path(&format!("node/{folder}"))).unwrap();
        sandbox.shell(&format!("mkfifo node/{folder}/config.toml node/{folder}/daemon.json"));
    }
    assert_eq!(sandbox.run("--root node").to_string(), run.to_string());
}

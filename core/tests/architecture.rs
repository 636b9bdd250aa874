//! What ARCHITECTURE.md states about the code must be true: who may use whom, what core never does, and how it is
//! written.
//!
//! Lists of exceptions may only shrink: a test fails when one of them is longer than the code needs.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use crilint_core::kinds::KINDS;
use crilint_core::rules::RULES;

/// Which top modules a top module uses, from the lowest to the highest. A module uses only modules above it in this
/// list, so there is no circle.
const EDGES: &[(&str, &str)] = &[
    ("text", ""),
    ("order", "text"),
    ("named", ""),
    ("glob", ""),
    ("json", ""),
    ("go", ""),
    ("releases", ""),
    ("fix", "order text"),
    ("finding", "fix releases text"),
    ("syntax", "fix named order text"),
    ("keys", "fix releases syntax"),
    ("kind", "fix go keys order releases syntax text"),
    ("systemd", "glob keys kind named order releases syntax text"),
    ("containerd", "finding fix glob keys kind named order releases syntax systemd text"),
    ("registry_hosts", "fix go keys kind releases syntax text"),
    ("docker", "fix go keys kind order releases syntax systemd text"),
    ("kubelet", "finding fix go keys kind order releases syntax systemd text"),
    ("crictl", "keys kind releases syntax"),
    ("distributions", "finding keys kind registry_hosts releases syntax"),
    ("kinds", "containerd crictl distributions docker kind kubelet registry_hosts syntax systemd"),
    ("embedded", "containerd distributions docker fix kind kinds kubelet order syntax text"),
    ("node", "containerd docker glob kind kinds kubelet registry_hosts syntax systemd text"),
    ("secrets", "finding keys kind order syntax text"),
    ("describe", "containerd crictl distributions docker keys kind kubelet order registry_hosts releases"),
    ("benchmark", "docker finding go keys kind kubelet order releases syntax systemd text"),
    (
        "rules",
        "benchmark containerd crictl distributions docker embedded finding fix go keys kind kinds kubelet node order registry_hosts releases syntax systemd text",
    ),
    (
        "engine",
        "containerd distributions embedded finding fix keys kind kinds kubelet named node order releases rules secrets syntax text",
    ),
    ("profile", "benchmark engine finding"),
    ("report", "benchmark engine finding fix json named releases rules text"),
    ("compat", "containerd engine finding kinds kubelet order releases systemd"),
    ("config", "benchmark engine finding glob keys kind kinds rules secrets syntax text"),
    ("show", "containerd crictl docker engine finding keys kind kubelet order registry_hosts releases syntax systemd"),
    (
        "ide",
        "containerd describe docker embedded engine finding fix keys kind order releases rules secrets syntax systemd text",
    ),
];

/// The files of `rules/` that hold no rule.
const RULES_SHARE: [&str; 7] =
    ["context.rs", "daemons.rs", "declared.rs", "found.rs", "mod.rs", "prelude.rs", "problems.rs"];
/// Imports of one rule by another. What two rules need belongs into the room of their daemon.
const RULES_THAT_USE_RULES: usize = 0;
/// Wordings that a reader of the field does not expect, each with what to write instead. Between words, any signs count
/// as one blank, so that names of functions are covered.
const WORDINGS: &[(&str, &str)] = &[
    ("without a word", "silently"),
    ("all the same", "still"),
    ("as it stands", "as is"),
    ("as they stand", "as they are"),
    ("as told", "what is written"),
    ("nobody", "the actor: `no release`, `Docker does not`"),
    ("everybody", "the actor: `all users`"),
    ("somebody", "the actor: `the user`, `another process`"),
    ("anybody", "the actor: `the user`, `another server`"),
    ("that is none", "is not a ..."),
    ("that are none", "are not ..."),
    ("which is none", "is not a ..."),
    ("is no", "is not a ..."),
    ("are no", "are not ..."),
    ("mend", "fix, repair, recover"),
    ("mends", "fixes, repairs, recovers"),
    ("mended", "fixed, repaired, recovered"),
    ("told", "reported, described, distinguished"),
    ("tells", "reports, shows, contains"),
    ("says", "reports, states, sets, contains"),
    ("said", "reported, stated, set"),
    ("knows", "has, accepts, recognizes, supports"),
    ("does not know", "does not recognize, does not have"),
    ("do not know", "do not recognize, do not have"),
    ("speak", "use, contain"),
    ("speaks", "uses, contains"),
    ("has a say", "may set it"),
    ("have a say", "may set it"),
    ("fate", "status"),
    ("loud", "the severity"),
    ("louder", "more severe"),
    ("gone", "removed, fixed, absent"),
    ("gives way", "is replaced"),
    ("gave way", "was replaced"),
    ("meets", "matches, contains, satisfies"),
    ("foretells", "forecasts"),
    ("foretold", "forecast"),
];
/// Phrases with words of such a wording that are fine.
const FINE_PHRASES: [&str; 4] = ["there is no", "there are no", "is no longer", "are no longer"];
/// The endings of files that people write.
const WRITTEN_BY_HAND: [&str; 8] = [".rs", ".ts", ".mjs", ".js", ".css", ".html", ".md", ".toml"];
/// Parts of paths whose files are built, generated, recorded or written by others.
const NOT_CHECKED: [&str; 13] = [
    "/.",
    "/target/",
    "/node_modules/",
    "/dist/",
    "/pkg/",
    "/docs/rules/",
    "/docs/keys/",
    "/tests/corpus/",
    "/fuzz/corpus/",
    "/test-results/",
    "/core/tests/architecture.rs",
    "/CHANGELOG.md",
    "tables.rs",
];

#[test]
fn a_top_module_uses_only_modules_below_it() {
    let tops = tops();
    let allowed: BTreeMap<&str, BTreeSet<&str>> =
        EDGES.iter().map(|(from, to)| (*from, to.split_whitespace().collect())).collect();
    assert_eq!(allowed.keys().copied().collect::<BTreeSet<_>>(), tops.iter().map(String::as_str).collect());
    for (index, (from, to)) in EDGES.iter().enumerate() {
        let lower: Vec<&str> = EDGES.iter().take(index).map(|(name, _)| *name).collect();
        for to in to.split_whitespace() {
            assert!(lower.contains(&to), "`{from}` uses `{to}`, which does not stand above it in the list");
        }
    }
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (path, source) in sources("src") {
        let top = top_of(&path);
        for used in modules_used(&source).intersection(&tops).filter(|used| **used != top) {
            let is_allowed = allowed.get(top.as_str()).is_some_and(|to| to.contains(used.as_str()));
            assert!(is_allowed, "{}: `{top}` must not use `{used}`", path.display());
            found.entry(top.clone()).or_default().insert(used.clone());
        }
    }
    for (from, to) in &allowed {
        let unused: Vec<_> = to.iter().filter(|to| !found.get(*from).is_some_and(|f| f.contains(**to))).collect();
        assert!(unused.is_empty(), "`{from}` no longer uses {unused:?}: shorten the list");
    }
}

#[test]
fn a_rule_uses_no_other_rule() {
    let groups: BTreeSet<String> = folders("src/rules");
    let is_use = |line: &&str| groups.iter().any(|group| line.contains(&format!("crate::rules::{group}::")));
    let uses = |source: &str| code(source).lines().filter(is_use).count();
    let count: usize = sources("src/rules").iter().map(|(_, source)| uses(source)).sum();
    assert_eq!(count, RULES_THAT_USE_RULES, "imports of rules by rules: this number may only shrink");
}

#[test]
fn the_folder_of_rules_holds_rules_alone() {
    let loose: Vec<_> = fs::read_dir(core().join("src/rules")).unwrap().map(|entry| entry.unwrap()).collect();
    let files = loose.iter().filter(|entry| entry.path().is_file()).map(|entry| entry.file_name());
    let files: BTreeSet<_> = files.map(|name| name.into_string().unwrap()).collect();
    assert_eq!(files, BTreeSet::from(RULES_SHARE.map(str::to_owned)));
    for (path, source) in sources("src/rules").iter().filter(|(path, _)| path.components().count() > 1) {
        let is_rule = source.contains("pub(crate) const RULE: Rule");
        assert!(is_rule || path.ends_with("mod.rs"), "{} is not a rule", path.display());
    }
}

#[test]
fn the_engine_names_no_format_rule_or_kind() {
    let rules = RULES.iter().map(|rule| rule.id);
    let ids: Vec<String> = rules.chain(KINDS.iter().map(|kind| kind.id)).map(|id| format!("\"{id}\"")).collect();
    for (path, source) in sources("src/engine") {
        let source = code(&source);
        assert!(!source.contains("Format::"), "{}: a format", path.display());
        let named = ids.iter().find(|id| source.contains(id.as_str()));
        assert_eq!(named, None, "{}", path.display());
    }
}

#[test]
fn core_does_no_input_output_and_has_no_threads_clock_or_environment() {
    const NEVER: [&str; 7] =
        ["std::fs", "std::io", "std::env", "std::thread", "std::time", "std::process", "std::sync"];
    for (path, source) in sources("src") {
        let source = code(&source);
        for never in NEVER {
            assert!(!source.contains(never), "{}: {never}", path.display());
        }
    }
}

#[test]
fn lines_are_at_most_120_characters_long() {
    for (path, source) in sources("src") {
        let long = source.lines().position(|line| line.chars().count() > 120);
        assert_eq!(long.map(|index| index + 1), None, "{}: a long line", path.display());
    }
}

#[test]
fn a_type_name_occurs_once() {
    let mut owners: BTreeMap<String, PathBuf> = BTreeMap::new();
    for (path, source) in sources("src") {
        for name in code(&source).lines().filter_map(type_name) {
            let other = owners.insert(name.to_owned(), path.clone());
            assert_eq!(other, None, "{}: another type is named `{name}`", path.display());
        }
    }
    assert!(owners.contains_key("Finding"));
}

#[test]
fn words_are_those_of_the_field() {
    let mut wrong = String::new();
    let mut count = 0;
    for path in files_below(&core().join("..").canonicalize().unwrap()) {
        let text = fs::read_to_string(&path).unwrap();
        for (index, line) in text.lines().enumerate() {
            let mut words = words_of(line);
            for phrase in FINE_PHRASES {
                words = words.replace(&format!(" {phrase} "), " ");
            }
            for (wording, instead) in WORDINGS.iter().filter(|(wording, _)| words.contains(&format!(" {wording} "))) {
                let place = format!("{}:{}", path.display(), index + 1);
                wrong += &format!("{place}: instead of \"{wording}\" write: {instead}\n");
            }
        }
        count += 1;
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(count > 500, "{count} files");
}

#[test]
fn names_of_snapshots_are_in_kebab_case() {
    let is_word =
        |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    let mut open = vec![core().join("../snapshots")];
    let mut count = 0;
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        }
        let name = path.file_stem().unwrap().to_str().unwrap();
        assert!(name.split('-').all(is_word), "{}", path.display());
        count += 1;
    }
    assert!(count > RULES.len(), "{count} snapshots");
}

fn core() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The files that people write, below a folder.
fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = vec![];
    let mut open = vec![folder.to_owned()];
    while let Some(path) = open.pop() {
        let is_folder = path.is_dir();
        let name = format!("/{}{}", path.strip_prefix(folder).unwrap().display(), if is_folder { "/" } else { "" });
        if NOT_CHECKED.iter().any(|part| name.contains(part)) {
            continue;
        }
        if is_folder {
            open.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else if WRITTEN_BY_HAND.iter().any(|end| name.ends_with(end)) {
            found.push(path);
        }
    }
    found
}

/// The words of a line in lower case, each between blanks.
fn words_of(line: &str) -> String {
    let is_sign = |c: char| !c.is_alphanumeric();
    let words = line.split(is_sign).filter(|word| !word.is_empty());
    words.fold(" ".to_owned(), |all, word| all + &word.to_lowercase() + " ")
}

/// The sources below a folder of core, generated ones apart, by their path in it.
fn sources(folder: &str) -> Vec<(PathBuf, String)> {
    let mut found = vec![];
    let mut open = vec![core().join(folder)];
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else if path.extension().is_some_and(|e| e == "rs") && !path.to_str().unwrap().ends_with("tables.rs") {
            let source = fs::read_to_string(&path).unwrap();
            found.push((path.strip_prefix(core().join(folder)).unwrap().to_owned(), source));
        }
    }
    assert!(!found.is_empty(), "{folder}");
    found.sort();
    found
}

fn folders(folder: &str) -> BTreeSet<String> {
    let entries = fs::read_dir(core().join(folder)).unwrap().map(|entry| entry.unwrap());
    entries.filter(|entry| entry.path().is_dir()).map(|entry| entry.file_name().into_string().unwrap()).collect()
}

fn top_of(path: &Path) -> String {
    path.components().next().unwrap().as_os_str().to_str().unwrap().trim_end_matches(".rs").to_owned()
}

/// The top modules of core.
fn tops() -> BTreeSet<String> {
    sources("src").iter().map(|(path, _)| top_of(path)).filter(|top| top != "lib").collect()
}

/// A source without comments and without its tests, which may use anything.
fn code(source: &str) -> String {
    let own = source.split("#[cfg(test)]").next().unwrap();
    own.lines().filter(|line| !line.trim_start().starts_with("//")).map(|line| format!("{line}\n")).collect()
}

/// The name of the type that a line defines at the top of a module: associated types and types of functions are indented.
fn type_name(line: &str) -> Option<&str> {
    let line = match line.strip_prefix("pub") {
        Some(rest) => rest.strip_prefix('(').map_or(rest, |scope| scope.split_once(')').unwrap().1).trim_start(),
        None => line,
    };
    let rest = ["struct ", "enum ", "trait ", "type "].into_iter().find_map(|keyword| line.strip_prefix(keyword))?;
    rest.split(|c: char| !c.is_alphanumeric() && c != '_').next()
}

/// The names behind `crate::`, one or several in braces.
fn modules_used(source: &str) -> BTreeSet<String> {
    let source = code(source);
    let mut used = BTreeSet::new();
    let name = |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    for (at, _) in source.match_indices("crate::") {
        let rest = &source[at + "crate::".len()..];
        match rest.strip_prefix('{') {
            Some(list) => used.extend(list.split('}').next().unwrap().split(',').map(|part| name(part.trim()))),
            None => drop(used.insert(name(rest))),
        }
    }
    used
}

//! `core/data/benchmarks.toml` -> `core/src/benchmark/tables.rs` and `docs/profiles/cis.md`.

use std::fmt::Write as _;
use std::path::Path;

use serde::Deserialize;

use crate::data;
use crate::tables::Generated;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BenchmarkFile {
    benchmark: Vec<Benchmark>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Benchmark {
    id: String,
    title: String,
    edition: String,
    product: String,
    rule: String,
    source: String,
    section: Vec<Section>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Section {
    number: String,
    title: String,
    /// Why files decide on none of its items.
    #[serde(default)]
    undecided: String,
    item: Vec<Item>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Item {
    number: String,
    title: String,
    #[serde(default)]
    manual: bool,
    /// Why files do not decide.
    #[serde(default)]
    undecided: String,
    #[serde(default)]
    tests: Vec<Test>,
    #[serde(default)]
    unless: Vec<Test>,
    #[serde(default)]
    message: String,
    #[serde(default)]
    help: String,
    /// Other rules that report the same fault.
    #[serde(default)]
    rules: Vec<String>,
    /// Where the verdict differs from that of the published check.
    #[serde(default)]
    note: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Test {
    #[serde(default)]
    setting: String,
    /// A file whose owner or mode counts: `main`, `unit` or the end of a path.
    #[serde(default)]
    file: String,
    /// The permissions that it may have, as an octal number.
    mode: Option<String>,
    #[serde(default)]
    root_owns: bool,
    is: Option<Vec<String>>,
    not: Option<Vec<String>>,
    only: Option<Vec<String>>,
    none_start: Option<String>,
    at_least: Option<i64>,
    #[serde(default)]
    set: bool,
    #[serde(default)]
    empty: bool,
    #[serde(default)]
    tcp_checks_clients: bool,
}

/// Generates the table and the page.
pub fn generate(root: &Path) -> Result<Vec<Generated>, String> {
    let file: BenchmarkFile = data::read(root, "benchmarks.toml")?;
    for (section, item) in file.benchmark.iter().flat_map(items) {
        let is_complete = !item.tests.is_empty() && !item.message.is_empty() && !item.help.is_empty();
        let has_reason = item.tests.is_empty() && !reason(section, item).is_empty();
        if is_complete == has_reason {
            return Err(format!("{}: give a reason, or tests with message and help", item.number));
        }
    }
    Ok(vec![("core/src/benchmark/tables.rs".into(), code(&file)?), ("docs/profiles/cis.md".into(), page(&file))])
}

fn items(benchmark: &Benchmark) -> impl Iterator<Item = (&Section, &Item)> {
    benchmark.section.iter().flat_map(|section| section.item.iter().map(move |item| (section, item)))
}

fn code(file: &BenchmarkFile) -> Result<String, String> {
    let mut out = String::from(
        "//! Generated from `core/data/benchmarks.toml` by `cargo xtask gen`. Do not edit.\n\n\
         use super::{Benchmark, BenchmarkItem, BenchmarkSection, ItemBasis, ItemCheck, SettingTest, Wanted};\n\
         use crate::releases::Product;\n\n\
         /// All benchmarks.\npub static BENCHMARKS: &[Benchmark] = &[\n",
    );
    for benchmark in &file.benchmark {
        let Benchmark { id, title, edition, rule, .. } = benchmark;
        let product = match benchmark.product.as_str() {
            "docker" => "Docker",
            "kubernetes" => "Kubernetes",
            other => return Err(format!("{id}: `{other}` is not a product with a benchmark")),
        };
        let _ = writeln!(
            out,
            "    Benchmark {{ id: {id:?}, title: {title:?}, edition: {edition:?}, product: Product::{product}, \
             rule: {rule:?}, sections: &["
        );
        for section in &benchmark.section {
            let Section { number, title, .. } = section;
            let _ = writeln!(out, "        BenchmarkSection {{ number: {number:?}, title: {title:?}, items: &[");
            for item in &section.item {
                let Item { number, title, manual, .. } = item;
                let basis = basis(section, item)?;
                let _ = writeln!(
                    out,
                    "            BenchmarkItem {{ number: {number:?}, title: {title:?}, is_manual: {manual}, \
                     basis: {basis} }},"
                );
            }
            out.push_str("        ] },\n");
        }
        out.push_str("    ] },\n");
    }
    out.push_str("];\n");
    Ok(out)
}

fn basis(section: &Section, item: &Item) -> Result<String, String> {
    if item.tests.is_empty() {
        return Ok(format!("ItemBasis::Undecided({:?})", reason(section, item)));
    }
    let (tests, unless) = (tests(&item.tests)?, tests(&item.unless)?);
    let Item { message, help, rules, .. } = item;
    Ok(format!(
        "ItemBasis::Settings(ItemCheck {{ tests: &[{tests}], unless: &[{unless}], message: {message:?}, help: {help:?}, \
         rules: &{rules:?} }})"
    ))
}

fn reason<'i>(section: &'i Section, item: &'i Item) -> &'i str {
    if item.undecided.is_empty() { &section.undecided } else { &item.undecided }
}

fn tests(tests: &[Test]) -> Result<String, String> {
    let code = |test: &Test| {
        let setting = if test.file.is_empty() { test.setting.clone() } else { format!("file:{}", test.file) };
        Ok(format!("SettingTest {{ setting: {setting:?}, wants: Wanted::{} }}", wanted(test)?))
    };
    let all: Result<Vec<String>, String> = tests.iter().map(code).collect();
    Ok(all?.join(", "))
}

fn wanted(test: &Test) -> Result<String, String> {
    let mut forms = vec![];
    forms.extend(test.is.as_ref().map(|words| format!("Is(&{words:?})")));
    forms.extend(test.not.as_ref().map(|words| format!("Not(&{words:?})")));
    forms.extend(test.only.as_ref().map(|words| format!("Only(&{words:?})")));
    forms.extend(test.none_start.as_ref().map(|text| format!("NoneStart({text:?})")));
    forms.extend(test.at_least.map(|number| format!("AtLeast({number})")));
    forms.extend(test.mode.as_ref().map(|mode| format!("Mode(0o{mode})")));
    let marks = [
        (test.root_owns, "OwnedByRoot"),
        (test.set, "Set"),
        (test.empty, "Empty"),
        (test.tcp_checks_clients, "TcpChecksClients"),
    ];
    forms.extend(marks.iter().filter(|(is_set, _)| *is_set).map(|(_, form)| (*form).to_owned()));
    match forms.as_slice() {
        [form] => Ok(form.clone()),
        _ => Err(format!("{}: a test has one form", test.setting)),
    }
}

fn page(file: &BenchmarkFile) -> String {
    let mut out = String::from(
        "# Profile `cis`\n\n\
         Generated from `core/data/benchmarks.toml`.\n\n\
         `crilint check --profile cis`, or `profile = \"cis\"` in `crilint.toml`, runs the rules that decide on items of \
         the CIS benchmarks, beside all others, and lists every item with its verdict:\n\n\
         | verdict | meaning |\n|---|---|\n\
         | `pass` | the settings in effect pass the item, in every release of the target |\n\
         | `fail` | they do not; a finding shows where |\n\
         | `ignored` | they do not, and a comment, `ignore` or a level silences the finding |\n\
         | `undecided` | files do not decide, or the file that does is missing or has syntax errors |\n\n\
         A setting counts as it is in effect: flags win over files, drop-ins over the main file, and where none sets it, \
         the release's default holds. Owners and modes of files count with `--root`, or without a path, where the files are \
         those of a node. An item that fails is a finding: a warning, so that the exit code is 1, or an info \
         where the benchmark leaves the verdict to people (manual). Titles are in our own words; the benchmarks describe \
         each item.\n",
    );
    for benchmark in &file.benchmark {
        let Benchmark { title, edition, source, .. } = benchmark;
        let _ = write!(out, "\n## {title}, edition {edition}\n\nSource: {source}.\n");
        out.push_str("\n| item | passes where | assessment | decided by |\n|---|---|---|---|\n");
        for (section, item) in items(benchmark) {
            let assessment = if item.manual { "manual" } else { "automated" };
            let _ = writeln!(
                out,
                "| {} | {} | {assessment} | {} |",
                item.number,
                item.title,
                decided_by(benchmark, section, item)
            );
        }
        out.push_str("\nDifferences to the published checks:\n\n");
        for (_, item) in items(benchmark).filter(|(_, item)| !item.note.is_empty()) {
            let _ = writeln!(out, "- {}: {}", item.number, item.note);
        }
    }
    out
}

fn decided_by(benchmark: &Benchmark, section: &Section, item: &Item) -> String {
    if item.tests.is_empty() {
        return format!("not decidable from files: {}", reason(section, item));
    }
    let rules = item.rules.iter().chain([&benchmark.rule]);
    let rules: Vec<_> = rules.map(|rule| format!("[`{rule}`](../rules/{rule}.md)")).collect();
    let name = |test: &Test| match (test.file.as_str(), test.root_owns) {
        ("", _) => format!("`{}`", test.setting),
        (_, true) => "owner of the file, on a node".to_owned(),
        (_, false) => "mode of the file, on a node".to_owned(),
    };
    let settings: Vec<_> = item.tests.iter().chain(&item.unless).map(name).collect();
    format!("{}: {}", settings.join(", "), rules.join(", "))
}

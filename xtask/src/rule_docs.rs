//! Rule headers -> `docs/rules/*.md`, the table of rules, and the texts of `crilint explain`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crate::tables::Generated;

/// A rule as its file declares it.
struct RuleDoc {
    group: String,
    id: String,
    category: String,
    fix: String,
    opt_in: bool,
    since: String,
    summary: String,
    text: String,
}

/// Generates the pages.
pub fn generate(root: &Path) -> Result<Vec<Generated>, String> {
    let mut rules = vec![];
    for path in rule_files(root)? {
        rules.push(read(&path)?);
    }
    rules.sort_by(|a, b| (&a.group, &a.id).cmp(&(&b.group, &b.id)));
    let mut out: Vec<Generated> = rules.iter().map(|r| (format!("docs/rules/{}.md", r.id), page(r))).collect();
    out.push(("docs/rules/README.md".into(), index(&rules)));
    out.push(("cli/docs_table.rs".into(), table(&rules)));
    Ok(out)
}

/// All files of `core/src/rules/<group>/`.
pub fn rule_files(root: &Path) -> Result<Vec<PathBuf>, String> {
    let folder = root.join("core/src/rules");
    let list = |path: &Path| std::fs::read_dir(path).map_err(|e| format!("{}: {e}", path.display()));
    let mut files = vec![];
    for group in list(&folder)?.flatten().filter(|e| e.path().is_dir()) {
        files.extend(list(&group.path())?.flatten().map(|e| e.path()));
    }
    files.sort();
    Ok(files)
}

fn read(path: &Path) -> Result<RuleDoc, String> {
    let source = std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
    // The fields of `RULE` itself are indented once; deeper ones belong to its checks.
    let optional = |name: &str| {
        let line = source.lines().find_map(|l| l.strip_prefix(&format!("    {name}: ")));
        line.map(|l| l.trim_end_matches(',').trim_matches('"').to_owned())
    };
    let field = |name: &str| optional(name).ok_or_else(|| format!("{}: no `{name}`", path.display()));
    let lines = source.lines().map_while(|l| l.strip_prefix("//!"));
    let text: String = lines.map(|l| format!("{}\n", l.strip_prefix(' ').unwrap_or(l))).collect();
    let group = path.parent().and_then(Path::file_name).and_then(|n| n.to_str()).unwrap_or_default();
    // The values of `Rule::DEFAULTS`.
    let fix = optional("fix").unwrap_or_else(|| "None".to_owned());
    let category = optional("category").unwrap_or_else(|| "Category::Correctness".to_owned());
    Ok(RuleDoc {
        group: group.to_owned(),
        id: field("id")?,
        category: category.replace("Category::", "").to_lowercase(),
        fix: if fix == "None" {
            "none".into()
        } else {
            fix.replace("Some(Applicability::", "").replace(')', "").to_lowercase()
        },
        opt_in: optional("opt_in").is_some_and(|text| text == "true"),
        since: optional("since").unwrap_or_else(|| "0.1.0".to_owned()),
        summary: field("summary")?.replace("\\\"", "\""),
        text,
    })
}

/// A rule's page: its header with a line of facts under the title, and examples without their marks.
fn page(rule: &RuleDoc) -> String {
    let mut out = String::new();
    let mut in_fence = false;
    for (i, line) in rule.text.lines().enumerate() {
        if line.starts_with("```") {
            in_fence = !in_fence;
        }
        if in_fence && is_mark(line) {
            continue;
        }
        let mut words = line.split_whitespace();
        let (fence, state) = (words.next().unwrap_or_default(), words.next());
        match state {
            Some(state @ ("bad" | "fixed" | "good")) if fence.starts_with("```") => {
                let title = match state {
                    "bad" => "Found:",
                    "fixed" => "After the fix:",
                    _ => "Right:",
                };
                let targets: Vec<_> = words.collect();
                let suffix = if targets.is_empty() {
                    String::new()
                } else {
                    format!(" (`--target {}`)", targets.join("` `--target "))
                };
                let _ = writeln!(out, "{title}{suffix}\n\n{fence}");
            }
            _ => {
                let _ = writeln!(out, "{line}");
            }
        }
        if i == 0 {
            let fix = if rule.fix == "none" { "no fix".to_owned() } else { format!("{} fix", rule.fix) };
            let opt_in = if rule.opt_in { ", only when selected" } else { "" };
            let _ = writeln!(out, "\n*{}, {fix}{opt_in}, since {}*", rule.category, rule.since);
        }
    }
    out
}

/// A line that only points at the line above.
pub fn is_mark(line: &str) -> bool {
    let carets = line.trim();
    !carets.is_empty() && carets.bytes().all(|b| b == b'^')
}

fn index(rules: &[RuleDoc]) -> String {
    let mut out = String::from(
        "# Rules\n\nGenerated from the headers of `core/src/rules`. `crilint explain RULE` shows the same text.\n",
    );
    let mut groups: BTreeMap<&str, Vec<&RuleDoc>> = BTreeMap::new();
    for rule in rules {
        groups.entry(&rule.group).or_default().push(rule);
    }
    for (group, rules) in groups {
        let _ = write!(out, "\n## {group}\n\n| rule | category | fix | finds |\n|---|---|---|---|\n");
        for r in rules {
            let opt_in = if r.opt_in { " (only when selected)" } else { "" };
            let _ = writeln!(out, "| [`{0}`]({0}.md) | {1} | {2} | {3}{opt_in} |", r.id, r.category, r.fix, r.summary);
        }
    }
    out
}

/// The texts for `crilint explain`.
fn table(rules: &[RuleDoc]) -> String {
    let mut out = String::from(
        "// Generated from the rules' headers by `cargo xtask gen`. Do not edit.\n\n/// Each rule's id with its documentation (Markdown).\npub static DOCS: &[(&str, &str)] = &[\n",
    );
    let mut sorted: Vec<_> = rules.iter().collect();
    sorted.sort_by(|a, b| a.id.cmp(&b.id));
    for rule in sorted {
        let _ = writeln!(out, "    ({:?}, include_str!(\"../docs/rules/{}.md\")),", rule.id, rule.id);
    }
    out.push_str("];\n");
    out
}

//! `cargo xtask new-rule GROUP NAME`: a rule's file and its line.

use std::path::Path;

/// Writes the skeleton of a rule and registers it.
pub fn run(root: &Path, group: &str, name: &str) -> Result<(), String> {
    let id = name.replace('_', "-");
    let module = id.replace('-', "_");
    if id.is_empty() || !id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-') {
        return Err(format!("`{name}` is no kebab-case name"));
    }
    let file = root.join(format!("core/src/rules/{group}/{module}.rs"));
    if !file.parent().is_some_and(Path::is_dir) {
        return Err(format!("there is no group `{group}`: see core/src/rules"));
    }
    if file.exists() {
        return Err(format!("{} is there already", file.display()));
    }
    let list = root.join("core/src/rules/mod.rs");
    let old = std::fs::read_to_string(&list).map_err(|e| e.to_string())?;
    let new = register(&old, group, &module).ok_or_else(|| format!("no `{group} {{` in {}", list.display()))?;
    std::fs::write(&list, new).map_err(|e| e.to_string())?;
    std::fs::write(&file, skeleton(group, &id)).map_err(|e| e.to_string())?;
    println!("wrote core/src/rules/{group}/{module}.rs and its line in core/src/rules/mod.rs");
    println!("next: write its documentation and examples, then `cargo test -p crilint-core --test rules {id}`");
    Ok(())
}

/// Adds the rule at the end of its group.
fn register(list: &str, group: &str, module: &str) -> Option<String> {
    let start = list.rfind(&format!("    {group} {{\n"))?;
    let end = start + list.get(start..)?.find("\n    }\n")? + 1;
    let (head, tail) = list.split_at(end);
    Some(format!("{head}        {module},\n{tail}"))
}

fn skeleton(group: &str, id: &str) -> String {
    let (kind, language, example) = match group {
        "docker" => ("docker", "json", "{ \"debug\": true }"),
        "kubelet" => ("kubelet", "yaml", "maxPods: 110"),
        "registry_hosts" => ("registry_hosts", "toml", "server = \"https://registry.example\""),
        "crictl" => ("crictl", "yaml", "timeout: 10"),
        _ => ("containerd", "toml", "version = 2"),
    };
    format!(
        "//! # `{id}`\n//!\n//! What it finds.\n//!\n//! ## Why\n//!\n//! What the daemon does, with the words it prints.\n//!\n//! ## What to do\n//!\n//! The repair.\n//!\n\
         //! ## Examples\n//!\n//! ```{language} bad\n//! {example}\n//! ^\n//! ```\n//!\n//! ```{language} good\n//! {example}\n//! ```\n//!\n//! ## References\n//!\n//! - where upstream says so\n\n\
         use crate::{kind};\nuse crate::releases::Releases;\nuse crate::rules::{{Category, FileCx, Rule, Run}};\n\n\
         pub(crate) const RULE: Rule = Rule {{\n    id: \"{id}\",\n    summary: \"What it finds, in one line\",\n    category: Category::Correctness,\n    since: \"{}\",\n    fix: None,\n    opt_in: false,\n    run: Run::File(&[&{kind}::KIND], check),\n}};\n\n\
         fn check(cx: &mut FileCx<'_, '_, '_>) {{\n    let Some(entry) = cx.root.entry(\"key\") else {{ return }};\n    let path = cx.path_of(entry);\n    cx.report(entry.value.span, \"what is wrong, with the user's own value\")\n        .refused(Releases::ANY)\n        .key(path)\n        .why(\"What the daemon does.\")\n        .help(\"What to do.\");\n}}\n",
        env!("CARGO_PKG_VERSION")
    )
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_rule_is_registered_at_the_end_of_its_group() {
        let list = "rules! {\n    a {\n        x,\n    }\n    b {\n        y,\n    }\n}\n";
        let new = super::register(list, "a", "z").unwrap();
        assert_eq!(new, "rules! {\n    a {\n        x,\n        z,\n    }\n    b {\n        y,\n    }\n}\n");
        assert_eq!(super::register(list, "c", "z"), None);
    }
}

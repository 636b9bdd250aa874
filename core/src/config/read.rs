//! From a tree to a configuration.

use super::{Config, FailOn, Fault, FileRules, Glob};
use crate::benchmark::Profile;
use crate::engine::{Level, Selector};
use crate::finding::Severity;
use crate::keys::nearest;
use crate::kind::Kind;
use crate::kinds::KINDS;
use crate::syntax::{Entry, Node, Value};

type FaultOr<T> = Result<T, Fault>;

/// The settings of each table; the empty name is the file itself. The command line's JSON Schema has the same ones.
pub const SETTINGS: [(&str, &[&str]); 4] = [
    ("", &["target", "profile", "select", "ignore", "levels", "fail-on", "files", "nodes"]),
    ("target", &["containerd", "docker", "kubernetes"]),
    ("files", &["path", "kind", "ignore", "exclude"]),
    ("nodes", &["root"]),
];

const LEVELS: [(&str, Level); 4] = [
    ("off", Level::Off),
    ("info", Level::Fixed(Severity::Info)),
    ("warning", Level::Fixed(Severity::Warning)),
    ("error", Level::Fixed(Severity::Error)),
];

pub(super) fn config(root: &Node<'_>) -> FaultOr<Config> {
    let mut config = Config::default();
    // An empty text, or one of comments.
    if matches!(root.value, Value::Missing) {
        return Ok(config);
    }
    for entry in settings("", root)? {
        let value = &entry.value;
        match entry.key.as_ref() {
            "target" => target(value, &mut config)?,
            "profile" => config.selection.profile = Some(profile(value)?),
            "select" => config.selection.select = selectors(value)?,
            "ignore" => config.selection.ignore = selectors(value)?,
            "levels" => config.selection.levels = table(value)?.iter().map(level).collect::<FaultOr<_>>()?,
            "fail-on" => config.fail_on = Some(fail_on(value)?),
            "files" => config.files = list(value)?.iter().map(file_rules).collect::<FaultOr<_>>()?,
            "nodes" => config.nodes = list(value)?.iter().map(node_root).collect::<FaultOr<_>>()?,
            _ => {}
        }
    }
    Ok(config)
}

fn target(node: &Node<'_>, config: &mut Config) -> FaultOr<()> {
    for entry in settings("target", node)? {
        let spec = format!("{}={}", entry.key, text(&entry.value)?);
        config.target.add(&spec).map_err(|message| fault(&entry.value, message))?;
    }
    Ok(())
}

fn level(entry: &Entry<'_>) -> FaultOr<(Selector, Level)> {
    let selector = Selector::parse(&entry.key).map_err(|message| Fault { span: entry.key_span, message })?;
    Ok((selector, word(&entry.value, "a level", &LEVELS)?))
}

fn fail_on(node: &Node<'_>) -> FaultOr<FailOn> {
    word(node, "a level", &FailOn::ALL.map(|level| (level.id(), level)))
}

fn profile(node: &Node<'_>) -> FaultOr<Profile> {
    word(node, "a profile", &Profile::ALL.map(|profile| (profile.id(), profile)))
}

fn file_rules(node: &Node<'_>) -> FaultOr<FileRules> {
    settings("files", node)?;
    let path = node.get("path").ok_or_else(|| fault(node, "an entry of `files` needs a `path`"))?;
    let exclude = node.get("exclude").map(|node| node.as_bool().ok_or_else(|| wrong_type(node, "true or false")));
    Ok(FileRules {
        path: Glob::parse(text(path)?).map_err(|message| fault(path, message))?,
        kind: node.get("kind").map(kind).transpose()?,
        ignore: node.get("ignore").map(selectors).transpose()?.unwrap_or_default(),
        exclude: exclude.transpose()?.unwrap_or(false),
    })
}

fn kind(node: &Node<'_>) -> FaultOr<&'static Kind> {
    let known: Vec<_> = KINDS.iter().map(|kind| (kind.id, *kind)).collect();
    word(node, "a kind of file", &known)
}

fn node_root(node: &Node<'_>) -> FaultOr<String> {
    settings("nodes", node)?;
    let root = node.get("root").ok_or_else(|| fault(node, "an entry of `nodes` needs a `root`"))?;
    Ok(text(root)?.to_owned())
}

fn selectors(node: &Node<'_>) -> FaultOr<Vec<Selector>> {
    let one = |item| Selector::parse(text(item)?).map_err(|message| fault(item, message));
    list(node)?.iter().map(one).collect()
}

/// The entries of a table of [`SETTINGS`], none of them unknown.
fn settings<'t, 'a>(name: &str, node: &'t Node<'a>) -> FaultOr<&'t [Entry<'a>]> {
    let known = SETTINGS.iter().find(|(table, _)| *table == name).map_or(&[][..], |(_, known)| known);
    let entries = table(node)?;
    match entries.iter().find(|entry| !known.contains(&entry.key.as_ref())) {
        Some(entry) => {
            let near = did_you_mean(&entry.key, known.iter().copied());
            Err(Fault { span: entry.key_span, message: format!("`{}` is not a setting{near}", entry.key) })
        }
        None => Ok(entries),
    }
}

/// What one of several words stands for.
fn word<T: Copy>(node: &Node<'_>, what: &str, known: &[(&'static str, T)]) -> FaultOr<T> {
    let written = text(node)?;
    let words = known.iter().map(|(word, _)| *word);
    known.iter().find(|(word, _)| *word == written).map(|(_, meaning)| *meaning).ok_or_else(|| {
        let near = did_you_mean(written, words.clone());
        let words = words.collect::<Vec<_>>().join(", ");
        fault(node, format!("`{written}` is not {what}: write one of {words}{near}"))
    })
}

fn did_you_mean(name: &str, known: impl Iterator<Item = &'static str>) -> String {
    nearest(name, known).map(|name| format!("; did you mean `{name}`?")).unwrap_or_default()
}

fn text<'t>(node: &'t Node<'_>) -> FaultOr<&'t str> {
    node.as_str().ok_or_else(|| wrong_type(node, "a string"))
}

fn list<'t, 'a>(node: &'t Node<'a>) -> FaultOr<&'t [Node<'a>]> {
    match &node.value {
        Value::Seq(items) => Ok(items),
        _ => Err(wrong_type(node, "a list")),
    }
}

fn table<'t, 'a>(node: &'t Node<'a>) -> FaultOr<&'t [Entry<'a>]> {
    node.as_map().map(|map| map.entries.as_slice()).ok_or_else(|| wrong_type(node, "a table"))
}

fn wrong_type(node: &Node<'_>, expected: &str) -> Fault {
    fault(node, format!("expected {expected}, found {}", node.type_name()))
}

fn fault(node: &Node<'_>, message: impl Into<String>) -> Fault {
    Fault { span: node.span, message: message.into() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Options;
    use crate::releases::Product;

    #[test]
    fn a_whole_file_is_read() {
        let text = "select = [\"all\"]\nignore = [\"security\"]\nfail-on = \"error\"\n\
                    [target]\ncontainerd = \"2.1\"\n[levels]\nunknown-key = \"error\"\n\
                    [[files]]\npath = \"x/*.toml\"\nkind = \"containerd\"\nignore = [\"unknown-key\"]\nexclude = true\n\
                    [[nodes]]\nroot = \"images/a\"\n";
        let config = Config::parse(text).unwrap();
        assert!(config.target.names(Product::Containerd) && !config.target.names(Product::Docker));
        assert_eq!(config.nodes, ["images/a"]);
        assert_eq!(config.fail_on, Some(FailOn::Error));
        let rules: Vec<_> = config.rules_for("x/y.toml");
        assert!(rules[0].exclude && rules[0].kind.unwrap().id == "containerd");
        let runs = |id| {
            let options: Options = config.options();
            options.runs(crate::rules::find(id).unwrap())
        };
        assert!(runs("unknown-key") && !runs("stream-server-exposed"));
    }

    #[test]
    fn a_file_without_settings_is_fine() {
        assert_eq!(Config::parse("").unwrap(), Config::default());
        assert_eq!(Config::parse("# select = []\n").unwrap(), Config::default());
    }

    #[test]
    fn each_setting_is_read() {
        for (table, known) in SETTINGS {
            for name in known {
                // The type is wrong for each of them, and wrong types are found only in settings that are read.
                let text = match table {
                    "" => format!("{name} = 1979-05-27\n"),
                    "target" => format!("[target]\n{name} = 1979-05-27\n"),
                    _ if ["path", "root"].contains(name) => format!("[[{table}]]\n{name} = 1979-05-27\n"),
                    _ => format!("[[{table}]]\npath = \"*\"\n{name} = 1979-05-27\n"),
                };
                let message = Config::parse(&text).unwrap_err().message;
                assert!(message.starts_with("expected "), "{table} {name}: {message}");
            }
        }
    }

    #[test]
    fn a_fault_is_reported_at_its_place() {
        for (text, expected) in [
            ("[targets]\n", "1:2: `targets` is not a setting; did you mean `target`?"),
            ("target = 1\n", "1:10: expected a table, found an integer"),
            ("[target]\ncontainerd = \"9\"\n", "2:14: `9` names no releases of containerd"),
            ("select = [\"unknown-kye\"]\n", "1:11: `unknown-kye` is neither a rule nor a category"),
            ("[levels]\nall = \"inof\"\n", "2:7: `inof` is not a level: write one of off, info, warning, error; did"),
            ("fail-on = \"warn\"\n", "1:11: `warn` is not a level: write one of error, warning, info, never"),
            ("[[files]]\nkind = \"x\"\n", "1:1: an entry of `files` needs a `path`"),
            ("[[files]]\npath = \"a\"\nkind = \"x\"\n", "3:8: `x` is not a kind of file"),
            ("[[nodes]]\nrot = \"x\"\n", "2:1: `rot` is not a setting; did you mean `root`?"),
            ("a = \n", "1:"),
        ] {
            let error = Config::parse(text).unwrap_err().located("crilint.toml", text);
            assert!(error.starts_with(&format!("crilint.toml:{expected}")), "{error}");
        }
    }
}

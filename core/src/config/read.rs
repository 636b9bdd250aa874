//! From a tree to a configuration.

use crate::kinds;

use super::{Config, FileRules, Glob};
use crate::engine::{Level, Selector};
use crate::finding::Severity;
use crate::keys::nearest;
use crate::releases::Product;
use crate::syntax::{Entry, Node, Value};
use crate::text::Span;

/// Something wrong with a configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Its place.
    pub span: Span,
    /// What is wrong, as a sentence without full stop.
    pub message: String,
}

type Read<T> = Result<T, Fault>;

const TOP: [&str; 7] = ["target", "select", "ignore", "levels", "fail-on", "files", "host"];
const FILES: [&str; 4] = ["path", "kind", "ignore", "exclude"];

pub(super) fn config(root: &Node<'_>) -> Read<Config> {
    let mut config = Config::default();
    for entry in root.entries() {
        let value = &entry.value;
        match entry.key.as_ref() {
            "target" => target(value, &mut config)?,
            "select" => config.selection.select = selectors(value)?,
            "ignore" => config.selection.ignore = selectors(value)?,
            "levels" => config.selection.levels = table(value)?.iter().map(level).collect::<Read<_>>()?,
            // Decides an exit code, which nobody here has.
            "fail-on" => drop(text(value)?),
            "files" => config.files = list(value)?.iter().map(file_rules).collect::<Read<_>>()?,
            "host" => config.hosts = list(value)?.iter().map(host).collect::<Read<_>>()?,
            _ => return Err(unknown(entry, &TOP)),
        }
    }
    Ok(config)
}

fn target(node: &Node<'_>, config: &mut Config) -> Read<()> {
    for entry in table(node)? {
        if Product::from_id(&entry.key).is_none() {
            return Err(unknown(entry, &Product::ALL.map(Product::id)));
        }
        let spec = format!("{}={}", entry.key, text(&entry.value)?);
        config.target.add(&spec).map_err(|message| fault(&entry.value, message))?;
    }
    Ok(())
}

fn level(entry: &Entry<'_>) -> Read<(Selector, Level)> {
    let selector = Selector::parse(&entry.key).map_err(|message| Fault { span: entry.key_span, message })?;
    let level = match text(&entry.value)? {
        "off" => Level::Off,
        "info" => Level::Fixed(Severity::Info),
        "warning" => Level::Fixed(Severity::Warning),
        "error" => Level::Fixed(Severity::Error),
        other => return Err(fault(&entry.value, format!("`{other}` is no level: write off, info, warning or error"))),
    };
    Ok((selector, level))
}

fn file_rules(node: &Node<'_>) -> Read<FileRules> {
    if let Some(entry) = table(node)?.iter().find(|e| !FILES.contains(&e.key.as_ref())) {
        return Err(unknown(entry, &FILES));
    }
    let path = node.get("path").ok_or_else(|| fault(node, "an entry of `files` needs a `path`"))?;
    let kind = node.get("kind").map(|node| {
        let id = text(node)?;
        let ids: Vec<_> = kinds::KINDS.iter().map(|kind| kind.id).collect();
        kinds::find(id).ok_or_else(|| fault(node, format!("`{id}` is no kind of file: write {}", ids.join(", "))))
    });
    let exclude = node.get("exclude").map(|node| node.as_bool().ok_or_else(|| wrong(node, "true or false")));
    Ok(FileRules {
        path: Glob::parse(text(path)?).map_err(|message| fault(path, message))?,
        kind: kind.transpose()?,
        ignore: node.get("ignore").map(selectors).transpose()?.unwrap_or_default(),
        exclude: exclude.transpose()?.unwrap_or(false),
    })
}

fn host(node: &Node<'_>) -> Read<String> {
    if let Some(entry) = table(node)?.iter().find(|e| e.key != "root") {
        return Err(unknown(entry, &["root"]));
    }
    let root = node.get("root").ok_or_else(|| fault(node, "a `host` needs a `root`"))?;
    Ok(text(root)?.to_owned())
}

fn selectors(node: &Node<'_>) -> Read<Vec<Selector>> {
    let one = |item| Selector::parse(text(item)?).map_err(|message| fault(item, message));
    list(node)?.iter().map(one).collect()
}

fn text<'t>(node: &'t Node<'_>) -> Read<&'t str> {
    node.as_str().ok_or_else(|| wrong(node, "a string"))
}

fn list<'t, 'a>(node: &'t Node<'a>) -> Read<&'t [Node<'a>]> {
    match &node.value {
        Value::Seq(items) => Ok(items),
        _ => Err(wrong(node, "a list")),
    }
}

fn table<'t, 'a>(node: &'t Node<'a>) -> Read<&'t [Entry<'a>]> {
    node.as_map().map(|map| map.entries.as_slice()).ok_or_else(|| wrong(node, "a table"))
}

fn fault(node: &Node<'_>, message: impl Into<String>) -> Fault {
    Fault { span: node.span, message: message.into() }
}

fn wrong(node: &Node<'_>, wanted: &str) -> Fault {
    fault(node, format!("this is {}, where {wanted} is wanted", node.type_name()))
}

fn unknown(entry: &Entry<'_>, known: &[&str]) -> Fault {
    let near = nearest(&entry.key, known.iter().copied()).map(|name| format!("; did you mean `{name}`?"));
    let message = format!("there is no setting `{}`{}", entry.key, near.unwrap_or_default());
    Fault { span: entry.key_span, message }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Options;
    use crate::syntax;

    fn read(text: &str) -> Result<Config, String> {
        let doc = syntax::toml::read(text);
        config(&doc.root).map_err(|fault| format!("{}: {}", fault.span.of(text), fault.message))
    }

    #[test]
    fn a_whole_file_is_read() {
        let text = "select = [\"all\"]\nignore = [\"security\"]\nfail-on = \"error\"\n\
                    [target]\ncontainerd = \"2.1\"\n[levels]\nunknown-key = \"error\"\n\
                    [[files]]\npath = \"x/*.toml\"\nkind = \"containerd\"\nignore = [\"unknown-key\"]\nexclude = true\n\
                    [[host]]\nroot = \"images/a\"\n";
        let config = read(text).unwrap();
        assert!(config.names(Product::Containerd) && !config.names(Product::Docker));
        assert_eq!(config.hosts, ["images/a"]);
        let rules: Vec<_> = config.rules_for("x/y.toml").collect();
        assert!(rules[0].exclude && rules[0].kind.unwrap().id == "containerd");
        let runs = |id| {
            let options: Options = config.options();
            options.runs(crate::rules::find(id).unwrap())
        };
        assert!(runs("unknown-key") && !runs("stream-server-exposed"));
    }

    #[test]
    fn what_is_wrong_is_told_at_its_place() {
        for (text, wanted) in [
            ("[targets]\n", "targets: there is no setting `targets`; did you mean `target`?"),
            ("target = 1\n", "1: this is an integer, where a table is wanted"),
            ("[target]\ncontainerd = \"9\"\n", "\"9\": `9` names no releases of containerd"),
            ("select = [\"unknown-kye\"]\n", "\"unknown-kye\": `unknown-kye` is neither a rule nor a category"),
            ("[levels]\nall = \"loud\"\n", "\"loud\": `loud` is no level"),
            ("[[files]]\nkind = \"x\"\n", "an entry of `files` needs a `path`"),
            ("[[files]]\npath = \"a\"\nkind = \"x\"\n", "\"x\": `x` is no kind of file"),
            ("[[host]]\nrot = \"x\"\n", "rot: there is no setting `rot`; did you mean `root`?"),
        ] {
            let error = read(text).unwrap_err();
            assert!(error.contains(wanted), "{error}");
        }
    }
}
